"""The columns of the list of files: chosen, ordered without scripts, carried by the address, the same in the sheet."""

import csv
import html
import io
import re

import pytest
from sqlalchemy import delete, update

from portal.core import asked
from portal.core.db import transaction
from portal.nominations import listed
from portal.nominations.columns import COLUMNS, USUAL
from portal.nominations.models import NomineeFile
from portal.nominations.queries.files import Asked
from portal.programs.models import District
from tests.cast import Cast, text_of
from tests.nominations.consenting import add_file


def page_of(cast: Cast, query: str = "", who: str = "sam") -> str:
    return cast.browser(who).get(f"/cycles/{cast.cycle}/files{query}").get_data(as_text=True)


def heads(page: str) -> list[str]:
    """The heads of the table, in order."""
    found = re.findall(r'<th scope="col".*?</th>', page)
    return [html.unescape(re.sub("<[^>]+>", "", head)).strip() for head in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, Asked()),
        ({"q": " ana ", "district": "0", "consent": "asked", "screening": "eligible", "step": "ask", "order": "name"},
         Asked("ana", 0, "asked", "eligible", "ask", "name")),
        ({"district": "9" * 30, "consent": "x", "screening": "x", "step": "x", "order": "x"}, Asked()),
        ({"district": "-1"}, Asked()),
        ({"q": "x" * 300}, Asked("x" * 200)),
    ],
)  # fmt: skip
def test_words_are_read_and_written_back(words: dict[str, str], expected: Asked) -> None:
    assert listed.read(words) == expected
    assert listed.read(listed.written(expected)) == expected
    assert len(listed.written(Asked())) == 0


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], USUAL),
        (["nonsense"], USUAL),
        (["name"], ("name",)),
        (["email", "state"], ("name", "email", "state")),
        (["email", "name", "email", "x"], ("name", "email")),
        (list(COLUMNS), tuple(COLUMNS)),
    ],
)
def test_columns_are_chosen_each_once_and_the_educator_first(keys: list[str], expected: tuple[str, ...]) -> None:
    assert listed.chosen(keys) == expected


@pytest.mark.parametrize(
    ("key", "by", "expected"),
    [("b", -1, "nbac"), ("a", -1, "nabc"), ("a", 1, "nbac"), ("c", 1, "nabc"), ("c", -9, "ncab"), ("n", 1, "nabc"),
     ("x", 1, "nabc")],
)  # fmt: skip
def test_a_column_moves_among_its_neighbors(key: str, by: int, expected: str) -> None:
    assert "".join(listed.moved(tuple("nabc"), key, by)) == expected


def test_a_number_of_an_address_fits_the_database() -> None:
    assert [asked.number({"n": said}, "n") for said in ("7", "0", "", "-1", "1.5", "²", "9" * 10)] == [
        7, 0, None, None, None, None, None]  # fmt: skip


def test_one_sees_the_columns_of_the_address_and_the_sheet_has_the_same(cast: Cast) -> None:
    add_file(cast)
    assert heads(page_of(cast)) == ["Educator", "School", "District", "Position", "Voices", "State", "Next step"]
    page = page_of(cast, "?cols=state,email,proven&order=name&q=tariq")
    assert heads(page) == ["Educator", "State", "Work e-mail", "Nominations"]
    assert 'data-l="Work e-mail">tariq@example.org<' in page
    sheet = html.unescape(re.search(r'href="([^"]*files\.csv[^"]*)"', page)[1])  # type: ignore[index]
    answer = cast.browser("sam").get(sheet)
    table = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert table == [["Educator", "State", "Work e-mail", "Nominations"], ["Tariq Bello", "Ready to ask",
                                                                           "tariq@example.org", "1"]]  # fmt: skip


def test_every_column_has_a_cell_on_the_page(cast: Cast) -> None:
    add_file(cast, nominations=({}, {"state": "submitted", "confirmed_at": None}))
    page = page_of(cast, f"?cols={','.join(COLUMNS)}")
    assert heads(page) == [str(column.title) for column in COLUMNS.values()]
    assert page.count("data-l=") == len(COLUMNS) - 1


def test_boxes_and_buttons_choose_without_scripts(cast: Cast) -> None:
    add_file(cast)
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/files"
    boxes = "?choose=1&q=tar&cols=name&cols=school&cols=state&cols=email"
    answer = sam.get(f"{url}{boxes}")
    assert answer.status_code == 303
    assert answer.location == f"{url}?q=tar&cols=name,school,state,email&choose=1#columns"
    answer = sam.get(f"{url}{boxes}&up=email")
    assert answer.location == f"{url}?q=tar&cols=name,school,email,state&choose=1#col-email"
    page = sam.get(answer.location).get_data(as_text=True)
    assert heads(page) == ["Educator", "School", "Work e-mail", "State"]
    assert 'id="columns" open' in page
    # htmx follows the same way and gets the list alone.
    assert sam.get(f"{url}{boxes}&down=school", hx=True).status_code == 303
    # The usual columns need no word; with every box emptied, the educator stands alone.
    usual = "&".join(f"cols={key}" for key in USUAL)
    assert sam.get(f"{url}?{usual}").location == f"{url}?choose=1#columns"
    assert heads(page_of(cast, "?cols=name")) == ["Educator"]


def test_chips_pages_and_the_search_keep_the_columns(cast: Cast) -> None:
    for i in range(26):
        add_file(cast, f"Person {i:02}")
    page = page_of(cast, "?cols=name,state&step=ask")
    assert f"/cycles/{cast.cycle}/files?cols=name,state" in page  # the chip "All"
    assert 'form="find" name="step" value="ask"' in page
    assert 'form="find" name="cols" value="name,state"' in page
    assert re.search(r'href="[^"]*cols=name,state[^"]*page=2', page)


def test_a_column_s_head_orders_the_list(cast: Cast) -> None:
    add_file(cast, "Zoe")
    add_file(cast, "Abe")
    page = page_of(cast)
    link = re.search(r'<th scope="col"><a href="([^"]+)">Educator', page)
    assert link
    sorted_page = cast.browser("sam").get(html.unescape(link[1])).get_data(as_text=True)
    assert sorted_page.index("Abe") < sorted_page.index("Zoe")
    assert re.search(r'<th scope="col" aria-sort="ascending"><a[^>]*>Educator', sorted_page)


def test_a_district_that_is_gone_narrows_nothing_and_the_page_says_so(cast: Cast) -> None:
    add_file(cast)
    with cast.app.app_context(), transaction() as s:
        district = District(program_id=cast.program_id, key="old", name="Old", aliases=[])
        s.add(district)
        s.flush()
        number = district.id
        s.execute(delete(District).where(District.id == number))
    page = page_of(cast, f"?district={number}")
    assert "no longer in the program" in page
    assert "Tariq Bello" in page
    assert "Tariq" in text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/files.csv?district={number}"))
    assert "no longer in the program" not in page_of(cast, "?district=0")


def test_one_goes_from_file_to_file_along_the_list_one_came_from(cast: Cast) -> None:
    for name in ("Abe", "Bea", "Cal", "Dora"):
        add_file(cast, name)
    add_file(cast, "Zed", email="")
    sam = cast.browser("sam")
    page = page_of(cast, "?step=ask&order=name&cols=name,email")
    first = html.unescape(re.findall(r'<a class="name" href="([^"]+)"', page)[1])
    opened = sam.get(first).get_data(as_text=True)
    assert "2 of 4" in opened

    def link(page: str, rel: str) -> str:
        found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
        return html.unescape(found[1]) if found else ""

    def title(page: str) -> str:
        return re.findall("<h1>([^<]*)", page)[0]

    after = sam.get(link(opened, "next"), follow_redirects=True).get_data(as_text=True)
    assert (title(after), "3 of 4" in after) == ("Cal", True)
    assert title(sam.get(link(opened, "prev"), follow_redirects=True).get_data(as_text=True)) == "Abe"
    last = sam.get(link(after, "next"), follow_redirects=True).get_data(as_text=True)
    assert (title(last), link(last, "next")) == ("Dora", "")
    assert html.unescape(re.search(r'class="back" href="([^"]+)"', last)[1]) == (  # type: ignore[index]
        f"/cycles/{cast.cycle}/files?step=ask&order=name&cols=name,email"
    )
    # Bea leaves the list meanwhile: after her comes the one who now stands in her place.
    with cast.app.app_context(), transaction() as s:
        s.execute(update(NomineeFile).where(NomineeFile.name == "Bea").values(email=""))
    after = sam.get(link(opened, "next"), follow_redirects=True).get_data(as_text=True)
    assert (title(after), "2 of 3" in after) == ("Cal", True)
    assert title(sam.get(link(opened, "prev"), follow_redirects=True).get_data(as_text=True)) == "Abe"


@pytest.mark.parametrize("query", ["", "?to=2", "?at=9&to=10", "?at=1&to=0", "?at=x&to=y"])
def test_beside_nothing_is_the_list(cast: Cast, query: str) -> None:
    add_file(cast)
    answer = cast.browser("sam").get(f"/cycles/{cast.cycle}/files/beside{query}")
    assert (answer.status_code, answer.location) == (303, f"/cycles/{cast.cycle}/files")
    assert cast.browser("priya").get(f"/cycles/{cast.cycle}/files/beside{query}").status_code == 404


@pytest.mark.parametrize("query", ["", "?at=0&of=3", "?at=4&of=3", "?at=x&of=3"])
def test_a_file_opened_from_elsewhere_has_no_place_in_a_list(cast: Cast, query: str) -> None:
    page = cast.browser("sam").get(f"/files/{add_file(cast)}{query}").get_data(as_text=True)
    assert "Next file" not in page
    assert f'href="/cycles/{cast.cycle}/files"' in page
