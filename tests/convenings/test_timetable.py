"""The rules of a timetable, as tables over plain values."""

from datetime import datetime, timedelta

import pytest

from portal.convenings.timetable import Entry, clashes, overlapping, too_long

A = Entry("a", 1, "r1", frozenset({"ann"}))
CASES = [
    # what is placed beside A, which clashes it meets
    (Entry("b", 1, "r2", frozenset({"bob"})), []),
    (Entry("b", 1, "r1", frozenset({"bob"})), ["room"]),
    (Entry("b", 1, "r2", frozenset({"ann"})), ["presenter"]),
    (Entry("b", 1, "r2", frozenset({"bob", "ann"})), ["presenter"]),
    (Entry("b", 1, "r1", frozenset({"ann"})), ["room", "presenter"]),
    (Entry("b", 2, "r1", frozenset({"ann"})), []),
    (Entry("b", 1, None, frozenset(), True), ["whole"]),
    (Entry("b", 2, None, frozenset({"ann"}), True), []),
    (Entry("b", 1, "r2", frozenset()), []),
    (Entry("a", 1, "r2", frozenset({"ann"})), []),  # its own earlier place
    (Entry("a", 1, "r1", frozenset({"ann"})), []),
]


@pytest.mark.parametrize(("entry", "kinds"), CASES)
def test_what_clashes_with_what(entry, kinds):
    assert [clash.kind for clash in clashes(entry, [A])] == kinds
    assert [clash.kind for clash in clashes(A, [entry])] == kinds  # the same from the other side


def test_a_clash_names_the_other_and_the_people():
    clash = clashes(Entry("b", 1, "r2", frozenset({"ann", "bob"})), [A])[0]
    assert (clash.other, clash.who) == (A, frozenset({"ann"}))


def test_two_sessions_without_a_room_in_a_parallel_block_do_not_share_one():
    assert clashes(Entry("b", 1), [Entry("c", 1)]) == []


START = datetime(2027, 10, 16, 9)


def span(start, end):
    return START + timedelta(minutes=start), START + timedelta(minutes=end)


@pytest.mark.parametrize(
    ("starts", "ends", "meets"),
    [
        (0, 60, True),
        (30, 40, True),
        (-10, 1, True),
        (59, 90, True),
        (-10, 70, True),
        (60, 90, False),
        (-30, 0, False),
    ],
)
def test_blocks_that_touch_do_not_overlap(starts, ends, meets):
    found = overlapping(*span(starts, ends), [span(200, 210), span(0, 60)])
    assert found == (span(0, 60) if meets else None)


@pytest.mark.parametrize(("minutes", "over"), [(None, 0), (30, 0), (60, 0), (61, 1), (90, 30)])
def test_a_session_longer_than_its_block(minutes, over):
    assert too_long(minutes, *span(0, 60)) == over
