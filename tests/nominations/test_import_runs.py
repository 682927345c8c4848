"""Imports through the page and the command: what enters, that twice adds nothing, the report, who may, long files."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from portal.core import audit
from portal.core.db import db, transaction
from portal.nominations import uploads
from portal.nominations.actions import importing
from portal.nominations.command import nominations as command
from portal.nominations.jobs import imports as work
from portal.nominations.models import ImportRow, ImportRun, Nomination, NomineeFile
from portal.programs.models import Cycle
from tests.cast import Cast, letters, run_jobs, text_of
from tests.statements import statements

EXPORT = Path(__file__).parent.parent / "cases" / "nominations-form-export.csv"
TITLES = ["Timestamp", "Email Address", "Educator", "School", "District", "Relation", "Story", "Your name",
          "May we share your name?"]  # fmt: skip
USUAL = ["position_missing", "date_missing", "short_story"]  # what is remarked about the usual row
STORY = "One long story of what she did for every child in the room."


def sheet(*rows: dict[str, str]) -> bytes:
    """An export of these rows (what differs from a usual one)."""
    usual = {"Educator": "Ada Lee", "School": "Cascade Elementary", "District": "aps", "Relation": "Colleague",
             "Story": STORY, "Your name": "Rosa", "Email Address": "rosa@example.org"}  # fmt: skip
    out = io.StringIO(newline="")
    csv.writer(out).writerow(TITLES)
    csv.writer(out).writerows([{**usual, **row}.get(title, "") for title in TITLES] for row in rows)
    return out.getvalue().encode()


def send(cast: Cast, content: bytes, who: str = "sam", name: str = "export.csv") -> Any:
    """Uploads a file; nothing enters yet."""
    browser = cast.browser(who)
    data = {"csrf_token": browser.token(), "sheet": (io.BytesIO(content), name)}
    return browser.client.post(f"/cycles/{cast.cycle}/imports", data=data, content_type="multipart/form-data")


def upload(cast: Cast, content: bytes, who: str = "sam", name: str = "export.csv") -> Any:
    """Uploads a file and imports it as it was guessed."""
    answer = send(cast, content, who, name)
    if answer.status_code != 303:
        return answer
    return cast.browser(who).post(answer.location.replace("/columns", "/start"))


def outcomes(app: Flask, run: int = -1) -> list[tuple[str, list[str]]]:
    """(outcome, codes of remarks) of each row of a run, in order; the newest run by default."""
    with app.app_context():
        runs = list(db.session.scalars(select(ImportRun).order_by(ImportRun.id)))
        rows = db.session.scalars(select(ImportRow).where(ImportRow.run_id == runs[run].id).order_by(ImportRow.line))
        return [(row.outcome, [code for code, _ in row.remarks]) for row in rows]


def counted(app: Flask, model: Any = Nomination) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def stored(app: Flask) -> list[Nomination]:
    with app.app_context():
        return list(db.session.scalars(select(Nomination).order_by(Nomination.id)))


def test_the_whole_export_by_the_command(cast: Cast, app: Flask, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    with app.app_context():
        cycle = db.session.get_one(Cycle, cast.cycle_id)
        said = CliRunner().invoke(command, [str(EXPORT), "--cycle", cycle.name, "--report", str(report)])
    assert said.exit_code == 0, said.output
    assert "237 entered (237 with remarks), 4 already in, 3 refused." in said.output
    assert counted(app) == 237
    with report.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert len(rows) == 245
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(2, 246)]
    assert {row[1] for row in rows[1:]} == {"Entered", "Already in", "Refused"}
    assert letters(app) == []
    with app.app_context():
        again = CliRunner().invoke(command, [str(EXPORT), "--cycle", cast.cycle])
        assert "0 entered (0 with remarks), 241 already in, 3 refused." in again.output
        assert db.session.scalar(select(func.count()).select_from(Nomination)) == 237
        assert set(db.session.scalars(select(Nomination.state))) == {"confirmed"}
        assert audit.verify()[1] == []
        # Same name and school, whatever the case, spaces, titles and accents: one file.
        same = select(NomineeFile.school_name).where(NomineeFile.name_key == "siobhan sorensen")
        found = db.session.scalars(same.where(NomineeFile.school_key != "")).all()
    assert len(found) == len({name.strip() for name in found}) == 3


def test_what_was_written_arrives_as_text(cast: Cast, app: Flask) -> None:
    with app.app_context():
        CliRunner().invoke(command, [str(EXPORT), "--cycle", cast.cycle])
        stories = set(db.session.scalars(select(Nomination.story)))
    assert '=HYPERLINK("http://example.com","click") my nomination' in stories
    assert "<b>Siobhán</b> & the robotics club <script>alert(1)</script> changed my life" in stories
    assert any("\n\nTheir students won at state." in story for story in stories)


def test_the_command_names_the_cycles_there_are(cast: Cast, app: Flask) -> None:
    with app.app_context():
        said = CliRunner().invoke(command, [str(EXPORT), "--cycle", "1999"])
    assert "There is no cycle “1999”." in str(said.exception)


def test_upload_and_report(cast: Cast, app: Flask) -> None:
    active = {"Educator": "=cmd()", "Email Address": "x@example.org"}
    answer = upload(cast, sheet({}, {}, {"Educator": "", "Your name": "=1+1"}, active))
    assert answer.status_code == 303
    browser = cast.browser("sam")
    page = browser.get(answer.location)
    assert "export.csv" in text_of(page)
    assert "The same row is already in." in text_of(page)
    assert "There is no educator's name." in text_of(page)
    only = browser.get(answer.location + "?show=refused")
    assert "There is no educator's name." in text_of(only)
    assert "The same row is already in." not in text_of(only)
    download = browser.get(answer.location + "/report.csv")
    assert download.headers["Content-Type"].startswith("text/csv")
    assert "\r\n5,Entered,'=cmd()," in download.get_data(as_text=True)
    assert outcomes(app) == [
        ("entered", USUAL),
        ("already in", ["repeat"]),
        ("refused", ["no_educator"]),
        ("entered", USUAL),
    ]
    assert "export.csv" in text_of(browser.get(f"/cycles/{cast.cycle}/imports"))
    assert letters(app) == []


def test_remarks_count_and_date_as_people_speak(cast: Cast) -> None:
    short = {"Story": "Wonderful.", "Timestamp": "1/2/2020 10:00"}
    where = upload(cast, sheet(short, {"Story": "word " * 1200, "Email Address": "b@example.org"})).location
    english, spanish = (text_of(cast.browser("sam").get(f"{where}?lang={each}")) for each in ("en", "es"))
    assert "The story is short (one word)." in english
    assert "It was written on Thursday, January 2, 2020, when" in english
    assert "The story is long (1,200 words)." in english
    assert "La historia es corta (una palabra)." in spanish
    assert "jueves, 2 de enero de 2020" in spanish


def test_a_school_is_found_by_a_short_form_though_no_row_has_its_whole_name(cast: Cast, app: Flask) -> None:
    names = ("Cascade ES", "Cascade Elem. School", "CASCADE", "Cascade HS", "School")
    rows = [{"School": name, "Email Address": f"{at}@example.org"} for at, name in enumerate(names)]
    assert upload(cast, sheet(*rows)).status_code == 303
    cascade = cast.school_ids["Cascade Elementary"]
    assert [n.school_id for n in stored(app)] == [cascade, cascade, None, None, None]
    assert [n.school_name for n in stored(app)] == list(names), "what was written stays"
    beside = {"School": "Cascade Elementary", "Email Address": "5@example.org"}
    assert upload(cast, sheet({**rows[0], "Email Address": "6@example.org"}, beside)).status_code == 303
    assert [n.school_id for n in stored(app)[-2:]] == [cascade, cascade], "also beside the whole name"


def test_blank_sharing_means_no_and_import_counts_as_confirmed(cast: Cast, app: Flask) -> None:
    upload(cast, sheet({}, {"Email Address": "b@example.org", "May we share your name?": "yes"}))
    assert [(n.sharing, n.state, n.source) for n in stored(app)] == [
        ("no", "confirmed", "import"), ("yes", "confirmed", "import"),
    ]  # fmt: skip


def test_a_second_row_by_the_same_person_keeps_the_longer_story(cast: Cast, app: Flask) -> None:
    longer, longest = f"{STORY} And more.", f"{STORY} And more, and more."
    rows = [{}, {"Story": longer}, {"Story": "Short."}, {"Story": longest, "Educator": "Dr. ada  LÉE"}]
    for _time in range(2):
        upload(cast, sheet(*rows))
    assert counted(app) == 1
    assert stored(app)[0].story == longest
    assert [row["Story"] for row in stored(app)[0].answers["other_rows"]] == [longer, "Short.", longest]
    assert outcomes(app, 0) == [
        ("entered", USUAL),
        ("already in", ["longer_kept"]),
        ("already in", ["same_person"]),
        ("already in", ["longer_kept"]),
    ]
    assert [outcome for outcome, _ in outcomes(app)] == ["already in"] * 4


def test_who_wrote_on_the_form_keeps_their_words(cast: Cast, app: Flask) -> None:
    upload(cast, sheet({}))
    with app.app_context(), transaction() as s:
        s.get_one(Nomination, stored(app)[0].id).source = "form"
    upload(cast, sheet({"Story": STORY * 3}))
    assert outcomes(app) == [("already in", ["own_form"])]
    assert stored(app)[0].story == STORY


def test_without_a_school_nothing_is_joined(cast: Cast, app: Flask) -> None:
    blank = {"School": ""}
    upload(cast, sheet({}, blank | {"Email Address": "b@example.org"}, blank | {"Email Address": "c@example.org"}))
    assert counted(app, NomineeFile) == 3
    upload(cast, sheet(blank | {"Email Address": "c@example.org", "Story": "Something else."}))
    assert (counted(app), counted(app, NomineeFile)) == (3, 3)


def test_a_grown_export_adds_only_what_is_new(cast: Cast, app: Flask) -> None:
    upload(cast, sheet({}))
    upload(cast, sheet({}, {"Email Address": "new@example.org"}))
    assert [outcome for outcome, _ in outcomes(app)] == ["already in", "entered"]
    assert (counted(app), counted(app, NomineeFile)) == (2, 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04", "This can't be read as a workbook"),
        (b"%PDF-1.7 and so on", "The file can't be read as a table."),
    ],
)
def test_a_file_that_cannot_be_read_is_said_at_its_field(cast: Cast, app: Flask, content: bytes, words: str) -> None:
    answer = upload(cast, content)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert counted(app, ImportRun) == 0


def test_no_file_chosen(cast: Cast) -> None:
    answer = cast.browser("sam").post(f"/cycles/{cast.cycle}/imports")
    assert answer.status_code == 422
    assert "Choose the file that your form exported." in text_of(answer)


def test_stopped_midway_it_goes_on_without_a_double(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 3)
    content = sheet(*({"Email Address": f"n{i}@example.org"} for i in range(10)))
    with app.app_context():
        run = uploads.take(audit.OPERATOR, db.session.get_one(Cycle, cast.cycle_id), content, "long.csv")
        run_id, rows = run.id, uploads.cleaned(run)
        work.begin(audit.OPERATOR, run_id, "started")
        with transaction():
            assert importing.enter_some(audit.OPERATOR, run_id, rows) is True
        with pytest.raises(RuntimeError), transaction():  # killed inside the next chunk
            importing.enter_some(audit.OPERATOR, run_id, rows)
            raise RuntimeError
    assert counted(app) == 3
    public_id = run_public_id(app)
    page = text_of(cast.browser("sam").get(f"/imports/{public_id}"))
    assert "3 of 10 rows are done." in page
    run_jobs(app)  # the worker's own copy of the work
    assert counted(app) == 10
    assert cast.browser("sam").post(f"/imports/{public_id}/go-on").status_code == 303
    assert (counted(app), counted(app, ImportRow)) == (10, 10)


def run_public_id(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(ImportRun.public_id).order_by(ImportRun.id.desc()).limit(1)).one()


def test_a_long_file_is_left_to_the_worker(cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.nominations.views.imports.AT_ONCE", 2)
    answer = upload(cast, sheet(*({"Email Address": f"n{i}@example.org"} for i in range(3))))
    assert counted(app) == 0
    browser = cast.browser("sam")
    assert "0 of 3 rows are done." in text_of(browser.get(answer.location))
    run_jobs(app)
    assert counted(app) == 3
    assert browser.get(answer.location, hx=True).headers["HX-Refresh"] == "true"


def test_the_upload_itself_is_not_kept(cast: Cast, app: Flask) -> None:
    upload(cast, sheet({}))
    folder = Path(app.config["PORTAL"].data) / "files"
    assert [path for path in folder.rglob("*") if path.is_file() and b"rosa@example.org" in path.read_bytes()] == []


def test_the_cost_of_a_row_does_not_grow(cast: Cast, app: Flask) -> None:
    """Twice as many rows cost at most twice as many statements, also when many are in: no row looks at the others."""
    upload(cast, sheet({}))  # the educator's file is there from now on
    costs = []
    for n, many in enumerate((10, 20, 40)):
        with statements(app) as seen:
            upload(cast, sheet(*({"Email Address": f"n{n}-{i}@example.org"} for i in range(many))))
        costs.append(len(seen))
    assert counted(app) == 71
    assert costs[2] - costs[1] <= 2 * (costs[1] - costs[0]) + 2


@pytest.mark.parametrize(
    ("who", "seeing", "importing_it"),
    [
        ("sofia", 200, 422),
        ("ada", 200, 403),
        ("chen", 404, 404),
        ("priya", 404, 404),
        ("wanda", 404, 404),
        ("vera", 404, 404),
    ],
)
def test_who_may(cast: Cast, who: str, seeing: int, importing_it: int) -> None:
    location = upload(cast, sheet({})).location
    browser = cast.browser(who)
    for url in (f"/cycles/{cast.cycle}/imports", location, f"{location}/report.csv"):
        assert browser.get(url).status_code == seeing, url
    assert browser.post(f"/cycles/{cast.cycle}/imports").status_code == importing_it
    assert browser.post(f"{location}/go-on").status_code == (303 if importing_it == 422 else importing_it)


def test_the_organizer_of_another_program_meets_nothing(cast: Cast, app: Flask) -> None:
    location = upload(cast, sheet({})).location
    other = Cast(app, slug="other")
    other.people = {}
    stranger = other.browser("olga")
    other.grant("olga", "organizer")
    for url in (f"/cycles/{cast.cycle}/imports", location, f"{location}/report.csv"):
        assert stranger.get(url).status_code == 404
    assert stranger.get(f"/cycles/{other.cycle}/imports").status_code == 200


def test_pages_of_imports_cost_the_same_for_1_and_30_rows(cast: Cast, app: Flask) -> None:
    few = upload(cast, sheet({})).location
    many = upload(cast, sheet(*({"Email Address": f"n{i}@example.org"} for i in range(30)))).location
    browser = cast.browser("sam")
    counts = []
    for url in (few, many, f"/cycles/{cast.cycle}/imports"):
        with statements(app) as seen:
            assert browser.get(url).status_code == 200
        counts.append(len([s for s in seen if s.startswith("SELECT")]))
    assert counts[0] == counts[1]
    assert max(counts) <= 6
