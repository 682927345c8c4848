"""The ranking itself: reviews in, adjusted scores with their certainty out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from portal.selection.ranking.banners import banners, recommended
from portal.selection.ranking.design import Design, Floats
from portal.selection.ranking.draws import Standing, standing
from portal.selection.ranking.grid import GRID_REVIEWERS, Points, posterior_grid, reml
from portal.selection.ranking.one_more import one_more_review
from portal.selection.ranking.posterior import Posterior, draw, moments, solve
from portal.selection.ranking.result import FileResult, Id, Ranking, ReviewerResult, VarianceComponents
from portal.selection.ranking.table import Table, read_table

METHOD_VERSION = "1.0"
DRAW_CELLS = 400_000  # draws x files
EQUAL = 9  # decimals (of the rubric's range) within which two scores count as the same


def rank(
    files: Sequence[Id],
    reviewers: Sequence[Id],
    scores: ArrayLike,
    *,
    winners: int,
    panels: Sequence[Id] | None = None,
    all_files: Sequence[Id] | None = None,
    scale: tuple[float, float] | None = None,
    versions: Sequence[Id] | None = None,
    seed: int = 0,
    draws: int | None = None,
    adjust: bool = True,
) -> Ranking:
    """Rank nominee files from their reviews: one row a review, `files`, `reviewers` and `scores` in parallel.

    `scores` are rubric points (see `review_scores`). `winners` is k, the number of places (1 or more). `panels` names
    each review's panel where separate panels read separate files; `all_files` adds files that nobody read; `scale` is
    the rubric's lowest and highest level (default: what the scores span); `versions` each review's rubric version.
    `adjust=False` leaves reviewers out of the model and shows raw means. The result does not depend on the order of
    rows, and beyond ties not on ids either. Raises ValueError for scores that are no numbers, lists of different
    length, a second review of a file by the same reviewer, and winners below 1.
    """
    if winners < 1:
        raise ValueError("The number of winners must be 1 or more.")
    table = read_table(files, reviewers, scores, panels, all_files)
    if len(table.score) == 0:
        return _empty(table, winners, seed)
    width = _width(table.score, scale)
    use_reviewers = adjust and len(table.reviewers) > 1
    design = _design(table, width, use_reviewers)
    large = design.p > GRID_REVIEWERS
    best = reml(design) if large else None
    points = _above_zero(best) if best is not None else posterior_grid(design)
    posterior, places, count = _compute(design, points, table, winners, seed, draws)
    variances = _variances(design, table, width, best, points)
    return _assemble(table, design, posterior, places, variances, width, winners, seed, count, adjust, versions)


def _width(score: Floats, scale: tuple[float, float] | None) -> float:
    """The rubric's range in points; without a scale what the scores span, or 1 when they are all equal."""
    width = float(scale[1] - scale[0]) if scale is not None else float(score.max() - score.min())
    return width if width > 1e-9 else 1.0


def _design(table: Table, width: float, use_reviewers: bool) -> Design:
    use_panels = len(table.panels) > 1
    return Design(
        table.file,
        table.reviewer if use_reviewers else None,
        table.panel if use_panels else None,
        table.score / width,
        len(table.files),
        len(table.reviewers) if use_reviewers else 0,
        len(table.panels) if use_panels else 0,
    )


def _compute(
    design: Design, points: Points, table: Table, winners: int, seed: int, draws: int | None
) -> tuple[Posterior, Standing, int]:
    """Posterior moments, then the joint draws in an order that only the data decide."""
    solved = solve(design, points)
    posterior = moments(design, solved)
    n = design.n
    count = draws if draws is not None else int(np.clip(DRAW_CELLS // n, 200, 4000))
    rng = np.random.default_rng(seed)
    effects = np.round(solved.points.weight @ solved.beta, EQUAL)
    columns = np.concatenate([[0], 1 + np.argsort(effects[1:], kind="stable")]).astype(np.intp)
    joint = draw(design, solved, columns, count, rng)
    return posterior, standing(joint, posterior.mean, posterior.sd, winners, rng, table.all_equal), count


def _above_zero(best: Points) -> Points:
    """The same point with no ratio at exactly zero, so that nothing is taken as certain."""
    return Points(np.maximum(best.nominee, 1e-4), best.reviewer, best.panel, best.weight)


def _variances(
    design: Design, table: Table, width: float, best: Points | None, start: Points
) -> VarianceComponents | None:
    """REML variance components in squared points; None where they cannot be told apart (no file read twice)."""
    if len(table.score) <= max(len(table.files), 2):
        return None
    if table.all_equal:
        return VarianceComponents(0.0, 0.0, 0.0, 0.0)
    point = best or reml(design, start)
    fit = design.fit(point.nominee, point.reviewer, point.panel)
    error = float(fit.rss[0]) / (design.rows - 1) * width**2
    return VarianceComponents(
        nominee=float(point.nominee[0] ** 2) * error,
        reviewer=float(point.reviewer[0] ** 2) * error,
        error=error,
        panel=float(point.panel[0] ** 2) * error,
    )


def _places(values: Floats) -> NDArray[np.intp]:
    """Competition places, 1 for the largest; values equal to nine decimals share a place."""
    rounded = -np.round(values, EQUAL)
    return np.searchsorted(np.sort(rounded), rounded, side="left") + 1


def _assemble(
    table: Table,
    design: Design,
    posterior: Posterior,
    places: Standing,
    variances: VarianceComponents | None,
    width: float,
    winners: int,
    seed: int,
    draws: int,
    adjust: bool,
    versions: Sequence[Id] | None,
) -> Ranking:
    """Bring everything back to rubric points and to the ids that came in."""
    plain = table.complete or not adjust or len(table.reviewers) == 1
    used = (posterior.nominee, posterior.reviewer, posterior.error, posterior.panel)
    chances = VarianceComponents(*(value * width**2 for value in used))
    reliability = 0.0 if table.all_equal else posterior.reliability
    warnings = banners(table, winners, reliability, adjust, versions)
    return Ranking(
        files=_files(table, design, posterior, places, chances, width, winners, plain),
        reviewers=_reviewers(table, posterior, width, design.q > 0),
        winners=winners,
        mean=(posterior.fixed + design.y_mean) * width,
        variances=variances,
        posterior_variances=chances,
        reliability=reliability,
        components=table.n_components,
        banners=warnings,
        recommended=recommended(warnings),
        draws=draws,
        seed=seed,
        method=METHOD_VERSION,
    )


def _files(
    table: Table,
    design: Design,
    posterior: Posterior,
    places: Standing,
    variances: VarianceComponents,
    width: float,
    winners: int,
    plain: bool,
) -> list[FileResult]:
    """File results, best first. `plain`: the adjustment has nothing to say, the raw mean stands with its own error."""
    raw = np.bincount(table.file, weights=table.score, minlength=design.n) / design.count
    adjusted = raw if plain else (posterior.mean + design.y_mean) * width
    sd = np.sqrt(posterior.error / design.count) * width if plain else posterior.sd * width
    flip = one_more_review(
        adjusted, posterior.sd * width, winners, reviewer_variance=variances.reviewer, error_variance=variances.error
    )
    half50, half90 = (float(stdtrit(posterior.freedom, tail)) * sd for tail in (0.75, 0.95))
    figures = (
        design.count, raw, adjusted, sd, adjusted - half50, adjusted + half50, adjusted - half90, adjusted + half90,
        places.chance, places.expected_rank, places.rank_low, places.rank_high, _places(raw), _places(adjusted), flip,
        table.file_component,
    )  # fmt: skip
    results = [FileResult(*row) for row in zip(table.files, *(column.tolist() for column in figures), strict=True)]
    results.sort(key=lambda result: result.adjusted_place or 0)
    return results + [FileResult(file=name, reviews=0) for name in table.unread]


def _reviewers(table: Table, posterior: Posterior, width: float, modeled: bool) -> list[ReviewerResult]:
    """Reviewer results, strictest first."""
    t90 = float(stdtrit(posterior.freedom, 0.95))
    q = len(table.reviewers)
    count = np.bincount(table.reviewer, minlength=q)
    mean = np.bincount(table.reviewer, weights=table.score, minlength=q) / count
    square = np.bincount(table.reviewer, weights=(table.score - mean[table.reviewer]) ** 2, minlength=q)
    severity = posterior.severity * width if modeled else np.zeros(q)
    sd = posterior.severity_sd * width if modeled else np.zeros(q)
    results = [
        ReviewerResult(
            reviewer=name,
            reviews=int(count[j]),
            mean=float(mean[j]),
            spread=float(np.sqrt(square[j] / (count[j] - 1))) if count[j] > 1 else None,
            severity=float(severity[j]),
            sd=float(sd[j]),
            low90=float(severity[j] - t90 * sd[j]),
            high90=float(severity[j] + t90 * sd[j]),
            component=int(table.reviewer_component[j]),
        )
        for j, name in enumerate(table.reviewers)
    ]
    return sorted(results, key=lambda result: result.severity)


def _empty(table: Table, winners: int, seed: int) -> Ranking:
    """Nobody has scored yet: no figures, one banner."""
    warnings = banners(table, winners, None, True, None)
    return Ranking(
        files=[FileResult(file=name, reviews=0) for name in table.unread],
        reviewers=[], winners=winners, mean=None, variances=None, posterior_variances=None, reliability=None,
        components=0, banners=warnings, recommended="raw", draws=0, seed=seed, method=METHOD_VERSION,
    )  # fmt: skip
