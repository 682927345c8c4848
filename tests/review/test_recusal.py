"""Stepping back, handing back, and undoing a recusal with a second person."""

import pytest
from sqlalchemy import select

from portal.core import audit
from portal.core.db import db
from portal.review import queries
from portal.review.models import Assignment, Conflict, Review
from tests.cast import letters, text_of
from tests.review.stage import full


@pytest.fixture
def read(stage):
    """Priya reads one file; Chen chairs, Sam and Sofia are staff."""
    stage.make_panel("priya", "paul", chair="chen")
    stage.one = stage.assign("priya", stage.file("Tariq Example"))
    stage.url = f"/assignments/{stage.one}"
    stage.cast.person("sam"), stage.cast.person("sofia")
    return stage


def counted(stage):
    with stage.app.app_context():
        return [row.person_id for row in queries.scores_of_round(stage.cast.round_id)]


def test_the_button_is_in_sight_and_has_a_page_of_its_own(read):
    priya = read.cast.browser("priya")
    page = priya.get(read.url).get_data(as_text=True)
    assert page.count('popovertarget="recuse"') >= 2
    assert f"{read.url}/recuse" in page
    own = text_of(priya.get(f"{read.url}/recuse"))
    assert "Step back from this file?" in own
    assert "Family or a close friend" in own


def test_without_a_reason_nothing_happens(read):
    answer = read.cast.browser("priya").post(f"{read.url}/recuse")
    assert answer.status_code == 422
    assert "Choose one of the reasons" in text_of(answer)
    assert read.state(Assignment, read.one) == "released"


def test_a_recused_review_leaves_the_totals_and_stays_in_the_record(read):
    priya = read.cast.browser("priya")
    priya.post(read.url, {**full(), "act": "submit"})
    assert counted(read) == [read.cast.person("priya")]
    assert priya.post(f"{read.url}/recuse", {"why": "school_declared"}).headers["Location"] == "/my-files"
    assert read.state(Assignment, read.one) == "recused"
    assert counted(read) == []
    assert read.all(select(Review.state)) == [("submitted",)]
    assert read.all(select(Conflict.source, Conflict.reason)) == [("declared", "school_declared")]
    shut = priya.get(read.url)
    assert shut.status_code == 403
    assert "You stepped back from this file" in text_of(shut)
    assert priya.post(f"{read.url}/scores/learning", {"level-learning": "1"}).status_code == 403
    (letter,) = letters(read.app, "review/stepped_back")
    assert letter.to == "chen@example.org"
    assert "Tariq" not in letter.text + letter.subject
    assert "Priya" not in letter.text + letter.subject
    with read.app.app_context():
        facts = db.session.scalar(select(audit.AuditEntry.facts).where(audit.AuditEntry.verb == "assignment.recuse"))
    assert facts == {"reason": "school_declared"}


def test_handing_back_for_lack_of_time_is_no_conflict(read):
    priya = read.cast.browser("priya")
    priya.post(f"{read.url}/recuse", {"why": "no_time"})
    assert read.state(Assignment, read.one) == "declined"
    assert read.all(select(Conflict.id)) == []
    assert priya.post(f"{read.url}/recuse", {"why": "no_time"}).status_code == 403


def test_what_is_handed_in_is_not_handed_back(read):
    priya = read.cast.browser("priya")
    priya.post(read.url, {**full(), "act": "submit"})
    answer = priya.post(f"{read.url}/recuse", {"why": "no_time"})
    assert answer.status_code == 403
    assert "already handed in a review" in text_of(answer)


@pytest.mark.parametrize("handed_in", [True, False])
def test_a_recusal_is_undone_by_two(read, handed_in):
    priya = read.cast.browser("priya")
    if handed_in:
        priya.post(read.url, {**full(), "act": "submit"})
    priya.post(f"{read.url}/recuse", {"why": "private"})
    sam, sofia = read.cast.browser("sam"), read.cast.browser("sofia")
    assert "Another reason, kept private" in text_of(sam.get(f"/panels/{read.panel}/files"))
    assert sofia.post(f"{read.url}/reinstate/confirm").status_code == 403  # nobody asked
    assert sam.post(f"{read.url}/reinstate").status_code == 303
    assert read.state(Assignment, read.one) == "recused"
    alone = sam.post(f"{read.url}/reinstate/confirm")
    assert alone.status_code == 403
    assert "A second person has to agree" in text_of(alone)
    assert "Agree to undo it" in text_of(sofia.get(f"/panels/{read.panel}/files"))
    assert sofia.post(f"{read.url}/reinstate/confirm").status_code == 303
    assert read.state(Assignment, read.one) == ("scored" if handed_in else "released")
    assert counted(read) == ([read.cast.person("priya")] if handed_in else [])
    assert priya.get(read.url).status_code == 200
    assert sofia.post(f"{read.url}/reinstate/confirm").status_code == 403


def test_the_chair_may_be_the_second_but_not_the_first(read):
    read.cast.browser("priya").post(f"{read.url}/recuse", {"why": "private"})
    assert read.cast.browser("chen").post(f"{read.url}/reinstate").status_code == 403
    read.cast.browser("sam").post(f"{read.url}/reinstate")
    assert read.cast.browser("chen").post(f"{read.url}/reinstate/confirm").status_code == 303


def test_nobody_undoes_their_own_recusal(read):
    read.cast.grant("priya", "organizer")
    read.cast.browser("priya").post(f"{read.url}/recuse", {"why": "private"})
    answer = read.cast.browser("priya").post(f"{read.url}/reinstate")
    assert answer.status_code == 403
    assert "your own recusal" in text_of(answer)


def test_a_conflict_the_system_found_is_not_undone(read):
    from portal.core.db import transaction

    read.cast.browser("priya").post(f"{read.url}/recuse", {"why": "private"})
    with read.app.app_context(), transaction() as s:
        s.add(
            Conflict(
                program_id=read.cast.program_id,
                cycle_id=read.cast.cycle_id,
                person_id=read.cast.person("priya"),
                file_id=read.files[0],
                source="found",
                reason="nominated",
            )
        )
    read.cast.browser("sam").post(f"{read.url}/reinstate")
    answer = read.cast.browser("sofia").post(f"{read.url}/reinstate/confirm")
    assert answer.status_code == 422
    assert read.state(Assignment, read.one) == "recused"


def test_stepping_back_again_tells_the_chair_again(read):
    for _ in range(2):
        read.cast.browser("priya").post(f"{read.url}/recuse", {"why": "private"})
        read.cast.browser("sam").post(f"{read.url}/reinstate")
        read.cast.browser("sofia").post(f"{read.url}/reinstate/confirm")
    assert len(letters(read.app, "review/stepped_back")) == 2
    assert len(read.all(select(Conflict.id))) == 1
