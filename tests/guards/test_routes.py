"""Every route declares who may enter; no GET opens a write transaction."""

import ast
import inspect
import textwrap
from pathlib import Path

import pytest
from flask import Flask

from portal.core.access import PERMISSIONS
from tests.guards.house import PORTAL

KINDS = {"public", "requires", "link"}


def undeclared(app: Flask) -> list[str]:
    """Endpoints without a declared access, or with a permission that nobody declared."""
    found = []
    for endpoint, view in app.view_functions.items():
        kind, name = getattr(view, "access", (None, None))
        if kind not in KINDS or (kind == "requires" and name not in PERMISSIONS):
            found.append(endpoint)
    return found


def writing_gets(app: Flask) -> list[str]:
    """Endpoints that answer only GET and yet open a transaction."""
    found = []
    for rule in app.url_map.iter_rules():
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
            continue
        if opens_transaction(textwrap.dedent(inspect.getsource(view))):
            found.append(rule.endpoint)
    return found


def opens_transaction(source: str) -> bool:
    """Whether the code calls `transaction()`."""
    calls = (n.func for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call))
    return any(getattr(f, "id", getattr(f, "attr", "")) == "transaction" for f in calls)


def test_every_route_declares_who_may_enter(shared_app):
    assert undeclared(shared_app) == []


def test_no_get_opens_a_transaction(shared_app):
    assert writing_gets(shared_app) == []


def test_views_answer_one_kind_of_request(shared_app):
    both = [r.rule for r in shared_app.url_map.iter_rules() if {"GET", "POST"} <= (r.methods or set())]
    assert both == []


def test_nobody_signs_a_route_in_by_hand():
    """`login_required` and direct looks at `current_user` stay inside the core."""
    users = [p for p in PORTAL.rglob("*.py") if "current_user" in p.read_text() or "login_required" in p.read_text()]
    assert users == [PORTAL / "core" / "web.py"]


@pytest.mark.parametrize(
    ("source", "writes"),
    [
        ("def view():\n    with transaction():\n        act()", True),
        ("def view():\n    with db.transaction() as s:\n        act()", True),
        ("def view():\n    return page()", False),
    ],
)
def test_the_guard_sees_a_write(source, writes):
    assert opens_transaction(source) is writes


def test_the_guard_sees_an_undeclared_route():
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/x", "x", lambda: "")
    assert undeclared(bare) == ["x"]
    assert Path(PORTAL).exists()
