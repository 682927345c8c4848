"""Which numbers of a table are hidden, so that no small one can be read or worked out from the others. Pure.

The table is shown with its sums. What is shown leaves a hidden number open exactly when it could be one more or one
less, with other hidden numbers making up for it: a way round through the hidden cells, from row to column and back.
Seen as a network (rows and columns are its places, each hidden cell a road between two of them; a cell of one is a
road one way, because hidden cells are never zero), that is a round trip over the cell's road.
"""

from collections.abc import Hashable, Mapping

SMALL = 5  # groups under this are not shown (domain rule 11)
TOTAL = None  # the row or column of sums
Cell = tuple[Hashable, Hashable]
Place = tuple[str, Hashable]


def with_totals(cells: Mapping[Cell, int]) -> dict[Cell, int]:
    """The table with the sum of each row, of each column, and of all."""
    table = dict(cells)
    for (row, column), n in cells.items():
        for key in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            table[key] = table.get(key, 0) + n
    return table


def suppressed(table: Mapping[Cell, int], small: int = SMALL) -> set[Cell]:
    """The cells of a table `with_totals` that are not shown.

    A cell from 1 to `small` - 1 is hidden (zeros are shown: nobody wrote). While one of them could be worked out, the
    smallest cell that prevents it is hidden too, or the smallest of its row or column: parts before sums. All hidden
    cells look alike: a sign that told the small ones from those that protect them would give them away.
    """
    small_ones = sorted((cell for cell, n in table.items() if 0 < n < small), key=str)
    hidden = set(small_ones)
    for cell in small_ones:
        while not _is_open(cell, table, hidden):
            shown_ones = [each for each, n in table.items() if each not in hidden and n > 0]
            if not shown_ones:
                break  # everything is hidden: there is nothing left to work it out from
            near = [each for each in shown_ones if each[0] == cell[0] or each[1] == cell[1]] or shown_ones
            enough = [each for each in shown_ones if _is_open(cell, table, {*hidden, each})]
            hidden.add(min(enough or near, key=lambda each: (TOTAL in each, table[each], str(each))))
    return hidden


def _road(cell: Cell) -> tuple[Place, Place]:
    """From where to where it goes when the cell is one more. A sum stands on the other side of its line's equation."""
    row, column = ("row", cell[0]), ("column", cell[1])
    return (column, row) if (cell[0] is TOTAL) != (cell[1] is TOTAL) else (row, column)


def _is_open(cell: Cell, table: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """Whether what is shown leaves the hidden cell at least two values."""
    roads: dict[Place, set[Place]] = {}
    for each in hidden - {cell}:
        start, end = _road(each)
        roads.setdefault(start, set()).add(end)
        if table[each] > 1:
            roads.setdefault(end, set()).add(start)
    start, end = _road(cell)
    return _leads(roads, end, start) or (table[cell] > 1 and _leads(roads, start, end))


def _leads(roads: Mapping[Place, set[Place]], start: Place, end: Place) -> bool:
    """Whether one comes from the one place to the other."""
    seen, ahead = {start}, [start]
    while ahead:
        place = ahead.pop()
        if place == end:
            return True
        new = roads.get(place, set()) - seen
        seen |= new
        ahead.extend(new)
    return False


def shown(n: int, cell: Cell, hidden: set[Cell]) -> str:
    """The number as text; one sign for every hidden one."""
    return "·" if cell in hidden else f"{n:,}"


def rate(part: int, whole: int) -> int | None:
    """The share in percent; None when there is nothing to divide by."""
    return round(100 * part / whole) if whole else None
