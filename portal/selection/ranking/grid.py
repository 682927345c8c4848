"""Where the variance ratios may lie: the posterior on a 9 x 9 grid that follows the data, and REML.

Ratios are standard deviations relative to the error's, with half-Cauchy priors (Gelman 2006, Bayesian Analysis 1:515).
The grid lives in their logarithms, where the posterior is close to normal, and is moved in a few passes to the mean
plus or minus 3.5 standard deviations: nine points over seven of them integrate a normal to about nine digits.
"""

from __future__ import annotations

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
    """The ratios that maximize the restricted likelihood (Patterson & Thompson 1971, Biometrika 58:545): one point."""
    from scipy.optimize import minimize

    axes = _axes(design)
    freedom = design.rows - 1

    def negative(logs: Floats) -> float:
        points = _points(design, np.asarray(logs)[None, :])
        part = design.fit(points.nominee, points.reviewer, points.panel)
        return 0.5 * float(part.logdet[0] + freedom * np.log(part.rss[0] + 1e-12))

    if start is not None:
        ratios = [start.nominee, *([start.reviewer] if design.q else []), *([start.panel] if design.s else [])]
        guess = np.array([float(start.weight @ np.log(ratio)) for ratio in ratios])
    else:
        guess = np.array([-0.3, -0.9, -0.9][: len(axes)])
    coarse = design.p > GRID_REVIEWERS
    found = minimize(
        negative,
        guess,
        method="L-BFGS-B",
        bounds=[REML_BOUNDS] * len(axes),
        options={"ftol": 1e-6 if coarse else 1e-13, "gtol": 1e-2 if coarse else 1e-7, "maxiter": 8 if coarse else 60},
    )
    logs = np.where(found.x <= REML_BOUNDS[0] + 0.5, -np.inf, found.x)
    return _points(design, logs[None, :])
