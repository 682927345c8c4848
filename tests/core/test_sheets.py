"""Sheets to download: the same cells come out again, in CSV and in XLSX, and none of them is a formula."""

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from python_calamine import load_workbook

from portal.core.formulas import inert, is_active, lively
from portal.core.sheets import LONGEST, csv_lines, download, write_xlsx

STARTS = ("=", "+", "-", "@", "\t", "\r", " =", "\n=", "＝", "＋", "－", "＠")
BODIES = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")')
FORMULAS = [f"{start}{body}" for start in STARTS for body in BODIES]
HOSTILE = [*FORMULAS, "<script>alert(1)</script>", "x" * 10_000, "مرحبا بالعالم", "🍎👩‍🏫", "two\n\nlines", "007",
           "1e5", "https://example.org", "'=quoted", "''", "plain = text", "2021-09-28"]  # fmt: skip


def workbook(rows: list[list[Any]], title: str = "") -> bytes:
    out = io.BytesIO()
    write_xlsx(out, ["Name", "=Title"], rows, title)
    return out.getvalue()


def test_a_workbook_holds_what_was_written_and_no_formula() -> None:
    content = workbook([[text, 7] for text in HOSTILE])
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["Name", "=Title"]
    assert [row[0] for row in rows[1:]] == HOSTILE
    assert {row[1] for row in rows[1:]} == {7}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
        assert not [name for name in parts.namelist() if "link" in name.lower()]
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'quotePrefix="1"' in styles
    # One cell a formula-like text carries the mark that keeps it a text when it is edited.
    marked = re.findall(r'<c r="A\d+" s="2"', sheet)
    assert len(marked) == len([text for text in HOSTILE if is_active(text)])


def test_csv_is_inert_and_says_the_same_when_the_apostrophe_is_taken_away() -> None:
    lines = "".join(csv_lines(["Name"], ([text] for text in HOSTILE)))
    assert lines.startswith("\ufeff")
    cells = [row[0] for row in csv.reader(io.StringIO(lines[1:], newline=""))][1:]
    assert [cell for cell in cells if is_active(cell)] == []
    assert [lively(cell) for cell in cells] == HOSTILE


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert lively(inert(text)) == text


def test_what_no_workbook_holds_is_cut_and_titles_are_made_fit() -> None:
    book = load_workbook(
        io.BytesIO(workbook([["y" * (LONGEST + 5), None]], "'All [of] them: 2027/2028, and more of it"))
    )
    assert book.sheet_names == ["All  of  them  2027 2028, and m"]
    cell = book.get_sheet_by_index(0).to_python()[1][0]
    assert (len(cell), cell[-1]) == (LONGEST, "…")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_download(app: Flask, kind: str) -> None:
    with app.test_request_context():
        answer = download(kind, "rows-año", ["A"], iter([["=1"], ["b"]]))
        answer.direct_passthrough = False
        body = answer.get_data()
        answer.close()
    assert f".{kind}" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (b"'=1" in body) if kind == "csv" else body.startswith(b"PK")
