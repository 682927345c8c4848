"""The steps of the form. Whatever comes in is kept first, right or wrong; then it is checked."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core import hx, i18n, web
from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.limits import limiter
from portal.nominations.actions import drafts
from portal.nominations.forms.nomination import StepForm
from portal.nominations.models import Nomination
from portal.nominations.rules.nominate import STEPS, fields_of, form_settings, is_living, masked, neighbors
from portal.nominations.views.public import base, holding
from portal.nominations.views.public.base import Reading, bp, find_own, own_url, step_url

STEP = f"<any({','.join(STEPS)}):step>"


def _elsewhere(nomination: Nomination, step: str) -> str | None:
    """Where to go when this step is not to be shown: closed or withdrawn, or a child whose adult is not named yet."""
    if not is_living(nomination) or not base.is_open(nomination):
        return own_url(nomination)
    if step != "helper" and base.helper_is_missing(nomination):
        return step_url(nomination, "helper")
    if step == "helper" and not nomination.for_child:
        return step_url(nomination, "educator")
    return None


def _show(nomination: Nomination, step: str, form: StepForm, pick: Any = None, *, status: int = 200,
          saved: bool = False) -> ResponseReturnValue:
    settings = form_settings(nomination.cycle.program)
    then = "check" if form.then.data == "check" else ""
    context = base.frame(nomination, step) | {
        "form": form,
        "pick": pick,
        "program_slug": nomination.cycle.program.slug,
        "next_words": base.next_words(step, then),
        "previous": neighbors(step)[0] or ("helper" if nomination.for_child and step == "educator" else None),
        "saved_at": now() if saved else None,
        "story_words": settings.story_words,
        "story_hint": base.program_text(settings.story_hint),
        "later_sent": masked(str(nomination.answers.get("later", ""))),
        "relation_hints": base.relation_hints(nomination.cycle.program) if step == "you" else {},
    }
    return hx.page(f"nominations/nominate/{step}.html", status=status, **context)


@bp.get(f"/awards/<slug>/nominate/<public_id>/{STEP}")
@web.public(find_own)
def show_step(nomination: Nomination, step: str) -> ResponseReturnValue:
    if away := _elsewhere(nomination, step):
        return hx.go(away)
    more = {"later": nomination.answers.get("email", ""), "then": request.args.get("then", "")}
    reading = _reading(nomination, step, {**nomination.answers, **more})
    return _show(nomination, step, reading.form(step), reading.pick)


def _reading(nomination: Nomination, step: str, answers: dict[str, Any]) -> Any:
    """The answers read for one step; only the educator's asks for schools and districts."""
    return Reading(nomination, answers) if step == "educator" else _Plain(nomination, answers)


class _Plain(Reading):
    """A reading of a step that has no school in it: no query."""

    def __init__(self, nomination: Nomination, answers: dict[str, Any]) -> None:
        self.program, self.answers, self.for_child = nomination.cycle.program, answers, nomination.for_child
        self.districts, self.pick = [], None  # type: ignore[assignment]


def _typed(step: str) -> dict[str, str]:
    return {name: request.form[name] for name in fields_of(step) if name in request.form}


@bp.post(f"/awards/<slug>/nominate/<public_id>/{STEP}/save")
@limiter.limit("6000 per minute")
@web.public(find_own)
def save_step(nomination: Nomination, step: str) -> ResponseReturnValue:
    """Keeps what is typed, without judging it: also when nominations have closed meanwhile."""
    is_open = base.is_open(nomination)
    with transaction():
        drafts.save(nomination, step, _typed(step), i18n.language())
    return hx.page("nominations/nominate/_saved.html", at=now(), is_open=is_open)


@bp.post(f"/awards/<slug>/nominate/<public_id>/{STEP}")
@limiter.limit("120 per hour", exempt_when=lambda: request.form.get("go") != "mail")
@web.public(find_own)
def take_step(nomination: Nomination, step: str) -> ResponseReturnValue:
    """Keeps the step, then goes where the button pressed leads; a mistake shows the same step, filled in, with 422."""
    go, typed = request.form.get("go", "next"), _typed(step)
    away = _elsewhere(nomination, step)
    reading = _reading(nomination, step, {**nomination.answers, **typed})
    form, fits = _checked(reading, step, go)
    if reading.pick is not None and reading.pick.school is not None:
        typed |= {"school": reading.pick.school.name, "school_choice": reading.pick.school.public_id}
    with transaction():
        drafts.save(nomination, step, typed, i18n.language())
    if away:
        return hx.go(away)
    if go == "mail" and fits:
        fits = _mail(nomination, form)
        if fits:
            return hx.go(step_url(nomination, step, **({"then": "check"} if form.then.data == "check" else {})))
    if go == "find" or not fits:
        return _show(nomination, step, form, reading.pick, status=200 if fits else 422, saved=fits)
    return hx.go(_onward(nomination, step, go, form))


def _checked(reading: Any, step: str, go: str) -> tuple[StepForm, bool]:
    """The posted form, and whether it does for the button that was pressed: going back asks for nothing."""
    posted = MultiDict(request.form)
    form: StepForm = reading.form(step, posted=posted)
    if go in ("back", "find"):
        return form, True
    if go == "mail":
        fits = form.later.validate(form) and bool(form.later.data)
        if not form.later.data:
            form.later.errors = [_("Write the address to which we send the link.")]
        return form, fits
    later, form.later.data = form.later.data, ""
    fits = form.validate()
    form.later.data = later
    return form, fits


def _mail(nomination: Nomination, form: StepForm) -> bool:
    """Sends the link to finish later; False, with the reason at the field, when it can't be sent now."""
    address = form.later.data or ""
    try:
        with transaction():
            drafts.mail_link(nomination, address)
    except Mistaken as refusal:
        form.later.errors = [refusal.reason]
        return False
    flash(_("We sent a link to %(address)s. It opens this nomination on any device.", address=address))
    return True


def _onward(nomination: Nomination, step: str, go: str, form: StepForm) -> str:
    before, after = neighbors(step)
    if go == "back":
        before = before or ("helper" if nomination.for_child and step == "educator" else None)
        return step_url(nomination, before or step)
    return step_url(nomination, "check" if form.then.data == "check" or after is None else after)


@bp.post("/awards/<slug>/nominate/<public_id>/forget")
@web.public(find_own)
def forget(nomination: Nomination) -> ResponseReturnValue:
    """Closes the nomination to this browser; it stays kept, and its link in the mail opens it."""
    slug = nomination.cycle.program.slug
    holding.forget(nomination.public_id)
    flash(_("This browser has forgotten the nomination. The link in our mail still opens it."))
    return hx.go(base.url_for("nominations_public.start", slug=slug))
