"""The list of a cycle's nominee files: search, filters, order, columns, pages; what one sees as a sheet."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from portal.core import hx, sheets, web
from portal.core.access import may
from portal.core.names import fold
from portal.nominations.columns import ANSWERS, COLUMNS, SCREENED, USUAL, lines, state_of
from portal.nominations.listed import ORDERS, order_name
from portal.nominations.queries import files as queries
from portal.nominations.queries.views import Opened
from portal.nominations.rules.files import STEPS
from portal.nominations.views.organizer.along import url_along
from portal.nominations.views.organizer.base import bp, find_cycle, step_url
from portal.nominations.views.organizer.saved import view_url
from portal.nominations.views.organizer.seen import is_being_chosen, seen_now
from portal.programs.models import Cycle


@bp.get("/cycles/<public_id>/files")
@web.requires("nominations.see_files", find_cycle)
def files(cycle: Cycle) -> ResponseReturnValue:
    """The desk of nominee files; htmx gets the list alone."""
    seen = seen_now(cycle)
    if is_being_chosen():
        moved = request.args.get("up") or request.args.get("down")
        return redirect(seen.url(choose=1, _anchor=f"col-{moved}" if moved else "columns"), 303)
    asked = seen.asked
    found = queries.listed(cycle, asked)
    if found.number > found.pages and not found.items and asked.page > 1:
        return hx.go(seen.url())
    return hx.page(
        "nominations/files/list.html",
        "nominations/files/_list.html",
        cycle=cycle,
        seen=seen,
        asked=asked,
        page=found,
        columns=COLUMNS,
        titles={key: str(column.title) for key, column in COLUMNS.items()},  # said once, not in every cell
        usual=USUAL,
        choosing="choose" in request.args,
        answers=ANSWERS,
        screened=SCREENED,
        orders={sort: order_name(sort) for sort in dict.fromkeys((*ORDERS, asked.sort))},
        may_change_view=seen.view and may(web.current_person(), "nominations.change_view", Opened(seen.view, cycle)),
        view_url=view_url,
        steps=STEPS,
        step_url=step_url,
        row_url=lambda row, at: url_along(seen, row, (found.number - 1) * queries.PAGE + at, found.total),
        state_of=state_of,
    )


@bp.get("/cycles/<public_id>/files.csv")
@web.requires("nominations.see_files", find_cycle)
def files_csv(cycle: Cycle) -> ResponseReturnValue:
    """What one sees, every page of it, as CSV."""
    return _sheet(cycle, "csv")


@bp.get("/cycles/<public_id>/files.xlsx")
@web.requires("nominations.see_files", find_cycle)
def files_xlsx(cycle: Cycle) -> ResponseReturnValue:
    """The same as a workbook."""
    return _sheet(cycle, "xlsx")


def _sheet(cycle: Cycle, kind: str) -> ResponseReturnValue:
    """The columns that one sees, in their order."""
    seen = seen_now(cycle)
    header = [str(COLUMNS[key].title) for key in seen.columns]
    rows = queries.all_rows(cycle, queries.ids_as_asked(cycle, seen.asked))
    name = f"files-{fold(cycle.name).replace(' ', '-')}"
    return sheets.download(kind, name, header, lines(rows, seen.columns, cycle.program))
