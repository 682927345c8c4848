"""Who has written, by district and group: one table with its sums, and one choice of the numbers that no page shows.

The desk and the picture of the cycle show the same: two choices side by side would give away what each of them hides.
"""

from collections.abc import Hashable
from typing import Any, NamedTuple

from flask_babel import gettext as _

from portal.desk import figures, suppression
from portal.desk.queries.cycle import Pictures
from portal.desk.queries.picture import shown_districts
from portal.desk.suppression import TOTAL, Cell
from portal.nominations.rules import GROUPS


class Row(NamedTuple):
    """A district, or several that stand together, with its key in the table."""

    key: Hashable
    name: str
    ids: list[Any]


class Voices(NamedTuple):
    """The rows (that of the sums is not among them), the table `with_totals`, and its hidden cells."""

    rows: list[Row]
    table: dict[Cell, int]
    hidden: set[Cell]

    def cells(self, key: Hashable, groups: tuple[Hashable, ...] = GROUPS) -> list[tuple[str, int]]:
        """(text, how dark) of a row's cells; sums stay plain, and hidden ones look alike."""
        told = [n for cell, n in self.table.items() if TOTAL not in cell and cell not in self.hidden]
        most, found = max(told, default=0), []
        for cell in [(key, group) for group in groups]:
            n = self.table.get(cell, 0)
            dark = 0 if TOTAL in cell else 1 if cell in self.hidden else figures.level(n, most)
            found.append((suppression.shown(n, cell, self.hidden), dark))
        return found


def voices_of(drawn: Pictures) -> Voices:
    """The voices of a year as they were counted."""
    own, rest = shown_districts(drawn)
    rows = [Row(district, drawn.districts[district], [district]) for district in own]
    if rest:
        rows.append(Row("rest", _("All other districts"), list(rest)))
    if any(district is None for district, _group in drawn.groups):
        rows.append(Row("unknown", _("Not known"), [None]))
    cells: dict[Cell, int] = {}
    cells |= {(r.key, g): sum(drawn.groups.get((d, g), 0) for d in r.ids) for r in rows for g in GROUPS}
    table = suppression.with_totals(cells)
    return Voices(rows, table, suppression.suppressed(table))
