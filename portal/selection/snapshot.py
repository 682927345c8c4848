"""From the reviews that count to the whole board as plain values: ranking, agreement, spread. Runs in the worker.

numpy and scipy are imported by the modules used here, so a web process never imports this one.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from portal.selection import agreement, ranking


@dataclass(frozen=True)
class Reading:
    """One review that counts: who read which file, under which rubric, and the levels (None: not judged)."""

    file_id: int
    person_id: int
    panel_id: int
    rubric_id: int
    levels: dict[str, int | None]


@dataclass(frozen=True)
class Weighing:
    """The rubric as far as it matters here: weights by criterion, which break ties, the levels' range, and the share of
    the weight (0 to 1) that a review must judge to count."""

    weights: dict[str, float]
    student: tuple[str, ...]
    scale: tuple[float, float]
    least: float


def digest(readings: Sequence[Reading], files: Sequence[int], places: int) -> str:
    """A name for what goes in: equal digests, equal results. Tells a board that newer scores have overtaken."""
    rows = sorted((r.file_id, r.person_id, r.rubric_id, sorted(r.levels.items())) for r in readings)
    return hashlib.sha256(json.dumps([rows, sorted(files), places]).encode()).hexdigest()


def compute(
    readings: Sequence[Reading], files: Sequence[int], weighing: Weighing, places: int, seed: int
) -> dict[str, Any]:
    """The whole board: per file, per reviewer, agreement, banners. Scores in rubric points, chances 0 to 1."""
    keys = list(weighing.weights)
    levels = np.array([[_number(r.levels.get(k)) for k in keys] for r in readings], dtype=float).reshape(-1, len(keys))
    scored = ranking.review_scores(levels, [weighing.weights[k] for k in keys], least=weighing.least)
    kept = [i for i in range(len(readings)) if not scored.refused[i]]
    used = [readings[i] for i in kept]
    scores = [float(scored.score[i]) for i in kept]
    panels = [r.panel_id for r in used]
    result = ranking.rank(
        [r.file_id for r in used],
        [r.person_id for r in used],
        scores,
        winners=places,
        panels=panels if len(set(panels)) > 1 else None,
        all_files=files,
        scale=weighing.scale,
        versions=[r.rubric_id for r in used],
        seed=seed,
    )
    extra = _per_file(used, scores, levels[kept], keys, weighing)
    return {
        "places": places,
        "scale": list(weighing.scale),
        "criteria": keys,
        "mean": result.mean,
        "recommended": result.recommended,
        "reliability": result.reliability,
        "reviews": len(used),
        "files": [{**asdict(f), "change": f.change, **extra.get(int(str(f.file)), NOTHING)} for f in result.files],
        "reviewers": [asdict(r) for r in result.reviewers],
        "banners": [{"code": str(b.code), "facts": _plain(b.facts)} for b in result.banners],
        "agreement": _agreement(used, scores, result),
    }


NOTHING: dict[str, Any] = {"median": None, "student": None, "spread": {}}


def _number(level: int | None) -> float:
    return float("nan") if level is None else float(level)


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def _per_file(
    used: Sequence[Reading], scores: Sequence[float], levels: Any, keys: list[str], weighing: Weighing
) -> dict[int, dict[str, Any]]:
    """Median, mean of the student criteria, and the spread (standard deviation) of each criterion, of every file."""
    rows: dict[int, list[int]] = defaultdict(list)
    for i, reading in enumerate(used):
        rows[reading.file_id].append(i)
    found = {}
    for file_id, places in rows.items():
        table = levels[places]
        student = {k: _mean(table[:, keys.index(k)]) for k in weighing.student}
        judged = {k: v for k, v in student.items() if v is not None}
        weight = sum(weighing.weights[k] for k in judged)
        found[file_id] = {
            "median": float(median(scores[i] for i in places)),
            "student": sum(v * weighing.weights[k] for k, v in judged.items()) / weight if judged else None,
            "spread": {k: _spread(table[:, at]) for at, k in enumerate(keys)},
        }
    return found


def _mean(column: Any) -> float | None:
    seen = column[np.isfinite(column)]
    return float(seen.mean()) if len(seen) else None


def _spread(column: Any) -> float | None:
    seen = column[np.isfinite(column)]
    return float(seen.std(ddof=1)) if len(seen) > 1 else None


def _agreement(used: Sequence[Reading], scores: Sequence[float], result: Any) -> dict[str, Any]:
    if not used:
        return {}
    alpha = agreement.krippendorff_alpha([r.file_id for r in used], scores, "interval")
    made: dict[str, Any] = {"alpha": alpha.value, "low": alpha.low, "high": alpha.high, "word": None, "icc": None}
    if alpha.value is not None:
        made["word"] = str(agreement.agreement_word(alpha.value))
    if result.variances is not None:
        readers = len(used) / max(1, len({r.file_id for r in used}))
        made["icc"] = asdict(agreement.icc(result.variances, readers))
    return made
