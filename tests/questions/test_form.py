"""The nomination form with an organizer's own questions: asked, checked, kept as typed, shown to whom they are for."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.core import links
from portal.core.audit import history, verify
from portal.core.db import db, transaction
from portal.core.files import StoredFile
from portal.nominations.actions.consent import LINK
from portal.nominations.actions.erasing import erase
from portal.nominations.models import Nomination, NomineeFile
from portal.questions import actions
from portal.questions.models import QuestionVersion, Upload
from tests.cast import both, text_of
from tests.nominations.walking import STEPS, Walker, confirm, nominate
from tests.questions.asking import act, add, asked, form, picture, upload
from tests.review.stage import Stage
from tests.statements import how_many


def typed(keys, **values):
    """The story step with these answers, by kind."""
    return {**STEPS["story"], **{keys[kind]: value for kind, value in values.items()}}


KINDS = ("line", "text", "choice", "choices", "scale", "number", "date", "school", "link", "file", "statement")
GOOD = {
    "line": "One line",
    "text": "Two\nlines",
    "choice": "blue",
    "choices": ["red", "green"],
    "scale": "4",
    "number": "12",
    "date": "2026-05-09",
    "school": "Cascade Elementary",
    "link": "www.example.org/page",
    "statement": "yes",
}


@pytest.fixture
def keys(cast):
    """One question of each kind in the story's step, all of them required; {kind: key}."""
    limits = {"scale": {"low": 1, "high": 5, "ends": (both("Never"), both("Always"))}, "number": {"low": 1, "high": 20}}
    made = [asked(kind, required=True, **limits.get(kind, {})) for kind in KINDS]
    return dict(zip(KINDS, add(cast, *made), strict=True))


@pytest.mark.parametrize("number", ["²", "9" * 3990, "x"])
def test_a_version_that_is_no_number_counts_as_the_present_one(cast, number):
    walker = Walker(cast).begin()
    assert walker.post("story", {**STEPS["story"], "versions": f"story.{number}", "go": "next"}).status_code == 303
    assert walker.row().asked == {}


def test_every_kind_is_asked_checked_kept_and_told(app, cast, keys):
    walker = Walker(cast).begin()
    page = text_of(walker.get("story"))
    assert [f"My {kind}" in page for kind in KINDS] == [True] * len(KINDS)
    bare = walker.post("story", {**STEPS["story"], "go": "next"})
    assert bare.status_code == 422
    assert "11 answers need another look" in text_of(bare)
    assert "Not a valid choice" not in text_of(bare)
    wrong = {"number": "30", "date": "soon", "link": "nowhere", "scale": "9", "choice": "pink", "line": "x" * 400}
    answer = walker.post("story", typed(keys, **{**GOOD, **wrong}))
    said = text_of(answer)
    for sentence in (
        "from 1 to 20",
        "Write a date",
        "whole address of the page",
        "Not a valid choice",
        "300 characters",
        "Choose a file",
    ):
        assert sentence in said
    assert walker.row().answers[keys["number"]] == "30", "what is wrong is kept too"
    sent = upload(walker.browser, f"{walker.url}/story", keys["file"], picture(), "C:\\me\\Garden.JPG")
    assert sent.status_code == 303
    assert "Garden.jpg" in text_of(walker.get("story"))
    walker.post("story", typed(keys, **GOOD))
    walker.fill(story=typed(keys, **GOOD))
    checked = text_of(walker.get("check"))
    for words in (
        "One line",
        "Two lines",
        "Blue",
        "Red, Green",
        "4 of 5",
        "May 9, 2026",
        "https://www.example.org/page",
        "Garden.jpg",
        "Confirmed",
    ):
        assert words in checked
    walker.send()
    said = walker.row().said
    assert {k: v["a"] for k, v in said.items() if k != keys["file"]} == {
        keys[kind]: value for kind, value in {**GOOD, "link": "https://www.example.org/page"}.items()
    }
    assert {v["v"] for v in said.values()} == {1}


def test_boxes_can_be_emptied_and_saved_as_typed(cast, keys):
    walker = Walker(cast).begin()
    walker.post("story/save", {keys["choices"]: ["red", ""], keys["statement"]: ["yes", ""]}, hx=True)
    assert walker.row().answers[keys["choices"]] == ["red"]
    page = walker.get("story").get_data(as_text=True)
    assert page.count("checked") == 2
    walker.post("story/save", {keys["choices"]: "", keys["statement"]: ""}, hx=True)
    assert (walker.row().answers[keys["choices"]], walker.row().answers[keys["statement"]]) == ([], "")
    walker.post("story/save", {"q_invented1": "x", "name": "Not of this step"}, hx=True)
    assert not {"q_invented1", "name"} & set(walker.row().answers)


def test_pages_cost_one_query_more_at_most(app, cast, keys):
    draft = Walker(cast).begin()
    costs = {page: how_many(app, lambda p=page: draft.get(p)) for page in ("educator", "story", "check")}
    assert max(costs.values()) <= 6, costs
    token = draft.browser.token()
    data = {**typed(keys, **GOOD), "csrf_token": token}
    assert how_many(app, lambda: draft.browser.client.post(f"{draft.url}/story", data=data)) <= 8


def test_an_answer_keeps_the_wording_it_was_given_under(app, cast):
    (key,) = add(cast, asked("line", label="Favorite lesson"))
    first = Walker(cast).begin()
    stale = first.get("story").get_data(as_text=True)
    assert f"{key}.1" in stale
    first.fill(story={**STEPS["story"], key: "Volcanoes", "versions": f"story.1 {key}.1"}).send()
    reworded = replace(form(cast).get(key), label=both("The lesson you remember"))
    assert act(cast, actions.change, reworded) == 2
    story = replace(form(cast).get("story"), label=both("Tell us one moment"))
    assert act(cast, actions.change, story) == 2
    second = Walker(cast).begin()
    page = text_of(second.get("story"))
    assert "The lesson you remember" in page
    assert "Tell us one moment" in page
    assert "Favorite lesson" not in page
    # A page that was opened before the change says so: its answer belongs to the old wording.
    second.post("story/save", {key: "Rivers", "versions": f"story.1 {key}.1"}, hx=True)
    second.fill(name={"email": "vera@example.org"}, story={**STEPS["story"], key: "Rivers"}).send()
    assert (first.row().said, second.row().said) == (
        {key: {"v": 1, "a": "Volcanoes"}},
        {key: {"v": 2, "a": "Rivers"}, "story": {"v": 2}},
    )
    file = text_of(cast.browser("sam").get(f"/files/{first.row().file.public_id}"))
    assert "Favorite lesson Volcanoes" in file
    assert "The lesson you remember Rivers" in file
    assert "Asked: What happened, and what changed for the students?" in file
    assert "Asked: Tell us one moment" in file
    with app.app_context():
        kept = [(v.key, v.number) for v in db.session.scalars(select(QuestionVersion).order_by(QuestionVersion.id))]
        assert kept == [(key, 1), ("story", 1)]
        verbs = [e.verb for e in history(f"form:{form(cast).public_id}")]
        assert verbs == ["questions.changed", "questions.changed", "questions.added"]
        assert verify()[1] == []


def test_a_page_of_the_old_wording_is_recorded_as_such(cast):
    (key,) = add(cast, asked("line", label="Favorite lesson"))
    walker = Walker(cast).begin()
    act(cast, actions.change, replace(form(cast).get(key), label=both("Another")))
    walker.post("story", {**STEPS["story"], key: "x", "versions": f"{key}.1 {key}.9 story.0 nothing.1"})
    assert walker.row().asked == {}  # a version that never was says nothing, and the first goes without saying
    walker.post("story", {**STEPS["story"], key: "x"})
    assert walker.row().asked == {key: 2}
    walker.post("story", {**STEPS["story"], key: "x", "versions": f"{key}.1"})
    assert walker.row().asked == {key: 1}


@pytest.mark.parametrize(
    ("audience", "scorers", "nominee"),
    [
        ("staff", False, False),
        ("scorers", True, False),
        ("nominee", True, True),
    ],
)
def test_answers_go_only_to_whom_the_question_says(app, cast, audience, scorers, nominee):
    (key,) = add(cast, asked("line", label="A word", audience=audience))
    walker = nominate(cast, story={**STEPS["story"], key: "Canary"})
    confirm(cast, walker)
    file = walker.row().file
    url = reading(cast, file.id)
    shown = {
        "staff": text_of(cast.browser("sam").get(f"/files/{file.public_id}")),
        "scorers": text_of(cast.browser("priya").get(url)),
        "nominee": nominee_page(app, cast, file),
    }
    assert {who: "Canary" in page for who, page in shown.items()} == {
        "staff": True,
        "scorers": scorers,
        "nominee": nominee,
    }


def reading(cast, file_id) -> str:
    """Where Priya reads the file."""
    stage = Stage(cast)
    stage.make_panel("priya")
    with cast.app.app_context(), transaction() as s:
        row = s.get_one(NomineeFile, file_id)
        row.consent, row.asked_at, row.answered_at = "accepted", row.created_at, row.created_at
        row.screening, row.screened_at = "eligible", row.created_at
    return f"/assignments/{stage.assign('priya', file_id)}"


def nominee_page(app, cast, file) -> str:
    with app.app_context(), transaction() as s:
        row = s.get_one(NomineeFile, file.id)
        link = links.issue(LINK, row.id, email="tariq@example.org")
        row.email = "tariq@example.org"
        token = links.token(link)
        row.consent, row.asked_at = "asked", row.created_at
    assert "Canary" not in text_of(cast.browser().get(f"/nominee/{token}"))
    with app.app_context(), transaction() as s:
        row = s.get_one(NomineeFile, file.id)
        row.consent, row.answered_at = "accepted", row.created_at
    return text_of(cast.browser().get(f"/nominee/{token}"))


def test_an_answer_is_never_shown_to_more_than_it_was_given_for(cast):
    (key,) = add(cast, asked("line", label="A word", audience="staff"))
    walker = nominate(cast, story={**STEPS["story"], key: "Canary"})
    confirm(cast, walker)
    act(cast, actions.change, replace(form(cast).get(key), audience="nominee"))
    url = reading(cast, walker.row().file_id)
    assert "Canary" not in text_of(cast.browser("priya").get(url))


def got(browser, url):
    """A file that was sent, read and closed."""
    answer = browser.get(url)
    answer.get_data()
    answer.close()
    return answer


def test_files_are_cleaned_sent_back_and_only_to_who_may(app, cast):
    (key,) = add(cast, asked("file", audience="staff"))
    walker = Walker(cast).begin()
    where = f"{walker.url}/story"
    for content, name, said in (
        (b"", "x.jpg", "empty"),
        (b"MZ\x90\x00evil", "x.jpg", "kind of file"),
        (b"PK\x03\x04broken", "x.docx", "kind of file"),
        (b"x" * (10 * 1024 * 1024 + 1), "x.pdf", "larger than 10 MB"),
        (b"\xff\xd8\xff\xe0broken", "x.jpg", "can’t be"),
        (picture("PNG", exif=b"Exif\0\0MM\0*"), "x.png", "can’t be read"),
    ):
        refused = upload(walker.browser, where, key, content, name, story="Kept all the same")
        assert refused.status_code == 422
        assert said in text_of(refused)
    assert walker.row().answers["story"] == "Kept all the same"
    assert upload(walker.browser, where, key, picture(), "<b>.jpg").status_code == 303
    walker.fill(story=STEPS["story"]).send()
    public_id = walker.row().said[key]["a"]
    nomination = f"/nominations/{walker.public_id}/answer-files/{public_id}"
    answer = got(cast.browser("sam"), nomination)
    assert b"Secret place" in picture()
    assert b"Secret place" not in answer.data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert got(walker.browser, f"{walker.url}/answer-files/{public_id}").status_code == 200
    other = nominate(cast, name={"email": "vera@example.org"})
    assert other.get(f"answer-files/{public_id}").status_code == 404
    assert cast.browser("sam").get(f"/nominations/{other.public_id}/answer-files/{public_id}").status_code == 404
    assert cast.browser("vera").get(nomination).status_code == 404
    # Another file takes its place only once the change is sent.
    assert upload(walker.browser, where, key, b"%PDF-1.4 x", "plan.pdf").status_code == 303
    assert got(cast.browser("sam"), nomination).status_code == 200
    walker.send()
    assert cast.browser("sam").get(nomination).status_code == 404
    with app.app_context():
        assert len(list(db.session.scalars(select(Upload)))) == len(list(db.session.scalars(select(StoredFile)))) == 1
        path = db.session.scalars(select(StoredFile)).one().path
        assert path.exists()
    with app.app_context():
        with transaction() as s:
            row = s.get_one(NomineeFile, walker.row().file_id)
            row.consent, row.asked_at, row.email = "asked", row.created_at, "t@example.org"
        with transaction() as s:
            erase("link:consent", s.get_one(NomineeFile, walker.row().file_id))
        assert not path.exists()
        assert db.session.scalar(select(Upload)) is None
        assert db.session.scalars(select(Nomination).where(Nomination.public_id == walker.public_id)).one().said == {}


def test_a_file_can_be_taken_back(cast):
    (key,) = add(cast, asked("file"))
    walker = Walker(cast).begin()
    upload(walker.browser, f"{walker.url}/story", key, picture("PNG"), "garden.png")
    assert "garden.jpg" in text_of(walker.get("story"))
    answer = walker.post("story", {"story": "x", "go": f"remove:{key}"})
    assert answer.status_code == 303
    assert "garden" not in text_of(walker.get("story"))
    assert walker.row().answers[key] == ""


def test_an_optional_question_of_the_product_can_be_required(cast):
    act(cast, actions.change, replace(form(cast).get("subject"), required=True))
    walker = Walker(cast).begin()
    answer = walker.post("educator", {**STEPS["educator"], "subject": ""})
    assert answer.status_code == 422
    assert "Please answer this question" in text_of(answer)
    act(cast, actions.change, replace(form(cast).get("educator"), required=False))
    assert form(cast).get("educator").required, "the product needs it"


def test_schools_are_suggested(cast):
    (key,) = add(cast, asked("school"))
    found = cast.browser().get(f"/awards/teach-on/nominate/school-names?{key}=mill", hx=True).get_data(as_text=True)
    assert 'value="Old Mill High School, ' in found
    other = cast.browser().get("/awards/teach-on/nominate/school-names?x=mill").get_data(as_text=True)
    assert "<option" not in other
