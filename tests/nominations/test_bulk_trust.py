"""Acts on many files are done exactly once: pressed twice, raced, killed midway; who is erased is not kept in them."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts.models import Role
from portal.core import audit
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.jobs import Job
from portal.core.outbox import Message
from portal.nominations.actions import bulk as actions
from portal.nominations.actions import erasing
from portal.nominations.models import BulkAct, BulkItem, NomineeFile
from portal.nominations.views.organizer import bulk as views
from tests.cast import Cast, letters, run_jobs, text_of
from tests.core.test_races import at_once, codes, poster
from tests.nominations.consenting import add_file, look
from tests.nominations.many import became, choose, do, preview, recorded, undo
from tests.statements import statements


def people(cast: Cast, count: int, **values: Any) -> list[str]:
    """So many files that can be asked and screened."""
    return [add_file(cast, f"Person {i:02}", email=f"p{i}@example.org", **values) for i in range(count)]


def states(cast: Cast) -> dict[str, int]:
    """How many items of all acts are in each state."""
    with cast.app.app_context():
        query = select(BulkItem.state, func.count()).group_by(BulkItem.state)
        return dict(iter(db.session.execute(query)))


def number_of(cast: Cast, url: str) -> int:
    with cast.app.app_context():
        return db.session.scalars(select(BulkAct.id).where(BulkAct.public_id == url.rsplit("/", 1)[1])).one()


def test_pressed_many_times_at_once_it_is_done_once(cast: Cast) -> None:
    url = preview(cast, "ask", *people(cast, 5))
    browsers = [cast.browser(who) for who in ("sam", "sofia") * 3]
    assert codes([poster(browser, f"{url}/do") for browser in browsers]) == [303] * 6
    run_jobs(cast.app)
    assert recorded(cast, "consent") == ["consent.ask"] * 5
    assert recorded(cast, "bulk") == ["bulk.start", "bulk.finish"]
    assert len(letters(cast.app)) == 5
    assert codes([poster(browser, f"{url}/undo") for browser in browsers]) == [303] * 6
    run_jobs(cast.app)
    assert recorded(cast, "consent") == ["consent.ask"] * 5 + ["consent.call_back"] * 5
    assert recorded(cast, "bulk")[2:] == ["bulk.take_back", "bulk.taken_back"]
    do(cast, url)  # the way back of the browser, and the button once more
    assert recorded(cast, "bulk")[4:] == []


def test_of_two_acts_on_the_same_files_each_file_counts_once(cast: Cast) -> None:
    files = people(cast, 12)
    urls = [preview(cast, "eligible", *files[:8]), preview(cast, "ineligible", *files[4:], who="sofia")]
    posts = [
        poster(cast.browser("sam"), f"{urls[0]}/do"),
        poster(cast.browser("sofia"), f"{urls[1]}/do", {"reason": "So it is."}),
    ]
    assert codes(posts) == [303, 303]
    run_jobs(cast.app)
    mine, theirs = (became(cast, url) for url in urls)
    both = [f"Person {i:02}" for i in range(4, 8)]
    assert [{mine[name], theirs[name]} for name in both] == [{"done", "skipped: changed"}] * 4
    assert len(recorded(cast, "screening")) == 12
    page = text_of(cast.browser("ada").get(urls[0 if mine[both[0]] != "done" else 1]))
    assert "Changed since, by somebody else" in page
    assert all(name in page for name in both)


def test_an_act_and_its_undo_at_once_leave_no_file_between(cast: Cast) -> None:
    files = people(cast, 6)
    url = preview(cast, "eligible", *files)
    do(cast, url)
    single = poster(cast.browser("sofia"), f"/files/{files[0]}/screen", {"decision": "ineligible", "reason": "No."})
    assert codes([poster(cast.browser("sam"), f"{url}/undo"), single])[0] == 303
    run_jobs(cast.app)
    first = became(cast, url)["Person 00"]
    taken = recorded(cast, "screening.take_back")
    assert (first, len(taken)) in {("kept: changed", 5), ("undone", 6)}  # whoever came first
    assert look(cast, files[0]).screening == "ineligible"  # and what a person decided stands
    assert {look(cast, file).screening for file in files[1:]} == {"unscreened"}


def test_a_long_act_is_the_workers_and_can_be_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 4)
    monkeypatch.setattr(actions, "PORTION", 3)
    url = preview(cast, "eligible", *people(cast, 10))
    assert "0 of 10 files are done." in text_of(do(cast, url))
    bulk_id = number_of(cast, url)
    with cast.app.app_context(), transaction():
        assert actions.do_some(bulk_id) is True
    with cast.app.app_context(), pytest.raises(RuntimeError), transaction():  # killed inside the next portion
        actions.do_some(bulk_id)
        raise RuntimeError
    sam = cast.browser("sam")
    assert "3 of 10 files are done." in text_of(sam.get(url))
    part = sam.get(url, hx=True)
    assert part.get_data(as_text=True).strip().startswith('<section id="progress"')
    assert "HX-Refresh" not in part.headers
    assert "Taking it back" in text_of(undo(cast, url))  # while it is running: it goes no further
    run_jobs(cast.app)
    assert states(cast) == {"undone": 3, "will": 7}
    assert sam.get(url, hx=True).headers["HX-Refresh"] == "true"
    page = text_of(sam.get(url))
    assert "Never begun" in page
    assert recorded(cast, "screening") == ["screening.find_eligible"] * 3 + ["screening.take_back"] * 3


WORKER = """
import json, sys
from portal.app import create_app
from portal.core import settings
from portal.nominations.actions import bulk as actions
from portal.nominations.jobs import bulk as work
from pathlib import Path
values, verb, bulk_id = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
actions.PORTION = 2
app = create_app(settings.load(data=Path(values.pop("data")), **values))
print("ready", flush=True)
with app.app_context():
    getattr(work, verb)(bulk_id)
"""


def work_and_kill(app: Flask, verb: str, bulk_id: int, after: float) -> int:
    """Starts a worker of its own on this database and kills it so long after it is ready; how it ended."""
    import json

    config = app.config["PORTAL"]
    values = {"data": str(config.data), "secret_key": config.secret_key, "testing": True,
              "base_url": "http://localhost", "database_url": config.database_url or ""}  # fmt: skip
    command = [sys.executable, "-c", WORKER, json.dumps(values), verb, str(bulk_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ}, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        time.sleep(after)
        worker.send_signal(signal.SIGKILL)
        return worker.wait()


def test_killed_again_and_again_each_file_is_done_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = preview(cast, "ask", *people(cast, 24))
    do(cast, url)
    bulk_id, killed = number_of(cast, url), []
    for after in (0.15, 0.3, 0.45):
        killed.append(work_and_kill(cast.app, "do", bulk_id, after))
        asked = recorded(cast, "consent.ask")
        assert len(asked) == len(letters(cast.app)) == states(cast).get("done", 0)
    assert -signal.SIGKILL in killed
    run_jobs(cast.app)
    assert states(cast) == {"done": 24}
    assert (len(recorded(cast, "consent.ask")), len(letters(cast.app))) == (24, 24)
    undo(cast, url)
    work_and_kill(cast.app, "undo", bulk_id, 0.3)
    assert recorded(cast, "consent.call_back") == ["consent.call_back"] * states(cast).get("undone", 0)
    run_jobs(cast.app)
    assert states(cast) == {"undone": 24}
    assert recorded(cast, "consent.call_back") == ["consent.call_back"] * 24
    assert {letter.state for letter in letters(cast.app)} == {"canceled"}
    with cast.app.app_context():
        assert audit.verify()[1] == []
        assert set(db.session.scalars(select(NomineeFile.consent))) == {"open"}


def test_what_a_late_worker_has_not_done_can_still_be_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mistake is seen, and the worker stands still until the letters' time is over."""
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = preview(cast, "ask", *people(cast, 3))
    do(cast, url)
    with time_machine.travel(now() + timedelta(minutes=30)):
        page = text_of(cast.browser("sam").get(url))
        assert "Undo" in page
        assert "The letters leave at" not in page
        assert "Taking it back" in text_of(undo(cast, url))
        run_jobs(cast.app)
    assert states(cast) == {"will": 3}
    assert letters(cast.app) == []


def test_letters_that_a_late_worker_writes_wait_as_long(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = preview(cast, "ask", *people(cast, 3))
    do(cast, url)
    with time_machine.travel(now() + timedelta(minutes=30), tick=False):
        run_jobs(cast.app)
        assert {letter.state for letter in letters(cast.app)} == {"queued"}
        assert "The letters leave at" in text_of(cast.browser("sam").get(url))
        undo(cast, url)
        run_jobs(cast.app)
    assert states(cast) == {"undone": 3}
    assert {letter.state for letter in letters(cast.app)} == {"canceled"}


def test_go_on_asks_for_the_worker_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = preview(cast, "eligible", *people(cast, 3))
    do(cast, url)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Job).values(state="running", key=None, started_at=now()))  # its worker was killed
    run_jobs(cast.app)
    assert states(cast) == {"will": 3}
    assert cast.browser("sam").post(f"{url}/go-on").status_code == 303
    run_jobs(cast.app)
    assert states(cast) == {"done": 3}


def test_who_lost_the_role_meanwhile_does_nothing_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    url = preview(cast, "eligible", *people(cast, 3))
    do(cast, url)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Role).where(Role.person_id == cast.people["sam"]).values(ends_at=now() - timedelta(hours=1)))
    run_jobs(cast.app)
    assert states(cast) == {"skipped": 3}
    assert recorded(cast, "screening") == []
    assert "Whoever began this may no longer do it" in text_of(cast.browser("sofia").get(url))


@pytest.mark.parametrize(("who", "choosing", "seeing"), [
    ("sam", 303, 200), ("ada", 403, 200), ("chen", 404, 404), ("priya", 404, 404), ("vera", 404, 404), (None, 303, 303),
])  # fmt: skip
def test_who_may(cast: Cast, who: str | None, choosing: int, seeing: int) -> None:
    file = add_file(cast)
    url = preview(cast, "ask", file)
    browser = cast.browser(who)
    if who is not None:
        assert choose(cast, "ask", file, who=who).status_code == choosing
    for path in ("", "/files?state=will", "/letter/body"):
        assert browser.get(url + path).status_code == seeing
    assert browser.get(f"/cycles/{cast.cycle}/bulk").status_code == seeing
    if who == "ada":
        assert "Not now" not in text_of(browser.get(url))
        assert 'name="file"' not in browser.get(f"/cycles/{cast.cycle}/files").get_data(as_text=True)
        assert [browser.post(url + path).status_code for path in ("/do", "/undo", "/go-on")] == [403] * 3
    assert look(cast, file).consent == "open"


def test_files_of_another_program_are_not_reached(cast: Cast) -> None:
    other = Cast(cast.app, slug="other")
    theirs, mine = add_file(other, "Olga's"), add_file(cast, "Mine")
    assert became(cast, preview(cast, "eligible", theirs, mine)) == {"Mine": "will"}


def test_an_erasure_leaves_nothing_in_acts(cast: Cast) -> None:
    ids = people(cast, 2, screening="ineligible", screened_at=now(), screening_reason="Canary words.",
                 consent="asked", asked_at=now())  # fmt: skip
    url = preview(cast, "unscreen", *ids)
    do(cast, url)
    with cast.app.app_context():
        items = list(db.session.scalars(select(BulkItem).order_by(BulkItem.id)))
        assert [item.before["reason"] for item in items] == ["Canary words."] * 2
    with cast.app.app_context(), transaction() as s:
        erasing.erase("link:consent", s.scalars(select(NomineeFile).where(NomineeFile.public_id == ids[0])).one())
    with cast.app.app_context():
        items = list(db.session.scalars(select(BulkItem).order_by(BulkItem.id)))
        assert [(item.before, item.mark) for item in items[:1]] == [({}, "")]
        assert items[1].before
    page = text_of(undo(cast, url))
    assert "Erased" in page
    assert became(cast, url) == {"": "kept: changed", "Person 01": "undone"}


def test_an_erasure_takes_the_reason_and_reaches_a_waiting_letter(cast: Cast) -> None:
    file = add_file(cast, "Ann No")
    other = add_file(cast, "Bea", email="bea@example.org")
    reasoned = preview(cast, "ineligible", file)
    do(cast, reasoned, reason="Canary words.")
    asked = preview(cast, "ask", other)
    do(cast, asked)
    with cast.app.app_context(), transaction() as s:
        for each in s.scalars(select(NomineeFile)):
            each.consent, each.asked_at = "asked", now()
            s.flush()
            erasing.erase("link:consent", each)
    with cast.app.app_context():
        assert [act.given for act in db.session.scalars(select(BulkAct))] == [{}, {}]
        assert set(db.session.scalars(select(Message.state))) == {"canceled"}
    with time_machine.travel(now() + timedelta(minutes=11)):
        run_jobs(cast.app)
    assert {letter.state for letter in letters(cast.app)} == {"canceled"}
    assert "Canary" not in text_of(cast.browser("sam").get(reasoned))


@pytest.mark.parametrize("then", ["do", "undo"])
def test_an_erasure_while_an_act_runs_takes_the_reason_at_its_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    monkeypatch.setattr(actions, "PORTION", 1)
    url = preview(cast, "ineligible", *people(cast, 3))
    do(cast, url, reason="Canary words.")
    with cast.app.app_context(), transaction():
        actions.do_some(number_of(cast, url))
    if then == "undo":
        undo(cast, url)
    with cast.app.app_context(), transaction() as s:
        first = s.scalars(select(NomineeFile).order_by(NomineeFile.id)).first()
        assert first is not None
        first.consent, first.asked_at = "asked", now()
        s.flush()
        erasing.erase("link:consent", first)
    run_jobs(cast.app)
    with cast.app.app_context():
        assert [act.given for act in db.session.scalars(select(BulkAct))] == [{}]
    assert "Canary" not in text_of(cast.browser("sam").get(url))


def test_a_corrected_address_gets_the_letter_alone(cast: Cast) -> None:
    file = add_file(cast, "Ann Ask", email="wrong@example.org")
    do(cast, preview(cast, "ask", file))
    cast.browser("sam").post(f"/files/{file}/address", {"email": "right@example.org"})
    with time_machine.travel(now() + timedelta(minutes=11)):
        run_jobs(cast.app)
    assert [(letter.to, letter.state) for letter in letters(cast.app)] == [
        ("wrong@example.org", "canceled"), ("right@example.org", "sent"),
    ]  # fmt: skip


@pytest.mark.parametrize("act", ["ask", "eligible", "district"])
def test_what_it_costs_does_not_grow_with_the_files(cast: Cast, act: str) -> None:
    from portal.programs.models import District

    with cast.app.app_context():
        district = db.session.scalars(select(District.id).where(District.key == "aps")).one()
    costs = []
    for count in (1, 2, 40):  # the first begins the record
        files = people(cast, count, school="Nowhere")
        sam = cast.browser("sam")
        token = {"csrf_token": sam.token()}
        with statements(cast.app) as choosing:
            data = {**token, "act": act, "which": "ticked", "file": files}
            url = sam.client.post(f"/cycles/{cast.cycle}/files/bulk", data=data).location
        with statements(cast.app) as previewing:
            sam.get(url)
        with statements(cast.app) as doing:
            sam.client.post(f"{url}/do", data={**token, "district": str(district)})
        with statements(cast.app) as telling:
            sam.get(url)
        with statements(cast.app) as undoing:
            sam.client.post(f"{url}/undo", data=token)
        assert states(cast).get("undone", 0) >= count
        costs.append([len(each) for each in (choosing, previewing, doing, telling, undoing)])
    assert costs[1] == costs[2]
    assert costs[2][1] <= 6
    assert costs[2][3] <= 6


def test_others_write_while_a_long_act_runs(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 0)
    files = people(cast, 60)
    monkeypatch.setattr(actions, "PORTION", 10)
    url = preview(cast, "eligible", *files)
    do(cast, url)
    sofia, waited = cast.browser("sofia"), []
    token = {"csrf_token": sofia.token(), "email": "x@example.org"}

    def write() -> None:
        for i in range(10):
            begun = time.monotonic()
            data = {**token, "email": f"x{i}@example.org"}
            assert sofia.client.post(f"/files/{files[-1]}/address", data=data).status_code == 303
            waited.append(time.monotonic() - begun)

    at_once([lambda: run_jobs(cast.app), write])
    assert sum(states(cast).values()) == 60
    assert states(cast)["done"] >= 59
    assert len(waited) == 10
