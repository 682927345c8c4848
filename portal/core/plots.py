"""Numbers as places on a plot: the drawing of a score with its interval. Pure; a board draws thousands of them.

A scale is {"low": 1, "high": 4, "ticks": [(2, "2 Emerging"), ...]}; places are percent of the plot's width, so that the
drawing needs neither a size nor a style.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

Scale = Mapping[str, Any]


def at(value: float, scale: Scale) -> str:
    """Where a value stands on the axis: "62.5%", held inside the plot."""
    low, high = scale["low"], scale["high"]
    return f"{round(max(0.0, min(100.0, (value - low) / (high - low) * 100)), 2):g}%"


def lines(scale: Scale, cut: float | None = None, zone: tuple[float, float] | None = None) -> Markup:
    """What is the same in every row: the ticks, the contested zone, the cut line."""
    found = [_upright("tick", at(value, scale)) for value, _word in scale["ticks"]]
    if zone:
        width = round((zone[1] - zone[0]) / (scale["high"] - scale["low"]) * 100, 2)
        found.append(f'<rect class="zone" x="{at(zone[0], scale)}" width="{width:g}%" y="0" height="100%"/>')
    if cut is not None:
        found.append(_upright("cut", at(cut, scale)))
    return Markup("".join(found))


def interval(row: Mapping[str, Any], scale: Scale) -> Markup:
    """A row's score: two intervals, the raw mean, the adjusted score; what is None is not drawn.

    The row has lo90, hi90, lo50, hi50, raw and adjusted.
    """
    low, percent = scale["low"], 100 / (scale["high"] - scale["low"])

    def x(value: float) -> str:
        share = (value - low) * percent
        return f"{0 if share < 0 else 100 if share > 100 else share:.2f}%"

    found = ""
    if row["lo90"] is not None:
        found = f'<line class="ci9" x1="{x(row["lo90"])}" x2="{x(row["hi90"])}" y1="50%" y2="50%"/>'
    if row["lo50"] is not None:
        found += f'<line class="ci5" x1="{x(row["lo50"])}" x2="{x(row["hi50"])}" y1="50%" y2="50%"/>'
    if row["raw"] is not None:
        found += f'<circle class="raw" cx="{x(row["raw"])}" cy="50%" r="4"/>'
    if row["adjusted"] is not None:
        found += f'<circle class="dot" cx="{x(row["adjusted"])}" cy="50%" r="5.5"/>'
    return Markup(found)


class Cells(NamedTuple):
    """A row of the board in texts, in the order in which the template unpacks it; `n` counts from 1."""

    n: int
    place: Any
    name: str
    url: str | None
    sub: str
    contested: bool
    drawing: Markup
    span: str
    adjusted: str
    raw: str
    change: str
    chance: float | None
    reviews: int
    flags: tuple[tuple[str, str], ...]


def cells(rows: Sequence[Mapping[str, Any]], scale: Scale, span: str) -> Iterator[Cells]:
    """Each row with its drawing and figures; `span` is the pattern of an interval in words, with low and high."""
    span = str(span)
    for n, row in enumerate(rows, 1):
        adjusted, raw, low = row["adjusted"], row["raw"], row["lo90"]
        yield Cells(
            n,
            row["place"],
            row["name"],
            row["url"],
            row["sub"],
            row["contested"],
            interval(row, scale),
            "" if low is None else span % {"low": two(low), "high": two(row["hi90"])},
            two(adjusted),
            two(raw),
            "–" if adjusted is None or raw is None else signed(adjusted - raw),
            row["chance"],
            row["reviews"],
            tuple(row["flags"]),
        )


def _upright(name: str, x: str) -> str:
    return f'<line class="{name}" x1="{x}" x2="{x}" y1="0" y2="100%"/>'


def two(value: float | None) -> str:
    """A score as it is read: "3.25", a dash for none."""
    return "–" if value is None else f"{value:.2f}"


def signed(value: float) -> str:
    """A difference as it is read: "+0.12", "−0.30"; what rounds to nothing has no sign."""
    return ("+" if value > 0.004 else "−" if value < -0.004 else "") + f"{abs(value):.2f}"
