"""An organizer makes a convening by its pages: words, call, rooms and blocks."""

import re

import pytest
from sqlalchemy import select

from portal.convenings.models import Block, Convening, Room, Session
from portal.core.db import db
from tests.cast import text_of
from tests.convenings.world import add_proposal, confirmed, put


def test_from_nothing_to_a_published_convening_by_the_pages_alone(app, cast):
    sam = cast.browser("sam")
    typed = {
        "name_en": "By teachers, for teachers",
        "name_es": "",
        "day": "2027-10-16",
        "place": "Booker Heights High School",
    }
    setup = sam.post("/programs/teach-on/convenings", typed).location
    form = {
        **typed,
        "time_zone": "America/New_York",
        "text_en": "Free, with lunch.",
        "opens_at": "2027-01-04T08:00",
        "closes_at": "2027-03-01T23:59",
        "lengths": "60, 30",
        "audiences": "Everybody | Todos\nNew teachers",
        "area1_en": "Leading",
        "area1_es": "Liderar",
        "area2_en": "Equity",
    }
    page = sam.post(setup, form, follow=True)
    assert "Saved" in text_of(page)
    base = setup.removesuffix("/setup")
    with app.app_context():
        made = db.session.scalars(select(Convening)).one()
        assert made.call.lengths == [30, 60]
        assert [a["name"] for a in made.areas] == [{"en": "Leading", "es": "Liderar"}, {"en": "Equity"}]
        assert made.call.closes_at.isoformat() == "2027-03-02T04:59:00+00:00"
        assert [a["name"].get("es") for a in made.call.audiences] == ["Todos", None]
    sam.post(f"{base}/rooms", {"name": "Library", "capacity": "40"})
    sam.post(f"{base}/blocks", {"starts": "09:45", "ends": "10:45"})
    sam.post(
        f"{base}/sessions",
        {"kind": "keynote", "title_en": "Cultivating a Calling", "speakers": "Dr. Reed", "language": "en"},
    )
    assert "Cultivating a Calling" in text_of(sam.get(f"{base}/day"))
    assert re.search(rf'<form[^>]*method="post"[^>]*action="{base}/publish"', sam.get(base).get_data(as_text=True))
    assert sam.post(f"{base}/publish").status_code == 303
    assert sam.post(f"{base}/publish").status_code == 409
    assert "The agenda is being made" in text_of(cast.browser().get("/awards/teach-on/convening"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"closes_at": "2026-01-01T08:00"}, "The call closes after it opens"),
        ({"lengths": "an hour"}, "Write minutes as numbers"),
        ({"lengths": "0"}, "Write minutes as numbers"),
        ({"lengths": f"30, {'9' * 5000}"}, "Write minutes as numbers"),
        ({"name_en": ""}, "Write the convening"),
        ({"day": ""}, "Choose the day"),
        ({"day": "9999-12-31"}, "Choose a day of this century"),
        ({"agenda_on": "0001-01-01"}, "Choose a day of this century"),
        ({"closes_at": "9999-12-31T23:59"}, "Choose a day of this century"),
    ],
)
def test_what_is_wrong_with_the_set_up_is_said(cast, convening, change, told):
    form = {
        "name_en": "N",
        "day": "2027-10-16",
        "time_zone": "America/New_York",
        "opens_at": "2027-01-04T08:00",
        "closes_at": "2027-03-01T23:59",
        "lengths": "60",
        "audiences": "Everybody",
        **change,
    }
    page = cast.browser("sam").post(f"/convenings/{convening}/setup", form)
    assert page.status_code == 422
    assert told in text_of(page)


def test_blocks_keep_their_hours_when_the_day_moves(app, cast, convening, day):
    form = {
        "name_en": "N",
        "day": "2027-12-11",
        "time_zone": "America/New_York",
        "opens_at": "2027-01-04T08:00",
        "closes_at": "2027-03-01T23:59",
        "lengths": "60",
        "audiences": "Everybody",
    }
    assert cast.browser("sam").post(f"/convenings/{convening}/setup", form).status_code == 303
    with app.app_context():
        starts = [b.starts_at.isoformat() for b in db.session.scalars(select(Block).order_by(Block.starts_at))]
    assert starts == ["2027-12-11T13:45:00+00:00", "2027-12-11T14:45:00+00:00", "2027-12-11T16:00:00+00:00"]


def test_blocks_keep_their_hours_when_the_zone_changes_either_way(app, cast, convening, day):
    sam = cast.browser("sam")
    form = {
        "name_en": "N",
        "day": "2027-10-16",
        "opens_at": "2027-01-04T08:00",
        "closes_at": "2027-03-01T23:59",
        "lengths": "60",
        "audiences": "Everybody",
    }
    for zone, hours in (("New_York", [12, 13, 15]), ("Chicago", [13, 14, 16]), ("New_York", [12, 13, 15])):
        answer = sam.post(f"/convenings/{convening}/setup", {**form, "time_zone": f"America/{zone}"})
        assert answer.status_code == 303
        with app.app_context():
            starts = [b.starts_at for b in db.session.scalars(select(Block).order_by(Block.starts_at))]
        assert [at.hour for at in starts] == hours
        page = text_of(sam.get(f"/convenings/{convening}/day"))
        assert all(hour in page for hour in ("8:45 a.m.", "9:45 a.m.", "11:00 a.m."))


def set_up(cast, convening, **change):
    """Saves the set-up of a convening."""
    form = {
        "name_en": "N",
        "day": "2027-10-16",
        "time_zone": "America/New_York",
        "opens_at": "2026-01-04T08:00",
        "closes_at": "2027-03-01T23:59",
        "lengths": "45",
        "audiences": "Everybody | Todos\nGrades 6 to 12",
        "area1_en": "Leading",
        **change,
    }
    return cast.browser("sam").post(f"/convenings/{convening}/setup", form)


def audiences_of(app):
    """(key, English name) of each."""
    with app.app_context():
        return [(a["key"], a["name"]["en"]) for a in db.session.scalars(select(Convening)).one().call.audiences]


def test_an_audience_whose_words_are_mended_stays_what_proposals_say(app, cast, convening):
    assert set_up(cast, convening, audiences="Everybody\nGrades 6 to 12\nSchool leeders").status_code == 303
    keys = [key for key, _name in audiences_of(app)]
    public_id = add_proposal(cast, convening, audience=keys[2])
    set_up(cast, convening, audiences="New teachers\nEverybody\nGrade 6 to 12\nSchool leaders | Directivos")
    new, *rest = audiences_of(app)
    assert rest == list(zip(keys, ("Everybody", "Grade 6 to 12", "School leaders"), strict=True))
    assert new[0] not in keys
    assert "For School leaders" in text_of(cast.browser("wanda").get(f"/proposals/{public_id}"))
    set_up(cast, convening, audiences="Everybody\nGrade 6 to 12")
    page = text_of(cast.browser("wanda").get(f"/proposals/{public_id}"))
    assert " For " not in page  # nothing stands there alone
    set_up(cast, convening, audiences="Everybody\nGrade 6 to 12\nParents")
    assert audiences_of(app)[2][0] not in keys


def test_audiences_that_begin_alike_are_two(app, cast, convening):
    long = "Teachers who are in their first years of teaching"
    set_up(cast, convening, audiences=f"{long}, in town\n{long}, in the country\n{long}, in town")
    assert len({key for key, _name in audiences_of(app)}) == 3


def test_a_new_area_is_none_that_was_removed(app, cast, convening):
    areas = {f"area{n}_en": f"Area {name}" for n, name in enumerate(("one", "two", "three", "four"), 1)}

    def keys():
        with app.app_context():
            return [area["key"] for area in db.session.scalars(select(Convening)).one().areas]

    set_up(cast, convening, **{**areas, "area4_en": ""})
    set_up(cast, convening, **areas)
    fourth = keys()[3]
    public_id = add_proposal(cast, convening, area=fourth)
    set_up(cast, convening, **{**areas, "area4_en": ""})
    page = text_of(cast.browser("wanda").get(f"/proposals/{public_id}"))
    assert "Content area" not in page
    set_up(cast, convening, **{**areas, "area4_en": "Something else"})
    assert fourth not in keys()
    page = text_of(cast.browser("wanda").get(f"/proposals/{public_id}"))
    assert "Something else" not in page
    for path in ("proposals", "agenda"):
        assert cast.browser("sam").get(f"/convenings/{convening}/{path}").status_code == 200


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        ("10:00", "11:30", "overlaps the block from 9:45 a.m. to 10:45 a.m."),
        ("14:00", "13:00", "ends after it starts"),
        ("", "13:00", "Choose when the block starts"),
        ("13:00", "14:00", None),
        ("10:45", "11:00", None),
    ],
)
def test_blocks_do_not_overlap(cast, convening, day, starts, ends, told):
    page = cast.browser("sam").post(f"/convenings/{convening}/blocks", {"starts": starts, "ends": ends})
    assert page.status_code == (422 if told else 303)
    assert not told or told in text_of(page)


def test_rooms_have_names_of_their_own_and_go_only_when_empty(app, cast, convening, day):
    sam, (rooms, blocks) = cast.browser("sam"), day
    assert "already a room called" in text_of(sam.post(f"/convenings/{convening}/rooms", {"name": "room 101"}))
    put(cast, convening, blocks[1], rooms[0], confirmed(app, cast, convening))
    assert sam.post(f"/convenings/{convening}/rooms/{rooms[0]}/remove").status_code == 422
    assert sam.post(f"/convenings/{convening}/rooms/{rooms[1]}/remove").status_code == 303
    assert sam.post(f"/convenings/{convening}/blocks/{blocks[1]}/remove").status_code == 422
    assert sam.post(f"/convenings/{convening}/blocks/{blocks[2]}/remove").status_code == 303
    renamed = sam.post(f"/convenings/{convening}/rooms", {"name": "Library", "room": rooms[0]}, follow=True)
    assert "Library" in text_of(renamed)


def test_a_session_has_a_title_in_one_language_at_least(app, cast, convening, day):
    sam = cast.browser("sam")
    typed = {"kind": "meal", "title_en": "", "title_es": "", "language": "en"}
    page = sam.post(f"/convenings/{convening}/sessions", typed)
    assert (page.status_code, "Write a title." in text_of(page)) == (422, True)
    assert sam.post(f"/convenings/{convening}/sessions", {**typed, "title_es": "Almuerzo"}).status_code == 303
    with app.app_context():
        lunch = db.session.scalars(select(Session)).one().public_id
    page = sam.post(f"/sessions/{lunch}/edit", typed)
    assert (page.status_code, "Write a title." in text_of(page)) == (422, True)
    with app.app_context():
        assert db.session.scalars(select(Session)).one().title == {"es": "Almuerzo"}


def fields_of(page, action):
    """The fields of the form that came back with a mistake, as a browser would send them again."""
    _before, form = re.split(rf'<form[^>]*action="[^"]*/{action}"[^>]*novalidate>', page.get_data(as_text=True))
    return dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form.partition("</form>")[0]))


def test_a_mistake_in_a_changed_room_or_block_comes_back_as_that_one(app, cast, convening, day):
    sam, (rooms, blocks) = cast.browser("sam"), day
    page = sam.post(f"/convenings/{convening}/rooms", {"name": "Room 102", "capacity": "30", "room": rooms[0]})
    assert (page.status_code, "Add the room" in text_of(page)) == (422, False)
    sam.post(f"/convenings/{convening}/rooms", {**fields_of(page, "rooms"), "name": "Library"})
    page = sam.post(f"/convenings/{convening}/rooms", {"name": "", "room": rooms[1]})
    sam.post(f"/convenings/{convening}/rooms", {**fields_of(page, "rooms"), "name": "Lobby"})
    with app.app_context():
        assert [room.name for room in db.session.scalars(select(Room).order_by(Room.position))] == ["Library", "Lobby"]
    typed = {"starts": "10:00", "ends": "11:30", "block": blocks[1]}
    page = sam.post(f"/convenings/{convening}/blocks", typed)
    assert (page.status_code, "Add the block" in text_of(page)) == (422, False)
    sam.post(f"/convenings/{convening}/blocks", {**fields_of(page, "blocks"), "ends": "10:50"})
    page = text_of(sam.get(f"/convenings/{convening}/day"))
    assert ("10:00 a.m. – 10:50 a.m." in page, "9:45 a.m. – 10:45 a.m." in page) == (True, False)
    assert ("Add the room" in page, "Add the block" in page) == (True, True)
