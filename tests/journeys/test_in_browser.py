"""One nomination's whole way in a real browser: the public on a phone, the staff on a laptop, every page clean.

A parent nominates on a phone and proves the address; the organizer finds the file, writes to the educator, who says
yes; reviewers are invited, read and score, one with the keys alone; the field is ranked, decided by two people,
announced; the winner joins the Collective and proposes a session, which is accepted, confirmed, placed and public.
"""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal.collective.models import Member
from portal.convenings.models import Block, Proposal
from portal.core.db import db
from portal.nominations.models import NomineeFile
from portal.review.models import Assignment, Panel, Review
from portal.selection.models import Decision
from tests.cast import Cast, run_jobs
from tests.convenings.world import add_convening, add_day
from tests.journeys import steps
from tests.journeys.live import LAPTOP, PHONE, faults
from tests.nominations.walking import count
from tests.review.stage import KEYS, Stage

OTHERS = ("Ben Next", "Cleo Third")
READERS = {"Pia Reader": "pia.reader@example.org", "Paul Reader": "paul.reader@example.org"}
# The level each reader gives to each file: Marisol is ahead throughout.
LEVELS = {steps.EDUCATOR: 4, "Ben Next": 2, "Cleo Third": 1}


class Story:
    """The place, the people's browsers, and what every page must be."""

    def __init__(self, live):
        self.live, self.app, self.cast = live, live.app, Cast(live.app)
        self.problems: list[str] = []
        self.pages = {}
        self.facts = SimpleNamespace()

    def page(self, who, name=None, viewport=PHONE):
        """The one page of this person; a member of the cast's is signed in."""
        if who not in self.pages:
            self.pages[who] = self.live.page(self.cast, name, viewport=viewport)
        return self.pages[who]

    def staff(self, name="sam"):
        return self.page(name, name, LAPTOP)

    def see(self, page):
        """axe, sideways scroll, and what the console said on the way here."""
        self.problems += faults(page, page.url.removeprefix(self.live.address))

    def one(self, query):
        with self.app.app_context():
            return db.session.scalar(query)

    def clean(self):
        found, self.problems = self.problems, []
        return found


@pytest.fixture(scope="module")
def story(live):
    return Story(live)


def test_a_parent_nominates_on_a_phone(story):
    page = story.page("nora")
    saved = []

    def seen(at):
        if "/nominate/" in at.url and at.locator("#saved").count() and at.locator("textarea[name=story]").count():
            at.locator("#saved", has_text="Saved").wait_for()
            saved.append(at.locator("#saved").inner_text())
        story.see(at)

    steps.nominate(page, seen)
    assert saved
    assert saved[0].startswith("Saved")
    steps.prove(story.app, page, story.see)
    assert story.clean() == []
    story.facts.file = story.one(select(NomineeFile.public_id).where(NomineeFile.name == steps.EDUCATOR))
    assert story.facts.file


def test_the_organizer_finds_the_file_and_writes_to_the_educator(story):
    page = story.staff()
    page.goto("/desk")
    story.see(page)
    page.goto(f"/cycles/{story.cast.cycle}/files")
    story.see(page)
    page.get_by_role("link", name=steps.EDUCATOR).first.click()
    story.see(page)
    page.locator("#address input[name=email]").fill("marisol@example.org")
    page.get_by_role("button", name="Keep the address").click()
    page.wait_for_load_state("load")
    page.get_by_role("link", name="Read the letter").click()
    story.see(page)
    steps.press(page, "Send this letter")
    story.see(page)
    assert story.clean() == []


def test_the_educator_says_yes_and_is_found_eligible(story):
    steps.consent(story.app, story.page("marisol"), story.see)
    page = story.staff()
    page.goto(f"/files/{story.facts.file}/screen")
    story.see(page)
    steps.choose(page, "decision", "eligible")
    steps.press(page, "Record the decision")
    story.see(page)
    state = story.one(select(NomineeFile.screening).where(NomineeFile.public_id == story.facts.file))
    assert (state, story.clean()) == ("eligible", [])


def test_reviewers_are_invited_and_accept_on_their_laptops(story):
    stage = Stage(story.cast)
    for name in OTHERS:
        stage.file(name, "Old Mill High School")
    page = story.staff()
    page.goto(f"/rounds/{story.cast.round}/panel")
    story.see(page)
    page.locator("main form button").first.click()
    page.wait_for_load_state("load")
    for name, email in READERS.items():
        form = page.locator("#invite form")
        form.locator("input[name=name]").fill(name)
        form.locator("input[name=email]").fill(email)
        form.locator("input[name=place][value='1']").check(force=True)
        steps.press(page, "Send the invitation")
        story.see(page)
    for name, email in READERS.items():
        mine = story.page(name, viewport=LAPTOP)
        mine.goto(steps.link(story.app, "review/invitation", "/panel-invitation/", email))
        story.see(mine)
        mine.locator("input[name=confidential]").check(force=True)
        steps.press(mine, "Accept and sign in")
        story.see(mine)
        steps.press(mine, "I have looked through the list")
        story.see(mine)
    story.facts.panel = story.one(select(Panel.public_id))
    assert story.clean() == []


def test_a_plan_is_made_and_released(story):
    from portal.core.db import transaction
    from portal.programs.models import Round

    with story.app.app_context(), transaction() as s:
        s.get_one(Round, story.cast.round_id).readers = 2
    page = story.staff()
    page.goto(f"/panels/{story.facts.panel}/plan")
    steps.press(page, "Make a plan")
    run_jobs(story.app)
    page.goto(f"/panels/{story.facts.panel}/plan")
    page.get_by_role("button", name="Release the files").wait_for()
    story.see(page)
    steps.press(page, "Release the files")
    story.see(page)
    assert count(story.app, Assignment, Assignment.state == "released") == 6
    assert story.clean() == []


def test_one_reviewer_scores_with_the_keys_alone(story):
    page = story.page("Pia Reader")
    for n in range(3):
        open_file(page)
        level = LEVELS[page.locator("h1").inner_text()]
        for i, key in enumerate(KEYS):
            page.locator(f"#c-{key}[open]").wait_for()
            page.keyboard.press(str(level))
            page.locator(f"#c-{key} input:checked").wait_for(state="attached")
            page.locator(f"#evidence-{key}").fill("97 of 118 finished")
            page.locator(f"#evidence-{key}").blur()
            if i < len(KEYS) - 1:
                page.keyboard.press("j")
        page.locator("#saved", has_text="Saved").wait_for()
        if n == 0:
            story.see(page)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        handed_in(story, page, n + 1)
    assert story.clean() == []


def test_the_other_scores_by_hand(story):
    page = story.page("Paul Reader")
    for n in range(3):
        open_file(page)
        steps.score_by_hand(page, LEVELS[page.locator("h1").inner_text()], KEYS)
        steps.press(page, "Hand in")
        handed_in(story, page, n + 4)
    page.goto("/my-files")
    story.see(page)
    assert "All your reviews are in" in page.content()
    assert story.clean() == []


def open_file(page):
    """The next file of this reviewer."""
    page.goto("/my-files")
    page.get_by_role("link", name=re.compile("Read and score|Go on")).first.click()
    page.locator("form[data-sheet]").wait_for()


def handed_in(story, page, number):
    """Waits until so many reviews are in."""
    for _ in range(100):
        if count(story.app, Review, Review.state == "submitted") >= number:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"review {number} was not handed in: {page.locator('main').inner_text()[:600]}")


def test_the_field_is_ranked_and_decided_by_two(story):
    page = story.staff()
    page.goto(f"/rounds/{story.cast.round}/results")
    story.see(page)
    compute(story, page)
    story.see(page)
    names = page.locator("table tbody th[scope=row] .name").all_inner_texts()
    assert names[0] == steps.EDUCATOR
    page.locator("form[action$='/decisions/line'] button").first.click()
    page.wait_for_load_state("load")
    story.see(page)
    second = story.staff("sofia")
    second.goto(f"/rounds/{story.cast.round}/decisions")
    story.see(second)
    steps.press(second, "Confirm all decisions")
    story.see(second)
    assert count(story.app, Decision, Decision.state == "confirmed") == 3
    assert story.clean() == []


def compute(story, page):
    """Asks for the ranking unless it was computed already."""
    button = page.locator("form[action$='/results/compute'] button")
    if button.count():
        button.first.click()
        page.wait_for_load_state("load")
    run_jobs(story.app)
    page.goto(f"/rounds/{story.cast.round}/results")


def test_the_winners_are_announced_and_shown(story):
    page = story.staff()
    public = story.page("nora")
    public.goto("/awards/teach-on/winners")
    assert steps.EDUCATOR not in public.content()
    page.goto(f"/cycles/{story.cast.cycle}/announcement")
    story.see(page)
    steps.press(page, "Prepare the letters")
    story.see(page)
    page.locator("main .btn.big").first.click()
    page.locator("#sure").get_by_role("button", name="Announce now").click()
    page.wait_for_load_state("load")
    story.see(page)
    run_jobs(story.app)
    public.goto("/awards/teach-on/winners")
    story.see(public)
    assert steps.EDUCATOR in public.content()
    assert story.clean() == []


def test_the_winner_joins_and_proposes_a_session(story):
    story.facts.convening = add_convening(story.cast)
    add_day(story.cast, story.facts.convening)
    page = story.page("marisol")
    run_jobs(story.app)
    invite_winners(story)
    page.goto(steps.link(story.app, "collective/invitation", "/collective/join/", "marisol@example.org"))
    story.see(page)
    steps.press(page, "Join the Collective")
    story.see(page)
    assert count(story.app, Member, Member.state == "active") == 1

    def seen(at):
        if at.locator("#saved").count() and at.locator("input[name=title]").count():
            at.locator("#saved", has_text="Saved").wait_for()
        story.see(at)

    steps.propose(page, story.facts.convening, seen)
    steps.press(page, "Send to the organizers")
    story.see(page)
    assert "The organizers have it" in page.content()
    assert story.clean() == []


def invite_winners(story):
    """The organizer asks the winners, unless the announcement did."""
    page = story.staff()
    page.goto("/collective/teach-on/invitations")
    story.see(page)
    button = page.locator("form[action$='/invitations/winners'] button")
    if button.count():
        button.first.click()
        page.wait_for_load_state("load")


def test_the_session_is_accepted_confirmed_placed_and_public(story):
    page = story.staff()
    proposal = story.one(select(Proposal.public_id))
    page.goto(f"/proposals/{proposal}")
    story.see(page)
    steps.choose(page, "verb", "accept")
    steps.press(page, "Decide and send the letter")
    story.see(page)
    hers = story.page("marisol")
    hers.goto(steps.link(story.app, "convenings/decision", "/sessions/confirm/"))
    story.see(hers)
    steps.press(hers, "Confirm: I will be there")
    story.see(hers)
    page.goto(f"/convenings/{story.facts.convening}/agenda")
    story.see(page)
    block = story.one(select(Block.public_id).where(~Block.whole).order_by(Block.starts_at))
    place = page.locator(f"form:has(select[id^='slot-{block}-'])").first
    place.locator("select").select_option(label="Wait time is a design decision")
    place.get_by_role("button", name="Put it here").click()
    page.get_by_role("status").filter(has_text="Every session has its place.").wait_for()
    story.see(page)
    page.get_by_role("button", name="Release the agenda").first.click()
    page.locator("#rel-d").get_by_role("button", name="Release it").click()
    page.wait_for_load_state("load")
    story.see(page)
    public = story.page("nora")
    public.goto(f"/awards/teach-on/convenings/{story.facts.convening}")
    story.see(public)
    assert "Wait time is a design decision" in public.locator("main").inner_text()
    assert steps.EDUCATOR in public.locator("main").inner_text()
    assert story.clean() == []
