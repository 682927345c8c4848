"""The arithmetic of one review, as tables."""

import pytest

from portal.review.scoring import Judged, lacks, total

WEIGHTS = {"a": 50, "b": 30, "c": 20}


def sheet(a=None, b=None, c=None, evidence="because"):
    """Levels by criterion; "x" is "cannot judge"."""
    given = {"a": a, "b": b, "c": c}
    return [Judged(k, WEIGHTS[k], v if isinstance(v, int) else None, v == "x", evidence) for k, v in given.items()]


@pytest.mark.parametrize(("levels", "score", "judged", "left_out", "to_do"), [
    ((None, None, None), None, 0.0, 0.0, 1.0),
    ((4, 4, 4), 4.0, 1.0, 0.0, 0.0),
    ((4, 2, 1), 2.8, 1.0, 0.0, 0.0),
    ((4, 2, "x"), 3.25, 0.8, 0.2, 0.0),     # weights renormalize: what can't be judged costs nothing
    ((4, "x", None), 4.0, 0.5, 0.3, 0.2),
    (("x", "x", "x"), None, 0.0, 1.0, 0.0),
    ((1, None, None), 1.0, 0.5, 0.0, 0.5),
])  # fmt: skip
def test_the_total_is_the_weighted_mean_of_what_was_judged(levels, score, judged, left_out, to_do):
    found = total(sheet(*levels))
    assert found.score == (pytest.approx(score) if score is not None else None)
    assert (found.judged, found.cannot_judge, found.to_do) == pytest.approx((judged, left_out, to_do))


def test_an_empty_rubric_has_no_total():
    assert total([]).score is None


@pytest.mark.parametrize(("levels", "evidence", "answer", "missing", "too_little"), [
    ((4, 2, 1), "because", (), (), False),
    ((4, 2, None), "because", ("c",), (), False),
    ((4, 2, "x"), "", (), ("a", "b"), False),   # "cannot judge" needs no evidence
    ((4, "x", "x"), "because", (), (), True),   # 50 % judged
    (("x", 2, 2), "because", (), (), True),
    ((4, None, "x"), " ", ("b",), ("a",), False),  # what is unanswered comes first
    (("x", "x", "x"), "because", (), (), True),
])  # fmt: skip
def test_what_a_review_lacks(levels, evidence, answer, missing, too_little):
    found = lacks(sheet(*levels, evidence=evidence), 60)
    assert (found.answer, found.evidence, found.too_little) == (answer, missing, too_little)
    assert bool(found) is bool(answer or missing or too_little)


def test_exactly_the_least_share_is_enough():
    thirds = [Judged("a", 0.6, 3, False, "e"), Judged("b", 0.4, None, True)]
    assert not lacks(thirds, 60)
    assert lacks(thirds, 60.1).too_little


def test_a_mark_tells_answers_apart():
    marks = {
        Judged("a", 1, *rest).mark() for rest in ((None, False, ""), (3, False, ""), (None, True, ""), (3, False, "x"))
    }
    assert len(marks) == 4
    assert Judged("a", 1, 3, False, "x").mark() == Judged("b", 9, 3, False, "x").mark()
