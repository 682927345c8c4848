"""After the announcement: a correction takes two people; held letters are released cycle by cycle."""

from datetime import date

from sqlalchemy import select

from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.outbox import Message
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle
from portal.selection import queries
from portal.selection.models import Correction, Decision
from tests.cast import letters, text_of
from tests.selection.judged import judged
from tests.selection.test_deciding import announce_all, announcement_url, computed, decisions_url, propose
from tests.statements import statements


def decision_of(cast, name):
    with cast.app.app_context():
        return db.session.scalar(
            select(Decision.public_id)
            .join(NomineeFile, NomineeFile.id == Decision.file_id)
            .where(NomineeFile.name == name)
        )


def raises_the_version(sent):
    """Whether the kept public page is made out of date by one step, which another writer's can't swallow."""
    (raised,) = [statement for statement in sent if statement.startswith("UPDATE programs ")]
    return "version=(programs.version + " in raised


def waiting(cast):
    with cast.app.app_context():
        return db.session.scalar(select(Correction.public_id).where(Correction.state == "proposed"))


def winners(cast):
    return text_of(cast.browser().get(f"/awards/{cast.slug}/winners"))


def test_a_correction_is_proposed_confirmed_by_another_and_then_public_with_its_note(cast):
    judged(cast)
    sam, _ = announce_all(cast)
    url = f"/decisions/{decision_of(cast, 'Cleo Third')}/correct"
    assert sam.post(url, {"outcome": "winner", "note": ""}).status_code == 422
    assert sam.post(url, {"outcome": "winner", "note": "Left out by mistake."}).status_code == 303
    assert "Cleo Third" not in winners(cast)
    assert sam.post(url, {"outcome": "finalist", "note": "Again."}).status_code == 409
    page = text_of(sam.get(decisions_url(cast)))
    assert "Corrections that wait for a second person" in page
    assert "Not selected this year → Winner" in page
    assert "Confirm and publish" not in page
    confirm = f"/corrections/{waiting(cast)}/confirm"
    alone = sam.post(confirm)
    assert alone.status_code == 403
    assert "second person" in text_of(alone)
    sofia = cast.browser("sofia")
    assert "A correction waits for a second person" in text_of(sofia.get("/desk"))
    assert "A correction waits" not in text_of(sam.get("/desk"))
    with statements(cast.app) as sent:
        assert sofia.post(confirm).status_code == 303
    assert raises_the_version(sent)
    assert "Cleo Third" in winners(cast)
    assert "Left out by mistake." in winners(cast)
    assert sofia.post(confirm).status_code == 404
    with cast.app.app_context():
        verbs = set(db.session.scalars(select(AuditEntry.verb)))
    assert {"correction.proposed", "correction.confirm", "decision.corrected"} <= verbs
    assert cast.browser("ada").get(url).status_code == 403
    assert cast.browser("vera").get(url).status_code == 404


def test_two_who_change_the_public_page_at_once_both_put_it_out_of_date(cast):
    judged(cast)
    sam = computed(cast)
    propose(cast, sam)
    cast.browser("sofia").post(f"{decisions_url(cast)}/confirm")
    sam.post(announcement_url(cast))
    with statements(cast.app) as sent:
        assert sam.post(f"{announcement_url(cast)}/announce").status_code == 303
    assert raises_the_version(sent)


def test_a_correction_taken_back_changes_nothing(cast):
    judged(cast)
    sam, _ = announce_all(cast)
    before = winners(cast)
    url = f"/decisions/{decision_of(cast, 'Ada Best')}/correct"
    sam.post(url, {"outcome": "not_selected", "note": "An error."})
    withdraw = f"/corrections/{waiting(cast)}/withdraw"
    assert cast.browser("ada").post(withdraw).status_code == 403
    assert sam.post(withdraw).status_code == 303
    assert waiting(cast) is None
    assert winners(cast) == before
    assert sam.post(url, {"outcome": "finalist", "note": "Read out wrongly."}).status_code == 303


def test_held_letters_of_another_year_stay_held(cast):
    judged(cast)
    sofia = cast.person("sofia")
    with cast.app.app_context(), transaction() as s:
        other = Cycle(program_id=cast.program_id, name="2001", opening_day=date(2000, 9, 1), state="published")
        s.add(other)
        s.flush()
        gone = NomineeFile(program_id=cast.program_id, cycle_id=other.id, name="Old One", name_key="old one")
        s.add(gone)
        s.flush()
        decision = Decision(program_id=cast.program_id, cycle_id=other.id, file_id=gone.id, outcome="winner",
                            proposed_by_id=sofia, proposed_at=other.created_at)  # fmt: skip
        s.add(decision)
        s.flush()
        s.add(Message(key="old", template="selection/announcement", to="old@example.org", locale="en", context={},
                      program_id=cast.program_id, about=f"decision:{decision.public_id}", state="held"))  # fmt: skip
        other_id = other.id
    sam = cast.browser("sam")
    sam.post(announcement_url(cast))
    sam.post(f"{announcement_url(cast)}/hold", {"hold": "1"})
    announce_all(cast)
    with cast.app.app_context():
        assert queries.held_letters(other_id) == 1
        assert queries.held_letters(cast.cycle_id) == 12
    assert "12 letters wait in the outbox" in text_of(sam.get(announcement_url(cast)))
    assert sam.post(f"{announcement_url(cast)}/release").status_code == 303
    with cast.app.app_context():
        assert queries.held_letters(other_id) == 1
        assert queries.held_letters(cast.cycle_id) == 0
    assert {m.state for m in letters(cast.app, "selection/announcement") if m.to == "old@example.org"} == {"held"}
