"""Fair play's arithmetic: alike texts, one mailbox under many spellings, counted addresses, what adds up to a flag."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from portal.nominations.fairplay import (
    FLAGGED,
    Sent,
    judge,
    likeness,
    points,
    series,
    shingles,
    sketch,
    stem,
    the_same_box,
)
from tests.bench.fairplay import share_flagged
from tests.bench.fairwords import copied, honest_story, paraphrased

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
STORY = (
    "She gave him one question a day, written at home and asked in class, and in March he read the whole page aloud."
)
OTHER = (
    "He opened the gym at seven on Wednesdays for whoever needed breakfast, and the ninth grade stopped coming late."
)


def sent(number, **known):
    values = {"file_id": 1, "at": NOON, "address": f"p{number}x@{number}.example", "runs": shingles(STORY)} | known
    return Sent(number, **values)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        (STORY, STORY, 1, 1),
        (STORY, STORY.upper().replace("a", "á"), 1, 1),
        (STORY, OTHER, 0, 0),
        (STORY, f"{OTHER} {STORY}", 1, 1),
        (STORY, STORY.replace("one question", "just one question"), 0.7, 0.9),
        ("Too short to say", "Too short to say", 0, 0),
    ],
)
def test_likeness_is_the_share_of_the_shorter_text(one, other, low, high):
    assert low <= likeness(shingles(one), shingles(other)) <= high


def test_sketches_find_what_was_paraphrased_and_nothing_else():
    rng = random.Random(7)
    stories = [honest_story(rng) for _each in range(200)]
    prints = [set(sketch(shingles(s))) for s in stories]
    assert max(len(a & b) for i, a in enumerate(prints) for b in prints[:i]) < 12
    copies = [set(sketch(shingles(paraphrased(rng, s, 0.2)))) & p for s, p in zip(stories, prints, strict=True)]
    assert sum(len(each) >= 3 for each in copies) > 190


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("Nora@Example.org", "nora@example.org"),
        ("n.o.ra+award@gmail.com", "nora@gmail.com"),
        ("nora@googlemail.com", "nora@gmail.com"),
        ("n.ora+award@example.org", "n.ora@example.org"),
        ("+odd@example.org", "+odd@example.org"),
        ("no address", "no address"),
    ],
)
def test_one_box_however_it_is_written(address, box):
    assert the_same_box(address) == box


@pytest.mark.parametrize(
    ("addresses", "counted"),
    [
        (["maria01@x.org", "maria02@x.org", "maria03@x.org", "maria04@x.org"], True),
        (["maria01@x.org", "maria02@x.org", "maria03@x.org"], False),
        (["maria61@x.org", "maria74@x.org", "maria88@x.org", "maria99@x.org"], False),
    ],
)
def test_addresses_that_were_counted_through(addresses, counted):
    assert len({stem(a) for a in addresses}) == 1
    assert series(addresses) is counted


@pytest.mark.parametrize("address", ["s1023456@school.org", "nora@x.org", "12@x.org", "a1@x.org"])
def test_addresses_that_have_no_stem(address):
    assert stem(address) == ""


ALONE = {"runs": shingles(OTHER)}
CASES = {
    "nothing": (sent(1), [sent(2, **ALONE)], []),
    "a hidden field filled in": (sent(1, trapped=True), [], [("trap", 2)]),
    "faster than anybody": (sent(1, seconds=8), [], [("quick", 2)]),
    "fast": (sent(1, seconds=30), [], [("quick", 1)]),
    "at a human pace": (sent(1, seconds=95), [], []),
    "links": (sent(1, links=2), [], [("links", 1)]),
    "a couple's text": (sent(1), [sent(2)], [("words", 1)]),
    "a form letter": (sent(1), [sent(n) for n in (2, 3, 4)], [("words", 2)]),
    "copied to another educator": (sent(1), [sent(2, file_id=9)], [("words", 2)]),
    "one's own text for two educators": (sent(1), [sent(2, file_id=9, address="p1x@1.example")], []),
    "one box twice": (
        sent(1, address="no.ra@gmail.com", **ALONE), [sent(2, address="nora+1@gmail.com")], [("mailbox", 2)],
    ),
    "one box for two educators": (
        sent(1, address="no.ra@gmail.com", **ALONE), [sent(2, file_id=9, address="nora+1@gmail.com")], [],
    ),
    "a series": (
        sent(1, address="fan01@x.org", **ALONE),
        [sent(n, address=f"fan0{n}@x.org") for n in (2, 3, 4)],
        [("series", 2)],
    ),
    "the same names on other days": (
        sent(1, address="fan01@x.org", **ALONE),
        [sent(n, file_id=n, at=NOON + timedelta(days=n), address=f"fan0{n}@x.org") for n in (2, 3, 4)],
        [],
    ),
    "a class": (
        sent(1, network="school", seconds=300, **ALONE),
        [sent(n, network="school", seconds=300, runs=frozenset()) for n in range(2, 30)],
        [],
    ),
    "a burst": (
        sent(1, network="home", seconds=60, **ALONE),
        [sent(n, network="home", seconds=60, runs=frozenset()) for n in range(2, 8)],
        [("burst", 2)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_speaks_against_a_nomination(case):
    one, others, expected = CASES[case]
    found = judge(one, [*others, one])
    assert [(each.kind, each.points) for each in found] == expected
    assert (points(found) >= FLAGGED) is (sum(p for _kind, p in expected) >= 2)
    assert one.id not in {other for each in found for other in each.others}


def test_a_season_with_fakes():
    """The aim of `python -m tests.bench.fairplay` on a small season."""
    caught, wronged, table = share_flagged(1, honest=1000, fakes=200)
    assert caught >= 0.95
    assert wronged <= 0.01
    assert table["fake: careful"] == (0, 6)  # who takes the pains of many people is not told apart


def test_a_copy_stays_alike():
    rng = random.Random(1)
    assert likeness(shingles(STORY), shingles(copied(rng, STORY))) > 0
