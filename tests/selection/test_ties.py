"""Ties across the cut: found exactly, settled in the declared order, never by anything else."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.selection.ties import TieStep, apply_count, apply_decision, borda, break_ties, find_tie, settle

SCORES = {"a": 3.6, "b": 3.2, "c": 3.2, "d": 3.2, "e": 2.8, "unread": None}


@pytest.mark.parametrize(
    ("winners", "band", "places"),
    [
        (0, None, None),
        (1, None, None),
        (2, ("b", "c", "d"), 1),
        (3, ("b", "c", "d"), 2),
        (4, None, None),
        (9, None, None),
    ],
)
def test_a_tie_is_found_only_where_the_cut_runs_through_it(winners, band, places):
    tie = find_tie(SCORES, winners)
    assert (tie and tie.files, tie and tie.places) == (band, places)
    if tie:
        assert tie.above == ("a",)


def test_rounding_noise_is_a_tie_and_a_real_difference_is_not():
    assert find_tie({"a": 0.1 + 0.2, "b": 0.3}, 1) is not None
    assert find_tie({"a": 0.3 + 1e-6, "b": 0.3}, 1) is None


def test_the_student_criteria_settle_it_and_the_rest_is_not_needed():
    done = break_ties(SCORES, 2, {"b": 3.4, "c": 3.35, "d": 3.15}, {"b": 1.0, "c": 4.0, "d": 4.0})
    assert (done.settled, done.advanced) == (True, ("b",))
    assert [(s.step, s.figures, s.advanced, s.out, s.remaining) for s in done.steps] == [
        (TieStep.STUDENT_CRITERIA, {"b": 3.4, "c": 3.35, "d": 3.15}, ("b",), ("c", "d"), ())
    ]


def test_a_step_that_separates_some_hands_on_the_rest():
    done = break_ties(SCORES, 3, {"b": 3.5, "c": 3.1, "d": 3.1}, {"b": 3.0, "c": 3.0, "d": 3.5})
    assert [step.step for step in done.steps] == [TieStep.STUDENT_CRITERIA, TieStep.MEDIAN]
    assert done.steps[0].remaining == ("c", "d")
    assert done.steps[1].figures == {"c": 3.0, "d": 3.5}  # only those still tied are compared
    assert done.advanced == ("b", "d")


def test_a_figure_that_is_missing_separates_nobody():
    done = break_ties(SCORES, 2, {"b": 3.5, "c": None, "d": 3.1}, {"b": 3, "c": 3, "d": 3})
    assert done.steps[0].advanced == ()
    assert done.remaining == ("b", "c", "d")
    assert (done.places_left, done.settled) == (1, False)


def still_tied(places=1):
    return break_ties(SCORES, 1 + places, {"b": 3, "c": 3, "d": 3}, {"b": 3, "c": 3, "d": 3})


def voted(state, *ballots, aside=()):
    return apply_count(state, borda(state.remaining, ballots), ballots=len(ballots), aside=aside)


def test_the_vote_counts_by_borda_and_names_whom_it_left_out():
    done = voted(still_tied(), ["c", "d", "b"], ["d", "c", "b"], ["c", "b", "d"], aside=["friend"])
    step = done.steps[-1]
    assert step.figures == {"b": 1, "c": 5, "d": 3}
    assert (step.ballots, step.set_aside, step.advanced) == (3, ("friend",), ("c",))
    assert done.settled


def test_files_that_a_ballot_leaves_out_share_what_is_left():
    done = voted(still_tied(), ["b"])
    assert done.steps[-1].figures == {"b": 2, "c": 0.5, "d": 0.5}
    assert voted(still_tied(), []).remaining == ("b", "c", "d")


def test_an_even_vote_goes_to_the_chair_whose_reason_is_kept():
    even = voted(still_tied(), ["b", "c", "d"], ["c", "b", "d"])
    assert (even.remaining, even.steps[-1].out) == (("b", "c"), ("d",))
    done = apply_decision(even, ["c"], by="Dr. Osei", reason=" Reaches students no other file reaches. ")
    step = done.steps[-1]
    assert (step.step, step.by, step.reason) == (TieStep.CHAIR, "Dr. Osei", "Reaches students no other file reaches.")
    assert (done.settled, done.advanced, step.out) == (True, ("c",), ("b",))


def test_wrong_votes_and_decisions_are_refused():
    state = still_tied(places=2)
    for ballot in (["b", "b"], ["a"]):
        with pytest.raises(ValueError, match="ballot"):
            voted(state, ballot)
    with pytest.raises(ValueError, match="other files"):
        apply_count(state, {"b": 1.0}, ballots=1)
    assert voted(state).remaining == state.remaining  # nobody voted
    for chosen in (["b"], ["b", "c", "d"], ["b", "a"]):
        with pytest.raises(ValueError, match="exactly 2"):
            apply_decision(state, chosen, by="x", reason="y")
    with pytest.raises(ValueError, match="reason"):
        apply_decision(state, ["b", "c"], by="x", reason="  ")
    done = apply_decision(state, ["b", "c"], by="x", reason="y")
    with pytest.raises(ValueError, match="Nothing is tied"):
        voted(done)
    with pytest.raises(ValueError, match="Nothing is tied"):
        apply_decision(done, ["d"], by="x", reason="y")


def test_steps_that_the_program_does_not_use_are_not_on_record():
    done = settle(find_tie(SCORES, 2), None, {"b": 3, "c": 2, "d": 2})
    assert [step.step for step in done.steps] == [TieStep.MEDIAN]


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)), min_size=2, max_size=9),
    st.integers(1, 8),
    st.randoms(use_true_random=False),
)
def test_names_and_order_never_decide(rows, winners, shuffler: random.Random):
    names = [f"n{i}" for i in range(len(rows))]
    other = names.copy()
    shuffler.shuffle(other)
    renamed = dict(zip(names, other, strict=True))
    one = _broken(dict(zip(names, rows, strict=True)), winners)
    two = _broken({renamed[name]: row for name, row in reversed(list(zip(names, rows, strict=True)))}, winners)
    if one is None:
        assert two is None
        return
    assert {renamed[f] for f in one.advanced} == set(two.advanced)
    assert {renamed[f] for f in one.remaining} == set(two.remaining)
    assert one.places_left == two.places_left
    assert len(one.advanced) + one.places_left == one.tie.places
    assert one.settled == (one.places_left == 0)


def _broken(rows, winners):
    scores, students, medians = ({name: row[at] for name, row in rows.items()} for at in range(3))
    return break_ties(scores, winners, students, medians)


def test_a_record_cannot_be_changed_in_place():
    done = still_tied()
    with pytest.raises(AttributeError):
        done.steps = ()
    assert replace(done, steps=()).remaining == ("b", "c", "d")
