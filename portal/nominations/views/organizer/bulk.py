"""One act on many files: chosen in the list, previewed, done once, told, and taken back."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import hx, paging, web
from portal.core.clock import now
from portal.core.db import transaction
from portal.core.documents import letter_document
from portal.core.errors import NotThere
from portal.core.i18n import pick
from portal.nominations.actions import bulk as actions
from portal.nominations.actions.bulk_acts import ACTS, Act
from portal.nominations.forms.bulk import form_for
from portal.nominations.jobs import bulk as work
from portal.nominations.models import BulkAct
from portal.nominations.queries import bulk as queries
from portal.nominations.queries import consent, files
from portal.nominations.rules import BULK_ITEMS
from portal.nominations.rules.bulk import HOLD_MINUTES, WHY
from portal.nominations.views.letters import preview_of
from portal.nominations.views.organizer.base import SEEING, bp, file_url, find_cycle
from portal.nominations.views.organizer.seen import seen_now
from portal.programs import queries as programs
from portal.programs.models import Cycle

AT_ONCE = 100  # so many files are worked on while one waits; more are the worker's


def find_bulk(person: Person, public_id: str) -> BulkAct | None:
    """An act on many files of a program that this person organizes or audits."""
    bulk = queries.act_by_public_id(public_id)
    return bulk if bulk is not None and person.holds(SEEING, bulk) else None


def bulk_url(bulk: BulkAct) -> str:
    """The address of an act's preview, and later of its report."""
    return url_for("nominations_organizer.bulk_page", public_id=bulk.public_id)


@bp.app_template_global("acts_on_many")
def acts_on_many() -> list[Act]:
    """What can be done to many files at once, for the list's bar."""
    return list(ACTS.values())


@bp.post("/cycles/<public_id>/files/bulk")
@web.requires("nominations.manage_files", find_cycle)
def choose_bulk(cycle: Cycle) -> ResponseReturnValue:
    """Takes the files that were ticked, those of the page, all that the filters in the address let through, or a whole
    list of the letters' page.
    """
    seen, act = seen_now(cycle), ACTS.get(request.form.get("act", ""))
    which = request.form.get("which", "")
    if act is None:
        flash(_("Choose first what should be done."), "error")
        return hx.go(seen.url())
    if which == "all":
        numbers = files.ids_as_asked(cycle, seen.asked)
    elif which in consent.LISTS:
        numbers = consent.numbers_of(cycle, which)
    else:
        numbers = queries.chosen(cycle, request.form.getlist("here" if which == "page" else "file"))
    if not numbers and which in consent.LISTS:
        flash(_("Nobody is left in that list. Somebody may have written to them already."))
        return hx.go(url_for("nominations_letters.letters", public_id=cycle.public_id, list=which))
    if not numbers:
        flash(_("Tick at least one file in the list, or choose all of them."), "error")
        return hx.go(seen.url())
    planned = actions.plan(cycle, act, numbers)
    with transaction():
        bulk = actions.keep(web.current_person(), cycle, act, planned)
    return hx.go(bulk_url(bulk))


@bp.get("/bulk/<public_id>")
@web.requires("nominations.see_files", find_bulk)
def bulk_page(bulk: BulkAct) -> ResponseReturnValue:
    """What would be done, before the button; afterward what was done; between, how far it is."""
    if bulk.state == "previewed":
        return _preview(bulk, form_for(ACTS[bulk.act].asks, bulk.cycle))
    context = _context(bulk)
    response = hx.page("nominations/bulk/report.html", "nominations/bulk/_progress.html", **context)
    if not bulk.is_working and hx.wants_partial():
        response.headers["HX-Refresh"] = "true"  # the page that counted shows the report now
    return response


def _context(bulk: BulkAct) -> dict[str, Any]:
    groups = queries.groups_of(bulk.id)
    counts = {state: sum(group.count for group in groups if group.state == state) for state in BULK_ITEMS}
    act = ACTS[bulk.act]
    in_time = bulk.undo_until is not None and now() < bulk.undo_until
    return {
        "bulk": bulk,
        "act": act,
        "cycle": bulk.cycle,
        "groups": groups,
        "counts": counts,
        "why": WHY,
        "file_url": file_url,
        "hold": HOLD_MINUTES,
        "can_undo": bulk.state == "running" or (in_time and bool(counts["done"])),
        "in_time": in_time,
        "said": _given(bulk),
    }


def _given(bulk: BulkAct) -> list[tuple[str, str]]:
    """What was said for all files, in words."""
    said = []
    if bulk.given.get("rules"):
        texts = {rule.key: pick(rule.text).replace("**", "") for rule in bulk.cycle.eligibility}
        said.append((_("Not met"), "; ".join(texts.get(key, key) for key in bulk.given["rules"])))
    if bulk.given.get("reason"):
        said.append((_("Reason"), bulk.given["reason"]))
    if bulk.given.get("district"):
        said.append((_("District"), programs.district_name(bulk.program_id, bulk.given["district"])))
    return said


def _preview(bulk: BulkAct, form: Any, status: int = 200) -> ResponseReturnValue:
    return hx.page("nominations/bulk/preview.html", status=status, form=form, **_context(bulk))


@bp.get("/bulk/<public_id>/letter/body")
@web.requires("nominations.see_files", find_bulk)
def bulk_letter(bulk: BulkAct) -> ResponseReturnValue:
    """The first of the letters that would go out, for the frame on the preview."""
    file = queries.first_to_do(bulk.id) if ACTS[bulk.act].letters and bulk.state == "previewed" else None
    if file is None:
        raise NotThere()
    return letter_document(preview_of(file).html)


@bp.get("/bulk/<public_id>/files")
@web.requires("nominations.see_files", find_bulk)
def bulk_files(bulk: BulkAct) -> ResponseReturnValue:
    """Every file of one group, page by page."""
    state, why = request.args.get("state", "will"), request.args.get("why", "")
    if state not in BULK_ITEMS or (why and why not in WHY):
        raise NotThere()
    page = queries.one_page(bulk.id, state, why, paging.asked_page())
    return hx.page(
        "nominations/bulk/files.html",
        bulk=bulk,
        act=ACTS[bulk.act],
        page=page,
        state=state,
        why=WHY.get(why, ""),
        file_url=file_url,
        back=bulk_url(bulk),
    )


@bp.post("/bulk/<public_id>/do")
@web.requires("nominations.manage_files", find_bulk)
def do_bulk(bulk: BulkAct) -> ResponseReturnValue:
    """Does what was previewed, once: a second press, another tab or the way back lead to the report."""
    act = ACTS[bulk.act]
    if bulk.state != "previewed":
        return hx.go(bulk_url(bulk))
    form = form_for(act.asks, bulk.cycle)
    if not form.validate():
        return _preview(bulk, form, 422)
    with transaction():
        begun = actions.start(web.current_person(), bulk.id, form.given())
    if begun and bulk.counts.get("will", 0) <= AT_ONCE:
        work.do(bulk.id)
    return hx.go(bulk_url(bulk))


@bp.post("/bulk/<public_id>/undo")
@web.requires("nominations.manage_files", find_bulk)
def undo_bulk(bulk: BulkAct) -> ResponseReturnValue:
    """Takes it back, from those files that stand as it left them."""
    with transaction():
        begun = actions.take_back(web.current_person(), bulk.id)
    if begun and sum(bulk.counts.get(state, 0) for state in ("done", "will")) <= AT_ONCE:
        work.undo(bulk.id)
    return hx.go(bulk_url(bulk))


@bp.post("/bulk/<public_id>/go-on")
@web.requires("nominations.manage_files", find_bulk)
def go_on_bulk(bulk: BulkAct) -> ResponseReturnValue:
    """Asks for what was stopped midway again; what is done stays done once."""
    if bulk.is_working:
        with transaction():
            actions.ask_for_work(bulk)
        flash(_("We asked for it again. The count below goes on in a moment."))
    return hx.go(bulk_url(bulk))


@bp.get("/cycles/<public_id>/bulk")
@web.requires("nominations.see_files", find_cycle)
def bulk_acts(cycle: Cycle) -> ResponseReturnValue:
    """What was done to many files at once, newest first, each with its way back."""
    return hx.page(
        "nominations/bulk/index.html",
        cycle=cycle,
        page=queries.acts_of(cycle.id, paging.asked_page()),
        acts=ACTS,
        moment=now(),
    )
