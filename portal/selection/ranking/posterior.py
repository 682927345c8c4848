"""From the weighted variance ratios to what is believed of each file and reviewer: moments and draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.selection.ranking.design import ERROR_DF, PRIOR_SUM, Design, Floats, Ints
from portal.selection.ranking.grid import Points, fits

Float32s = NDArray[np.float32]


@dataclass(slots=True)
class Posterior:
    """Posterior moments on the scale of the design (scores over the rubric's range, `design.y_mean` taken off).

    A file's adjusted score is theta_i + mu + the mean of the reviewers' severities: what the whole panel would have
    given on average. Without that mean every interval would carry the doubt about mu, which no comparison needs.
    """

    mean: Floats  # (n,) of the adjusted score
    sd: Floats  # (n,)
    fixed: float  # of mu
    severity: Floats  # (q,)
    severity_sd: Floats  # (q,)
    error: float  # of the error variance
    nominee: float
    reviewer: float
    panel: float
    reliability: float  # mean share of a file's average review that is not error, 0 to 1
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
    """Average over the grid by the law of total variance. At each point the error variance is RSS / freedom."""
    weight = solved.points.weight
    sigma2 = solved.error_sum / solved.freedom
    g = solved.shrink[:, design.degree_of]  # (G, n)
    linear = (design.R @ solved.beta.T).T
    conditional = g * (design.S[None] - linear) + (solved.beta @ design.level)[:, None]
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
        reliability=float(weight @ (solved.shrink * design.degrees @ design.n_of) / design.n),
        freedom=solved.freedom,
    )


def _within(design: Design, solved: Solved, scale: Floats) -> Floats:
    """Mean conditional variance of the adjusted scores: sum over points of scale (g + c' K^-1 c), c = level - g R_i."""
    out = np.zeros(design.n)
    inverse = solved.inverse
    toward = inverse @ design.level
    base = float(scale @ (toward @ design.level))
    for d in range(len(design.degrees)):
        at = np.flatnonzero(design.degree_of == d)
        g = solved.shrink[:, d]
        cross = (scale * g) @ toward
        square = np.tensordot(scale * g**2, inverse, axes=1)
        rows = design.R[at]
        quadratic = np.asarray(rows.multiply(rows @ square).sum(axis=1)).ravel()
        out[at] = base + float(scale @ g) - 2.0 * (rows @ cross) + quadratic
    return out


class JointDraws:
    """Joint draws of everything that files share; given a draw, the files' scores are independent normals."""

    def __init__(self, design: Design, solved: Solved, which: Ints, beta: Floats, sigma: Floats) -> None:
        self.size = len(which)
        self._design, self._which = design, which
        self._beta = np.ascontiguousarray(beta.T.astype(np.float32))
        self._sigma = sigma.astype(np.float32)[:, None]
        self._shrink = solved.shrink.astype(np.float32)
        self._root = np.sqrt(self._shrink)
        self._sums = design.S.astype(np.float32)
        self._rows = design.R.astype(np.float32)

    def given(self, files: Ints, start: int, stop: int) -> tuple[Float32s, Float32s]:
        """Conditional mean and standard deviation of the scores of `files` in draws start..stop, (draws, files)."""
        part = self._beta[:, start:stop]
        linear = np.ascontiguousarray((self._rows[files] @ part).T)
        which, degree = self._which[start:stop], self._design.degree_of[files]
        mean = self._sums[files] - linear
        mean *= self._shrink[which][:, degree]
        mean += part[0][:, None]
        return mean, self._root[which][:, degree] * self._sigma[start:stop]


def draw(design: Design, solved: Solved, order: Ints, draws: int, rng: np.random.Generator) -> JointDraws:
    """Draw variance ratios, error variance and coefficients.

    Grid points are taken in proportion to their weight (systematically, so without noise of their own). `order` ranks
    the random columns by what the data say of them, so that renaming reviewers does not change the draws. The second
    half mirrors the first (antithetic): coefficients average out exactly.
    """
    half = (draws + 1) // 2
    which = np.searchsorted(np.cumsum(solved.points.weight), (np.arange(half) + 0.5) / half)
    which = np.minimum(which, len(solved.points.weight) - 1)
    which = which[rng.permutation(half)]
    normal = rng.standard_normal((half, design.p))
    chi = np.clip(rng.chisquare(solved.freedom, half), 1e-3, None)
    sigma = np.sqrt(solved.error_sum[which] / chi)
    noise = np.empty((half, design.p))
    for point in np.unique(which):
        at = which == point
        noise[at] = normal[at] @ np.linalg.cholesky(_ordered(solved.inverse[point], order)).T
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    noise = noise[:, back] * sigma[:, None]
    centre = solved.beta[which]
    both = np.stack([centre + noise, centre - noise], axis=1).reshape(2 * half, -1)[:draws]
    return JointDraws(design, solved, np.repeat(which, 2)[:draws], both, np.repeat(sigma, 2)[:draws])


def _ordered(matrix: Floats, order: Ints) -> Floats:
    """Rows and columns in the given order, with a breath of ridge: covariances of absent effects are exactly zero."""
    moved = matrix[np.ix_(order, order)]
    return moved + np.eye(len(order)) * (1e-14 + 1e-12 * float(np.trace(moved)) / len(order))
