"""An import by its pages in a real browser, with and without scripts, on phone and laptop; hostile cells as text."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.nominations.models import Nomination
from tests.cast import Cast
from tests.journeys.live import LAPTOP, PHONE, Live, faults
from tests.nominations.test_import_runs import STORY, sheet
from tests.nominations.test_import_steps import HOSTILE

LONG = "Dr. María de los Ángeles Xochitl-Wojciechowska y Fernández de Córdoba-Quiñones the Third of Her Name"
ROWS = [
    {"Educator": LONG, "School": f"{'Northwest ' * 9}Preparatory Academy", "Relation": "zookeeper " * 12},
    *({"Story": text, "Email Address": f"n{n}@example.org"} for n, text in enumerate(HOSTILE)),
    {"Educator": "W" * 150, "Email Address": "q@example.org", "Relation": "Zoo", "May we share your name?": "perhaps"},
    {"Email Address": "nobody"},
    *({"Story": STORY, "Email Address": f"m{n}@example.org", "Educator": f"Bo Li {n}"} for n in range(40)),
]


def see(page: Any, wrong: list[str]) -> None:
    """Axe, sideways scroll and console of the page as it stands."""
    page.wait_for_load_state("load")
    wrong += faults(page, page.url.rsplit("/", 1)[-1], scripts=page.scripts)


@pytest.mark.parametrize(("viewport", "scheme", "scripts"), [(PHONE, "light", False), (LAPTOP, "dark", True)])
def test_a_file_goes_its_whole_way(live_anew: Live, viewport: dict[str, int], scheme: str, scripts: bool) -> None:
    cast, wrong = Cast(live_anew.app), []  # type: tuple[Cast, list[str]]
    page = live_anew.page(cast, "sam", viewport=viewport, color_scheme=scheme, java_script_enabled=scripts)
    page.scripts = scripts
    page.goto(f"/cycles/{cast.cycle}/imports")
    see(page, wrong)
    page.get_by_label("The exported file").set_input_files(
        {"name": "<b>odd</b> answers.csv", "mimeType": "text/csv", "buffer": sheet(*ROWS).replace(b"Story", b"Words")}
    )
    page.get_by_role("button", name="Upload and look at it").click()
    see(page, wrong)
    page.get_by_label("Words", exact=True).select_option("")
    page.get_by_role("button", name="Save and go on").click()
    assert page.get_by_role("alert").get_by_text("Say which column holds the story.").is_visible()
    see(page, wrong)
    page.get_by_label("Words", exact=True).select_option("Story")
    page.get_by_role("button", name="Save and go on").click()
    see(page, wrong)
    page.get_by_label("Zoo", exact=True).select_option("Leader")
    page.get_by_role("button", name="Save and go on").click()
    assert page.get_by_text("<script>alert(1)</script>").first.is_visible()
    see(page, wrong)
    page.get_by_role("button", name="Try it first").first.click()
    see(page, wrong)
    page.get_by_role("button", name=f"Import {len(ROWS)} rows").click()
    page.get_by_role("link", name="Refused 1").click()
    assert page.get_by_text("“nobody” can't be read as an e-mail address.").is_visible()
    see(page, wrong)
    page.goto(f"/cycles/{cast.cycle}/imports")
    see(page, wrong)
    assert wrong == [], "\n".join(wrong)
    with live_anew.app.app_context():
        assert set(HOSTILE) <= set(db.session.scalars(select(Nomination.story)))
