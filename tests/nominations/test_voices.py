"""Voices: six groups on the file, a seconder asked for by a link to pass on, settings with an effect that is said."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db, transaction
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Program
from tests.cast import Cast, letters, links_in, text_of
from tests.nominations.consenting import add_file
from tests.nominations.test_files_page import STUDENT, page
from tests.nominations.walking import STEPS, Walker, confirm


def settings(cast: Cast, **changed: Any) -> None:
    with cast.app.app_context(), transaction() as s:
        program = s.get_one(Program, cast.program_id)
        program.settings = {**program.settings, "nomination": {**program.settings["nomination"], **changed}}


def self_nominated(cast: Cast, **educator: str) -> Walker:
    walker = Walker(cast).begin()
    walker.fill(you={"relation": "self"}, educator={"educator_email": "marisol@example.org", **educator})
    walker.send()
    return walker


def second_path(cast: Cast) -> str:
    found = [link for link in links_in(letters(cast.app, "nominations/receipt")[0].text) if "/second/" in link]
    return str(found[0])


def begin(cast: Cast, path: str) -> Walker:
    walker = Walker(cast)
    body = walker.browser.get(path).get_data(as_text=True)
    start = re.search(r'name="start"[^>]*value="([^"]+)"', body)
    assert start
    answer = walker.browser.post(path, {"age": "adult", "start": start.group(1)})
    assert answer.status_code == 303
    walker.url = answer.location.rsplit("/", 1)[0]
    return walker


def files(cast: Cast) -> int:
    with cast.app.app_context():
        return db.session.scalar(select(func.count()).select_from(NomineeFile)) or 0


@pytest.mark.parametrize("school", ["Cascade Elementary", "A school in no list"])
def test_a_seconder_joins_the_file_by_the_link_that_was_passed_on(cast: Cast, app: Flask, school: str) -> None:
    first = self_nominated(cast, school=school, school_choice="none", district="unknown")
    path = second_path(cast)
    assert path in first.get("sent").get_data(as_text=True)
    seen = cast.browser().get(path).get_data(as_text=True)
    assert "Nominate Marisol Rivera" in seen
    assert school in seen
    for secret in ("marisol@example.org", "nora@example.org", "Nora Example", "She gave my daughter", "2 years"):
        assert secret not in seen
    second = begin(cast, path)
    step = second.get("educator").get_data(as_text=True)
    assert 'value="Marisol Rivera"' in step
    assert f'value="{school}"' in step
    assert "marisol@example.org" not in step
    told = {"school": school, "school_choice": "none", "district": "unknown"}
    second.fill(educator=told, name={**STEPS["name"], "email": "second@example.org", "name": "Sec Onder"})
    second.send()
    assert second.row().file.public_id == first.row().file.public_id
    assert files(cast) == 1
    whole = page(cast, first.row().file.public_id)
    assert "Sec Onder" in whole


def test_the_link_is_no_way_into_another_file(cast: Cast) -> None:
    first = self_nominated(cast)
    other = begin(cast, second_path(cast))
    other.fill(educator={"educator": "Somebody Else"}, name={**STEPS["name"], "email": "o@example.org"})
    other.send()
    assert other.row().file.public_id != first.row().file.public_id


def test_the_link_dies_with_the_nomination_and_closes_with_the_window(cast: Cast) -> None:
    first = self_nominated(cast)
    path = second_path(cast)
    assert cast.browser().get(path[:-3] + "xyz").status_code == 410
    first.post("withdraw")
    assert cast.browser().get(path).status_code == 410


def test_who_needs_no_seconder_gets_no_link(cast: Cast, app: Flask) -> None:
    settings(cast, self_needs_seconders=0)
    walker = self_nominated(cast)
    assert not [link for link in links_in(letters(app, "nominations/receipt")[0].text) if "/second/" in link]
    assert "You nominated yourself" not in text_of(walker.get("sent"))


@pytest.mark.parametrize("enough", [False, True])
def test_a_relative_is_asked_for_others_only_when_it_matters(cast: Cast, app: Flask, enough: bool) -> None:
    with app.app_context(), transaction() as s:
        program = s.get_one(Program, cast.program_id)
        relations = [{**r, "alone": r["key"] != "family_member"} for r in program.settings["relations"]]
        program.settings = {**program.settings, "relations": relations}
    settings(cast, family_alone_qualifies=enough)
    walker = Walker(cast).begin().fill(you={"relation": "family_member"})
    walker.send()
    assert ("not enough alone" in text_of(walker.get("sent"))) is not enough
    assert ("not enough alone" in letters(app, "nominations/receipt")[0].text) is not enough
    seen = page(cast, walker.row().file.public_id)
    assert ("own family alone is enough." in seen) is enough
    assert ("one other voice is needed." in seen) is not enough


@pytest.mark.parametrize(("relation", "told"), [("family_member", True), ("family_current", False)])
def test_a_relative_is_asked_for_others_where_an_older_file_does_not_say_who_is_one(
    cast: Cast, app: Flask, relation: str, told: bool
) -> None:
    walker = Walker(cast).begin().fill(you={"relation": relation})
    walker.send()
    confirm(cast, walker)
    assert ("not enough alone" in text_of(walker.get("sent"))) is told
    assert ("not enough alone" in letters(app, "nominations/receipt")[0].text) is told
    screened = text_of(cast.browser("sam").get(f"/files/{walker.row().file.public_id}/screen"))
    assert ("Only the educator's own family has written." in screened) is told


def test_six_groups_with_who_is_missing(cast: Cast) -> None:
    file = add_file(cast, nominations=({}, {}, STUDENT))
    seen = page(cast, file)
    assert "Students One nomination Families 2 nominations Colleagues Nobody yet" in seen
    assert "The educator Nobody yet" in seen
    assert "A self-nomination needs one other person who writes." in seen
    settings(cast, self_needs_seconders=0)
    assert "A self-nomination needs nobody else who writes." in page(cast, file)
    assert "needs nobody else" in text_of(cast.browser("sam").get(f"/files/{file}/screen"))


def test_a_draft_alone_says_nothing_of_the_file(cast: Cast) -> None:
    self_nominated(cast)
    draft = begin(cast, second_path(cast))
    with cast.app.app_context():
        row = db.session.scalars(select(Nomination).where(Nomination.public_id == draft.public_id)).one()
        assert row.file_id is None
        assert set(row.answers) <= {"age", "seconds", "educator", "school", "school_choice", "position"}
