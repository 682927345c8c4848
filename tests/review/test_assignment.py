"""Assignment: published cases, rules that always hold, and what is said when nothing can be done."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.review.assignment import Infeasible, PairReason, assign, components, connectivity, reassign
from tests.cases import load

CASES = {case["name"]: case for case in load("assignment")}
PLAIN = {"spread": 0.0, "floor": False, "balance": None}


def _solve(case, seed=0):
    allowed = None if case["forbidden"] is None else ~np.array(case["forbidden"], dtype=bool)
    return assign(
        -np.array(case["cost"]),
        allowed=allowed,
        need=case["demand"],
        load_min=case["load_min"],
        load_max=case["load_max"],
        seed=seed,
        **PLAIN,
    )


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["expected_cost"] is not None])
def test_published_problems_are_solved_at_their_cost(name):
    case = CASES[name]
    made = _solve(case)
    assert -made.total == pytest.approx(case["expected_cost"], abs=1e-9)
    assert len(made.pairs) == sum(case["demand"])
    assert (np.array(case["load_min"]) <= made.loads).all()
    assert (made.loads <= np.array(case["load_max"])).all()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case["expected_cost"] is None])
def test_published_problems_without_a_solution_are_reported(name):
    with pytest.raises(Infeasible) as caught:
        _solve(CASES[name])
    assert caught.value.missing_reviews > 0


def test_the_number_of_optima_is_reached_by_seeds_and_never_passed():
    case = CASES["hotcrp_full_range"]
    found = {tuple(_solve(case, seed).pairs) for seed in range(80)}
    assert len(found) == case["number_of_optimal_assignments"]
    assert len({tuple(_solve(CASES["hotcrp_one_result"], seed).pairs) for seed in range(20)}) == 1


def test_infeasible_says_how_many_are_missing_and_which_load_would_do():
    with pytest.raises(Infeasible) as caught:
        _solve(CASES["supply_below_demand"])
    blocked = caught.value
    assert (blocked.slots, blocked.capacity, blocked.missing_reviews, blocked.missing_readers) == (9, 8, 1, 1)
    assert blocked.needed_load_max == 3
    assert blocked.too_few_eligible == {}
    assert assign(np.zeros((3, 4)), need=3, load_max=3).loads  # the load that was named does work


def test_infeasible_names_the_files_that_conflicts_leave_without_readers():
    allowed = np.ones((4, 5), dtype=bool)
    allowed[2, 1:] = False
    with pytest.raises(Infeasible) as caught:
        assign(np.zeros((4, 5)), allowed=allowed, need=3, load_max=4)
    assert caught.value.missing == {2: 2}
    assert caught.value.too_few_eligible == {2: 1}
    assert caught.value.needed_load_max is None


def test_infeasible_names_reviewers_whose_minimum_cannot_be_met():
    allowed = np.ones((6, 3), dtype=bool)
    allowed[1:, 0] = False
    with pytest.raises(Infeasible) as caught:
        assign(np.zeros((6, 3)), allowed=allowed, need=1, load_min=2, load_max=4)
    assert caught.value.short_reviewers == {0: 1}
    assert caught.value.missing == {}


def test_promised_minimums_above_what_there_is_to_read_are_reported():
    with pytest.raises(Infeasible) as caught:
        assign(np.zeros((2, 3)), need=1, load_min=1)
    assert (caught.value.promised, caught.value.slots) == (3, 2)
    assert sum(caught.value.short_reviewers.values()) == 1


def _brute_force(value, allowed, need, low, high):
    n, q = value.shape
    best = None
    teams = [[t for t in combinations(range(q), need[f]) if all(allowed[f, r] for r in t)] for f in range(n)]
    for choice in product(*teams):
        loads = np.bincount([r for team in choice for r in team], minlength=q)
        if (loads < low).any() or (loads > high).any():
            continue
        total = sum(value[f, r] for f, team in enumerate(choice) for r in team)
        best = total if best is None else max(best, total)
    return best


@st.composite
def problems(draw):
    n, q = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    value = draw(st.lists(st.integers(0, 4), min_size=n * q, max_size=n * q))
    allowed = draw(st.lists(st.sampled_from([True, True, True, False]), min_size=n * q, max_size=n * q))
    need = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    low = draw(st.lists(st.integers(0, 1), min_size=q, max_size=q))
    high = draw(st.lists(st.integers(1, 4), min_size=q, max_size=q))
    shape = (n, q)
    return np.array(value, float).reshape(shape), np.array(allowed).reshape(shape), need, np.array(low), np.array(high)


@given(problems())
@settings(max_examples=150, deadline=None)
def test_small_problems_agree_with_trying_everything(problem):
    value, allowed, need, low, high = problem
    best = _brute_force(value, allowed, need, low, high)
    try:
        made = assign(value, allowed=allowed, need=need, load_min=low, load_max=high, **PLAIN)
    except Infeasible:
        assert best is None
    else:
        assert made.total == pytest.approx(best, abs=1e-9)


@given(problems(), st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_every_rule_holds_with_all_refinements_on(problem, seed):
    value, allowed, need, low, high = problem
    try:
        made = assign(value, allowed=allowed, need=need, load_min=low, load_max=high, seed=seed)
    except Infeasible as problem_found:
        blocked = problem_found
    else:
        blocked = None
    if blocked is not None:
        assert blocked.missing or blocked.short_reviewers
        return
    assert all(allowed[pair] for pair in made.pairs)
    assert len(set(made.pairs)) == len(made.pairs)
    assert [len(made.readers(f)) for f in range(len(need))] == need
    assert all(low <= made.loads)
    assert all(np.array(made.loads) <= high)
    assert set(made.reasons) == set(made.pairs)
    if made.floor.level is not None and made.pairs:
        assert made.floor.worst_pair >= made.floor.level


def _panel(n=40, q=12, seed=5):
    rng = np.random.default_rng(seed)
    return rng.random((n, q)), rng.random((n, q)) > 0.05


def test_loads_are_even_by_default_and_only_bounded_on_request():
    affinity, allowed = _panel()
    affinity[:, 0] += 5.0  # everybody's favorite
    even = assign(affinity, allowed=allowed, need=3, load_max=30)
    assert max(even.loads) - min(even.loads) <= 2
    free = assign(affinity, allowed=allowed, need=3, load_max=30, balance=None)
    assert free.loads[0] == 30


def test_the_worst_pair_is_raised_before_the_total():
    affinity = np.array([[1.0, 0.6], [0.5, 0.0]])
    low = assign(affinity, need=1, load_max=1, floor=True, spread=0, balance=None)
    total = assign(np.array([[1.0, 0.2], [0.7, 0.0]]), need=1, load_max=1, floor=True, spread=0, balance=None)
    assert (low.floor.level, low.pairs) == (0.5, [(0, 1), (1, 0)])
    assert (total.floor.level, total.pairs) == (0.2, [(0, 1), (1, 0)])
    greedy = assign(np.array([[1.0, 0.2], [0.7, 0.0]]), need=1, load_max=1, floor=False, spread=0, balance=None)
    assert greedy.pairs == [(0, 0), (1, 1)]  # without the floor the total (1.0) wins over the worst pair


def test_readers_are_mixed():
    flat = np.ones((40, 12))
    fixed_teams = assign(flat, need=3, spread=0.0, seed=1).connectivity
    mixed = assign(flat, need=3, seed=1)
    assert mixed.connectivity.components == 1
    assert mixed.connectivity.compared > 0.95
    assert mixed.connectivity.repeated <= fixed_teams.repeated
    assert mixed.connectivity.most_together <= 4


def test_camps_that_match_only_among_themselves_are_still_linked():
    affinity = np.zeros((12, 6))
    affinity[:6, :3] = affinity[6:, 3:] = 1.0
    apart = assign(affinity, need=2, spread=0.0)
    linked = assign(affinity, need=2)
    assert apart.components == 2
    assert linked.components == 1
    assert apart.total - linked.total <= 4


def test_the_same_seed_gives_the_same_answer_and_another_may_not():
    affinity = np.ones((20, 6))
    assert assign(affinity, need=3, seed=4).pairs == assign(affinity, need=3, seed=4).pairs
    assert len({tuple(assign(affinity, need=3, seed=seed).pairs) for seed in range(5)}) > 1


def test_fixed_pairs_stay_and_count():
    affinity, allowed = _panel(10, 5)
    allowed[0, 0] = False
    made = assign(affinity, allowed=allowed, need=3, load_max=7, fixed=[(0, 0), (3, 4)])
    assert {(0, 0), (3, 4)} <= set(made.pairs)
    assert made.reasons[0, 0] is PairReason.KEPT
    assert len(made.readers(0)) == 3
    assert sum(made.loads) == 30
    assert max(made.loads) <= 7


def test_more_fixed_readers_than_needed_are_kept():
    made = assign(np.ones((2, 4)), need=1, fixed=[(0, 0), (0, 1)])
    assert made.readers(0) == [0, 1]
    assert len(made.readers(1)) == 1


def test_reassigning_after_a_recusal_changes_one_pair():
    affinity, allowed = _panel()
    before = assign(affinity, allowed=allowed, need=3, load_max=12)
    file, reviewer = before.pairs[7]
    allowed[file, reviewer] = False
    after = reassign(affinity, current=before.pairs, allowed=allowed, need=3, load_max=12)
    assert set(before.pairs) - set(after.pairs) == {(file, reviewer)}
    added = set(after.pairs) - set(before.pairs)
    assert len(added) == 1
    assert next(iter(added))[0] == file
    assert after.reasons[before.pairs[0]] is PairReason.KEPT


def test_a_repair_goes_to_a_light_reader():
    flat = np.ones((12, 6))
    allowed = np.ones((12, 6), dtype=bool)
    current = [(f, r) for f in range(12) for r in range(3)] + [(0, 3)]
    allowed[4, 0] = False
    after = reassign(flat, current=current, allowed=allowed, need=[4, *[3] * 11], load_max=12)
    new = set(after.pairs) - set(current)
    assert new in ({(4, 4)}, {(4, 5)})


def test_scored_pairs_survive_a_repair_even_against_a_conflict():
    allowed = np.ones((4, 4), dtype=bool)
    allowed[0, 0] = False
    after = reassign(np.ones((4, 4)), current=[(0, 0), (0, 1)], allowed=allowed, need=2, locked=[(0, 0)])
    assert {(0, 0), (0, 1)} == {(0, r) for r in after.readers(0)}


def test_a_repair_moves_pairs_only_when_the_loads_force_it():
    allowed = np.ones((3, 3), dtype=bool)
    current = [(0, 0), (1, 1), (2, 2)]
    allowed[0, 0] = False
    allowed[0, 2] = False
    after = reassign(np.ones((3, 3)), current=current, allowed=allowed, need=1, load_max=1)
    assert set(after.pairs) == {(0, 1), (1, 0), (2, 2)}


def test_reasons_tell_best_from_only_choice():
    affinity = np.array([[0.9, 0.1, 0.2], [0.5, 0.5, 0.5]])
    allowed = np.array([[True, True, True], [False, True, False]])
    made = assign(affinity, allowed=allowed, need=1, balance=None)
    assert made.reasons[0, 0] is PairReason.BEST_MATCH
    assert made.reasons[1, 1] is PairReason.ONLY_CHOICE


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [([], 0), ([(0, 0)], 1), ([(0, 0), (1, 1)], 2), ([(0, 0), (0, 1), (1, 1)], 1), ([(2, 2), (1, 1), (1, 2)], 1)],
)
def test_components_count_linked_readers(pairs, expected):
    assert components(pairs, 3, 3) == expected


def test_connectivity_tells_fixed_teams_from_mixed_ones():
    teams = [(f, r) for f in range(6) for r in ((0, 1, 2) if f < 3 else (3, 4, 5))]
    apart = connectivity(teams, 6, 6)
    assert (apart.components, apart.most_together) == (2, 3)
    assert apart.compared == pytest.approx(6 / 15)
    assert apart.gap == pytest.approx(0.0, abs=1e-9)
    everybody = connectivity([(f, r) for f in range(2) for r in range(6)], 2, 6)
    assert (everybody.components, everybody.compared, everybody.repeated) == (1, 1.0, 15)
    assert everybody.gap > 1.0


def test_column_generation_reaches_the_optimum_of_the_whole_problem(monkeypatch):
    rng = np.random.default_rng(2)
    affinity, allowed = rng.random((150, 90)), rng.random((150, 90)) > 0.1
    small = assign(affinity, allowed=allowed, need=3, load_max=6, load_min=4, **PLAIN)
    monkeypatch.setattr("portal.review.assignment.solve.WHOLE", 1_000_000)
    whole = assign(affinity, allowed=allowed, need=3, load_max=6, load_min=4, **PLAIN)
    assert small.total == pytest.approx(whole.total, rel=5e-4)
    assert small.total <= whole.total + 0.02
    assert small.gap < 5e-4


def test_huge_tables_are_thinned_without_losing_what_is_assigned(monkeypatch):
    monkeypatch.setattr("portal.review.assignment.problem.THIN_ABOVE", 100)
    monkeypatch.setattr("portal.review.assignment.problem.BEST", 3)
    rng = np.random.default_rng(8)
    affinity, allowed = rng.random((40, 30)), rng.random((40, 30)) > 0.1
    before = assign(affinity, allowed=allowed, need=3, load_max=6)
    assert sorted(np.bincount([f for f, _ in before.pairs])) == [3] * 40
    worst = [(f, r) for f in range(40) for r in np.argsort(np.where(allowed[f], affinity[f], 9))[:3].tolist()]
    kept = reassign(affinity, current=worst, allowed=allowed, need=3)
    assert set(kept.pairs) == set(worst)
    lonely = np.zeros((40, 30), dtype=bool)
    lonely[:, :8] = True  # only eight may read at all: the thinned table cannot hold it, the whole one can
    assert max(assign(affinity, allowed=lonely, need=3, load_max=15, balance=None).loads) <= 15


@pytest.mark.parametrize(
    "wrong",
    [
        {"affinity": [1, 2]},
        {"allowed": [[True]]},
        {"need": -1},
        {"need": 1.5},
        {"load_min": [1, 1, 1]},
        {"fixed": [(9, 0)]},
        {"affinity": [[np.nan, 1], [1, 1]]},
    ],
)
def test_senseless_input_is_refused(wrong):
    call = {"affinity": np.ones((2, 2)), "need": 1, **wrong}
    with pytest.raises(ValueError) as caught:
        assign(call.pop("affinity"), **call)
    assert not isinstance(caught.value, Infeasible)


def test_no_files_and_nothing_needed_give_nothing():
    assert assign(np.zeros((0, 3)), need=3).pairs == []
    assert assign(np.zeros((3, 2)), need=0).pairs == []
