"""A program written back: load, write and load again changes nothing, down to every value of the default file."""

from dataclasses import replace

from click.testing import CliRunner
from sqlalchemy import select

from portal.core.db import transaction
from portal.programs import files, queries, stored
from portal.programs.actions import load_definition
from portal.programs.command import program as command
from portal.programs.definition import as_toml, parse_definition
from portal.programs.models import School
from tests.programs.test_definition import DEFAULT
from tests.programs.test_load import BEFORE, DURING, OPENS, load

LETTERS = """
[[letters]]
key = "consent_request"
subject.en = "{name}, good news from {program}"
subject.es = "{name}, buenas noticias de {program}"
opening.en = "Dear {name},\\n\\nsomebody noticed."
opening.es = "Estimada {name}:\\n\\nalguien se dio cuenta."

[[letters]]
key = "session_returned"
subject.en = "One wish for {title}"
subject.es = "Un deseo para {title}"
"""


def cycle_of(name="2027"):
    return queries.cycle_named(queries.program_by_slug("teach-on"), name)


def test_what_is_written_says_what_was_loaded(app):
    load(app, ("\n[program]", LETTERS + "\n[program]"))
    with app.app_context():
        written = parse_definition(as_toml(stored.data_of(cycle_of())))
    assert written == replace(parse_definition(LETTERS + DEFAULT), schools_file=None)


def test_what_is_written_and_loaded_again_changes_nothing(app, tmp_path):
    load(app)
    with app.app_context():
        paths = files.write(tmp_path, cycle_of())
        assert [path.name for path in paths] == ["teach-on-schools.csv", "teach-on.toml"]
        read = files.read(paths[-1])
        assert len(read.schools) == 73
        with transaction():
            report = load_definition(
                read.definition, "operator", cycle_name="2027", opening_day=OPENS, schools=read.schools
            )
    assert report.is_quiet, report


def test_what_was_moved_and_refused_since_is_written_as_it_stands(app):
    load(app, at=BEFORE)
    load(app, ('closes = "day 62 at 23:59"', 'closes = "day 70 at 12:30"'), ("readers = 3", "readers = 4"), at=DURING)
    with app.app_context():
        written = stored.data_of(cycle_of())
    assert written["windows"]["nominations"]["closes"] == "day 70 at 12:30"
    assert written["rounds"][0]["readers"] == 3


def test_the_file_says_which_schools_are_not_in_it(app, tmp_path):
    load(app)
    with app.app_context():
        alone = CliRunner().invoke(command, ["write", "teach-on"]).output
        assert alone.count("# Not in here: 73 schools of the directory.") == alone.count("Not in here") == 1
        assert "Not in here" not in files.write(tmp_path, cycle_of())[-1].read_text(encoding="utf-8")
        with transaction() as s:
            for school in s.scalars(select(School).limit(2)):
                school.nces_id = f"13000000000{school.id % 10}"
        path = files.write(tmp_path, cycle_of())[-1]
        assert "# Not in here: 2 schools from the Common Core of Data." in path.read_text(encoding="utf-8")
        assert "#   portal import schools FILE --program teach-on" in path.read_text(encoding="utf-8")
        assert len(files.read(path).schools) == 71


def test_the_command_prints_the_file_and_names_what_is_missing(app, tmp_path):
    load(app)
    with app.app_context():
        printed = CliRunner().invoke(command, ["write", "teach-on"])
        assert parse_definition(printed.output) == replace(parse_definition(DEFAULT), schools_file=None)
        put = CliRunner().invoke(command, ["write", "teach-on", "--cycle", "2027", "--to", str(tmp_path)])
        assert put.output.count("Wrote ") == 2
        unknown = CliRunner().invoke(command, ["write", "teach-on", "--cycle", "1999"])
    assert (unknown.exit_code, "no program teach-on with a year 1999" in unknown.output) == (1, True)
