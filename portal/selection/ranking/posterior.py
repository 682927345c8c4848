"""From the weighted variance ratios to what is believed of each file and reviewer: means, standard deviations, draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.selection.ranking.design import ERROR_DF, PRIOR_SUM, Design, Floats, Ints
from portal.selection.ranking.grid import Points, fits


@dataclass(slots=True)
class Posterior:
    """Posterior moments on the scale of the design (scores over the rubric's range, `design.y_mean` taken off)."""

    mean: Floats  # (n,) of mu + theta_i
    sd: Floats  # (n,)
    fixed: float  # of mu
    severity: Floats  # (q,)
    severity_sd: Floats  # (q,)
    error: float  # of the error variance
    nominee: float
    reviewer: float
    panel: float
    freedom: float  # of the t distributions that the intervals use


@dataclass(slots=True)
class Solved:
    """The conditional solutions at each kept point: coefficients, inverse matrices, error scale."""

    points: Points
    beta: Floats  # (G, p) coefficients of mu, reviewers, panels
    inverse: Floats  # (G, p, p) their covariance over the error variance
    error_sum: Floats  # (G,) residual sum of squares with the weak prior's share
    shrink: Floats  # (G, degrees)
    freedom: float


def solve(design: Design, points: Points) -> Solved:
    """Coefficients and their covariances at every point of the grid."""
    p = design.p
    beta, inverse, error_sum = [], [], []
    at = 0
    for part in fits(design, points):
        size = len(part.rss)
        scale = design.scaling(points.reviewer[at : at + size], points.panel[at : at + size])
        lower = part.chol[:, :p, :p]
        upper_inverse = np.linalg.inv(lower).transpose(0, 2, 1)
        scaled = scale[:, :, None] * upper_inverse
        beta.append(np.einsum("gij,gj->gi", scaled, part.chol[:, p, :p]))
        inverse.append(scaled @ scaled.transpose(0, 2, 1))
        error_sum.append(part.rss + PRIOR_SUM)
        at += size
    return Solved(
        points=points,
        beta=np.concatenate(beta),
        inverse=np.concatenate(inverse),
        error_sum=np.concatenate(error_sum),
        shrink=design.shrink(points.nominee),
        freedom=design.rows - 1 + ERROR_DF,
    )


def moments(design: Design, solved: Solved) -> Posterior:
    """Average over the grid by the law of total variance. The error variance is taken at RSS / freedom at each point."""
    weight = solved.points.weight
    sigma2 = solved.error_sum / solved.freedom
    g = solved.shrink[:, design.degree_of]  # (G, n)
    linear = (design.R @ solved.beta.T).T
    conditional = g * (design.S[None] - linear) + solved.beta[:, :1]
    mean = weight @ conditional
    between = weight @ (conditional - mean) ** 2
    within = _within(design, solved, weight * sigma2)
    severity = weight @ solved.beta[:, 1 : 1 + design.q]
    spread = weight @ (solved.beta[:, 1 : 1 + design.q] - severity) ** 2
    diagonal = np.diagonal(solved.inverse, axis1=1, axis2=2)[:, 1 : 1 + design.q]
    error = float(weight @ sigma2)
    return Posterior(
        mean=mean,
        sd=np.sqrt(between + within),
        fixed=float(weight @ solved.beta[:, 0]),
        severity=severity,
        severity_sd=np.sqrt(spread + (weight * sigma2) @ diagonal),
        error=error,
        nominee=float((weight * sigma2) @ solved.points.nominee**2),
        reviewer=float((weight * sigma2) @ solved.points.reviewer**2),
        panel=float((weight * sigma2) @ solved.points.panel**2),
        freedom=solved.freedom,
    )


def _within(design: Design, solved: Solved, scale: Floats) -> Floats:
    """Mean conditional variance of mu + theta_i: sum over points of scale (g + c' K^-1 c), c = (1, 0, ...) - g R_i."""
    out = np.zeros(design.n)
    inverse = solved.inverse
    base = float(scale @ inverse[:, 0, 0])
    for d in range(len(design.degrees)):
        at = np.flatnonzero(design.degree_of == d)
        g = solved.shrink[:, d]
        cross = (scale * g) @ inverse[:, :, 0]
        square = np.tensordot(scale * g**2, inverse, axes=1)
        rows = design.R[at]
        quadratic = np.asarray(rows.multiply(rows @ square).sum(axis=1)).ravel()
        out[at] = base + float(scale @ g) - 2.0 * (rows @ cross) + quadratic
    return out


@dataclass(slots=True)
class Conditionals:
    """Joint draws with the nominees' own noise still to add: independent normals given a draw. Both (draws, n), float32."""

    mean: NDArray[np.float32]
    sd: NDArray[np.float32]


def draw(design: Design, solved: Solved, order: Ints, draws: int, rng: np.random.Generator) -> Conditionals:
    """Draw variance ratios, error variance and coefficients; return mean and sd of each file's mu + theta_i given them.

    Grid points are taken in proportion to their weight (systematically, so without noise of their own). `order` ranks
    the random columns by what the data say of them, so that renaming reviewers does not change the draws.
    """
    half = (draws + 1) // 2
    which = np.searchsorted(np.cumsum(solved.points.weight), (np.arange(half) + 0.5) / half)
    which = np.minimum(which, len(solved.points.weight) - 1)
    normal = rng.standard_normal((half, design.p))
    chi = np.clip(rng.chisquare(solved.freedom, half), 1e-3, None)
    sigma = np.sqrt(solved.error_sum[which] / chi)
    beta = np.empty((half, design.p))
    for point in np.unique(which):
        at = which == point
        beta[at] = normal[at] @ np.linalg.cholesky(_ordered(solved.inverse[point], order)).T
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    noise = beta[:, back] * sigma[:, None]
    centre = solved.beta[which]
    both = np.concatenate([centre + noise, centre - noise])[:draws]  # antithetic pairs: coefficients average out exactly
    g = solved.shrink[np.concatenate([which, which])[:draws]][:, design.degree_of].astype(np.float32)
    linear = (design.R @ both.T).T.astype(np.float32)
    mean = g * (design.S.astype(np.float32)[None] - linear) + both[:, :1].astype(np.float32)
    sd = np.concatenate([sigma, sigma])[:draws, None].astype(np.float32) * np.sqrt(g)
    return Conditionals(mean=mean, sd=sd)


def _ordered(matrix: Floats, order: Ints) -> Floats:
    """Rows and columns in the given order, with a breath of ridge: covariances of absent effects are exactly zero."""
    moved = matrix[np.ix_(order, order)]
    return moved + np.eye(len(order)) * (1e-14 + 1e-12 * float(np.trace(moved)) / len(order))
