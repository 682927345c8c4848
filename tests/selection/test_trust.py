"""Who must not learn or decide: the conflicted, auditors, and the world about a nominee who withdrew."""

from sqlalchemy import select

from portal.core import links
from portal.core.db import db, transaction
from portal.nominations.models import NomineeFile
from portal.selection.models import Decision, TieVote
from tests.cast import letters, text_of
from tests.selection.judged import judged
from tests.selection.test_deciding import (
    announce_all,
    announcement_url,
    board_url,
    computed,
    conflict,
    decisions_url,
    outcomes,
    propose,
)


def confirmed(cast):
    """Six files decided and confirmed, letters prepared; Sam's browser."""
    sam = computed(cast)
    propose(cast, sam)
    assert cast.browser("sofia").post(f"{decisions_url(cast)}/confirm").status_code == 303
    sam.post(announcement_url(cast))
    return sam


def withdraw(cast, file_id):
    with cast.app.app_context(), transaction():
        token = links.token(links.issue("consent", file_id))
    assert cast.browser().post(f"/nominee/{token}/withdraw").status_code == 303


def test_a_winner_who_withdrew_after_the_confirmation_is_neither_named_nor_written_to(cast):
    files = judged(cast)
    sam = confirmed(cast)
    withdraw(cast, files["Ada Best"])
    refused = sam.post(f"{announcement_url(cast)}/announce")
    assert refused.status_code == 422
    assert "withdrawn" in text_of(refused)
    assert sam.post(f"{decisions_url(cast)}/reopen").status_code == 303
    assert propose(cast, sam).status_code == 303
    assert cast.browser("sofia").post(f"{decisions_url(cast)}/confirm").status_code == 303
    assert outcomes(cast)["Ada Best"][1] == "withdrawn"
    assert sam.post(f"{announcement_url(cast)}/announce").status_code == 303
    assert "Ada Best" not in text_of(cast.browser().get(f"/awards/{cast.slug}/winners"))
    assert "ada.best@school.example" not in {m.to for m in letters(cast.app, "selection/announcement")}


def test_who_withdrew_is_neither_proposed_nor_listed_and_holds_nobody_up(cast):
    files = judged(cast)
    sam = computed(cast)
    propose(cast, sam)
    with cast.app.app_context():
        ada = db.session.get_one(NomineeFile, files["Ada Best"]).public_id
    sofia, url = cast.browser("sofia"), f"{decisions_url(cast)}/{ada}"
    sofia.post(url, {"outcome": "finalist", "reason": "Honored elsewhere."})
    assert sofia.post(f"{decisions_url(cast)}/confirm").status_code == 403  # one proposal is their own
    withdraw(cast, files["Ada Best"])
    assert "Ada Best" not in text_of(sam.get(decisions_url(cast)))
    assert sam.get(url).status_code == 404
    assert sam.post(url, {"outcome": "winner", "reason": "The best."}).status_code == 404
    assert sofia.post(f"{decisions_url(cast)}/confirm").status_code == 303
    assert outcomes(cast)["Ada Best"] == ("finalist", "withdrawn")


def test_who_was_not_to_win_and_withdrew_gets_no_letter(cast):
    files = judged(cast)
    sam = confirmed(cast)
    withdraw(cast, files["Fay Last"])
    assert sam.post(f"{announcement_url(cast)}/announce").status_code == 303
    sent = {m.to for m in letters(cast.app, "selection/announcement")}
    assert "ada.best@school.example" in sent
    assert "fay.last@school.example" not in sent


def test_a_conflicted_organizer_learns_nothing_from_the_rehearsal_or_from_the_others_decisions(cast):
    files = judged(cast)
    sam = confirmed(cast)
    cast.grant("olivia", "organizer")
    conflict(cast, "olivia", files["Ada Best"])
    olivia = cast.browser("olivia")
    rehearsal, preview = announcement_url(cast), f"{announcement_url(cast)}/letters/winner/en/preview"
    assert "ada.best@school.example" in text_of(sam.get(rehearsal))
    assert "Ada Best" in text_of(sam.get(preview))
    for url in (rehearsal, preview, decisions_url(cast)):
        page = text_of(olivia.get(url))
        assert not [name for name in files if name in page or name.split()[0].lower() + "." in page], url


def test_a_conflicted_organizer_corrects_nothing_about_that_nominee(cast):
    files = judged(cast)
    announce_all(cast)
    cast.grant("olivia", "organizer")
    conflict(cast, "olivia", files["Cleo Third"])
    with cast.app.app_context():
        decision = db.session.scalar(
            select(Decision.public_id).join(NomineeFile).where(NomineeFile.name == "Cleo Third")
        )
    answer = cast.browser("olivia").post(f"/decisions/{decision}/correct", {"outcome": "winner", "note": "Mine."})
    assert answer.status_code == 404
    assert outcomes(cast)["Cleo Third"] == ("not_selected", "announced")


def test_an_auditor_reads_a_tie_and_opens_no_vote(cast):
    judged(cast, levels=(4, 3, 3, 1))
    computed(cast)
    ada = cast.browser("ada")
    assert "Open the panel's vote" not in text_of(ada.get(board_url(cast)))
    assert ada.post(f"/rounds/{cast.round}/tie/open", {"order": "adjusted"}).status_code == 403
    with cast.app.app_context():
        assert list(db.session.scalars(select(TieVote))) == []
