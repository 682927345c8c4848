"""What the demo holds: two years of an award with everything in the middle of happening."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Role
from portal.collective.models import Member
from portal.convenings.models import Convening, Placement, Proposal
from portal.core import audit
from portal.core.clock import now
from portal.core.db import db
from portal.core.jobs import Job
from portal.core.outbox import Message
from portal.nominations.models import ImportRun, Nomination, NomineeFile
from portal.programs.models import Cycle, District
from portal.programs.queries import cycles_of, program_by_slug
from portal.programs.rules import phase
from portal.review.models import Assignment, Review, Seat
from portal.selection.models import Decision, RankingRun


@pytest.fixture
def here(demo):
    with demo.app_context():
        yield
        db.session.remove()


def years():
    """(this year's cycle, last year's)."""
    this, last = cycles_of(program_by_slug("teach-on"))
    return this, last


def tally(column, *where):
    """How many rows there are by this column."""
    query = select(column, func.count()).where(*where).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(query)}


def test_the_record_verifies_and_is_in_time(here):
    count, findings = audit.verify()
    assert count > 1500
    assert findings == []
    last = db.session.scalar(select(func.max(audit.AuditEntry.at)))
    assert last <= now()


def test_last_year_is_announced_and_this_year_is_open(here):
    this, last = years()
    assert last.announced_at is not None
    assert this.announced_at is None
    assert phase(this.windows, now()) == "nominations"
    nominations = next(w for w in this.windows if w.key == "nominations")
    assert nominations.is_open(now())


def test_this_year_has_a_few_hundred_nominations_in_two_languages_and_every_state(here):
    this, _last = years()
    mine = Nomination.cycle_id == this.id
    states = tally(Nomination.state, mine)
    assert 250 <= sum(states.values()) <= 350
    assert {"draft", "submitted", "confirmed", "withdrawn"} <= set(states)
    locales = tally(Nomination.locale, mine)
    assert locales["es"] >= 30
    assert db.session.scalar(select(func.count()).where(mine, Nomination.for_child)) >= 3
    shortest = db.session.scalar(select(func.min(func.length(Nomination.story))).where(mine, Nomination.story != ""))
    assert shortest < 20
    assert db.session.scalar(select(func.max(func.length(Nomination.educator_name))).where(mine)) > 50


def test_nominee_files_stand_at_every_point_of_consent(here):
    this, last = years()
    mine = (NomineeFile.cycle_id == this.id, NomineeFile.joined_into_id.is_(None))
    consents = tally(NomineeFile.consent, *mine)
    assert {"open", "asked", "accepted", "declined", "erased"} == set(consents)
    assert 75 <= sum(consents.values()) <= 110
    assert {"eligible", "ineligible", "unscreened"} <= set(tally(NomineeFile.screening, *mine))
    joined = select(func.count()).where(NomineeFile.cycle_id == this.id, NomineeFile.joined_into_id.is_not(None))
    assert db.session.scalar(joined) >= 1
    assert "asked" not in tally(NomineeFile.consent, NomineeFile.cycle_id == last.id)  # erased, as they were promised
    assert db.session.scalar(select(func.count(District.id))) == 6


def test_a_panel_is_in_the_middle_of_its_reading(here):
    this, last = years()
    states = tally(Assignment.state, Assignment.cycle_id == this.id)
    assert states["scored"] > 30
    assert states["released"] > 20
    assert states["recused"] == 1
    done = Counter()
    for person_id, state in db.session.execute(
        select(Assignment.person_id, Assignment.state).where(Assignment.cycle_id == this.id)
    ):
        done[person_id, state] += 1
    people = {person_id for person_id, _state in done}
    assert any(done[p, "scored"] and not done[p, "released"] for p in people)  # one has finished
    assert any(done[p, "released"] and not done[p, "scored"] for p in people)  # one has not begun
    assert db.session.scalar(select(func.count()).where(Review.cycle_id == this.id, Review.state == "draft")) >= 3
    assert {"accepted", "invited"} <= set(tally(Seat.state, Seat.cycle_id == this.id))
    assert set(tally(Assignment.state, Assignment.cycle_id == last.id)) == {"scored", "recused"}


def test_severe_and_lenient_readers_show_in_the_ranking(here):
    this, last = years()
    for cycle in (this, last):
        runs = list(db.session.scalars(select(RankingRun).where(RankingRun.cycle_id == cycle.id)))
        assert len(runs) == 1
        assert runs[0].computed_at is not None
        severities = [reader["severity"] for reader in runs[0].result["reviewers"]]
        assert max(severities) - min(severities) > 0.5


def test_last_years_tie_was_settled_and_its_winners_announced(here):
    _this, last = years()
    outcomes = tally(Decision.outcome, Decision.cycle_id == last.id, Decision.state == "announced")
    assert outcomes["winner"] == 12
    assert outcomes["honorable_mention"] == 2
    verbs = select(audit.AuditEntry.verb).where(audit.AuditEntry.verb.in_(("tie.voted", "tie.close")))
    assert {"tie.voted", "tie.close"} <= set(db.session.scalars(verbs))
    assert db.session.scalar(select(func.count()).where(ImportRun.cycle_id == last.id)) == 1


def test_winners_of_several_years_are_members(here):
    cohorts = tally(Member.cohort, Member.state == "active")
    assert len(cohorts) == 5
    _this, last = years()
    assert cohorts[last.name] == 11  # one has not answered
    roles = tally(Role.name)
    assert roles["organizer"] == 2
    assert roles["auditor"] == 1


def test_a_convening_lies_ahead_with_an_open_call_and_an_agenda_and_one_lies_behind(here):
    behind, ahead = db.session.scalars(select(Convening).order_by(Convening.day))
    assert behind.day < now().date() < ahead.day
    for convening in (behind, ahead):
        assert convening.day.weekday() == 5
        assert convening.agenda_released_at is not None
        placed = select(func.count()).select_from(Placement).where(Placement.convening_id == convening.id)
        assert db.session.scalar(placed) >= 8
    assert ahead.call.closes_at > now() + timedelta(days=7)
    states = tally(Proposal.state, Proposal.convening_id == ahead.id)
    every = ["draft", "submitted", "returned", "standby", "declined", "accepted", "confirmed"]
    assert {*every, "in review"} == set(states)


def test_letters_are_dated_when_they_were_written_and_nothing_waits(here):
    states = tally(Message.state)
    assert (set(states), states["bounced"]) == ({"sent", "bounced"}, 2)
    first, last = db.session.execute(select(func.min(Message.created_at), func.max(Message.created_at))).one()
    assert last - first > timedelta(days=300)
    assert last <= now()
    assert set(tally(Job.state)) == {"done"}


def test_opening_days_lie_a_whole_number_of_weeks_apart(here):
    opened = list(db.session.scalars(select(Cycle.opening_day).order_by(Cycle.opening_day)))
    assert (opened[1] - opened[0]).days % 7 == 0
