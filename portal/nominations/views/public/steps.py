"""The steps of the form. Whatever comes in is kept first, right or wrong; then it is checked."""

from collections.abc import Mapping
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
from portal.nominations.asking import form_for
from portal.nominations.forms.nomination import StepForm
from portal.nominations.models import Nomination
from portal.nominations.rules.nominate import STEPS, fields_of, is_living, masked, neighbors
from portal.nominations.views.public import base, filing, holding
from portal.nominations.views.public.base import Reading, bp, find_own, own_url, step_url
from portal.questions import answers, uploads
from portal.questions.shape import Asked

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


def _show(nomination: Nomination, step: str, reading: Reading, form: StepForm, *, status: int = 200,
          saved: bool = False) -> ResponseReturnValue:
    then = "check" if form.then.data == "check" else ""
    form.versions.data = answers.versions_text(form.questions)
    context = base.frame(nomination, step) | {
        "form": form,
        "pick": reading.pick if step == "educator" else None,
        "program_slug": nomination.cycle.program.slug,
        "shown": base.shown(reading.asked, nomination, step),
        "files": filing.kept(nomination, form),
        "has_files": ",".join(q.key for q in form.questions if q.kind == "file" and not q.fixed),
        "accept": uploads.ACCEPT,
        "next_words": base.next_words(step, then),
        "previous": neighbors(step)[0] or ("helper" if nomination.for_child and step == "educator" else None),
        "saved_at": now() if saved else None,
        "later_sent": masked(str(nomination.answers.get("later", ""))),
        "relation_hints": base.relation_hints(nomination.cycle.program) if step == "you" else {},
    }
    template = "helper" if step == "helper" else "step"
    return hx.page(f"nominations/nominate/{template}.html", status=status, **context)


@bp.get(f"/awards/<slug>/nominate/<public_id>/{STEP}")
@web.public(find_own)
def show_step(nomination: Nomination, step: str) -> ResponseReturnValue:
    if away := _elsewhere(nomination, step):
        return hx.go(away)
    more = {"later": nomination.answers.get("email", ""), "then": request.args.get("then", "")}
    reading = Reading(nomination, {**nomination.answers, **more})
    return _show(nomination, step, reading, reading.form(step))


def _typed(step: str, asked: Asked) -> dict[str, Any]:
    """What came in for the step's fields: texts, and lists where several may be chosen. Files come their own way."""
    typed: dict[str, Any] = {name: request.form[name] for name in fields_of(step) if name in request.form}
    for question in asked.own(step):
        if question.key in request.form and question.kind != "file":
            several = question.kind == "choices"
            chosen = [value for value in request.form.getlist(question.key) if value]
            typed[question.key] = chosen if several else request.form[question.key]
    return typed


def _versions(typed: Mapping[str, Any], asked: Asked) -> dict[str, int]:
    """In which version each question was shown that something came in for."""
    given = answers.read_versions(request.form.get("versions"), asked)
    return {q.key: given.get(q.key, q.version) for q in asked.questions if q.key in typed}


@bp.post(f"/awards/<slug>/nominate/<public_id>/{STEP}/save")
@limiter.limit("6000 per minute")
@web.public(find_own)
def save_step(nomination: Nomination, step: str) -> ResponseReturnValue:
    """Keeps what is typed, without judging it: also when nominations have closed meanwhile."""
    is_open, asked = base.is_open(nomination), form_for(nomination.cycle.program)
    typed = _typed(step, asked)
    with transaction():
        drafts.save(nomination, step, typed, i18n.language(), _versions(typed, asked))
    return hx.page("nominations/nominate/_saved.html", at=now(), is_open=is_open)


@bp.post(f"/awards/<slug>/nominate/<public_id>/{STEP}")
@limiter.limit("120 per hour", exempt_when=lambda: request.form.get("go") != "mail")
@web.public(find_own)
def take_step(nomination: Nomination, step: str) -> ResponseReturnValue:
    """Keeps the step, then goes where the button pressed leads; a mistake shows the same step, filled in, with 422."""
    go, away = request.form.get("go", "next"), _elsewhere(nomination, step)
    reading = Reading(nomination)
    typed = _typed(step, reading.asked)
    came = filing.came(reading.asked, step, go)
    reading = reading.over({**nomination.answers, **typed, **came.placeholders})
    form, fits = _checked(reading, step, go)
    if step == "educator" and reading.pick.school is not None:
        typed |= {"school": reading.pick.school.name, "school_choice": reading.pick.school.public_id}
    with transaction():
        typed |= came.keep(nomination)
        drafts.save(nomination, step, typed, i18n.language(), _versions(typed, reading.asked))
    fits = came.mark(form) and fits
    if away:
        return hx.go(away)
    if go == "mail" and fits:
        fits = _mail(nomination, form)
        if fits:
            return hx.go(step_url(nomination, step, **({"then": "check"} if form.then.data == "check" else {})))
    if filing.stays(go) and fits:  # a page loaded again must not send the file again
        return hx.go(step_url(nomination, step, **({"then": "check"} if form.then.data == "check" else {})))
    if go == "find" or not fits:
        base.read_again(nomination)
        return _show(nomination, step, reading, came.put(form), status=200 if fits else 422, saved=fits)
    return hx.go(_onward(nomination, step, go, form))


def _checked(reading: Reading, step: str, go: str) -> tuple[StepForm, bool]:
    """The posted form, and whether it does for the button that was pressed: going back asks for nothing."""
    posted = MultiDict(request.form)
    form: StepForm = reading.form(step, posted=posted)
    if go in ("back", "find") or filing.stays(go):
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
