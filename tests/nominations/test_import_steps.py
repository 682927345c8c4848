"""The steps of an import before anything enters: columns, words, preview, dry run; what is remembered; mended rows."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from python_calamine import load_workbook
from sqlalchemy import select
from xlsxwriter import Workbook

from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.errors import Overtaken
from portal.core.files import StoredFile
from portal.nominations.actions import importing
from portal.nominations.command import nominations as command
from portal.nominations.jobs import imports as work
from portal.nominations.models import ImportRow, ImportRun, Nomination, NomineeFile
from tests.cast import Cast, run_jobs, text_of
from tests.core.test_races import codes, poster
from tests.nominations.test_import_runs import STORY, TITLES, counted, outcomes, send, sheet, stored, upload
from tests.statements import statements

HOSTILE = ["=HYPERLINK(\"http://x\",\"y\") a b", "+1 for her, always", "-- she came early", "@home she calls us",
           "<script>alert(1)</script> & <b>bold</b>", "‮‏مرحبا بالعالم كله", "🍎👩‍🏫 every day", "Line one\n\nLine two",
           "x" * 10_000]  # fmt: skip


def steps(cast: Cast, answer: Any) -> str:
    """The address of the upload's pages, without the step."""
    assert answer.status_code == 303, text_of(answer)
    return str(answer.location.rpartition("/")[0])


def columns(**chosen: str) -> dict[str, str]:
    """The form of the columns for a usual sheet; `column_3="school"` and the like differ."""
    fields = ["at", "email", "educator", "school", "district", "relation", "story", "nominator", "sharing"]
    usual = {f"column_{at}": field for at, field in enumerate(fields)}
    return {**usual, "zone": "America/New_York", "order": "month", **chosen}


def newest(app: Flask) -> ImportRun:
    with app.app_context():
        return db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()


def test_the_whole_way_by_the_pages(cast: Cast, app: Flask) -> None:
    """Unusual titles, dates with the day first, a zone, unknown words: chosen on the pages, shown, tried, imported."""
    titles = ["When", "Who", "Mail", "Where", "Kind", "Words", "Note"]
    rows = [
        ["3/4/2021 10:00", "Ada Lee", "rosa at example.org", "Cascade Elementary", "Zookeeper", HOSTILE[4], "=1+1"],
        ["13/4/2021 22:30", "Bo Li", "b@example.org", "", "zookeeper", STORY, ""],
        ["14/4/2021", "", "c@example.org", "", "", STORY, ""],
    ]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([titles, *rows])
    base = steps(cast, send(cast, out.getvalue().encode("utf-16"), name="odd.csv"))
    sam = cast.browser("sam")
    page = text_of(sam.get(f"{base}/columns"))
    assert "3 rows were found. Nothing has entered yet." in page
    assert "We do not know this title." in page
    assert "rosa at example.org" in page
    sam.post(f"{base}/start")
    assert counted(app) == 0  # no column holds the educator's name
    twice = {"column_0": "at", "column_1": "educator", "column_2": "email", "column_3": "school",
             "column_4": "relation", "column_5": "story", "column_6": "story"}  # fmt: skip
    more = {"zone": "America/Los_Angeles", "order": "day"}
    wrong = sam.post(f"{base}/columns", twice | more)
    assert wrong.status_code == 422
    assert "Two columns are read as “Story”." in text_of(wrong)
    lacking = sam.post(f"{base}/columns", twice | more | {"column_5": "", "column_6": ""})
    assert "Say which column holds the story." in text_of(lacking)
    assert sam.post(f"{base}/columns", twice | more | {"column_6": ""}).location.endswith("/words")
    words = sam.get(f"{base}/words").get_data(as_text=True)
    assert words.count("<b>Zookeeper</b>") == 1  # once, however often and however written
    name = words.split('name="relation_')[1].split('"')[0]
    assert sam.post(f"{base}/words", {f"relation_{name}": "nonsense"}).location.endswith("/words")
    assert sam.post(f"{base}/words", {f"relation_{name}": "colleague_school"}).location.endswith("/preview")
    shown = sam.get(f"{base}/preview")
    assert "<script>alert(1)" not in shown.get_data(as_text=True)
    assert HOSTILE[4] in text_of(shown).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert "Colleague school" in text_of(shown)
    assert "Would be refused" in text_of(shown)
    assert "April 3" in text_of(shown)
    tried = sam.post(f"{base}/try")
    report = text_of(sam.get(tried.location))
    assert "Nothing has entered yet. This is what an import would do now." in report
    assert (counted(app), counted(app, NomineeFile)) == (0, 0)
    assert [outcome for outcome, _ in outcomes(app)] == ["entered", "entered", "refused"]
    assert sam.post(f"{base}/start").status_code == 303
    first, second = stored(app)
    assert first.story == HOSTILE[4]
    assert first.answers["row"]["Note"] == "=1+1"
    assert (first.relation, first.relation_group) == ("colleague_school", "colleague")
    assert second.submitted_at is not None
    assert second.submitted_at.isoformat() == "2021-04-14T05:30:00+00:00"
    for step in ("columns", "words", "preview"):  # the back button leads to the report, and nothing enters twice
        assert sam.get(f"{base}/{step}").location == tried.location
    assert sam.post(f"{base}/start").status_code == 409
    assert counted(app) == 2


def test_the_choices_are_remembered_for_the_same_titles(cast: Cast, app: Flask) -> None:
    base = steps(cast, send(cast, sheet({"Relation": "zookeeper"})))
    sam = cast.browser("sam")
    sam.post(f"{base}/columns", columns(column_7="", column_4="tie", zone="America/Denver"))
    words = sam.get(f"{base}/words").get_data(as_text=True)
    name = words.split('name="relation_')[1].split('"')[0]
    sam.post(f"{base}/words", {f"relation_{name}": "leader"})
    assert cast.browser("sam").get(f"{base}/columns").get_data(as_text=True).count("was imported on") == 0
    sam.post(f"{base}/start")
    turned = list(csv.reader(io.StringIO(sheet({"Relation": "Zookeeper", "Email Address": "z@example.org"}).decode())))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([line[::-1] for line in turned])
    again = steps(cast, send(cast, out.getvalue().encode()))
    assert "A file with these titles was imported on" in text_of(sam.get(f"{again}/columns"))
    run = newest(app)
    assert dict(run.columns)["Your name"] == ""
    assert dict(run.columns)["District"] == "tie"
    assert (run.reading["zone"], run.reading["words"]) == ("America/Denver", {"relation": {"zookeeper": "leader"}})
    sam.post(f"{again}/start")
    assert [n.relation for n in stored(app)] == ["leader", "leader"]
    other = Cast(app, slug="other")  # another program remembers nothing of it
    other.grant("olga", "organizer")
    theirs = send(other, sheet({}), "olga").location
    assert "was imported on" not in text_of(other.browser("olga").get(theirs))


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"})
    for name, rows in sheets:
        paper = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and not cell.startswith("=SUM"):
                    paper.write_string(at, column, cell)
                else:
                    paper.write(at, column, cell, *(() if not isinstance(cell, str) else (None, 42)))
    book.close()
    return out.getvalue()


def test_a_workbook_with_several_sheets(cast: Cast, app: Flask) -> None:
    with app.app_context():
        moment = now().replace(year=2021, month=9, day=28, hour=20, minute=20, second=39, microsecond=0, tzinfo=None)
    answers = [[*TITLES, "Room"],
               [moment, "rosa@example.org", "Ada Lee", "Cascade Elementary", "aps", "PTA", HOSTILE[0], "", "", 204],
               [moment, "b@example.org", "Bo Li", "", "", "", HOSTILE[7], "", "", "=SUM(A1)"]]  # fmt: skip
    content = workbook(("Notes", [["Nothing here"], ["at all"]]), ("Answers", answers))
    base = steps(cast, send(cast, content, name="book.xlsx"))
    sam = cast.browser("sam")
    page = sam.get(f"{base}/columns").get_data(as_text=True)
    assert '<option value="Answers" selected>' in page  # the sheet in which the most is known
    assert sam.post(f"{base}/sheet", {"sheet": "Notes"}).status_code == 303
    assert newest(app).columns == [["Nothing here", ""]]
    sam.post(f"{base}/sheet", {"sheet": "Answers"})
    sam.post(f"{base}/start")
    first, second = stored(app)
    assert (first.story, second.story) == (HOSTILE[0], HOSTILE[7])
    assert first.submitted_at is not None
    assert first.submitted_at.isoformat() == "2021-09-29T00:20:39+00:00"
    assert (first.answers["row"]["Room"], second.answers["row"]["Room"]) == ("204", "42")


def test_what_is_hostile_arrives_exactly_and_shows_as_text(cast: Cast, app: Flask) -> None:
    rows = [{"Story": text, "Educator": f"{text[:150]} Lee", "Email Address": f"n{n}@example.org"}
            for n, text in enumerate(HOSTILE)]  # fmt: skip
    base = steps(cast, send(cast, sheet(*rows), name="<img src=x>.csv"))
    sam = cast.browser("sam")
    for step in ("columns", "words?all=1", "preview"):
        body = sam.get(f"{base}/{step}").get_data(as_text=True)
        assert "<script>alert" not in body, step
        assert "<img src=x>" not in body, step
    location = sam.post(f"{base}/start").location
    assert [n.story for n in stored(app)] == HOSTILE
    for ending in ("csv", "xlsx"):
        with sam.get(f"{location}/report.{ending}") as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_refused_rows_are_mended_and_imported(cast: Cast, app: Flask, ending: str) -> None:
    bad = {"Email Address": "", "Story": HOSTILE[0], "Your name": "'=1", "District": "a\nb"}
    location = upload(cast, sheet({}, bad, {"Educator": ""})).location
    sam = cast.browser("sam")
    assert "Mend what was refused" in text_of(sam.get(location))
    with sam.get(f"{location}/refused.{ending}") as answer:
        content = answer.get_data()
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert rows[1][6] == f"'{HOSTILE[0]}"
    else:
        rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert rows[1][6] == HOSTILE[0]
    assert rows[0] == [*TITLES, "Why it was refused (Laurel)"]
    assert [row[-1] for row in rows[1:]] == [
        "There is no e-mail address of the person who wrote.", "There is no educator's name.",
    ]  # fmt: skip
    rows[1][1] = "mended@example.org"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows[:2])
    mended = out.getvalue().encode() if ending == "csv" else workbook(("Sheet", rows[:2]))
    for _time in range(2):
        again = upload(cast, mended, name=f"mended.{ending}").location
        assert "Why it was refused" not in str(newest(app).columns)
    assert [outcome for outcome, _ in outcomes(app)] == ["already in"]
    assert again != location
    assert counted(app) == 2
    entered = stored(app)[1]
    assert (entered.story, entered.nominator_name) == (HOSTILE[0], "'=1")
    assert entered.answers["row"]["District"] == "a\nb"


def test_a_dry_run_says_what_the_import_then_does(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(cast, sheet({}))
    monkeypatch.setattr(importing, "CHUNK", 2)
    longer = {"Story": f"{STORY} And more."}
    blank = {"School": "", "Email Address": "b@example.org"}
    rows = [{}, longer, longer, {"Educator": ""}, blank, blank | longer, {"Educator": "Bo Li"},
            {"Educator": "DR. BO  LI"},
            {"Educator": "Bo Li", "School": "Old Mill High School", "District": "cobb"}]  # fmt: skip
    base = steps(cast, send(cast, sheet(*rows)))
    sam = cast.browser("sam")
    before = stored(app)[0].story
    sam.post(f"{base}/try")
    with app.app_context():
        work.try_through(newest(app).id)  # a second worker with the same work changes nothing
    foretold = outcomes(app)
    assert stored(app)[0].story == before
    assert counted(app) == 1
    assert sam.post(f"{base}/columns", columns()).status_code == 303  # changed: the old report goes
    assert outcomes(app) == []
    sam.post(f"{base}/try")
    assert outcomes(app) == foretold
    sam.post(f"{base}/start")
    assert outcomes(app) == foretold
    assert {outcome for outcome, _ in foretold} == {"entered", "already in", "refused"}
    with app.app_context():
        assert audit.verify()[1] == []


def test_an_upload_is_thrown_away_by_hand_or_after_two_weeks(cast: Cast, app: Flask) -> None:
    folder = Path(app.config["PORTAL"].data) / "files"
    before = set(folder.rglob("*/*"))
    base = steps(cast, send(cast, sheet({})))
    sam = cast.browser("sam")
    sam.post(f"{base}/try")
    assert len(set(folder.rglob("*/*")) - before) == 1
    assert sam.post(f"{base}/discard").status_code == 303
    left = [counted(app, model) for model in (ImportRun, ImportRow, StoredFile)]
    assert (left, set(folder.rglob("*/*")) - before) == ([0, 0, 0], set())
    send(cast, sheet({}))
    done = upload(cast, sheet({"Email Address": ""})).location
    assert sam.post(f"{done}/discard").status_code == 422
    with time_machine.travel(now() + work.KEEP_UPLOADS + timedelta(days=1)), app.app_context():
        work.forget()
    assert (counted(app, ImportRun), counted(app, StoredFile)) == (1, 0)
    with app.app_context():
        assert db.session.scalars(select(ImportRow.cells)).one() is not None
    with time_machine.travel(now() + work.KEEP_REFUSED + timedelta(days=1)), app.app_context():
        work.forget()
        assert db.session.scalars(select(ImportRow.cells)).one() is None


def test_an_upload_that_is_thrown_away_twice_at_once_is_gone_and_other_windows_are_told(cast: Cast, app: Flask) -> None:
    base = steps(cast, send(cast, sheet({})))
    number, found = newest(app).id, (303, 404)
    assert set(codes([poster(cast.browser(who), f"{base}/discard") for who in ("sam", "sofia", "sam")])) <= set(found)
    assert counted(app, ImportRun) == 0
    with app.app_context(), transaction():
        importing.discard(audit.OPERATOR, number)
    with app.app_context(), transaction(), pytest.raises(Overtaken):
        importing.ask(audit.OPERATOR, number, "started")


def test_a_long_dry_run_is_left_to_the_worker(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.nominations.views.imports.AT_ONCE", 2)
    base = steps(cast, send(cast, sheet(*({"Email Address": f"n{i}@example.org"} for i in range(3)))))
    sam = cast.browser("sam")
    location = sam.post(f"{base}/try").location
    assert "0 of 3 rows are done." in text_of(sam.get(location))
    assert sam.post(f"{base}/columns", columns()).location == location  # not while it is being read
    assert sam.post(f"{location}/go-on").status_code == 303
    run_jobs(app)
    assert sam.get(location, hx=True).headers["HX-Refresh"] == "true"
    assert [outcome for outcome, _ in outcomes(app)] == ["entered"] * 3
    assert counted(app) == 0


def test_the_pages_cost_the_same_for_1_and_30_rows(cast: Cast, app: Flask) -> None:
    sam = cast.browser("sam")
    costs = []
    for many in (1, 30):
        odd = ({"Relation": f"zoo {i}", "School": f"School {i}"} for i in range(many))
        rows = ({"Email Address": f"n{i}@example.org", **row} for i, row in enumerate(odd))
        base = steps(cast, send(cast, sheet(*rows)))
        counts = []
        for step in ("columns", "words", "words?all=1", "preview"):
            with statements(app) as seen:
                assert sam.get(f"{base}/{step}").status_code == 200
            counts.append(len([s for s in seen if s.startswith("SELECT")]))
        costs.append(counts)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 6


def test_only_organizers_see_the_steps(cast: Cast) -> None:
    base = steps(cast, send(cast, sheet({})))
    assert text_of(cast.browser("ada").get(base)).count("uploaded and not imported yet") == 1
    for who, expected in (("sofia", 200), ("ada", 403), ("chen", 404), ("vera", 404)):
        for step in ("columns", "words", "preview"):
            assert cast.browser(who).get(f"{base}/{step}").status_code == expected, (who, step)
        for step in ("try", "start", "discard", "columns", "words", "sheet"):
            if expected != 200:
                assert cast.browser(who).post(f"{base}/{step}").status_code == expected, (who, step)


def test_the_command_with_a_map_a_dry_run_and_the_failed_rows(cast: Cast, app: Flask, tmp_path: Path) -> None:
    export, choices = tmp_path / "export.csv", tmp_path / "map.toml"
    rows = [{"Relation": "zookeeper", "Timestamp": "3/4/2021 10:00"}, {"Email Address": "none"}]
    export.write_bytes(sheet(*rows).replace(b"Story", b"Text of it"))
    choices.write_text('zone = "America/Chicago"\norder = "day"\n[columns]\n"Text of it" = "story"\n"Your name" = ""\n'
                       '[words.relation]\nZookeeper = "leader"\n', encoding="utf-8")  # fmt: skip
    failed = tmp_path / "failed.xlsx"
    with app.app_context():
        base = [str(export), "--cycle", cast.cycle, "--map", str(choices), "--failed", str(failed)]
        said = CliRunner().invoke(command, [*base, "--dry-run"])
        assert said.exit_code == 0, said.output
        assert "A dry run, nothing entered." in said.output
        assert "1 entered (1 with remarks), 0 already in, 1 refused." in said.output
    assert (counted(app), counted(app, ImportRun)) == (0, 0)
    cells = load_workbook(failed).get_sheet_by_index(0).to_python()
    assert cells[1][1] == "none"
    with app.app_context():
        assert CliRunner().invoke(command, base).exit_code == 0
    one = stored(app)[0]
    assert (one.relation, one.nominator_name) == ("leader", "")
    assert one.submitted_at is not None
    assert one.submitted_at.isoformat() == "2021-04-03T15:00:00+00:00"
    choices.write_text('zone = "Mars"\ncolor = 1\n[columns]\nNone = "story"\nEducator = "hero"\n', encoding="utf-8")
    with app.app_context():
        wrong = str(CliRunner().invoke(command, base).exception)
    for part in ("“color” is not known", "no column “None”", "“hero” is no answer", "“Mars” is not a time zone"):
        assert part in wrong
    assert counted(app, ImportRun) == 1


def test_an_import_begun_by_an_earlier_version_goes_on(cast: Cast, app: Flask) -> None:
    send(cast, sheet({}))
    with app.app_context(), transaction() as s:
        run = s.get_one(ImportRun, newest(app).id)
        stored_file = s.get_one(StoredFile, run.stored_file_id)
        stored_file.path.write_bytes(sheet({}, {"Email Address": "b@example.org"}))  # the upload's own bytes
        run.state, run.columns, run.reading = "running", [[t, f] for t, f in run.columns if f], {}
    with app.app_context():
        work.work_through(newest(app).id)
        assert set(db.session.scalars(select(Nomination.nominator_email))) == {"rosa@example.org", "b@example.org"}
