"""How a position is said: in the reader's language where the form's own word was chosen, else as it was written."""

import pytest
from flask_babel import force_locale

from portal.nominations.positions import said

SETTINGS = {"positions": [{"key": "teacher", "name": {"en": "Teacher", "es": "Maestra o maestro"}}]}


class Program:
    settings = SETTINGS


@pytest.mark.parametrize(
    ("language", "key", "written", "shown"),
    [
        ("en", "teacher", "Maestra o maestro", "Teacher"),
        ("es", "teacher", "teacher", "Maestra o maestro"),
        ("es", "teacher", "", "Maestra o maestro"),
        ("en", "teacher", "chorus teacher", "Chorus teacher"),
        ("en", "", "band director", "Band director"),
        ("en", "gone", "", ""),
    ],
)
def test_a_position_for_its_reader(app, language, key, written, shown):
    with app.test_request_context(), force_locale(language):
        assert said(Program(), key, written) == shown
