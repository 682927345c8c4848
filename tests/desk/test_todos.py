"""What judging, the Collective and convenings put on the desk of each role, and whom they tell nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from portal.core.clock import now
from portal.core.db import transaction
from portal.programs.models import Cycle, Window
from portal.review.models import Assignment, AssignmentPlan, Conflict, Panel, Seat
from portal.selection.models import Decision, RankingRun
from tests.cast import Cast, text_of
from tests.convenings.world import add_convening, add_member, add_proposal
from tests.selection.judged import add_files, add_panel, add_review, judged
from tests.statements import statements


def desk(cast: Cast, who: str) -> str:
    """The words of somebody's desk."""
    answer = cast.browser(who).get("/desk")
    assert answer.status_code == 200
    return text_of(answer)


def _add(cast: Cast, *things: Any) -> None:
    with cast.app.app_context(), transaction() as s:
        s.add_all(things)


def _set(cast: Cast, model: Any, *where: Any, **values: Any) -> None:
    with cast.app.app_context(), transaction() as s:
        s.execute(update(model).where(*where).values(**values))


def _scope(cast: Cast) -> dict[str, int]:
    return {"program_id": cast.program_id, "cycle_id": cast.cycle_id}


def _plan(cast: Cast, panel_id: int, state: str) -> AssignmentPlan:
    return AssignmentPlan(
        **_scope(cast), round_id=cast.round_id, panel_id=panel_id, state=state, seed=1, made_at=now(), report={}
    )


# Reviewers ------------------------------------------------------------------------------------------------------------


def test_a_reviewer_first_looks_through_the_list_then_reads_until_done(cast: Cast) -> None:
    files = list(add_files(cast).values())
    panel = add_panel(cast, ["priya", "paul"])
    given = add_review(cast, panel, "priya", files[0], None)
    add_review(cast, panel, "priya", files[1], None)
    _set(cast, Seat, Seat.person_id == cast.people["priya"], conflicts_declared_at=None)
    assert "Mark whom you know before you read" in desk(cast, "priya")
    _set(cast, Seat, conflicts_declared_at=now())
    _set(cast, Panel, due_at=now() + timedelta(days=9))
    page = desk(cast, "priya")
    assert "2 files wait for your reading" in page
    assert "Begin to read" in page
    assert "until your reviews are due" in page
    _set(cast, Assignment, Assignment.id == given, opened_at=now())
    assert "Go on reading" in desk(cast, "priya")
    _set(cast, Assignment, state="scored", scored_at=now())
    done = desk(cast, "priya")
    assert "Nothing needs you now" in done
    assert "until your reviews are due" not in done
    assert "Nothing needs you now" in desk(cast, "paul")


@pytest.mark.parametrize("gone", ["conflict", "withdrawn", "closed"])
def test_a_file_that_is_no_longer_to_read_asks_for_nothing(cast: Cast, gone: str) -> None:
    files = list(add_files(cast, ["Ada Best"]).values())
    panel = add_panel(cast, ["priya"])
    add_review(cast, panel, "priya", files[0], None)
    if gone == "conflict":
        person = cast.people["priya"]
        _add(cast, Conflict(**_scope(cast), person_id=person, file_id=files[0], source="declared", reason="known"))
    elif gone == "withdrawn":
        from portal.nominations.models import NomineeFile

        _set(cast, NomineeFile, withdrawn_at=now())
    else:
        _set(cast, Panel, state="closed", closed_at=now())
    assert "Nothing needs you now" in desk(cast, "priya")


# Chairs and organizers ------------------------------------------------------------------------------------------------

STEPS = {
    "no panel": "has no panel yet",
    "forming": "The panel needs 3 readers",
    "joined": "2 files wait for readers",
    "planned": "Who reads what is worked out",
    "blocked": "No plan of who reads what is possible yet",
    "scoring": "2 reviews are still to come",
    "scored": "All reviews are in",
    "ranked": "decide who is honored",
    "proposed": "Decisions wait for a second person",
    "confirmed": "The decisions are confirmed and wait to be announced",
}


def _to_step(cast: Cast, step: str) -> None:
    """Brings the round as far as that step and no further."""
    order = list(STEPS)
    files = list(add_files(cast, ["Ada Best", "Ben Next"]).values())
    cast.person("sam")
    cast.person("sofia")
    if step == "no panel":
        return
    panel = add_panel(cast, [] if step == "forming" else ["priya", "paul", "pia"])
    if order.index(step) <= order.index("blocked"):
        _set(cast, Panel, state="forming", released_at=None)
    if step in ("forming", "joined"):
        from portal.programs.models import Round

        _set(cast, Round, panel_size=3)
    if step in ("planned", "blocked"):
        _add(cast, _plan(cast, panel, "proposed" if step == "planned" else "blocked"))
    if order.index(step) >= order.index("scoring"):
        for file in files:
            add_review(cast, panel, "priya", file, None if step == "scoring" else 3)
    if order.index(step) >= order.index("ranked"):
        _add(cast, RankingRun(**_scope(cast), round_id=cast.round_id, places=1, seed=1, computed_at=now(), result={}))
    if order.index(step) >= order.index("proposed"):
        confirmed = step == "confirmed"
        extra = {"confirmed_by_id": cast.people["sofia"], "confirmed_at": now()} if confirmed else {}
        _add(cast, Decision(**_scope(cast), round_id=cast.round_id, file_id=files[0], outcome="winner",
                            state="confirmed" if confirmed else "proposed", proposed_by_id=cast.people["sam"],
                            proposed_at=now(), **extra))  # fmt: skip
        if confirmed:
            _set(cast, Cycle, decisions_confirmed_at=now())


# Who is told of each step: the chair is told of everything but the announcement, which is the organizers'.
TOLD = {step: {"chen", "sam", "sofia"} for step in STEPS} | {
    "proposed": {"chen", "sofia"},
    "confirmed": {"sam", "sofia"},
}


@pytest.mark.parametrize("step", list(STEPS))
def test_each_step_of_judging_is_told_to_who_leads_and_to_nobody_else(cast: Cast, step: str) -> None:
    _to_step(cast, step)
    for who in ("chen", "sam", "sofia", "priya", "wanda", "ada"):
        page = desk(cast, who)
        told = {other for other, words in STEPS.items() if words in page}
        assert told == ({step} if who in TOLD[step] else set()), who


@pytest.mark.parametrize("step", ["scored", "ranked", "proposed"])
@pytest.mark.parametrize("why", ["owes a review", "has a conflict", "nominated one", "is a nominee"])
def test_results_need_nobody_who_may_not_see_them(cast: Cast, step: str, why: str) -> None:
    """A chair who still owes a review or has a conflict learns nothing of results, not even that they are there."""
    _to_step(cast, step)
    from portal.nominations.models import Nomination, NomineeFile

    files = add_files(cast, ["Cleo Third"])
    if why == "owes a review":
        with cast.app.app_context(), transaction() as s:
            panel = s.query(Panel).one().id
        add_review(cast, panel, "chen", files["Cleo Third"], None)
    elif why == "has a conflict":
        _add(cast, Conflict(**_scope(cast), person_id=cast.people["chen"], file_id=files["Cleo Third"],
                            source="declared", reason="known"))  # fmt: skip
    elif why == "nominated one":
        _set(cast, Nomination, Nomination.file_id == files["Cleo Third"], nominator_email="chen@example.org")
    else:
        _set(cast, NomineeFile, NomineeFile.id == files["Cleo Third"], email="chen@example.org")
    assert STEPS[step] not in desk(cast, "chen")
    if why != "owes a review":
        assert STEPS[step] in desk(cast, "sofia")


def test_a_chair_of_another_panel_is_asked_nothing(cast: Cast) -> None:
    _to_step(cast, "scored")
    cast.person("paula")
    cast.grant("paula", "chair", panel_id=999_999)
    assert "All reviews are in" not in desk(cast, "paula")
    assert "All reviews are in" in desk(cast, "chen")


def test_a_panel_far_away_asks_for_nothing_yet(cast: Cast) -> None:
    add_files(cast)
    _set(
        cast,
        Window,
        Window.key == "application",
        opens_at=now() + timedelta(days=200),
        closes_at=now() + timedelta(days=220),
    )
    assert "has no panel yet" not in desk(cast, "sam")


def test_a_recusal_to_be_taken_back_waits_for_somebody_else(cast: Cast) -> None:
    files = judged(cast, levels=(3, 2))
    sam = cast.person("sam")
    cast.person("sofia")
    with cast.app.app_context(), transaction() as s:
        priya = cast.people["priya"]
        where = (Assignment.person_id == priya, Assignment.file_id == files["Ada Best"])
        s.execute(update(Assignment).where(*where).values(state="recused", recused_at=now(), reinstate_asked_by_id=sam))
    words = "A colleague asks to take a recusal back"
    assert {who for who in ("sam", "sofia", "chen", "priya") if words in desk(cast, who)} == {"sofia", "chen"}


def test_the_chair_is_told_that_files_lack_a_reader(cast: Cast) -> None:
    files = judged(cast, levels=(3, 2))
    words = "One file lacks a reader"
    assert words not in desk(cast, "chen")
    with cast.app.app_context(), transaction() as s:
        where = (Assignment.person_id == cast.people["priya"], Assignment.file_id == files["Ada Best"])
        s.execute(update(Assignment).where(*where).values(state="recused", recused_at=now()))
    assert {who for who in ("sam", "chen", "paul", "ada") if words in desk(cast, who)} == {"sam", "chen"}
    conflicted = Conflict(**_scope(cast), person_id=cast.people["paul"], file_id=files["Ben Next"],
                          source="declared", reason="known")  # fmt: skip
    _add(cast, conflicted)
    page = desk(cast, "chen")
    assert "2 files lack a reader" in page
    assert "Ada Best" not in page
    _set(cast, Panel, state="closed", closed_at=now())
    assert "lack a reader" not in desk(cast, "chen")


# Members --------------------------------------------------------------------------------------------------------------


def test_a_member_is_asked_to_propose_while_a_call_is_open(cast: Cast) -> None:
    add_member(cast, "wanda")
    convening = add_convening(cast)
    page = desk(cast, "wanda")
    assert "A Saturday by teachers looks for sessions" in page
    assert "Your profile is still empty" in page
    assert "looks for sessions" not in desk(cast, "vera")
    add_proposal(cast, convening, "wanda")
    assert "looks for sessions" not in desk(cast, "wanda")


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("draft", "is not sent yet"),
        ("submitted", ""),
        ("returned", "came back for a change"),
        ("accepted", "is accepted"),
        ("confirmed", ""),
        ("declined", ""),
        ("standby", ""),
        ("withdrawn", ""),
    ],
)
def test_a_proposal_asks_its_author_only_when_it_waits_for_them(cast: Cast, stage: str, words: str) -> None:
    add_proposal(cast, add_convening(cast), "wanda", stage)
    page = desk(cast, "wanda")
    asked = {w for w in ("is not sent yet", "came back for a change", "is accepted") if w in page}
    assert asked == ({words} if words else set())


@pytest.mark.parametrize(
    ("stage", "decides"), [("submitted", True), ("in review", True), ("draft", False), ("declined", False)]
)
def test_organizers_are_told_of_proposals_that_were_sent(cast: Cast, stage: str, decides: bool) -> None:
    add_proposal(cast, add_convening(cast), "wanda", stage)
    assert ("One session is proposed" in desk(cast, "sam")) == decides


def test_a_confirmed_session_waits_for_a_place(cast: Cast) -> None:
    add_proposal(cast, add_convening(cast), "wanda", "confirmed")
    assert "One session has no place on the agenda" in desk(cast, "sam")


# The header and the budget --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "place", "end"),
    [
        ("sam", "files", "/files"),
        ("sam", "panel", "/panel"),
        ("chen", "panel", "/panel"),
        ("sam", "results", "/results"),
        ("sam", "convening", "/convenings"),
        ("wanda", "convening", "/proposals"),
    ],
)
def test_the_header_s_links_lead_to_pages_that_open(cast: Cast, who: str, place: str, end: str) -> None:
    browser = cast.browser(who)
    answer = browser.get(f"/desk/{cast.slug}/{place}")
    assert answer.location.endswith(end)
    assert browser.get(answer.location).status_code == 200


def test_a_stranger_to_the_program_has_no_such_links(cast: Cast) -> None:
    assert cast.browser("vera").get(f"/desk/{cast.slug}/files").status_code == 404


@pytest.mark.parametrize("who", ["sam", "chen", "priya", "wanda"])
def test_a_full_desk_asks_the_database_six_times_at_most(cast: Cast, who: str) -> None:
    judged(cast)
    add_member(cast, "wanda")
    cast.grant("wanda", "reviewer")
    add_proposal(cast, add_convening(cast), "wanda", "returned")
    add_proposal(cast, add_convening(cast), "wanda", "accepted")
    browser = cast.browser(who)
    browser.get("/desk")
    with statements(cast.app) as seen:
        assert browser.get("/desk").status_code == 200
    assert len(seen) <= 6, "\n".join(seen)


def test_every_button_of_a_full_desk_leads_to_a_page(cast: Cast) -> None:
    import re

    _to_step(cast, "ranked")
    add_member(cast, "wanda")
    convening = add_convening(cast)
    add_proposal(cast, convening, "wanda", "submitted")
    for who in ("sam", "sofia", "chen", "priya", "wanda"):
        browser = cast.browser(who)
        page = browser.get("/desk").get_data(as_text=True)
        buttons = re.findall(r'<a class="btn s[^"]*" href="([^"]+)"', page)
        assert bool(buttons) == (who != "priya"), who
        for url in buttons:
            assert browser.get(url.replace("&amp;", "&")).status_code == 200, (who, url)
