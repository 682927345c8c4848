"""The public pages: what they say in each phase of the year, in both languages, in their colors, and to whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from portal.accounts.models import Person
from portal.core.db import transaction
from portal.nominations.models import NomineeFile
from portal.programs.models import Cycle, Program
from portal.selection.models import Decision
from tests.cast import Cast, text_of
from tests.programs.test_load import OPENS, load
from tests.statements import statements

PAGE = "/awards/teach-on/"
DAY = timedelta(days=1)
OPENING = datetime(2026, 8, 31, 12, tzinfo=UTC)  # 8:00 in Atlanta


def at(moment):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def teach_on(app):
    load(app)
    return app


def test_the_page_tells_what_the_award_is(teach_on, client):
    with at(OPENING + 10 * DAY):
        words = text_of(client.get(PAGE))
    for told in (
        "Some educators change what a child believes is possible. Tell us about yours.",
        "Nominations are open for 2027",
        "Open until Sunday, November 1, 2026, at 11:59 p.m. Eastern time",
        "$7,500",
        "$3,500 for a project at the school",
        "A teacher, assistant principal or principal , Pre-K to 12th grade",
        "Marietta City",
        "Children believe in themselves",
        "Will they know it was me?",
        "152",
    ):
        assert told in words, told
    assert "Has not won this award before" not in words  # a rule for the desk, not for the page


def test_the_page_in_spanish(teach_on, client):
    with at(OPENING + 10 * DAY):
        page = client.get(PAGE, headers={"Accept-Language": "es-US,es;q=0.9,en;q=0.5"})
    words = text_of(page)
    assert '<html lang="es">' in page.get_data(as_text=True)
    for told in ("Cuéntenos del suyo.", "escuela pública", "¿Sabrán que fui yo?", "Los niños aprenden más"):
        assert told in words, told
    assert "Some educators" not in words


@pytest.mark.parametrize(
    ("days", "says", "step", "button"),
    [
        (-20, "Nominations for 2027 open soon", "Today Next, in 20 days: Nominations.", "See the year"),
        (0, "Nominations are open for 2027", "Nominations You are here. 62 days are left.", "Nominate an educator"),
        (61, "Nominations are open for 2027", "Nominations You are here. 1 day is left.", "Nominate an educator"),
        (62, "Nominations are open for 2027", "You are here. It ends today.", "Nominate an educator"),
        (63, "Nominations for 2027 are closed", "Application You are here. 50 days are left.", "See the year"),
        (115, "Nominations for 2027 are closed", "Today Next, in 1 day: Essays.", "See the year"),
        (160, "Nominations for 2027 are closed", "Classroom visits You are here. 12 days are left.", "See the year"),
        (206, "Nominations for 2027 are closed", "The surprise You are here. It ends today.", "See the year"),
        (235, "Nominations for 2027 are closed", "Today Next, today: The ceremony.", "See the year"),
    ],
)
def test_the_page_says_where_the_year_stands(teach_on, client, days, says, step, button):
    moment = OPENING + days * DAY + timedelta(hours=2)
    with at(moment):
        page = client.get(PAGE)
    words = text_of(page)
    assert says in words
    assert step in words, words[words.index("The year, and") :][:900]
    assert words.count(button) == 2
    assert page.get_data(as_text=True).count('aria-current="step"') == 1


def test_after_the_year_nobody_is_told_to_be_anywhere(teach_on, client):
    with at(OPENING + 300 * DAY):
        assert 'aria-current="step"' not in client.get(PAGE).get_data(as_text=True)


def test_a_year_that_is_over_gives_way_to_the_next_published_one(teach_on, client):
    load(teach_on, cycle="2028", opens=date(2027, 8, 30))
    with at(OPENING + 200 * DAY):
        assert "Nominations for 2027 are closed" in text_of(client.get(PAGE))
    with at(OPENING + 300 * DAY):
        assert "Nominations for 2028 open soon" in text_of(client.get(PAGE))


DRAFTS = ("", "theme.css", "privacy", "accessibility", "winners", "collective", "nominate", "nominate/schools")


@pytest.mark.parametrize("who", [None, "priya", "chen", "wanda", "ada", "sam"])
def test_a_program_that_has_published_nothing_is_there_for_its_staff_alone(cast: Cast, who):
    """By its address, its colors, its form: for a stranger there is nothing; a year that is published opens all."""
    browser, staff = cast.browser(who), who in ("sam", "ada")
    assert {path: browser.get(f"{PAGE}{path}").status_code for path in DRAFTS} == dict.fromkeys(DRAFTS, 200)
    with cast.app.app_context(), transaction() as s:
        s.execute(update(Cycle).values(state="draft"))
    found = {path: browser.get(f"{PAGE}{path}").status_code for path in DRAFTS}
    assert found == dict.fromkeys(DRAFTS, 200 if staff else 404)
    banner = "not public yet" in text_of(browser.get(PAGE))
    assert banner == staff
    home = browser.get("/")
    assert (home.headers.get("Location"), "no program here yet" in text_of(home)) == (
        (PAGE, False) if staff else (None, True))
    assert browser.get(f"{PAGE}nominate").status_code == (200 if staff else 404)
    assert browser.post(f"{PAGE}nominate", {"age": "adult"}).status_code == (409 if staff else 404)


def test_the_page_of_a_program_with_hardly_any_texts(cast: Cast, client):
    words = text_of(client.get(f"/awards/{cast.slug}/"))
    assert "The Teach On Project" in words
    assert "Nominate an educator" in words


def test_home_leads_to_the_one_program_lists_several_and_teaches_when_there_is_none(app, client):
    assert "There is no program here yet" in text_of(client.get("/"))
    load(app)
    assert client.get("/").headers["Location"] == PAGE
    with app.app_context(), transaction() as session:
        first = session.scalars(select(Program)).one()
        other = {
            c: getattr(first, c) for c in ("name", "tagline", "time_zone", "contact", "texts", "settings", "colors")
        }
        another = Program(slug="another", **other)
        session.add(another)
        session.flush()
        year = Cycle(program_id=another.id, name="2027", opening_day=date(2026, 8, 31), state="draft")
        session.add(year)
    assert client.get("/").headers["Location"] == PAGE  # nobody is led to a program that has published nothing
    with app.app_context(), transaction() as session:
        session.merge(year).state = "published"
    assert 'href="/awards/another/"' in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("path", ["", "theme.css", "privacy", "accessibility"])
def test_a_program_that_does_not_exist_is_not_there(app, client, path):
    assert client.get(f"/awards/nowhere/{path}").status_code == 404


def test_the_theme_sets_the_programs_colors_for_light_dark_and_print(teach_on, client):
    sheet = client.get(f"{PAGE}theme.css")
    text = sheet.get_data(as_text=True)
    assert sheet.mimetype == "text/css"
    assert text.startswith(":root{--accent:#1f4a36;--accent-2:#173828;--on-accent:#fffefa;--deep:#1f4a36;")
    assert '@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"]){--accent:#a9d0b5;' in text
    assert "@media print{:root{--accent:#1f4a36;" in text


def test_the_theme_is_kept_forever_under_the_version_that_the_page_names(teach_on, client):
    import re

    url = re.search(r'href="([^"]*theme\.css[^"]*)"', client.get(PAGE).get_data(as_text=True))[1]
    assert "immutable" in client.get(url).headers["Cache-Control"]
    assert client.get(f"{PAGE}theme.css?v=99").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "told"), [("privacy", "decline and have everything erased"), ("accessibility", "WCAG")]
)
def test_privacy_and_accessibility_in_plain_words(teach_on, client, path, told):
    page = client.get(PAGE + path)
    assert page.status_code == 200
    assert told in text_of(page)
    assert "mailto:teach-on@example.org" in page.get_data(as_text=True)
    assert f'href="{PAGE}{path}"' in client.get(PAGE).get_data(as_text=True)


def test_what_a_visitor_gets_holds_nothing_personal(teach_on, client):
    page = client.get(PAGE)
    assert "Set-Cookie" not in page.headers
    assert "csrf" not in page.get_data(as_text=True).lower()


def test_a_person_who_is_signed_in_gets_a_page_of_their_own(cast: Cast):
    cast.person("sam")
    visitor = cast.browser().get(f"/awards/{cast.slug}/")
    page = cast.browser("sam").get(f"/awards/{cast.slug}/")
    assert "Sam Example" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Sam Example" not in text_of(visitor)
    assert "Sam Example" not in text_of(cast.browser().get(f"/awards/{cast.slug}/"))


def test_at_most_six_queries_make_the_page(teach_on):
    for year in range(2028, 2033):
        load(teach_on, cycle=str(year), opens=OPENS + timedelta(days=364 * (year - 2027)))
    with statements(teach_on) as asked:
        # A question keeps the front door out of it.
        assert teach_on.test_client().get(f"{PAGE}?lang=en").status_code == 200
    assert len(asked) <= 6, asked


def announce(app, moment):
    with app.app_context(), transaction() as session:
        session.execute(update(Cycle).values(decisions_confirmed_at=moment, announced_at=moment))


def decide(app, cycle_name, names, *, announced=True, state="announced"):
    """Decisions as the announcement leaves them: (name, may be named)."""
    with app.app_context(), transaction() as session:
        cycle = session.scalars(select(Cycle).where(Cycle.name == cycle_name)).one()
        people = [
            Person(name=f"{word} {cycle_name}", email=f"{word}{cycle_name}@example.org") for word in ("one", "two")
        ]
        session.add_all(people)
        session.flush()
        for name, named in names:
            file = NomineeFile(
                program_id=cycle.program_id,
                cycle_id=cycle.id,
                name=name,
                name_key=name.lower(),
                position="Band",
                public_name_ok=named,
                consent="accepted",
            )
            session.add(file)
            session.flush()
            session.add(
                Decision(
                    program_id=cycle.program_id,
                    cycle_id=cycle.id,
                    file_id=file.id,
                    outcome="winner",
                    state=state,
                    proposed_by_id=people[0].id,
                    proposed_at=OPENING,
                    confirmed_by_id=people[1].id,
                    confirmed_at=OPENING,
                    announced_at=OPENING if state == "announced" else None,
                )
            )
        cycle.decisions_confirmed_at = OPENING
        cycle.announced_at = OPENING if announced else None


def test_announced_winners_are_honored_and_those_who_wish_it_are_only_counted(teach_on, client):
    load(teach_on, cycle="2026", opens=date(2025, 9, 1))
    decide(teach_on, "2026", [("Thomas Adeyemi", True), ("Ana Ruiz", True), ("Private Person", False)])
    with at(OPENING + 10 * DAY):
        words = text_of(client.get(PAGE))
    assert "The class of 2026 Ana Ruiz Band Thomas Adeyemi Band" in words
    assert "Private Person" not in words
    assert " 155 " in words
    assert "Gold: the class of 2026." in words


def test_a_winner_who_takes_the_name_back_is_gone_at_once(teach_on, client):
    load(teach_on, cycle="2026", opens=date(2025, 9, 1))
    decide(teach_on, "2026", [("Thomas Adeyemi", True), ("Ana Ruiz", True)])
    with at(OPENING + 10 * DAY):
        assert "Ana Ruiz" in text_of(client.get(PAGE))
        with teach_on.app_context(), transaction() as session:
            session.execute(update(NomineeFile).where(NomineeFile.name == "Ana Ruiz").values(public_name_ok=False))
        words = text_of(client.get(PAGE))
    assert "Ana Ruiz" not in words
    assert "Thomas Adeyemi" in words


def test_before_the_announcement_nothing_tells(teach_on, client):
    with at(OPENING + 200 * DAY):
        before = client.get(PAGE).data
        decide(teach_on, "2027", [("Thomas Adeyemi", True)], announced=False, state="confirmed")
        assert client.get(PAGE).data == before
        assert client.get(f"{PAGE}?lang=en").status_code == 200
        assert b"Adeyemi" not in client.get(f"{PAGE}?lang=en").data
