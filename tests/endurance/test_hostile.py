"""Fuzzed forms, scripts, bad files and formulas break nothing and run nowhere; a break would be seen."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from xlsxwriter import Workbook

from portal.core import sheets
from tests.endurance import hostile
from tests.endurance.effects import in_answer, in_csv
from tests.endurance.nasty import FORMULAS, MARK, PAYLOADS, SUMS, files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def report(make_app: Callable[..., Flask]) -> hostile.Report:
    return hostile.run(make_app, forms=300, payloads=40, bad=20, formulas=40, seed=7)


def test_nothing_breaks_and_nothing_runs(report: hostile.Report) -> None:
    assert (report.errors, report.effects) == ({}, {}), "\n".join(report.sentences())


def test_it_was_an_attack(report: hostile.Report) -> None:
    """Every POST route was met, many forms were taken and many refused."""
    assert (report.forms, report.payloads, report.files, report.formulas) == (300, 40, 20, 40)
    assert len(report.rules) > 140
    assert report.answers[303] > 60
    assert report.answers[422] > 60
    assert report.pages > 150


def test_there_is_enough_to_throw() -> None:
    assert (len(set(PAYLOADS)), len(list(files())), len(set(FORMULAS))) == (300, 60, 40)


@pytest.mark.parametrize("shape", range(19))
def test_each_kind_of_script_would_be_seen(shape: int) -> None:
    """The negative control of the eyes: the same text, not escaped; and escaped it is nothing."""
    from markupsafe import escape

    text = PAYLOADS[shape * 14]
    page = f"<p><a href='{text}'>x</a></p>" if text.startswith("javascript:") else f"<p>{text}</p>"
    assert in_answer("text/html", page.encode())
    assert in_answer("text/html", f'<p title="{escape(text)}">{escape(text)}</p>'.encode()) == []


def test_a_template_and_a_formula_that_ran_would_be_seen() -> None:
    assert in_answer("text/html", f"<p>{SUMS}{MARK}</p>".encode())
    book = io.BytesIO()
    with Workbook(book) as made:
        made.add_worksheet().write_formula(0, 0, "=1+1")
    assert in_answer(XLSX, book.getvalue())
    assert in_csv("a," + '"' + FORMULAS[0].replace('"', '""') + '"')
    assert in_csv("".join(sheets.csv_lines(["Name"], [[formula] for formula in FORMULAS]))) == []


def test_a_page_that_breaks_or_does_not_escape_is_reported(
    report: hostile.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the whole: one form that trips over what it is sent, one name that is not escaped."""
    attack, broken = report.last, hostile.Report()
    app, attack.report = attack.app, broken
    form = next(form for form in attack.forms if form.typed())
    rule, _given = app.url_map.bind("localhost").match(form.url.partition("?")[0], method="POST", return_rule=True)
    monkeypatch.setitem(app.view_functions, rule.endpoint, lambda **_given: 1 / 0)
    attack.send(form, form.honest())
    monkeypatch.setitem(app.view_functions, rule.endpoint, lambda **_given: PAYLOADS[0])
    attack.send(form, form.honest())
    assert (len(broken.errors), len(broken.effects)) == (1, 1)
    assert "ZeroDivisionError" in broken.sentences()[3]
