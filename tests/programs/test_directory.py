"""The directory's page: search, filter, add, edit, close; and that what is closed is offered to nobody."""

import re

from sqlalchemy import select

from portal.core.db import db, transaction
from portal.core.names import school_key
from portal.programs import queries
from portal.programs.models import District, School
from tests.cast import Cast, text_of
from tests.statements import statements


def fill(cast: Cast, first: int, count: int) -> None:
    with cast.app.app_context(), transaction() as s:
        district = s.scalar(select(District.id).where(District.key == "aps", District.program_id == cast.program_id))
        for number in range(first, count):
            name = f"Lincoln {number:03} Elem"
            s.add(
                School(
                    program_id=cast.program_id, district_id=district, name=name, key=school_key(name), city="Decatur"
                )
            )


def test_search_filter_and_pages_ask_alike_however_many_there_are(cast):
    sam, url = cast.browser("sam"), f"/awards/{cast.slug}/schools"
    asked = []
    for first, count in ((0, 1), (1, 40)):
        fill(cast, first, count)
        with statements(cast.app) as seen:
            page = text_of(sam.get(url, query_string={"q": "lincoln elementary decatur"}))
        asked.append(len(seen))
        assert ("One school" if count == 1 else "40 schools") in page
    assert asked[0] == asked[1] <= 6
    assert "Page 1 of 2" in text_of(sam.get(url, query_string={"q": "linc"}, hx=True))
    assert "No school found" in text_of(sam.get(url, query_string={"q": "xylophone"}))
    with cast.app.app_context():
        cobb = db.session.scalar(select(District.id).where(District.key == "cobb"))
    assert "2 schools" in text_of(sam.get(url, query_string={"district": cobb}))


def test_no_word_of_the_address_leads_the_pager_elsewhere(cast):
    fill(cast, 0, 40)
    sam, url = cast.browser("sam"), f"/awards/{cast.slug}/schools"
    strange = "endpoint=x&_method=X&_scheme=x&_external=1&_anchor=x&slug=other"
    page = sam.get(f"{url}?q=lincoln&{strange}&page=1")
    assert page.status_code == 200
    (onward,) = re.findall(r'href="([^"]+)" rel="next"', page.get_data(as_text=True))
    assert onward == f"{url}?q=lincoln&amp;page=2"


def test_schools_of_a_state_are_listed_and_found_by_their_district(cast):
    """More districts than a select field holds: their words are typed instead."""
    with cast.app.app_context(), transaction() as s:
        for n in range(350):
            place = District(program_id=cast.program_id, key=f"d{n}", name=f"Valley {n:03}", aliases=[f"V{n:03}"])
            name = f"Elm {n:03} High"
            s.add(School(program_id=cast.program_id, district=place, name=name, key=school_key(name)))
    sam, url = cast.browser("sam"), f"/awards/{cast.slug}/schools"
    silent = f"/cycles/{cast.cycle}/silent-schools"
    for where in (f"{url}?q=elm+349", f"{url}?district=VALLEY+349", f"{silent}?district=v349"):
        page = sam.get(where).get_data(as_text=True)
        assert re.search(r"Elm 349 High(</a>)?</th><td>Valley 349</td>", page)
        assert len(page) < 60_000
    assert "10 schools" in text_of(sam.get(url, query_string={"district": "valley 34"}))
    assert "No school found" in text_of(sam.get(url, query_string={"district": "nowhere"}))
    assert 'name="district" value="nowhere"' in sam.get(f"{url}?district=nowhere").get_data(as_text=True)


def test_add_edit_close_and_open_again(cast):
    sam, url = cast.browser("sam"), f"/awards/{cast.slug}/schools"
    empty = sam.post(f"{url}/new", {"name": "", "district": ""})
    assert empty.status_code == 422
    assert "Write the name of the school." in text_of(empty)
    made = sam.post(
        f"{url}/new",
        {"name": "Niño ES", "district": "", "district_name": "Marietta City", "level": "elementary"},
        follow=True,
    )
    assert "Niño ES" in text_of(made)
    twice = sam.post(f"{url}/new", {"name": "NINO es", "district": "", "district_name": "marietta city", "level": ""})
    assert twice.status_code == 422
    assert "a school of this name already" in text_of(twice)
    page = re.search(r'href="(/schools/[^"]+)">Niño ES', sam.get(url).get_data(as_text=True))[1]
    form = sam.get(page).get_data(as_text=True)
    district = re.search(r'<option selected value="(\d+)">Marietta City', form)[1]
    assert (
        sam.post(page, {"name": "Niño Academy", "district": district, "city": "Marietta", "level": ""}).status_code
        == 303
    )
    with cast.app.app_context():
        assert [s.city for s in queries.schools_matching(cast.program_id, "nino acad")] == ["Marietta"]
        assert queries.schools_matching(cast.program_id, "nino es") == []
    assert sam.post(f"{page}/close").status_code == 303
    offered = f"/awards/{cast.slug}/nominate/schools"
    assert "Niño" not in text_of(cast.browser().get(offered, query_string={"school": "nino"}))
    assert "One school" in text_of(sam.get(url, query_string={"show": "closed"}))
    again = sam.post(f"{url}/new", {"name": "Niño Academy", "district": district, "level": ""})
    assert "Open that one again instead" in text_of(again)
    assert sam.post(f"{page}/reopen").status_code == 303
    assert "Niño Academy" in text_of(cast.browser().get(offered, query_string={"school": "nino"}))
    ada = cast.browser("ada")
    assert ada.get(url).status_code == 200
    assert ada.post(f"{page}/close").status_code == 403
    assert cast.browser("vera").get(url).status_code == 404


def test_a_district_that_is_typed_is_the_one_that_is_meant(cast):
    told = [("Elsewhere", "e", "", ["Lakeside", "Brook"]), ("Brook", "b", "", [])]
    told += [("Lakeside", "lake1", "0100121", []), ("Lakeside", "lake2", "", [])]
    with cast.app.app_context(), transaction() as s:
        rows = [District(program_id=cast.program_id, name=a, key=b, nces_id=c, aliases=d) for a, b, c, d in told]
        s.add_all(rows)
    sam, url = cast.browser("sam"), f"/awards/{cast.slug}/schools/new"
    refused = sam.post(url, {"name": "Elm ES", "district": "", "district_name": "lakeside", "level": ""})
    assert refused.status_code == 422
    assert "which one you mean: Lakeside (0100121), Lakeside (lake2)." in text_of(refused)
    assert 'id="district_name-e"' in refused.get_data(as_text=True)
    for typed, meant in [("brook", "b"), ("Lakeside (0100121)", "lake1"), ("Lakeside (lake2)", "lake2"), ("e", "e")]:
        new = {"name": f"Academy of {typed}", "district": "", "district_name": typed, "level": ""}
        assert sam.post(url, new).status_code == 303
        with cast.app.app_context():
            assert db.session.scalars(select(School).where(School.name == new["name"])).one().district.key == meant


def test_two_organizers_never_overwrite_each_other_at_a_school(cast):
    sam, sofia = cast.browser("sam"), cast.browser("sofia")
    with cast.app.app_context():
        school = db.session.scalars(select(School).where(School.program_id == cast.program_id)).first()
        url, district = f"/schools/{school.public_id}", school.district_id
    seen = re.search(r'name="shown" value="([^"]+)"', sofia.get(url).get_data(as_text=True))[1]
    held = {"district": str(district), "level": "", "contact_locale": "en", "shown": seen}
    assert sam.post(url, {**held, "name": "Sam’s Elementary", "city": "Rome"}).status_code == 303
    late = sofia.post(url, {**held, "name": "Sofía’s Elementary"})
    assert late.status_code == 409
    assert "Now it says: Sam’s Elementary" in text_of(late)
    assert 'value="Sofía’s Elementary"' in late.get_data(as_text=True)
    newer = re.search(r'name="shown" value="([^"]+)"', late.get_data(as_text=True))[1]
    assert sofia.post(url, {**held, "name": "Sofía’s Elementary", "shown": newer}).status_code == 303
    with cast.app.app_context():
        assert db.session.scalars(select(School.name).where(School.public_id == url[9:])).one() == "Sofía’s Elementary"


def test_what_people_type_on_the_form_finds_abbreviated_schools(cast):
    browser, url = cast.browser(), f"/awards/{cast.slug}/nominate/schools"
    for typed in ("Maynard HS", "maynard h.s.", "Máynard High"):
        page = browser.get(url, hx=True, query_string={"school": typed}).get_data(as_text=True)
        assert "Maynard High School" in page
        assert "checked" in page  # it can only be this one
