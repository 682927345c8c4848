"""Organizers edit a form: words in both languages, order, versions, what others changed meanwhile, and the preview."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
import time_machine
from sqlalchemy import select

from portal.core.audit import verify
from portal.core.db import db, transaction
from portal.nominations.asking import PURPOSE, form_for
from portal.nominations.rules.nominate import nominations_are_open
from portal.programs.models import Program, Window
from portal.questions import rules, views
from portal.questions.models import QuestionVersion
from portal.questions.queries import holds
from tests.cast import both, text_of
from tests.nominations.test_nominate_way import move_window
from tests.nominations.walking import STEPS, Walker, nominate
from tests.questions.asking import add, asked, form
from tests.statements import how_many

PAGE = "/awards/teach-on/forms/nomination"
WORDS = {"label_en": "Favorite lesson", "label_es": "Lección favorita", "help_en": "One is enough.",
         "help_es": "Basta una.", "audience": "scorers", "group": "story", "seen": "0"}  # fmt: skip


def of_group(cast, group):
    return [q.key for q in form(cast).of(group)]


def test_a_question_is_added_worded_and_asked_in_both_languages(app, cast):
    sam = cast.browser("sam")
    page = text_of(sam.get(PAGE))
    assert "Nothing to mend" in page
    assert "about 4 minutes" in page
    assert "Add" in page
    assert text_of(sam.get(f"{PAGE}/add?kind=text&group=story")).count("Length in words") == 1
    wrong = sam.post(f"{PAGE}/add?kind=choice&group=story", {**WORDS, "label_en": "", "options_en": "One"})
    assert wrong.status_code == 422
    assert "Write the question in English" in text_of(wrong)
    assert "at least two different answers" in text_of(wrong)
    more = {"options_en": "Red\nBlue", "options_es": "Rojo\nAzul", "required": "y"}
    added = sam.post(f"{PAGE}/add?kind=choice&group=story", {**WORDS, **more})
    assert added.status_code == 303
    key = added.location.rsplit("#q-", 1)[1]
    question = form(cast).get(key)
    assert [(o.key, o.name["es"]) for o in question.options] == [("o1", "Rojo"), ("o2", "Azul")]
    assert (question.audience, question.required, question.version) == ("scorers", True, 1)
    walker = Walker(cast).begin()
    english, spanish = text_of(walker.get("story?lang=en")), text_of(walker.get("story?lang=es"))
    assert "Favorite lesson One is enough. Red Blue" in english
    assert "Lección favorita Basta una. Rojo Azul" in spanish
    with app.app_context():
        assert verify()[1] == []


def test_an_option_keeps_its_key_when_it_is_reworded(cast):
    (key,) = add(cast, asked("choice"))
    sam = cast.browser("sam")
    seen = str(form(cast).get(key).seen)
    typed = {**WORDS, "seen": seen, "options_en": "Green\nRed\nSky blue", "options_es": ""}
    assert sam.post(f"{PAGE}/questions/{key}", typed).status_code == 303
    assert [(o.key, o.name["en"]) for o in form(cast).get(key).options] == [
        ("green", "Green"),
        ("red", "Red"),
        ("o1", "Sky blue"),
    ]


def test_a_mended_word_is_the_same_answer_and_a_removed_one_never_comes_back(cast):
    sam = cast.browser("sam")
    typed = {**WORDS, "options_en": "Red\nBleu\nGreen", "options_es": ""}
    key = sam.post(f"{PAGE}/add?kind=choice&group=story", typed).location.rsplit("#q-", 1)[1]
    walker = Walker(cast).begin()
    walker.post("story", {**STEPS["story"], key: "o2"})
    for words, keys in (
        ("Red\nBlue\nGreen", ["o1", "o2", "o3"]),
        ("Red\nBlue\nViolet", ["o1", "o2", "o2_1"]),
        ("Red\nBlue", ["o1", "o2"]),
        ("Violet\nRed\nBlue", ["o4_1", "o1", "o2"]),
    ):
        seen = str(form(cast).get(key).seen)
        assert sam.post(f"{PAGE}/questions/{key}", {**typed, "options_en": words, "seen": seen}).status_code == 303
        assert [o.key for o in form(cast).get(key).options] == keys
    page = walker.get("story").get_data(as_text=True)
    assert re.search(r'value="o2"[^>]*checked|checked[^>]*value="o2"', page)


@pytest.mark.parametrize(("opens", "version"), [((-1, 9), 2), ((3, 9), 1)])
def test_a_change_is_a_version_once_people_may_be_answering(app, cast, opens, version):
    move_window(cast, *opens)
    sam = cast.browser("sam")
    page = sam.get(f"{PAGE}/questions/subject").get_data(as_text=True)
    assert ("Saving makes a new version" in page) == (version == 2)
    answer = sam.post(f"{PAGE}/questions/subject", {"label_en": "Grade", "label_es": "Grado", "seen": "0"}, follow=True)
    assert ("as version 2" in text_of(answer)) == (version == 2)
    assert form(cast).get("subject").version == version
    with app.app_context():
        old = [v.content["label"]["es"] for v in db.session.scalars(select(QuestionVersion))]
    assert old == ([] if version == 1 else ["Materia o grado"])


def test_saving_the_same_changes_nothing(cast):
    sam = cast.browser("sam")
    page = sam.get(f"{PAGE}/questions/subject").get_data(as_text=True)
    value = {name: re.search(rf'name="{name}"[^>]*>\s*([^<]*)<', page).group(1).strip()
             for name in ("label_en", "label_es", "help_en", "help_es")}  # fmt: skip
    assert value["label_es"] == "Materia o grado"
    assert sam.post(f"{PAGE}/questions/subject", {**value, "seen": "0"}).status_code == 303
    assert not form(cast).get("subject").version > 1
    assert form(cast).get("subject").short, "its wording is still the product's own"


def test_two_editors_never_overwrite_each_other(cast):
    sam, sofia = cast.browser("sam"), cast.browser("sofia")
    mine = {"label_en": "Mine", "label_es": "Mía", "seen": "0"}
    assert sam.post(f"{PAGE}/questions/subject", mine).status_code == 303
    late = sofia.post(f"{PAGE}/questions/subject", {"label_en": "Hers", "label_es": "Suya", "seen": "0"})
    assert late.status_code == 409
    assert "It now reads: “Mine”" in text_of(late)
    assert "Hers" in text_of(late)
    assert f'href="{PAGE}/questions/subject" target="_blank"' in late.get_data(as_text=True)  # all that they changed
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', late.get_data(as_text=True)).group(1)
    again = sofia.post(f"{PAGE}/questions/subject", {"label_en": "Hers", "label_es": "Suya", "seen": seen})
    assert again.status_code == 303
    assert form(cast).get("subject").label["en"] == "Hers"


def test_whoever_saves_in_the_same_moment_is_told_too(cast, monkeypatch):
    sam, sofia = cast.browser("sam"), cast.browser("sofia")

    def a_moment_later():
        monkeypatch.setattr(views, "transaction", transaction)
        mine = {"label_en": "Mine", "label_es": "Mía", "seen": "0"}
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(sam.post, f"{PAGE}/questions/subject", mine).result().status_code == 303
        return transaction()

    monkeypatch.setattr(views, "transaction", a_moment_later)
    late = sofia.post(f"{PAGE}/questions/subject", {"label_en": "Hers", "label_es": "Suya", "seen": "0"})
    assert (late.status_code, form(cast).get("subject").label["en"]) == (409, "Mine")
    assert "It now reads: “Mine”" in text_of(late)


def test_order_by_buttons_and_by_dragging(cast):
    (key,) = add(cast, asked("line", group="educator"))
    sam = cast.browser("sam")
    before = of_group(cast, "educator")
    assert before == ["educator", "school", "position", "subject", "educator_email", key]
    sam.post(f"{PAGE}/questions/{key}/move", {"to": "up"})
    sam.post(f"{PAGE}/questions/educator/move", {"to": "up"})
    assert of_group(cast, "educator") == ["educator", "school", "position", "subject", key, "educator_email"]
    sam.post(f"{PAGE}/order", {"group": "educator", "keys": f"{key} position nonsense educator name"})
    assert of_group(cast, "educator") == [key, "position", "educator", "school", "subject", "educator_email"]
    body = Walker(cast).begin().get("educator").get_data(as_text=True)
    places = [body.index(f'id="{name}"') for name in (key, "position", "educator", "school", "subject")]
    assert places == sorted(places)
    assert of_group(cast, "story") == ["story", "with_others"]


def test_a_question_is_taken_out_and_asked_again(cast):
    key, unasked = add(cast, asked("line", label="Favorite lesson"), asked("line", label="Never answered"))
    nominate(cast, story={**STEPS["story"], key: "Volcanoes"})
    move_window(cast, -9, -1)
    sam = cast.browser("sam")
    gone = sam.post(f"{PAGE}/questions/{unasked}/remove", follow=True)
    assert "Nobody had answered it" in text_of(gone)
    assert form(cast).get(unasked) is None
    kept = sam.post(f"{PAGE}/questions/{key}/remove", follow=True)
    assert "Answers that are in stay" in text_of(kept)
    assert of_group(cast, "story") == ["story", "with_others"]
    assert sam.post(f"{PAGE}/questions/story/remove").status_code == 422
    sam.post(f"{PAGE}/questions/{key}/restore")
    assert key in of_group(cast, "story")


def test_the_storys_limits_are_the_programs(app, cast):
    sam = cast.browser("sam")
    words = {"label_en": "One moment", "label_es": "Un momento", "seen": "0"}
    assert sam.post(f"{PAGE}/questions/story", {**words, "low": "80", "high": "20"}).status_code == 422
    assert sam.post(f"{PAGE}/questions/story", {**words, "low": "20", "high": "80"}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Program)).first().settings["nomination"]["story_words"] == [20, 80]
    assert "20 to 80 words is right" in text_of(Walker(cast).begin().get("story"))


@pytest.mark.parametrize(("kind", "low", "high", "wrong"), [
    ("line", "3", "8", ""),
    ("text", "3", "8", ""),
    ("text", "", "", ""),
    ("line", "3", "", "Write both limits, or none."),
    ("line", "8", "3", "The most must be more than the least."),
    ("line", "0", "3", "Write 1 or more."),
    ("line", "3", "51", "Write 50 or less."),
    ("text", "3", "2001", "Write 2000 or less."),
])  # fmt: skip
def test_limits_in_words_advise_and_refuse_nothing(cast, kind, low, high, wrong):
    words = {**WORDS, "low": low, "high": high}
    answer = cast.browser("sam").post(f"{PAGE}/add?kind={kind}&group=story", words)
    assert (answer.status_code, wrong in text_of(answer)) == (422 if wrong else 303, True)
    if wrong:
        return
    walker = Walker(cast).begin()
    assert ("3 to 8 words is right" in text_of(walker.get("story"))) == (low == "3")
    key = next(q.key for q in form(cast).of("story") if q.key.startswith("q_"))
    kept = walker.post("story", {**STEPS["story"], key: "One two three four five six seven eight nine", "go": "next"})
    assert kept.status_code == 303


@pytest.mark.parametrize(("question", "said"), [
    (asked("line", label="Fine"), ""),
    (asked("line", label="What grade did you get?"), "grades, health or discipline"),
    (asked("line", label="For {name}"), "Only {educator}"),
    (asked("choice", options=()), "at least two answers"),
])  # fmt: skip
def test_what_to_mend_is_one_list(cast, question, said):
    add(cast, question)
    page = text_of(cast.browser("sam").get(PAGE))
    assert ("Nothing to mend" in page) == (said == "")
    assert said in page


def test_a_missing_spanish_wording_is_named(cast):
    sam = cast.browser("sam")
    sam.post(f"{PAGE}/add?kind=line&group=story", {**WORDS, "label_es": ""})
    assert "The Spanish wording is not complete" in text_of(sam.get(PAGE))


def test_the_preview_is_the_nominators_page_and_keeps_nothing(cast):
    add(cast, *(asked(kind) for kind in rules.KINDS))
    sam = cast.browser("sam")
    assert 'class="handset"' in sam.get(f"{PAGE}/preview?group=story&spoken=es").get_data(as_text=True)
    for step in ("educator", "you", "story", "name"):
        for spoken, words in (("en", "You can stop here"), ("es", "Puede detenerse aquí")):
            answer = sam.get(f"/awards/teach-on/nomination-preview/{step}?spoken={spoken}")
            body = answer.get_data(as_text=True)
            assert f'<html lang="{spoken}"' in body
            assert words in text_of(answer)
            assert 'method="post"' not in body.split("<main")[1]
            assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_only_organizers_edit_and_others_do_not_see(cast):
    for name, status in (("ada", 200), ("priya", 404), ("vera", 404)):
        assert cast.browser(name).get(PAGE).status_code == status
        assert cast.browser(name).post(f"{PAGE}/questions/story", WORDS).status_code == (403 if name == "ada" else 404)
    assert "Add" not in text_of(cast.browser("ada").get(PAGE)).replace("Address", "")


def test_pages_stay_within_the_budget(app, cast):
    sam = cast.browser("sam")
    add(cast, asked("line"))
    few = [how_many(app, lambda u=u: sam.get(u)) for u in (PAGE, f"{PAGE}/questions/story", f"{PAGE}/preview")]
    add(cast, *(asked("line", label=f"Question {n}", help=both("h")) for n in range(29)))
    many = [how_many(app, lambda u=u: sam.get(u)) for u in (PAGE, f"{PAGE}/questions/story", f"{PAGE}/preview")]
    assert few == many
    assert max(many) <= 6, many
    full = sam.post(f"{PAGE}/add?kind=line&group=story", WORDS)
    assert full.status_code == 422
    assert "as many questions of your own" in text_of(full)


def test_saving_and_moving_take_as_many_statements_for_one_question_as_for_thirty(app, cast):
    sam = cast.browser("sam")

    def measure(key):
        token, words = sam.token(), {**WORDS, "label_en": f"About {key}", "seen": str(form(cast).get(key).seen)}
        acts = {"move": {"to": "up"}, "remove": {}, "restore": {}, "": words}
        found = {}
        for verb, typed in acts.items():
            url, data = f"{PAGE}/questions/{key}/{verb}".rstrip("/"), {**typed, "csrf_token": token}
            found[verb] = how_many(app, lambda u=url, d=data: sam.client.post(u, data=d))
        order = {"group": "story", "keys": f"{key} story", "csrf_token": token}
        found["order"] = how_many(app, lambda: sam.client.post(f"{PAGE}/order", data=order))
        added = {**WORDS, "csrf_token": token}
        found["add"] = how_many(app, lambda: sam.client.post(f"{PAGE}/add?kind=line&group=story", data=added))
        return found

    few = measure(add(cast, asked("line", label="One"), asked("line"))[0])
    assert measure(add(cast, *(asked("line", label=f"Question {n}") for n in range(24)))[0]) == few
    new_version = few.pop("")
    assert max(few.values()) <= 8, few
    assert new_version <= 9  # the earlier wording is one row more


def test_the_form_is_open_for_its_editor_when_nominations_are(app, cast):
    with app.app_context():
        window = select(Window).where(Window.key == "nominations")
        times = db.session.scalars(window).one()
        moments = [each + timedelta(seconds=s) for each in (times.opens_at, times.closes_at) for s in (-1, 0, 1)]
        cycle, found = times.cycle, []
        for state, archived, at in product(("draft", "published"), (None, moments[0]), moments):
            with transaction():
                cycle.state, cycle.archived_at = state, archived
            with time_machine.travel(at, tick=False):
                found.append(holds(PURPOSE.is_open(cast.program_id)))
                assert found[-1] == nominations_are_open(cycle, at)
        assert (sum(found), len(found)) == (3, 24)


def test_the_storys_words_are_the_programs_too_once_they_are_whole(app, cast):
    sam = cast.browser("sam")
    half = {"label_en": "One moment", "label_es": "", "help_en": "Short", "help_es": "Breve", "seen": "0"}
    more = {"low": "20", "high": "80"}
    assert sam.post(f"{PAGE}/questions/story", {**half, **more, "high": "9000"}).status_code == 422
    sam.post(f"{PAGE}/questions/story", {**half, **more})
    seen = str(form(cast).get("story").seen)
    assert form(cast).get("story").label["en"] == "One moment"
    whole = {**half, **more, "label_es": "Un momento", "seen": seen, "csrf_token": sam.token()}
    # The form, its earlier wording and the program's settings are three tables, beside who asks and the record.
    assert how_many(app, lambda: sam.client.post(f"{PAGE}/questions/story", data=whole)) <= 10
    with app.app_context():
        kept = db.session.scalars(select(Program)).first().settings["nomination"]
    assert kept["story_question"] == {"en": "One moment", "es": "Un momento"}
    assert kept["story_hint"] == {"en": "Short", "es": "Breve"}


def test_what_the_programs_file_words_anew_becomes_a_version(app):
    from tests.programs.test_load import DURING, load

    load(app)
    old = 'story_question.en = "What happened, and what changed for the students?"'
    load(app, (old, 'story_question.en = "What did you see?"'), at=DURING)
    with app.app_context():
        program = db.session.scalars(select(Program)).one()
        story = form_for(program).get("story")
        kept = db.session.scalars(select(QuestionVersion)).one()
        assert (story.version, story.label["en"]) == (2, "What did you see?")
        assert (kept.key, kept.number, kept.content["label"]["es"]) == (
            "story",
            1,
            "¿Qué pasó y qué cambió para los estudiantes?",
        )
        assert verify()[1] == []
    load(app, (old, 'story_question.en = "What did you see?"'), at=DURING)
    with app.app_context():
        assert form_for(db.session.scalars(select(Program)).one()).get("story").version == 2
