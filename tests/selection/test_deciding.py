"""From scores to the announcement through the pages: board, line, ties, two people, one act, and nothing before it."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core.audit import AuditEntry
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.jobs import Job
from portal.nominations.models import NomineeFile
from portal.programs.models import Criterion, Round, Rubric
from portal.review.models import Assignment, Conflict, Panel, Score
from portal.selection.models import Decision, RankingRun
from tests.cast import letters, run_jobs, text_of
from tests.selection.judged import add_files, add_panel, add_review, judged
from tests.statements import statements


def board_url(cast):
    return f"/rounds/{cast.round}/results"


def decisions_url(cast):
    return f"/rounds/{cast.round}/decisions"


def announcement_url(cast):
    return f"/cycles/{cast.cycle}/announcement"


def computed(cast, who="sam"):
    browser = cast.browser(who)
    assert browser.post(f"{board_url(cast)}/compute").status_code == 303
    run_jobs(cast.app)
    return browser


def run_id(cast):
    with cast.app.app_context():
        return db.session.scalar(select(RankingRun.public_id).order_by(RankingRun.id.desc()))


def propose(cast, browser, order="adjusted"):
    return browser.post(f"{decisions_url(cast)}/line", {"order": order, "run": run_id(cast)})


def outcomes(cast):
    with cast.app.app_context():
        query = select(NomineeFile.name, Decision.outcome, Decision.state).join(
            Decision, Decision.file_id == NomineeFile.id
        )
        return {name: (outcome, state) for name, outcome, state in db.session.execute(query)}


def announce_all(cast):
    sam = computed(cast)
    propose(cast, sam)
    cast.browser("sofia").post(f"{decisions_url(cast)}/confirm")
    sam.post(announcement_url(cast))
    return sam, sam.post(f"{announcement_url(cast)}/announce")


def test_the_board_shows_raw_beside_adjusted_in_order(cast):
    judged(cast)
    sam = cast.browser("sam")
    assert "Nothing is computed yet" in text_of(sam.get(board_url(cast)))
    sam = computed(cast)
    page = text_of(sam.get(board_url(cast)))
    order = [page.index(name) for name in ("Ada Best", "Cleo Third", "Dan Fourth", "Fay Last")]
    assert order == sorted(order)
    assert "Everybody read everything" in page
    assert "Krippendorff" in page


def test_asking_twice_computes_once_and_the_job_may_run_twice(cast):
    judged(cast)
    sam = cast.browser("sam")
    for _ in range(2):
        sam.post(f"{board_url(cast)}/compute")
    run_jobs(cast.app)
    with cast.app.app_context():
        assert db.session.scalar(select(func.count(RankingRun.id))) == 1
        from portal.selection import actions

        actions.compute(db.session.scalar(select(RankingRun.id)))
        assert db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.verb == "ranking.computed")) == 1


def test_a_ranking_whose_job_failed_for_good_can_be_asked_for_again(cast):
    judged(cast)
    sam = cast.browser("sam")
    sam.post(f"{board_url(cast)}/compute")
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Job).where(Job.name == "selection.rank").values(state="failed", key=None, tries=5))
    assert f"{board_url(cast)}/compute" not in sam.get(board_url(cast)).get_data(as_text=True)  # it may still come
    with cast.app.app_context(), transaction() as s:
        s.execute(update(RankingRun).values(created_at=now() - timedelta(minutes=6)))
    page = sam.get(board_url(cast))
    assert "longer than it should" in text_of(page)
    assert f"{board_url(cast)}/compute" in page.get_data(as_text=True)
    for browser in (sam, cast.browser("sofia")):  # two who press at once
        browser.post(f"{board_url(cast)}/compute")
    with cast.app.app_context():
        assert db.session.scalar(select(func.count(Job.id)).where(Job.name == "selection.rank")) == 2
    run_jobs(cast.app)
    assert "Ada Best" in text_of(sam.get(board_url(cast)))
    with cast.app.app_context():
        assert db.session.scalar(select(func.count(RankingRun.id))) == 1


@pytest.mark.parametrize(
    ("who", "status"), [("sam", 200), ("chen", 200), ("ada", 200), ("priya", 403), ("wanda", 404), ("vera", 404)]
)
def test_who_sees_the_board(cast, who, status):
    judged(cast)
    assert cast.browser(who).get(board_url(cast)).status_code == status


def test_a_board_that_waits_is_replaced_only_when_something_is_new(cast):
    judged(cast)
    sam = cast.browser("sam")
    sam.post(f"{board_url(cast)}/compute")
    assert 'hx-trigger="every 2s"' in sam.get(board_url(cast)).get_data(as_text=True)
    assert sam.get(board_url(cast), hx=True).status_code == 204
    with cast.app.app_context(), transaction() as s:
        s.execute(update(RankingRun).values(created_at=now() - timedelta(minutes=6)))
    late = sam.get(board_url(cast), hx=True)
    assert "longer than it should" in text_of(late)
    again = f"{board_url(cast)}?late=1"
    assert again in late.get_data(as_text=True)
    assert sam.get(again, hx=True).status_code == 204
    run_jobs(cast.app)
    assert "every 2s" not in sam.get(again, hx=True).get_data(as_text=True)


def test_results_stay_closed_to_who_still_owes_a_review(cast):
    files = judged(cast)
    cast.grant("paul", "chair")
    computed(cast)
    assert cast.browser("paul").get(board_url(cast)).status_code == 200
    extra = add_files(cast, ("Gus Seventh",))
    with cast.app.app_context():
        panel_id = db.session.scalar(select(Panel.id))
    add_review(cast, panel_id, "paul", extra["Gus Seventh"], None)
    refused = cast.browser("paul").get(board_url(cast))
    assert refused.status_code == 403
    assert "not all in yet" in text_of(refused)
    assert not any(name in text_of(refused) for name in files)


def conflict(cast, who, file_id):
    person_id = cast.person(who)
    with cast.app.app_context(), transaction() as s:
        s.add(
            Conflict(
                program_id=cast.program_id,
                cycle_id=cast.cycle_id,
                person_id=person_id,
                file_id=file_id,
                source="declared",
                reason="known",
            )
        )


def test_a_conflicted_person_sees_neither_the_file_nor_places_nor_the_line(cast):
    files = judged(cast)
    computed(cast)
    conflict(cast, "sofia", files["Ben Next"])
    page = cast.browser("sofia").get(board_url(cast))
    assert page.status_code == 200
    assert "Ben Next" not in text_of(page)
    assert "Cut line" not in text_of(page)
    assert "in 100" not in text_of(page)
    sheet = cast.browser("sofia").get(f"{board_url(cast)}.csv").get_data(as_text=True)
    assert "Ben Next" not in sheet
    assert "chance" not in sheet
    assert propose(cast, cast.browser("sofia")).status_code == 403
    assert "Ben Next" not in text_of(cast.browser("sofia").get(decisions_url(cast)))


def test_two_people_decide_and_one_act_announces(cast):
    judged(cast)
    sam = computed(cast)
    assert propose(cast, sam).status_code == 303
    assert outcomes(cast)["Ada Best"] == ("winner", "proposed")
    assert outcomes(cast)["Cleo Third"] == ("not_selected", "proposed")
    alone = sam.post(f"{decisions_url(cast)}/confirm")
    assert alone.status_code == 403
    assert "second person" in text_of(alone)
    assert cast.browser("sofia").post(f"{decisions_url(cast)}/confirm").status_code == 303
    assert {s for _, s in outcomes(cast).values()} == {"confirmed"}
    assert propose(cast, sam).status_code == 403
    assert letters(cast.app) == []
    assert "Ada Best" not in text_of(cast.browser().get(f"/awards/{cast.slug}/winners"))
    sam.post(announcement_url(cast))
    rehearsal = text_of(sam.get(announcement_url(cast)))
    assert "ada.best@school.example" in rehearsal
    assert letters(cast.app) == []
    assert sam.post(f"{announcement_url(cast)}/announce").status_code == 303
    public = text_of(cast.browser().get(f"/awards/{cast.slug}/winners"))
    assert "Ada Best" in public
    assert "Ben Next" in public
    assert "Cleo Third" not in public
    sent = letters(cast.app, "selection/announcement")
    assert len(sent) == 12
    by_to = {m.to: m for m in sent}
    assert "honored" in by_to["ada.best@school.example"].subject
    assert "goes to others" in by_to["cleo.third@school.example"].text
    assert f"/awards/{cast.slug}/winners" in next(m for m in sent if m.to.startswith("nora.")).text
    assert sam.post(f"{announcement_url(cast)}/announce").status_code == 403
    assert len(letters(cast.app, "selection/announcement")) == 12


def test_student_criteria_settle_a_tie_before_anybody_votes(cast):
    files = add_files(cast, ("Ann One", "Bob Two", "Cy Three"))
    panel = add_panel(cast, ("priya",))
    add_review(cast, panel, "priya", files["Ann One"], 4)
    # The same weighted mean (weights 25, 20, 20, 15, 10), reached by other criteria.
    level = {"learning": 2, "belonging": 3, "others": 2, "craft": 2, "lifting": 2}
    other = {"learning": 2, "belonging": 2, "others": 3, "craft": 2, "lifting": 2}
    add_review(cast, panel, "priya", files["Bob Two"], level)
    add_review(cast, panel, "priya", files["Cy Three"], other)
    sam = computed(cast)
    page = text_of(sam.get(f"{board_url(cast)}?order=raw"))
    assert "The two student criteria" in page
    assert "Takes the place: Bob Two." in page


def test_by_hand_needs_a_reason_when_it_differs_and_survives_the_line(cast):
    judged(cast)
    sam = computed(cast)
    with cast.app.app_context():
        ids = dict(db.session.execute(select(NomineeFile.name, NomineeFile.public_id)).all())
    url = f"{decisions_url(cast)}/{ids['Cleo Third']}"
    assert sam.post(url, {"outcome": "winner", "reason": ""}).status_code == 422
    assert sam.post(url, {"outcome": "winner", "reason": "A school no award has reached."}).status_code == 303
    propose(cast, sam)
    assert outcomes(cast)["Cleo Third"] == ("winner", "proposed")
    assert "A school no award has reached." in text_of(sam.get(decisions_url(cast)))
    assert cast.browser("sam").get(f"{decisions_url(cast)}/nobody").status_code == 404


def test_what_was_decided_by_hand_is_put_back_to_the_line_by_hand(cast):
    judged(cast)
    sam = computed(cast)
    with cast.app.app_context():
        one = db.session.scalar(select(NomineeFile.public_id).where(NomineeFile.name == "Ada Best"))
    url = f"{decisions_url(cast)}/{one}"
    sam.post(url, {"outcome": "finalist", "reason": "Won elsewhere this year."})
    propose(cast, sam)
    assert outcomes(cast)["Ada Best"] == ("finalist", "proposed")
    said = text_of(sam.post(url, {"outcome": "winner", "reason": ""}, follow=True))
    assert "Proposed for Ada Best: Winner." in said
    assert outcomes(cast)["Ada Best"] == ("winner", "proposed")
    assert "Won elsewhere" not in said
    with cast.app.app_context():
        told = select(func.count(AuditEntry.id)).where(AuditEntry.verb == "decision.by_hand")
        assert db.session.scalar(told) == 2


def test_confirming_needs_a_proposal_for_every_file_and_can_be_taken_back(cast):
    judged(cast)
    sam = computed(cast)
    with cast.app.app_context():
        one = db.session.scalar(select(NomineeFile.public_id).where(NomineeFile.name == "Ada Best"))
    sam.post(f"{decisions_url(cast)}/{one}", {"outcome": "winner", "reason": ""})
    sofia = cast.browser("sofia")
    assert sofia.post(f"{decisions_url(cast)}/confirm").status_code == 422
    propose(cast, sam)
    sofia.post(f"{decisions_url(cast)}/confirm")
    assert sofia.post(f"{decisions_url(cast)}/confirm").status_code == 403
    sofia.post(f"{decisions_url(cast)}/reopen")
    assert {s for _, s in outcomes(cast).values()} == {"proposed"}


def test_a_board_that_was_overtaken_is_not_proposed_from(cast):
    judged(cast)
    sam = computed(cast)
    old = run_id(cast)
    computed(cast)
    refused = sam.post(f"{decisions_url(cast)}/line", {"order": "raw", "run": old})
    assert refused.status_code == 409


def test_letters_are_edited_previewed_and_held(cast):
    judged(cast)
    sam = computed(cast)
    sam.post(announcement_url(cast))
    url = f"{announcement_url(cast)}/letters/winner/en"
    unknown = sam.post(url, {"subject": "Hi {nickname}", "body": "x", "revision": 1})
    assert unknown.status_code == 422
    assert "{nickname}" in text_of(unknown)
    assert (
        sam.post(url, {"subject": "For {name}", "body": "Dear {name}, hooray at {school}.", "revision": 1}).status_code
        == 303
    )
    late = sam.post(url, {"subject": "Other", "body": "words", "revision": 1})
    assert late.status_code == 409
    propose(cast, sam)
    cast.browser("sofia").post(f"{decisions_url(cast)}/confirm")
    preview = sam.get(f"{url}/preview")
    assert "Dear Ada Best, hooray at Cascade Elementary." in preview.get_data(as_text=True)
    assert "sandbox" in preview.headers["Content-Security-Policy"]
    sam.post(f"{announcement_url(cast)}/hold", {"hold": "1"})
    sam.post(f"{announcement_url(cast)}/announce")
    run_jobs(cast.app)
    assert {m.state for m in letters(cast.app, "selection/announcement")} == {"held"}
    assert "12 letters wait in the outbox" in text_of(sam.get(announcement_url(cast)))
    sam.post(f"{announcement_url(cast)}/release")
    run_jobs(cast.app)
    assert {m.state for m in letters(cast.app, "selection/announcement")} == {"sent"}
    assert sam.post(url, {"subject": "Too", "body": "late", "revision": 2}).status_code == 403


@pytest.mark.parametrize("size", [3, 30])
def test_however_many_are_told_it_takes_the_same_few_statements(cast, size):
    files = add_files(cast, [f"Person {i:02d}" for i in range(size)])
    panel = add_panel(cast, ("priya",))
    for i, file_id in enumerate(files.values()):
        add_review(cast, panel, "priya", file_id, 4 if i < 2 else 2)
    sam = computed(cast)
    propose(cast, sam, "raw")
    assert cast.browser("sofia").post(f"{decisions_url(cast)}/confirm").status_code == 303
    sam.post(announcement_url(cast))
    listed = []
    for page in range(1, 2 * size // 25 + 2):
        with statements(cast.app) as seen:
            answer = sam.get(f"{announcement_url(cast)}?page={page}")
        assert len(seen) <= 14, seen
        listed += re.findall(r'<td class="break">([^<]+@[^<]+)</td>', answer.get_data(as_text=True))
    token = sam.token()
    with statements(cast.app) as seen:
        sam.client.post(f"{announcement_url(cast)}/announce", data={"csrf_token": token})
    assert len(seen) <= 27, seen
    sent = letters(cast.app, "selection/announcement")
    assert listed == [m.to for m in sent]
    assert len(sent) == len(set(listed)) == 2 * size


@pytest.mark.parametrize(("least", "counted"), [(40, 18), (60, 0)])
def test_a_review_counts_from_the_share_that_the_rubric_asks_for(cast, least, counted):
    judged(cast)
    with cast.app.app_context(), transaction() as s:
        s.get_one(Rubric, cast.rubric_id).min_judged_share = least
        half = select(Criterion.id).where(Criterion.key.in_(("learning", "belonging")))  # 45 of 90
        s.execute(update(Score).where(Score.criterion_id.not_in(half)).values(level=None, cannot_judge=True))
    computed(cast)
    with cast.app.app_context():
        assert db.session.scalar(select(RankingRun.result))["reviews"] == counted


@pytest.mark.parametrize("size", [3, 30])
def test_the_board_takes_the_same_few_queries_for_three_and_thirty_files(cast, size):
    names = [f"Person {i:02d}" for i in range(size)]
    files = add_files(cast, names)
    panel = add_panel(cast, ("priya", "paul"))
    for i, file_id in enumerate(files.values()):
        add_review(cast, panel, "priya", file_id, 1 + i % 4)
        add_review(cast, panel, "paul", file_id, 1 + (i + 1) % 4)
    sam = computed(cast)
    with statements(cast.app) as seen:
        assert sam.get(board_url(cast)).status_code == 200
    assert len(seen) <= 6


def letter_page(cast, browser):
    """The address of a letter, prepared; and what its form holds."""
    browser.post(announcement_url(cast))
    url = f"{announcement_url(cast)}/letters/winner/en"
    return url, form_of(browser.get(url))


def form_of(page):
    """The fields of the page's last form as a browser would send them, without its token."""
    body = page.get_data(as_text=True).split("<form")[-1].split("</form>")[0]
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', body))
    fields |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*([^<]*)<', body))
    fields.pop("csrf_token")
    return {name: html.unescape(value) for name, value in fields.items()}


def test_a_letter_is_saved_as_its_own_form_sends_it(cast):
    sam = cast.browser("sam")
    url, sent = letter_page(cast, sam)
    assert sam.post(url, {**sent, "subject": "For {name}"}).status_code == 303
    assert form_of(sam.get(url)) == {**sent, "subject": "For {name}", "revision": "2"}


def test_a_letter_that_two_write_at_once_loses_neither_ones_words(cast):
    sam, sofia = cast.browser("sam"), cast.browser("sofia")
    url, sent = letter_page(cast, sam)
    assert sofia.post(url, {**sent, "body": "Words of Sofia's, for {name}."}).status_code == 303
    late = sam.post(url, {**sent, "body": "Sam's own long words, for {name}."})
    assert late.status_code == 409
    again = form_of(late)
    assert again["body"] == "Sam's own long words, for {name}."
    assert "Words of Sofia's, for {name}." in text_of(late)
    for _press in range(2):  # a double click is not somebody else
        assert sam.post(url, again).status_code == 303
    assert form_of(sam.get(url))["body"] == "Sam's own long words, for {name}."


def test_who_owes_a_review_of_any_round_does_not_see_who_wins(cast):
    files = judged(cast)
    sam = computed(cast)
    propose(cast, sam)
    cast.browser("sofia").post(f"{decisions_url(cast)}/confirm")
    sam.post(announcement_url(cast))
    assert "ada.best@school.example" in text_of(sam.get(announcement_url(cast)))
    with cast.app.app_context(), transaction() as s:
        values = {"program_id": cast.program_id, "cycle_id": cast.cycle_id}
        words = {"en": "Interviews", "es": "Entrevistas"}
        third = Round(**values, position=3, key="interview", kind="interview", name=words, text=words, readers=3,
                      max_load=9)  # fmt: skip
        s.add(third)
        s.flush()
        panel = Panel(**values, round_id=third.id, name=words, state="scoring", released_at=now())
        s.add(panel)
        s.flush()
        s.add(Assignment(**values, round_id=third.id, panel_id=panel.id, file_id=files["Ada Best"],
                         person_id=cast.people["sam"], state="released", released_at=now()))  # fmt: skip
    page = text_of(sam.get(announcement_url(cast)))
    assert "ada.best@school.example" not in page
    assert "reviews of your own to hand in" in page
