"""A link passed on by somebody who nominated themself: one question, then the form with the educator filled in."""

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.core import hx, i18n, links, web
from portal.core.db import transaction
from portal.core.limits import limiter
from portal.nominations.actions import seconding
from portal.nominations.forms.nomination import AgeForm
from portal.nominations.models import Nomination
from portal.nominations.queries import nomination as reads
from portal.nominations.queries.seconding import SECOND_LINK
from portal.nominations.rules.nominate import nominations_window
from portal.nominations.views.public import base, holding
from portal.nominations.views.public.base import bp


def _first(link: links.Link) -> Nomination | None:
    """The nomination that asks for a seconder, while it stands."""
    found = reads.of_link(link)
    return found if found is not None and found.state in ("submitted", "confirmed") else None


def _page(first: Nomination, form: AgeForm, status: int = 200) -> ResponseReturnValue:
    program = first.cycle.program
    if not base.is_open(first):
        place = reads.Place(program, first.cycle, nominations_window(first.cycle))
        return hx.page("nominations/nominate/closed.html", place=place, status=status if status == 200 else 409)
    # Like the sent pages: what is told is what the educator wrote of themself, nothing that anybody else wrote.
    return hx.page(
        "nominations/nominate/second.html",
        called=base.called(first.answers),
        school=str(first.answers.get("school", "")),
        form=form,
        closes=nominations_window(first.cycle).closes_at,
        status=status,
    )


@bp.get("/nominations/second/<token>")
@web.by_link(SECOND_LINK, _first)
def second(first: Nomination, link: links.Link) -> ResponseReturnValue:
    """Who is to be nominated, and the age question that begins."""
    return _page(first, AgeForm(first.cycle.program, formdata=None, data={"start": holding.starting()}))


@bp.post("/nominations/second/<token>")
@limiter.limit("300 per minute")
@web.by_link(SECOND_LINK, _first)
def begin_second(first: Nomination, link: links.Link) -> ResponseReturnValue:
    form = AgeForm(first.cycle.program)
    if not base.is_open(first) or not form.validate():
        return _page(first, form, status=422)
    public_id = holding.to_begin(form.start.data or "")
    with transaction():
        seconding.begin(first, public_id, form.age.data, i18n.language())
    if public_id not in holding.held():
        holding.hold(public_id)
    step = "helper" if form.age.data == "under" else "educator"
    slug = first.cycle.program.slug
    return hx.go(url_for("nominations_public.show_step", slug=slug, public_id=public_id, step=step))
