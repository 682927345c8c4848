"""What a file needs next, as a whole table, in Python and in SQL alike; what qualifies; what may be joined; stories."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.delivery import StoppedAddress
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import consent, eligibility
from portal.nominations.queries import files as queries
from portal.nominations.queries.files import Asked
from portal.nominations.rules import CONSENT, SCREENING
from portal.nominations.rules.eligibility import held_by
from portal.nominations.rules.files import (
    STEPS,
    Standing,
    Terms,
    Told,
    Voices,
    doubt,
    next_step,
    suggested_story,
    terms_of,
)
from portal.nominations.rules.joining import in_order, why_not_join
from portal.programs.models import Cycle, Program
from tests.cast import Cast

PLAIN = Terms(weak_relations=("relative",), closed_positions=("coach",))
NOBODY, ONE, UNPROVEN = Voices(), Voices(proven=1), Voices(unproven=1)
ALONE, FAMILY = Voices(proven=1, own=1), Voices(proven=1, only_kin=True)


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        (Standing(withdrawn=True, consent="accepted", screening="eligible"), "over"),
        (Standing(consent="declined"), "over"),
        (Standing(consent="erased", voices=NOBODY), "over"),
        (Standing(screening="ineligible"), "ineligible"),
        (Standing(screening="ineligible", consent="accepted"), "ineligible"),
        (Standing(voices=UNPROVEN), "prove"),
        (Standing(voices=NOBODY), "empty"),
        (Standing(held="position"), "screen"),
        (Standing(held="position", has_address=False, voices=ALONE), "screen"),
        (Standing(held="position", screening="eligible"), "ask"),
        (Standing(voices=ALONE), "second"),
        (Standing(voices=FAMILY), "second"),
        (Standing(voices=FAMILY, screening="eligible"), "ask"),
        (Standing(has_address=False), "address"),
        (Standing(), "ask"),
        (Standing(consent="asked"), "wait"),
        (Standing(stopped=True), "mend"),
        (Standing(stopped=True, consent="asked"), "mend"),
        (Standing(stopped=True, consent="accepted", screening="eligible"), "mend"),
        (Standing(stopped=True, consent="accepted"), "screen"),
        (Standing(stopped=True, consent="declined"), "over"),
        (Standing(stopped=True, voices=ALONE), "second"),
        (Standing(consent="asked", screening="eligible"), "wait"),
        (Standing(consent="accepted"), "screen"),
        (Standing(consent="accepted", screening="eligible"), "ready"),
    ],
)
def test_next_step(standing: Standing, step: str) -> None:
    assert next_step(standing, PLAIN) == step


@pytest.mark.parametrize(
    ("voices", "terms", "qualifies"),
    [
        (Voices(), PLAIN, False),
        (Voices(unproven=3), PLAIN, False),
        (Voices(proven=1), PLAIN, True),
        (Voices(proven=1, own=1), PLAIN, False),
        (Voices(proven=2, own=1), PLAIN, True),
        (Voices(proven=2, own=1, only_kin=True), PLAIN, False),
        (Voices(proven=3, own=1), PLAIN, True),
        (Voices(proven=2, only_kin=True), PLAIN, False),
        (Voices(proven=2), PLAIN, True),
        (Voices(proven=2, only_kin=True), Terms(family_alone=True), True),
        (Voices(proven=2, own=1), Terms(seconders=2), False),
        (Voices(proven=3, own=1), Terms(seconders=2), True),
        (Voices(proven=1, own=1), Terms(seconders=0), True),
    ],
)
def test_what_qualifies(voices: Voices, terms: Terms, qualifies: bool) -> None:
    assert (doubt(voices, terms) is None) == qualifies


def test_terms_come_from_the_settings() -> None:
    settings = {
        "positions": [{"key": "t"}, {"key": "c", "eligible": False}],
        "relations": [
            {"key": "self", "group": "self", "alone": False},
            {"key": "relative", "group": "family", "alone": False},
            {"key": "parent", "group": "family"},
        ],
        "nomination": {"story_words": [1, 2], "self_needs_seconders": 3, "family_alone_qualifies": True},
    }
    assert terms_of(settings) == Terms(3, True, ("relative",), ("c",), 14, (1, 2))
    assert terms_of({}) == Terms()


RELATION_OF = {"own": "self", "relative": "relative", "other": "colleague"}
WRITERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("other", "submitted"),),
    (("own", "confirmed"),),
    (("relative", "confirmed"),),
    (("relative", "confirmed"), ("own", "confirmed")),
    (("other", "confirmed"), ("own", "submitted")),
    (("other", "spam"),),
)


def test_the_list_says_the_same_as_the_rule(cast: Cast) -> None:
    """Every state of consent and screening, with and without address, position, withdrawal, and kinds of voices."""
    addresses = ("", "a@b.org", "gone@b.org")
    choices = (CONSENT.states, SCREENING.states, addresses, ("teacher", "coach"), (False, True), WRITERS)
    cases = list(product(*choices))
    with cast.app.app_context(), transaction() as s:
        program = s.get_one(Program, cast.program_id)
        program.settings = {
            **program.settings,
            "positions": [
                {"key": "teacher", "name": {"en": "T"}},
                {"key": "coach", "name": {"en": "C"}, "eligible": False},
            ],
            "relations": [
                {"key": "self", "group": "self", "name": {"en": "S"}, "alone": False},
                {"key": "relative", "group": "family", "name": {"en": "R"}, "alone": False},
                {"key": "colleague", "group": "colleague", "name": {"en": "C"}, "alone": True},
            ],
        }
        s.add(StoppedAddress(email="gone@b.org", kind="unknown", since=now()))
        files = [_file(cast, *case[:5]) for case in cases]
        s.add_all(files)
        s.flush()
        s.add_all([n for file, case in zip(files, cases, strict=True) for n in _written(cast, file, case[5])])
    with cast.app.app_context():
        cycle = db.session.get_one(Cycle, cast.cycle_id)
        everything = {f.id: f for f in db.session.scalars(select(NomineeFile).options(undefer(NomineeFile.stopped)))}
        steps = dict(_steps_in_sql(cycle))
        nominations: dict[int, list[Nomination]] = {}
        for n in db.session.scalars(select(Nomination)):
            nominations.setdefault(n.file_id or 0, []).append(n)
        terms = terms_of(cycle.program.settings)
        counted = {i: queries.voices_in(nominations.get(i, []), terms) for i in everything}
        known = eligibility.known_of(cycle)
        why = {i: held_by(f, terms.closed_positions, known) for i, f in everything.items()}
        expected = {i: queries.step_of(f, counted[i], terms, why[i]) for i, f in everything.items()}
        counts = queries.listed(cycle, Asked()).counts
        numbers = consent.consent_counts(cycle, known)
        asked = {name: consent.listed(cycle, name) for name in ("ready", "waiting", "due")}
        asked["need_address"] = consent.needing_address(cycle)
        lists = {name: len(db.session.scalars(query).all()) for name, query in asked.items()}
    assert len(steps) == len(cases) == 5 * 3 * 3 * 2 * 2 * 7
    assert steps == expected
    assert set(steps.values()) == set(STEPS)
    assert counts["screen"] == sum(step == "screen" for step in expected.values()) == numbers["to_screen"]
    assert {name: numbers[name] for name in lists} == lists
    assert all(lists[name] for name in ("ready", "waiting", "need_address"))
    assert numbers["eligible"] == sum(
        (f.consent, f.screening, f.withdrawn_at) == ("accepted", "eligible", None) for f in everything.values()
    )
    assert numbers["came_back"] == sum(
        f.stopped and f.withdrawn_at is None and f.consent in ("open", "asked", "accepted") for f in everything.values()
    )


def _steps_in_sql(cycle: Cycle) -> list[tuple[int, str]]:
    return [(file_id, step) for step in STEPS for file_id in queries.ids_as_asked(cycle, Asked(chip=step))]


def _file(cast: Cast, consent: str, screening: str, email: str, position: str, withdrawn: bool) -> NomineeFile:
    return NomineeFile(
        program_id=cast.program_id, cycle_id=cast.cycle_id, name="A", name_key="a", consent=consent, asked_at=now(),
        screening=screening, screened_at=now(), email=email, position_key=position,
        withdrawn_at=now() if withdrawn else None,
    )  # fmt: skip


def _written(cast: Cast, file: NomineeFile, writers: tuple[tuple[str, str], ...]) -> list[Nomination]:
    groups = {"own": "self", "relative": "family", "other": "colleague"}
    return [
        Nomination(
            program_id=cast.program_id,
            cycle_id=cast.cycle_id,
            file_id=file.id,
            state=state,
            confirmed_at=now(),
            relation=RELATION_OF[kind],
            relation_group=groups[kind],
            nominator_email=f"{kind}@b.org",
            sharing="no",
        )
        for kind, state in writers
    ]


def _pair(kept: str, gone: str, **different: Any) -> tuple[Any, Any]:
    usual: dict[str, Any] = {"cycle_id": 1, "joined_into_id": None, "withdrawn_at": None, "screening": "unscreened"}
    usual |= {"email": "a@x.org", "cycle": SimpleNamespace(decisions_confirmed_at=None)}
    return (
        SimpleNamespace(**{**usual, "id": 1, "consent": kept}),
        SimpleNamespace(**{**usual, "id": 2, "consent": gone, **different}),
    )


def test_what_may_be_joined_whole_table() -> None:
    order = {"open": 0, "asked": 1, "accepted": 2}
    for kept, gone in product(CONSENT.states, repeat=2):
        fits = kept in order and gone in order and order[gone] <= order[kept]
        assert (why_not_join(*_pair(kept, gone)) is None) == fits, (kept, gone)


DECIDED = SimpleNamespace(decisions_confirmed_at=now())
NOT_JOINED = [
    ({"id": 1}, "the same file"),
    ({"cycle_id": 2}, "different years"),
    ({"joined_into_id": 7}, "already joined"),
    ({"withdrawn_at": now()}, "withdrew"),
    ({"consent": "asked", "email": "b@x.org"}, "different addresses"),
    ({"screening": "ineligible"}, "agree first"),
]


@pytest.mark.parametrize(("different", "words"), NOT_JOINED)
def test_what_may_not_be_joined(app: Flask, different: dict[str, Any], words: str) -> None:
    kept, gone = _pair("asked", "open", **different)
    kept.screening = "eligible"
    with app.test_request_context():
        assert words in str(why_not_join(kept, gone))


def test_what_the_panel_has_stays_and_what_is_decided_is_left_alone(app: Flask) -> None:
    kept, gone = _pair("open", "open")
    with app.test_request_context():
        assert why_not_join(kept, gone, {1}) is None
        assert "The panel already has the other file." in str(why_not_join(kept, gone, {2}))
        assert "The panel has both files." in str(why_not_join(kept, gone, {1, 2}))
        kept.cycle = DECIDED
        assert "confirmed" in str(why_not_join(kept, gone))


@pytest.mark.parametrize(
    ("one", "other", "held", "voices", "stays"),
    [
        ({}, {}, (), {}, 1),
        ({}, {"email": "a@x.org"}, (), {}, 2),
        ({}, {"school_id": 4}, (), {}, 2),
        ({}, {"school_name": "Old Mill"}, (), {}, 2),
        ({}, {}, (), {1: 2, 2: 5}, 2),
        ({"email": "a@x.org"}, {"consent": "asked"}, (), {}, 2),
        ({}, {"consent": "accepted"}, (1,), {}, 1),
    ],
)
def test_which_file_stays(one: Any, other: Any, held: Any, voices: Any, stays: int) -> None:
    usual = {"consent": "open", "email": "", "school_id": None, "school_name": ""}
    first = SimpleNamespace(**{**usual, "id": 1, **one})
    second = SimpleNamespace(**{**usual, "id": 2, **other})
    for pair in ((first, second), (second, first)):
        assert in_order(*pair, held, voices)[0].id == stays


@pytest.mark.parametrize(
    ("stories", "expected"),
    [
        ([], None),
        ([Told(1, 5)], 1),
        ([Told(1, 5), Told(2, 9)], 2),
        ([Told(1, 5), Told(2, 11)], 1),
        ([Told(1, 30), Told(2, 11)], 2),
        ([Told(2, 9), Told(1, 9)], 1),
        ([Told(1, 10), Told(2, 3)], 1),
    ],
)
def test_the_story_that_is_proposed(stories: list[Told], expected: int | None) -> None:
    assert suggested_story(stories, 10) == expected
