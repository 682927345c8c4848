"""The nomination form, one class a step; field names are the keys under which a draft keeps what was typed.

A class holds the fields that the product needs, with their checks; the organizers' own questions are put beside them,
and the wording of both is the form's (`nominations.asking`). A step is read from what was posted or from what the draft
keeps; both go through the same checks. The school is found by `queries.nomination.school_pick` and handed in, so that a
form asks no database.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from portal.core.forms import Form, email, line, text
from portal.core.i18n import pick
from portal.nominations.rules.nominate import UNLISTED, form_settings, position_of, relation_of
from portal.questions.fields import also_required, arrange, with_questions
from portal.questions.shape import Asked, Question

ADDRESS = re.compile(r"https?:|www\.|@|://", re.I)


def _plain_name(_form: Any, field: Any) -> None:
    """A letter repeats names to an address that is not proven yet: they carry no web address to anybody."""
    if field.data and ADDRESS.search(field.data):
        raise ValidationError(_("Write a name here, without a web or e-mail address."))


def _radio(label: Any, missing: Any, **kwargs: Any) -> RadioField:
    return RadioField(label, validators=[InputRequired(missing)], validate_choice=True, **kwargs)


class AgeForm(Form):
    """The neutral first question."""

    age = _radio(_l("How old are you?"), _l("Choose how old you are."))
    start = HiddenField()

    def __init__(self, program: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        settings = form_settings(program)
        under = settings.adult_age - 1
        labels = {
            "under": _("%(years)s or younger", years=under),
            "between": _("%(low)s to 17", low=settings.adult_age),
            "adult": _("%(low)s or older", low=max(18, settings.adult_age)),
        }
        self.age.choices = [SelectChoice(key, labels[key]) for key in settings.ages]


class StepForm(Form):
    """A step of the form: `then` says that the nominator came from the check page and goes back to it; `versions`
    in which version each question was shown.
    """

    then = HiddenField()
    versions = HiddenField()
    later = email(_l("Your e-mail address"))
    questions: Sequence[Question] = ()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fits: bool = super().validate(*args, **kwargs)
        return also_required(self, self.questions) and fits


class HelperForm(StepForm):
    """Who helps a child: the adult's name and address, and no more than the child's first name."""

    name = line(_l("The adult’s name"), required=_l("Write the name of the adult who helps."), longest=200)
    email = email(_l("The adult’s e-mail address"), required=_l("Write the adult’s e-mail address."))
    child = line(_l("The child’s first name"), required=_l("Write the child’s first name."), longest=60)

    validate_name = validate_child = _plain_name


class EducatorForm(StepForm):
    """Who is nominated and where they work."""

    educator = line(_l("The educator’s name"), required=_l("Write the educator’s name, as well as you know it."))
    school = line(_l("School"), required=_l("Write the name of the school."))
    school_choice = RadioField(_l("Which of these is it?"), validate_choice=False, default="")
    district = SelectField(_l("School district"), validate_choice=False, default="")
    position = _radio(_l("Position"), _l("Choose the educator’s position."))
    subject = line(_l("Subject or grade"))
    educator_email = email(_l("Their work e-mail"))

    validate_educator = _plain_name

    def __init__(self, program: Any, pick_: Any, districts: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pick = pick_
        positions = (program.settings or {}).get("positions", [])
        self.position.choices = [SelectChoice(p["key"], pick(p["name"])) for p in positions]
        self.school_choice.choices = [SelectChoice(s.public_id, s.name) for s in pick_.candidates]
        self.school_choice.choices.append(SelectChoice(UNLISTED, _("It is not in this list")))
        self.district.choices = [
            SelectChoice("", _("Choose")),
            *(SelectChoice(d.key, d.name) for d in districts),
            SelectChoice("other", _("Another district")),
            SelectChoice("unknown", _("I don’t know")),
        ]
        if pick_.school is not None:
            self.school_choice.data = pick_.school.public_id

    def validate_school_choice(self, _field: Any) -> None:
        if self.school.data and self.pick.school is None and self.pick.candidates and not self.pick.unlisted:
            raise ValidationError(_("Choose the school, or say that it is not in the list."))

    def validate_district(self, field: Any) -> None:
        known = {str(c.value) for c in self.district.choices} - {""}
        if self.school.data and self.pick.unlisted and field.data not in known:
            raise ValidationError(_("Choose the district, or say that you don’t know."))


class YouForm(StepForm):
    """How the nominator knows the educator."""

    relation = _radio(_l("You are or were"), _l("Choose how you know this educator."))
    known_for = line(
        _l("How long have you known each other?"),
        required=_l("Write how long you have known each other, for example “2 years”."),
        longest=100,
    )
    tie = _radio(_l("Are you related, or do you do business together?"), _l("Say whether you are related."))
    tie_text = line(_l("If yes, how?"), longest=300)

    def __init__(self, program: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        relations = (program.settings or {}).get("relations", [])
        self.relation.choices = [SelectChoice(r["key"], pick(r["name"])) for r in relations]
        self.tie.choices = [SelectChoice("no", _("No")), SelectChoice("yes", _("Yes"))]

    def validate_known_for(self, field: Any) -> None:
        typed = field.data or ""
        if typed and len(typed.split()) < 2 and not any(c.isdigit() for c in typed):
            raise ValidationError(_("Write how long you have known each other, for example “2 years”."))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fits: bool = super().validate(*args, **kwargs)
        if self.tie.data == "yes" and not self.tie_text.data:
            self.tie_text.errors = [_("Say in a few words how you are related, for example “cousin”.")]
            return False
        return fits


class StoryForm(StepForm):
    """One moment, in the nominator's words. Its length is advice: only an empty or a very long text is refused."""

    story = text(_l("What happened, and what changed for the students?"), required=_l("Write what happened."))
    with_others = text(_l("How do they work with families, colleagues or the neighborhood?"))


class NameForm(StepForm):
    """Who nominates, and what the educator may be told of it: of whoever is under 18 no more than the first name."""

    name = line(_l("Your name"), required=_l("Write your name."), longest=200)
    email = email(_l("Your e-mail address"), required=_l("Write your e-mail address."))
    sharing = _radio(_l("May we tell the educator who nominated them?"), _l("Choose what we may tell."))

    validate_name = _plain_name

    def __init__(self, age: str | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        labels = {
            "yes": _("Yes, tell them my first name") if age == "between" else _("Yes, tell them my name"),
            "relation": _("Only how I know them"),
            "no": _("No, tell them nothing about me"),
        }
        if age == "under":  # an adult answers for the child, and is not named
            labels = {
                "yes": _("Yes, tell them the child’s first name"),
                "relation": _("Only how the child knows them"),
                "no": _("No, tell them nothing about us"),
            }
        self.sharing.choices = [SelectChoice(key, label) for key, label in labels.items()]


CLASSES: dict[str, type[StepForm]] = {
    "helper": HelperForm, "educator": EducatorForm, "you": YouForm, "story": StoryForm, "name": NameForm,
}  # fmt: skip


def build(step: str, asked: Asked, answers: Mapping[str, Any], pick_: Any, districts: list[Any], *, posted: Any = None,
          check: bool = False) -> StepForm:
    """The step's form: filled from what was `posted`, or from the draft's answers.

    With `check` the draft's answers are read as if they had just been posted, so that they can be validated.
    """
    questions = asked.of(step)
    given = _given(answers, check=check, posted=posted)
    made = with_questions(CLASSES[step], questions)
    beside: dict[str, tuple[Any, ...]] = {
        "educator": (asked.program, pick_, districts), "you": (asked.program,), "name": (answers.get("age"),),
    }  # fmt: skip
    form = made(*beside.get(step, ()), **given)
    form.questions = questions
    return arrange(form, questions)


def _given(answers: Mapping[str, Any], *, check: bool, posted: Any = None) -> dict[str, Any]:
    kept = MultiDict({k: v if isinstance(v, list) else str(v) for k, v in answers.items()})
    given: dict[str, Any] = {"formdata": kept if check else posted, "data": dict(answers)}
    return given | ({"meta": {"csrf": False}} if check else {})


def helper_fits(answers: Mapping[str, Any]) -> bool:
    """Whether the adult who helps a child has said who they are."""
    return bool(HelperForm(**_given(answers, check=True)).validate())


def columns(program: Any, forms: Iterable[StepForm], pick_: Any, district: Any) -> dict[str, Any]:
    """The columns of `Nomination` that the checked steps give; the school's own name and district win over what was
    typed and the `district` chosen for it.
    """
    clean = {name: value or "" for form in forms for name, value in form.data.items()}
    school = pick_.school
    return {
        "educator_name": clean["educator"],
        "school_id": school.id if school else None,
        "school_name": school.name if school else clean["school"],
        "district_id": school.district_id if school else (district.id if district else None),
        "position": pick(position_of(program, clean["position"]).get("name")),
        "subject": clean["subject"],
        "educator_email": clean["educator_email"],
        "relation": clean["relation"],
        "relation_group": relation_of(program, clean["relation"]).get("group", ""),
        "known_for": clean["known_for"],
        "story": clean["story"],
        "with_others": clean["with_others"],
        "tie": clean["tie_text"] if clean["tie"] == "yes" else "",
        "nominator_name": clean["name"],
        "nominator_email": clean["email"],
        "sharing": clean["sharing"],
    }
