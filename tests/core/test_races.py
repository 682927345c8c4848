"""Many at once, each in a thread and a browser of their own: nothing is doubled, nobody meets an error, and where only
one can be first, exactly one is and the other is told. Meant for both databases.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.accounts.models import RoleInvitation
from portal.collective.models import Member
from portal.convenings.models import Placement
from portal.core import audit, jobs
from portal.core.audit import AuditEntry
from portal.core.db import db, transaction
from portal.core.outbox import Message
from portal.nominations.models import Nomination, NomineeFile
from portal.selection.models import Announcement, Decision, RankingRun
from tests.cast import Browser, Cast, letters, links_in, run_jobs
from tests.collective.world import add_file as winners_file
from tests.collective.world import invite, join_link
from tests.convenings.world import add_convening, add_day, add_proposal
from tests.nominations.consenting import add_file, ask
from tests.nominations.walking import BASE, Walker
from tests.selection.judged import judged

TEN = 10
Call = Callable[[], TestResponse]


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Starts all calls at the same moment, each in a thread of its own; what they return, in order."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait(60)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def codes(calls: Sequence[Call]) -> list[int]:
    """The status codes of calls made at once, smallest first."""
    return sorted(answer.status_code for answer in at_once(calls))


def poster(browser: Browser, url: str, data: dict[str, Any] | None = None) -> Call:
    """A call that posts with a token fetched beforehand, so that nothing but the post itself is raced."""
    fields = {"csrf_token": browser.token(), **(data or {})}
    return lambda: browser.client.post(url, data=fields)


def number(app: Flask, model: Any, *conditions: Any) -> int:
    """How many rows there are."""
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0)


def entries(app: Flask, verb: str) -> int:
    """How often the record says so."""
    return number(app, AuditEntry, AuditEntry.verb == verb)


def verified(app: Flask) -> bool:
    """Whether the record fits."""
    with app.app_context():
        return audit.verify()[1] == []


# Nominations


def test_ten_walk_through_the_form_at_once_for_one_educator(app: Flask, cast: Cast) -> None:
    """The whole way, from the first page to the receipt: ten receipts, one file."""
    walkers = [Walker(cast) for _ in range(TEN)]

    def walk(at: int) -> str:
        walker = walkers[at].begin().fill(name={"email": f"n{at}@example.org"})
        walker.send()
        assert walker.get("sent").status_code == 200
        return str(walker.row().receipt)

    receipts = at_once([partial(walk, at) for at in range(TEN)])
    assert len(set(receipts)) == TEN
    assert "" not in receipts
    assert number(app, Nomination, Nomination.state == "submitted") == TEN
    assert number(app, NomineeFile) == 1
    assert verified(app)


def test_one_draft_sent_ten_times_at_once_is_one_nomination(app: Flask, cast: Cast) -> None:
    walker = Walker(cast).begin().fill()
    url = f"{walker.url}/send"
    windows = [same_browser(app, walker.browser) for _ in range(TEN)]
    answers = at_once([poster(window, url) for window in windows])
    assert {(a.status_code, a.location) for a in answers} == {(303, f"{walker.url}/sent")}
    assert number(app, Nomination) == 1
    assert number(app, Message, Message.template == "nominations/receipt") == 1
    assert entries(app, "nomination.submit") == 1
    assert all(walker.row().receipt in window.get(f"{walker.url}/sent").get_data(as_text=True) for window in windows)


def same_browser(app: Flask, browser: Browser) -> Browser:
    """Another window of the same browser: its cookies, in a client of its own."""
    window = Browser(app.test_client())
    for cookie in (browser.client._cookies or {}).values():
        window.client.set_cookie(cookie.key, cookie.value)
    return window


def test_the_first_question_answered_in_ten_windows_at_once_begins_one_draft(app: Flask, cast: Cast) -> None:
    browser = cast.browser()
    start = browser.get(BASE).get_data(as_text=True).partition('name="start"')[2].partition('value="')[2].split('"')[0]
    windows = [same_browser(app, browser) for _ in range(TEN)]
    assert codes([poster(w, BASE, {"age": "adult", "start": start}) for w in windows]) == [303] * TEN
    assert number(app, Nomination) == 1


def test_what_two_windows_type_into_two_steps_at_once_is_all_kept(app: Flask, cast: Cast) -> None:
    walker = Walker(cast).begin()
    typed = {"you/save": {"known_for": "2 years"}, "story/save": {"story": "She asked what else."}}
    windows = [same_browser(app, walker.browser) for _ in typed]
    calls = [poster(w, f"{walker.url}/{page}", data) for w, (page, data) in zip(windows, typed.items(), strict=True)]
    assert codes(calls) == [200, 200]
    answers = walker.row().answers
    assert (answers.get("known_for"), answers.get("story")) == ("2 years", "She asked what else.")


# Answers that only one can give first


def test_a_nominee_who_says_yes_in_two_windows_at_once_says_it_once(app: Flask, cast: Cast) -> None:
    link = ask(cast, add_file(cast)).partition("?")[0]
    first, second = codes([poster(cast.browser(), f"{link}/accept") for _ in range(2)])
    assert first == 303
    assert second in (403, 409)
    assert entries(app, "consent.accept") == 1


def test_a_nominee_who_says_yes_and_no_at_once_is_taken_at_the_last_word_allowed(app: Flask, cast: Cast) -> None:
    """No after yes is a change of mind; yes after no is refused."""
    link = ask(cast, add_file(cast)).partition("?")[0]
    yes, no = at_once([poster(cast.browser(), f"{link}/{verb}") for verb in ("accept", "decline")])
    assert no.status_code == 303
    assert yes.status_code in (303, 403, 409)
    assert (entries(app, "consent.accept"), entries(app, "consent.decline")) == (int(yes.status_code == 303), 1)
    assert number(app, NomineeFile, NomineeFile.consent == "declined") == 1


def test_a_mailed_sign_in_link_opens_one_browser(app: Flask, cast: Cast) -> None:
    cast.person("priya")
    cast.browser().post("/sign-in", {"email": "priya@example.org"})
    link = next(u for u in links_in(letters(app)[-1].text) if u.startswith("/sign-in/"))
    assert codes([poster(cast.browser(), link) for _ in range(4)]) == [303, 410, 410, 410]


def test_an_invitation_to_a_role_is_accepted_once(app: Flask, cast: Cast) -> None:
    cast.browser("sam").post(
        f"/awards/{cast.slug}/people", {"name": "Olga", "email": "olga@example.org", "role": "auditor"}
    )
    link = links_in(letters(app, "accounts/role_invitation")[-1].text)[0]
    assert codes([poster(cast.browser(), link, {"name": "Olga"}) for _ in range(2)]) == [303, 410]
    assert number(app, RoleInvitation, RoleInvitation.state == "accepted") == 1


def test_an_invitation_to_the_collective_makes_one_member(app: Flask, cast: Cast) -> None:
    invite(cast, winners_file(cast))
    link = join_link(app)
    assert codes([poster(cast.browser(), link, {"name": "Tariq"}) for _ in range(2)]) == [303, 410]
    assert number(app, Member) == 1


# Decisions


@pytest.fixture
def deciding(cast: Cast) -> Cast:
    """A judged round with its ranking, and what the line says proposed by Sam."""
    judged(cast)
    cast.grant("olga", "organizer")
    sam = cast.browser("sam")
    sam.post(f"/rounds/{cast.round}/results/compute")
    run_jobs(cast.app)
    with cast.app.app_context():
        run = db.session.scalar(select(RankingRun.public_id))
    proposed = sam.post(f"/rounds/{cast.round}/decisions/line", {"order": "adjusted", "run": run})
    assert proposed.status_code == 303
    return cast


def test_two_who_ask_for_the_ranking_at_once_share_one(app: Flask, cast: Cast) -> None:
    judged(cast)
    cast.grant("olga", "organizer")
    url = f"/rounds/{cast.round}/results/compute"
    assert codes([poster(cast.browser(name), url) for name in ("sam", "sofia", "olga")]) == [303] * 3
    assert number(app, RankingRun) == 1


def test_two_who_confirm_at_once(app: Flask, deciding: Cast) -> None:
    url = f"/rounds/{deciding.round}/decisions/confirm"
    first, second = codes([poster(deciding.browser(name), url) for name in ("sofia", "olga")])
    assert first == 303
    assert second in (403, 409)
    assert number(app, Decision, Decision.state == "proposed") == 0
    assert entries(app, "decisions.confirmed") == 1


def test_confirming_and_reopening_at_once_leaves_one_state(app: Flask, deciding: Cast) -> None:
    """Whoever comes second acts on what the first has done: all are confirmed, or all are proposals again."""
    base = f"/rounds/{deciding.round}/decisions"
    deciding.browser("sofia").post(f"{base}/confirm")
    calls = [poster(deciding.browser("sofia"), f"{base}/confirm"), poster(deciding.browser("olga"), f"{base}/reopen")]
    assert set(codes(calls)) <= {303, 403, 409}
    with app.app_context():
        assert len(set(db.session.scalars(select(Decision.state)))) == 1


def test_two_who_announce_at_once_tell_everybody_once(app: Flask, deciding: Cast) -> None:
    deciding.browser("sofia").post(f"/rounds/{deciding.round}/decisions/confirm")
    page = f"/cycles/{deciding.cycle}/announcement"
    deciding.browser("sam").post(page)
    first, second = codes([poster(deciding.browser(name), f"{page}/announce") for name in ("sam", "sofia")])
    assert first == 303
    assert second in (403, 409)
    assert number(app, Announcement, Announcement.state == "announced") == 1
    assert entries(app, "cycle.announced") == 1
    told = [letter.to for letter in letters(app) if letter.template.startswith("selection/")]
    assert len(told) == len(set(told)) > 0


# Convenings


def test_two_who_decide_on_a_proposal_at_once(app: Flask, cast: Cast) -> None:
    proposal = add_proposal(cast, add_convening(cast))
    calls = [
        poster(cast.browser(name), f"/proposals/{proposal}/decide", {"verb": verb, "note": "Because."})
        for name, verb in (("sam", "accept"), ("sofia", "decline"))
    ]
    first, second = codes(calls)
    assert first == 303
    assert second in (403, 409)
    assert entries(app, "proposal.accept") + entries(app, "proposal.decline") == 1


def test_two_sessions_placed_in_one_room_at_once(app: Flask, cast: Cast) -> None:
    convening = add_convening(cast)
    both = [add_proposal(cast, convening, author, "confirmed") for author in ("wanda", "vera")]
    rooms, blocks = add_day(cast, convening)
    with app.app_context():
        from portal.convenings.models import Proposal

        query = select(Proposal).where(Proposal.public_id.in_(both)).order_by(Proposal.id)
        sessions = [proposal.session.public_id for proposal in db.session.scalars(query) if proposal.session]
    slot = {"block": blocks[1], "room": rooms[0], "was": ""}
    calls = [
        poster(cast.browser(name), f"/convenings/{convening}/agenda", {**slot, "session": session})
        for name, session in zip(("sam", "sofia"), sessions, strict=True)
    ]
    first, second = codes(calls)
    assert first == 303
    assert second in (409, 422)
    assert number(app, Placement) == 1


# The house itself


def test_one_job_taken_by_five_workers_runs_once(app: Flask) -> None:
    ran: list[int] = []
    jobs.REGISTRY["races.count"] = ran.append
    try:
        with app.app_context():
            with transaction():
                jobs.later("races.count", 1)
            (job_id,) = jobs.due()

        def work() -> bool:
            with app.app_context():
                return jobs.run(job_id)

        assert sorted(at_once([work] * 5)) == [False, False, False, False, True]
    finally:
        del jobs.REGISTRY["races.count"]
    assert ran == [1]


def test_five_workers_claim_a_period_once(app: Flask) -> None:
    def round_of_the_minute() -> None:
        with app.app_context():
            jobs.sweep()

    at_once([round_of_the_minute] * 5)
    assert number(app, jobs.JobPeriod) == len(jobs.PERIODIC) == number(app, jobs.Job)


def test_the_record_is_verified_while_others_write(app: Flask) -> None:
    def write(at: int) -> None:
        for turn in range(15):
            with app.app_context(), transaction():
                audit.record(audit.SYSTEM, "race.run", f"thing:{at}-{turn}", program_id=1)

    def verify() -> None:
        for _turn in range(15):
            with app.app_context():
                assert audit.verify()[1] == []

    at_once([*(partial(write, at) for at in range(3)), verify, verify])
    assert entries(app, "race.run") == 45
    assert verified(app)
