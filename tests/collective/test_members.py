"""The directory, one's own profile, the public list, and what organizers do with a membership."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Role
from portal.collective import rules
from portal.core.db import db
from tests.cast import text_of
from tests.collective.world import add_member, member
from tests.statements import how_many


@pytest.fixture
def wanda(cast):
    """Wanda won last year and is a member."""
    cast.person("wanda")
    return add_member(
        cast,
        "Wanda Example",
        email="wanda@example.org",
        school="Old Mill High School",
        subject="Chemistry",
        ask_about="Labs that cost nothing",
    )


@pytest.mark.parametrize(
    ("search", "seen"),
    [
        ("", True),
        ("wanda", True),
        ("CHEMISTRY", True),
        ("labs cost", True),
        ("old mill", True),
        ("physics", False),
        ("%", True),
        ("_", True),
    ],
)
def test_members_search_the_directory(cast, wanda, search, seen):
    page = text_of(cast.browser("wanda").get("/collective/teach-on", query_string={"q": search}))
    assert ("Ask about: Labs that cost nothing" in page) is seen


def test_the_year_filters_and_htmx_gets_the_list_alone(cast, wanda):
    add_member(cast, "Odessa Greene", cohort="2009")
    browser = cast.browser("wanda")
    page = text_of(browser.get("/collective/teach-on?cohort=2009"))
    assert "Odessa Greene" in page
    assert "Chemistry" not in page
    part = browser.get("/collective/teach-on?cohort=2009", hx=True).get_data(as_text=True)
    assert part.lstrip().startswith('<div id="members"')


def test_pages_of_25_with_the_same_number_of_queries(app, cast, wanda):
    browser = cast.browser("wanda")
    browser.get("/collective/teach-on")
    few = how_many(app, lambda: browser.get("/collective/teach-on"))
    for i in range(30):
        add_member(cast, f"Member Number{i:02}")
    many = how_many(app, lambda: browser.get("/collective/teach-on"))
    assert many == few
    assert many <= 6
    first, second = (text_of(browser.get(f"/collective/teach-on?page={n}")) for n in (1, 2))
    assert ("Number00" in first, "Number24" in first, "Number25" in first) == (True, True, False)
    assert "Wanda" in second


@pytest.mark.parametrize(
    ("name", "status"), [("wanda", 200), ("sam", 200), ("ada", 200), ("vera", 403), ("priya", 403)]
)
def test_who_sees_the_directory(cast, wanda, name, status):
    assert cast.browser(name).get("/collective/teach-on").status_code == status
    assert cast.browser(name).get(f"/collective/members/{wanda}").status_code == status


def test_nobody_signed_in_is_asked_to_sign_in(cast, wanda):
    assert "/sign-in" in cast.browser().get("/collective/teach-on").location


PROFILE = {
    "name": "Wanda Okafor",
    "school": "Cascade Elementary",
    "subject": "Physics",
    "bio": "One.\n\nTwo <b>bold</b>.",
    "ask_about": "Wait time",
    "visibility": "public",
}


def test_the_profile_is_saved_as_typed(app, cast, wanda):
    answer = cast.browser("wanda").post("/collective/teach-on/profile/save", PROFILE, hx=True)
    assert "Saved" in text_of(answer)
    assert (member(app, wanda).subject, member(app, wanda).visibility) == ("Physics", "public")


def test_a_profile_half_wrong_keeps_the_rest(app, cast, wanda):
    answer = cast.browser("wanda").post("/collective/teach-on/profile", {**PROFILE, "name": "", "bio": "x" * 3000})
    assert answer.status_code == 422
    assert "Write your name" in text_of(answer)
    kept = member(app, wanda)
    assert (kept.name, kept.bio, kept.subject) == ("Wanda Example", "", "Physics")


def test_the_public_sees_only_who_wants_to_be_seen(cast, wanda):
    visitor = cast.browser()
    assert "Wanda" not in text_of(visitor.get("/awards/teach-on/collective"))
    cast.browser("wanda").post("/collective/teach-on/profile", PROFILE)
    page = visitor.get("/awards/teach-on/collective")
    assert "Wanda Okafor" in text_of(page)
    assert "<b>bold</b>" not in page.get_data(as_text=True)


def test_nobody_edits_anothers_profile(cast, wanda):
    assert cast.browser("sam").get("/collective/teach-on/profile").status_code == 404
    assert cast.browser("vera").post("/collective/teach-on/profile", PROFILE).status_code == 404


VERBS = list(rules.MEMBER.verbs)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", rules.MEMBER.states)
def test_every_state_and_verb_of_a_membership(app, cast, wanda, state, verb):
    from sqlalchemy import update

    from portal.collective.models import Member
    from portal.core.db import transaction

    with app.app_context(), transaction() as s:
        s.execute(update(Member).values(state=state, state_reason="why"))
    answer = cast.browser("sam").post(f"/collective/members/{wanda}/state", {"verb": verb, "reason": "moved away"})
    origins, target = rules.MEMBER[verb]
    assert answer.status_code == (303 if state in origins else 409)
    assert member(app, wanda).state == (target if state in origins else state)


def test_removing_needs_a_reason_and_ends_the_role(app, cast, wanda):
    sam = cast.browser("sam")
    refused = sam.post(f"/collective/members/{wanda}/state", {"verb": "remove"})
    assert refused.status_code == 422
    assert "Write the reason" in text_of(refused)
    sam.post(f"/collective/members/{wanda}/state", {"verb": "remove", "reason": "asked to leave"})
    browser = cast.browser("wanda")
    assert browser.get("/collective/teach-on").status_code == 403
    assert browser.get("/collective/teach-on/profile").status_code == 403
    assert cast.browser("sam").get(f"/collective/members/{wanda}").status_code == 200
    sam.post(f"/collective/members/{wanda}/state", {"verb": "reinstate"})
    assert browser.get("/collective/teach-on").status_code == 200
    with app.app_context():
        living = [r for r in db.session.scalars(select(Role).where(Role.name == "member")) if r.holds_now()]
        assert len({r.person_id for r in living}) == 1


def test_members_do_not_change_memberships(app, cast, wanda):
    assert (
        cast.browser("wanda").post(f"/collective/members/{wanda}/state", {"verb": "become_emeritus"}).status_code == 403
    )
    assert member(app, wanda).state == "active"
