"""Which scores count, and who may see them when."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.access import may
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Round
from portal.review import queries
from portal.review.models import Assignment, Conflict
from tests.review.stage import full
from tests.statements import statements


def hand_in(stage, name, file_id, level=3, **other):
    one = stage.assign(name, file_id)
    stage.cast.browser(name).post(f"/assignments/{one}", {**full(level, **other), "act": "submit"})
    return one


def rows(stage):
    with stage.app.app_context():
        return {(r.file_id, r.person_id): r for r in queries.scores_of_round(stage.cast.round_id)}


@pytest.fixture
def scored(stage):
    """Two files; Priya and Paul have read the first, Priya the second."""
    stage.make_panel("priya", "paul", chair="chen")
    stage.first, stage.second = stage.file("Ann Example"), stage.file("Ben Example")
    stage.priya, stage.paul = stage.cast.person("priya"), stage.cast.person("paul")
    stage.ones = [hand_in(stage, "priya", stage.first, 4, craft=0), hand_in(stage, "paul", stage.first, 2)]
    hand_in(stage, "priya", stage.second, 3)
    return stage


def test_rows_carry_the_levels_by_criterion(scored):
    found = rows(scored)
    assert set(found) == {(scored.first, scored.priya), (scored.first, scored.paul), (scored.second, scored.priya)}
    one = found[scored.first, scored.priya]
    assert one.levels == {"learning": 4, "belonging": 4, "others": 4, "craft": None, "lifting": 4}
    assert one.score == 4.0
    assert one.panel_id == scored.panel_id


def test_what_does_not_count(scored):
    started = scored.assign("paul", scored.second)
    scored.cast.browser("paul").post(f"/assignments/{started}/scores/learning", {"level-learning": "1"})
    assert len(rows(scored)) == 3  # a draft
    with scored.app.app_context(), transaction() as s:
        s.add(
            Conflict(
                program_id=scored.cast.program_id,
                cycle_id=scored.cast.cycle_id,
                person_id=scored.paul,
                file_id=scored.first,
                source="found",
                reason="nominated",
            )
        )
    assert set(rows(scored)) == {(scored.first, scored.priya), (scored.second, scored.priya)}
    with scored.app.app_context(), transaction() as s:
        s.get_one(NomineeFile, scored.second).withdrawn_at = now()
    assert set(rows(scored)) == {(scored.first, scored.priya)}
    scored.cast.browser("priya").post(f"/assignments/{scored.ones[0]}/recuse", {"why": "close"})
    assert rows(scored) == {}


def standing(stage, name):
    with stage.app.app_context():
        person = db.session.get_one(Person, stage.cast.person(name))
        found = queries.standing(person, db.session.get_one(Round, stage.cast.round_id))
        return (
            found,
            bool(may(person, "review.see_results", found)),
            bool(may(person, "review.see_results", found.of(stage.first))),
        )


def test_results_stay_hidden_until_ones_own_reviews_are_in(scored):
    assert standing(scored, "chen")[1:] == (True, True)
    scored.seat("sam")
    one = scored.assign("sam", scored.second)
    assert standing(scored, "sam")[1] is False
    assert standing(scored, "sam")[0].owed == 1
    scored.cast.browser("sam").post(f"/assignments/{one}/scores/learning", {"level-learning": "1"})
    assert standing(scored, "sam")[1] is False
    scored.cast.browser("sam").post(f"/assignments/{one}", {**full(), "act": "submit"})
    assert standing(scored, "sam")[1] is True


@pytest.mark.parametrize("how", ["declared", "nominated", "is_nominee", "recused"])
def test_from_the_conflicted_always(scored, how):
    scored.cast.person("sam")
    with scored.app.app_context(), transaction() as s:
        if how == "declared":
            s.add(
                Conflict(
                    program_id=scored.cast.program_id,
                    cycle_id=scored.cast.cycle_id,
                    file_id=scored.first,
                    person_id=scored.cast.person("sam"),
                    source="declared",
                    reason="known",
                )
            )
        elif how == "nominated":
            s.add(
                Nomination(
                    program_id=scored.cast.program_id,
                    cycle_id=scored.cast.cycle_id,
                    file_id=scored.first,
                    state="confirmed",
                    confirmed_at=now(),
                    nominator_email="sam@example.org",
                )
            )
        elif how == "is_nominee":
            s.get_one(NomineeFile, scored.first).email = "sam@example.org"
    if how == "recused":
        scored.seat("sam")
        one = scored.assign("sam", scored.first)
        scored.cast.browser("sam").post(f"/assignments/{one}/recuse", {"why": "private"})
    found, round_, file = standing(scored, "sam")
    assert scored.first in found.conflicted
    assert (round_, file) == (True, False)


def test_a_file_that_left_is_owed_by_nobody(scored):
    scored.seat("sam")
    scored.assign("sam", scored.second)
    with scored.app.app_context(), transaction() as s:
        s.get_one(NomineeFile, scored.second).withdrawn_at = now()
        assert s.scalar(select(Assignment.state).where(Assignment.person_id == scored.cast.person("sam"))) == "released"
    assert standing(scored, "sam")[0].owed == 0


@pytest.mark.parametrize("rows_", [1, 30])
def test_two_statements_whatever_the_number(scored, rows_):
    from portal.review.queries import scores_of_round

    for i in range(rows_ - 1):
        hand_in(scored, "paul", scored.file(f"File {i:02}"))
    with statements(scored.app) as sent, scored.app.app_context():
        assert len(scores_of_round(scored.cast.round_id)) == rows_ + 2
    assert len([s for s in sent if s.startswith("SELECT")]) == 2
