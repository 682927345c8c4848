"""Nominating, consenting, scoring and proposing in a browser that runs no scripts: the same pages, end to end."""

import pytest

from portal.convenings.models import Proposal
from portal.nominations.models import Nomination, NomineeFile
from portal.review.models import Assignment, Review
from tests.cast import Cast
from tests.convenings.world import add_convening, add_member
from tests.journeys import steps
from tests.nominations.consenting import add_file, ask
from tests.nominations.walking import count
from tests.review.stage import KEYS, Stage


@pytest.fixture(scope="module")
def cast(live):
    return Cast(live.app)


@pytest.fixture
def plain(live, cast):
    """Opens a browser without scripts, signed in as one of the cast or as nobody."""
    yield lambda name=None: live.page(cast, name, java_script_enabled=False)
    live.close()


def nothing(_page):
    """Without scripts nothing can be asked of the page but its words."""


def test_nominate_and_prove_the_address(live, plain):
    page = plain()
    steps.nominate(page, nothing)
    assert count(live.app, Nomination, Nomination.state == "submitted") == 1
    steps.prove(live.app, page, nothing)
    assert count(live.app, Nomination, Nomination.state == "confirmed") == 1
    assert count(live.app, NomineeFile, NomineeFile.name == steps.EDUCATOR) == 1


def test_a_missing_answer_is_said_and_what_was_typed_stays(plain):
    page = plain()
    page.goto("/awards/teach-on/nominate")
    steps.press(page, "Begin")
    assert page.locator("#errsum").is_visible()
    steps.choose(page, "age", "adult")
    steps.press(page, "Begin")
    page.locator("input[name=educator]").fill("Tariq Bello")
    steps.go_on(page)
    assert page.locator("#errsum").is_visible()
    assert page.locator("input[name=educator]").input_value() == "Tariq Bello"


def test_consent(live, cast, plain):
    ask(cast, add_file(cast, "Nell Asked", email="nell@example.org"))
    steps.consent(live.app, plain(), nothing)
    assert count(live.app, NomineeFile, NomineeFile.name == "Nell Asked", NomineeFile.consent == "accepted") == 1


def test_score(live, cast, plain):
    stage = Stage(cast)
    stage.make_panel("priya")
    assignment = stage.assign("priya", stage.file("Rosa Read"))
    page = plain("priya")
    page.goto("/my-files")
    page.get_by_role("link", name="Read and score").click()
    steps.score_by_hand(page, 3, KEYS[:2])
    steps.press(page, "Save")
    assert page.locator("#evidence-learning").input_value() == "97 of 118 finished"
    steps.score_by_hand(page, 3, KEYS[2:])
    steps.press(page, "Hand in")
    assert stage.state(Assignment, assignment) == "scored"
    assert count(live.app, Review, Review.state == "submitted") == 1


def test_propose(live, cast, plain):
    add_member(cast, "wanda")
    page = plain("wanda")
    steps.propose(page, add_convening(cast), nothing)
    steps.press(page, "Send to the organizers")
    assert count(live.app, Proposal, Proposal.state == "submitted") == 1
    assert "The organizers have it" in page.content()
