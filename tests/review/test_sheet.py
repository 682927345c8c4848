"""The scoring sheet through HTTP: what it shows, how it saves, hands in and refuses."""

import re

import pytest
from sqlalchemy import func, select

from portal.core import audit
from portal.core.db import db, transaction
from portal.nominations.models import NomineeFile
from portal.programs.models import Rubric
from portal.review import queries
from portal.review.models import Assignment, Panel, Review, Score
from tests.cast import text_of
from tests.nominations.consenting import add_nomination
from tests.review.stage import KEYS, full
from tests.statements import statements

CHOSEN = r'name="level-{}" value="{}" checked'


@pytest.fixture
def given(stage):
    """One file of Tariq's, given to Priya; the sheet's address."""
    stage.make_panel("priya", "paul")
    stage.file("Tariq Example", groups=("student", "family"))
    stage.one = stage.assign("priya", stage.files[0])
    stage.url = f"/assignments/{stage.one}"
    return stage


def levels_of(stage, state):
    query = (
        select(Score.level, Score.cannot_judge)
        .join(Score.review)
        .where(Review.state == state)
        .order_by(Score.criterion_id)
    )
    return stage.all(query)


def test_the_sheet_shows_the_file_beside_the_rubric_and_names_no_nominator(given):
    page = given.cast.browser("priya").get(given.url)
    said = text_of(page)
    assert page.status_code == 200
    for words in (
        "Tariq Example",
        "Cascade Elementary",
        "Students",
        "Families",
        "Student learning: Strong",
        "you see the nominee’s name",
        "Others’ scores stay hidden",
    ):
        assert words in said
    for secret in ("Nora", "nora0@example.org", "nominations"):
        assert secret not in said


def test_one_story_a_group_and_no_count(given):
    with_more = given.file("Wilma Twostories", groups=("student", "student", "student"))
    url = f"/assignments/{given.assign('priya', with_more)}"
    page = given.cast.browser("priya").get(url).get_data(as_text=True)
    assert page.count("<blockquote>") == 1


def test_more_nominations_of_a_group_change_nothing_that_a_scorer_gets(given):
    file = given.files[0]
    priya = given.cast.browser("priya")

    def told():
        pages = [priya.get(url).get_data(as_text=True) for url in (given.url, "/queue", "/desk")]
        return [re.sub(r'(csrf_token" value=|X-CSRFToken[^:]*:)[^>]*|[\d:]+ (?:AM|PM)', "", page) for page in pages]

    before = told()
    with given.cast.app.app_context(), transaction() as s:
        whole = s.get_one(NomineeFile, file)
        whole.nominations[0].shown = True
        for i in range(3):
            add_nomination(given.cast, s, whole, 10 + i, relation_group=whole.nominations[0].relation_group)
    assert told() == before


def test_a_score_is_saved_as_it_is_chosen(given):
    priya = given.cast.browser("priya")
    answer = priya.post(
        f"{given.url}/scores/learning", {"level-learning": "4", "evidence-learning": "  97 of\n118 "}, hx=True
    )
    said = text_of(answer)
    assert answer.status_code == 200
    assert "4.00 of 4 so far" in said
    assert re.search(r"Saved \d\d:\d\d", said)
    assert "1 of 5" in said
    assert answer.get_data(as_text=True).lstrip().startswith('<div id="total">')
    page = priya.get(given.url).get_data(as_text=True)
    assert re.search(CHOSEN.format("learning", 4), page)
    assert 'value="97 of 118"' in page


def test_cannot_judge_costs_nothing_and_replaces_a_level(given):
    priya = given.cast.browser("priya")
    priya.post(f"{given.url}/scores/learning", {"level-learning": "4"}, hx=True)
    priya.post(f"{given.url}/scores/craft", {"level-craft": "2"}, hx=True)
    answer = priya.post(f"{given.url}/scores/craft", {"level-craft": "0"}, hx=True)
    assert "4.00 of 4 so far" in text_of(answer)
    assert levels_of(given, "draft") == [(4, False), (None, True)]


@pytest.mark.parametrize(
    ("key", "data", "status"),
    [
        ("learning", {"level-learning": "5"}, 422),
        ("learning", {"level-learning": "-1"}, 200),  # no number: nothing chosen
        ("nonsense", {"level-nonsense": "3"}, 422),
        ("learning", {"level-learning": "3", "evidence-learning": "x" * 2001}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(given, key, data, status):
    assert given.cast.browser("priya").post(f"{given.url}/scores/{key}", data, hx=True).status_code == status
    assert levels_of(given, "draft") == []


def test_handing_in_the_whole_sheet_without_scripts(given):
    second = given.assign("priya", given.file("Ulla Example"))
    priya = given.cast.browser("priya")
    answer = priya.post(given.url, {**full(3, learning=4), "act": "submit"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/assignments/{second}"
    assert given.state(Assignment, given.one) == "scored"
    (row,) = given.all(select(Review.state, Review.version, Review.score, Review.judged))
    assert row[:2] == ("submitted", 1)
    assert row[2] == pytest.approx((25 * 4 + 65 * 3) / 90)
    assert row[3] == 1.0
    with given.app.app_context():
        findings = audit.verify()[1]
        verbs = set(db.session.scalars(select(audit.AuditEntry.verb)))
    assert findings == []
    assert {"rubric.frozen", "review.submit", "assignment.score"} <= verbs


def test_the_last_one_leads_to_the_queue(given):
    answer = given.cast.browser("priya").post(given.url, {**full(), "act": "submit"}, follow=True)
    assert "All your reviews are in" in text_of(answer)


def test_save_and_next_keeps_the_draft_and_goes_to_who_needs_a_reader_most(given):
    read_by_paul, untouched = given.file("Ann Read"), given.file("Bo Untouched")
    paul = given.assign("paul", read_by_paul)
    first, second = given.assign("priya", read_by_paul), given.assign("priya", untouched)
    given.cast.browser("paul").post(f"/assignments/{paul}", {**full(), "act": "submit"})
    priya = given.cast.browser("priya")
    answer = priya.post(given.url, {"level-learning": "3", "seen-learning": "", "act": "next"})
    assert answer.headers["Location"] == f"/assignments/{second}"
    assert levels_of(given, "draft") == [(3, False)]
    assert priya.post(f"/assignments/{second}", {**full(), "act": "submit"}).headers["Location"] in (
        f"/assignments/{first}",
        given.url,
    )


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (full(3, craft=""), ["choose a level, or “cannot judge”", "Saved, not handed in yet"]),
        (full(3, evidence=""), ["Student learning: write one line of evidence", "Working with others: write one line"]),
        ({**full(0), "level-learning": "3"}, ["You judged 28% of the weight. A review counts from 60%"]),
    ],
)
def test_an_incomplete_review_is_kept_and_says_what_is_missing(given, sent, words):
    answer = given.cast.browser("priya").post(given.url, {**sent, "act": "submit"})
    assert answer.status_code == 422
    for each in words:
        assert each in text_of(answer)
    assert given.state(Assignment, given.one) == "released"
    assert levels_of(given, "draft")


def test_a_change_after_handing_in_makes_a_new_version(given):
    priya = given.cast.browser("priya")
    priya.post(given.url, {**full(3), "act": "submit"})
    priya.post(f"{given.url}/scores/learning", {"level-learning": "1", "evidence-learning": "read again"}, hx=True)
    assert given.all(select(Review.version, Review.state).order_by(Review.version)) == [(1, "submitted"), (2, "draft")]
    assert levels_of(given, "submitted")[0] == (3, False)
    with given.app.app_context():
        assert queries.scores_of_round(given.cast.round_id)[0].levels["learning"] == 3
    assert "It counts until you hand in this changed one" in text_of(priya.get(given.url))
    priya.post(given.url, {"act": "submit"})
    assert given.all(select(Review.version, Review.state).order_by(Review.version)) == [
        (1, "superseded"),
        (2, "submitted"),
    ]
    with given.app.app_context():
        (row,) = queries.scores_of_round(given.cast.round_id)
    assert row.levels == {**dict.fromkeys(KEYS, 3), "learning": 1}


def test_handing_in_twice_is_handing_in_once(given):
    priya = given.cast.browser("priya")
    for _ in range(2):
        assert priya.post(given.url, {**full(3), "act": "submit"}).status_code == 303
    assert given.all(select(Review.version, Review.state)) == [(1, "submitted")]


def seen_in(page, key):
    return re.search(rf'name="seen-{key}" value="([^"]+)"', page.get_data(as_text=True)).group(1)


def test_of_two_windows_the_last_write_of_a_criterion_counts_and_says_so(given):
    priya = given.cast.browser("priya")
    seen = seen_in(priya.get(given.url), "learning")
    first = priya.post(f"{given.url}/scores/learning", {"level-learning": "4", "seen-learning": seen}, hx=True)
    assert "another window" not in text_of(first)
    again = priya.post(
        f"{given.url}/scores/learning", {"level-learning": "3", "seen-learning": seen_in(first, "learning")}, hx=True
    )
    assert "another window" not in text_of(again)
    stale = priya.post(f"{given.url}/scores/learning", {"level-learning": "2", "seen-learning": seen}, hx=True)
    assert "another window. What you wrote here last counts: Student learning" in text_of(stale)
    assert levels_of(given, "draft") == [(2, False)]


def test_an_old_window_sent_whole_leaves_alone_what_it_did_not_touch(given):
    priya = given.cast.browser("priya")
    old = priya.get(given.url)
    priya.post(f"{given.url}/scores/learning", {"level-learning": "4"}, hx=True)
    untouched = {f"seen-{key}": seen_in(old, key) for key in KEYS}
    priya.post(given.url, {**untouched, "level-craft": "2", "act": "save"})
    assert levels_of(given, "draft") == [(4, False), (2, False)]


def test_the_first_score_freezes_the_rubric_once(given):
    priya = given.cast.browser("priya")
    priya.post(f"{given.url}/scores/learning", {"level-learning": "4"}, hx=True)
    (frozen,) = given.all(select(Rubric.frozen_at))
    assert frozen[0] is not None
    priya.post(f"{given.url}/scores/craft", {"level-craft": "4"}, hx=True)
    assert given.all(select(Rubric.frozen_at)) == [frozen]


def change(stage, model, public_id, **values):
    with stage.app.app_context():
        from portal.core.db import transaction

        with transaction() as s:
            thing = s.scalar(select(model).where(model.public_id == public_id))
            for name, value in values.items():
                setattr(thing, name, value)


def test_after_the_due_date_scoring_stays_open_until_it_is_closed(given):
    from datetime import timedelta

    from portal.core.clock import now

    change(given, Panel, given.panel, due_at=now() - timedelta(days=1))
    priya = given.cast.browser("priya")
    assert "until the chair closes the scoring" in text_of(priya.get(given.url))
    assert priya.post(f"{given.url}/scores/learning", {"level-learning": "4"}, hx=True).status_code == 200
    change(given, Panel, given.panel, state="closed", closed_at=now())
    refused = priya.post(f"{given.url}/scores/learning", {"level-learning": "1"}, hx=True)
    assert refused.status_code == 403
    assert "Scoring is closed" in text_of(refused)
    page = priya.get(given.url)
    assert page.status_code == 200
    assert "Scoring is closed" in text_of(page)
    assert 'value="submit"' not in page.get_data(as_text=True)
    assert levels_of(given, "draft") == [(4, False)]


@pytest.mark.parametrize(("name", "status"), [("paul", 404), ("chen", 404), ("sam", 404), ("vera", 404), (None, 303)])
def test_a_sheet_is_its_readers_alone(given, name, status):
    assert given.cast.browser(name).get(given.url).status_code == status
    if name:
        assert (
            given.cast.browser(name).post(f"{given.url}/scores/learning", {"level-learning": "1"}).status_code == status
        )


def test_a_proposed_assignment_does_not_exist_for_its_reader(given):
    url = f"/assignments/{given.assign('paul', given.files[0], state='proposed')}"
    assert given.cast.browser("paul").get(url).status_code == 404


def test_a_conflict_closes_the_file_and_says_so(given):
    from portal.core.db import transaction
    from portal.review.models import Conflict

    with given.app.app_context(), transaction() as s:
        s.add(
            Conflict(
                program_id=given.cast.program_id,
                cycle_id=given.cast.cycle_id,
                person_id=given.cast.person("priya"),
                file_id=given.files[0],
                source="found",
                reason="nominated",
            )
        )
    priya = given.cast.browser("priya")
    for answer in (priya.get(given.url), priya.post(f"{given.url}/scores/learning", {"level-learning": "4"}, hx=True)):
        assert answer.status_code == 403
        assert "You have a conflict of interest with this file" in text_of(answer)
    assert "Closed to you" in text_of(priya.get("/my-files"))


def test_a_nominee_who_left_is_not_scored(given):
    with given.app.app_context():
        public_id = db.session.scalar(select(NomineeFile.public_id))
    change(given, NomineeFile, public_id, consent="declined")
    answer = given.cast.browser("priya").get(given.url)
    assert answer.status_code == 403
    assert "no longer in the running" in text_of(answer)


def test_a_spanish_reader_sees_the_rubric_in_spanish(given):
    page = given.cast.browser("priya").get(f"{given.url}?lang=es")
    assert "ES Student learning: Strong" in text_of(page)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_statements_does_not_grow(given, rows):
    for i in range(rows - 1):
        given.assign("priya", given.file(f"File {i:02}"))
    priya = given.cast.browser("priya")
    priya.token()
    with statements(given.app) as page:
        priya.get(given.url)
    with statements(given.app) as listed:
        priya.get("/my-files")
    data = {"level-learning": "3", "csrf_token": priya.token()}
    with statements(given.app) as first:
        priya.client.post(f"{given.url}/scores/learning", data=data, headers={"HX-Request": "true"})
    with statements(given.app) as later:
        priya.client.post(
            f"{given.url}/scores/craft", data={**data, "level-craft": "2"}, headers={"HX-Request": "true"}
        )
    with statements(given.app) as handed_in:
        priya.client.post(given.url, data={**full(), "act": "submit", "csrf_token": data["csrf_token"]})
    kept = (page, listed, first, later, handed_in)
    sent = [len(one) for one in kept]
    assert sent[0] <= 6
    assert sent[1] <= 6
    assert sent[3] <= 7
    assert sent[4] <= 12
    assert len([s for s in handed_in if not s.startswith("SELECT")]) <= 8
    assert sent[2] <= 15  # the very first score: freezes the rubric and begins the chain of the record
    with given.app.app_context():
        assert db.session.scalar(select(func.count(Score.id))) == len(KEYS)
