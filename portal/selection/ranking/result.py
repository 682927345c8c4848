"""What a ranking hands out: plain values at full precision, and codes where a sentence is the caller's to write."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Id = Hashable


class BannerCode(StrEnum):
    """Why a reader of the board should be careful; `Banner.facts` carries the figures for the sentence."""

    NO_SCORES = "no_scores"  # no review at all
    ALL_EQUAL = "all_equal"  # every score is the same: the scores do not separate the files
    NOT_SEPARATING = "not_separating"  # reliability under .2; facts: reliability
    ONE_REVIEWER = "one_reviewer"  # raw order only; severity cannot be told from quality
    ONE_REVIEW_EACH = "one_review_each"  # no file was read twice
    THIN_DATA = "thin_data"  # too few reviews to adjust; facts: reviews, files, reviewers, reviews_per_file
    DISCONNECTED = "disconnected"  # facts: components (list of {"files": n, "reviewers": n})
    COMPLETE_DESIGN = "complete_design"  # everybody read everything: adjustment cannot change the order
    K_OVER_FILES = "k_over_files"  # as many places as files or more; facts: winners, files
    FILES_WITHOUT_REVIEWS = "files_without_reviews"  # facts: files (list of ids)
    CONSTANT_REVIEWERS = "constant_reviewers"  # gave one score to all their files (3 or more); facts: reviewers
    MIXED_RUBRICS = "mixed_rubrics"  # reviews under more than one rubric version; facts: counts {version: reviews}
    ADJUSTMENT_OFF = "adjustment_off"  # asked for with adjust=False


@dataclass(frozen=True, slots=True)
class Banner:
    """One warning: a code and the figures its sentence needs."""

    code: BannerCode
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class FileResult:
    """One nominee file. Scores are in rubric points; chances are 0 to 1; everything but ids is None when unread."""

    file: Id
    reviews: int
    raw: float | None = None  # plain mean of its reviews' scores
    adjusted: float | None = None  # posterior mean of mu + theta_i
    sd: float | None = None  # posterior standard deviation of the adjusted score
    low50: float | None = None
    high50: float | None = None
    low90: float | None = None
    high90: float | None = None
    chance: float | None = None  # of being among the top k
    expected_rank: float | None = None
    rank_low: int | None = None  # 5th and 95th hundredth of the joint draws' ranks
    rank_high: int | None = None
    raw_place: int | None = None  # 1 = best; equal values share a place ("1, 2, 2, 4")
    adjusted_place: int | None = None
    flip: float | None = None  # chance that one more review moves this file across the cut
    component: int | None = None  # files of different components share no chain of readers

    @property
    def change(self) -> float | None:
        """Rubric points that the adjustment adds (negative: takes away)."""
        return None if self.adjusted is None or self.raw is None else self.adjusted - self.raw


@dataclass(slots=True)
class ReviewerResult:
    """One reviewer. `severity` is the points they add to a score: below 0 stricter, above 0 more lenient."""

    reviewer: Id
    reviews: int
    mean: float  # of the scores given
    spread: float | None  # standard deviation of the scores given; None with one review
    severity: float
    sd: float
    low90: float
    high90: float
    component: int


@dataclass(frozen=True, slots=True)
class VarianceComponents:
    """REML variances in squared rubric points. `panel` is 0 where there are no panels."""

    nominee: float
    reviewer: float
    error: float
    panel: float = 0.0


@dataclass(slots=True)
class Ranking:
    """A whole ranking. `files` is sorted: best adjusted first, unread files last, equal ones by id for stability."""

    files: list[FileResult]
    reviewers: list[ReviewerResult]
    winners: int
    mean: float | None  # posterior mean of mu
    variances: VarianceComponents | None  # REML
    posterior_variances: VarianceComponents | None  # averaged over the grid, what the intervals use
    reliability: float | None  # share of the variation of the adjusted scores that is not noise, 0 to 1
    components: int
    banners: list[Banner]
    recommended: str  # "adjusted" or "raw": which order to show first
    draws: int
    seed: int
    method: str

    def by_file(self) -> dict[Id, FileResult]:
        """The same results, looked up by file id."""
        return {result.file: result for result in self.files}

    def banner(self, code: str) -> Banner | None:
        """The banner with this code, if it is shown."""
        return next((banner for banner in self.banners if banner.code == code), None)
