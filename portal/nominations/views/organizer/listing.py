"""The list of a cycle's nominee files: search, filters, order, pages."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.core import hx, paging, sheets, web
from portal.core.names import fold
from portal.nominations.columns import COLUMNS, USUAL, lines, state_of
from portal.nominations.queries import files as queries
from portal.nominations.queries.files import Asked
from portal.nominations.rules.files import STEPS
from portal.nominations.views.organizer.base import bp, file_url, find_cycle, step_url
from portal.programs import queries as programs
from portal.programs.models import Cycle

NAMES = ("q", "district", "consent", "screening", "step", "order")  # the filters as the address writes them


def asked_for() -> Asked:
    """The filters in the address; what is not understood is left out."""
    said = {name: request.args.get(name, "") for name in NAMES}
    return Asked(
        search=said["q"][:200],
        district=int(said["district"]) if said["district"].isdecimal() and len(said["district"]) < 10 else None,
        consent=said["consent"],
        screening=said["screening"],
        chip=said["step"] if said["step"] in queries.CHIPS else "",
        sort=said["order"] if said["order"] in queries.SORTS else "step",
        page=paging.asked_page(),
    )


@bp.get("/cycles/<public_id>/files")
@web.requires("nominations.see_files", find_cycle)
def files(cycle: Cycle) -> ResponseReturnValue:
    """The desk of nominee files; htmx gets the list alone."""
    asked = asked_for()
    found = queries.listed(cycle, asked)
    if found.number > found.pages and not found.rows and asked.page > 1:
        return hx.go(_address(cycle, page=None))
    return hx.page(
        "nominations/files/list.html",
        "nominations/files/_list.html",
        cycle=cycle,
        asked=asked,
        found=found,
        page=paging.Page(found.rows, found.number, found.total),
        districts=programs.districts_of(cycle.program_id),
        steps=STEPS,
        step_url=step_url,
        file_url=file_url,
        state_of=state_of,
        sheet_url=lambda kind: _address(cycle, f"files_{kind}", page=None),
        chip_url=lambda chip: _address(cycle, step=chip or None, page=None),
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
    header = [str(COLUMNS[key].title) for key in USUAL]
    rows = queries.all_rows(cycle, queries.ids_as_asked(cycle, asked_for()))
    return sheets.download(
        kind, f"files-{fold(cycle.name).replace(' ', '-')}", header, lines(rows, USUAL, cycle.program)
    )


def _address(cycle: Cycle, page_name: str = "files", /, **changed: Any) -> str:
    kept = {name: value for name in NAMES if (value := request.args.get(name))}
    return url_for(f"nominations_organizer.{page_name}", public_id=cycle.public_id, **{**kept, **changed})
