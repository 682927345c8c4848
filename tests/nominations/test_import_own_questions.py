"""Columns of an export that answer the organizers' own questions: guessed, chosen, read as on the form, remembered."""

import csv
import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from portal.core.db import db
from portal.nominations.command import nominations as command
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.sheet import answerable, propose, read_book
from portal.nominations.sheet.own import Cells
from portal.nominations.sheet.words import moment_of
from portal.questions import actions
from portal.questions.shape import Option, Question
from tests.cast import Cast, both, text_of
from tests.nominations.test_import_runs import counted, outcomes, send, stored, upload
from tests.nominations.test_import_sheet import ZONE
from tests.nominations.test_import_steps import newest, steps, workbook
from tests.questions.asking import act, add, asked, form
from tests.statements import statements

KINDS = ("line", "text", "choice", "choices", "scale", "number", "date", "school", "link", "file", "statement")
LABELS = {kind: f"Their very own {kind}" for kind in KINDS}
CLUBS = (Option("chess", {"en": "Chess", "es": "Ajedrez"}), Option("band", {"en": "Band, choir, or both", "es": ""}),
         Option("o3", {"en": "Robotics", "es": "Robótica"}))  # fmt: skip
LIMITS: dict[str, Any] = {"scale": {"low": 0, "high": 5}, "number": {"low": 1, "high": 40},
                          "statement": {"required": True}, "choice": {"options": CLUBS},
                          "choices": {"options": CLUBS}}  # fmt: skip
GOOD = {"line": "One  line", "text": "Two\r\nlines", "choice": "ajedrez", "choices": "Robotics;chess", "scale": "4",
        "number": "1,2", "date": "5/9/2026", "school": "Cascade", "link": "example.org/x",
        "statement": "Yes"}  # fmt: skip
KEPT = {"line": "One line", "text": "Two\nlines", "choice": "chess", "choices": ["chess", "o3"], "scale": "4",
        "number": "1,2", "date": "2026-05-09", "school": "Cascade", "link": "https://example.org/x",
        "statement": "yes"}  # fmt: skip
FIRST = ["Educator", "Email Address", "Story", "School"]
TOLD = ["Ada Lee", "rosa@example.org", "One long story of what she did for them all.", "Cascade Elementary"]


def question(kind: str) -> Question:
    return replace(asked(kind, label=LABELS[kind], **LIMITS.get(kind, {})), key=f"q_{kind}")


@pytest.fixture
def keys(cast: Cast) -> dict[str, str]:
    """One question of each kind; {kind: key}."""
    return dict(zip(KINDS, add(cast, *(replace(question(kind), key="") for kind in KINDS)), strict=True))


def export(*rows: dict[str, str], **titles: str) -> bytes:
    """An export with a column for each kind but files, called by its label or as `titles` say."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([*FIRST, *(titles.get(kind, LABELS[kind]) for kind in GOOD)])
    for at, row in enumerate(rows):
        told = [TOLD[0], f"n{at}@example.org", *TOLD[2:]]
        csv.writer(out).writerow([*told, *({**GOOD, **row}[kind] for kind in GOOD)])
    return out.getvalue().encode()


def given(nomination: Nomination, keys: dict[str, str]) -> dict[str, Any]:
    return {kind: nomination.said[key]["a"] for kind, key in keys.items() if key in nomination.said}


@pytest.mark.parametrize(("kind", "written", "answer", "unread"), [
    ("choice", "CHESS", "chess", ""), ("choice", "band, choir, or both", "band", ""), ("choice", "o3", "o3", ""),
    ("choice", "Golf", "", "Golf"), ("choice", "", "", ""),
    ("choices", "Robótica\r\nchess", ["chess", "o3"], ""), ("choices", "Chess, Robotics", ["chess", "o3"], ""),
    ("choices", "Band, choir, or both, Golf; ", ["band"], "Golf"), ("choices", " ; ", [], ""),
    ("scale", "0", "0", ""), ("scale", "5.0", "5", ""), ("scale", "6", "", "6"), ("scale", "4.5", "", "4.5"),
    ("number", "40", "40", ""), ("number", "40.5", "", "40.5"), ("number", "forty", "", "forty"),
    ("date", "2026-05-09", "2026-05-09", ""), ("date", "9 de mayo de 2026", "2026-05-09", ""),
    ("date", "2026-05-09 00:00:00", "2026-05-09", ""), ("date", "13/5/2026", "2026-05-13", ""),
    ("date", "soon", "", "soon"),
    ("link", "https://example.org", "https://example.org", ""), ("link", "none yet", "", "none yet"),
    ("link", f"https://example.org/{'x' * 500}", "", f"https://example.org/{'x' * 500}"),
    ("statement", "x", "yes", ""), ("statement", "Acepto", "yes", ""), ("statement", "No", "", ""),
    ("statement", "TRUE", "yes", ""), ("statement", "", "", ""), ("statement", "perhaps", "", "perhaps"),
    ("text", " a\r\n b ", "a\n b", ""), ("school", " Old  Mill ", "Old Mill", ""), ("line", "\x07", "", ""),
])  # fmt: skip
def test_a_cell_is_read_as_the_form_reads(kind: str, written: str, answer: Any, unread: str) -> None:
    assert Cells(question(kind)).read(written, lambda text: moment_of(text, ZONE)) == (answer, unread)


@pytest.mark.parametrize(("title", "field"), [
    ("Where did THEY grow up?", "q_1"), ("12. Where did they grow up", "q_1"), ("¿Dónde creció?", "q_1"),
    ("What school is the educator known at", "q_2"), ("School", "school"), ("Grow up", ""),
])  # fmt: skip
def test_a_column_is_known_by_the_label_in_either_language(title: str, field: str) -> None:
    own = [Question("q_1", "story", "line", {"en": "Where did they grow up?", "es": "¿Dónde creció?"}),
           Question("q_2", "story", "line", both("What school is {educator} known at?"))]  # fmt: skip
    table = read_book(f"{title},Other\n1,2\n".encode()).table()
    assert propose(table, questions=own).fields == (field, "")


def test_only_what_a_sheet_can_answer_is_offered() -> None:
    told = [question(kind) for kind in KINDS]
    more = [replace(told[0], retired=True), replace(told[0], fixed=True), replace(told[-1], required=False)]
    assert [q.kind for q in answerable([*told, *more])] == [kind for kind in KINDS if kind != "file"]


def test_own_answers_enter_by_the_pages(cast: Cast, app: Flask, keys: dict[str, str]) -> None:
    base = steps(cast, send(cast, export(GOOD, {"number": "lots", "choices": "Chess;Golf", "line": "x" * 400})))
    sam = cast.browser("sam")
    page = sam.get(f"{base}/columns").get_data(as_text=True)
    assert 'optgroup label="Your own questions"' in page
    assert page.count("Our guess: Their very own") == 10
    assert f'value="{keys["file"]}"' not in page
    fields = {f"column_{at}": name for at, (_title, name) in enumerate(newest(app).columns)}
    how = {"zone": "America/New_York", "order": "month"}
    twice = text_of(sam.post(f"{base}/columns", {**fields, **how, "column_4": keys["text"]}))
    assert "Two columns are read as “Their very own text”." in twice
    assert sam.post(f"{base}/columns", {**fields, **how}).status_code == 303
    shown = text_of(sam.get(f"{base}/preview"))
    for words in ("Their very own choices Chess, Robotics", "4 of 5", "May 9, 2026",
                  "Their very own statement Confirmed",
                  "“lots” can't be read as an answer to “Their very own number”. It is kept as it was written.",
                  "“Golf” can't be read as an answer to “Their very own choices”."):  # fmt: skip
        assert words in shown
    report = text_of(sam.get(sam.post(f"{base}/start").location))
    assert "Their very own link" in report
    assert "Answer not readable 2" in report.replace("\n", " ")
    first, second = stored(app)
    assert given(first, keys) == KEPT
    assert {answer["v"] for answer in first.said.values()} == {1}
    assert given(second, keys) == {**{k: v for k, v in KEPT.items() if k != "number"}, "line": "x" * 300,
                                   "choices": ["chess"]}  # fmt: skip
    assert second.answers["row"][LABELS["number"]] == "lots"
    assert [code for code in outcomes(app)[1][1] if code in ("own_unread", "cut")] == [
        "cut",
        "own_unread",
        "own_unread",
    ]
    file = text_of(sam.get(f"/files/{first_file(app)}"))
    assert "Their very own choices Chess, Robotics" in file
    upload(cast, export(GOOD, {"number": "lots", "choices": "Chess;Golf", "line": "x" * 400}))
    assert ([outcome for outcome, _ in outcomes(app)], counted(app)) == (["already in", "already in"], 2)


def first_file(app: Flask) -> str:
    with app.app_context():
        return str(db.session.get_one(NomineeFile, stored(app)[0].file_id).public_id)


def test_the_mapping_is_remembered_until_the_question_is_asked_no_more(
    cast: Cast, app: Flask, keys: dict[str, str]
) -> None:
    base = steps(cast, send(cast, export(GOOD, line="Zzz")))
    sam = cast.browser("sam")
    fields = {f"column_{at}": name for at, (_title, name) in enumerate(newest(app).columns)}
    assert fields["column_4"] == ""
    how = {"zone": "America/New_York", "order": "month", "column_4": keys["line"]}
    sam.post(f"{base}/columns", {**fields, **how})
    done = sam.post(f"{base}/start").location
    send(cast, export(GOOD, line="Zzz"))
    assert dict(newest(app).columns)["Zzz"] == keys["line"]
    reworded = replace(form(cast).get(keys["text"]) or question("text"), label=both("In other words"))
    act(cast, actions.change, reworded)
    act(cast, actions.remove, keys["line"])
    upload(cast, export({"text": "New"}, {"text": "New"}, line="Zzz"))
    assert dict(newest(app).columns)["Zzz"] == ""
    last = stored(app)[-1]
    assert keys["line"] not in last.said
    assert last.said[keys["text"]] == {"v": 2, "a": "New"}
    assert "Their very own line" in text_of(sam.get(done)), "the report of the earlier import still names it"


def test_a_question_that_is_new_since_finds_its_column(cast: Cast, app: Flask) -> None:
    upload(cast, export(GOOD))
    (line,) = add(cast, replace(question("line"), key=""))
    base = steps(cast, send(cast, export(GOOD)))
    assert dict(newest(app).columns)[LABELS["line"]] == line
    fields = {f"column_{at}": name for at, (_title, name) in enumerate(newest(app).columns)}
    left = {**fields, "column_4": "", "zone": "America/New_York", "order": "month"}
    cast.browser("sam").post(f"{base}/columns", left)
    cast.browser("sam").post(f"{base}/start")
    (number,) = add(cast, replace(question("number"), key=""))
    send(cast, export(GOOD))
    told = dict(newest(app).columns)
    assert (told[LABELS["line"]], told[LABELS["number"]]) == ("", number), "what was left out by choice stays out"


def test_an_upload_that_names_a_question_since_retired_goes_on(cast: Cast, app: Flask, keys: dict[str, str]) -> None:
    base = steps(cast, send(cast, export(GOOD)))
    act(cast, actions.remove, keys["date"])
    sam = cast.browser("sam")
    assert [sam.get(f"{base}/{step}").status_code for step in ("columns", "preview")] == [200, 200]
    sam.post(f"{base}/start")
    assert given(stored(app)[0], keys) == {kind: answer for kind, answer in KEPT.items() if kind != "date"}


def test_a_workbook_s_own_cells(cast: Cast, app: Flask, keys: dict[str, str]) -> None:
    cells = [*TOLD, 4, 12, datetime(2026, 5, 9), True]
    titles = [*FIRST, *(LABELS[kind] for kind in ("scale", "number", "date", "statement"))]
    upload(cast, workbook(("Sheet", [titles, cells])), name="book.xlsx")
    assert given(stored(app)[0], keys) == {"scale": "4", "number": "12", "date": "2026-05-09", "statement": "yes"}


def test_the_command_maps_by_wording_or_key(cast: Cast, app: Flask, keys: dict[str, str], tmp_path: Path) -> None:
    path, choices = tmp_path / "export.csv", tmp_path / "map.toml"
    path.write_bytes(export(GOOD, line="A", number="B", scale="C"))
    choices.write_text(f'[columns]\nA = "THEIR very own line"\nB = "{keys["number"]}"\n', encoding="utf-8")
    base = [str(path), "--cycle", cast.cycle, "--map", str(choices)]
    with app.app_context():
        said = CliRunner().invoke(command, base)
    assert said.exit_code == 0, said.output
    assert given(stored(app)[0], keys) == {kind: answer for kind, answer in KEPT.items() if kind != "scale"}
    choices.write_text('[columns]\nA = "Their very own file"\n', encoding="utf-8")
    with app.app_context():
        wrong = str(CliRunner().invoke(command, base).exception)
        again = CliRunner().invoke(command, base[:3])
    assert "“Their very own file” is no answer; there are: " in wrong
    assert f"{keys['line']} (Their very own line)" in wrong
    assert "0 entered (0 with remarks), 1 already in, 0 refused." in again.output


def test_the_cost_does_not_grow_with_the_questions(cast: Cast, app: Flask) -> None:
    sam = cast.browser("sam")

    def costs(content: bytes) -> list[int]:
        found, base = [], steps(cast, send(cast, content))
        for call in (lambda: sam.get(f"{base}/columns"), lambda: sam.get(f"{base}/preview"),
                     lambda: sam.post(f"{base}/start"), lambda: sam.get(base)):  # fmt: skip
            with statements(app) as seen:
                assert call().status_code in (200, 303)
            found.append(len(seen))
        return found

    upload(cast, export(GOOD))  # the educator's file is there from now on
    rows = [GOOD] * 20
    bare = costs(export(*rows).replace(b"@example.org", b"@a.example.org"))
    add(cast, *(replace(question(kind), key="") for kind in KINDS))
    asked_ten = costs(export(*rows).replace(b"@example.org", b"@b.example.org"))
    assert asked_ten == bare
    assert len(stored(app)[-1].said) == len(GOOD) - 2, "two were read as the product’s own before, and stay so"
