"""Sufficient statistics of the score model after the nominees are eliminated, and its marginal likelihood.

The model is s_r = mu + theta_i + b_j + u_p + e_r. Given the ratio of the nominee to the error variance, nominees
integrate out exactly and what is left is a small dense problem in (mu, reviewers, panels). Mixed-model equations:
Henderson 1975, Biometrics 31:423; elimination of the largest factor: Searle, Casella & McCulloch 1992, ch. 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ERROR_DF = 1.0  # weak scaled inverse chi-square on the error variance ...
ERROR_SCALE = 0.1  # ... with a scale of a tenth of the rubric's range: keeps "all scores equal" proper
DENSE_LIMIT = 320  # up to this many columns the per-degree cross-products are kept dense


@dataclass(slots=True)
class Fit:
    """The model at a batch of G variance ratios (standard deviations relative to the error's)."""

    rss: Floats  # (G,) penalized residual sum of squares, without the weak prior's share
    logdet: Floats  # (G,) log determinant of everything but the error variance
    chol: Floats  # (G, p + 1, p + 1) Cholesky of the augmented, scaled equations; last row holds the right-hand side


class Design:
    """Reviews by number: files 0..n-1, reviewers 0..q-1, panels 0..s-1 (or none), `y` over the rubric's range."""

    def __init__(
        self, file: Ints, reviewer: Ints | None, panel: Ints | None, y: Floats, n: int, q: int, s: int
    ) -> None:
        self.n, self.q, self.s, self.rows = n, q, s, len(y)
        self.p = 1 + q + s
        # Picks mu plus the mean of the reviewers' and of the panels' effects: the level of the whole panel.
        self.level = np.concatenate([[1.0], np.full(q, 1.0 / max(q, 1)), np.full(s, 1.0 / max(s, 1))])
        self.y_mean = float(y.mean())
        y = y - self.y_mean
        columns = [np.zeros(len(y), dtype=np.intp)]
        if reviewer is not None:
            columns.append(1 + reviewer)
        if panel is not None:
            columns.append(1 + q + panel)
        col = np.concatenate(columns)
        row = np.tile(file, len(columns))
        self.R = sparse.csr_array((np.ones(len(col)), (row, col)), shape=(n, self.p))  # sums of X over a file's reviews
        self.S = np.bincount(file, weights=y, minlength=n)  # sums of y over a file's reviews
        self.count = np.bincount(file, minlength=n)
        self.degrees, self.degree_of, self.n_of = np.unique(self.count, return_inverse=True, return_counts=True)
        obs = np.tile(np.arange(len(y)), len(columns))
        X = sparse.csr_array((np.ones(len(col)), (obs, col)), shape=(len(y), self.p))
        self.XX = (X.T @ X).toarray()
        self.Xy = X.T @ y
        self.yy = float(y @ y)
        D = len(self.degrees)
        self.H = np.zeros((D, self.p))
        self.Q = np.bincount(self.degree_of, weights=self.S**2, minlength=D)
        self.G: Floats | None = np.zeros((D, self.p, self.p)) if self.p <= DENSE_LIMIT else None
        for d in range(D):
            at = self.degree_of == d
            part = self.R[at]
            self.H[d] = part.T @ self.S[at]
            if self.G is not None:
                dense = part.toarray()
                self.G[d] = dense.T @ dense

    def shrink(self, nominee: Floats) -> Floats:
        """g = 1 / (d + 1/ratio^2) for each ratio (G,) and each distinct number of reviews d: shape (G, degrees)."""
        squared = nominee[:, None] ** 2
        return squared / (1.0 + squared * self.degrees[None, :])

    def scaling(self, reviewer: Floats, panel: Floats) -> Floats:
        """Column scales (G, p) that turn each random effect into a unit-variance one: 1 for mu, then the ratios."""
        scale = np.ones((len(reviewer), self.p))
        scale[:, 1 : 1 + self.q] = reviewer[:, None]
        scale[:, 1 + self.q :] = panel[:, None]
        return scale

    def cross(self, g: Floats) -> Floats:
        """X'MX for each row of g (U, degrees): shape (U, p, p)."""
        if self.G is not None:
            return self.XX[None] - np.tensordot(g, self.G, axes=1)
        out = np.empty((len(g), self.p, self.p))
        for u, row in enumerate(g):
            weighted = self.R.multiply(row[self.degree_of][:, None]).tocsr()
            out[u] = self.XX - (self.R.T @ weighted).toarray()
        return out

    def fit(self, nominee: Floats, reviewer: Floats, panel: Floats) -> Fit:
        """Solve the penalized equations at G variance ratios (each (G,)). Takes G (p + 1)^2 doubles of memory."""
        unique, inverse = np.unique(nominee, return_inverse=True)
        g = self.shrink(unique)
        cross = self.cross(g)[inverse]
        right = (self.Xy[None] - g @ self.H)[inverse]
        corner = (self.yy - g @ self.Q)[inverse]
        scale = self.scaling(reviewer, panel)
        p = self.p
        aug = np.empty((len(nominee), p + 1, p + 1))
        aug[:, :p, :p] = cross * scale[:, :, None] * scale[:, None, :]
        aug[:, p, :p] = aug[:, :p, p] = right * scale
        aug[:, p, p] = corner + PRIOR_SUM
        diagonal = np.arange(1, p)
        aug[:, diagonal, diagonal] += 1.0
        chol = np.asarray(np.linalg.cholesky(aug), dtype=np.float64)
        pivots = np.diagonal(chol, axis1=1, axis2=2)
        eliminated = np.log1p(unique[:, None] ** 2 * self.degrees[None, :]) @ self.n_of
        logdet = eliminated[inverse] + 2.0 * np.log(pivots[:, :p]).sum(axis=1)
        return Fit(rss=np.maximum(pivots[:, p] ** 2 - PRIOR_SUM, 0.0), logdet=logdet, chol=chol)


PRIOR_SUM = ERROR_DF * ERROR_SCALE**2
