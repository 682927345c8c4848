"""The page that checks everything, sending, the receipt, one's own nomination afterward, and the mailed links."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, i18n, links, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.i18n import pick
from portal.core.limits import limiter
from portal.nominations.actions import expiring, nominate
from portal.nominations.actions.drafts import OPEN_LINK
from portal.nominations.actions.matching import Educator
from portal.nominations.actions.nominate import PROOF_LINK
from portal.nominations.asking import GROUPS
from portal.nominations.models import Nomination
from portal.nominations.queries import nomination as reads
from portal.nominations.queries import seconding
from portal.nominations.rules.nominate import (
    SENT,
    drafts_kept_until,
    family_is_not_enough,
    form_settings,
    has_words,
    is_living,
    masked,
    nominations_window,
    position_of,
    relation_of,
    was_sent,
)
from portal.nominations.views.public import base, holding, slowing
from portal.nominations.views.public.base import Reading, bp, find_own, own_url, step_url
from portal.questions.answers import spoken
from portal.questions.shape import named

Row = tuple[str, str, str | None]


def rows(nomination: Nomination, reading: Reading, then: str | None = "check") -> list[Row]:
    """The answers to look over: label, text, and the address of the step that changes it (`then` None: no change)."""

    def link(step: str, field: str) -> str | None:
        return step_url(nomination, step, then=then, _anchor=field) if then else None

    said = _spoken(reading)
    name = base.called(reading.answers)
    child = (_("The child"), str(reading.answers.get("child", "")), link("helper", "child"))
    found = [child] if reading.for_child else []
    for step in GROUPS:
        for question in reading.asked.of(step):
            if question.key != "tie_text" and question.has_answer:
                label = str(question.short) or named(pick(question.label), name)
                found.append((label, said[question.key], link(step, question.key)))
    return found


def _spoken(reading: Reading) -> dict[str, str]:
    """Each answer as people read it, by the question's key."""
    answers = reading.answers
    said = {q.key: str(answers.get(q.key, "")) for q in reading.asked.questions if q.fixed}
    given = reading.own_answers()
    for question in reading.asked.own():
        value = given.get(question.key)
        said[question.key] = spoken(question, value, reading.file_names.get(str(value), ""))
    said |= {key: reading.label(step, key) for step, key in
             (("educator", "position"), ("you", "relation"), ("you", "tie"), ("name", "sharing"))}
    school = reading.pick.school.name if reading.pick.school else said["school"]
    said["school"] = ", ".join(filter(None, (school, reading.district_name())))
    if answers.get("tie") == "yes":
        said["tie"] = said["tie_text"]
    return said


@bp.get("/awards/<slug>/nominate/<public_id>/check")
@web.public(find_own)
def check(nomination: Nomination) -> ResponseReturnValue:
    """Everything at once, with what is still needed."""
    if not is_living(nomination) or not base.is_open(nomination):
        return hx.go(own_url(nomination))
    if base.helper_is_missing(nomination):
        return hx.go(step_url(nomination, "helper"))
    reading = Reading(nomination)
    program, answers = nomination.cycle.program, nomination.answers
    context = base.frame(nomination, "check") | {
        "rows": rows(nomination, reading),
        "missing": [(base.step_names().get(s, _("Who helps")), step_url(nomination, s, then="check"))
                    for s in reading.missing()],
        "changing": was_sent(nomination),
        "words": len(str(answers.get("story", "")).split()),
        "story_words": form_settings(program).story_words,
        "unlikely": position_of(program, str(answers.get("position", ""))).get("eligible") is False,
        "address": answers.get("email", ""),
        "proof_bits": form_settings(program).proof_of_work,
        "challenge": slowing.challenge(nomination),
    }
    return hx.page("nominations/nominate/check.html", **context)


@bp.post("/awards/<slug>/nominate/<public_id>/send")
@limiter.limit("600 per minute")
@web.public(find_own)
def send(nomination: Nomination) -> ResponseReturnValue:
    """Sends it, or the changes to it. Sent twice, from two tabs or after going back, it gives the same receipt."""
    if not is_living(nomination) or not base.is_open(nomination):
        return hx.go(own_url(nomination))
    reading = Reading(nomination)
    if base.helper_is_missing(nomination) or reading.missing():
        return hx.go(step_url(nomination, "check"))
    if waiting := slowing.asked_to_wait(nomination):
        flash(waiting, "warning")
        return hx.go(step_url(nomination, "check"))
    values, educator = reading.columns() | {"network": slowing.network()}, _educator(nomination, reading)
    try:
        with transaction():
            nominate.send(nomination, values, educator)
    except Mistaken as refusal:
        flash(refusal.reason, "error")
        return hx.go(step_url(nomination, "check"))
    holding.hold(nomination.public_id, sent=True)
    return hx.go(own_url(nomination, "sent"))


def _educator(nomination: Nomination, reading: Reading) -> Educator:
    """The educator for matching. The address typed for them counts only when the nominator's own is proven."""
    answers = reading.answers
    return Educator.of(
        " ".join(str(answers["educator"]).split()),
        reading.pick.school,
        " ".join(str(answers["school"]).split()),
        reading.typed_district,
        position=reading.label("educator", "position"),
        position_key=str(answers.get("position", "")),
        locale=nomination.locale,
    )


@bp.get("/awards/<slug>/nominate/<public_id>/sent")
@web.public(find_own)
def sent(nomination: Nomination) -> ResponseReturnValue:
    """The receipt: what happens next. It looks alike whoever else has nominated this educator."""
    if not was_sent(nomination) or not is_living(nomination):
        return hx.go(own_url(nomination))
    program = nomination.cycle.program
    relation = relation_of(program, str(nomination.answers.get("relation", "")))
    context = base.frame(nomination, "check") | {
        "confirmed": nomination.state == "confirmed",
        "address": masked(str(nomination.answers.get("email", ""))),
        "changed_since": nomination.step != SENT,
        "is_open": base.is_open(nomination),
        "seconders": form_settings(program).self_needs_seconders if relation.get("group") == "self" else 0,
        "family_alone": family_is_not_enough(program, relation),
        "share_url": _share_url(nomination),
    }
    return hx.page("nominations/nominate/sent.html", **context)


def _share_url(nomination: Nomination) -> str:
    """What to pass on: the link for seconders of who nominated themself, else the program's form."""
    link = seconding.link_of(nomination) if nomination.relation_group == "self" else None
    if link is not None:
        return base.url_for("nominations_public.second", token=links.token(link), _external=True)
    return base.url_for("nominations_public.start", slug=nomination.cycle.program.slug, _external=True)


@bp.get("/awards/<slug>/nominate/<public_id>")
@web.public(find_own)
def own(nomination: Nomination) -> ResponseReturnValue:
    """One's own nomination: a draft goes on where it stood; what was sent is shown, to change or to withdraw."""
    is_open, finished = base.is_open(nomination), was_sent(nomination)
    if is_open and nomination.state == "draft" and not finished:
        step = nomination.step if nomination.step in ("helper", "educator", "you", "story", "name") else "educator"
        return hx.go(step_url(nomination, step))
    reading = Reading(nomination)
    context: dict[str, Any] = base.frame(nomination, "check") | {
        "rows": [row for row in rows(nomination, reading, then=None) if row[1]],
        "is_open": is_open,
        "was_sent": finished,
        "living": is_living(nomination),
        "changed_since": finished and nomination.step != SENT,
        "window": nominations_window(nomination.cycle),
        "contact": nomination.cycle.program.contact,
        "kept_until": drafts_kept_until(nomination.cycle),
        "has_words": has_words(nomination),
    }
    return hx.page("nominations/own/show.html", **context)


@bp.post("/awards/<slug>/nominate/<public_id>/resume")
@web.public(find_own)
def resume(nomination: Nomination) -> ResponseReturnValue:
    """An expired draft goes on where it stopped: the closing was moved."""
    with transaction():
        expiring.resume(nomination)
    return hx.go(own_url(nomination))


@bp.post("/awards/<slug>/nominate/<public_id>/withdraw")
@web.public(find_own)
def withdraw(nomination: Nomination) -> ResponseReturnValue:
    """Takes the nomination back."""
    with transaction():
        nominate.withdraw(nomination)
    flash(_("Your nomination is withdrawn. Nobody reads it any more."))
    return hx.go(own_url(nomination))


@bp.post("/awards/<slug>/nominate/<public_id>/again")
@limiter.limit("60 per hour")
@web.public(find_own)
def mail_again(nomination: Nomination) -> ResponseReturnValue:
    """Sends the letter of the receipt once more."""
    with transaction():
        nominate.send_letter_again(nomination)
    flash(_("We sent the letter again. It can take a few minutes, and it may lie among unwanted mail."))
    return hx.go(own_url(nomination, "sent"))


def _open(nomination: Nomination, page: str) -> ResponseReturnValue:
    """Lets this browser open the nomination and shows it, in its own language on a new device."""
    holding.hold(nomination.public_id, sent=was_sent(nomination))
    foreign = nomination.locale != i18n.language() and not request.cookies.get(i18n.COOKIE)
    return hx.go(own_url(nomination, page, **({"lang": nomination.locale} if foreign else {})))


@bp.get("/nominations/open/<token>")
@web.by_link(OPEN_LINK, reads.of_link)
def open_link(nomination: Nomination, link: links.Link) -> ResponseReturnValue:
    """A button: mail scanners follow links."""
    return hx.page(
        "nominations/own/open.html",
        called=base.called(nomination.answers),
        was_sent=was_sent(nomination) and nomination.state != "expired",
        expired=nomination.state == "expired",
        has_words=has_words(nomination),
        is_open=base.is_open(nomination),
        window=nominations_window(nomination.cycle),
        start_url=base.url_for("nominations_public.start", slug=nomination.cycle.program.slug),
    )


@bp.post("/nominations/open/<token>")
@web.by_link(OPEN_LINK, reads.of_link)
def use_open_link(nomination: Nomination, link: links.Link) -> ResponseReturnValue:
    return _open(nomination, "own")


@bp.get("/nominations/confirm/<token>")
@web.by_link(PROOF_LINK, reads.of_link)
def confirm_link(nomination: Nomination, link: links.Link) -> ResponseReturnValue:
    """A button: a look at the page proves nothing."""
    return hx.page("nominations/own/confirm.html", called=base.called(nomination.answers))


@bp.post("/nominations/confirm/<token>")
@web.by_link(PROOF_LINK, reads.of_link)
def use_confirm_link(nomination: Nomination, link: links.Link) -> ResponseReturnValue:
    with transaction():
        nominate.confirm(nomination, link)
    return _open(nomination, "sent")
