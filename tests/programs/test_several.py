"""Another year, another program: copied with dates moved; apart from each other in data, looks, people and letters."""

import io
from dataclasses import replace

import pytest
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import select

from portal.accounts.models import Person, Role
from portal.core import outbox
from portal.core.db import db, transaction
from portal.programs import mail, queries, stored
from portal.programs.command import program as command
from portal.programs.letters import LETTERS, SAMPLE, sample
from portal.programs.models import Program
from tests.cast import Browser, letters, sign_in, text_of
from tests.programs.test_editing import Office, fields_of
from tests.programs.test_load import BEFORE, DURING
from tests.questions.asking import picture as drawn
from tests.statements import how_many

NEXT = {"cycle_name": "2028", "opening_day": "2027-08-30"}


def test_another_year_is_a_draft_with_every_window_moved_by_its_days(app):
    office = Office(app, DURING)
    page = office.page("copy")
    assert "Mon, Aug 30" in text_of(page)
    preview = office.page("copy?opening_day=2027-09-06")
    assert "Mon, Sep 6" in text_of(preview)
    for day in ("", "9999-12-31", "0001-01-01"):
        assert office.send("copy", [*{**NEXT, "opening_day": day}.items()]).status_code == 422
        assert office.page(f"copy?opening_day={day}").status_code == 200
    assert office.send("copy", [*{**NEXT, "cycle_name": "2027"}.items()]).status_code == 422
    made = office.send("copy", [*NEXT.items()], follow=True)
    assert "Draft: only organizers see it" in text_of(made)
    with app.app_context():
        program = queries.program_by_slug("teach-on")
        new, old = queries.cycles_of(program)
        assert (new.name, new.state, old.state) == ("2028", "draft", "published")
        same = stored.data_of(old)
        assert stored.data_of(new) == same
        assert (new.windows[0].opens_at - old.windows[0].opens_at).days == 364
    again = office.send("copy", [*NEXT.items()])
    assert (again.status_code, "There is a year 2028 already." in text_of(again)) == (422, True)
    base = office.base
    office.base = f"/cycles/{new.public_id}"
    office.send("publish", [])
    office.base = base
    with app.app_context():
        assert queries.cycle_named(queries.program_by_slug("teach-on"), "2028").state == "published"


def founding(office):
    with office.app.app_context(), office.now():
        assert CliRunner().invoke(command, ["founder", "nobody@example.org"]).exit_code == 1
        assert "may found programs now" in CliRunner().invoke(command, ["founder", "sam@example.org"]).output


FOUNDED = {
    "name": "Bright Classrooms", "slug": "bright", "contact": "bright@example.org", "like": "file:teach-on",
    "cycle_name": "2027", "opening_day": "2026-09-07",
}  # fmt: skip


def found(office, **changes):
    with office.now():
        return office.browser.post("/programs/new", {**FOUNDED, **changes})


def test_only_whom_the_operator_named_founds_a_program_and_organizes_it(app):
    office = Office(app)
    assert found(office).status_code == 403
    founding(office)
    with office.now():
        assert "as it comes with Laurel" in text_of(office.browser.get("/programs/new"))
    for wrong in ({"slug": "Not A Slug"}, {"slug": "teach-on"}, {"opening_day": "1066-10-14"}, {"name": ""}):
        assert found(office, **wrong).status_code == 422
    assert found(office, like="cycle:nothing").status_code == 422
    assert found(office).status_code == 303
    with app.app_context():
        program = queries.program_by_slug("bright")
        assert (program.name["es"], program.contact, queries.cycles_of(program)[0].state) == (
            "Bright Classrooms", "bright@example.org", "draft",
        )  # fmt: skip
    with office.now():
        assert office.browser.get("/people?program=bright").status_code == 404
        assert "Sam Example" in text_of(office.browser.get("/awards/bright/people"))
        mine = text_of(office.browser.get("/desk/programs"))
        assert "Bright Classrooms Organizer" in mine
        desk = office.browser.get("/desk?program=bright").get_data(as_text=True)
        assert "My programs" in desk
        assert "The program and its year" in desk
        # A visitor of the installation is offered the published one alone.
        assert app.test_client().get("/").headers["Location"] == "/awards/teach-on/"


@pytest.fixture
def two(app):
    """Sam organizes both programs, Olga only the second one; (office of the first, Olga's browser, second cycle)."""
    office = Office(app)
    founding(office)
    found(office)
    with app.app_context(), transaction() as s:
        second = queries.program_by_slug("bright")
        olga = Person(name="Olga Example", email="olga@example.org")
        s.add(olga)
        s.flush()
        s.add(Role(person_id=olga.id, name="organizer", program_id=second.id, starts_at=BEFORE))
        cycle, person = queries.cycles_of(second)[0].public_id, olga.id
    client = app.test_client()
    with office.now():
        sign_in(app, client, person)
        yield office, Browser(client), cycle


def test_the_form_of_another_program_asks_alike_however_many_there_are(app):
    office = Office(app)
    founding(office)
    asked = []
    for slug in ("bright", "brighter", "brightest"):
        found(office, slug=slug)
        with office.now():
            asked.append(how_many(app, lambda: office.browser.get("/programs/new")))
    assert asked[0] == asked[1] == asked[2]


def test_an_organizer_of_one_sees_and_changes_nothing_of_the_other(app, two):
    office, olga, cycle = two
    paths = (
        "year", "program.toml", "edit/page", "edit/looks", "edit/rubric-file", "words", "words/receipt", "copy",
    )  # fmt: skip
    for path in paths:
        assert olga.get(f"{office.base}/{path}").status_code == 404, path
        assert olga.get(f"/cycles/{cycle}/{path}").status_code == 200, path
    for path in ("edit/page", "words/receipt", "copy", "publish", "edit/dates/picture", "edit/looks/contrast"):
        assert olga.post(f"{office.base}/{path}", {"headline-en": "Mine"}).status_code == 404, path
    for path in ("/awards/teach-on/people", "/mail?program=teach-on", "/desk?program=teach-on"):
        assert olga.get(path).status_code == 404, path
    held = office.data()
    fields = dict(fields_of(olga.get(f"/cycles/{cycle}/edit/page").get_data(as_text=True)))
    assert olga.post(f"/cycles/{cycle}/edit/page", {**fields, "headline-en": "Brighter."}).status_code == 303
    assert olga.get(f"/cycles/{cycle}/edit/nothing").status_code == 404
    assert olga.get(f"/cycles/{cycle}/edit/rubric-nothing").status_code == 404
    assert office.data() == held
    choices = text_of(office.browser.get("/programs/new"))
    assert "The Teach On Project, 2027" in choices
    assert olga.get("/programs/new").status_code == 403


def test_each_has_its_own_colors_logo_and_letters(app, two):
    _office, olga, cycle = two
    fields = dict(fields_of(olga.get(f"/cycles/{cycle}/edit/looks").get_data(as_text=True)))
    assert "These colors can" in text_of(olga.post(f"/cycles/{cycle}/edit/looks/contrast", {"accent": "#ffee88"}))
    picture = io.BytesIO()
    Image.new("RGBA", (900, 300), "#7a1f4a80").save(picture, "PNG")
    picture.seek(0)
    looks = {**fields, "accent": "#7a1f4a", "accent_dark": "", "logo": (picture, "../../logo.png")}
    assert olga.post(f"/cycles/{cycle}/edit/looks", looks).status_code == 303
    with app.app_context():
        bright, first = queries.program_by_slug("bright"), queries.program_by_slug("teach-on")
        assert (bright.colors["accent"], first.colors["accent"], first.logo) == ("#7a1f4a", "#1f4a36", None)
        assert (bright.logo["width"], bright.logo["height"]) == (480, 160)
        sha = bright.logo["sha"]
    visitor = app.test_client()
    shown = visitor.get(f"/awards/bright/logo/{sha}", buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert "immutable" in shown.headers["Cache-Control"]
    assert f"/awards/bright/logo/{sha}" in olga.get("/awards/bright/").get_data(as_text=True)
    assert "/logo/" not in visitor.get("/awards/teach-on/").get_data(as_text=True)
    assert visitor.get(f"/awards/teach-on/logo/{sha}").status_code == 404
    for bad in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 40, b"", b"\x89PNG\r\n\x1a\n broken",
                drawn("PNG", exif=b"Exif\0\0MM\0*")):  # fmt: skip
        fields = dict(fields_of(olga.get(f"/cycles/{cycle}/edit/looks").get_data(as_text=True)))
        told = olga.post(f"/cycles/{cycle}/edit/looks", {**fields, "logo": (io.BytesIO(bad), "x.png")}, follow=True)
        assert told.status_code == 200
        assert "be read as a picture" in text_of(told)
    with app.app_context():
        assert queries.program_by_slug("bright").logo["sha"] == sha
    fields = dict(fields_of(olga.get(f"/cycles/{cycle}/edit/looks").get_data(as_text=True)))
    gone = text_of(olga.post(f"/cycles/{cycle}/edit/looks", {**fields, "no_logo": "y"}, follow=True))
    assert ("Saved." in gone, "Nothing was different" in gone) == (True, False)
    assert visitor.get(f"/awards/bright/logo/{sha}").status_code == 404


def test_a_program_writes_in_its_own_words_and_an_unknown_placeholder_is_refused_by_name(app, two):
    _office, olga, cycle = two
    url = f"/cycles/{cycle}/words/consent_request"
    fields = dict(fields_of(olga.get(url).get_data(as_text=True)))
    assert fields["opening-en"].startswith("Dear {name},\n\nSomebody who knows your work")
    wrong = olga.post(url, {**fields, "opening-es": "Hola {nombre}:"})
    assert (wrong.status_code, "“{nombre}” means nothing in this letter." in text_of(wrong)) == (422, True)
    assert '<li><a href="#opening-es">“{nombre}” means' in wrong.get_data(as_text=True)
    for braces in ("{ name }", "{name", "name}", "{{name}}", "{}"):
        half = olga.post(url, {**fields, "opening-en": f"Dear {braces}, hello"})
        assert (half.status_code, "means nothing in this letter" in text_of(half)) == (422, True), braces
    words = {**fields, "subject-en": "{name}: {program} <b>calls</b>", "opening-en": "Hi {name},\n\nyes, <i>you</i>."}
    preview = olga.post(url, {**words, "do": "preview"})
    assert "Marisol Rivera: Bright Classrooms &lt;b&gt;calls" in preview.get_data(as_text=True)
    for _twice in range(2):
        olga.post(url, {**words, "do": "test"})
    tests = letters(app, "nominations/consent_request")
    assert [(each.to, each.subject) for each in tests] == [
        ("olga@example.org", "Test: Marisol Rivera: Bright Classrooms <b>calls</b>"),
        ("olga@example.org", "Prueba: Marisol Rivera, alguien le nominó para Bright Classrooms"),
    ]
    assert "Test: Marisol Rivera" in text_of(olga.get("/mail?program=bright"))
    assert ">yes, &lt;i&gt;you&lt;/i&gt;.</p>" in tests[0].html
    olga.post(url, {**words, "subject-es": "Otras palabras", "do": "test"})  # within the same minute
    assert [each.subject for each in letters(app, "nominations/consent_request")][2:] == ["Prueba: Otras palabras"]
    with app.app_context():
        assert queries.program_by_slug("bright").settings["letters"] == {}
    assert olga.post(url, words).status_code == 303
    with app.app_context(), transaction():
        for number, slug in enumerate(("bright", "teach-on")):
            program = queries.program_by_slug(slug)
            context = {"name": "Ana", "program_name": program.name["en"], "voices": [], "url": "", "contact": ""}
            outbox.put(outbox.Letter("nominations/consent_request", f"ana{number}@example.org", f"k{number}",
                                     context=context, program_id=program.id))  # fmt: skip
    mine, theirs = letters(app, "nominations/consent_request")[3:]
    assert (mine.subject, mine.text.startswith("Hi Ana,\n\nyes, <i>you</i>.")) == (
        "Ana: Bright Classrooms <b>calls</b>", True,
    )  # fmt: skip
    assert theirs.text.startswith("Dear Ana,\n\nSomebody who knows your work")
    with app.app_context():
        message = db.session.scalar(select(outbox.Message).where(outbox.Message.to == "ana0@example.org"))
        email = outbox.as_email(message)
        assert (email["From"], email["Reply-To"]) == (
            "Bright Classrooms <laurel@localhost>".replace("laurel@localhost", email["From"].split("<")[1][:-1]),
            "bright@example.org",
        )
    assert olga.post(url, {**words, "do": "usual"}).status_code == 409  # the page is older than what was saved
    olga.post(url, {**dict(fields_of(olga.get(url).get_data(as_text=True))), "do": "usual"})
    with app.app_context():
        assert queries.program_by_slug("bright").settings["letters"] == {}
    assert letters(app, "nominations/consent_request")[3].subject == mine.subject  # what was written stays


@pytest.mark.parametrize("key", LETTERS)
def test_every_editable_letter_has_its_parts_and_shows_in_both_languages(app, key):
    office = Office(app)
    page = office.page(f"words/{key}")
    fields = dict(fields_of(page.get_data(as_text=True)))
    assert page.status_code == 200
    assert all(fields[f"{part}-{language}"] for part in ("subject", "opening") for language in ("en", "es"))
    own = {**fields, "subject-en": "S", "subject-es": "T", "opening-en": "One-off {program}.", "opening-es": "Unico."}
    shown = text_of(office.send(f"words/{key}", [*own.items(), ("do", "preview")]))
    assert "One-off The Teach On Project." in shown
    assert "Unico." in shown
    usual = " ".join(value for name, value in fields.items() if name.startswith(("subject", "opening")))
    invented = {str(value) for value in SAMPLE.values()}
    assert not {each for each in invented if each in usual}  # what depends on the case is a placeholder
    own["opening-en"] = " ".join(f"{{{each}}}" for each in LETTERS[key].placeholders)
    assert office.send(f"words/{key}", own.items()).status_code == 303
    for other, letter in LETTERS.items():
        if letter.template == LETTERS[key].template:
            read = written(app, office, other)
            assert (read.subject == "S", "{" in read.text) == (other == key, False), other
            filled = [SAMPLE[each] for each in letter.placeholders if each in SAMPLE and each in sample(key)]
            assert other != key or all(each in text for each in filled for text in (read.text, read.html)), filled


def written(app, office, key):
    """A letter of the list as it leaves, with the invented case as its context."""
    with app.app_context(), transaction() as s:
        program = s.get_one(Program, office.program)
        example = mail.example(program, key, "en", {})
        context = {name: value for name, value in example.context.items() if name != "dress"}
        outbox.put(replace(example, to="ana@example.org", key=f"k:{key}", context=context))
    return letters(app, LETTERS[key].template)[-1]
