"""The interval plot of a ranking as one standalone SVG: adjusted dot, raw ring, 50 and 90 % intervals, cut line."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, TOP, BOTTOM = 960, 28, 96, 56
LEFT, RIGHT = 300, 110  # space for names and for chances
NAME = 36  # characters before a name is shortened
INK, SOFT, HAIR, PAPER, LEAF, GOLD, BRICK = "#1d2a24", "#56635c", "#d9dfd9", "#ffffff", "#1f5c46", "#8a6415", "#9b3a2b"


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One file. Scores in rubric points, chance 0 to 1."""

    name: str
    raw: float
    adjusted: float
    low50: float
    high50: float
    low90: float
    high90: float
    chance: float


def rank_chart(
    rows: Sequence[ChartRow], *, winners: int, scale: tuple[float, float] | None = None, title: str = "Ranking"
) -> str:
    """Draw `rows`, best first, with a line between place `winners` and the next. Light, self-contained, no scripts.

    The axis spans `scale` where given, widened to hold every raw and adjusted score and clipped intervals otherwise.
    """
    low, high = _span(rows, scale)
    height = TOP + ROW * len(rows) + BOTTOM

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (min(max(value, low), high) - low) / (high - low)

    floor = TOP + ROW * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="t d" font-family="Public Sans, Helvetica, Arial, sans-serif" font-size="14">',
        f'<title id="t">{_text(title)}</title>',
        f'<desc id="d">{_text(_description(rows, winners))}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        _label(24, 34, title, size=20, weight="bold"),
        *_legend(),
        *_axis(low, high, x, floor),
    ]
    if 0 < winners < len(rows):
        cut = x((rows[winners - 1].adjusted + rows[winners].adjusted) / 2)
        parts.append(_line(cut, TOP - 6, cut, floor, BRICK, 1.5, dash="5 4"))
        parts.append(_line(24, TOP + ROW * winners, WIDTH - 24, TOP + ROW * winners, BRICK, 0.75, dash="2 4"))
    for at, row in enumerate(rows):
        parts += _row(row, TOP + ROW * at + ROW / 2, x)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _span(rows: Sequence[ChartRow], scale: tuple[float, float] | None) -> tuple[float, float]:
    values = [value for row in rows for value in (row.raw, row.adjusted)]
    edges = [value for row in rows for value in (row.low90, row.high90)]
    if scale is not None:
        low, high = min([scale[0], *values]), max([scale[1], *values])
    else:
        low, high = min([*values, *edges], default=0.0), max([*values, *edges], default=1.0)
    return (low - 0.5, high + 0.5) if high - low < 1e-9 else (low, high)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from low to high, four to nine of them."""
    rough = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [step * at for at in range(first, last + 1)]


def _text(text: str) -> str:
    """Text safe in XML: escaped, without the control characters that XML forbids."""
    return escape("".join(c for c in " ".join(text.split()) if c.isprintable()), quote=True)


def _label(
    x: float, y: float, text: str, *, size: int = 14, anchor: str = "start", fill: str = INK, weight: str = ""
) -> str:
    heavy = f' font-weight="{weight}"' if weight else ""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}"{heavy}>{_text(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, color: str, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {place} stroke="{color}" stroke-width="{width}"{dashed}/>'


def _legend() -> list[str]:
    y = 62
    return [
        f'<circle cx="30" cy="{y - 5}" r="5" fill="{LEAF}"/>',
        _label(42, y, "adjusted", size=13, fill=SOFT),
        f'<circle cx="122" cy="{y - 5}" r="4" fill="{PAPER}" stroke="{GOLD}" stroke-width="1.5"/>',
        _label(134, y, "raw", size=13, fill=SOFT),
        _line(180, y - 5, 204, y - 5, LEAF, 4),
        _label(212, y, "50%", size=13, fill=SOFT),
        _line(262, y - 5, 290, y - 5, LEAF, 1.25),
        _label(298, y, "90% interval", size=13, fill=SOFT),
        _line(400, y - 5, 428, y - 5, BRICK, 1.5, dash="5 4"),
        _label(436, y, "the line", size=13, fill=SOFT),
        _label(WIDTH - 24, y, "chance of a place", size=13, anchor="end", fill=SOFT),
    ]


def _axis(low: float, high: float, x: Callable[[float], float], floor: float) -> list[str]:
    parts = []
    for tick in _ticks(low, high):
        parts.append(_line(x(tick), TOP - 6, x(tick), floor, HAIR, 1))
        parts.append(_label(x(tick), floor + 22, f"{tick:g}", size=13, anchor="middle", fill=SOFT))
    parts.append(_label((LEFT + WIDTH - RIGHT) / 2, floor + 44, "score", size=13, anchor="middle", fill=SOFT))
    return parts


def _row(row: ChartRow, y: float, x: Callable[[float], float]) -> list[str]:
    name = row.name if len(row.name) <= NAME else row.name[: NAME - 1] + "…"
    hundredths = "under 1%" if row.chance < 0.01 else "over 99%" if row.chance > 0.99 else f"{row.chance:.0%}"
    return [
        _label(24, y + 5, name),
        _line(x(row.low90), y, x(row.high90), y, LEAF, 1.25),
        _line(x(row.low50), y, x(row.high50), y, LEAF, 4),
        f'<circle cx="{x(row.raw):.1f}" cy="{y:.1f}" r="4" fill="{PAPER}" stroke="{GOLD}" stroke-width="1.5"/>',
        f'<circle cx="{x(row.adjusted):.1f}" cy="{y:.1f}" r="5" fill="{LEAF}"/>',
        _label(WIDTH - 24, y + 5, hundredths, anchor="end", fill=SOFT),
    ]


def _description(rows: Sequence[ChartRow], winners: int) -> str:
    """The picture in words, for whoever cannot see it."""
    named = "; ".join(
        f"{at}. {row.name}: adjusted {row.adjusted:.2f}, raw {row.raw:.2f}, nine in ten between {row.low90:.2f} and "
        f"{row.high90:.2f}, chance {row.chance:.0%}"
        for at, row in enumerate(rows, start=1)
    )
    return f"{len(rows)} files, {winners} with a place. {named}."
