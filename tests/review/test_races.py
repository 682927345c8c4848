"""Two at once, in threads: nothing is doubled, nothing acknowledged is lost. Meant for both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.core import audit
from portal.core.db import db
from portal.review.models import Assignment, AssignmentPlan, Review, Score, Seat
from tests.cast import run_jobs
from tests.review.stage import KEYS, full


def at_once(calls):
    """Starts all calls together, each in a thread of its own; their answers' status codes."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        return call().status_code

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def poster(browser, url, data, headers=None):
    """A call that posts with a token fetched beforehand."""
    data = {"csrf_token": browser.token(), **data}
    return lambda: browser.client.post(url, data=data, headers=headers)


def saver(browser, url, data):
    """A call that saves one criterion as the sheet does while somebody types: by htmx."""
    return poster(browser, url, data, {"HX-Request": "true"})


@pytest.fixture
def given(stage):
    stage.make_panel("priya", "paul", "pia", chair="chen")
    stage.one = stage.assign("priya", stage.file("Tariq Example"))
    stage.url = f"/assignments/{stage.one}"
    return stage


def windows(stage, name, count):
    return [stage.cast.browser(name) for _ in range(count)]


def test_handing_in_from_four_windows_makes_one_review(given):
    calls = [poster(b, given.url, {**full(), "act": "submit"}) for b in windows(given, "priya", 4)]
    assert set(at_once(calls)) == {303}
    assert given.all(select(Review.version, Review.state)) == [(1, "submitted")]
    assert given.state(Assignment, given.one) == "scored"
    with given.app.app_context():
        assert audit.verify()[1] == []


def test_five_criteria_saved_at_once_are_all_kept(given):
    browsers = windows(given, "priya", 5)
    calls = [
        saver(b, f"{given.url}/scores/{key}", {f"level-{key}": "3", f"evidence-{key}": key})
        for b, key in zip(browsers, KEYS, strict=True)
    ]
    assert set(at_once(calls)) == {200}
    assert {e for (e,) in given.all(select(Score.evidence))} == set(KEYS)
    assert len(given.all(select(Review.id))) == 1


def test_saving_while_handing_in_never_changes_what_was_handed_in(given):
    first, second = windows(given, "priya", 2)
    save = saver(second, f"{given.url}/scores/learning", {"level-learning": "1", "evidence-learning": "late"})
    assert at_once([poster(first, given.url, {**full(4), "act": "submit"}), save]) == [303, 200]
    with given.app.app_context():
        submitted = db.session.scalars(select(Review).where(Review.state == "submitted")).one()
        levels = set(db.session.scalars(select(Score.level).where(Score.review_id == submitted.id)))
        assert levels == {4}
        assert submitted.score == 4.0


def test_stepping_back_and_handing_in_at_once(given):
    first, second = windows(given, "priya", 2)
    codes = at_once(
        [poster(first, given.url, {**full(), "act": "submit"}), poster(second, f"{given.url}/recuse", {"why": "close"})]
    )
    assert codes[1] == 303
    assert codes[0] in (303, 403)
    assert given.state(Assignment, given.one) == "recused"


def test_a_plan_released_by_two_is_released_once(given):
    for i in range(3):
        given.file(f"File {i}")
    chen, sam = given.cast.browser("chen"), given.cast.browser("sam")
    chen.post(f"/panels/{given.panel}/plan")
    run_jobs(given.app)
    with given.app.app_context():
        plan = db.session.scalar(select(AssignmentPlan.public_id))
    url = f"/plans/{plan}/release"
    assert sorted(at_once([poster(chen, url, {}), poster(sam, url, {})])) == [303, 409]
    assert given.state(AssignmentPlan, plan) == "released"


def test_two_who_invite_the_same_address_make_one_seat(given):
    calls = [
        poster(
            given.cast.browser(n),
            f"/panels/{given.panel}/seats",
            {"name": "Vera", "email": "vera@example.org", "place": 1},
        )
        for n in ("sam", "chen")
    ]
    assert sorted(at_once(calls)) == [303, 422]
    with given.app.app_context():
        assert db.session.scalar(select(func.count(Seat.id)).where(Seat.email == "vera@example.org")) == 1
