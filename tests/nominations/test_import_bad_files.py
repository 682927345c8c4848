"""Files that are no export, or were made to hurt: each is refused in a sentence, quickly, and the server goes on."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from portal.nominations.sheet import SheetProblem, read_book
from tests.cast import Cast, text_of
from tests.nominations.test_import_runs import send

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + bytes(range(1, 200)) * 3


def a_workbook(*cells: tuple[int, int, str]) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, column, text in cells:
        sheet.write_string(row, column, text)
    book.close()
    return out.getvalue()


def changed(content: bytes, part: str, put: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, put if name == part else old.read(name))
    return out.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return out.getvalue()


def repeated_text() -> bytes:
    """One text of a megabyte, which 5,000 cells refer to: five gigabytes out of a few kilobytes."""
    row = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5001))
    sheet = f"<worksheet {MAIN}><sheetData>{row}</sheetData></worksheet>"
    texts = f"<sst {MAIN}><si><t>{'x' * 1_000_000}</t></si></sst>"
    base = changed(a_workbook((0, 0, "x")), "xl/worksheets/sheet1.xml", sheet.encode())
    return changed(base, "xl/sharedStrings.xml", texts.encode())


BAD = {
    "a picture": (PNG, "can't be read as a table"),
    "a PDF": (b"%PDF-1.7\nxxxxx", "can't be read as a table"),
    "a document": (zipped("word/document.xml", b"<w/>"), "can't be read as a workbook"),
    "half a workbook": (a_workbook((0, 0, "x"))[:-200], "can't be read as a workbook"),
    "broken XML": (changed(a_workbook((0, 0, "x")), "xl/workbook.xml", b"<workbook><"), "can't be read as a workbook"),
    "an entity that names a file": (
        changed(
            a_workbook((0, 0, "x")),
            "xl/sharedStrings.xml",
            b'<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/hostname">]><sst><si><t>&e;</t></si></sst>',
        ),
        "",
    ),
    "a protected workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600),
        "protected by a password",
    ),
    "an empty workbook": (a_workbook(), "The file is empty"),
    "a cell in the last corner": (a_workbook((0, 0, "x"), (1_048_575, 16_383, "y")), "more than 50,000 rows"),
    "too many columns": (",".join(f"c{n}" for n in range(300)).encode(), "200 columns"),
    "a zip bomb": (
        changed(a_workbook((0, 0, "x")), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + b" " * 300_000_000),
        "",
    ),
    "one text a million times": (repeated_text(), "too much in them"),
    "quotes that never close": (b'Educator,Story\n"' + b"x" * 1_100_000, "can't be read as a table"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_are_refused_in_a_sentence(kind: str) -> None:
    content, words = BAD[kind]
    with pytest.raises(SheetProblem) as refused:
        read_book(content).table()
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")


def test_the_sentence_stands_at_the_field(cast: Cast) -> None:
    answer = send(cast, BAD["a protected workbook"][0], name="secret.xlsx")
    assert answer.status_code == 422
    assert "This workbook is protected by a password." in text_of(answer)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"sep=;\r\nA;B\r\n1;2\r\n", [["A", "B"], ["1", "2"]]),
        ("A\tB\n\"x\ny\"\tñ\n".encode("utf-16-le"), [["A", "B"], ["x\ny", "ñ"]]),
        ("A,B\n“q”,—\n".encode("cp1252"), [["A", "B"], ["“q”", "—"]]),
        (b"\r\n\r\nA,B\r\n\r\n1,2\r\n", [["A", "B"], ["1", "2"]]),
        (a_workbook((2, 1, "A"), (3, 1, "007")), [["", "A"], ["", "007"]]),
    ],
)  # fmt: skip
def test_odd_files_are_read_all_the_same(content: bytes, rows: list[list[str]]) -> None:
    table = read_book(content).table()
    assert [table.header, *(cells for _, cells in table.rows)] == rows


def test_numbers_of_a_workbook_are_as_people_typed_them(tmp_path: Path) -> None:
    path = tmp_path / "n.xlsx"
    book = Workbook(path)
    sheet = book.add_worksheet()
    for at, value in enumerate((30303, 1.5, 12345678901234, True, -7, 0.1)):
        sheet.write(0, at, value)
    book.close()
    assert read_book(path.read_bytes()).table().header == ["30303", "1.5", "12345678901234", "TRUE", "-7", "0.1"]
