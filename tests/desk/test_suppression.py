"""What a table shows never tells a small number, also not by difference: hand-made tables, and an attack on many."""

import random

import numpy as np
import pytest
from scipy.optimize import linprog

from portal.desk.suppression import SMALL, rate, shown, suppressed, with_totals


def table(*rows: list[int]) -> dict:
    return with_totals({(f"r{i}", f"c{j}"): n for i, row in enumerate(rows) for j, n in enumerate(row)})


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        # Nothing small: nothing hidden.
        ([[7, 9], [12, 8]], [["7", "9", "16"], ["12", "8", "20"], ["19", "17", "36"]]),
        # One small number takes a second one of its row and of its column along, and their crossing.
        ([[3, 9], [12, 8]], [["·", "·", "12"], ["·", "·", "20"], ["15", "17", "32"]]),
        # A row whose sum is small hides the sum as well; the sums protect each other.
        ([[2, 0], [12, 8]], [["·", "0", "·"], ["·", "8", "·"], ["14", "8", "22"]]),
        # Zeros are told: nobody wrote.
        ([[0, 0], [12, 8]], [["0", "0", "0"], ["12", "8", "20"], ["12", "8", "20"]]),
        # Two ones that add up to a sum of two can only be ones.
        ([[1, 1, 9], [9, 9, 9]], None),
    ],
)
def test_tables(rows, texts):
    whole = table(*rows)
    hidden = suppressed(whole)
    order = [*(f"r{i}" for i in range(len(rows))), None], [*(f"c{j}" for j in range(len(rows[0]))), None]
    if texts is not None:
        assert [[shown(whole[r, c], (r, c), hidden) for c in order[1]] for r in order[0]] == texts
    assert told(whole, hidden) == []


def told(whole: dict, hidden: set) -> list:
    """The small cells of which what is shown leaves less than two possible values, by linear programming."""
    inner = sorted(cell for cell in whole if None not in cell)
    at = {cell: i for i, cell in enumerate(inner)}
    rows, sums = [], []
    for cell, n in whole.items():
        if cell in hidden:
            continue
        rows.append([1.0 if (cell[0] in (None, each[0]) and cell[1] in (None, each[1])) else 0.0 for each in inner])
        sums.append(float(n))
    bounds = []
    for cell in inner:
        if cell not in hidden:
            bounds.append((whole[cell], whole[cell]))
        else:
            bounds.append((1, None))  # a zero would be printed
    found = []
    for cell in inner:
        if cell in hidden and whole[cell] < SMALL:
            goal = np.zeros(len(inner))
            goal[at[cell]] = 1
            ends = [linprog(sign * goal, A_eq=rows or None, b_eq=sums or None, bounds=bounds) for sign in (1, -1)]
            if all(end.status == 0 for end in ends) and -ends[1].fun - ends[0].fun < 0.999:
                found.append((cell, whole[cell]))
    return found


def test_an_attack_on_many_tables_learns_nothing():
    rng = random.Random(3)
    for _table in range(60):
        size = rng.randrange(2, 6), rng.randrange(2, 6)
        whole = table(*([rng.choice((0, 1, 2, 3, 4, 6, 9, 14, 30)) for _c in range(size[1])] for _r in range(size[0])))
        assert told(whole, suppressed(whole)) == []


def test_the_attack_finds_what_hiding_small_numbers_alone_gives_away():
    whole = table([3, 9], [12, 8])
    assert told(whole, {("r0", "c0")}) == [(("r0", "c0"), 3)]


def test_rates():
    assert [rate(1, 3), rate(0, 4), rate(3, 0)] == [33, 0, None]
