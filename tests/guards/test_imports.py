"""Packages and rooms import in one direction."""

import pytest

from tests.guards.house import PORTAL, sources, wrong_imports


def test_every_module_keeps_the_order():
    wrong = [w for path in sources() for w in wrong_imports(path, path.read_text())]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("core/clock.py", "from portal.nominations import models"),
        ("nominations/models.py", "from portal.review.models import Panel"),
        ("review/rules.py", "from sqlalchemy import select"),
        ("review/rules.py", "from portal.review.models import Panel"),
        ("review/actions.py", "from flask import request"),
        ("review/actions.py", "from portal.review import views"),
        ("selection/views.py", "from portal.review.forms import ScoreForm"),
        ("accounts/views/people.py", "from portal.app import create_app"),
        ("core/clock.py", "from ..nominations import models"),
        ("review/rules.py", "from .models import Panel"),
        ("review/rules.py", "from . import models"),
        ("cli.py", "from .app import create_app"),
    ],
)
def test_the_guard_sees_each_kind_of_breach(module, source):
    assert len(wrong_imports(PORTAL / module, source)) == 1
