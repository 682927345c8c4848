"""Files of schools: what a file changes, by command and page; that ids keep schools the same; long files; mistakes."""

import csv
import io
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal.core import audit
from portal.core.db import db, transaction
from portal.programs import queries
from portal.programs.jobs import schools as work
from portal.programs.models import District, School, SchoolImport, SchoolWord
from portal.programs.schools_command import schools as command
from tests.cast import Cast, run_jobs, text_of
from tests.statements import statements

CCD = [
    "SCHOOL_YEAR",
    "LEA_NAME",
    "LEAID",
    "SCH_NAME",
    "NCESSCH",
    "MCITY",
    "LCITY",
    "SY_STATUS_TEXT",
    "CHARTER_TEXT",
    "LEVEL",
]
COBB = {"LEA_NAME": "Cobb County", "LEAID": "1301290"}
APS = {"LEA_NAME": "Atlanta Public Schools", "LEAID": "1300120"}


def row(name: str, number: int, place: dict[str, str], **more: str) -> dict[str, str]:
    usual = {"SCH_NAME": name, "NCESSCH": f"{place['LEAID']}{number:05}", "LCITY": "MARIETTA", "MCITY": "Elsewhere",
             "SY_STATUS_TEXT": "Open", "CHARTER_TEXT": "No", "LEVEL": "High"}  # fmt: skip
    return {**usual, **place, **more}


FIRST = [
    row("Old Mill HS", 1, COBB),
    row("LANTERN HILL ELEMENTARY", 2, COBB, LEVEL="Elementary", CHARTER_TEXT="Yes"),
    row("Gone Before", 3, COBB, SY_STATUS_TEXT="Closed"),
    row("Maynard High School", 1, APS),
    row("Peña Middle", 2, APS, LEVEL="Middle"),
    row("New Place", 1, {"LEA_NAME": "Clayton County", "LEAID": "1301230"}),
]


def sheet(rows: list[dict[str, str]], columns: list[str] = CCD) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(columns)
    csv.writer(out).writerows([each.get(column, "") for column in columns] for each in rows)
    return out.getvalue().encode()


def upload(cast: Cast, content: bytes, who: str = "sam", **more: str) -> Any:
    browser = cast.browser(who)
    data = {"csrf_token": browser.token(), "sheet": (io.BytesIO(content), "schools.csv"), **more}
    return browser.client.post(f"/awards/{cast.slug}/schools/imports", data=data, content_type="multipart/form-data")


def here(cast: Cast) -> dict[str, tuple[str, bool]]:
    """Name -> (district, open) of every school."""
    with cast.app.app_context():
        rows = db.session.execute(select(School, District).join(District).where(School.program_id == cast.program_id))
        return {school.name: (district.name, school.closed_at is None) for school, district in rows}


def newest(cast: Cast) -> SchoolImport:
    with cast.app.app_context():
        return db.session.scalars(select(SchoolImport).order_by(SchoolImport.id.desc())).first()


def test_a_file_is_shown_first_and_changes_the_directory_when_somebody_says_so(cast):
    before = here(cast)
    sam = cast.browser("sam")
    answer = upload(
        cast, sheet([*FIRST, row("", 9, COBB), row("Old Mill HS", 1, COBB), row("X", 7, COBB, NCESSCH="1.3E+11")])
    )
    assert answer.status_code == 303
    page = sam.get(answer.location).get_data(as_text=True)
    assert here(cast) == before
    told = newest(cast)
    # Maynard High School is known by its name and gets its id; Old Mill is written otherwise and stays as it is.
    assert told.plan["counts"] == {"made": 1, "added": 4, "changed": 1, "reopened": 0, "closed": 0, "refused": 3,
                                   "same": 0, "skipped": 1}  # fmt: skip
    assert "Write 5 schools" in page
    assert "A row above has the same id." in page
    sheet_of_refused = sam.get(f"{answer.location}/refused.csv").get_data(as_text=True)
    assert "keep them as text" in sheet_of_refused
    assert sam.post(f"{answer.location}/apply").status_code == 303
    now = here(cast)
    assert now["Lantern Hill Elementary"] == ("Cobb County", True)
    assert now["New Place"] == ("Clayton County", True)
    assert "Gone Before" not in now
    assert set(before) <= set(now)
    with cast.app.app_context():
        found = queries.schools_matching(cast.program_id, "lantern es marietta")
        assert [(s.level, s.city, s.charter, s.nces_id) for s in found] == [
            ("elementary", "Marietta", True, "130129000002")
        ]
        assert db.session.scalar(select(District.nces_id).where(District.key == "cobb")) == "1301290"
        assert audit.verify()[1] == []
    # The second press of the button and the same file again change nothing.
    assert sam.post(f"{answer.location}/apply").status_code == 409
    again = upload(cast, sheet(FIRST))
    assert "already says what the file says" in text_of(sam.get(again.location))
    assert newest(cast).plan["counts"]["same"] == 5
    assert sam.post(f"{again.location}/discard").status_code == 303


def test_the_same_id_is_the_same_school_and_a_missing_one_is_closed(cast):
    apply(cast, sheet(FIRST))
    moved = row("Peña Middle School", 2, APS, LEVEL="Middle", LEAID="1301290", LEA_NAME="Cobb County")
    second = [row("Old Mill High School of Arts", 1, COBB), row("Maynard High School", 1, APS), moved]
    apply(cast, sheet(second))
    now = here(cast)
    assert now["Old Mill High School of Arts"] == ("Cobb County", True)
    assert "Old Mill HS" not in now
    assert now["Peña Middle School"] == ("Cobb County", True)
    assert now["Lantern Hill Elementary"] == ("Cobb County", False)
    assert now["New Place"] == ("Clayton County", True)  # its district is not in the file
    assert now["Powder Mill Middle School"] == ("Cobb County", True)  # never had an id
    with cast.app.app_context():
        find = lambda typed: [s.name for s in queries.schools_matching(cast.program_id, typed)]  # noqa: E731
        assert find("old mill arts") == ["Old Mill High School of Arts"]
        assert find("lantern") == []
        words = set(
            db.session.scalars(
                select(SchoolWord.word)
                .join(School, School.id == SchoolWord.school_id)
                .where(School.name.like("%of Arts"))
            )
        )
        assert words == set(db.session.scalar(select(School).where(School.name.like("%of Arts"))).words)
    apply(cast, sheet(FIRST))
    assert here(cast)["Lantern Hill Elementary"] == ("Cobb County", True)  # opened again


def test_what_a_plan_did_not_show_waits_to_be_seen(cast):
    sam, before = cast.browser("sam"), here(cast)
    first, second = (upload(cast, sheet(rows)).location for rows in ([FIRST[0]], FIRST[1:2]))
    assert sam.post(f"{first}/apply").status_code == 303
    assert "0 closed" in text_of(sam.get(second)), "as it was compared before the first was written"
    assert sam.post(f"{second}/apply").status_code == 303
    page = text_of(sam.get(second))
    assert "The directory has changed since this file was compared" in page
    assert "1 closed" in page
    assert set(here(cast)) == {*before, "Old Mill HS"}, "nothing that nobody was shown"
    assert sam.post(f"{second}/apply").status_code == 303
    assert "What has changed" in text_of(sam.get(second))
    assert here(cast)["Old Mill HS"] == ("Cobb County", False)
    with cast.app.app_context():
        assert audit.verify()[1] == []


def apply(cast: Cast, content: bytes, **more: str) -> None:
    place = upload(cast, content, **more).location
    assert cast.browser("sam").post(f"{place}/apply").status_code == 303
    assert newest(cast).state == "applied"


def test_districts_that_are_not_ours_can_be_left_out(cast):
    apply(cast, sheet(FIRST), known_only="y")
    assert "New Place" not in here(cast)
    assert newest(cast).plan["counts"]["skipped"] == 2


def test_a_long_file_is_the_workers_and_two_at_once_do_it_once(cast, monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE", 10)
    monkeypatch.setattr(work.actions, "CHUNK", 2)
    place = upload(cast, sheet(FIRST)).location
    sam = cast.browser("sam")
    page = sam.get(place, hx=True)
    assert "being compared" in page.get_data(as_text=True)
    assert run_jobs(cast.app) == 1
    assert sam.get(place, hx=True).headers["HX-Refresh"] == "true"
    assert sam.post(f"{place}/apply").status_code == 303
    assert "0 of 5 schools" in text_of(sam.get(place))
    run = newest(cast)
    write, held_up = work.actions.add_schools, []

    def interrupted(*args: Any) -> None:
        """After the first piece another worker takes the import up and ends it."""
        if held_up == [None]:
            held_up.append(run.id)
            raise RuntimeError("killed")
        held_up.append(None)
        write(*args)

    monkeypatch.setattr(work.actions, "add_schools", interrupted)
    with pytest.raises(RuntimeError):
        run_jobs(cast.app)
    assert newest(cast).done_rows == 3
    monkeypatch.setattr(work.actions, "add_schools", write)
    assert sam.post(f"{place}/go-on").status_code == 303
    assert newest(cast).state == "applied"
    assert len(here(cast)) == 4 + 4


@pytest.mark.parametrize(
    "content", [sheet(FIRST), b"SCH_NAME,LEA_NAME\n" + b"A school,Cobb\n" * 40], ids=["good", "bad"]
)
def test_a_comparison_that_ends_late_changes_nothing_of_what_another_did(cast, monkeypatch, content):
    """The operator's command compares while the worker does, and is at the writing when the worker has done."""
    monkeypatch.setattr(work.actions, "CHUNK", 2)
    read = work.read_schools
    with cast.app.app_context():
        program = queries.program_by_slug(cast.slug)
        with monkeypatch.context() as patch:
            patch.setattr(work, "plan", lambda _run_id: None)
            run_id = work.start(audit.OPERATOR, program, content, "ccd.csv")
        monkeypatch.setattr("portal.programs.directory.read.MOST_ROWS", 20)

        def slow(given: bytes) -> Any:
            monkeypatch.setattr(work, "read_schools", read)
            work.plan(run_id)
            run = db.session.get_one(SchoolImport, run_id)
            if run.state == "planned":
                with transaction():
                    work.actions.start(audit.OPERATOR, run)
            return read(given)

        monkeypatch.setattr(work, "read_schools", slow)
        run_jobs(cast.app)
        db.session.rollback()
        run = db.session.get_one(SchoolImport, run_id, populate_existing=True)
        assert run.state == ("applying" if content == sheet(FIRST) else "failed")


def test_the_command_says_why_a_file_cannot_be_read_after_all(cast, tmp_path, monkeypatch):
    monkeypatch.setattr("portal.programs.directory.read.MOST_ROWS", 2000)
    file = tmp_path / "ccd.csv"
    file.write_bytes(sheet([row(f"School {n}", n, COBB) for n in range(3000)]))
    with cast.app.app_context():
        done = CliRunner().invoke(command, [str(file), "--program", cast.slug])
    assert "rows" in str(done.exception), done.output
    assert "faster" not in str(done.exception)


def test_the_command_says_what_would_change_and_then_changes_it(cast, tmp_path):
    file = tmp_path / "ccd.csv"
    file.write_bytes(sheet([*FIRST, row("Bad", 5, COBB, LEAID="A7")]))
    with cast.app.app_context():
        dry = CliRunner().invoke(command, [str(file), "--program", cast.slug, "--dry-run"])
        assert dry.exit_code == 0, dry.output
        assert "4 added, 1 changed" in dry.output
        assert "Clayton County" in dry.output
        assert "Row 8" in dry.output
        assert "Nothing was changed" in dry.output
        done = CliRunner().invoke(command, [str(file), "--only-our-districts"])
        assert "3 added, 1 changed" in done.output, done.output
    assert "New Place" not in here(cast)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"a,b\n1,2\n", "must name a column with the schools (SCH_NAME)"),
        (b"PK\x03\x04 and so on", "This is a workbook or an archive."),
    ],
)
def test_a_file_that_is_no_list_of_schools_is_refused_in_a_sentence(cast, content, said):
    answer = upload(cast, content)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_columns_of_other_years_and_of_a_hand_made_file(cast):
    older = [{"LEANM": "Cobb County", "LEAID": "1301290", "SCHNAM": "Oak HS", "NCESSCH": "130129000077", "LEVEL": "3",
              "CHARTR": "1", "LCITY": "Acworth", "STATUS": "1"}]  # fmt: skip
    apply(cast, sheet(older, list(older[0])))
    generated = [{"School Name": "Elm MS", "Agency Name [Public School] 2022-23": "Cobb", "Agency ID - NCES Assigned"
                  " [Public School] Latest available year": '="1301290"', "School ID - NCES Assigned [Public School]"
                  " Latest available year": '="130129000078"'}]  # fmt: skip
    apply(cast, sheet(generated, list(generated[0])))
    own = [{"district": "cobb", "name": "Hand School", "city": "Marietta"}]
    apply(cast, sheet(own, list(own[0])))
    now = here(cast)
    assert now["Elm MS"] == now["Hand School"] == ("Cobb County", True)
    assert now["Oak HS"] == ("Cobb County", False)  # the second file names another school of its district
    assert {s for s in now if not now[s][1]} == {"Oak HS"}


def test_who_may_and_how_much_it_asks(cast):
    assert upload(cast, sheet(FIRST), "ada").status_code == 403
    assert upload(cast, sheet(FIRST), "vera").status_code == 404
    place = upload(cast, sheet(FIRST)).location
    assert cast.browser("ada").get(place).status_code == 200
    assert cast.browser("ada").post(f"{place}/apply").status_code == 403
    sam = cast.browser("sam")
    with statements(cast.app) as seen:
        assert sam.get(place).status_code == 200
    assert len(seen) <= 6
