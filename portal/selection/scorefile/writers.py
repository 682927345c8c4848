"""The analysis as files: CSV with inert formulas, JSON with everything, SVG with the interval plot."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict
from typing import Any

from portal.core.formulas import inert
from portal.selection.rankchart import ChartRow, rank_chart
from portal.selection.scorefile.analysis import Analysis
from portal.selection.scorefile.wording import banner_sentence

COLUMNS = (
    "place", "file", "reviews", "raw", "raw_place", "adjusted", "change", "sd", "low50", "high50", "low90", "high90",
    "chance", "expected_rank", "rank_low", "rank_high", "flip", "component",
)  # fmt: skip


def to_csv(analysis: Analysis) -> str:
    """One line a file at full precision, best first, with a header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for result in analysis.ranking.files:
        values = {**asdict(result), "place": result.adjusted_place, "change": result.change, "file": inert(result.file)}
        writer.writerow(["" if values[name] is None else values[name] for name in COLUMNS])
    return out.getvalue()


def to_json(analysis: Analysis) -> str:
    """Everything that was computed, at full precision; numbers that do not exist are null."""
    ranking = analysis.ranking
    body = asdict(ranking)
    body["files"] = [{**asdict(result), "change": result.change} for result in ranking.files]
    body["banners"] = [{**asdict(banner), "sentence": banner_sentence(banner)} for banner in ranking.banners]
    body["criteria"] = [
        {"name": name, "weight": weight, "spread": spread}
        for name, weight, spread in zip(
            analysis.source.criteria, analysis.source.weights, analysis.spread.criteria.tolist(), strict=True
        )
    ]
    body["agreement"] = {
        "alpha": asdict(analysis.alpha),
        "icc": asdict(analysis.icc) if analysis.icc is not None else None,
        "kappas": [asdict(pair) for pair in analysis.kappas],
    }
    body["tie"] = asdict(analysis.tie) if analysis.tie is not None else None
    return json.dumps(_plain(body), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """The same with text keys and null for what is no number."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def to_svg(analysis: Analysis) -> str:
    """The interval plot with the cut line, as a picture of its own."""
    rows = [
        ChartRow(
            name=str(each.file),
            raw=each.raw,
            adjusted=each.adjusted,
            low50=each.low50 or 0.0,
            high50=each.high50 or 0.0,
            low90=each.low90 or 0.0,
            high90=each.high90 or 0.0,
            chance=each.chance or 0.0,
        )
        for each in analysis.ranking.files
        if each.raw is not None and each.adjusted is not None
    ]
    return rank_chart(rows, winners=analysis.ranking.winners, scale=analysis.source.scale)
