"""What fair play found: groups of nominations with the evidence, for a person to judge."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import asked, hx, paging, web
from portal.core.db import transaction
from portal.core.errors import Mistaken
from portal.core.i18n import ngettext, percent
from portal.nominations.actions import fairplay as actions
from portal.nominations.queries import fairplay as queries
from portal.nominations.views.organizer.base import bp, file_url, find_cycle
from portal.programs.models import Cycle

GROUPS_A_PAGE = 10
SHOWN = ("open", "honest", "aside")


def reason(evidence: dict[str, Any]) -> str:
    """One piece of evidence as a sentence."""
    facts: dict[str, Any] = evidence["facts"]
    n = int(facts.get("count", 0))
    return {
        "trap": lambda: _("A field that people cannot see was filled in."),
        "quick": lambda: ngettext(
            "Sent one second after it was begun.", "Sent %(num)s seconds after it was begun.", facts["seconds"]
        ),
        "links": lambda: _("The story holds %(count)s web addresses.", count=n),
        "words": lambda: ngettext(
            "Nearly the same words as one other person’s (%(share)s alike).",
            "Nearly the same words as %(num)s other people’s (up to %(share)s alike).",
            n, share=percent(facts["share"] / 100),
        ),
        "mailbox": lambda: _("The same mailbox, written in another way, has nominated this educator before."),
        "series": lambda: _("%(count)s addresses that differ only by a number, counted through.", count=n),
        "burst": lambda: _(
            "%(count)s quick nominations of one educator from one network within %(minutes)s minutes.",
            count=n, minutes=facts["minutes"],
        ),
    }[evidence["kind"]]()  # fmt: skip


@bp.get("/cycles/<public_id>/fair-play")
@web.requires("nominations.see_files", find_cycle)
def fair_play(cycle: Cycle) -> ResponseReturnValue:
    """What waits for judgment, or what was judged."""
    shown = asked.one_of(request.args, "show", SHOWN, "open")
    page = paging.Page.of(queries.groups(cycle, shown), paging.asked_page(), GROUPS_A_PAGE)
    return hx.page(
        "nominations/files/fair_play.html", cycle=cycle, page=page, shown=shown, reason=reason, file_url=file_url
    )


@bp.post("/cycles/<public_id>/fair-play")
@web.requires("nominations.manage_files", find_cycle)
def judge_fair_play(cycle: Cycle) -> ResponseReturnValue:
    """The judgment on the nominations that were ticked."""
    read = map(asked.whole, request.form.getlist("nomination"))
    ids = [number for number in read if number is not None]
    verdict = request.form.get("verdict")
    if not ids:
        raise Mistaken(_("Nothing is ticked. Tick the nominations that you have looked at."))
    with transaction():
        act = actions.set_aside if verdict == "aside" else actions.find_honest
        n = act(web.current_person(), cycle, ids)
    if not n:
        flash(_("These were judged already. The list shows how things stand now."), "warning")
    elif verdict == "aside":
        flash(ngettext("One nomination is set aside. It can be taken back at its file.",
                       "%(num)s nominations are set aside. Each can be taken back at its file.", n))  # fmt: skip
    else:
        flash(
            ngettext("One nomination is found honest and stands.", "%(num)s nominations are found honest and stand.", n)
        )
    return hx.go(url_for("nominations_organizer.fair_play", public_id=cycle.public_id))
