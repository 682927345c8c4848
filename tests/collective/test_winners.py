"""The Collective pulls: announced winners, and only they, are invited once, by the job or by the organizer's button."""

import pytest
from sqlalchemy import select, update

from portal.collective import queries
from portal.collective.models import Invitation
from portal.core import audit, jobs
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.outbox import Letter, put
from portal.selection.models import Decision
from tests.cast import letters, text_of
from tests.collective.world import add_file


def decide(cast, file_id, outcome="winner", state="announced"):
    """A decision on a file as it would stand."""
    proposer, confirmer = cast.person("sam"), cast.person("sofia")
    with cast.app.app_context(), transaction() as s:
        decision = Decision(
            program_id=cast.program_id,
            cycle_id=cast.cycle_id,
            file_id=file_id,
            outcome=outcome,
            state=state,
            proposed_by_id=proposer,
            proposed_at=now(),
            confirmed_by_id=confirmer if state in ("confirmed", "announced") else None,
            confirmed_at=now() if state in ("confirmed", "announced") else None,
            announced_at=now() if state == "announced" else None,
        )
        s.add(decision)
        s.flush()
        return decision.public_id


def run(app, program_id=None):
    with app.app_context():
        jobs.REGISTRY["collective.invite_winners"](program_id)


def invited(app):
    with app.app_context():
        return list(db.session.scalars(select(Invitation.name).order_by(Invitation.id)))


@pytest.mark.parametrize("state", ["proposed", "confirmed", "withdrawn", "announced"])
@pytest.mark.parametrize("outcome", ["winner", "finalist", "honorable_mention", "not_selected"])
def test_only_announced_winners_are_invited(app, cast, outcome, state):
    decide(cast, add_file(cast), outcome, state)
    run(app)
    assert invited(app) == (["Tariq Example"] if (outcome, state) == ("winner", "announced") else [])


def test_the_job_is_safe_to_run_twice_and_knows_each_program(app, cast):
    decide(cast, add_file(cast))
    run(app, cast.program_id + 1)
    assert invited(app) == []
    run(app, cast.program_id)
    run(app)
    assert invited(app) == ["Tariq Example"]
    assert [m.to for m in letters(app, "collective/invitation")] == ["tariq@example.org"]


def test_the_button_does_the_same(app, cast):
    for name in ("Tariq Example", "Imani Reed"):
        decide(cast, add_file(cast, name, f"{name.split()[0].lower()}@example.org"))
    sam = cast.browser("sam")
    assert "2 announced winners have not been invited" in text_of(sam.get("/collective/teach-on/invitations"))
    page = sam.post("/collective/teach-on/invitations/winners", follow=True)
    assert "2 winners are invited" in text_of(page)
    assert "invited already" in text_of(sam.post("/collective/teach-on/invitations/winners", follow=True))
    assert len(invited(app)) == 2


def test_a_winner_whose_own_letter_is_held_waits(app, cast):
    public_id = decide(cast, add_file(cast))
    about = f"decision:{public_id}"
    with app.app_context(), transaction():
        letter = Letter(template="collective/welcome", to="tariq@example.org", key="held", about=about)
        put(letter, hold=True)
    run(app)
    assert invited(app) == []
    from portal.core.outbox import Message

    with app.app_context(), transaction() as s:
        s.execute(update(Message).values(state="sent"))
    run(app)
    assert invited(app) == ["Tariq Example"]


@pytest.mark.parametrize("left", [{"withdrawn_at": now()}, {"consent": "declined"}])
def test_a_winner_who_withdrew_after_the_announcement_is_not_invited(app, cast, left):
    decide(cast, add_file(cast, **left))
    run(app)
    assert invited(app) == []
    assert "not been invited" not in text_of(cast.browser("sam").get("/collective/teach-on/invitations"))


def test_what_happened_is_chained(app, cast):
    decide(cast, add_file(cast))
    run(app)
    with app.app_context():
        count, findings = audit.verify()
        assert (count > 0, findings) == (True, [])
        assert queries.announced_winners(cast.program_id) == []
