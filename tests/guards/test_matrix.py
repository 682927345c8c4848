"""Every route x every role x three phases of a cycle: who is let in stands in `access.csv`, and nothing differs.

The table is read by people: one line a route and phase, one column a person of the cast. `in` (the door opens), `no`
(403, with a reason), `none` (404: not there for them). Strangers are always sent to sign in. To see what a change does:
`python -m tests.guards.test_matrix > tests/guards/access.csv`, and read the difference.
"""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.core.access import PERMISSIONS, anyone
from portal.core.db import db
from portal.core.errors import NotThere, Refused
from tests.guards.estate import PEOPLE, PHASES, Estate

TABLE = Path(__file__).with_name("access.csv")
SIGNED_IN = [p for p in PEOPLE if p]
# Permissions that every signed-in person has: their things are found among their own, which is the whole lock.
EVERYBODYS = {
    "accounts.sign_out", "accounts.own_sign_ins", "review.own_queue", "desk.see", "convenings.own",
}


def doors(app: Flask) -> list[tuple[Any, str, Any]]:
    """(rule, methods, view) of every route that requires a permission."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.rule, sorted(r.methods or ()))):
        view = app.view_functions[rule.endpoint]
        if getattr(view, "access", ("", ""))[0] == "requires":
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            found.append((rule, method, view))
    return found


def ask(estate: Estate, rule: Any, view: Any, name: str) -> str:
    """Asks one door for one person."""
    given = estate.arguments(rule)
    with estate.app.test_request_context(rule.rule.replace("<", "").replace(">", "")) as context:
        context.request.view_args = dict(given)
        try:
            view.door(estate.person(name), given)
            return "in"
        except Refused as refused:
            return "no" if str(refused.reason) else "no, without a reason"
        except NotThere:
            return "none"
        finally:
            db.session.rollback()


def lines(estate: Estate) -> list[list[str]]:
    """The table of one phase."""
    return [
        [estate.phase, method, rule.rule, view.access[1], *(ask(estate, rule, view, p) for p in SIGNED_IN)]
        for rule, method, view in doors(estate.app)
    ]


@pytest.fixture(scope="module", params=PHASES)
def estate(request, make_app):
    return Estate(make_app(), request.param)


def declared(phase: str) -> list[list[str]]:
    with TABLE.open() as file:
        return [row for row in csv.reader(file) if row and row[0] == phase]


def test_nobody_gets_further_than_the_table_says(estate):
    here = {tuple(row) for row in lines(estate)}
    there = {tuple(row) for row in declared(estate.phase)}
    assert sorted(here - there) == []
    assert sorted(there - here) == []


def test_a_stranger_and_another_programs_organizer_get_nowhere(estate):
    vera, olga = SIGNED_IN.index("vera"), SIGNED_IN.index("olga")
    for _phase, method, rule, name, *answers in declared(estate.phase):
        if name in EVERYBODYS:
            continue
        assert answers[vera] != "in", f"{method} {rule}"
        if "<" in rule:  # without a part that names a thing it is each organizer's own place
            assert answers[olga] != "in", f"{method} {rule}"


def test_a_visitor_is_sent_to_sign_in(estate):
    client = estate.app.test_client()
    for rule, method, _view in doors(estate.app):
        if method == "GET":
            values = estate.arguments(rule)
            with estate.app.test_request_context():
                url = estate.app.url_map.bind("localhost").build(rule.endpoint, values)
            answer = client.get(url)
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), url


def test_dropping_any_one_rule_is_noticed(estate):
    """The negative control: with each permission open to anyone in turn, some door opens that the table keeps shut."""
    unnoticed = set()
    used = {view.access[1] for _rule, _method, view in doors(estate.app)} - EVERYBODYS
    shut = {row[3] for row in declared(estate.phase) if "no" in row[4:]}
    for name in sorted(used & shut):
        kept = PERMISSIONS[name]
        PERMISSIONS[name] = anyone
        try:
            changed = any(
                ask(estate, rule, view, person) == "in"
                for (rule, method, view), row in (
                    (door, row) for door in doors(estate.app) for row in declared(estate.phase)
                    if row[1:3] == [door[1], door[0].rule] and row[3] == name
                )
                for person, answer in zip(SIGNED_IN, row[4:], strict=True)
                if answer == "no"
            )
        finally:
            PERMISSIONS[name] = kept
        if not changed:
            unnoticed.add(name)
    assert unnoticed == set()


def test_every_permission_refuses_somebody_in_some_phase():
    with TABLE.open() as file:
        rows = list(csv.reader(file))[1:]
    names = {row[3] for row in rows} - EVERYBODYS
    refused = {row[3] for row in rows if "no" in row[4:] or "none" in row[4:]}
    assert names - refused == set()


def write_table() -> str:
    """The table as it is now, for people to read and compare."""
    import tempfile

    from portal.app import create_app
    from portal.core import settings
    from portal.core.db import Base

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["phase", "method", "route", "permission", *SIGNED_IN])
    for phase in PHASES:
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(settings.load(data=Path(folder), secret_key="t" * 40, testing=True))
            with app.app_context():
                Base.metadata.create_all(db.engine)
            writer.writerows(lines(Estate(app, phase)))
    return out.getvalue()


if __name__ == "__main__":
    print(write_table(), end="")
