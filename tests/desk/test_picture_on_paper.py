"""The page of the cycle is a report for a board: printed it is one page, and no person's name is on it."""

import re

import pytest
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.names import school_key
from portal.nominations.models import Nomination, NomineeFile
from portal.programs.models import District, School
from tests.cast import Cast
from tests.desk.test_picture import last_year, wrote
from tests.journeys.live import LAPTOP, serving

NOMINEE, WRITER = "Philippa Quillfeather", "Zebulon Vandersloot"
GROUPS = ("student", "family", "colleague", "leader", "community", "self")


@pytest.fixture(scope="module")
def cast(make_app, browser):
    """Far more districts than fit, with the names of real ones, and every group heard from in each."""
    with serving(make_app, browser) as live:
        found = Cast(live.app)
        found.live = live
        with live.app.app_context(), transaction() as s:
            for number in range(40):
                name = f"Metropolitan Consolidated Independent School District No. {100 + number}"
                district = District(program_id=found.program_id, key=f"d{number}", name=name, aliases=[])
                s.add(district)
                s.flush()
                school = f"School {number}"
                s.add(School(program_id=found.program_id, district_id=district.id, name=school, key=school_key(school)))
        before = last_year(found)
        for number in range(24):
            for at, group in enumerate(GROUPS):
                wrote(found, found.cycle_id, group, 6 + number, f"School {number}", at + 1)
        for cycle_id, days_ago in ((found.cycle_id, 3), (before, 368)):
            wrote(found, cycle_id, "student", 9, None, days_ago)
        named(found)
        yield found


def named(cast: Cast) -> None:
    """Every file and every nomination carries a name that must not be printed."""
    with cast.app.app_context(), transaction() as s:
        for number, file in enumerate(s.scalars(select(NomineeFile))):
            file.name, file.name_key = f"{NOMINEE} {number}", f"{NOMINEE.lower()} {number}"
        for nomination in s.scalars(select(Nomination)):
            nomination.nominator_name, nomination.confirmed_at = WRITER, now()


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_one_page(cast, paper, language, scheme):
    page = cast.live.page(cast, "sam", viewport=LAPTOP, color_scheme=scheme)
    page.goto(f"/cycles/{cast.cycle}/picture?lang={language}")
    assert pages(page.pdf(format=paper)) == 1
    page.evaluate("document.body.classList.remove('onepage')")
    assert pages(page.pdf(format=paper)) > 1  # so it is the report's own style that makes it one
    assert page.problems == []


def test_no_nominee_and_nobody_who_wrote_is_named_on_it(cast):
    page = cast.live.page(cast, "sam", viewport=LAPTOP)
    page.emulate_media(media="print")
    page.goto(f"/cycles/{cast.cycle}/picture")
    report = page.content()
    assert [name for name in (*NOMINEE.split(), *WRITER.split()) if name in report] == []
    page.goto(f"/cycles/{cast.cycle}/files")
    page.locator("a.name").first.click()
    file = page.locator("main").inner_text()
    assert NOMINEE in file
    assert WRITER in file
