"""A member proposes: saved as typed, co-presenters who answer for themselves, sent, changed, withdrawn."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.collective.models import Member
from portal.convenings import rules
from portal.convenings.models import Call, Proposal
from portal.core.clock import now
from portal.core.db import db, transaction
from tests.cast import letters, text_of
from tests.convenings.world import TYPED, add_convening, add_member, add_proposal, last_link, presenters_of, proposal


def close_call(app):
    with app.app_context(), transaction() as s:
        s.execute(update(Call).values(opens_at=now() - timedelta(days=9), closes_at=now() - timedelta(hours=1)))


def started(cast, convening, name="wanda"):
    """A member presses "Start a proposal"; the edit page's path."""
    add_member(cast, name)
    return cast.browser(name).post(f"/convenings/{convening}/propose").location


def test_from_the_call_to_the_receipt(app, cast, convening):
    add_member(cast, "wanda")
    wanda = cast.browser("wanda")
    assert "Start a proposal" in text_of(wanda.get(f"/convenings/{convening}/propose"))
    edit = wanda.post(f"/convenings/{convening}/propose").location
    page = wanda.post(edit, {**TYPED, "do": "send"}, follow=True)
    assert "on its way to the organizers" in text_of(page)
    found = proposal(app, edit.split("/")[2])
    assert (found.state, found.title, found.length, found.area) == ("submitted", TYPED["title"], 45, "practice")
    receipt = letters(app, "convenings/receipt")
    assert [(m.to, TYPED["title"] in m.subject) for m in receipt] == [("wanda@example.org", True)]
    assert TYPED["title"] in text_of(wanda.get("/proposals"))


def test_a_button_pressed_twice_begins_one_draft(app, cast, convening):
    edit = started(cast, convening)
    wanda, start = cast.browser("wanda"), f"/convenings/{convening}/propose"
    assert wanda.post(start).location == edit
    wanda.post(edit, {"title": "Mine"})
    assert wanda.post(start).location != edit


def test_who_was_removed_from_the_collective_sends_nothing(app, cast, convening):
    edit = started(cast, convening)
    with app.app_context():
        member = db.session.scalar(select(Member.public_id))
    sam = cast.browser("sam")
    assert sam.post(f"/collective/members/{member}/state", {"verb": "remove", "reason": "Asked to."}).status_code == 303
    page = cast.browser("wanda").get(edit).get_data(as_text=True)
    assert "Send to the organizers" not in page
    assert cast.browser("wanda").post(edit, {**TYPED, "do": "send"}).status_code == 403
    assert proposal(app, edit.split("/")[2]).state == "draft"


def test_it_is_saved_as_it_is_typed(app, cast, convening):
    edit = started(cast, convening)
    answer = cast.browser("wanda").post(edit.replace("/edit", "/save"), {"title": "Half", "summary": "A thou"}, hx=True)
    assert "Saved" in text_of(answer)
    found = proposal(app, edit.split("/")[2])
    assert (found.title, found.summary, found.state) == ("Half", "A thou", "draft")


@pytest.mark.parametrize("missing", ["title", "summary", "takeaway", "area", "audience", "length"])
def test_each_missing_answer_is_named_and_the_rest_is_kept(app, cast, convening, missing):
    edit = started(cast, convening)
    typed = {k: v for k, v in TYPED.items() if k != missing}
    page = cast.browser("wanda").post(edit, {**typed, "do": "send"})
    assert page.status_code == 422
    assert 'role="alert"' in page.get_data(as_text=True)
    found = proposal(app, edit.split("/")[2])
    assert found.state == "draft"
    assert found.title == ("" if missing == "title" else TYPED["title"])


def test_a_choice_that_does_not_exist_is_refused(app, cast, convening):
    edit = started(cast, convening)
    page = cast.browser("wanda").post(edit, {**TYPED, "area": "magic", "length": "999", "do": "send"})
    assert page.status_code == 422
    found = proposal(app, edit.split("/")[2])
    assert (found.area, found.length) == ("", None)


def test_a_co_presenter_is_asked_when_it_is_sent_and_says_yes(app, cast, convening):
    edit = started(cast, convening)
    wanda = cast.browser("wanda")
    page = wanda.post(
        edit, {**TYPED, "co_name": "Odessa Greene", "co_email": "odessa@example.org", "do": "add"}, follow=True
    )
    assert "We write to them when you send" in text_of(page)
    assert proposal(app, edit.split("/")[2]).summary == TYPED["summary"]
    assert letters(app, "convenings/co_presenter") == []
    wanda.post(edit, {**TYPED, "do": "send"})
    asked = letters(app, "convenings/co_presenter")
    assert [m.to for m in asked] == ["odessa@example.org"]
    link = last_link(app, "co_presenter")
    visitor = cast.browser()
    assert "Wanda Example asks you to present together" in text_of(visitor.get(link))
    assert presenters_of(app, edit.split("/")[2])[1].state == "invited"
    seen = visitor.post(link, {"name": "Odessa Greene", "answer": "accept"}, follow=True)
    assert "You are on this session" in text_of(seen)
    second = presenters_of(app, edit.split("/")[2])[1]
    assert (second.state, second.person_id is not None) == ("accepted", True)
    assert "Odessa Greene" in letters(app, "convenings/answered")[0].subject
    assert "You are presenting" in text_of(cast.browser().get(link))
    assert cast.browser().post(link, {"name": "X", "answer": "accept"}).status_code == 410


def test_a_co_presenter_says_no_without_an_account(app, cast, convening):
    edit = started(cast, convening)
    wanda = cast.browser("wanda")
    wanda.post(edit, {**TYPED, "co_name": "Odessa", "co_email": "odessa@example.org", "do": "add"})
    wanda.post(edit, {**TYPED, "do": "send"})
    page = cast.browser().post(last_link(app, "co_presenter"), {"answer": "decline"})
    assert "Thank you for telling us" in text_of(page)
    second = presenters_of(app, edit.split("/")[2])[1]
    assert (second.state, second.person_id) == ("declined", None)


def test_taken_off_the_link_is_dead_and_asked_again_there_is_a_new_one(app, cast, convening):
    edit = started(cast, convening)
    wanda = cast.browser("wanda")
    add = {**TYPED, "co_name": "Odessa", "co_email": "odessa@example.org", "do": "add"}
    wanda.post(edit, {**TYPED, "do": "send"})
    wanda.post(edit, add)
    link, second = last_link(app, "co_presenter"), presenters_of(app, edit.split("/")[2])[1]
    wanda.post(edit, {**TYPED, "do": f"remove:{second.public_id}"})
    assert cast.browser().get(link).status_code == 410
    wanda.post(edit, add)
    assert cast.browser().get(last_link(app, "co_presenter")).status_code == 200
    assert len(presenters_of(app, edit.split("/")[2])) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"co_name": "", "co_email": "odessa@example.org"}, "co-presenter's name"),
        ({"co_name": "Odessa", "co_email": ""}, "co-presenter's e-mail"),
        ({"co_name": "Odessa", "co_email": "odessa"}, "whole address"),
        ({"co_name": "Me", "co_email": "wanda@example.org"}, "already on this proposal"),
    ],
)
def test_what_is_wrong_with_a_co_presenter_is_said(app, cast, convening, typed, told):
    edit = started(cast, convening)
    page = cast.browser("wanda").post(edit, {**TYPED, **typed, "do": "add"})
    assert page.status_code == 422
    assert told in text_of(page).replace("’", "'")
    assert len(presenters_of(app, edit.split("/")[2])) == 1


def test_one_co_presenter_named_in_two_windows_at_once_is_named_once(app, cast, convening):
    edit = started(cast, convening)
    gate, answers = threading.Barrier(2), []

    def add():
        typed = {"co_name": "Odessa", "co_email": "odessa@example.org", "do": "add"}
        wanda = cast.browser("wanda")
        gate.wait()
        answers.append(wanda.post(edit, {**TYPED, **typed}).status_code)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422]
    assert len(presenters_of(app, edit.split("/")[2])) == 2


def test_a_name_left_in_the_fields_is_not_forgotten(cast, convening):
    edit = started(cast, convening)
    page = cast.browser("wanda").post(
        edit, {**TYPED, "co_name": "Odessa", "co_email": "odessa@example.org", "do": "send"}
    )
    assert page.status_code == 422
    assert "Add co-presenter" in text_of(page)


def test_after_the_call_a_draft_is_kept_but_not_sent(app, cast, convening):
    edit = started(cast, convening)
    close_call(app)
    wanda = cast.browser("wanda")
    assert wanda.post(edit.replace("/edit", "/save"), {"title": "Late words"}, hx=True).status_code == 200
    assert wanda.post(edit, {**TYPED, "do": "send"}).status_code == 403
    assert (proposal(app, edit.split("/")[2]).state, proposal(app, edit.split("/")[2]).title) == (
        "draft",
        TYPED["title"],
    )
    assert wanda.post(f"/convenings/{convening}/propose").status_code == 403


EDITABLE = {"draft": (True, True), "submitted": (True, False), "returned": (True, True)}


@pytest.mark.parametrize("stage", rules.PROPOSAL.states)
def test_who_may_change_a_proposal_in_which_state(app, cast, convening, stage):
    public_id = add_proposal(cast, convening, stage=stage)
    before, after = EDITABLE.get(stage, (False, False))
    wanda = cast.browser("wanda")
    assert wanda.get(f"/proposals/{public_id}/edit").status_code == (200 if before else 403)
    close_call(app)
    assert wanda.get(f"/proposals/{public_id}/edit").status_code == (200 if after else 403)
    assert wanda.get(f"/proposals/{public_id}").status_code == 200


@pytest.mark.parametrize("stage", rules.PROPOSAL.states)
def test_withdrawing_from_every_state(app, cast, convening, stage):
    public_id = add_proposal(cast, convening, stage=stage)
    answer = cast.browser("wanda").post(f"/proposals/{public_id}/withdraw")
    assert answer.status_code == (303 if rules.PROPOSAL.may(stage, "withdraw") else 403)
    told = {m.to for m in letters(app, "convenings/withdrawn")}
    assert told == (
        {"sam@example.org"}
        if stage in ("submitted", "in review", "standby", "accepted", "confirmed", "withdrawn")
        else set()
    )


def test_withdrawn_while_it_is_returned_those_beside_are_told(app, cast, convening):
    edit = started(cast, convening)
    wanda = cast.browser("wanda")
    wanda.post(edit, {**TYPED, "co_name": "Odessa", "co_email": "odessa@example.org", "do": "add"})
    wanda.post(edit, {**TYPED, "do": "send"})
    cast.browser().post(last_link(app, "co_presenter"), {"name": "Odessa Greene", "answer": "accept"})
    page = edit.removesuffix("/edit")
    cast.browser("sam").post(f"{page}/decide", {"verb": "send_back", "note": "Shorter, please."})
    wanda.post(f"{page}/withdraw")
    assert [m.to for m in letters(app, "convenings/withdrawn")] == ["odessa@example.org"]


@pytest.mark.parametrize(
    ("name", "stage", "status"),
    [
        ("wanda", "draft", 200),
        ("sam", "draft", 404),
        ("sam", "submitted", 200),
        ("vera", "submitted", 404),
        ("priya", "submitted", 404),
    ],
)
def test_who_reads_a_proposal(cast, convening, name, stage, status):
    public_id = add_proposal(cast, convening, stage=stage)
    assert cast.browser(name).get(f"/proposals/{public_id}").status_code == status


@pytest.mark.parametrize(
    ("opens", "closes", "published", "may"),
    [
        (-5, 20, True, True),
        (1, 20, True, False),
        (-5, -1, True, False),
        (-5, 20, False, False),
    ],
)
def test_the_call_is_open_between_its_moments_when_published(app, cast, opens, closes, published, may):
    convening = add_convening(cast, opens=opens, closes=closes, published=published)
    add_member(cast, "wanda")
    assert cast.browser("wanda").post(f"/convenings/{convening}/propose").status_code == (303 if may else 403)


@pytest.mark.parametrize(("state", "may"), [("active", True), ("on leave", False), ("emeritus", False)])
def test_active_members_propose(app, cast, convening, state, may):
    from portal.collective.models import Member

    add_member(cast, "wanda")
    with app.app_context(), transaction() as s:
        s.execute(update(Member).values(state=state))
    wanda = cast.browser("wanda")
    assert wanda.get(f"/convenings/{convening}/propose").status_code == 200
    assert wanda.post(f"/convenings/{convening}/propose").status_code == (303 if may else 403)


def test_a_stranger_does_not_see_the_call(cast, convening):
    assert cast.browser("vera").get(f"/convenings/{convening}/propose").status_code == 403


def test_the_database_refuses_a_sent_proposal_without_a_title(app, cast, convening):
    from sqlalchemy.exc import IntegrityError

    add_proposal(cast, convening)
    with app.app_context(), pytest.raises(IntegrityError), transaction() as s:
        s.execute(update(Proposal).values(title=""))
    with app.app_context():
        assert db.session.query(Proposal).one().title == TYPED["title"]
