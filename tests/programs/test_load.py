"""Loading a program: the whole default arrives; again changes nothing; what people rely on stays, with the reason."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import func, select, update

from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.programs import files, queries
from portal.programs.actions import load_definition
from portal.programs.command import program as command
from portal.programs.definition import parse_definition
from portal.programs.models import (
    Category,
    Criterion,
    Cycle,
    District,
    EligibilityRule,
    Program,
    Rubric,
    School,
    Window,
)
from tests.programs.test_definition import DEFAULT
from tests.statements import statements

BEFORE = datetime(2026, 8, 1, 12, tzinfo=UTC)
DURING = datetime(2026, 9, 20, 12, tzinfo=UTC)
OPENS = date(2026, 8, 31)


def load(app, *changes, at=BEFORE, cycle="2027", opens=OPENS, publish=True):
    """Loads the default file with each (old, new) of `changes` made in it; the report."""
    text = DEFAULT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    schools = files.read(files.find("teach-on")).schools
    with time_machine.travel(at, tick=False), app.app_context(), transaction():
        return load_definition(
            parse_definition(text), "operator", cycle_name=cycle, opening_day=opens, schools=schools, publish=publish
        )


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_whole_default_program_arrives(app):
    report = load(app)
    assert (report.changed, report.refused) == ([], [])
    with app.app_context():
        program = queries.program_by_slug("teach-on")
        cycle = queries.cycle_named(program, "2027")
        assert (cycle.state, cycle.places, cycle.opening_day) == ("published", 8, OPENS)
        assert (count(District), count(School), count(Window), count(Category)) == (6, 73, 12, 1)
        assert count(EligibilityRule) == 7
        rounds = cycle.rounds
        assert [(r.key, r.readers, r.max_load, len(r.rubrics[0].criteria)) for r in rounds] == [
            ("application", 3, 12, 5),
            ("essay", 5, 12, 6),
            ("observation", 2, 12, 4),
            ("interview", 3, 12, 4),
        ]
        assert [c.key for c in rounds[0].rubrics[0].criteria if c.breaks_ties] == [
            "student_learning",
            "student_confidence",
        ]
        assert program.settings["nomination"]["story_words"] == [40, 250]
        assert [each["group"] for each in program.settings["relations"] if each["key"] == "pto"] == ["community"]
        assert queries.scoring_window(rounds[0]).key == "application.scoring"
        assert audit.verify() == (2, [])


def test_loading_the_same_again_changes_nothing(app):
    load(app)
    for at in (BEFORE, DURING, DURING + timedelta(days=400)):
        report = load(app, at=at)
        assert report.is_quiet, (at, report)
    with app.app_context():
        assert count(audit.AuditEntry) == 2
        assert (count(Program), count(Cycle), count(Rubric), count(Criterion)) == (1, 1, 4, 19)


def test_another_year_stands_beside_the_first(app):
    load(app)
    report = load(app, cycle="2028", opens=date(2027, 8, 30), at=DURING)
    assert report.refused == []
    with app.app_context():
        assert (count(Program), count(Cycle), count(Window)) == (1, 2, 24)


WORDS = ('lead.en = "The', 'lead.en = "Our')
RUBRICS = [f"The rubric of the round “{key}”." for key in ("application", "essay")]
TIES = ('criteria = ["student_learning", "student_confidence"]', 'criteria = ["student_learning"]')


@pytest.mark.parametrize(
    ("change", "at", "changed", "refused"),
    [
        (WORDS, BEFORE, ["The program: texts."], []),
        (WORDS, DURING, ["The program: texts."], []),
        (
            ('time_zone = "America/New_York"', 'time_zone = "America/Chicago"'),
            DURING,
            [],
            ["The time zone (America/New_York) stays as it is: nominations have opened under it."],
        ),
        (("places = 8", "places = 10"), DURING, ["The cycle 2027: places.", "The category “educator”: places."], []),
        (('name.en = "The surprise"', 'name.en = "The news"'), DURING, ["The window “notices”: name."], []),
        (
            ('closes = "day 62 at 23:59"', 'closes = "day 70 at 23:59"'),
            DURING,
            [],
            [],
        ),
        (
            ('opens = "day 0 at 08:00"', 'opens = "day 0 at 09:00"'),
            DURING,
            [],
            ["The window “nominations” stays as it is: it has already opened, so its opening can no longer move."],
        ),
        (
            ('closes = "day 62 at 23:59"', 'closes = "day 10 at 23:59"'),
            DURING,
            [],
            ["The window “nominations” stays as it is: it would then already be closed."],
        ),
        (("readers = 3", "readers = 4"), BEFORE, ["The round “application”: readers."], []),
        (
            ("readers = 3", "readers = 4"),
            DURING,
            [],
            ["“readers” of the round “application” (3) stays as it is: nominations have opened."],
        ),
        (("Says students do well", "Says that students do well"), DURING, None, []),
        (TIES, BEFORE, ["The program: settings.", *RUBRICS], []),
        (TIES, DURING, ["The program: settings.", *RUBRICS], []),
        (
            TIES,
            DURING + timedelta(days=100),
            [],
            ["The tie-break stays as it is: scoring has opened, and it is fixed before that."],
        ),
        (
            ('check = "attest"', 'check = "not_winner"'),
            DURING,
            [],
            ["The eligibility rule “worked_last_year” stays as it is: nominations have opened under it."],
        ),
    ],
)
def test_what_may_still_change_changes_and_the_rest_is_named(app, change, at, changed, refused):
    load(app)
    report = load(app, change, at=at)
    assert report.refused == refused
    if change[1].startswith('closes = "day 70'):
        assert report.changed == [
            "The window “nominations” now runs from 2026-08-31 08:00 EDT to 2026-11-09 23:59 EST."
        ]
    elif changed is None:
        assert report.changed == RUBRICS
    else:
        assert report.changed == changed


def test_before_opening_another_time_zone_moves_every_window(app):
    load(app)
    report = load(app, ('time_zone = "America/New_York"', 'time_zone = "America/Chicago"'))
    assert report.refused == []
    assert report.changed[0] == "The program: time zone."
    moved = "The window “nominations” now runs from 2026-08-31 08:00 CDT to 2026-11-01 23:59 CST."
    assert moved in report.changed
    assert len(report.changed) == 13


def test_a_frozen_rubric_stays_whatever_the_file_says(app):
    load(app)
    with app.app_context(), transaction() as session:
        cycle = queries.cycle_named(queries.program_by_slug("teach-on"), "2027")
        queries.rubric_in_force(cycle.rounds[0]).frozen_at = now()
        session.flush()
    report = load(app, ("weight = 25", "weight = 20"), ("weight = 15", "weight = 20"), at=DURING)
    assert report.refused == [
        "The rubric of the round “application” stays as it is: scoring has begun, which froze it."
    ]
    assert report.changed == ["The rubric of the round “essay”."]
    with app.app_context():
        cycle = queries.cycle_named(queries.program_by_slug("teach-on"), "2027")
        weights = [[c.weight for c in queries.rubric_in_force(r).criteria] for r in cycle.rounds[:2]]
        assert weights == [[25, 20, 20, 15, 10], [20, 20, 20, 20, 10, 10]]


def test_keys_that_nominations_may_use_are_kept(app):
    load(app)
    old = '[[positions]]\nkey = "support"'
    report = load(app, (old, old.replace("support", "helper")), at=DURING)
    assert report.refused == ["“Support staff” stays as it is: nominations that are already in may use it."]
    with app.app_context():
        keys = [each["key"] for each in queries.choices(queries.program_by_slug("teach-on"), "positions")]
        assert {"support", "helper"} <= set(keys)


def test_the_version_of_the_public_page_rises_with_each_change_only(app):
    def version():
        with app.app_context():
            return queries.program_by_slug("teach-on").version

    load(app)
    first = version()
    load(app)
    assert version() == first
    load(app, WORDS)
    assert version() == first + 1


def test_a_draft_is_not_public_and_may_still_be_moved_whole(app):
    load(app, publish=False, at=DURING)
    with app.app_context():
        assert queries.current_cycle(queries.program_by_slug("teach-on")) is None
    report = load(app, publish=False, at=DURING, opens=date(2026, 10, 5))
    assert report.refused == []
    assert report.changed[0] == "The cycle 2027: opening day."
    assert len(report.changed) == 13


def test_what_the_decisions_rest_on_stays_and_is_named(app):
    load(app)
    with app.app_context(), transaction() as s:
        s.execute(update(Cycle).values(decisions_confirmed_at=DURING))
    changes = [
        ("places = 8", "places = 10"),
        ('positions = ["teacher", "assistant_principal", "principal"]\nname.en = "Educator"',
         'positions = ["principal", "teacher", "assistant_principal"]\nname.en = "Educators"'),
    ]  # fmt: skip
    report = load(app, *changes, at=DURING)
    assert report.changed == ["The category “educator”: name."]
    assert report.refused == [
        "The number of places of 2027 (8) stays as it is: the decisions are confirmed.",
        "The number of places of the category “educator” (8) stays as it is: the decisions are confirmed.",
        "Who may be nominated in the category “educator” stays as it is: the decisions are confirmed.",
    ]


def test_a_file_without_schools_reads_no_directory(app):
    load(app)
    with app.app_context(), statements(app) as seen, transaction():
        load_definition(parse_definition(DEFAULT), "operator", cycle_name="2028", opening_day=OPENS)
    assert not [each for each in seen if "FROM schools" in each]


def run(app, *arguments):
    with app.app_context():
        return CliRunner().invoke(command, ["load", *arguments])


def test_the_command_loads_a_shipped_program_and_says_what_it_made(app):
    done = run(app, "teach-on", "--opens", "2026-08-31", "--cycle", "2027")
    assert done.exit_code == 0, done.output
    assert "Made:\n  The program The Teach On Project, at /awards/teach-on/." in done.output
    assert "73 schools in the directory." in done.output
    again = run(app, "teach-on.toml", "--opens", "2026-08-31", "--cycle", "2027")
    assert again.output == "Nothing to change: the database already says what the file says.\n"


def test_the_command_names_every_mistake_and_changes_nothing(app, tmp_path: Path):
    file = tmp_path / "broken.toml"
    file.write_text(DEFAULT.replace("total = 7500", "total = 7600").replace('"#1f4a36"', '"#eeeeee"'), encoding="utf-8")
    done = run(app, str(file), "--opens", "2026-08-31", "--cycle", "2027")
    assert done.exit_code == 1
    assert "Nothing was changed." in done.output
    assert "colors.accent: the contrast with the light page is" in done.output
    assert "award.total: this is 7,600, but the parts add up to 7,500." in done.output
    with app.app_context():
        assert count(Program) == 0


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("clayton,Some School,high,Jonesboro", "“clayton” is not one of the districts: aps, cobb"),
        ("APS,,high,Atlanta", "the school’s name is missing."),
        ("APS,Some School,college,Atlanta", "“college” is not one of elementary, middle, high, other."),
        ("Atlanta,Some School,high,Atlanta\naps,SOME school,high,Atlanta", "is already in this district’s list."),
    ],
)
def test_a_mistake_in_the_school_file_is_named_by_line_too(app, tmp_path, row, message):
    (tmp_path / "program.toml").write_text(DEFAULT, encoding="utf-8")
    (tmp_path / "teach-on-schools.csv").write_text(f"district,name,level,city\n{row}\n", encoding="utf-8")
    done = run(app, str(tmp_path / "program.toml"), "--opens", "2026-08-31", "--cycle", "2027")
    line = 2 + row.count("\n")
    assert (done.exit_code, f"Line {line}, teach-on-schools.csv" in done.output) == (1, True), done.output
    assert message in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.toml", "--opens", "2026-08-31", "--cycle", "2027"), "Programs that come with Laurel: teach-on."),
        (("teach-on", "--opens", "31 August", "--cycle", "2027"), "“31 August” is not a date."),
        (("teach-on", "--opens", "2026-08-31", "--cycle", " "), "give the cycle a name"),
        (("teach-on", "--cycle", "2027"), "Missing option '--opens'"),
    ],
)
def test_what_the_command_cannot_use_it_says(app, arguments, message):
    done = run(app, *arguments)
    assert done.exit_code != 0
    assert message in done.output
