"""How reviewers and files hang together: components, and how well reviewers can be compared with each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

DENSE_LIMIT = 400  # reviewers up to which the spectral gap is computed


@dataclass(frozen=True, slots=True)
class Connectivity:
    """How comparable reviewers are. Shares are 0 to 1."""

    components: int  # 1 = everybody is linked to everybody by a chain of shared files
    compared: float  # share of pairs of reviewers with at least one file in common
    most_together: int  # files that the most frequent pair of reviewers shares
    repeated: int  # sum over pairs of reviewers of the files they share beyond the first
    gap: float | None  # second smallest eigenvalue of the normalized Laplacian (0 = apart); None when too large


def labels(
    file: NDArray[np.intp], reviewer: NDArray[np.intp], n_files: int, n_reviewers: int
) -> tuple[int, NDArray[np.intp], NDArray[np.intp]]:
    """Number of components, and the component of each file and of each reviewer. Loners are components of their own."""
    size = n_files + n_reviewers
    ones = np.ones(len(file), dtype=np.int8)
    graph = sparse.coo_array((ones, (file, reviewer + n_files)), shape=(size, size)).tocsr()
    count, label = connected_components(graph, directed=False)
    return int(count), label[:n_files].astype(np.intp), label[n_files:].astype(np.intp)


def components(pairs: Iterable[tuple[int, int]], n_files: int, n_reviewers: int) -> int:
    """Number of connected components among the files and reviewers that appear in `pairs` (file, reviewer)."""
    table = np.array(sorted(set(pairs)), dtype=np.intp).reshape(-1, 2)
    if not len(table):
        return 0
    count, _, _ = labels(table[:, 0], table[:, 1], n_files, n_reviewers)
    loners = (n_files - len(np.unique(table[:, 0]))) + (n_reviewers - len(np.unique(table[:, 1])))
    return count - loners


def shared_files(pairs: Iterable[tuple[int, int]], n_files: int, n_reviewers: int) -> sparse.csr_array:
    """Reviewers x reviewers, strictly upper triangular: how many files each pair of reviewers shares."""
    table = np.array(list(pairs), dtype=np.intp).reshape(-1, 2)
    reads = sparse.csr_array((np.ones(len(table)), (table[:, 0], table[:, 1])), shape=(n_files, n_reviewers))
    return sparse.csr_array(sparse.triu(reads.T @ reads, k=1))


def connectivity(pairs: Iterable[tuple[int, int]], n_files: int, n_reviewers: int) -> Connectivity:
    """Describe how well the readers of `pairs` (file, reviewer) are linked. Reviewers without a file are left out."""
    listed = list(pairs)
    together = shared_files(listed, n_files, n_reviewers)
    active = np.unique(np.array([r for _, r in listed], dtype=np.intp))
    possible = len(active) * (len(active) - 1) // 2
    counts = together.data
    return Connectivity(
        components=components(listed, n_files, n_reviewers),
        compared=float((counts > 0).sum() / possible) if possible else 1.0,
        most_together=int(counts.max()) if len(counts) else 0,
        repeated=int(np.maximum(counts - 1, 0).sum()) if len(counts) else 0,
        gap=_gap(together, active),
    )


def _gap(together: sparse.csr_array, active: NDArray[np.intp]) -> float | None:
    if len(active) > DENSE_LIMIT:
        return None
    if len(active) < 2:
        return 1.0
    weight = together.toarray()
    weight = (weight + weight.T)[np.ix_(active, active)]
    degree = weight.sum(axis=1)
    if (degree == 0).any():
        return 0.0
    root = 1.0 / np.sqrt(degree)
    values = np.linalg.eigvalsh(np.eye(len(active)) - root[:, None] * weight * root[None, :])
    return float(max(values[1], 0.0))
