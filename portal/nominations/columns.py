"""The columns of the list of nominee files: what each says about a file, on the page and in a sheet."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.clock import zone
from portal.nominations.positions import said
from portal.nominations.queries.files import Row
from portal.nominations.rules import GROUPS
from portal.nominations.rules.eligibility import HELD
from portal.nominations.rules.files import GROUP_NAMES, STEPS

ANSWERS = {
    "open": _l("Not asked"),
    "asked": _l("Asked"),
    "accepted": _l("Said yes"),
    "declined": _l("Said no"),
    "erased": _l("Erased"),
}
SCREENED = {"unscreened": _l("Not screened"), "eligible": _l("Eligible"), "ineligible": _l("Not eligible")}


@dataclass(frozen=True)
class Column:
    """What stands over it, and its cell for a row; the program says how its positions are called."""

    title: Any
    cell: Callable[[Row, Any], Any]
    sort: str = ""  # one of `queries.files.SORTS`: the order that this column's head gives
    falls: bool = False  # that order goes from the most or newest downward
    is_number: bool = False


def state_of(row: Row) -> tuple[str, Any]:
    """(kind of tag, words): where the file stands."""
    file, step = row.file, row.step
    if file.withdrawn_at:
        return "no", _("Withdrew")
    if file.consent == "erased":
        return "no", _("Erased")
    if step == "screen":
        return "half", HELD[row.held][0] if row.held else _("Said yes, to screen")
    return STEPS[step].kind, STEPS[step].state


def _date(moment: datetime | None) -> str:
    """ "2026-11-29": a day that spreadsheets sort, on the program's wall."""
    return moment.astimezone(zone()).date().isoformat() if moment else ""


def _groups(row: Row, _program: Any) -> str:
    heard = [str(GROUP_NAMES[group]) for group, wrote in zip(GROUPS, row.heard, strict=True) if wrote]
    return "; ".join(heard)


def _district(row: Row) -> str:
    return row.file.district.name if row.file.district else ""


# `FIRST` is always there. Who wrote is not among them: lists go farther than files do.
COLUMNS: dict[str, Column] = {
    "name": Column(_l("Educator"), lambda row, _program: row.file.name or _("Erased"), "name"),
    "school": Column(_l("School"), lambda row, _program: row.file.school_name, "school"),
    "district": Column(_l("District"), lambda row, _program: _district(row), "district"),
    "position": Column(
        _l("Position"), lambda row, program: said(program, row.file.position_key, row.file.position), "position"
    ),
    "voices": Column(_l("Voices"), _groups),
    "proven": Column(_l("Nominations"), lambda row, _program: row.proven, "proven", falls=True, is_number=True),
    "unproven": Column(
        _l("Not proven yet"), lambda row, _program: row.unproven, "unproven", falls=True, is_number=True
    ),
    "state": Column(_l("State"), lambda row, _program: state_of(row)[1]),
    "next": Column(_l("Next step"), lambda row, _program: STEPS[row.step].action, "step"),
    "answer": Column(_l("Answer"), lambda row, _program: ANSWERS[row.file.consent]),
    "asked": Column(_l("Asked on"), lambda row, _program: _date(row.file.asked_at), "asked"),
    "answered": Column(_l("Answered on"), lambda row, _program: _date(row.file.answered_at), "answered"),
    "screening": Column(_l("Screening"), lambda row, _program: SCREENED[row.file.screening]),
    "reason": Column(_l("Reason"), lambda row, _program: row.file.screening_reason),
    "email": Column(_l("Work e-mail"), lambda row, _program: row.file.email),
    "since": Column(_l("First nominated on"), lambda row, _program: _date(row.file.created_at), "newest", falls=True),
    "notes": Column(_l("Notes"), lambda row, _program: row.notes or "", is_number=True),
}
FIRST = "name"
USUAL = ("name", "school", "district", "position", "voices", "state", "next")


def lines(rows: Iterable[Row], columns: Iterable[str], program: Any) -> Iterable[list[Any]]:
    """The cells of each row, for a sheet."""
    chosen = [COLUMNS[key] for key in columns]
    for row in rows:
        yield [column.cell(row, program) for column in chosen]
