"""What a member types: the proposal, a co-presenter, an answer; and an organizer's decision."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.convenings.models import Convening, Proposal
from portal.convenings.rules import DECISIONS
from portal.core.forms import Form, email, line, text
from portal.core.i18n import pick

SUMMARY_WORDS = (40, 150)  # soft limits
NO_CHOICE = ""


class ProposalForm(Form):
    """A session as its author offers it. Choices come from the convening and its call."""

    title = line(
        _l("Title"),
        required=_l("Give your session a title."),
        longest=120,
        description=_l("As it stands on the agenda."),
    )
    summary = text(_l("What happens in it?"), required=_l("Write what happens in your session."), longest=3000)
    takeaway = text(
        _l("What do participants take back to class?"),
        required=_l("Write what participants take back to class."),
        longest=1500,
        description=_l("Something they can use on Monday."),
    )
    area = RadioField(_l("Content area"), validators=[InputRequired(_l("Choose a content area."))])
    audience = RadioField(_l("Who is it for?"), validators=[InputRequired(_l("Choose who it is for."))])
    length = RadioField(_l("How long is it?"), validators=[InputRequired(_l("Choose how long it is."))])
    language = RadioField(
        _l("In which language?"),
        choices=[
            SelectChoice(value="en", label="English"),
            SelectChoice(value="es", label="Español"),
            SelectChoice(value="both", label=_l("Both")),
        ],
        default="en",
        validators=[InputRequired(_l("Choose a language."))],
    )
    co_name = line(_l("Their name"))
    co_email = email(_l("Their e-mail address"))

    def offer(self, convening: Convening) -> "ProposalForm":
        """Fills in the choices."""
        call = convening.call
        self.area.choices = [SelectChoice(value=a["key"], label=pick(a["name"])) for a in convening.areas]
        audiences: list[Any] = call.audiences if call else []
        lengths: list[Any] = call.lengths if call else []
        self.audience.choices = [SelectChoice(value=a["key"], label=pick(a["name"])) for a in audiences]
        self.length.choices = [SelectChoice(value=str(n), label=_l("%(num)d minutes", num=n)) for n in lengths]
        return self

    def typed(self) -> dict[str, Any]:
        """What can be kept: a field that is too long or names no choice waits until it is mended; empty is kept."""
        kept: dict[str, Any] = {}
        for name in ("title", "summary", "takeaway"):
            field = self[name]
            if not field.data or not field.errors:
                kept[name] = field.data or ""
        for name in ("area", "audience", "language"):
            field = self[name]
            if field.data in {str(choice.value) for choice in field.choices}:
                kept[name] = field.data
        if self.length.data in {str(choice.value) for choice in self.length.choices or []}:
            kept["length"] = int(self.length.data)
        return kept


def filled(proposal: Proposal, **more: Any) -> ProposalForm:
    """The form as the proposal stands (a request's own values win when there are any)."""
    length = str(proposal.length) if proposal.length else None
    given = {name: getattr(proposal, name) or None for name in ("title", "summary", "takeaway", "area", "audience")}
    form = ProposalForm(data={**given, "length": length, "language": proposal.language}, **more)
    return form.offer(proposal.convening)


class AnswerForm(Form):
    """A co-presenter's name as it stands on the agenda."""

    name = line(_l("Your name, as it stands on the agenda"), required=_l("Write your name as others should see it."))


class DecisionForm(Form):
    """An organizer's decision and the note that the author reads."""

    verb = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice(value=verb, label=label)
            for verb, label in zip(
                DECISIONS,
                (_l("Accept"), _l("Put on standby"), _l("Decline"), _l("Return for a change")),
                strict=True,
            )
        ],
        validators=[InputRequired(_l("Choose a decision."))],
    )
    note = text(
        _l("A note to the author"),
        longest=2000,
        description=_l("It stands in the letter. Needed when you return the proposal: say what should change."),
    )
