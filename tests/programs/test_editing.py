"""Changing a program on the web: every section shows what is held, saved unchanged it changes nothing."""

import html
import io
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from portal.accounts.models import Person, Role
from portal.core.db import db, transaction
from portal.nominations.models import NomineeFile
from portal.programs import queries, stored
from portal.programs.actions import change_year
from portal.programs.definition import DefinitionErrors, parse_definition, read_definition
from portal.programs.forms import SECTIONS
from portal.programs.models import Cycle, District, Program, Rubric
from portal.programs.whole import whole_cycle
from tests.cast import Browser, sign_in, text_of
from tests.programs.test_definition import DEFAULT
from tests.programs.test_load import BEFORE, DURING, load
from tests.statements import how_many

RUBRICS = ("rubric-file", "rubric-observation", "rubric-interview")


class Office:
    """The default program on the web, with an organizer who is signed in."""

    def __init__(self, app, at=BEFORE, changes=(), **loaded):
        self.app, self.at = app, at
        load(app, *changes, at=BEFORE, **loaded)
        with app.app_context(), transaction() as s:
            program = queries.program_by_slug("teach-on")
            person = Person(name="Sam Example", email="sam@example.org")
            s.add(person)
            s.flush()
            s.add(Role(person_id=person.id, name="organizer", program_id=program.id, starts_at=BEFORE))
            self.cycle, self.person, self.program = queries.cycles_of(program)[0].public_id, person.id, program.id
        self.base = f"/cycles/{self.cycle}"
        with self.now():
            client = app.test_client()
            sign_in(app, client, self.person)
            self.browser = Browser(client)

    def now(self):
        return time_machine.travel(self.at, tick=False)

    def page(self, path):
        with self.now():
            return self.browser.get(f"{self.base}/{path}")

    def fields(self, path):
        """What a browser would send back of the page's form, untouched: (name, value) pairs."""
        answer = self.page(path)
        assert answer.status_code == 200, path
        return fields_of(answer.get_data(as_text=True))

    def send(self, path, fields, follow=False):
        with self.now():
            token = self.browser.token()
            data = {}
            for name, value in [*fields, ("csrf_token", token)]:
                data.setdefault(name, []).append(value)
            return self.browser.client.post(f"{self.base}/{path}", data=data, follow_redirects=follow)

    def data(self):
        with self.app.app_context():
            return stored.data_of(whole_cycle(self.cycle))


def fields_of(page):
    """The successful controls of the page's last form, as HTML defines them (buttons left out)."""
    form = page[page.rindex('<form method="post"') :]
    form = form[: form.index("</form>")]
    found = []
    for tag in re.finditer(r"<(input|textarea|select)\b([^>]*)>(?:(.*?)</\1>)?", form, re.S):
        kind, attrs, inner = tag[1], tag[2], tag[3] or ""
        name = re.search(r'name="([^"]+)"', attrs)
        if not name or "disabled" in attrs or name[1] == "csrf_token" or 'type="file"' in attrs:
            continue
        if kind == "textarea":
            found.append((name[1], html.unescape(inner.removeprefix("\r\n").removeprefix("\n"))))
        elif kind == "select":
            chosen = re.search(r'<option selected value="([^"]*)"', inner)
            first = re.search(r'<option (?:selected )?value="([^"]*)"', inner)
            found.append((name[1], html.unescape((chosen or first)[1])))
        elif 'type="checkbox"' not in attrs or "checked" in attrs:
            value = re.search(r'value="([^"]*)"', attrs)
            found.append((name[1], html.unescape(value[1]) if value else "y"))
    return found


def swapped(fields, **changes):
    """The fields with other values; a name's dots are the form's dashes."""
    wanted = {name.replace("__", "-"): value for name, value in changes.items()}
    assert set(wanted) <= {name for name, _value in fields}, wanted
    return [(name, wanted.get(name, value)) for name, value in fields]


@pytest.mark.parametrize("at", [BEFORE, DURING, DURING + timedelta(days=400)], ids=["before", "during", "after"])
def test_every_section_saved_as_it_is_changes_nothing(app, at):
    office = Office(app, at)
    held = office.data()
    for section in [*SECTIONS, *RUBRICS]:
        answer = office.send(f"edit/{section}", office.fields(f"edit/{section}"), follow=True)
        assert answer.status_code == 200, section
        assert "Nothing was different" in answer.get_data(as_text=True), section
    assert office.data() == held


def test_texts_change_and_the_kept_public_page_with_them(app):
    office = Office(app)
    with office.now():
        visitor = app.test_client()
        assert "Some educators change" in visitor.get("/awards/teach-on/").get_data(as_text=True)
    fields = swapped(office.fields("edit/page"), headline__en="They stay late.", questions__0__answer__es="Tres cosas.")
    assert office.send("edit/page", fields).status_code == 303
    assert office.data()["hero"]["headline"]["en"] == "They stay late."
    assert office.data()["questions"][0]["answer"]["es"] == "Tres cosas."
    with office.now():
        assert "They stay late." in visitor.get("/awards/teach-on/").get_data(as_text=True)
        entries = text_of(office.browser.get("/history?program=teach-on"))
    assert "changed" in entries.lower()


def test_the_limits_of_fair_play_change_on_the_web_and_stay_when_something_else_on_their_page_changes(app):
    held = {"least_seconds": 35, "network_an_hour": 600, "address_an_hour": 4, "proof_of_work": 14}
    lines = "".join(f"{name} = {value}\n" for name, value in held.items())
    office = Office(
        app, changes=[(DEFAULT[DEFAULT.index("least_seconds = ") : DEFAULT.index("story_question.en")], lines)]
    )
    fields = office.fields("edit/nominators")
    assert office.send("edit/nominators", swapped(fields, nominations__confirm_within_days="15")).status_code == 303
    assert office.data()["nominations"].items() >= {**held, "confirm_within_days": 15}.items()
    fewer = swapped(office.fields("edit/nominators"), nominations__proof_of_work="0", nominations__least_seconds="10")
    assert office.send("edit/nominators", fewer).status_code == 303
    assert office.data()["nominations"].items() >= {**held, "proof_of_work": 0, "least_seconds": 10}.items()


def goes_on_at(answer):
    """The words of what takes the focus after a button of a list."""
    found = re.findall(r"<(\w+)[^>]* autofocus[^>]*>(.*?)</\1>", answer.get_data(as_text=True), re.S)
    assert len(found) == 1
    return re.sub(r"<[^>]+>", "", found[0][1]).strip()


def test_lists_grow_shrink_and_move_by_buttons_and_nothing_is_saved_before_save(app):
    office = Office(app)
    fields = office.fields("edit/page")
    answer = office.send("edit/page", [*fields, ("do", "add:questions")])
    assert (answer.status_code, len(office.data()["questions"])) == (200, 7)
    page = answer.get_data(as_text=True)
    assert "Not saved yet" in page
    grown = swapped(
        fields_of(page),
        questions__7__question__en="When?", questions__7__question__es="¿Cuándo?",
        questions__7__answer__en="Soon.", questions__7__answer__es="Pronto.",
    )  # fmt: skip
    moved = office.send("edit/page", [*grown, ("do", "up:questions.7")])
    assert goes_on_at(answer) == "8. New"
    assert goes_on_at(moved) == "Move up: When?"
    removed = office.send("edit/page", [*fields_of(moved.get_data(as_text=True)), ("do", "remove:questions.0")])
    assert goes_on_at(removed).startswith("1. ")
    for nonsense in (
        "remove:questions.99",
        "up:nothing.1",
        "add:headline",
        "burn:questions.1",
        "up:questions.x",
        "up:questions." + "9" * 5000,
    ):
        assert office.send("edit/page", [*grown, ("do", nonsense)]).status_code == 200
    assert office.send("edit/page", fields_of(removed.get_data(as_text=True))).status_code == 303
    questions = [each["question"]["en"] for each in office.data()["questions"]]
    assert (len(questions), questions[5], questions[0]) == (7, "When?", "Will they know it was me?")


@pytest.mark.parametrize(
    ("section", "changes", "said"),
    [
        ("page", {"headline__es": "  "}, "Write the Spanish text."),
        ("page", {"questions__0__answer__es": ""}, "Write the Spanish text."),
        ("rubric-file", {"criteria__0__weight": "30"}, "add up to 105, not to 100"),
        ("dates", {"rounds__0__scoring__opens": "2026-11-05T08:00"}, "application window closes (Wednesday, Dec"),
        ("dates", {"notices__opens": ""}, "Choose the day and time it opens."),
        ("rounds", {"rounds__0__past_winners": "9"}, "This is more than the 3 readers"),
        ("looks", {"accent": "#ffee88"}, "readable text needs 4.5 to 1"),
        ("looks", {"accent": "green"}, "Write a color like #1f4a36."),
        ("nominators", {"nominations__story_max_words": "20"}, "This must be more than the fewest words, 40."),
        ("program", {"contact": "nobody"}, "Write the whole address"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_field_and_nothing_changes(app, section, changes, said):
    office = Office(app)
    held = office.data()
    answer = office.send(f"edit/{section}", swapped(office.fields(f"edit/{section}"), **changes))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'aria-invalid="true"' in page
    summary = page[page.index('id="errsum"') :].split("</div>")[0]
    assert "{'" not in text_of(answer)
    assert said in html.unescape(summary), "the list of mistakes at the top says each in full"
    for place in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{place}"' in page, place
    assert office.data() == held


@pytest.mark.parametrize(("section", "changes", "said"), [
    ("rubric-file", {"criteria__0__weight": "30"}, "Los pesos de la rúbrica “file” suman 105, no 100."),
    ("rounds", {"rubrics__0__final_weight": "61"}, "Los pesos finales suman"),
    ("dates", {"rounds__0__scoring__opens": "2026-09-01T09:00"}, "antes de que cierre el plazo de application"),
    ("looks", {"accent": "#aaaaaa"}, "El contraste con la página clara es de"),
])  # fmt: skip
def test_what_only_the_whole_file_can_show_is_said_in_the_readers_language(app, section, changes, said):
    office = Office(app)
    answer = office.send(f"edit/{section}?lang=es", swapped(office.fields(f"edit/{section}"), **changes))
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_every_sentence_of_the_files_reader_has_its_spanish(app):
    """A file with nothing in it, and one with everything wrong: the same mistakes in Spanish, none in English."""
    wrong = DEFAULT.replace("readers = 3", 'readers = "x"').replace("en = ", "xx = ").replace("day 0", "Tag 0")
    for text in ("", "a = 1", "[program", wrong):
        english, spanish = (sentences(app, text, language) for language in ("en", "es"))
        assert len(english) == len(spanish) > 0
        assert not set(english) & set(spanish)


def sentences(app, text, language):
    with app.test_request_context(f"/?lang={language}"), pytest.raises(DefinitionErrors) as caught:
        parse_definition(text)
    return [problem.sentence for problem in caught.value.problems]


def test_dates_move_as_dates_and_the_others_count_from_the_new_opening(app):
    office = Office(app)
    picture = office.send("edit/dates/picture", office.fields("edit/dates"))
    assert (picture.status_code, picture.get_data(as_text=True).count("<rect")) == (200, 12)
    fields = swapped(office.fields("edit/dates"), nominations__opens="2026-08-24T09:30")
    assert office.send("edit/dates", fields).status_code == 303
    with app.app_context():
        cycle = whole_cycle(office.cycle)
        assert str(cycle.opening_day) == "2026-08-24"
        assert stored.data_of(cycle)["windows"]["nominations"] | {"name": 0, "text": 0} == {
            "opens": "day 0 at 09:30", "closes": "day 69 at 23:59", "name": 0, "text": 0,
        }  # fmt: skip


@pytest.mark.parametrize(("name", "at"), [
    ("nominations__opens", "0001-01-01T00:00"), ("nominations__opens", "2199-12-31T23:59"),
    ("consent__closes", "9999-12-31T23:59"), ("rounds__0__scoring__closes", "9999-12-31T23:59"),
])  # fmt: skip
def test_a_day_at_an_end_of_the_calendar_is_a_mistake_at_its_field(app, name, at):
    office = Office(app)
    held, fields = office.data(), swapped(office.fields("edit/dates"), **{name: at})
    assert office.send("edit/dates/picture", fields).status_code == 200
    answer = office.send("edit/dates", fields)
    assert answer.status_code == 422
    assert ("Choose a day of this century." in text_of(answer)) == (at[:4] != "2199")
    assert f'value="{at}"' in answer.get_data(as_text=True)
    assert office.data() == held


def test_what_may_no_longer_change_says_why_and_keeps_its_value_whatever_is_sent(app):
    office = Office(app, DURING)
    page = office.page("edit/dates")
    assert "It has already opened." in text_of(page)
    sent = swapped(office.fields("edit/dates"), nominations__opens="2026-09-30T08:00", ceremony__name__en="The gala")
    assert office.send("edit/dates", sent).status_code == 303
    windows = office.data()["windows"]
    assert (windows["nominations"]["opens"], windows["ceremony"]["name"]["en"]) == ("day 0 at 08:00", "The gala")
    assert "Nominations have opened, and the rounds were announced." in text_of(office.page("edit/rounds"))
    forced = [*office.fields("edit/rounds"), ("do", "remove:rounds.0")]
    assert office.send("edit/rounds", forced).get_data(as_text=True).count("<details") == 4
    office.send("edit/rounds", swapped(office.fields("edit/rounds"), rounds__0__readers="9"))
    assert office.data()["rounds"][0]["readers"] == 3


def test_nominations_that_closed_may_open_again_until_the_first_panel_scores(app):
    office = Office(app, datetime(2026, 11, 5, 12, tzinfo=UTC))
    with office.now():
        visitor = app.test_client()
        assert "Nominations are closed" in visitor.get("/awards/teach-on/nominate").get_data(as_text=True)
    page = office.page("edit/dates").get_data(as_text=True)
    assert "readonly" not in re.search(r'<input[^>]*name="nominations-closes"[^>]*>', page)[0]
    assert "readonly" in re.search(r'<input[^>]*name="nominations-opens"[^>]*>', page)[0]
    longer = swapped(office.fields("edit/dates"), nominations__closes="2026-11-12T23:59")
    assert office.send("edit/dates", longer).status_code == 303
    with office.now():
        assert "How old are you?" in visitor.get("/awards/teach-on/nominate").get_data(as_text=True)
    office.at = datetime(2026, 12, 20, 12, tzinfo=UTC)  # the first panel scores
    with office.now():
        sign_in(app, office.browser.client, office.person)
    assert "It has already closed." in text_of(office.page("edit/dates"))
    fields = swapped(office.fields("edit/dates"), nominations__closes="2027-01-12T23:59")
    office.send("edit/dates", fields)
    assert office.data()["windows"]["nominations"]["closes"] == "day 73 at 23:59"


def test_a_frozen_rubric_stays_and_says_why(app):
    office = Office(app, DURING)
    with app.app_context(), transaction() as s:
        s.execute(update(Rubric).where(Rubric.key == "interview").values(frozen_at=DURING))
    page = text_of(office.page("edit/rubric-interview"))
    assert "The first score froze this rubric" in page
    assert "Another year begins as a copy of them that you can change. Begin another year like this one" in page
    assert "Another year begins" not in text_of(office.page("edit/rubric-file"))
    sent = swapped(office.fields("edit/rubric-interview"), criteria__0__name__en="Something else")
    office.send("edit/rubric-interview", sent)
    assert office.data()["rubrics"][2]["criteria"][0]["name"]["en"] == "Reflection"
    with app.app_context(), transaction() as s:  # the essays' round shares the applications' rubric
        first = s.scalars(select(Rubric).where(Rubric.key == "file").order_by(Rubric.id)).first()
        first.frozen_at = DURING
    sent = swapped(office.fields("edit/rubric-file"), criteria__0__name__en="What students learn")
    said = text_of(office.send("edit/rubric-file", sent, follow=True))
    assert "The rubric of the round “application” stays as it is: scoring has begun, which froze it." in said
    assert office.data()["rubrics"][0]["criteria"][0]["name"]["en"] == "What students learn"


def test_two_organizers_never_overwrite_each_other(app):
    office = Office(app)
    mine = office.fields("edit/page")
    office.send("edit/page", swapped(mine, headline__en="Hers."))
    late = office.send("edit/page", swapped(mine, headline__en="His."))
    assert (late.status_code, office.data()["hero"]["headline"]["en"]) == (409, "Hers.")
    page = late.get_data(as_text=True)
    assert "Somebody else saved this page" in page
    assert re.search(r'href="/cycles/[^"]+/edit/page" target="_blank"', page)  # how it stands now
    assert "His." in page
    other = office.send("edit/award", swapped(office.fields("edit/award"), before="153"))
    assert other.status_code == 303
    assert office.send("edit/page", fields_of(page)).status_code == 303
    assert office.data()["hero"]["headline"]["en"] == "His."


def test_levels_languages_rounds_and_positions_carry_the_rest_along(app):
    office = Office(app)
    more = office.send("edit/levels", [*office.fields("edit/levels"), ("do", "add:names")]).get_data(as_text=True)
    fields = swapped(fields_of(more), names__4__name__en="Rare", names__4__name__es="Excepcional y más")
    assert office.send("edit/levels", fields).status_code == 303
    assert office.data()["rubrics"][1]["criteria"][0]["levels"][4] == {"en": "Rare", "es": "Excepcional y más"}
    english = [pair for pair in office.fields("edit/program") if pair != ("languages", "es")]
    assert office.send("edit/program", english).status_code == 303
    assert office.data()["hero"]["headline"].keys() == {"en"}
    assert not any("-es" in name for name, _value in office.fields("edit/page"))
    added = office.send("edit/rounds", [*office.fields("edit/rounds"), ("do", "add:rounds")]).get_data(as_text=True)
    fields = swapped(fields_of(added), rounds__4__name__en="Site visit", rounds__4__text__en="We come by.")
    assert office.send("edit/rounds", fields).status_code == 303
    rounds = office.data()["rounds"]
    assert [each["key"] for each in rounds][-1] == "site_visit"
    assert rounds[4]["window"]["opens"] == "day 186 at 17:01"
    added = office.send("edit/eligible", [*office.fields("edit/eligible"), ("do", "add:positions")])
    fields = swapped(fields_of(added.get_data(as_text=True)), positions__7__name__en="Librarian")
    assert office.send("edit/eligible", [*fields, ("positions-7-eligible", "y")]).status_code == 303
    assert office.data()["categories"][0]["positions"][-1] == "librarian"


def statements_of_saving(office, section, fields):
    with office.now():
        data = {}
        for name, value in [*fields, ("csrf_token", office.browser.token())]:
            data.setdefault(name, []).append(value)
        return how_many(office.app, lambda: office.browser.client.post(f"{office.base}/edit/{section}", data=data))


def test_pages_and_saves_send_the_same_few_statements_for_many_rows(app):
    office = Office(app)

    def measure(headline):
        with office.now():
            urls = [f"{office.base}/{path}" for path in ("year", "edit/districts", "edit/dates", "words", "copy")]
            read = [how_many(app, lambda u=url: office.browser.get(u)) for url in urls]
        typed = swapped(office.fields("edit/page"), headline__en=headline)
        return read, statements_of_saving(office, "page", typed)

    few = measure("For a few.")
    with app.app_context(), transaction() as s:
        for number in range(30):
            s.add(District(program_id=office.program, key=f"more_{number}", name=f"More {number}", aliases=[]))
    assert measure("For many.") == few
    assert max(few[0]) <= 5
    assert few[1] <= 7


@pytest.mark.parametrize(("section", "names", "most"), [
    ("rounds", ["rubrics__0__min_judged_share"], 8),
    # A rubric: who signs in and the year are read, who saves is read again; then the lock against a first score and
    # the words of the criteria are two tables, the program's version a third, the record takes three.
    ("rubric-file", ["criteria__0__name__en"], 9),
    ("dates", ["ceremony__name__en"], 8),
    ("dates", ["ceremony__name__en", "rounds__0__window__closes", "rounds__1__scoring__opens"], 8),
    ("levels", ["names__0__name__en"], 8),
    ("eligible", ["eligibility__0__text__en", "eligibility__1__text__es"], 8),
])  # fmt: skip
def test_saving_takes_as_many_statements_for_one_round_as_for_thirty(app, section, names, most):
    office = Office(app)

    def saving(value):
        held = office.fields(f"edit/{section}")
        typed = swapped(held, **{name: other(dict(held)[name.replace("__", "-")], value) for name in names})
        return statements_of_saving(office, section, typed)

    def other(held, value):
        return f"{held[:-2]}{value[::-1]}" if re.match(r"\d{4}-", held) else value  # a minute before the half hour

    few = saving("61")
    with office.now(), app.app_context(), transaction() as s:
        cycle = whole_cycle(office.cycle)
        data = stored.data_of(cycle)
        last = data["rounds"][-1]
        for n in range(26):
            times = {"opens": f"day 186 at 17:{n + 1:02}", "closes": f"day 186 at 17:{n + 2:02}"}
            data["rounds"].append({**last, "key": f"more_{n}", "rubric": "file", "window": times, "scoring": times})
        change_year(cycle, read_definition(data), "operator", parts=frozenset({"rounds"}))
        assert len(s.scalars(select(Rubric)).all()) == 30
    assert saving("62") == few <= most


@pytest.mark.parametrize(("at", "most"), [(BEFORE, 9), (DURING, 10)])
def test_saving_words_that_the_nomination_form_asks_in(app, at, most):
    """The form is read under its lock and written beside the program, while it is open with its earlier wording."""
    office = Office(app, at)

    def saving(words):
        typed = swapped(office.fields("edit/nominators"), nominations__story_max_words=words)
        return statements_of_saving(office, "nominators", typed)

    assert saving("261") <= most + 2  # the form's first row
    assert saving("262") <= most
    assert office.data()["nominations"]["story_max_words"] == 262


@pytest.mark.parametrize(("section", "name", "meanwhile"), [
    ("rubric-file", "criteria__0__name__en", update(Rubric).where(Rubric.key == "file").values(frozen_at=DURING)),
    ("page", "headline__en", update(Program).values(version=Program.version + 1)),
    ("dates", "ceremony__name__en", update(Program).values(version=Program.version + 1)),
])  # fmt: skip
def test_what_happens_between_reading_and_saving_is_never_overwritten(app, monkeypatch, section, name, meanwhile):
    office = Office(app)
    fields = swapped(office.fields(f"edit/{section}"), **{name: "Mine"})
    held = office.data()
    happens_meanwhile(monkeypatch, meanwhile)
    answer = office.send(f"edit/{section}", fields)
    assert answer.status_code == 409
    assert "at the same moment" in text_of(answer)
    assert office.data() == held


def test_places_stay_when_the_decisions_are_confirmed_between_reading_and_saving(app, monkeypatch):
    office = Office(app)
    fields = swapped(office.fields("edit/eligible"), categories__0__places="9")
    happens_meanwhile(monkeypatch, update(Cycle).values(decisions_confirmed_at=DURING))
    said = text_of(office.send("edit/eligible", fields, follow=True))
    assert "the decisions are confirmed" in said
    assert office.data()["categories"][0]["places"] == 8


def happens_meanwhile(monkeypatch, statement):
    """Somebody else's statement is committed after the page has read what it compares with, before it writes."""

    @contextmanager
    def later(*args, **given):
        with db.engine.begin() as connection:
            connection.execute(statement)
        with transaction(*args, **given) as session:
            yield session

    monkeypatch.setattr("portal.programs.views.editing.transaction", later)


def test_districts_that_came_with_a_file_of_schools_or_by_hand_leave_the_program_editable(app):
    office = Office(app)
    many = "".join(f"School {n},District {n}\n" for n in range(250))
    sheet = f"SCH_NAME,LEA_NAME\nOak ES,21st-Century Schools\nElm ES,Ñandú (No. 2)\n{many}"
    with office.now():
        upload = {"csrf_token": office.browser.token(), "sheet": (io.BytesIO(sheet.encode()), "schools.csv")}
        where = office.browser.client.post("/awards/teach-on/schools/imports", data=upload).location
        assert office.browser.post(f"{where}/apply").status_code == 303
        by_hand = {"name": "Ash ES", "district_name": "St. Mary’s", "contact_locale": "en", "district": "", "level": ""}
        assert office.browser.post("/awards/teach-on/schools/new", by_hand).status_code == 303
    held = office.data()["districts"]
    assert {each["name"] for each in held} >= {"21st-Century Schools", "Ñandú (No. 2)", "St. Mary’s", "District 249"}
    assert office.send("edit/page", swapped(office.fields("edit/page"), headline__en="Still ours.")).status_code == 303
    first = swapped(office.fields("edit/districts"), districts__0__short="A")
    assert office.send("edit/districts", first).status_code == 303
    assert [each["key"] for each in office.data()["districts"]] == [each["key"] for each in held]
    assert parse_definition(office.page("program.toml").get_data(as_text=True))


@pytest.fixture
def state(app):
    """The default program with 60 districts more than its own six, of which three pages are full."""
    office = Office(app)
    with app.app_context(), transaction() as s:
        for n in range(60):
            s.add(District(program_id=office.program, key=f"d{n:02}", name=f"Valley {n:02}", short="", aliases=[]))
    return office


def names(office):
    return [each["name"] for each in office.data()["districts"]]


def test_the_districts_of_a_state_are_changed_a_page_at_a_time_and_no_other_is(state):
    held, second = state.data()["districts"], "edit/districts?page=2"
    page = state.page(second).get_data(as_text=True)
    assert "Page 2 of 3" in text_of(state.page(second))
    assert (page.count("<details"), len(page) < 60_000) == (25, True)
    grown = fields_of(state.send(second, [*state.fields(second), ("do", "add:districts")]).get_data(as_text=True))
    fewer = state.send(second, [*swapped(grown, districts__25__name="New Town"), ("do", "remove:districts.3")])
    typed = {"districts__0__name": "Renamed", "districts__1__aliases": "Vee\nWe"}
    assert state.send(second, swapped(fields_of(fewer.get_data(as_text=True)), **typed)).status_code == 303
    wanted = [{**each} for each in held]
    wanted[25]["name"], wanted[26]["aliases"] = "Renamed", ["Vee", "We"]
    del wanted[28]
    found = state.data()["districts"]
    assert [each for each in found if each["name"] != "New Town"] == wanted
    assert [each["key"] for each in found if each["name"] == "New Town"] == ["new_town"]


def test_a_district_is_found_by_any_of_its_words(state):
    assert text_of(state.page("edit/districts?q=vállEY 5")).count("Valley 5") >= 10
    shown = state.page("edit/districts?q=valley+07").get_data(as_text=True)
    assert shown.count("<details") == 1
    where = "edit/districts?q=valley+07"
    assert state.send(where, swapped(fields_of(shown), districts__0__short="V7")).status_code == 303
    assert [each["name"] for each in state.data()["districts"] if each["short"] == "V7"] == ["Valley 07"]
    assert "V7" in state.page("edit/districts?q=v7").get_data(as_text=True)
    nothing = state.page("edit/districts?q=atlantis")
    assert "Nothing here has these words." in text_of(nothing)
    only = state.send(where, [*state.fields(where), ("do", "remove:districts.0")])
    assert state.send(where, fields_of(only.get_data(as_text=True))).status_code == 303
    assert "Valley 07" not in names(state)
    assert len(names(state)) == 65


def test_what_stands_on_another_page_is_not_changed_from_this_one(state):
    """A forged or stale key makes a new district; whoever was quicker on this page is not overwritten."""
    first, second = state.fields("edit/districts"), state.fields("edit/districts?page=2")
    taken = dict(second)["districts-0-key"]
    forged = swapped(first, districts__0__name="Forged", districts__1__key=taken, districts__1__name="Stale")
    before = names(state)
    assert state.send("edit/districts", forged).status_code == 303
    assert names(state)[-1] == "Stale"
    assert {"Forged", before[25]} < set(names(state))
    assert state.send("edit/districts?page=2", swapped(second, districts__2__name="Late")).status_code in (303, 409)
    assert state.send("edit/districts", swapped(first, districts__0__name="Too late")).status_code == 409
    assert "Too late" not in names(state)


def test_saved_again_after_a_colleague_only_what_was_typed_changes(state):
    """A district of page 1 is gone since page 2 was opened: what page 2 shows now is not what the form is about."""
    second = "edit/districts?page=2"
    grown = fields_of(state.send(second, [*state.fields(second), ("do", "add:districts")]).get_data(as_text=True))
    fewer = state.send(second, [*swapped(grown, districts__25__name="New Town"), ("do", "remove:districts.3")])
    mine = swapped(fields_of(fewer.get_data(as_text=True)), districts__0__name="Renamed")
    theirs = [*state.fields("edit/districts"), ("do", "remove:districts.10")]
    removed = state.send("edit/districts", theirs).get_data(as_text=True)
    assert state.send("edit/districts", fields_of(removed)).status_code == 303
    held = state.data()["districts"]
    refused = state.send(second, mine)
    page = refused.get_data(as_text=True)
    assert (refused.status_code, len(held)) == (409, 65)
    assert re.search(r'href="([^"]*)" target="_blank"', page)[1].endswith("/edit/districts?page=2")
    assert state.send(second, fields_of(page)).status_code == 303
    wanted = [{**each} for each in held]
    assert wanted[24]["name"] == "Valley 19"  # the first one of page 2, before
    wanted[24]["name"] = "Renamed"
    del wanted[27]
    found = state.data()["districts"]
    assert [each for each in found if each["name"] != "New Town"] == wanted
    assert [each["key"] for each in found if each["name"] == "New Town"] == ["new_town"]


def test_saved_again_a_district_that_a_colleague_removed_is_a_new_one(state):
    mine = swapped(state.fields("edit/districts?page=2"), districts__0__name="Renamed")
    theirs = [*state.fields("edit/districts?page=2"), ("do", "remove:districts.0")]
    removed = state.send("edit/districts?page=2", theirs).get_data(as_text=True)
    assert state.send("edit/districts?page=2", fields_of(removed)).status_code == 303
    held = state.data()["districts"]
    again = fields_of(state.send("edit/districts?page=2", mine).get_data(as_text=True))
    assert state.send("edit/districts?page=2", again).status_code == 303
    *others, last = state.data()["districts"]
    assert (others, last["key"], last["name"]) == (held, "renamed", "Renamed")


def test_a_mistake_in_a_district_stands_at_its_box_on_any_page(state):
    where = "edit/districts?page=3"
    answer = state.send(where, swapped(state.fields(where), districts__4__name=""))
    assert (answer.status_code, 'id="districts-4-name-e"' in answer.get_data(as_text=True)) == (422, True)
    assert "Page 3 of 3" in text_of(answer)


def test_a_district_that_nominations_name_stays_and_says_why(app):
    office = Office(app)
    more = office.send("edit/districts", [*office.fields("edit/districts"), ("do", "add:districts")])
    grown = swapped(fields_of(more.get_data(as_text=True)), districts__6__name="Testville")
    assert office.send("edit/districts", grown).status_code == 303
    with app.app_context(), transaction() as s:
        district = s.scalars(select(District).where(District.name == "Testville")).one()
        where = {"program_id": office.program, "cycle_id": s.scalars(select(Cycle.id)).one()}
        s.add(NomineeFile(**where, name="Ada Lee", name_key="ada lee", search="ada lee", district_id=district.id))
    fewer = office.send("edit/districts", [*office.fields("edit/districts"), ("do", "remove:districts.6")])
    saved = office.send("edit/districts", fields_of(fewer.get_data(as_text=True)), follow=True)
    assert saved.status_code == 200
    assert "The district Testville stays as it is: nominations name it." in text_of(saved)
    assert "Testville" in {each["name"] for each in office.data()["districts"]}
