"""Organizers decide, every presenter confirms, and a confirmed proposal becomes a session."""

import threading
import time

import pytest
from sqlalchemy import select

from portal.convenings import rules
from portal.convenings.actions import presenters, proposals
from portal.convenings.models import Presenter, Proposal
from portal.core.db import db, transaction
from tests.cast import letters, text_of
from tests.convenings.world import (
    TYPED,
    add_proposal,
    last_link,
    presenters_of,
    proposal,
    session_of,
)


def with_co_presenter(cast, convening):
    """A sent proposal by Wanda with Odessa, who said yes; the public id."""
    from tests.convenings.world import add_member

    add_member(cast, "wanda")
    wanda = cast.browser("wanda")
    edit = wanda.post(f"/convenings/{convening}/propose").location
    wanda.post(edit, {**TYPED, "co_name": "Odessa Greene", "co_email": "odessa@example.org", "do": "add"})
    wanda.post(edit, {**TYPED, "do": "send"})
    return edit.split("/")[2]


def say_yes(app, cast):
    cast.browser().post(last_link(app, "co_presenter"), {"name": "Odessa Greene", "answer": "accept"})


@pytest.mark.parametrize("verb", rules.DECISIONS)
@pytest.mark.parametrize("stage", rules.PROPOSAL.states)
def test_every_state_and_decision(app, cast, convening, stage, verb):
    public_id = add_proposal(cast, convening, stage=stage)
    sent = len(letters(app, "convenings/decision"))
    answer = cast.browser("sam").post(f"/proposals/{public_id}/decide", {"verb": verb, "note": "A good one."})
    origins, target = rules.PROPOSAL[verb]
    if stage == "draft":
        assert answer.status_code == 404
    else:
        assert answer.status_code == (303 if stage in origins else 409)
    assert proposal(app, public_id).state == (target if stage in origins else stage)
    assert len(letters(app, "convenings/decision")) == sent + (stage in origins)


WORDS = {
    "accept": ("Your session is accepted", "Please confirm"),
    "put_on_standby": ("on standby", "placed if another session falls out"),
    "decline": ("About your proposal", "more good sessions than rooms"),
    "send_back": ("change one thing", "Make the change"),
}


@pytest.mark.parametrize("verb", rules.DECISIONS)
def test_the_letter_says_what_was_decided(app, cast, convening, verb):
    public_id = add_proposal(cast, convening)
    cast.browser("sam").post(f"/proposals/{public_id}/decide", {"verb": verb, "note": "We liked the counting."})
    letter = letters(app, "convenings/decision")[0]
    subject, body = WORDS[verb]
    assert letter.to == "wanda@example.org"
    assert subject in letter.subject
    assert body in letter.text
    assert "We liked the counting." in letter.text
    assert "We liked the counting." in letter.html


def test_a_return_needs_words_and_a_decision_a_choice(app, cast, convening):
    public_id = add_proposal(cast, convening)
    sam = cast.browser("sam")
    page = sam.post(f"/proposals/{public_id}/decide", {"verb": "send_back", "note": ""})
    assert (page.status_code, "Write what should change" in text_of(page)) == (422, True)
    assert sam.post(f"/proposals/{public_id}/decide", {"note": "x"}).status_code == 422
    assert sam.post(f"/proposals/{public_id}/decide", {"verb": "confirm"}).status_code == 422
    assert proposal(app, public_id).state == "submitted"


def test_taken_up_its_author_can_no_longer_change_it(cast, convening):
    public_id = add_proposal(cast, convening)
    cast.browser("sam").post(f"/proposals/{public_id}/take-up")
    wanda = cast.browser("wanda")
    assert wanda.post(f"/proposals/{public_id}/edit", {**TYPED, "do": "save"}).status_code == 403
    assert "are reading it" in text_of(wanda.get(f"/proposals/{public_id}"))


def test_returned_changed_and_sent_again(app, cast, convening):
    public_id = add_proposal(cast, convening, stage="returned")
    wanda = cast.browser("wanda")
    assert "Please shorten it." in text_of(wanda.get(f"/proposals/{public_id}/edit"))
    wanda.post(f"/proposals/{public_id}/edit", {**TYPED, "title": "Shorter", "do": "send"})
    found = proposal(app, public_id)
    assert (found.state, found.title, found.note) == ("submitted", "Shorter", "")


@pytest.mark.parametrize("name", ["wanda", "vera", "priya", "ada"])
def test_only_organizers_decide(app, cast, convening, name):
    public_id = add_proposal(cast, convening)
    answer = cast.browser(name).post(f"/proposals/{public_id}/decide", {"verb": "accept"})
    assert answer.status_code in (403, 404)
    assert proposal(app, public_id).state == "submitted"


def test_alone_the_author_confirms_by_the_link_of_the_decision(app, cast, convening):
    public_id = add_proposal(cast, convening, stage="accepted")
    link, visitor = last_link(app, "decision"), cast.browser()
    assert "Will you be there?" in text_of(visitor.get(link))
    assert proposal(app, public_id).state == "accepted"
    assert "is confirmed by everybody" in text_of(visitor.post(link))
    assert proposal(app, public_id).state == "confirmed"
    made = session_of(app, public_id)
    assert made is not None
    assert (made.title, made.length, made.area) == ({"en": TYPED["title"]}, 45, "practice")
    assert visitor.post(link).status_code == 410
    assert "Thank you" in text_of(visitor.get(link))


def test_confirmed_only_when_every_presenter_has(app, cast, convening):
    public_id = with_co_presenter(cast, convening)
    say_yes(app, cast)
    cast.browser("sam").post(f"/proposals/{public_id}/decide", {"verb": "accept", "note": ""})
    first, second = last_link(app, "decision"), last_link(app, "confirm")
    page = cast.browser().post(first)
    assert "when the others have confirmed" in text_of(page)
    assert (proposal(app, public_id).state, session_of(app, public_id)) == ("accepted", None)
    cast.browser().post(second)
    assert proposal(app, public_id).state == "confirmed"
    assert session_of(app, public_id) is not None


def test_a_yes_after_the_acceptance_confirms_as_well(app, cast, convening):
    public_id = with_co_presenter(cast, convening)
    old = last_link(app, "co_presenter")
    cast.browser("sam").post(f"/proposals/{public_id}/decide", {"verb": "accept", "note": ""})
    assert cast.browser().get(old).status_code == 410  # asked anew with the acceptance
    cast.browser().post(last_link(app, "decision"))
    assert proposal(app, public_id).state == "accepted"
    say_yes(app, cast)
    assert proposal(app, public_id).state == "confirmed"
    assert all(p.confirmed_at for p in presenters_of(app, public_id))


def test_a_no_after_the_acceptance_leaves_the_others(app, cast, convening):
    public_id = with_co_presenter(cast, convening)
    cast.browser("sam").post(f"/proposals/{public_id}/decide", {"verb": "accept", "note": ""})
    cast.browser().post(last_link(app, "decision"))
    cast.browser().post(last_link(app, "co_presenter"), {"answer": "decline"})
    assert proposal(app, public_id).state == "confirmed"


def test_a_presenter_is_found_by_the_name_they_give_and_no_longer_once_they_say_no(app, cast, convening):
    public_id = with_co_presenter(cast, convening)
    sam, odessa = cast.browser("sam"), cast.browser()
    odessa.post(last_link(app, "co_presenter"), {"name": "Odessa Quill", "answer": "accept"})

    def finds(name):
        return TYPED["title"] in text_of(sam.get(f"/convenings/{convening}/proposals?q={name}"))

    assert (finds("quill"), finds("greene"), finds("wanda")) == (True, False, True)
    odessa.post(f"/presenters/{presenters_of(app, public_id)[1].public_id}/answer", {"answer": "decline"})
    assert (finds("quill"), finds("wanda")) == (False, True)


def test_reminding_makes_new_links_for_whoever_is_missing(app, cast, convening):
    public_id = with_co_presenter(cast, convening)
    say_yes(app, cast)
    sam = cast.browser("sam")
    sam.post(f"/proposals/{public_id}/decide", {"verb": "accept", "note": ""})
    old = last_link(app, "confirm")
    cast.browser().post(last_link(app, "decision"))
    assert "One reminder" in text_of(sam.post(f"/proposals/{public_id}/remind", follow=True))
    assert cast.browser().get(old).status_code == 410
    cast.browser().post(last_link(app, "confirm"))
    assert proposal(app, public_id).state == "confirmed"
    assert sam.post(f"/proposals/{public_id}/remind").status_code == 422


def test_presenters_confirm_for_themselves_only(app, cast, convening):
    public_id = add_proposal(cast, convening, stage="accepted")
    mine = presenters_of(app, public_id)[0].public_id
    for name in ("sam", "vera", "priya"):
        assert cast.browser(name).post(f"/presenters/{mine}/answer", {"answer": "confirm"}).status_code == 404
    assert proposal(app, public_id).state == "accepted"
    assert cast.browser("wanda").post(f"/presenters/{mine}/answer", {"answer": "nonsense"}).status_code == 422
    assert cast.browser("wanda").post(f"/presenters/{mine}/answer", {"answer": "decline"}).status_code == 422
    cast.browser("wanda").post(f"/presenters/{mine}/answer", {"answer": "confirm"})
    assert proposal(app, public_id).state == "confirmed"


def test_a_withdrawn_session_can_not_be_confirmed(app, cast, convening):
    public_id = add_proposal(cast, convening, stage="accepted")
    link = last_link(app, "decision")
    cast.browser("wanda").post(f"/proposals/{public_id}/withdraw")
    assert cast.browser().post(link).status_code == 410


def test_two_who_confirm_at_once_make_one_session(app, cast, convening):
    public_id = with_co_presenter(cast, convening)
    say_yes(app, cast)
    cast.browser("sam").post(f"/proposals/{public_id}/decide", {"verb": "accept", "note": ""})
    ids = [p.id for p in presenters_of(app, public_id)]
    gate, problems = threading.Barrier(2), []

    def confirm(presenter_id):
        with app.app_context():
            try:
                gate.wait()
                with transaction():
                    presenter = db.session.get_one(Presenter, presenter_id)
                    presenters.confirm(presenter.person, presenter)
            except Exception as error:
                problems.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=confirm, args=(i,)) for i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert proposal(app, public_id).state == "confirmed"
    assert session_of(app, public_id) is not None


def test_the_last_who_confirms_and_the_author_who_withdraws_at_once_leave_no_session(app, cast, convening, monkeypatch):
    public_id = add_proposal(cast, convening, stage="accepted")
    made, problems, make = threading.Event(), [], presenters.make_session

    def slowly(by, confirmed):
        made.set()
        time.sleep(0.5)  # the other one is under way by now
        return make(by, confirmed)

    def confirm():
        presenter = db.session.scalars(select(Presenter)).one()
        presenters.confirm(presenter.person, presenter)

    def withdraw():
        found = db.session.scalars(select(Proposal)).one()
        proposals.withdraw(found.person, found)

    def run(act, waits):
        with app.app_context():
            try:
                assert not waits or made.wait(10)
                with transaction():
                    act()
            except Exception as error:
                problems.append(error)
            finally:
                db.session.remove()

    monkeypatch.setattr(presenters, "make_session", slowly)
    threads = [threading.Thread(target=run, args=each) for each in ((confirm, False), (withdraw, True))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert proposal(app, public_id).state == "withdrawn"
    assert session_of(app, public_id).canceled_at is not None


def test_the_list_filters_and_searches(cast, convening):
    add_proposal(cast, convening, title="Wait time")
    add_proposal(cast, convening, "priya", "accepted", title="Home visits", area="collaboration")
    add_proposal(cast, convening, "paul", "draft", title="Secret draft")
    sam, base = cast.browser("sam"), f"/convenings/{convening}/proposals"
    everything = text_of(sam.get(base))
    assert ("Wait time" in everything, "Home visits" in everything, "Secret draft" in everything) == (True, True, False)
    for query, seen in (
        ("state=accepted", "Home visits"),
        ("area=practice", "Wait time"),
        ("q=wanda", "Wait time"),
        ("q=VISITS", "Home visits"),
    ):
        part = sam.get(f"{base}?{query}", hx=True).get_data(as_text=True)
        assert part.lstrip().startswith('<div id="proposals"')
        assert seen in part
        assert ({"Wait time", "Home visits"} - {seen}).pop() not in part
    assert cast.browser("wanda").get(base).status_code == 403
    assert cast.browser("ada").get(base).status_code == 200


def test_a_co_presenter_with_an_account_answers_on_the_page(app, cast, convening):
    from portal.accounts.models import Person
    from portal.desk.queries.work import own_proposals
    from tests.convenings.world import add_member

    cast.person("priya")
    add_member(cast, "wanda")
    wanda = cast.browser("wanda")
    edit = wanda.post(f"/convenings/{convening}/propose").location
    wanda.post(edit, {**TYPED, "co_name": "Priya Example", "co_email": "priya@example.org", "do": "add"})
    public_id = edit.split("/")[2]
    priya = cast.browser("priya")
    assert priya.get(f"/proposals/{public_id}").status_code == 404  # named, and not asked yet
    assert TYPED["title"] not in text_of(priya.get("/proposals"))
    wanda.post(edit, {**TYPED, "do": "send"})
    second = presenters_of(app, public_id)[1]
    assert "Will you present this session with Wanda Example?" in text_of(priya.get(f"/proposals/{public_id}"))
    assert priya.get(f"/proposals/{public_id}/edit").status_code == 403
    with app.app_context():
        waiting = own_proposals(db.session.get_one(Person, cast.people["priya"]))
        assert [presenter.id for _proposal, presenter in waiting] == [second.id]
    priya.post(f"/presenters/{second.public_id}/answer", {"answer": "accept"})
    assert presenters_of(app, public_id)[1].state == "accepted"
    assert TYPED["title"] in text_of(priya.get("/proposals"))
    priya.post(f"/presenters/{second.public_id}/answer", {"answer": "decline"})
    assert presenters_of(app, public_id)[1].state == "declined"
    assert [m.subject for m in letters(app, "convenings/answered")] == [
        "Priya Example presents with you",
        "Priya Example can't present with you",
    ]
    assert priya.get(f"/proposals/{public_id}").status_code == 404


def test_named_on_a_returned_proposal_one_learns_of_it_when_it_is_sent_again(app, cast, convening):
    from tests.convenings.world import add_member

    public_id = add_proposal(cast, convening, stage="returned")
    add_member(cast, "priya")
    wanda, edit = cast.browser("wanda"), f"/proposals/{public_id}/edit"
    wanda.post(edit, {**TYPED, "co_name": "Priya Example", "co_email": "priya@example.org", "do": "add"})
    priya = cast.browser("priya")
    assert priya.get(f"/proposals/{public_id}").status_code == 404
    for page in ("/proposals", "/desk"):
        assert TYPED["title"] not in text_of(priya.get(page))
    wanda.post(edit, {**TYPED, "do": "send"})
    assert priya.get(f"/proposals/{public_id}").status_code == 200
    for page in ("/proposals", "/desk"):
        assert TYPED["title"] in text_of(priya.get(page))
