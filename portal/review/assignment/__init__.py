"""Assign nominee files to reviewers: best matches under loads and conflicts, mixed readers, reasons to read.

Public interface (pure: numpy and scipy; files and reviewers are positions in the affinity table):

    assign(affinity, *, allowed=None, need=3, load_min=0, load_max=None, fixed=(), seed=0,
           spread=.1, floor=True, balance=1) -> Assignment       raises Infeasible, which says what blocks it
    reassign(affinity, *, current, allowed, need, load_min, load_max, locked=(), seed) -> Assignment
                                                                 after a recusal: as few changes as possible
    components(pairs, n_files, n_reviewers) -> int               1 = all readers linked by a chain of shared files
    connectivity(pairs, n_files, n_reviewers) -> Connectivity    how well linked
"""

from portal.review.assignment.assign import assign, reassign
from portal.review.assignment.connect import Connectivity, components, connectivity
from portal.review.assignment.result import Assignment, Floor, Infeasible, Pair, PairReason

__all__ = [
    "Assignment",
    "Connectivity",
    "Floor",
    "Infeasible",
    "Pair",
    "PairReason",
    "assign",
    "components",
    "connectivity",
    "reassign",
]
