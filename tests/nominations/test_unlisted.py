"""Schools that were "not listed": one list, near schools suggested, one answer settles all files written alike."""

from typing import Any

import pytest
from sqlalchemy import select, update

from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.nominations.actions import matching
from portal.nominations.actions.matching import Educator
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries.unlisted import suggestions
from portal.programs.models import Cycle, District, School
from tests.cast import Cast, text_of
from tests.nominations.consenting import add_file, ask, path_of
from tests.nominations.test_eligibility import add_rules
from tests.selection.judged import add_panel, add_review
from tests.statements import statements


def wrote(cast: Cast, educator: str, school: str, by: str, listed: bool = False) -> str:
    """A confirmed nomination that came in as by the form; the file's public id."""
    with cast.app.app_context(), transaction() as s:
        cycle = s.get_one(Cycle, cast.cycle_id)
        found = s.scalar(select(School).where(School.name == school)) if listed else None
        told = Educator.of(educator, found, school, position="Teacher")
        file = matching.find(cycle, told) or matching.make(cycle, told)
        s.add(Nomination(program_id=cast.program_id, cycle_id=cast.cycle_id, file_id=file.id, state="confirmed",
                         educator_name=educator, school_name=school, school_id=told.school_id, nominator_email=by,
                         relation_group="student", submitted_at=now(), confirmed_at=now(), story="Once."))  # fmt: skip
        return file.public_id


def files(cast: Cast) -> dict[str, Any]:
    with cast.app.app_context():
        return {f.public_id: f for f in db.session.scalars(select(NomineeFile))}


def choose(cast: Cast, file: str, name: str) -> Any:
    """Sam says which school of the directory is meant."""
    with cast.app.app_context():
        school = db.session.scalar(select(School.public_id).where(School.name == name))
    return cast.browser("sam").post(f"/files/{file}/school", {"school": school})


def test_whoever_is_not_named_is_counted_one_as_one(cast):
    url = f"/cycles/{cast.cycle}/unlisted-schools"
    for at, name in enumerate(("Ann Ode", "Ben Ode", "Cal Ode", "Dee Ode")):
        wrote(cast, name, "Maynerd Highschool", f"{at}@x.org")
    assert "Ann Ode, Ben Ode, Cal Ode and one more" in text_of(cast.browser("sam").get(url))
    wrote(cast, "Eve Ode", "Maynerd Highschool", "e@x.org")
    assert "Ann Ode, Ben Ode, Cal Ode and 2 more" in text_of(cast.browser("sam").get(url))


def test_one_answer_settles_every_file_written_alike_and_joins_the_educators_own(cast):
    own = wrote(cast, "Tariq Bell", "Maynard High School", "a@x.org", listed=True)
    same = wrote(cast, "Tariq Bell", "Maynerd Highschool", "b@x.org")
    other = wrote(cast, "Ruth Lee", "maynerd highschool", "c@x.org")
    url = f"/cycles/{cast.cycle}/unlisted-schools"
    sam = cast.browser("sam")
    assert "2 files name a school we do not know" in text_of(sam.get("/desk"))
    with statements(cast.app) as seen:
        page = sam.get(url)
    assert len(seen) <= 6
    words = text_of(page)
    assert "To settle 1" in words
    assert "Ruth Lee, Tariq Bell" in words
    assert "Maynard High School" in words  # suggested, though it is written otherwise
    with cast.app.app_context():
        school = db.session.scalar(select(School.public_id).where(School.name == "Maynard High School"))
    answer = sam.post(f"/files/{same}/school", {"school": school}, follow=True)
    assert "2 files are at Maynard High School now. It was joined with the educator’s file there." in text_of(answer)
    now = files(cast)
    assert now[same].joined_into_id == now[own].id
    assert (now[other].school_id, now[other].district_id) == (now[own].school_id, now[own].district_id)
    with cast.app.app_context():
        rows = db.session.execute(select(Nomination.school_id, Nomination.file_id, Nomination.school_name))
        assert sorted(rows) == sorted(
            [(now[own].school_id, now[own].id, "Maynard High School"),
             (now[own].school_id, now[own].id, "Maynerd Highschool"),
             (now[own].school_id, now[other].id, "maynerd highschool")])  # fmt: skip
        assert audit.verify()[1] == []
    assert sam.post(f"/files/{same}/school", {"school": school}).status_code == 409  # pressed twice, or by two
    assert "Every school is settled" in text_of(sam.get(url))
    assert "found in the directory" in text_of(sam.get(f"/files/{other}"))


@pytest.mark.parametrize(("held", "stays"), [(["same"], ["same"]), (["own", "same"], ["own", "same"])])
def test_a_file_that_the_panel_has_takes_the_other_in_and_two_stand_beside_each_other(cast, held, stays):
    own = wrote(cast, "Tariq Bell", "Maynard High School", "a@x.org", listed=True)
    same = wrote(cast, "Tariq Bell", "Maynerd Highschool", "b@x.org")
    named, panel = {"own": own, "same": same}, add_panel(cast, ("priya",))
    for each in held:
        add_review(cast, panel, "priya", files(cast)[named[each]].id, 3)
    assert choose(cast, same, "Maynard High School").status_code == 303
    after = files(cast)
    assert [name for name, public_id in named.items() if after[public_id].joined_into_id is None] == stays
    assert after[same].school_id == after[own].school_id


def test_a_third_file_of_the_name_joins_the_one_that_stays(cast):
    own = wrote(cast, "Tariq Bell", "Maynard High School", "a@x.org", listed=True)
    asked, third = (
        add_file(cast, "Tariq Bell", school="Maynerd Highschool", nominations=({"nominator_email": by},), **more)
        for by, more in (("b@x.org", {"consent": "asked", "asked_at": now()}), ("c@x.org", {"email": ""}))
    )
    choose(cast, asked, "Maynard High School")
    after = files(cast)
    assert after[asked].joined_into_id is None
    assert {after[own].joined_into_id, after[third].joined_into_id} == {after[asked].id}


def test_in_a_state_the_last_district_can_be_said_wherever_staff_choose_one(cast):
    new = wrote(cast, "Ann Lee", "Brand New Academy", "a@x.org")
    with cast.app.app_context(), transaction() as s:
        for n in range(330):
            said = {"name": f"Valley {n:03}", "short": "", "aliases": [f"VUSD {n}"]}
            s.add(District(program_id=cast.program_id, key=f"v{n}", **said))
        s.flush()
        last = s.scalars(select(District.id).where(District.name == "Valley 329")).one()
    sam = cast.browser("sam")
    page = sam.get(f"/cycles/{cast.cycle}/unlisted-schools").get_data(as_text=True)
    assert (page.count("Valley 329"), len(page) < 60_000) == (1, True)
    assert "Valley 329" in text_of(sam.get(f"/files/{new}/correct"))
    for unclear in ("", "Valley", "Atlantis", "999999"):
        refused = sam.post(f"/files/{new}/school/new", {"name": "Brand New Academy", "district": unclear})
        assert refused.status_code == 422, unclear
    sam.post(f"/files/{new}/school/new", {"name": "Brand New Academy", "district": "vusd 329"})
    assert files(cast)[new].district_id == last


def test_districts_of_one_name_are_told_apart_in_a_state(cast):
    """Of many districts one is typed: the one that was prefilled is understood, and so is every one that is offered."""
    new, other = (wrote(cast, who, f"{who} Academy", "a@x.org") for who in ("Ann Lee", "Bo Lee"))
    with cast.app.app_context(), transaction() as s:
        told = [("Lakeside", f"lake{n}", f"010012{n}" if n else "", []) for n in range(3)]
        told += [(f"Valley {n:02}", f"v{n}", "", ["Lakeside", "Brook"]) for n in range(38)] + [("Brook", "b", "", [])]
        rows = [District(program_id=cast.program_id, name=a, key=b, nces_id=c, aliases=d) for a, b, c, d in told]
        s.add_all(rows)
        s.flush()
        lakes, brook = [each.id for each in rows[:3]], rows[-1].id
        s.execute(update(NomineeFile).where(NomineeFile.public_id == new).values(district_id=lakes[1]))
    sam = cast.browser("sam")
    page = sam.get(f"/cycles/{cast.cycle}/unlisted-schools").get_data(as_text=True)
    offered = [f'<option value="Lakeside ({which})">' for which in ("lake0", "0100121", "0100122")]
    assert [page.count(each) for each in offered] == [1, 1, 1]
    assert page.count('name="district" list="districts" value="Lakeside (0100121)"') == 1
    for typed, meant in [("Lakeside (0100121)", lakes[1]), ("Lakeside (lake0)", lakes[0]), ("brook", brook)]:
        name = f"Academy of {typed}"
        file = wrote(cast, typed, name, "a@x.org")
        assert sam.post(f"/files/{file}/school/new", {"name": name, "district": typed}).status_code == 303
        assert files(cast)[file].district_id == meant
    assert sam.post(f"/files/{other}/school/new", {"name": "Bo", "district": "Lakeside"}).status_code == 422


def test_a_new_school_and_one_outside_our_districts(cast):
    new, away = (
        wrote(cast, "Ann Lee", "Brand New Academy", "a@x.org"),
        wrote(cast, "Bo Ode", "Far Away High", "b@x.org"),
    )
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/unlisted-schools"
    assert sam.post(f"/files/{new}/school/new", {"name": "Brand New Academy"}).status_code == 422
    with cast.app.app_context():
        district = db.session.scalar(select(School.district_id).where(School.name == "Cascade Elementary"))
    sam.post(f"/files/{new}/school/new", {"name": "Brand New Academy", "district": district})
    assert files(cast)[new].district_id == district
    offered = cast.browser().get(f"/awards/{cast.slug}/nominate/schools", query_string={"school": "brand new"})
    assert "Brand New Academy" in text_of(offered)
    assert sam.post(f"/files/{away}/school/outside").status_code == 303
    assert "To settle 0" in text_of(sam.get(url))
    assert "Far Away High" in text_of(sam.get(url, query_string={"show": "outside"}))
    assert "files name a school" not in text_of(sam.get("/desk"))
    sam.post(f"/files/{away}/school/outside/undo", {"show": "outside"})
    assert "To settle 1" in text_of(sam.get(url))
    found = sam.get(url, query_string={"at": away, "q": "casc elem"})
    assert "It is this one: Cascade Elementary" in found.get_data(as_text=True)
    for name, status in (("ada", 403), ("vera", 404)):
        assert cast.browser(name).post(f"/files/{away}/school/outside").status_code == status


@pytest.mark.parametrize("who", ["an organizer", "the nominee"])
def test_a_school_of_the_directory_is_outside_no_longer_whoever_finds_it(cast, who):
    add_rules(cast)
    file = add_file(cast, "Ann Lee", school="Maynerd Highschool", email="ann@example.org")
    sam = cast.browser("sam")
    assert sam.post(f"/files/{file}/school/outside").status_code == 303
    assert "Not met The school is in another district." in text_of(sam.get(f"/files/{file}/screen"))
    with cast.app.app_context():
        school = db.session.scalar(select(School.public_id).where(School.name == "Maynard High School"))
    if who == "the nominee":
        link, browser = path_of(ask(cast, file)), cast.browser()
        browser.post(f"{link}/accept")
        given = {"name": "Ann Lee", "school": school, "position": "teacher"}
        assert browser.post(f"{link}/details", given).status_code == 303
    else:
        given = {"name": "Ann Lee", "school": school, "position_key": "teacher", "position": "Teacher"}
        given |= {"school_name": "", "district": ""}
        assert sam.post(f"/files/{file}/correct", given).status_code == 303
    assert "Met The school is in Atlanta Public Schools." in text_of(sam.get(f"/files/{file}/screen"))


def test_a_nominee_who_leaves_the_directory_leaves_its_district_too(cast):
    add_rules(cast)
    file = add_file(cast)
    link, browser, sam = path_of(ask(cast, file)), cast.browser(), cast.browser("sam")
    browser.post(f"{link}/accept")
    given = {"name": "Tariq Bello", "position": "teacher"}
    for school, district in (("Cascade Elementary", True), ("Far Away High", False)):
        assert browser.post(f"{link}/details", {**given, "school": "", "school_name": school}).status_code == 303
        page = text_of(sam.get(f"/files/{file}/screen"))
        assert ("Met The school is in Atlanta Public Schools." in page) is district
        assert ("Not known The district is not known" in page) is not district
        found = text_of(sam.get(f"/cycles/{cast.cycle}/files?q=atlanta"))
        assert ("Tariq Bello" in found) is district
    assert "Far Away High" in text_of(sam.get(f"/cycles/{cast.cycle}/unlisted-schools"))


def test_many_schools_ask_no_more_than_one(cast):
    asked, sam = [], cast.browser("sam")
    assert sam.get("/desk").status_code == 200
    for count in (1, 30):
        for number in range(count):
            wrote(cast, f"Educator {count} {number}", f"Unknown Place {number}", f"n{number}@x.org")
        with statements(cast.app) as seen:
            page = sam.get(f"/cycles/{cast.cycle}/unlisted-schools", query_string={"q": "oak", "at": "nothing"})
        asked.append(len(seen))
        assert page.status_code == 200
    assert asked[0] == asked[1] <= 6
    assert "Page 1 of 3" in text_of(page)


ROWS = [
    (1, "m", "Maynard High School", "Atlanta", 1, "Atlanta Public Schools", ""),
    (2, "w", "Maynard High School", "Marietta", 2, "Cobb County", ""),
    (3, "n", "Manning Middle School", "Marietta", 2, "Cobb County", ""),
]


@pytest.mark.parametrize(
    ("name", "district", "found"),
    [
        ("Maynerd HS", 2, ["w", "m"]),
        ("Maynard", 1, ["m", "w"]),
        ("H.S. Maynard", None, ["m", "w"]),
        ("Xylophone Academy", 1, []),
    ],
)
def test_the_nearest_schools(name, district, found):
    with_rows = [type("Row", (tuple,), {n: property(lambda self, i=i: self[i]) for i, n in enumerate(
        ("id", "public_id", "name", "city", "district_id"))})(row) for row in ROWS]  # fmt: skip
    assert [each.public_id for each in suggestions(name, district, with_rows)] == found
