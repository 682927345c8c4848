"""Where the variance ratios may lie: the posterior on a 9 x 9 grid that follows the data, and REML.

Ratios are standard deviations relative to the error's, with half-Cauchy priors (Gelman 2006, Bayesian Analysis 1:515).
The grid lives in their logarithms, where the posterior is close to normal, and is moved in a few passes to the mean
plus or minus 3.5 standard deviations: nine points over seven of them integrate a normal to about nine digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from portal.selection.ranking.design import ERROR_DF, PRIOR_SUM, Design, Fit, Floats

NOMINEE_SCALE = 1.0
REVIEWER_SCALE = 0.5
PANEL_SCALE = 0.5
POINTS = 9
PANEL_POINTS = 5  # the third axis, only where there are panels
WIDE = (-4.2, 3.4)  # log ratios of the first pass: .015 to 30
HALF_WIDTH = 3.5
PASSES = 7
GRID_REVIEWERS = 300  # above this many random columns: REML plugged in
CHUNK = 4_000_000  # doubles in one batch of matrices
SLOPE = 1e-4  # step of the differences that give the slope
REML_BOUNDS = (-9.0, 6.0)  # log ratios; at the lower end the component counts as zero


@dataclass(slots=True)
class Points:
    """Variance ratios with their posterior weights: each array (G,), weights sum to 1."""

    nominee: Floats
    reviewer: Floats
    panel: Floats
    weight: Floats


def fits(design: Design, points: Points) -> list[Fit]:
    """The model at every point, in batches that keep memory bounded."""
    step = max(1, CHUNK // (design.p + 1) ** 2)
    return [
        design.fit(points.nominee[at : at + step], points.reviewer[at : at + step], points.panel[at : at + step])
        for at in range(0, len(points.nominee), step)
    ]


def _log_prior(log_ratio: Floats, scale: float) -> Floats:
    """Half-Cauchy density of the ratio, with the Jacobian of the logarithm."""
    return log_ratio - np.log1p(np.exp(2.0 * log_ratio) / scale**2)


def _axes(design: Design) -> list[tuple[int, float]]:
    """Which ratios are free: (number of points, prior scale) for nominees, reviewers, panels."""
    axes = [(POINTS, NOMINEE_SCALE)]
    if design.q:
        axes.append((POINTS, REVIEWER_SCALE))
    if design.s:
        axes.append((PANEL_POINTS, PANEL_SCALE))
    return axes


def _points(design: Design, logs: Floats) -> Points:
    """Log ratios (G, axes) as ratios; an absent effect has ratio 0."""
    zero = np.zeros(len(logs))
    columns = list(np.exp(logs).T)
    return Points(
        nominee=columns[0],
        reviewer=columns[1] if design.q else zero,
        panel=columns[-1] if design.s else zero,
        weight=np.full(len(logs), 1.0 / len(logs)),
    )


def posterior_grid(design: Design) -> Points:
    """Integrate over the variance ratios: grid points with weights, the negligible ones (under 1e-6) left out."""
    axes = _axes(design)
    low = np.full(len(axes), WIDE[0])
    high = np.full(len(axes), WIDE[1])
    freedom = design.rows - 1 + ERROR_DF
    for turn in range(PASSES):
        lines = [np.linspace(low[a], high[a], size) for a, (size, _) in enumerate(axes)]
        logs = np.array(list(product(*lines)))
        points = _points(design, logs)
        parts = fits(design, points)
        rss = np.concatenate([part.rss for part in parts])
        logdet = np.concatenate([part.logdet for part in parts])
        log_post = -0.5 * (logdet + freedom * np.log(rss + PRIOR_SUM))
        for a, (_, scale) in enumerate(axes):
            log_post = log_post + _log_prior(logs[:, a], scale)
        weight = np.exp(log_post - log_post.max())
        weight /= weight.sum()
        mean = weight @ logs
        sd = np.sqrt(np.maximum(weight @ (logs - mean) ** 2, 0.0))
        spacing = np.array([line[1] - line[0] for line in lines])
        if turn and bool((sd > 0.7 * spacing).all()):
            break
        reach = HALF_WIDTH * np.maximum(sd, 0.4 * spacing)
        low = np.maximum(mean - reach, WIDE[0] - 2.0)
        high = np.minimum(mean + reach, WIDE[1] + 2.0)
    keep = weight > 1e-6
    total = weight[keep].sum()
    return Points(points.nominee[keep], points.reviewer[keep], points.panel[keep], weight[keep] / total)


def reml(design: Design, start: Points | None = None) -> Points:
    """The ratios that maximize the restricted likelihood (Patterson & Thompson 1971, Biometrika 58:545): one point.

    `start` (a posterior grid) saves work. Large designs take a few Newton steps from moment estimates, which at their
    size differ from the maximum by less than its own standard error.
    """
    axes = _axes(design)

    def negative(logs: Floats) -> Floats:
        points = _points(design, np.atleast_2d(logs))
        part = design.fit(points.nominee, points.reviewer, points.panel)
        return 0.5 * (part.logdet + (design.rows - 1) * np.log(part.rss + 1e-12))

    if design.p > GRID_REVIEWERS:
        moments = np.clip(np.log(_moment_ratios(design)), -4.0, 3.0)[: len(axes)]
        found = _newton(lambda logs: float(negative(logs)[0]), moments)
    else:
        from scipy.optimize import minimize

        shift = np.eye(len(axes)) * SLOPE
        steps = np.concatenate([np.zeros((1, len(axes))), shift, -shift])

        def with_slope(logs: Floats) -> tuple[float, Floats]:
            values = negative(logs + steps)
            half = len(axes) + 1
            return float(values[0]), (values[1:half] - values[half:]) / (2 * SLOPE)

        guess = np.array([-0.3, -0.9, -0.9][: len(axes)])
        if start is not None:
            ratios = [start.nominee, *([start.reviewer] if design.q else []), *([start.panel] if design.s else [])]
            guess = np.array([float(start.weight @ np.log(ratio)) for ratio in ratios])
        options = {"ftol": 1e-12, "gtol": 1e-6, "maxiter": 60}
        bounds = [REML_BOUNDS] * len(axes)
        found = minimize(with_slope, guess, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    logs = np.where(found <= REML_BOUNDS[0] + 0.5, -np.inf, found)
    return _points(design, logs[None, :])


def _moment_ratios(design: Design) -> Floats:
    """Ratios for nominees, reviewers and panels from variances within files, within reviewers and in all."""
    total = design.yy / max(1, design.rows - 1)
    between = float((design.S**2 / np.maximum(design.count, 1)).sum())
    within_file = (design.yy - between) / max(1, design.rows - design.n)
    sums, counts = design.Xy[1 : 1 + design.q], np.diagonal(design.XX)[1 : 1 + design.q]
    within_reviewer = (design.yy - float((sums**2 / np.maximum(counts, 1)).sum())) / max(1, design.rows - design.q)
    nominee = max(total - within_file, 0.01 * total)
    reviewer = max(total - within_reviewer, 0.01 * total)
    error = max(total - nominee - reviewer, 0.01 * total)
    return np.sqrt(np.array([nominee / error, reviewer / error, 0.25]))


def _newton(negative: Callable[[Floats], float], at: Floats, step: float = 0.08, turns: int = 3) -> Floats:
    """A few Newton steps by differences; each is at most 1, and the last is short."""
    size = len(at)
    for _ in range(turns):
        here = negative(at)
        shift = np.eye(size) * step
        up = np.array([negative(at + s) for s in shift])
        down = np.array([negative(at - s) for s in shift])
        gradient = (up - down) / (2 * step)
        curvature = np.diag((up + down - 2 * here) / step**2)
        for a in range(size):
            for b in range(a):
                corner = (negative(at + shift[a] + shift[b]) - up[a] - up[b] + here) / step**2
                curvature[a, b] = curvature[b, a] = corner
        values, vectors = np.linalg.eigh(curvature)
        move = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), 1e-3))
        at = np.clip(at - np.clip(move, -1.0, 1.0), REML_BOUNDS[0], REML_BOUNDS[1])
        if np.abs(move).max() < 0.1:
            break
    return at
