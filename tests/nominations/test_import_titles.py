"""The row that holds the titles, below a heading or a date of export: found, said, chosen; rows keep their numbers."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from portal.nominations.command import nominations as command
from portal.nominations.sheet import read_book, titled
from tests.cast import Cast, text_of
from tests.nominations.test_import_runs import TITLES, counted, outcomes, send, sheet, stored, upload
from tests.nominations.test_import_steps import newest, steps, workbook
from tests.questions.asking import add, asked

HEADING = "Nominations for the School District, spring\nExported:,9/28/2026\n\n"
OWN = "Name,Mail,Words,Color\n"  # no title is known


@pytest.mark.parametrize(("text", "line", "titles"), [
    ("Educator,Story,Email\nAda,x,a@example.org\n", 1, 3),
    (f"{HEADING}Educator,Story,Email\nAda,x,a@example.org\n", 4, 3),
    (f"{HEADING.replace(',', ';')}Educator;Story;Email\nAda;x, y, z, w, v;a@example.org\n", 4, 3),
    ("The year's export\nEducator\tStory\tEmail\nAda\tx\ta@example.org\n", 2, 3),
    ("About you,,About them,,\nEmail,Your name,Educator,School,Story\na@example.org,Al,Ada,Cascade,x\n", 2, 5),
    (f"{OWN}The School principal,a@example.org,Why I nominate this teacher name,Position\n", 1, 4),
    (f"A heading\n{OWN}Ada,a@example.org,Story,School\n", 1, 1),  # known words in a row as wide as one above
    ("Name,Mail\nAda,a@example.org\n", 1, 2),
    ("\n\nOnly a heading\n", 3, 1),
    ("h\n" * 10 + "Educator,Story,Email\n", 1, 1),  # below the first ten rows nobody looks
])  # fmt: skip
def test_the_row_that_most_looks_like_titles(text: str, line: int, titles: int) -> None:
    table = titled(read_book(text.encode()))
    assert (table.line, len(table.header)) == (line, titles)
    assert all(number > line for number, _cells in table.rows)


def test_a_heading_is_no_nomination_and_rows_keep_their_numbers(cast: Cast, app: Flask) -> None:
    location = upload(cast, HEADING.encode() + sheet({}, {"Educator": ""})).location
    assert [row[0] for row in newest(app).columns] == TITLES
    report = cast.browser("sam").get(f"{location}/report.csv").get_data(as_text=True)
    assert [line.split(",")[:2] for line in report.splitlines()[1:]] == [["5", "Entered"], ["6", "Refused"]]
    upload(cast, sheet({}))  # the same rows without the heading
    upload(cast, HEADING.encode() + sheet({}))
    assert ([outcome for outcome, _ in outcomes(app)], counted(app)) == (["already in"], 1)


def test_another_row_is_chosen_on_the_page(cast: Cast, app: Flask) -> None:
    told = ["Ada Lee", "a@example.org", "A long story of one good day in her class.", "Red"]
    rows: list[list[Any]] = [["Heading"], [], ["Name", "Mail", "Words", "Color"], told]
    base = steps(cast, send(cast, workbook(("One", rows), ("Two", [["x"], ["y"]])), name="book.xlsx"))
    sam = cast.browser("sam")
    page = sam.get(f"{base}/columns").get_data(as_text=True)
    assert '<option value="1" selected>Row 1: Heading</option>' in page
    assert '<option value="3">Row 3: Name, Mail, Words, Color</option>' in page
    sam.post(f"{base}/sheet", {"sheet": "One", "line": "3"})
    assert [title for title, _field in newest(app).columns] == ["Name", "Mail", "Words", "Color"]
    assert '<option value="3" selected>' in sam.get(f"{base}/columns").get_data(as_text=True)
    for odd in ("99", "2", "x", "-1", ""):  # no row to choose: what looks most like titles
        assert sam.post(f"{base}/sheet", {"sheet": "One", "line": odd}).status_code == 303
        assert newest(app).reading["line"] == 1
    sam.post(f"{base}/sheet", {"sheet": "Two", "line": "3"})  # the rows were another sheet's
    assert (newest(app).reading["sheet"], newest(app).reading["line"]) == ("Two", 1)
    sam.post(f"{base}/sheet", {"sheet": "One", "line": "1"})
    sam.post(f"{base}/sheet", {"line": "3"})
    fields = {"column_0": "educator", "column_1": "email", "column_2": "story", "column_3": ""}
    sam.post(f"{base}/columns", {**fields, "zone": "America/New_York", "order": "month"})
    assert "Row 4" in text_of(sam.get(f"{base}/preview"))
    sam.post(f"{base}/start")
    assert [(n.educator_name, n.answers["row"]["Color"]) for n in stored(app)] == [("Ada Lee", "Red")]


def test_own_questions_count_among_the_titles(cast: Cast, app: Flask) -> None:
    add(cast, asked("line", label="Favorite color"), asked("line", label="Favorite song"))
    send(cast, b"For all\nFavorite color,Favorite song,Zzz\nRed,None,1\n")
    assert newest(app).reading["line"] == 2


def test_the_command_says_the_row(cast: Cast, app: Flask, tmp_path: Path) -> None:
    export, choices = tmp_path / "export.csv", tmp_path / "map.toml"
    export.write_bytes(b"Heading\n" + OWN.encode() + b"Ada Lee,a@example.org,A long story,Red\n")
    named = '[columns]\nName = "educator"\nMail = "email"\nWords = "story"\n'
    base = [str(export), "--cycle", cast.cycle, "--map", str(choices)]
    choices.write_text(f"titles = 7\n{named}", encoding="utf-8")
    with app.app_context():
        wrong = str(CliRunner().invoke(command, base).exception)
    assert "“titles” is one of the rows 1, 2, 3" in wrong
    choices.write_text(f"titles = 2\n{named}", encoding="utf-8")
    with app.app_context():
        said = CliRunner().invoke(command, base)
    assert said.exit_code == 0, said.output
    assert "1 entered" in said.output
    assert stored(app)[0].answers["row"] == {
        "Name": "Ada Lee", "Mail": "a@example.org", "Words": "A long story", "Color": "Red",
    }  # fmt: skip
