"""The desk of nominee files: search, filters, chips, order, pages, who may see it, and what it costs."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from portal.core.clock import now
from portal.core.db import transaction
from portal.nominations.models import NomineeFile
from portal.programs.models import District
from tests.cast import Cast, text_of
from tests.nominations.consenting import add_file
from tests.nominations.walking import nominate
from tests.statements import statements


def names(cast: Cast, query: str = "", who: str = "sam") -> list[str]:
    """The names in the list, in order."""
    import html
    import re

    page = cast.browser(who).get(f"/cycles/{cast.cycle}/files{query}").get_data(as_text=True)
    return [html.unescape(name) for name in re.findall(r'<a class="name"[^>]*>([^<]*)</a>', page)]


def field_of_files(cast: Cast) -> None:
    """One file for each thing that may be next."""
    add_file(cast, "Ángela Ñuñez", school="Cascade Elementary")
    add_file(cast, "Dr. Bob Stone", school="Old Mill High School", email="")
    add_file(cast, "Cora Wait", consent="asked", asked_at=now())
    add_file(cast, "Dan Yes", consent="accepted", asked_at=now())
    add_file(cast, "Eve Ready", consent="accepted", asked_at=now(), screening="eligible", screened_at=now())
    add_file(cast, "Fay No", consent="declined", asked_at=now())
    add_file(cast, "Gus Self", nominations=({"relation": "self", "relation_group": "self"},))
    add_file(cast, "Hal Unproven", nominations=({"state": "submitted", "confirmed_at": None},))
    two = ({}, {"relation_group": "student", "relation": "current_student"})
    add_file(cast, "Ida Two", nominations=two, screening="ineligible", screened_at=now())


def test_what_needs_a_step_comes_first(cast: Cast) -> None:
    field_of_files(cast)
    assert names(cast) == ["Dan Yes", "Dr. Bob Stone", "Ángela Ñuñez", "Hal Unproven", "Gus Self", "Cora Wait",
                           "Eve Ready", "Ida Two", "Fay No"]  # fmt: skip
    assert names(cast, "?order=name")[:3] == ["Ángela Ñuñez", "Dr. Bob Stone", "Cora Wait"]
    assert names(cast, "?order=newest")[0] == "Ida Two"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=angela+NUNEZ", ["Ángela Ñuñez"]),
        ("q=mill+bob", ["Dr. Bob Stone"]),
        ("q=%25", 9),
        ("q=zzz", []),
        ("consent=asked", ["Cora Wait"]),
        ("consent=nonsense", 9),
        ("screening=ineligible", ["Ida Two"]),
        ("step=screen", ["Dan Yes"]),
        ("step=address", ["Dr. Bob Stone"]),
        ("step=ask", ["Ángela Ñuñez"]),
        ("step=wait", ["Cora Wait"]),
        ("step=second", ["Gus Self"]),
        ("step=one&order=name", 7),
        ("step=nonsense", 9),
        ("district=0", 9),
        ("page=99", 9),
        ("page=-3", 9),
    ],
)
def test_search_and_filters(cast: Cast, query: str, expected: Any) -> None:
    field_of_files(cast)
    if query == "page=99":
        assert cast.browser("sam").get(f"/cycles/{cast.cycle}/files?page=99").status_code == 303
        return
    found = names(cast, f"?{query}")
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_receipt_typed_whole_finds_its_file(cast: Cast) -> None:
    kept = add_file(cast, "Ann Mary", nominations=({"receipt": "K7QM-2XWP"}, {"receipt": "ANNE-MARY"}))
    add_file(cast, "Anne Mary Rose")
    twice = {"nominator_email": "nora0@example.org", "receipt": "9999-9999"}
    gone = add_file(cast, "A. Mary", nominations=(twice,))
    for typed, found in (
        ("K7QM-2XWP", ["Ann Mary"]),
        ("k7qm+2xwp", ["Ann Mary"]),
        ("K7QM2XWP", ["Ann Mary"]),
        ("K7QM", []),
        ("K7QM-2XWP+mary", []),
        ("0000-0000", []),
        ("anne+mary&order=name", ["Ann Mary", "Anne Mary Rose"]),  # a name of that form is still one
        ("9999-9999", ["A. Mary"]),
    ):
        assert names(cast, f"?q={typed}") == found, typed
    cast.browser("sam").post(f"/files/{kept}/join/{gone}")
    assert names(cast, "?q=9999-9999") == ["Ann Mary"]  # nora wrote there too: this one stayed behind
    last = add_file(cast, "Annie Mary", nominations=())
    cast.browser("sam").post(f"/files/{last}/join/{kept}")
    assert names(cast, "?q=9999-9999") == ["Annie Mary"]


def test_the_receipt_of_a_nomination_that_was_sent_before_finds_the_file_of_the_first(cast: Cast) -> None:
    add_file(cast, "Somebody Else")
    first, again = nominate(cast), nominate(cast, educator={"educator": "Ms. Marisol RIVERA"})
    assert again.row().file_id is None
    assert again.row().receipt != first.row().receipt
    for walker in (first, again):
        assert names(cast, f"?q={walker.row().receipt}") == ["Marisol Rivera"]


def test_the_row_says_state_and_next_step(cast: Cast) -> None:
    field_of_files(cast)
    page = text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/files"))
    for words in ("Said yes, to screen", "Address needed", "Ready to ask", "Not proven yet", "Needs another voice",
                  "No answer yet", "Answer due", "Goes to the panel", "Not eligible", "See the reason",
                  "To screen 1", "Address needed 1", "One voice only 7", "All 9", "9 files"):  # fmt: skip
        assert words in page, words


def test_by_district(cast: Cast) -> None:
    field_of_files(cast)
    page = cast.browser("sam").get(f"/cycles/{cast.cycle}/files").get_data(as_text=True)
    number = page.split(">Atlanta Public Schools<")[0].rsplit('value="', 1)[1].split('"')[0]
    with cast.app.app_context(), transaction() as s:
        s.execute(update(NomineeFile).where(NomineeFile.name == "Cora Wait").values(district_id=int(number)))
    assert names(cast, f"?district={number}") == ["Cora Wait"]


def test_25_a_page(cast: Cast) -> None:
    for i in range(27):
        add_file(cast, f"Person {i:02}")
    assert names(cast, "?order=name") == [f"Person {i:02}" for i in range(25)]
    assert names(cast, "?order=name&page=2") == ["Person 25", "Person 26"]
    assert "Page 2 of 2" in text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/files?page=2"))


def test_htmx_gets_the_list_alone(cast: Cast) -> None:
    add_file(cast)
    answer = cast.browser("sam").get(f"/cycles/{cast.cycle}/files?q=tariq", hx=True)
    body = answer.get_data(as_text=True)
    assert body.strip().startswith('<div id="files">')
    assert "Tariq Bello" in body
    assert answer.headers["Vary"].count("HX-Request") == 1


def test_an_empty_desk_teaches(cast: Cast) -> None:
    page = text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/files"))
    assert "No nominations yet" in page
    assert "Import nominations" in page
    add_file(cast)
    assert "Try fewer letters" in text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/files?q=zzz"))


@pytest.mark.parametrize(
    ("who", "status"),
    [("sam", 200), ("ada", 200), ("chen", 404), ("priya", 404), ("wanda", 404), ("vera", 404), (None, 303)],
)
def test_who_sees_the_files(cast: Cast, who: str | None, status: int) -> None:
    file = add_file(cast)
    browser = cast.browser(who)
    for url in (f"/cycles/{cast.cycle}/files", f"/files/{file}"):
        assert browser.get(url).status_code == status


def test_the_organizer_of_another_program_meets_404(cast: Cast) -> None:
    file = add_file(cast)
    other = Cast(cast.app, slug="other")
    other.grant("olga", "organizer")
    olga = other.browser("olga")
    paths = ("", "/screen", "/correct", "/join")
    assert [olga.get(f"/files/{file}{path}").status_code for path in paths] == [404] * 4
    assert olga.get(f"/cycles/{cast.cycle}/files").status_code == 404
    assert olga.get(f"/cycles/{other.cycle}/files").status_code == 200


def test_the_list_costs_the_same_for_1_and_30_files(cast: Cast) -> None:
    browser = cast.browser("sam")
    add_file(cast, "First One")
    costs = [_cost(cast, browser)]
    for i in range(29):
        add_file(cast, f"Person {i:02}", nominations=({}, {}))
    costs.append(_cost(cast, browser))
    assert costs[0] == costs[1] <= 6


def _cost(cast: Cast, browser: Any) -> int:
    with statements(cast.app) as seen:
        assert browser.get(f"/cycles/{cast.cycle}/files").status_code == 200
    return len([s for s in seen if s.startswith(("SELECT", "WITH"))])


def test_what_one_sees_as_a_sheet(cast: Cast) -> None:
    field_of_files(cast)
    add_file(cast, "=HYPERLINK(1)", school="@Cascade", nominations=({"nominator_name": "Nora Secret"},) * 1)
    for i in range(27):
        add_file(cast, f"Zoe {i:02}")
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/files"
    answer = sam.get(f"{url}.csv?order=name")
    table = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert answer.mimetype == "text/csv"
    assert table[0] == ["Educator", "School", "District", "Position", "Voices", "State", "Next step"]
    assert len(table) == 1 + 9 + 1 + 27  # every page
    assert ["'=HYPERLINK(1)", "'@Cascade"] in [row[:2] for row in table]
    assert "Nora" not in str(table)
    assert "example.org" not in str(table)
    seen = [row[0] for row in csv.reader(io.StringIO(sam.get(f"{url}.csv?q=bob").get_data(as_text=True)))]
    assert seen[1:] == ["Dr. Bob Stone"]
    with sam.get(f"{url}.xlsx?step=screen") as workbook:
        book = CalamineWorkbook.from_filelike(io.BytesIO(workbook.get_data()))
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[1][:1] + cells[1][4:] == ["Dan Yes", "Families", "Said yes, to screen", "Screen"]
    assert len(cells) == 2
    assert cast.browser("ada").get(f"{url}.csv").status_code == 200
    assert cast.browser("priya").get(f"{url}.csv").status_code == 404


def field_to_sort(cast: Cast) -> None:
    moment = now()
    add_file(cast, "Abe", school="Old Mill High School", nominations=({}, {}), asked_at=moment)
    add_file(cast, "Bea", school="Cascade Elementary", nominations=({},), asked_at=moment - timedelta(days=3))
    add_file(cast, "Cal", school="", nominations=({"state": "submitted", "confirmed_at": None},) * 3)
    with cast.app.app_context(), transaction() as s:
        for name, key, position in (("Abe", "cobb", "principal"), ("Bea", "aps", "teacher")):
            district = s.scalar(select(District.id).where(District.key == key))
            where = update(NomineeFile).where(NomineeFile.name == name)
            s.execute(where.values(district_id=district, position_key=position))
        s.execute(update(NomineeFile).where(NomineeFile.name == "Cal").values(position_key="", position=""))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", "Abe Bea Cal"), ("-name", "Cal Bea Abe"), ("newest", "Cal Bea Abe"), ("-newest", "Abe Bea Cal"),
        ("school", "Bea Abe Cal"), ("-school", "Abe Bea Cal"),
        ("district", "Bea Abe Cal"), ("-district", "Abe Bea Cal"), ("position", "Bea Abe Cal"),
        ("-position", "Abe Bea Cal"), ("proven", "Abe Bea Cal"), ("-proven", "Cal Bea Abe"),
        ("unproven", "Cal Abe Bea"), ("asked", "Bea Abe Cal"), ("-asked", "Abe Bea Cal"), ("answered", "Abe Bea Cal"),
        ("step", "Abe Bea Cal"), ("-step", "Cal Abe Bea"), ("--name", "Abe Bea Cal"),
    ],
)  # fmt: skip
def test_by_any_column_both_ways_and_what_has_none_comes_last(cast: Cast, order: str, expected: str) -> None:
    field_to_sort(cast)
    assert names(cast, f"?order={order}") == expected.split()
    sheet = cast.browser("sam").get(f"/cycles/{cast.cycle}/files.csv?order={order}").get_data(as_text=True)
    assert [row[0] for row in csv.reader(io.StringIO(sheet))][1:] == expected.split()


def test_a_head_turns_its_order_round(cast: Cast) -> None:
    field_to_sort(cast)
    page = cast.browser("sam").get(f"/cycles/{cast.cycle}/files?order=name&cols=name,proven").get_data(as_text=True)
    assert 'aria-sort="ascending"><a href="/cycles/' in page
    assert "order=-name" in page
    page = cast.browser("sam").get(f"/cycles/{cast.cycle}/files?order=proven&cols=name,proven").get_data(as_text=True)
    assert 'aria-sort="descending"' in page
    page = text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/files?order=-school"))
    assert "School, the other way round" in page
