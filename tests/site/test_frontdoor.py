"""The kept copy of the public page: as fast as bytes, never out of date, never somebody's own."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core.db import db, transaction
from portal.nominations.models import NomineeFile
from portal.programs import queries
from portal.programs.actions import touch
from portal.programs.models import Cycle, District, School
from portal.site.frontdoor import FrontDoor
from tests.cast import text_of
from tests.nominations.many import do, preview
from tests.programs.test_load import WORDS, load
from tests.site.test_program_page import OPENING, PAGE, announce, decide
from tests.statements import statements

MOMENT = OPENING + timedelta(days=10)


@pytest.fixture
def door(app) -> FrontDoor:
    load(app)
    found = front(app)
    found.kept.clear()
    return found


def front(app) -> FrontDoor:
    found = app.wsgi_app
    while not isinstance(found, FrontDoor):
        found = found.app if hasattr(found, "app") else found.application
    return found


def test_the_second_visitor_gets_the_same_bytes_for_one_statement(app, door):
    with time_machine.travel(MOMENT, tick=False):
        first = app.test_client().get(PAGE)
        with statements(app) as asked:
            second = app.test_client().get(PAGE)
    assert len(asked) == 1
    assert (second.data, second.status_code) == (first.data, 200)
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert len(door.kept) == 1


def test_each_language_has_its_own_copy(app, door):
    with time_machine.travel(MOMENT, tick=False):
        pages = {}
        for _ in range(2):
            for language in ("en", "es"):
                pages[language] = app.test_client().get(PAGE, headers={"Accept-Language": language})
        client = app.test_client()
        client.set_cookie("lang", "es")
        by_cookie = client.get(PAGE, headers={"Accept-Language": "en"})
    assert len(door.kept) == 2
    assert "Tell us about yours." in text_of(pages["en"])
    assert by_cookie.data == pages["es"].data


@pytest.mark.parametrize(
    "change",
    [
        lambda app: load(app, WORDS, at=MOMENT),
        lambda app: announce(app, MOMENT),
        lambda app: _touch(app),
    ],
    ids=["loaded again", "announced", "touched"],
)
def test_a_change_in_the_database_is_seen_at_once(app, door, change):
    with time_machine.travel(MOMENT, tick=False):
        app.test_client().get(PAGE)
        before = next(iter(door.kept.values())).version
    change(app)
    with time_machine.travel(MOMENT, tick=False):
        app.test_client().get(PAGE)
        after = next(iter(door.kept.values())).version
    assert before != after


@pytest.mark.parametrize("what", ["the name", "the school", "the district of many"])
def test_what_staff_correct_of_an_announced_winner_is_seen_at_once(app, cast, what):
    with app.app_context():
        year = db.session.get_one(Cycle, cast.cycle_id).name
    decide(app, year, [("Anna Wrong", True)])
    front(app).kept.clear()
    for _twice in range(2):
        assert "Anna Wrong" in text_of(app.test_client().get(PAGE))
    assert len(front(app).kept) == 1
    with app.app_context(), transaction() as s:
        file = s.scalars(select(NomineeFile)).one()
        file.school_name, file.school_key, public_id = "Old Mill", "old mill", file.public_id
        district = str(s.scalars(select(District.id).where(District.key == "cobb")).one())
        school = s.scalars(select(School.public_id).where(School.name == "Old Mill High School")).one()
    sam = cast.browser("sam")
    if what == "the name":
        given = {"name": "Anna Right", "school": "", "school_name": "Old Mill", "district": ""}
        answer = sam.post(f"/files/{public_id}/correct", {**given, "position_key": "", "position": "Band"})
        assert answer.status_code == 303
    elif what == "the school":
        assert sam.post(f"/files/{public_id}/school", {"school": school}).status_code == 303
    else:
        assert do(cast, preview(cast, "district", public_id), district=district).status_code == 200
    wanted = "Anna Right Band" if what == "the name" else "Anna Wrong Band · Cobb County"
    assert wanted in text_of(app.test_client().get(PAGE))


def _touch(app):
    with app.app_context(), transaction():
        touch(queries.program_by_slug("teach-on").id)


@pytest.mark.parametrize(
    ("kept_at", "asked_at", "fresh"),
    [
        (MOMENT, MOMENT + timedelta(hours=1), False),
        (MOMENT, MOMENT + timedelta(hours=24), True),  # the days that are left have changed
        (OPENING - timedelta(seconds=1), OPENING, True),
        (datetime(2026, 11, 2, 4, 59, 58, tzinfo=UTC), datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC), True),  # the close
    ],
)
def test_the_next_moment_that_changes_the_page_ends_its_keeping(app, door, kept_at, asked_at, fresh):
    with time_machine.travel(kept_at, tick=False):
        first = app.test_client().get(PAGE)
    with time_machine.travel(asked_at, tick=False):
        second = app.test_client().get(PAGE)
    assert (first.data != second.data) == fresh


@pytest.mark.parametrize(
    ("query", "headers", "cookie"),
    [
        ("?lang=en", {}, None),
        ("", {"HX-Request": "true"}, None),
        ("", {}, ("laurel", "anything")),
    ],
)
def test_whoever_brings_something_of_their_own_passes_by(app, door, query, headers, cookie):
    with time_machine.travel(MOMENT, tick=False):
        app.test_client().get(PAGE)
        client = app.test_client()
        if cookie:
            client.set_cookie(*cookie)
        with statements(app) as asked:
            assert client.get(PAGE + query, headers=headers).status_code == 200
    assert len(asked) > 1
    assert len(door.kept) == 1


def test_head_and_if_none_match_are_answered_without_a_body(app, door):
    with time_machine.travel(MOMENT, tick=False):
        first = app.test_client().get(PAGE)
        head = app.test_client().head(PAGE)
        known = app.test_client().get(PAGE, headers={"If-None-Match": first.headers["ETag"]})
        other = app.test_client().get(PAGE, headers={"If-None-Match": '"other"'})
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(first.data)))
    assert (known.status_code, known.data) == (304, b"")
    assert other.data == first.data


def test_what_does_not_exist_is_not_kept(app, door):
    assert app.test_client().get("/awards/nowhere/").status_code == 404
    assert app.test_client().get("/awards/teach-on/privacy").status_code == 200
    assert door.kept == {}


def test_a_head_first_keeps_nothing_half(app, door):
    with time_machine.travel(MOMENT, tick=False):
        app.test_client().head(PAGE)
        assert app.test_client().get(PAGE).data
