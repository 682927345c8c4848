"""The whole way on real input: the shared export of a web form, from an empty program to a session on the agenda.

The same steps as `portal rehearse`, walked once through the pages; each test reads the figures of one step.
"""

from pathlib import Path
from typing import Any

import pytest

from portal.demo import rehearsal
from portal.demo.walk.browser import Browser
from portal.demo.walk.steps import STEPS
from portal.demo.walk.way import walk

EXPORT = Path(__file__).parents[1] / "cases" / "nominations-form-export.csv"
MOST_YES = 14  # so many nominees say yes here; the command takes as many as come


@pytest.fixture(scope="module")
def way(make_app):
    return rehearsal.found(make_app(demo=True), EXPORT, most_yes=MOST_YES)


@pytest.fixture(scope="module")
def told(way) -> dict[str, dict[str, Any]]:
    """The figures of every step by its name."""
    return {step.name: figures for step, figures, _sentence in walk(way, STEPS)}


def test_every_row_of_the_export_is_accounted_for_and_a_second_run_adds_nothing(told):
    figures = told["Import"]
    assert figures["rows"] == 244
    assert (figures["entered"], figures["already_in"], figures["refused"]) == (237, 4, 3)
    assert figures["again"] == 0
    assert figures["nominations"] == 237
    assert 68 <= figures["files"] <= 137  # 68 people; without a school nothing is joined by itself


def test_every_nominee_without_an_address_gets_one_and_is_asked(told):
    addresses = told["Addresses"]
    assert addresses["missing"] == 0
    assert told["Letters"]["letters"] == addresses["pasted"] + addresses["typed"]


def test_nominees_answer_by_the_links_in_their_letters(told):
    figures = told["Consent"]
    assert figures["accepted"] == MOST_YES
    assert figures["erased"] == 1
    assert figures["declined"] > 0
    assert sum(figures.values()) == told["Letters"]["letters"]


def test_whoever_said_yes_is_screened(told):
    assert sum(told["Screening"].values()) == MOST_YES
    assert told["Screening"]["eligible"] >= 10


def test_a_panel_is_invited_and_accepts_by_link(told):
    assert told["Staff"]["organizers"] == 2
    assert told["Past winners"]["files"] == told["Screening"]["eligible"]
    assert told["Panel"]["seats"] == told["Panel"]["readers"] + 1
    assert told["Panel"]["readers"] == told["Past winners"]["readers"]


def test_each_file_gets_three_readers_within_the_bound(told):
    figures = told["Assignment"]
    assert figures["assignments"] == 3 * told["Screening"]["eligible"]
    assert figures["most"] <= 12
    assert figures["told"] == told["Panel"]["readers"]


def test_every_review_is_handed_in_and_a_recusal_is_replaced(told):
    assert told["Scores"]["recused"] == 1
    assert told["Scores"]["reviews"] == told["Assignment"]["assignments"]
    assert told["Scores"]["versions"] == told["Scores"]["handed_in"] == told["Scores"]["reviews"]


def test_the_field_is_ranked_from_all_reviews(told):
    figures = told["Ranking"]
    assert figures["ranked"] == told["Screening"]["eligible"]
    assert figures["reviews"] == told["Scores"]["reviews"]
    assert figures["places"] == 8
    assert -1 <= figures["alpha"] <= 1


def test_two_people_decide(told):
    figures = told["Decision"]
    assert figures["winners"] == 8
    assert figures["decided"] == told["Screening"]["eligible"]
    assert figures["alone"] is False


def test_nothing_tells_before_the_announcement_and_everything_at_once_after(told):
    figures = told["Announcement"]
    assert figures["told_before"] == 0
    assert figures["public"] == figures["winners"] == 8
    assert figures["letters"] >= told["Decision"]["decided"]


def test_winners_join_the_collective_by_link(told):
    assert told["Collective"] == {"invited": 8, "joined": 2}


def test_a_winner_proposes_a_session_and_its_presenters_confirm(told):
    assert told["Proposal"]["state"] == "submitted"
    assert told["Proposal"]["presenters"] == 2
    assert told["Acceptance"] == {"state": "confirmed", "confirmed": 2}


def test_the_public_agenda_shows_the_winners_session_once_it_is_released(way, told):
    figures = told["Agenda"]
    assert figures["before"] is False
    assert figures["shown"] is True
    assert figures["by_winner"] is True
    stranger = Browser(way.app).open(f"/awards/{way.slug}/convening")
    assert figures["title"] in stranger.words
    assert figures["winner"] in stranger.words


def test_the_record_holds_all_of_it_and_verifies(told):
    assert told["Record"]["findings"] == 0
    assert told["Record"]["entries"] > 500
