"""The People page: invitations to roles, their links, and ending roles."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.accounts.models import Person, Role, RoleInvitation
from portal.core import jobs
from portal.core.clock import now
from portal.core.db import db, transaction
from tests.cast import letters, links_in, text_of
from tests.statements import statements

NEW = {"name": "Vera Example", "email": "vera@example.org", "role": "auditor"}


def url(cast):
    return f"/awards/{cast.slug}/people"


def invitation_link(app):
    return links_in(letters(app, "accounts/role_invitation")[-1].text)[0]


def test_an_invited_person_accepts_and_holds_the_role(app, cast):
    cast.browser("sam").post(url(cast), NEW)
    browser = cast.browser()
    link = invitation_link(app)
    assert "vera@example.org" in text_of(browser.get(link))
    browser.post(link, {"name": "Vera Maria Example", "answer": "accept"})
    page = browser.get(url(cast))
    assert page.status_code == 200
    assert "Vera Maria Example" in text_of(page)
    assert browser.post(url(cast), NEW).status_code == 403
    assert cast.browser().post(link, {"name": "Eve", "answer": "accept"}).status_code == 410


def test_declining_gives_no_role(app, cast):
    cast.browser("sam").post(url(cast), NEW)
    cast.browser().post(invitation_link(app), {"answer": "decline"})
    with app.app_context():
        assert db.session.scalar(select(RoleInvitation.state)) == "declined"
        assert db.session.scalar(select(Role).where(Role.name == "auditor")) is None


def test_sending_again_ends_the_old_link(app, cast):
    sam = cast.browser("sam")
    sam.post(url(cast), NEW)
    old = invitation_link(app)
    with app.app_context():
        invitation = db.session.scalar(select(RoleInvitation.public_id))
    sam.post(f"{url(cast)}/invitations/{invitation}/again")
    assert cast.browser().get(old).status_code == 410
    assert cast.browser().get(invitation_link(app)).status_code == 200
    sam.post(f"{url(cast)}/invitations/{invitation}/revoke")
    assert cast.browser().get(invitation_link(app)).status_code == 410


def test_a_double_click_invites_once(app, cast):
    sam = cast.browser("sam")
    for _ in range(2):
        sam.post(url(cast), NEW)
    with app.app_context():
        assert len(db.session.scalars(select(RoleInvitation)).all()) == 1


def test_an_invitation_that_ran_out_is_told_and_can_be_sent_again(app, cast):
    sam = cast.browser("sam")
    sam.post(url(cast), NEW)
    old = invitation_link(app)
    for days, state in ((29, "Waiting for an answer"), (31, "Expired")):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            with app.app_context():
                jobs.REGISTRY["accounts.expire_invitations"]()
            assert (cast.browser().get(old).status_code == 200) == (days < 30)
        assert state in text_of(sam.get(f"{url(cast)}?list=invited"))
    sam.post(url(cast), {**NEW, "name": "Vera Right"})  # invited anew: no second line
    with app.app_context():
        (invitation,) = db.session.scalars(select(RoleInvitation))
        assert (invitation.state, invitation.name) == ("sent", "Vera Right")
    assert cast.browser().get(invitation_link(app)).status_code == 200


@pytest.mark.parametrize(
    ("who", "see", "invite"),
    [
        ("sam", 200, 303),
        ("ada", 200, 403),
        ("priya", 403, 403),
        ("wanda", 403, 403),
        ("vera", 404, 404),
        (None, 303, 303),
    ],
)
def test_who_may_see_and_invite(app, cast, who, see, invite):
    browser = cast.browser(who)
    assert browser.get(url(cast)).status_code == see
    assert browser.post(url(cast), NEW).status_code == invite
    with app.app_context():
        assert (db.session.scalar(select(RoleInvitation)) is not None) == (who == "sam")


def test_a_role_ends_and_the_last_organizer_stays(app, cast):
    sam = cast.browser("sam")
    cast.person("priya")
    with app.app_context():
        roles = {r.name: r.id for r in db.session.scalars(select(Role))}
    sam.post(f"{url(cast)}/roles/{roles['reviewer']}/end")
    assert "Priya" not in text_of(sam.get(url(cast))).replace("Priya Example no longer holds this role.", "")
    refused = sam.post(f"{url(cast)}/roles/{roles['organizer']}/end")
    assert refused.status_code == 422
    assert "last organizer" in text_of(refused)
    assert sam.get(url(cast)).status_code == 200


def test_the_people_are_paged_and_found_without_their_accents(app, cast):
    sam = cast.browser("sam")
    costs = []
    for n in (1, 40):
        with app.app_context(), transaction() as s:
            for i in range(n):
                person = Person(name=f"Renée Núñez {n}-{i:02}", email=f"renee{n}.{i}@example.org")
                s.add(person)
                s.flush()
                s.add(Role(person_id=person.id, name="reviewer", program_id=cast.program_id))
                s.add(RoleInvitation(program_id=cast.program_id, role="auditor", name=f"Íñigo {n}-{i:02}",
                                     email=f"inigo{n}.{i}@example.org"))  # fmt: skip
        for address in (url(cast), f"{url(cast)}?list=invited"):
            with statements(app) as seen:
                assert sam.get(address).status_code == 200
            costs.append(len(seen))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 7  # with the BEGIN of the one transaction
    assert "42 people" in text_of(sam.get(url(cast)))
    assert "Page 2 of 2" in text_of(sam.get(f"{url(cast)}?page=2"))
    found = text_of(sam.get(f"{url(cast)}?q=renee+nunez+40-39"))
    assert "One person" in found
    assert "Renée Núñez 40-39" in found
    assert "Renée Núñez 40-38" not in found
    assert "Nobody fits" in text_of(sam.get(f"{url(cast)}?q=zzz"))
    assert "Page 2 of 2" in text_of(sam.get(f"{url(cast)}?list=invited&page=9"))
    assert "inigo40.39@" in text_of(sam.get(f"{url(cast)}?list=invited&q=INIGO40.39"))
