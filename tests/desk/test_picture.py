"""The page of the cycle: its figures, last year beside, small numbers hidden, and how much it asks."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import transaction
from portal.desk import figures
from portal.desk.queries.cycle import Pictures
from portal.desk.queries.picture import shown_districts
from portal.desk.views.picture import district_rows
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import Cycle, School, Window
from tests.cast import Cast, both, text_of
from tests.statements import statements


def wrote(cast: Cast, cycle_id: int, group: str, count: int, school: str | None, days_ago: int) -> None:
    """So many confirmed nominations of one educator at the school (None: in no district)."""
    with cast.app.app_context(), transaction() as s:
        at = s.scalar(select(School).where(School.name == school)) if school else None
        place = {"school_id": at.id if at else None, "district_id": at.district_id if at else None}
        name = f"{group} {school} {days_ago}"
        file = NomineeFile(program_id=cast.program_id, cycle_id=cycle_id, name=name, name_key=name.lower(), **place)
        s.add(file)
        s.flush()
        moment = now() - timedelta(days=days_ago)
        for number in range(count):
            s.add(Nomination(program_id=cast.program_id, cycle_id=cycle_id, file_id=file.id, state="confirmed",
                             relation_group=group, nominator_email=f"{group}{number}{days_ago}@x.org",
                             submitted_at=moment, confirmed_at=moment))  # fmt: skip


def last_year(cast: Cast) -> int:
    with cast.app.app_context(), transaction() as s:
        moment = now() - timedelta(days=365)
        cycle = Cycle(program_id=cast.program_id, name="before", opening_day=(moment - timedelta(days=30)).date(),
                      state="published", places=2)  # fmt: skip
        s.add(cycle)
        s.flush()
        s.add(Window(cycle_id=cycle.id, key="nominations", name=both("Nominations"), text=both("."),
                     opens_at=moment - timedelta(days=30), closes_at=moment + timedelta(days=30)))  # fmt: skip
        return cycle.id


def test_the_page_of_the_cycle(cast):
    sam, url = cast.browser("sam"), f"/cycles/{cast.cycle}/picture"
    assert "Nobody has written yet" in text_of(sam.get(url))
    wrote(cast, cast.cycle_id, "student", 7, "Maynard High School", 10)
    wrote(cast, cast.cycle_id, "family", 3, "Maynard High School", 5)
    wrote(cast, cast.cycle_id, "leader", 6, "Old Mill High School", 4)
    wrote(cast, last_year(cast), "student", 9, "Cascade Elementary", 365 + 20)
    with statements(cast.app) as few:
        page = sam.get(url)
    words = text_of(page)
    assert "16 so far; 9 on the same day of before." in words
    assert "2 of 4" in words  # schools heard from
    assert "50%" in words
    row = words.split("Atlanta Public Schools")[1].split("Cobb County")[0].split()
    assert row == [
        "1",
        "of",
        "2",
        "–",
        "·",
        "·",
        "0",
        "0",
        "0",
        "0",
        "10",
    ]  # the three families, and what gives them away
    heat = sam.get("/desk").get_data(as_text=True).split('class="heat"')[1]
    there = re.findall(r"<td[^>]*>([^<]*)</td>", heat.split("Atlanta Public Schools")[1].split("</tr>")[0])
    assert there == row[4:10], "two choices of what to hide would give away what each of them hides"
    for number in range(30):
        wrote(cast, cast.cycle_id, "colleague", 1, None, number)
    with statements(cast.app) as many:
        assert sam.get(url).status_code == 200
    assert len(many) == len(few) <= 6
    assert cast.browser("ada").get(url).status_code == 200
    assert cast.browser("vera").get(url).status_code == 404
    assert cast.browser("priya").get(url).status_code == 403


def test_very_many_districts_stand_together():
    drawn = Pictures(districts={n: f"District {n}" for n in range(500)}, schools=dict.fromkeys(range(500), (0, 60)),
                     groups={(400, "student"): 40, (401, "family"): 30})  # fmt: skip
    own, rest = shown_districts(drawn)
    assert len(own) == 19
    assert {400, 401} <= set(own)
    assert len(own) + len(rest) == 500
    rows = district_rows(drawn)
    assert [row["name"] for row in rows[-2:]] == ["All other districts", "All together"]
    assert rows[-1]["every"] == 30_000


@pytest.mark.parametrize(
    ("days", "until", "totals"),
    [({}, -3, (0,)), ({0: 2, 3: 5}, 4, (2, 2, 2, 7, 7)), ({0: 1, 9: 4}, 2, (1, 1, 1))],
)
def test_running_totals(days, until, totals):
    assert figures.running(days, until) == totals


def test_lines_and_weeks():
    assert figures.line((0, 5, 10), 4, 10) == "0.00,100.00 25.00,50.00 50.00,0.00"
    assert figures.line((), 0, 0) == ""
    assert figures.weeks(tuple(range(1, 10)), tuple(range(1, 4))) == [(1, 7, None), (2, 9, None)]
    assert figures.weeks((), (1, 2)) == [(1, None, 2)]


def test_who_was_asked_and_erased_since_was_named_all_the_same(cast):
    wrote(cast, cast.cycle_id, "student", 2, "Maynard High School", 10)
    with cast.app.app_context(), transaction() as s:
        s.add(NomineeFile(program_id=cast.program_id, cycle_id=cast.cycle_id, name="", name_key="", consent="erased",
                          asked_at=now() - timedelta(days=3)))  # fmt: skip
    words = text_of(cast.browser("sam").get(f"/cycles/{cast.cycle}/picture"))
    assert "Educators named some are named more than once 2 " in words
    assert "can be asked now 1 " in words
