"""CSV as spreadsheets write it is read by one reader, for nominations and for schools."""

import pytest

from portal.core import sheets_in
from portal.nominations.sheet import SheetProblem, read_book
from portal.programs.directory.read import SchoolFileProblem, read_schools

PLAIN = "School,District\nNúñez Hill,Desert\n"


@pytest.mark.parametrize("content", [
    PLAIN.encode(), PLAIN.encode("utf-8-sig"), PLAIN.encode("utf-16"), PLAIN.encode("utf-16-le"),
    PLAIN.encode("utf-16-be"), PLAIN.encode("cp1252"), PLAIN.replace(",", ";").encode(),
    PLAIN.replace(",", "\t").encode(), PLAIN.replace(",", "|").encode(),
    b"sep=;\r\n" + PLAIN.replace(",", ";").encode(), b"\n\n" + PLAIN.encode(), PLAIN.replace("\n", "\r\n").encode(),
    b'"School","District"\n"N\xfa\xf1ez Hill","Desert"\n',
])  # fmt: skip
def test_both_read_whatever_a_spreadsheet_writes(content):
    table = read_book(content).table()
    (line, cells), = table.rows
    entry, = read_schools(content).entries
    assert (table.header, cells) == (["School", "District"], ["Núñez Hill", "Desert"])
    assert (entry.name, entry.district, entry.line) == (*cells, line)


@pytest.mark.parametrize("content", [
    b"%PDF-1.7 ...", b"GIF89a....", b"{\\rtf1", bytes(range(32)) * 40, b'A,B\n"' + b"x" * (sheets_in.LARGEST_CELL + 1),
])  # fmt: skip
def test_both_refuse_what_is_no_table(content):
    for read, problem in ((read_book, SheetProblem), (read_schools, SchoolFileProblem)):
        with pytest.raises(problem):
            read(content)
