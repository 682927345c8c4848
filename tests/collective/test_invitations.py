"""A winner is invited, says yes or no; an organizer sends again, corrects an address, takes back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Person, Role
from portal.collective.models import Invitation, Member
from portal.core import jobs
from portal.core.audit import AuditEntry
from portal.core.clock import now
from portal.core.db import after_commit, db, transaction
from tests.cast import letters, links_in, text_of
from tests.collective.world import add_file, add_member, invitation, invite, join_link
from tests.review.test_races import at_once, poster


def test_the_letter_leads_to_a_page_that_changes_nothing_until_the_button(app, cast):
    invite(cast, add_file(cast))
    winner = cast.browser()
    page = winner.get(join_link(app))
    assert page.status_code == 200
    assert "Join the Collective" in text_of(page)
    assert invitation(app).state == "sent"


def test_yes_makes_account_role_membership_and_signs_in(app, cast):
    invite(cast, add_file(cast))
    winner = cast.browser()
    page = winner.post(join_link(app), {"name": "Tariq Ellis", "answer": "accept"}, follow=True)
    assert page.status_code == 200
    assert "What colleagues see of you" in text_of(page)
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.email == "tariq@example.org")).one()
        member = db.session.scalars(select(Member)).one()
        assert (member.person_id, member.name, member.state, member.school) == (
            person.id,
            "Tariq Ellis",
            "active",
            "Cascade Elementary",
        )
        assert [r.name for r in db.session.scalars(select(Role).where(Role.person_id == person.id))] == ["member"]
        verbs = list(db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
        assert verbs[0] == "collective_invitation.made"
        assert {"collective_invitation.accept", "role.granted", "member.joined"} <= set(verbs)
    welcome = letters(app, "collective/welcome")
    assert [w.to for w in welcome] == ["tariq@example.org"]
    assert links_in(welcome[0].text)[0] == "/collective/teach-on/profile"
    assert winner.get(join_link(app)).status_code == 410


def test_no_is_kept_and_makes_nothing(app, cast):
    invite(cast, add_file(cast))
    page = cast.browser().post(join_link(app), {"answer": "decline"})
    assert "Thank you for telling us" in text_of(page)
    assert invitation(app).state == "declined"
    with app.app_context():
        assert db.session.scalars(select(Member)).all() == []


def test_a_name_is_needed_and_what_was_typed_is_asked_again(app, cast):
    invite(cast, add_file(cast))
    page = cast.browser().post(join_link(app), {"name": " ", "answer": "accept"})
    assert page.status_code == 422
    assert "Write your name" in text_of(page)
    assert invitation(app).state == "sent"


def test_sending_again_to_a_corrected_address_kills_the_old_link(app, cast):
    public_id = invite(cast, add_file(cast, email="wrong@example.org"))
    old = join_link(app)
    answer = cast.browser("sam").post(
        f"/collective/invitations/{public_id}/send", {"email": "Tariq at example.org"}, follow=True
    )
    assert "tariq@example.org" in text_of(answer)
    new = join_link(app)
    assert letters(app, "collective/invitation")[-1].to == "tariq@example.org"
    assert cast.browser().get(old).status_code == 410
    assert cast.browser().get(new).status_code == 200


def test_a_wrong_address_is_named(app, cast):
    public_id = invite(cast, add_file(cast))
    answer = cast.browser("sam").post(f"/collective/invitations/{public_id}/send", {"email": "nobody"})
    assert answer.status_code == 422
    assert "whole address" in text_of(answer)


def test_a_winner_without_address_waits_for_one(app, cast):
    public_id = invite(cast, add_file(cast, email=""))
    assert letters(app, "collective/invitation") == []
    sam = cast.browser("sam")
    assert "Address needed" in text_of(sam.get("/collective/teach-on/invitations"))
    sam.post(f"/collective/invitations/{public_id}/send", {"email": "tariq@example.org"})
    assert letters(app, "collective/invitation")[0].to == "tariq@example.org"


def test_taken_back_the_link_is_dead(app, cast):
    public_id = invite(cast, add_file(cast))
    cast.browser("sam").post(f"/collective/invitations/{public_id}/revoke")
    assert invitation(app).state == "revoked"
    assert cast.browser().get(join_link(app)).status_code == 410


def test_it_expires_and_can_be_sent_again(app, cast):
    public_id = invite(cast, add_file(cast))
    with app.app_context(), transaction() as s:
        s.execute(update(Invitation).values(expires_at=now() - timedelta(hours=1)))
    with app.app_context():
        jobs.REGISTRY["collective.expire_invitations"]()
        jobs.REGISTRY["collective.expire_invitations"]()
    assert invitation(app).state == "expired"
    cast.browser("sam").post(f"/collective/invitations/{public_id}/send", {"email": "tariq@example.org"})
    assert invitation(app).state == "sent"


def test_one_sent_again_while_others_expire_stays_open(app, cast, monkeypatch):
    from portal.collective import actions

    invite(cast, add_file(cast))
    sam, expire = cast.browser("sam"), actions.expire
    sam.post("/collective/teach-on/invitations", {"name": "Odessa", "email": "odessa@example.org", "cohort": "2009"})
    with app.app_context(), transaction() as s:
        s.execute(update(Invitation).values(expires_at=now() - timedelta(hours=1)))
    with app.app_context():
        second = db.session.scalars(select(Invitation).where(Invitation.name == "Odessa")).one().public_id

    def first_then_somebody_else(found):
        expire(found)
        again = {"email": "odessa@example.org"}
        if found.public_id != second:
            after_commit(lambda: sam.post(f"/collective/invitations/{second}/send", again))

    monkeypatch.setattr(actions, "expire", first_then_somebody_else)
    with app.app_context():
        jobs.REGISTRY["collective.expire_invitations"]()
        states = dict(db.session.execute(select(Invitation.name, Invitation.state)).all())
    assert sorted(states.values()) == ["expired", "sent"]
    assert states["Odessa"] == "sent"


def test_a_winner_of_an_earlier_year_is_invited_by_form(app, cast):
    sam = cast.browser("sam")
    typed = {"name": "Odessa Greene", "email": "odessa@example.org", "cohort": "2009"}
    page = sam.post("/collective/teach-on/invitations", typed, follow=True)
    assert "Odessa Greene" in text_of(page)
    cast.browser().post(join_link(app), {"name": "Odessa Greene", "answer": "accept"})
    for moved in (False, True):  # also once their account has another address
        with app.app_context(), transaction() as s:
            if moved:
                s.execute(update(Person).where(Person.email == typed["email"]).values(email="odessa@new.example.org"))
        again = sam.post("/collective/teach-on/invitations", typed)
        assert again.status_code == 422
        assert "already joined" in text_of(again)


def test_who_belongs_already_is_not_invited(app, cast):
    add_member(cast, "Odessa Greene", email="odessa@example.org")
    typed = {"name": "Odessa Greene", "email": "odessa@example.org", "cohort": "2009"}
    answer = cast.browser("sam").post("/collective/teach-on/invitations", typed)
    assert answer.status_code == 422
    assert "already joined" in text_of(answer)
    assert letters(app, "collective/invitation") == []


def test_two_who_invite_the_same_person_at_once_make_one_invitation(app, cast):
    typed = {"name": "Odessa Greene", "email": "odessa@example.org", "cohort": "2009"}
    calls = [poster(cast.browser(name), "/collective/teach-on/invitations", typed) for name in ("sam", "sofia")]
    assert at_once(calls) == [303, 303]
    assert invitation(app).state == "sent"


def test_the_same_winner_is_invited_once(app, cast):
    from portal.collective import actions
    from portal.nominations.models import NomineeFile

    file_id = add_file(cast)
    invite(cast, file_id)
    with app.app_context(), transaction():
        assert actions.invite_winner("system", db.session.get_one(NomineeFile, file_id)) is None
    assert len(letters(app, "collective/invitation")) == 1


@pytest.mark.parametrize("name", ["vera", "wanda", "priya", "ada"])
def test_only_organizers_see_and_change_invitations(app, cast, name):
    public_id = invite(cast, add_file(cast))
    browser = cast.browser(name)
    assert browser.get("/collective/teach-on/invitations").status_code == 403
    assert browser.post("/collective/teach-on/invitations/winners").status_code == 403
    for verb in ("send", "revoke"):
        assert (
            browser.post(f"/collective/invitations/{public_id}/{verb}", {"email": "x@example.org"}).status_code == 404
        )
    assert invitation(app).state == "sent"
