"""Reading an export: files as spreadsheets write them, columns by their titles, whole tables of what a row comes to."""

import csv
from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from portal.core.formulas import inert
from portal.nominations.remarks import REFUSALS, REMARKS, sentences, short_name
from portal.nominations.sheet import (
    CleanRow,
    SchoolEntry,
    SheetProblem,
    Vocabulary,
    clean_rows,
    propose,
    read_book,
)
from portal.nominations.sheet.columns import guess
from portal.nominations.sheet.words import GROUP_WORDS, group_of, moment_of, sharing_of

ZONE = ZoneInfo("America/New_York")
RELATIONS = [
    {"key": "student_now", "group": "student", "name": {"en": "Current student"}, "words": ["current student"]},
    {"key": "family_now", "group": "family", "name": {"en": "Parent"}, "words": ["parent", "guardian", "madre"]},
    {"key": "relative", "group": "family", "name": {"en": "Family member"}, "words": ["mother in law"], "alone": False},
    {"key": "colleague", "group": "colleague", "name": {"en": "Colleague"}, "words": ["colega"]},
    {"key": "leader", "group": "leader", "name": {"en": "School leader"}, "words": ["i m the principal"]},
    {"key": "self", "group": "self", "name": {"en": "Self"}, "words": ["yo"], "alone": False},
    {"key": "other", "group": "community", "name": {"en": "Someone else"}, "words": []},
]
POSITIONS = [
    {"key": "teacher", "eligible": True, "name": {"en": "Teacher", "es": "Maestra o maestro"}, "words": ["maestra"]},
    {"key": "principal", "eligible": True, "name": {"en": "Principal"}, "words": ["principal"]},
    {"key": "assistant", "eligible": True, "name": {"en": "Assistant principal"}, "words": []},
    {"key": "coach", "eligible": False, "name": {"en": "Instructional coach"}, "words": ["coach"]},
]
VOCABULARY = Vocabulary(
    zone=ZONE,
    districts={1: ("aps", "Atlanta Public Schools", "APS"), 2: ("gcps", "Gwinnett County", "GCPS")},
    schools=[
        SchoolEntry(11, 1, "Magnolia Academy"),
        SchoolEntry(12, 2, "Magnolia Academy"),
        SchoolEntry(13, 2, "Old Mill"),
    ],
    positions=POSITIONS,
    relations=RELATIONS,
    story_words=(3, 6),
    opens_at=datetime(2021, 9, 27, 8, tzinfo=ZONE),
    closes_at=datetime(2021, 11, 28, 23, 59, tzinfo=ZONE),
)
HEADER = ["Timestamp", "Email Address", "Who are you nominating?", "School", "School district", "Position",
          "How do you know them?", "Story", "Your name", "May we share your name?"]  # fmt: skip
GOOD = {
    "at": "9/28/2021 20:20:39", "email": "rosa@example.org", "educator": "Ada Lee", "school": "Old Mill",
    "district": "GCPS", "position": "3rd grade teacher", "relation": "Parent/guardian", "story": "She taught me well",
    "nominator": "Rosa", "sharing": "Yes",
}  # fmt: skip


def read(*rows: dict[str, str]) -> list[CleanRow]:
    """The rows (what differs from the good one) as if a form had exported them."""
    out = StringIO(newline="")
    csv.writer(out).writerow(HEADER)
    csv.writer(out).writerows([{**GOOD, **row}[name] for name in GOOD] for row in rows)
    table = read_book(out.getvalue().encode()).table()
    return clean_rows(table, propose(table), VOCABULARY)


def one(**different: str) -> CleanRow:
    return read(different)[0]


def codes(row: CleanRow) -> list[str]:
    return [code for code, _ in (*row.refusals, *row.remarks)]


def test_a_good_row_has_nothing_to_remark() -> None:
    row = one()
    assert codes(row) == []
    assert (row.educator, row.email, row.nominator, row.sharing) == ("Ada Lee", "rosa@example.org", "Rosa", "yes")
    assert (row.school_id, row.district_id, row.position_key) == (13, 2, "teacher")
    assert (row.relation, row.group, row.line) == ("family_now", "family", 2)
    assert row.at == datetime(2021, 9, 29, 0, 20, 39, tzinfo=UTC)


@pytest.mark.parametrize(
    ("different", "expected"),
    [
        ({"educator": ""}, ["no_educator"]),
        ({"educator": " ?! "}, ["no_educator"]),
        ({"story": " \n "}, ["no_story"]),
        ({"email": ""}, ["no_address"]),
        ({"email": "ask my mom"}, ["bad_address"]),
        ({"email": "", "educator": "", "story": ""}, ["no_educator", "no_story", "no_address"]),
    ],
)
def test_refused(different: dict[str, str], expected: list[str]) -> None:
    row = one(**different)
    assert [code for code, _ in row.refusals] == expected


@pytest.mark.parametrize(
    ("different", "expected"),
    [
        ({"email": "rosa at example.org"}, ["address_read"]),
        ({"email": "ROSA@Example.ORG"}, []),
        ({"story": "Good one"}, ["short_story"]),
        ({"story": "one two three four five six seven"}, ["long_story"]),
        ({"school": ""}, ["school_missing"]),
        ({"school": "Old Mill Middle School"}, ["school_unknown"]),
        ({"district": ""}, ["district_missing"]),
        ({"district": "Clayton County"}, ["district_unknown", "school_unknown"]),
        ({"district": "  gwinnett COUNTY "}, []),
        ({"position": ""}, ["position_missing"]),
        ({"position": "Astronaut"}, ["position_unknown"]),
        ({"position": "Literacy coach"}, ["position_closed"]),
        ({"relation": ""}, ["relation_missing"]),
        ({"relation": "Astronaut"}, ["relation_unknown"]),
        ({"sharing": ""}, []),
        ({"sharing": "perhaps"}, ["sharing_unknown"]),
        ({"at": ""}, ["date_missing"]),
        ({"at": "last week"}, ["date_unknown"]),
        ({"at": "9/1/2021 10:00:00"}, ["outside_window"]),
        ({"at": "11/28/2021 23:58:59"}, []),
        ({"at": "11/28/2021 23:59:00"}, ["outside_window"]),
        ({"nominator": ""}, ["nominator_missing"]),
        ({"educator": "Lee, Ada"}, ["name_order"]),
        ({"educator": "x" * 300}, ["cut"]),
    ],
)
def test_remarked_but_in(app: Flask, different: dict[str, str], expected: list[str]) -> None:
    row = one(**different)
    assert row.refusals == ()
    assert codes(row) == expected
    with app.app_context():
        assert all(sentences(row.remarks))


def test_every_code_has_its_words(app: Flask) -> None:
    assert all(short_name(code) for code in (*REFUSALS, *REMARKS))
    facts = {"written": "w", "address": "a", "words": 1, "day": "2026-11-20", "question": {"en": "q"}}
    with app.app_context():
        assert all("%(" not in text for text in sentences((code, facts) for code in (*REFUSALS, *REMARKS)))


@pytest.mark.parametrize(("written", "district", "found"), [
    ("Magnolia Acad.", "APS", 11), ("The Magnolia Academy", "GCPS", 12), ("Magnolia Acad", "", None),
    ("Old Mill School", "", 13), ("old mill sch.", "", 13), ("Old Mill ES", "", None), ("Magnolia HS", "APS", None),
    ("Magnolia", "APS", None),
])  # fmt: skip
def test_a_school_is_understood_by_short_forms(written: str, district: str, found: int | None) -> None:
    row = one(school=written, district=district)
    assert row.school_id == found


def test_a_school_is_looked_for_in_its_district() -> None:
    rows = read(
        {"school": "MAGNOLIA  academy", "district": "APS"},
        {"school": "Magnolia Academy", "district": "GCPS"},
        {"school": "Magnolia Academy", "district": ""},
        {"school": "Old Mill", "district": ""},
    )
    assert [(row.school_id, row.district_id) for row in rows] == [(11, 1), (12, 2), (None, None), (13, 2)]


@pytest.mark.parametrize(
    ("written", "relation", "group"),
    [
        ("Current student", "student_now", "student"),
        ("Parent/guardian", "family_now", "family"),
        ("Mother-in-law", "relative", "family"),
        ("madre de familia", "family_now", "family"),
        ("I'm the principal", "leader", "leader"),
        ("Colega", "colleague", "colleague"),
        ("Coworker", "colleague", "colleague"),
        ("PTA", "other", "community"),
        ("vecina", "other", "community"),
        ("Self", "self", "self"),
        ("yo misma", "self", "self"),
        ("exalumno", "student_now", "student"),
        ("", "other", "community"),
        ("???", "other", "community"),
    ],
)
def test_relations_in_free_words(written: str, relation: str, group: str) -> None:
    row = one(relation=written)
    assert (row.relation, row.group) == (relation, group)


def test_each_group_is_known_in_both_languages() -> None:
    spanish = {"student": "estudiante", "family": "abuela", "colleague": "compañera", "leader": "directora",
               "community": "amigo", "self": "yo mismo"}  # fmt: skip
    assert {group: group_of(word) for group, word in spanish.items()} == {group: group for group in GROUP_WORDS}
    assert group_of("Parent teacher organization") == "community"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("", "no"), ("Yes", "yes"), ("yes", "yes"), ("Sí", "yes"), ("Yes, please", "yes"), ("No", "no"),
     ("No, thanks", "no"), ("Only my relationship", "relation"), ("Sólo mi relación", "relation"), ("maybe", None)],
)  # fmt: skip
def test_sharing(written: str, meant: str | None) -> None:
    assert sharing_of(written) == meant


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("9/28/2021 20:20:39", "2021-09-28T20:20:39-04:00"),
        ("12/01/2021 7:05", "2021-12-01T07:05:00-05:00"),
        ("9/28/2021 8:20:39 PM", "2021-09-28T20:20:39-04:00"),
        ("2021/09/28 8:20:39 p.m. GMT-4", "2021-09-28T20:20:39-04:00"),
        ("2021-09-28 20:20:39", "2021-09-28T20:20:39-04:00"),
        ("2021-09-28T20:20:39Z", "2021-09-28T20:20:39+00:00"),
        ("9/28/2021", "2021-09-28T00:00:00-04:00"),
        ("28/9/2021", "2021-09-28T00:00:00-04:00"),
        ("martes, 28 de septiembre de 2021 a las 8:20 p. m.", "2021-09-28T20:20:00-04:00"),
        ("Tuesday, Sept. 28, 2021 at 8:20 PM", "2021-09-28T20:20:00-04:00"),
        ("28-Sep-2021 20:20", "2021-09-28T20:20:00-04:00"),
        ("9/28/2021 20:20:39 PDT", "2021-09-28T20:20:39-07:00"),
        ("9/28/2021 20:20:39 GMT+5:30", "2021-09-28T20:20:39+05:30"),
        ("13/13/2021", None),
        ("soon", None),
    ],
)
def test_dates(written: str, read_as: str | None) -> None:
    moment = moment_of(written, ZONE)
    assert (moment.isoformat() if moment else None) == read_as


def test_what_was_written_arrives_exactly() -> None:
    stories = ["=HYPERLINK(\"http://x\",\"y\") a b", "<b>A</b> & <script>alert(1)</script> c",
               "Line one\r\n\r\nLine two ok", "Después de la 🍎"]  # fmt: skip
    assert [row.story for row in read(*({"story": story} for story in stories))] == [
        stories[0], stories[1], "Line one\n\nLine two ok", stories[3],
    ]  # fmt: skip


def test_exact_repeats_share_their_key_and_nothing_else_does() -> None:
    first, same, spaced, other = read({}, {}, {"educator": " Ada Lee "}, {"story": "She taught me better"})
    assert first.key == same.key == spaced.key != other.key


def test_the_key_does_not_depend_on_the_order_of_columns() -> None:
    plain = read_book(b"Educator,Story,Email\nAda,Long story here,a@example.org\n").table()
    turned = read_book(b"Email;Educator;Story\r\na@example.org;Ada;Long story here\r\n").table()
    keys = [clean_rows(t, propose(t), VOCABULARY)[0].key for t in (plain, turned)]
    assert keys[0] == keys[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_files_as_spreadsheets_write_them(encoding: str, sign: str) -> None:
    content = f"Educator{sign}Story{sign}Email\r\nJosé Núñez{sign}Una historia{sign}j@example.org\r\n\r\n"
    table = read_book(content.encode(encoding)).table()
    assert table.rows == [(2, ["José Núñez", "Una historia", "j@example.org"])]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \r\n", "empty"),
        (b"PK\x03\x04abc", "can't be read as a workbook"),
    ],
)
def test_files_that_cannot_be_read_say_why(content: bytes, word: str) -> None:
    with pytest.raises(SheetProblem, match=word):
        read_book(content)


@pytest.mark.parametrize(
    ("titles", "field"),
    [
        (["Educator's name", "Story", "Email", "School district", "School"], {"district": 3, "school": 4}),
        (["Nominee", "Why", "Your e-mail", "Their work email"], {"email": 2, "educator_email": 3}),
        (["Your name", "Name of the teacher", "Reason", "Email"], {"nominator": 0, "educator": 1}),
        (["¿A quién nomina?", "Cuéntenos", "Correo electrónico", "Distrito escolar", "Su nombre", "¿Cómo lo conoce?"],
         {"educator": 0, "story": 1, "email": 2, "district": 3, "nominator": 4, "relation": 5}),
        (["Nominee", "Story", "Email", "How long have you known them?", "How do you know them?"],
         {"known_for": 3, "relation": 4}),
    ],
)  # fmt: skip
def test_columns_are_found_by_their_titles(titles: list[str], field: dict[str, int]) -> None:
    found = guess(titles)
    assert {name: found.index(name) for name in field} == field


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\n="])
def test_report_cells_are_inert(start: str) -> None:
    assert inert(f"{start}SUM(A1)") == f"'{start}SUM(A1)"
    assert inert("plain = text") == "plain = text"
