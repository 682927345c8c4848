"""When a ranking needs a warning: thin, disconnected, complete, non-separating and unusual data, as codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from portal.selection.ranking.result import Banner, BannerCode, Id
from portal.selection.ranking.table import Table

NOT_SEPARATING_BELOW = 0.2  # reliability of the adjusted scores
THIN_REVIEWS_PER_FILE = 2.0
THIN_REVIEWS_PER_REVIEWER = 3.0
CONSTANT_FROM = 3  # reviews before "gave everyone the same score" says anything
RAW_FIRST = {
    BannerCode.NO_SCORES,
    BannerCode.ALL_EQUAL,
    BannerCode.ONE_REVIEWER,
    BannerCode.ONE_REVIEW_EACH,
    BannerCode.THIN_DATA,
    BannerCode.COMPLETE_DESIGN,
    BannerCode.ADJUSTMENT_OFF,
}


def banners(
    table: Table, winners: int, reliability: float | None, adjust: bool, versions: Sequence[Id] | None
) -> list[Banner]:
    """Every warning that applies, the gravest first."""
    found: list[Banner] = []
    n, q, rows = len(table.files), len(table.reviewers), len(table.score)
    if rows == 0:
        found.append(Banner(BannerCode.NO_SCORES))
    else:
        found += _about_separation(table, reliability)
        found += _about_design(table, n, q, rows)
        found += _about_reviewers(table, q)
    if winners >= n + len(table.unread):
        found.append(Banner(BannerCode.K_OVER_FILES, {"winners": winners, "files": n + len(table.unread)}))
    if table.unread and rows:
        found.append(Banner(BannerCode.FILES_WITHOUT_REVIEWS, {"files": list(table.unread)}))
    counts = Counter(versions or ())
    if len(counts) > 1:
        found.append(Banner(BannerCode.MIXED_RUBRICS, {"counts": dict(counts)}))
    if not adjust:
        found.append(Banner(BannerCode.ADJUSTMENT_OFF))
    return found


def _about_separation(table: Table, reliability: float | None) -> list[Banner]:
    if table.all_equal:
        return [Banner(BannerCode.ALL_EQUAL, {"score": float(table.score[0])})]
    if reliability is not None and reliability < NOT_SEPARATING_BELOW:
        return [Banner(BannerCode.NOT_SEPARATING, {"reliability": reliability})]
    return []


def _about_design(table: Table, n: int, q: int, rows: int) -> list[Banner]:
    found = []
    if q == 1:
        return [Banner(BannerCode.ONE_REVIEWER, {"reviewer": table.reviewers[0]})]
    if rows == n:
        found.append(Banner(BannerCode.ONE_REVIEW_EACH, {"reviews": rows}))
    elif rows < THIN_REVIEWS_PER_FILE * n or rows < THIN_REVIEWS_PER_REVIEWER * q:
        figures = {"reviews": rows, "files": n, "reviewers": q, "reviews_per_file": rows / n}
        found.append(Banner(BannerCode.THIN_DATA, figures))
    if table.n_components > 1:
        sizes = zip(np.bincount(table.file_component), np.bincount(table.reviewer_component), strict=True)
        parts = [{"files": int(f), "reviewers": int(r)} for f, r in sizes]
        found.append(Banner(BannerCode.DISCONNECTED, {"components": parts}))
    if table.complete and n > 1:
        found.append(Banner(BannerCode.COMPLETE_DESIGN, {"files": n, "reviewers": q}))
    return found


def _about_reviewers(table: Table, q: int) -> list[Banner]:
    low = np.full(q, np.inf)
    high = np.full(q, -np.inf)
    np.minimum.at(low, table.reviewer, table.score)
    np.maximum.at(high, table.reviewer, table.score)
    same = (low == high) & (np.bincount(table.reviewer, minlength=q) >= CONSTANT_FROM)
    if not same.any() or table.all_equal:
        return []
    return [Banner(BannerCode.CONSTANT_REVIEWERS, {"reviewers": [table.reviewers[j] for j in np.flatnonzero(same)]})]


def recommended(found: Sequence[Banner]) -> str:
    """Which order to show first: the raw one where an adjustment says nothing or cannot be trusted."""
    return "raw" if any(banner.code in RAW_FIRST for banner in found) else "adjusted"
