"""Agreement: published coefficients to their digits, and what happens where there is nothing to agree on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.selection.agreement import (
    AgreementWord,
    agreement_word,
    alpha_of_table,
    criterion_spread,
    icc,
    krippendorff_alpha,
    pair_kappas,
    reviewer_cards,
    shrout_fleiss,
    weighted_kappa,
)
from portal.selection.ranking import VarianceComponents, rank
from tests.cases import load, table

NAN = float("nan")
METRICS = ("nominal", "ordinal", "interval", "ratio")


@pytest.mark.parametrize("metric", METRICS)
def test_krippendorff_published(metric):
    case = load("krippendorff")[0]
    found = alpha_of_table(table("krippendorff_2011_4x12"), metric)
    assert round(found.value, 3) == case["expected"][metric]
    assert round(found.value, 4) == case["exact"][metric]
    assert (found.units, found.values) == (11, 40)  # the unit with one observer says nothing
    assert found.low < found.value < found.high


def _by_definition(units, values, metric):
    """Alpha straight from its definition, pair by pair."""
    seen = np.isfinite(values)
    units, values = np.asarray(units)[seen], np.asarray(values)[seen]
    kept = np.array([np.sum(units == unit) > 1 for unit in units], dtype=bool)
    units, values = units[kept], values[kept]

    def distance(a, b):
        low, high = min(a, b), max(a, b)
        if metric == "nominal":
            return float(a != b)
        if metric == "interval":
            return (a - b) ** 2
        if metric == "ratio":
            return ((a - b) / (a + b)) ** 2 if a + b else 0.0
        between = np.sum((values >= low) & (values <= high)) - (np.sum(values == a) + np.sum(values == b)) / 2
        return float(between) ** 2 if a != b else 0.0

    observed = 0.0
    for unit in np.unique(units):
        mine = values[units == unit]
        observed += sum(distance(a, b) for a in mine for b in mine) / (len(mine) - 1)
    expected = sum(distance(a, b) for a in values for b in values) / (len(values) - 1)
    return 1 - observed / expected if expected else None


READINGS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([1.0, 2.0, 3.0, 4.0, NAN])), max_size=30)


@given(READINGS, st.sampled_from(METRICS))
@settings(max_examples=120, deadline=None)
def test_alpha_agrees_with_its_definition(readings, metric):
    units, values = [unit for unit, _ in readings], [value for _, value in readings]
    found = krippendorff_alpha(units, values, metric, bootstrap=0)
    expected = _by_definition(units, values, metric) if any(np.isfinite(values)) else None
    if expected is None:
        assert found.value is None
    else:
        assert found.value == pytest.approx(expected, abs=1e-9)


def test_perfect_agreement_is_one_and_no_variation_is_undefined():
    assert alpha_of_table([[1, 2, 3, 4], [1, 2, 3, 4]]).value == pytest.approx(1.0)
    assert alpha_of_table([[3, 3, 3], [3, 3, 3]]).value is None
    assert alpha_of_table([[1, NAN], [NAN, 2]]).value is None
    assert krippendorff_alpha([], []).value is None


def test_the_interval_narrows_with_files_and_repeats_with_its_seed():
    rng = np.random.default_rng(0)

    def panel(n):
        quality = rng.normal(0, 1, n)
        return np.round(quality[None, :] + rng.normal(0, 0.7, (3, n)), 1)

    few, many = panel(15), panel(300)
    one, other = alpha_of_table(few, "interval"), alpha_of_table(many, "interval")
    assert other.high - other.low < 0.5 * (one.high - one.low)
    assert alpha_of_table(few, "interval") == one
    assert alpha_of_table(few, "interval", seed=1).low != one.low


def test_the_interval_covers_the_truth():
    truth = 1 / (1 + 0.49)  # quality 1, error .49: what alpha estimates
    covered = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        ratings = rng.normal(0, 1, 60)[None, :] + rng.normal(0, 0.7, (3, 60))
        found = alpha_of_table(ratings, "interval", bootstrap=400, seed=seed)
        covered += found.low <= truth <= found.high
    assert covered >= 51  # 95 % promised; 60 panels


def test_unknown_and_impossible_metrics_are_refused():
    with pytest.raises(ValueError, match="metric"):
        alpha_of_table([[1, 2]], "cosine")
    with pytest.raises(ValueError, match="zero or more"):
        alpha_of_table([[-1, 2], [1, 2]], "ratio")


def test_shrout_fleiss_published():
    case, found = load("icc_shrout_fleiss"), shrout_fleiss(table("shrout_fleiss_1979"))
    for name, value in case["published"].items():
        assert round(found.coefficients[name].value, 2) == value
        assert round(found.coefficients[name].value, 4) == case["exact"][name]
        low, high = case["ci95"][name]
        assert (round(found.coefficients[name].low, 2), round(found.coefficients[name].high, 2)) == (low, high)
    squares = case["mean_squares"]
    assert found.between_targets == pytest.approx(squares["between_targets"], abs=5e-5)
    assert found.within_targets == pytest.approx(squares["within_targets"], abs=5e-5)
    assert found.between_judges == pytest.approx(squares["between_judges"], abs=5e-5)
    assert found.residual == pytest.approx(squares["residual"], abs=5e-5)


@pytest.mark.parametrize("wrong", [[[1, 2]], [[1], [2]], [[1, NAN], [2, 3]], [1, 2, 3]])
def test_incomplete_tables_are_refused(wrong):
    with pytest.raises(ValueError, match="complete table"):
        shrout_fleiss(wrong)


def test_icc_from_components():
    found = icc(VarianceComponents(nominee=2.0, reviewer=1.0, error=1.0), 4)
    assert (found.single, found.mean, found.adjusted) == (0.5, 0.8, pytest.approx(2 / 2.25))
    nothing = icc(VarianceComponents(0.0, 0.0, 0.0), 3)
    assert (nothing.single, nothing.mean, nothing.adjusted) == (None, None, None)


def test_cohen_published():
    case = load("kappa")[0]
    counts = case["table_counts"]
    assert round(weighted_kappa(counts, "nominal"), 3) == case["expected"]["kappa"]
    assert round(weighted_kappa(counts, case["disagreement_weights"]), 3) == case["expected"]["weighted_kappa"]
    assert weighted_kappa(counts, "nominal") == pytest.approx(case["exact"]["kappa"], abs=5e-7)
    assert weighted_kappa(counts, "linear") == pytest.approx(case["computed_only"]["linear"], abs=5e-7)
    assert weighted_kappa(counts, "quadratic") == pytest.approx(case["computed_only"]["quadratic"], abs=5e-7)


def test_kappa_edges():
    assert weighted_kappa([[5, 0], [0, 5]]) == 1.0
    assert weighted_kappa([[5, 0], [0, 0]]) is None
    for wrong in ([[1, 2]], [[0, 0], [0, 0]], [[-1, 1], [1, 1]]):
        with pytest.raises(ValueError, match="counts"):
            weighted_kappa(wrong)
    with pytest.raises(ValueError, match="Weights"):
        weighted_kappa([[1, 0], [0, 1]], "cubic")


def test_pairs_need_twenty_files_in_common():
    files = [f"f{i}" for i in range(20)] * 2 + [f"f{i}" for i in range(19)]
    readers = ["a"] * 20 + ["b"] * 20 + ["c"] * 19
    levels = [1 + i % 4 for i in range(20)] * 2 + [1 + i % 3 for i in range(19)]
    found = pair_kappas(files, readers, levels)
    assert [(pair.first, pair.second, pair.files, pair.value) for pair in found] == [("a", "b", 20, 1.0)]
    levels[25] = NAN
    assert pair_kappas(files, readers, levels) == []


def test_spread_per_criterion():
    levels = [[1, 4], [3, 4], [2, NAN], [2, 3]]
    found = criterion_spread(["a", "a", "b", "b"], levels)
    assert found.files == ["a", "b"]
    assert found.values[0].tolist() == pytest.approx([np.sqrt(2), 0.0])
    assert found.values[1, 0] == 0.0
    assert np.isnan(found.values[1, 1])
    assert found.criteria.tolist() == pytest.approx([1.0, 0.0])


def test_reviewer_cards_tell_readers_apart():
    rng = np.random.default_rng(4)
    files, readers, levels = [], [], []
    for i in range(40):
        quality = rng.normal(0, 0.7)
        for j in rng.choice(6, 3, replace=False):
            noise = 1.2 if j == 5 else 0.2  # reader 5 is erratic
            base = 2.5 + quality + (-0.8 if j == 0 else 0.0) + rng.normal(0, noise)
            apart = 0.0 if j == 1 else 0.4  # reader 1 gives every criterion the same
            files.append(i)
            readers.append(f"r{j}")
            levels.append(base + apart * rng.normal(0, 1, 3))
    scores = np.mean(levels, axis=1)
    files, readers, scores, levels = [*files, 0], [*readers, "new"], [*scores, 2.0], [*levels, [2, 2, 2]]
    cards = reviewer_cards(rank(files, readers, scores, winners=5), files, readers, scores, levels)
    named = {card.reviewer: card for card in cards}
    assert cards[0].reviewer == "r0"
    assert max((c for c in cards if c.enough), key=lambda c: c.consistency).reviewer == "r5"
    assert min((c for c in cards if c.enough), key=lambda c: c.halo).reviewer == "r1"
    assert (named["new"].enough, named["new"].consistency) == (False, None)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "unknown"),
        (NAN, "unknown"),
        (-0.3, "hardly"),
        (0.2, "little"),
        (0.52, "moderately"),
        (0.7, "well"),
        (0.8, "very_well"),
    ],
)
def test_words(value, word):
    assert agreement_word(value) is AgreementWord(word)
