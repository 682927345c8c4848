"""Ranking: published cases, properties that always hold, every awkward panel, and whether the intervals are honest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.selection.agreement import icc
from portal.selection.ranking import (
    METHOD_VERSION,
    BannerCode,
    joining_reviews,
    one_more_review,
    rank,
    review_scores,
)
from portal.selection.ranking.draws import standing
from tests.cases import load, table

NAN = float("nan")


def panel(n=24, q=7, m=3, seed=1, severity=0.4, quality=0.6, error=0.4, whole=False):
    """A partly overlapping panel: files, reviewers, scores, and the true qualities."""
    rng = np.random.default_rng(seed)
    truth, strict = rng.normal(0, quality, n), rng.normal(0, severity, q)
    files, reviewers, scores = [], [], []
    for i in range(n):
        for j in rng.choice(q, m, replace=False):
            value = 2.7 + truth[i] + strict[j] + rng.normal(0, error)
            files.append(f"f{i:03d}")
            reviewers.append(f"r{j}")
            scores.append(float(np.clip(round(value), 1, 4)) if whole else value)
    return files, reviewers, scores, truth


def by_file(ranking, field):
    return {result.file: getattr(result, field) for result in ranking.files}


# Published cases


def test_shrout_fleiss_comes_out_of_the_variance_components():
    case, ratings = load("icc_shrout_fleiss"), table("shrout_fleiss_1979")
    files = [f"t{i}" for i in range(6) for _ in range(4)]
    made = rank(files, [f"j{j}" for j in range(4)] * 6, ratings.ravel(), winners=2)
    expected = case["variance_components_REML"]
    assert made.variances.nominee == pytest.approx(expected["target"], abs=5e-5)
    assert made.variances.reviewer == pytest.approx(expected["judge"], abs=5e-5)
    assert made.variances.error == pytest.approx(expected["residual"], abs=5e-5)
    found = icc(made.variances, 4)
    assert found.single == pytest.approx(case["exact"]["ICC(2,1)"], abs=5e-5)
    assert found.mean == pytest.approx(case["exact"]["ICC(2,4)"], abs=5e-5)
    assert found.adjusted == pytest.approx(case["exact"]["ICC(3,4)"], abs=5e-5)


class Independent:
    """Files whose scores are independent normals, `mean` and `sd` each (n,), as if drawn `size` times."""

    def __init__(self, mean, sd, size):
        self.mean, self.sd, self.size = mean.astype(np.float32), sd.astype(np.float32), size

    def given(self, files, start, stop):
        shape = (stop - start, len(files))
        return np.broadcast_to(self.mean[files], shape), np.broadcast_to(self.sd[files], shape)


def test_chances_and_expected_ranks_of_three_normals():
    case = load("rank_probability")[0]
    mean, sd, draws = np.array(case["mean"]), np.array(case["sd"]), 4000
    found = standing(Independent(mean, sd, draws), mean, sd, 1, np.random.default_rng(0))
    expected = np.array(case["P_best"])
    error = np.sqrt(expected * (1 - expected) / draws)
    assert (np.abs(found.chance - expected) < 3 * error).all()
    assert (np.abs(found.expected_rank - case["expected_rank"]) < 3 * 0.8 / np.sqrt(draws)).all()
    assert found.chance.sum() == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("n", "k"), [(2, 1), (7, 3), (40, 8), (300, 299)])
def test_identical_posteriors_have_chances_k_over_n(n, k):
    mean, sd = np.full(n, 0.3), np.full(n, 0.2)
    found = standing(Independent(mean, sd, 500), mean, sd, k, np.random.default_rng(1))
    assert found.chance == pytest.approx(np.full(n, k / n), abs=1e-9)
    assert np.ptp(found.chance) == 0.0
    assert found.expected_rank == pytest.approx(np.full(n, (n + 1) / 2))


# Properties


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_changes_nothing(seed):
    files, reviewers, scores, _ = panel(seed=seed % 50, whole=True)
    order = np.random.default_rng(seed).permutation(len(files))
    one = rank(files, reviewers, scores, winners=6)
    two = rank([files[i] for i in order], [reviewers[i] for i in order], [scores[i] for i in order], winners=6)
    assert [r.file for r in one.files] == [r.file for r in two.files]
    for field in ("adjusted", "sd", "chance", "expected_rank", "flip"):
        assert by_file(one, field) == pytest.approx(by_file(two, field), abs=1e-9)


@pytest.mark.parametrize(("whole", "close"), [(True, 0.01), (False, 1e-6)])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_names_change_neither_scores_nor_chances(whole, close, seed):
    """Without equal scores not even the draws depend on names."""
    files, reviewers, scores, _ = panel(seed=seed % 50, whole=whole)
    rng = np.random.default_rng(seed)
    new_file = dict(zip(sorted(set(files)), rng.permutation(sorted(set(files))).tolist(), strict=True))
    new_reviewer = dict(zip(sorted(set(reviewers)), rng.permutation(sorted(set(reviewers))).tolist(), strict=True))
    one = rank(files, reviewers, scores, winners=6)
    two = rank([new_file[f] for f in files], [new_reviewer[r] for r in reviewers], scores, winners=6)
    adjusted, chance = by_file(two, "adjusted"), by_file(two, "chance")
    for result in one.files:
        assert adjusted[new_file[result.file]] == pytest.approx(result.adjusted, abs=1e-9)
        assert chance[new_file[result.file]] == pytest.approx(result.chance, abs=close)


@given(st.integers(0, 50), st.floats(-40, 40))
@settings(max_examples=15, deadline=None)
def test_a_constant_moves_every_score_by_itself_and_no_rank(seed, constant):
    files, reviewers, scores, _ = panel(seed=seed)
    one = rank(files, reviewers, scores, winners=6)
    two = rank(files, reviewers, [score + constant for score in scores], winners=6)
    moved = by_file(two, "adjusted")
    for result in one.files:
        assert moved[result.file] == pytest.approx(result.adjusted + constant, abs=1e-6)
    assert [r.file for r in one.files] == [r.file for r in two.files]
    assert by_file(one, "sd") == pytest.approx(by_file(two, "sd"), abs=1e-6)


@given(st.integers(0, 200), st.integers(1, 24))
@settings(max_examples=25, deadline=None)
def test_chances_sum_to_the_number_of_places(seed, winners):
    files, reviewers, scores, _ = panel(seed=seed, whole=True)
    made = rank(files, reviewers, scores, winners=winners)
    chances = [result.chance for result in made.files]
    assert sum(chances) == pytest.approx(winners, abs=1e-6)
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert sum(result.expected_rank for result in made.files) == pytest.approx(24 * 25 / 2)


def test_a_missing_review_is_not_a_zero():
    files, reviewers, scores, _ = panel()
    whole = by_file(rank(files, reviewers, scores, winners=6), "adjusted")
    fewer = rank(files[1:], reviewers[1:], scores[1:], winners=6)
    zeroed = by_file(rank(files, reviewers, [0.0, *scores[1:]], winners=6), "adjusted")
    first = fewer.by_file()[files[0]]
    assert first.reviews == 2
    assert abs(first.adjusted - whole[files[0]]) < 0.5
    assert whole[files[0]] - zeroed[files[0]] > 0.5  # the mistake would show


def test_more_severity_changes_raw_means_and_hardly_the_adjusted_order():
    files, reviewers, scores, _ = panel(n=60, q=8, m=3, severity=0.0)
    harsh = [score - (1.2 if reviewer == "r0" else 0.0) for reviewer, score in zip(reviewers, scores, strict=True)]
    one, two = rank(files, reviewers, scores, winners=10), rank(files, reviewers, harsh, winners=10)
    read = {f for f, r in zip(files, reviewers, strict=True) if r == "r0"}
    raw_change = [abs(by_file(one, "raw")[f] - by_file(two, "raw")[f]) for f in read]
    names = sorted(set(files))
    before, after = (np.array([by_file(made, "adjusted")[f] for f in names]) for made in (one, two))
    moved = after - before - (after - before).mean()  # the whole panel's level falls by its share
    assert min(raw_change) == pytest.approx(0.4)
    assert np.abs(moved).max() < 0.1
    assert np.corrcoef(np.argsort(np.argsort(before)), np.argsort(np.argsort(after)))[0, 1] > 0.99
    strictest = two.reviewers[0]
    assert (strictest.reviewer, strictest.severity) == ("r0", pytest.approx(-1.1, abs=0.25))
    assert strictest.high90 < 0.0


def test_the_seed_decides_the_draws_and_nothing_else():
    files, reviewers, scores, _ = panel()
    one, again = rank(files, reviewers, scores, winners=6, seed=3), rank(files, reviewers, scores, winners=6, seed=3)
    other = rank(files, reviewers, scores, winners=6, seed=4)
    assert one.files == again.files
    assert by_file(one, "adjusted") == by_file(other, "adjusted")
    assert by_file(one, "chance") != by_file(other, "chance")
    assert by_file(one, "chance") == pytest.approx(by_file(other, "chance"), abs=0.02)


def test_identical_files_get_exactly_the_same_chance():
    files, reviewers, scores, _ = panel()
    for name in ("twin a", "twin b"):
        files += [name] * 3
        reviewers += ["r0", "r1", "r2"]
        scores += [3.0, 3.0, 2.5]
    found = rank(files, reviewers, scores, winners=6).by_file()
    one, two = found["twin a"], found["twin b"]
    assert (one.chance, one.expected_rank, one.rank_low) == (two.chance, two.expected_rank, two.rank_low)
    assert one.adjusted == pytest.approx(two.adjusted, abs=1e-12)
    assert one.adjusted_place == two.adjusted_place


# Honesty of the figures


def test_intervals_hold_what_they_promise_and_the_adjustment_helps():
    inside50 = inside90 = total = 0
    raw_error = adjusted_error = 0.0
    for seed in range(40):
        files, reviewers, scores, truth = panel(n=40, q=10, m=3, seed=100 + seed, severity=0.5)
        made = rank(files, reviewers, scores, winners=8, draws=200).by_file()
        level = np.mean([made[f].adjusted for f in made]) - truth.mean()
        for i, quality in enumerate(truth):
            result = made[f"f{i:03d}"]
            inside50 += result.low50 <= quality + level <= result.high50
            inside90 += result.low90 <= quality + level <= result.high90
            adjusted_error += (result.adjusted - quality - level) ** 2
            raw_error += (result.raw - quality - level) ** 2
            total += 1
    assert inside50 / total == pytest.approx(0.5, abs=0.06)
    assert inside90 / total == pytest.approx(0.9, abs=0.04)
    assert adjusted_error < 0.7 * raw_error


def test_chances_come_true_as_often_as_they_say():
    said, came = [], []
    for seed in range(60):
        files, reviewers, scores, truth = panel(n=30, q=8, m=3, seed=500 + seed)
        winners = {f"f{i:03d}" for i in np.argsort(-truth)[:6]}
        for result in rank(files, reviewers, scores, winners=6, draws=400).files:
            said.append(result.chance)
            came.append(result.file in winners)
    said, came = np.array(said), np.array(came, dtype=float)
    for low, high in ((0.0, 0.1), (0.1, 0.4), (0.4, 0.6), (0.6, 0.9), (0.9, 1.0)):
        at = (said >= low) & (said <= high)
        spread = np.sqrt((said[at] * (1 - said[at])).sum()) / at.sum()
        assert abs(said[at].mean() - came[at].mean()) < 4 * spread + 0.02


# Awkward panels


def codes(made):
    return {banner.code for banner in made.banners}


def test_all_scores_equal():
    files, reviewers, _, _ = panel()
    files, reviewers = [*files, "lone"], [*reviewers, "r0"]
    made = rank(files, reviewers, [3.0] * len(files), winners=5)
    assert BannerCode.ALL_EQUAL in codes(made)
    assert [result.chance for result in made.files] == pytest.approx([5 / 25] * 25, abs=1e-12)
    assert {round(result.adjusted, 9) for result in made.files} == {3.0}
    assert (made.reliability, made.recommended) == (0.0, "raw")


def test_scores_that_hardly_separate_are_named_and_good_ones_are_not():
    files, reviewers, scores, _ = panel(n=60, q=10, quality=0.01, error=0.8, severity=0.1, seed=6)
    assert BannerCode.NOT_SEPARATING in codes(rank(files, reviewers, scores, winners=8))
    files, reviewers, scores, _ = panel(n=60, q=10)
    assert codes(rank(files, reviewers, scores, winners=8)) == set()


def test_constant_reviewers():
    files, reviewers, scores, _ = panel()
    flat = [2.0 if reviewer == "r3" else score for reviewer, score in zip(reviewers, scores, strict=True)]
    made = rank(files, reviewers, flat, winners=6)
    assert made.banner(BannerCode.CONSTANT_REVIEWERS).facts == {"reviewers": ["r3"]}
    assert all(np.isfinite(result.adjusted) for result in made.files)


def test_one_reviewer_keeps_the_raw_order():
    made = rank(["a", "b", "c"], ["r"] * 3, [2.0, 4.0, 3.0], winners=1)
    assert BannerCode.ONE_REVIEWER in codes(made)
    assert [(r.file, r.adjusted) for r in made.files] == [("b", 4.0), ("c", 3.0), ("a", 2.0)]
    assert (made.recommended, made.reviewers[0].severity) == ("raw", 0.0)


def test_one_review_a_file():
    made = rank(list("abcdef"), list("rrsstt"), [1, 2, 3, 4, 2, 3], winners=2)
    assert {BannerCode.ONE_REVIEW_EACH, BannerCode.DISCONNECTED} <= codes(made)
    assert made.variances is None
    assert made.components == 3


def test_a_single_review_in_all():
    made = rank(["a"], ["r"], [3.0], winners=1)
    assert (made.files[0].adjusted, made.files[0].chance) == (3.0, 1.0)
    assert BannerCode.K_OVER_FILES in codes(made)


def test_two_disjoint_panels():
    files, reviewers, scores, _ = panel(n=12, q=4)
    other = panel(n=8, q=3, seed=9)
    files += [f"other {f}" for f in other[0]]
    reviewers += [f"other {r}" for r in other[1]]
    panels = ["one"] * len(scores) + ["two"] * len(other[2])
    made = rank(files, reviewers, scores + other[2], winners=5, panels=panels)
    assert made.banner(BannerCode.DISCONNECTED).facts["components"] == [
        {"files": 12, "reviewers": 4},
        {"files": 8, "reviewers": 3},
    ]
    assert {result.component for result in made.files} == {0, 1}
    joined = joining_reviews(files, reviewers)
    assert len(joined) == 2
    assert all(pair.reviewer.startswith("other") and not pair.file.startswith("other") for pair in joined)
    more = rank([*files, joined[0].file], [*reviewers, joined[0].reviewer], [*scores, *other[2], 3.0], winners=5)
    assert more.components == 1
    assert joining_reviews([*files, joined[0].file], [*reviewers, joined[0].reviewer]) == []


def test_joining_reviews_keep_off_conflicts():
    barred = frozenset({("a", "s"), ("b", "s")})
    assert joining_reviews(["a", "b", "c"], ["r", "r", "s"], conflicts=barred) == []
    some = joining_reviews(["a", "b", "c"], ["r", "r", "s"], conflicts=frozenset({("a", "s")}))
    assert [(pair.file, pair.reviewer) for pair in some] == [("b", "s")]


def test_a_lenient_panel_is_partly_corrected_by_the_panel_effect():
    rng = np.random.default_rng(3)
    files, reviewers, scores, panels = [], [], [], []
    for p, shift in (("easy", 0.8), ("hard", -0.8), ("plain", 0.0), ("fair", 0.1)):
        for i in range(12):
            quality = rng.normal(0, 0.3)
            for j in rng.choice(4, 3, replace=False):
                files.append(f"{p}{i}")
                reviewers.append(f"{p}r{j}")
                panels.append(p)
                scores.append(2.5 + quality + shift + rng.normal(0, 0.3))
    plain = by_file(rank(files, reviewers, scores, winners=8), "adjusted")
    panelled = by_file(rank(files, reviewers, scores, winners=8, panels=panels), "adjusted")

    def gap(values):
        return np.mean([v for f, v in values.items() if f.startswith("easy")]) - np.mean(
            [v for f, v in values.items() if f.startswith("hard")]
        )

    assert gap(panelled) < gap(plain) < 1.6


def test_everybody_reads_everything():
    ratings = table("shrout_fleiss_1979")
    files = [f"t{i}" for i in range(6) for _ in range(4)]
    made = rank(files, list("abcd") * 6, ratings.ravel(), winners=2)
    assert BannerCode.COMPLETE_DESIGN in codes(made)
    assert all(result.change == 0.0 for result in made.files)
    assert [result.adjusted_place for result in made.files] == [result.raw_place for result in made.files]
    assert made.recommended == "raw"


def test_a_reviewer_who_finished_one_of_twelve():
    files, reviewers, scores, _ = panel()
    made = rank([*files, files[0]], [*reviewers, "late"], [*scores, 1.0], winners=6)
    late = next(r for r in made.reviewers if r.reviewer == "late")
    others = [r for r in made.reviewers if r.reviewer != "late"]
    assert (late.reviews, late.spread) == (1, None)
    assert late.sd > max(r.sd for r in others)


def test_files_that_nobody_may_read_have_no_place():
    files, reviewers, scores, _ = panel()
    made = rank(files, reviewers, scores, winners=6, all_files=[*files, "unread"])
    last = made.files[-1]
    assert (last.file, last.reviews, last.adjusted, last.chance, last.adjusted_place) == ("unread", 0, None, None, None)
    assert made.banner(BannerCode.FILES_WITHOUT_REVIEWS).facts == {"files": ["unread"]}
    assert sum(r.chance for r in made.files[:-1]) == pytest.approx(6)


def test_more_places_than_files():
    files, reviewers, scores, _ = panel()
    made = rank(files, reviewers, scores, winners=30)
    assert {result.chance for result in made.files} == {1.0}
    assert {result.flip for result in made.files} == {0.0}
    assert made.banner(BannerCode.K_OVER_FILES).facts == {"winners": 30, "files": 24}


def test_nobody_has_scored():
    made = rank([], [], [], winners=1, all_files=["b", "a"])
    assert [result.file for result in made.files] == ["a", "b"]
    assert codes(made) == {BannerCode.NO_SCORES}


def test_a_rubric_changed_midway():
    files, reviewers, scores, _ = panel()
    versions = [1] * 30 + [2] * (len(files) - 30)
    made = rank(files, reviewers, scores, winners=6, versions=versions)
    assert made.banner(BannerCode.MIXED_RUBRICS).facts == {"counts": {1: 30, 2: len(files) - 30}}


def test_thin_data_put_the_raw_order_first():
    made = rank(list("aabbcd"), list("rsstrt"), [1, 2, 3, 4, 2, 3], winners=2)
    assert BannerCode.THIN_DATA in codes(made)
    assert made.recommended == "raw"


def test_the_adjustment_can_be_switched_off():
    files, reviewers, scores, _ = panel(n=40, severity=0.8)
    off = rank(files, reviewers, scores, winners=6, adjust=False)
    assert BannerCode.ADJUSTMENT_OFF in codes(off)
    assert all(result.change == 0.0 for result in off.files)
    assert {r.severity for r in off.reviewers} == {0.0}
    assert rank(files, reviewers, scores, winners=6).files[0].change != 0.0


def test_exact_ties_share_a_place():
    made = rank(list("aabbcc"), list("rsrsrs"), [3, 3, 3, 3, 1, 2], winners=1)
    assert [(r.file, r.raw_place, r.adjusted_place) for r in made.files] == [("a", 1, 1), ("b", 1, 1), ("c", 3, 3)]
    assert made.files[0].chance == made.files[1].chance
    assert made.files[0].flip == pytest.approx(0.5)


def test_ids_of_any_kind_are_kept():
    made = rank([3, 1, 3, 1, 2, 2], ["r", "r", 7, 7, "r", 7], [1, 2, 1, 3, 4, 4], winners=1)
    assert made.files[0].file == 2
    assert {r.reviewer for r in made.reviewers} == {"r", 7}
    assert made.method == METHOD_VERSION


def test_many_reviewers_use_reml():
    files, reviewers, scores, truth = panel(n=500, q=320, m=3, severity=0.3)
    made = rank(files, reviewers, scores, winners=50)
    adjusted = [made.by_file()[f"f{i:03d}"].adjusted for i in range(500)]
    raw = [made.by_file()[f"f{i:03d}"].raw for i in range(500)]
    assert np.corrcoef(adjusted, truth)[0, 1] > np.corrcoef(raw, truth)[0, 1]
    assert made.variances.nominee == pytest.approx(0.36, rel=0.25)
    assert made.variances.error == pytest.approx(0.16, rel=0.25)
    assert sum(result.chance for result in made.files) == pytest.approx(50)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"winners": 0}, "1 or more"),
        ({"scores": [1.0, NAN]}, "must be a number"),
        ({"files": ["a"]}, "one entry a review"),
        ({"files": ["a", "a"], "reviewers": ["r", "r"]}, "second review of file a"),
    ],
)
def test_what_cannot_be_ranked_is_refused(call, said):
    whole = {"files": ["a", "b"], "reviewers": ["r", "r"], "scores": [1.0, 2.0], "winners": 1, **call}
    with pytest.raises(ValueError, match=said):
        rank(whole.pop("files"), whole.pop("reviewers"), whole.pop("scores"), **whole)


# From levels to scores


def test_a_complete_review_is_the_weighted_mean():
    made = review_scores([[4, 2, 3], [1, 1, 2]], [50, 30, 20])
    assert made.score == pytest.approx([3.2, 1.2])
    assert made.judged == pytest.approx([1.0, 1.0])


def test_cannot_judge_costs_the_nominee_nothing():
    levels = [[3, 4, 3], [2, 4, 2], [3, NAN, 3], [2, 4, 2]]  # everybody does well on the second criterion
    made = review_scores(levels, [25, 25, 50])
    renormalized = (3 * 25 + 3 * 50) / 75
    assert made.score[2] >= made.score[0] > renormalized  # without the centering, silence would cost a quarter point
    assert made.score[2] == pytest.approx((2.5 * 25 + 4 * 25 + 2.5 * 50) / 100 + 0.5)


def test_reviews_that_judge_too_little_are_refused():
    made = review_scores([[3, NAN], [NAN, 3], [3, 3], [NAN, NAN]], [60, 40])
    assert made.refused.tolist() == [False, True, False, True]
    assert np.isnan(made.score[1])
    assert made.judged == pytest.approx([0.6, 0.4, 1.0, 0.0])


def test_a_rubric_may_ask_for_less_or_more():
    levels = [[3, NAN], [NAN, 3], [3, 3], [NAN, NAN]]
    assert review_scores(levels, [60, 40], least=0.4).refused.tolist() == [False, False, False, True]
    assert review_scores(levels, [60, 40], least=0.61).refused.tolist() == [True, True, False, True]


def test_a_criterion_that_nobody_judged_is_left_out():
    made = review_scores([[3, 2, NAN], [4, 1, NAN]], [40, 40, 20])
    assert made.score == pytest.approx([2.5, 2.5])


@pytest.mark.parametrize("weights", [[1], [1, -1], [0, 0], [1, NAN]])
def test_senseless_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        review_scores([[1, 2]], weights)


# One more review


def test_one_more_review_follows_its_formula():
    adjusted, sd, vb, ve = [3.4, 3.1, 3.0, 2.0], [0.2, 0.3, 0.25, 0.2], 0.09, 0.25
    found = one_more_review(adjusted, sd, 2, reviewer_variance=vb, error_variance=ve)
    s = 0.3**2 / np.sqrt(0.3**2 + vb + ve)
    from scipy.stats import norm

    assert found[1] == pytest.approx(1 - norm.cdf(0.1 / s))
    assert found[0] == pytest.approx(1 - norm.cdf(0.4 / (0.04 / np.sqrt(0.04 + vb + ve))))
    assert found[3] == pytest.approx(1 - norm.cdf(1.1 / (0.04 / np.sqrt(0.04 + vb + ve))))
    assert np.argsort(-found)[:2].tolist() == [1, 2]


def test_one_more_review_at_the_edges():
    assert one_more_review([3, 2], [0.1, 0.1], 2, reviewer_variance=0, error_variance=1).tolist() == [0.0, 0.0]
    assert one_more_review([3, 3], [0.1, 0.1], 1, reviewer_variance=0, error_variance=1).tolist() == [0.5, 0.5]
    unread = one_more_review([3, NAN, 2], [0.1, NAN, 0.1], 1, reviewer_variance=0, error_variance=1)
    assert np.isnan(unread[1])
    assert one_more_review([3, 2], [0.0, 0.0], 1, reviewer_variance=0, error_variance=0).tolist() == [0.0, 0.0]
