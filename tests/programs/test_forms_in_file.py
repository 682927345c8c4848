"""The questions of a form in a program's file: the editor's checks, there and back the same, versions."""

import tomllib
from dataclasses import replace

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core.audit import verify
from portal.core.db import db, transaction
from portal.core.forms import tidy_line, tidy_text
from portal.nominations.asking import PURPOSE, form_for
from portal.programs import queries, stored
from portal.programs.actions import load_definition
from portal.programs.definition import as_toml, parse_definition
from portal.programs.definition.forms import read_forms, told_form
from portal.programs.definition.reader import Book, Table
from portal.programs.definition.source import lines_of
from portal.programs.models import Program
from portal.questions import actions, rules, shape
from portal.questions.actions.editing import spelled
from portal.questions.models import QuestionVersion
from portal.questions.rows import in_order, rows_of
from portal.questions.shape import Option, Question, content_of
from tests.cast import both
from tests.nominations.test_nominate_way import move_window
from tests.nominations.walking import STEPS, nominate
from tests.programs.test_definition import DEFAULT, mistakes
from tests.programs.test_editing import Office
from tests.programs.test_load import BEFORE, DURING, OPENS, load
from tests.programs.test_several import found, founding
from tests.questions.asking import add, asked

EMPTY = {"en": "", "es": ""}
HEAD = "\n[[forms.nomination]]\n"
OWN = HEAD + 'key = "q_lesson"\nstep = "story"\nkind = "line"\nquestion.en = "Their best lesson"\n'
COLOR = (
    OWN.replace('"line"', '"choice"')
    + """choices = [
  { key = "red", en = "Red", es = "Rojo" },
  { key = "blue", en = "Blue", es = "Azul" },
]
"""
)
MANY_CHOICES = COLOR.replace("= [", "= [" + "".join(f'{{ key = "a{at}", en = "A{at}" }},' for at in range(9000)))


def said(more):
    """The one mistake of the default file with these forms, without its line."""
    found = mistakes(DEFAULT + more)
    assert len(found) == 1, found
    return found[0].split(", ", 1)[1]


@pytest.mark.parametrize(("more", "sentence"), [
    ('\n[forms]\nballot = 1\n', "forms.ballot: this field is not known here."),
    ('\n[forms]\nnomination = 1\n', "forms.nomination: this should be a list of tables"),
    (HEAD + 'key = "stroy"\n', "key: this is no question of Laurel’s. The key of a question of your own begins"),
    (HEAD + 'key = "story"\n' + HEAD + 'key = "story"\n', "forms.nomination.2.key: “story” is already used above."),
    (HEAD + 'key = "story"\nkind = "line"\n', "forms.nomination.1.kind: this field is not known here."),
    (HEAD + 'key = "story"\nrequired = false\n', "forms.nomination.1.required: this field is not known here."),
    (HEAD + 'key = "story"\nleast = 3\n', "forms.nomination.1.least: this field is not known here."),
    (HEAD + 'key = "story"\nquestion.en = "A"\nquestion.es = "B"\n', "forms.nomination.1.question: write this in "
                                                                   "[nominations], as story_question."),
    (HEAD + 'key = "subject"\nquestion.es = "Grado"\n', "question.en: write the question in English."),
    (HEAD + 'key = "subject"\nquestion.fr = "Classe"\nquestion.en = "A"\n', "“fr” is not a language Laurel speaks"),
    (HEAD + 'key = "subject"\nrequired = "yes"\n', "forms.nomination.1.required: this should be true or false."),
    (OWN.replace('question.en = "Their best lesson"', ""), "1.question: write the question in English."),
    (OWN.replace("Their best lesson", "x" * 601), "question.en: please shorten this to 600 characters at most."),
    (OWN.replace('"line"', '"essay"'), "kind: “essay” is not one of line, text, choice, choices"),
    (OWN.replace('"story"', '"stroy"'), "is not one of educator, you, story, name. Did you mean “story”?"),
    (OWN + 'visible_to = "all"\n', "visible_to: “all” is not one of staff, scorers, nominee."),
    (OWN + "least = 1\n", "write both limits, or none."),
    (OWN.replace('"line"', '"link"') + "least = 1\n", "least: this field is not known here."),
    (OWN + 'choices = [{ key = "a", en = "A" }]\n', "choices: this field is not known here."),
    (OWN.replace('"line"', '"choice"'), "choices: write at least two different answers in English"),
    (COLOR.replace('"Blue"', '"Red"'), "choices: write at least two different answers in English"),
    (COLOR.replace(', es = "Azul"', ""), "choices: write each answer in Spanish too"),
    (COLOR.replace('"blue"', '"red"'), "choices.2.key: “red” is already used above."),
    (COLOR.replace('"blue"', '"Blue!"'), "choices.2.key: a key has small letters"),
    (OWN.replace('"line"', '"text"') + "least = 20\n", "most: write both limits, or none."),
    (OWN.replace('"line"', '"text"') + "least = 20\nmost = 10\n", "most: the most must be more than the least."),
    (OWN.replace('"line"', '"text"') + "least = 0\nmost = 10\n", "least: write 1 or more."),
    (OWN.replace('"line"', '"text"') + "least = 1\nmost = 2001\n", "most: write 2000 or less."),
    (OWN.replace('"line"', '"scale"'), "most: a scale goes from 0 or more to 10 or less."),
    (OWN.replace('"line"', '"scale"') + "least = 1\nmost = 5\nlowest.en = 4\n", "lowest.en: this should be a text"),
    (OWN.replace('"line"', '"number"') + "least = -2000000\n", "least: -2000000 is out of range."),
    ("".join(OWN.replace("q_lesson", f"q_{n}") for n in range(31)), "forms.nomination.31.key: a form holds at most 30"),
])  # fmt: skip
def test_a_mistake_is_named_at_its_field_by_the_editors_rules(app, more, sentence):
    assert sentence in said(more)


def test_every_rule_of_the_editor_is_the_files_too():
    """Each sentence that `rules.mistakes` can say is in the table above, in the words that the file's reader uses."""
    table = next(m for m in test_a_mistake_is_named_at_its_field_by_the_editors_rules.pytestmark)
    heard = " ".join(sentence for _more, sentence in table.args[1])
    for broken in (
        Question("q_a", "story", "line", both("")), Question("q_a", "story", "line", both("x" * 601)),
        asked("choice", options=()), asked("text", low=1), asked("text", low=2, high=1), asked("text", low=0, high=9),
        asked("text", low=1, high=9999), asked("scale"),
    ):  # fmt: skip
        (_part, sentence), *_more = rules.mistakes(broken)
        assert str(sentence)[1:40].rstrip(".") in heard, sentence


def program_of(app):
    return db.session.scalars(select(Program)).one()


def whole(app):
    """The program's file as it is written."""
    with app.app_context():
        return as_toml(stored.whole_of(queries.cycles_of(program_of(app))[0]))


def edit(app, *acts):
    """The operator does each of these to the form: (verb, what, ...)."""
    for verb, *more in acts:
        with app.app_context(), transaction():
            verb("operator", program_of(app), PURPOSE, *more)


def bring(app, text, at=BEFORE):
    """The program's file loaded; the report."""
    with time_machine.travel(at, tick=False), app.app_context(), transaction():
        return load_definition(parse_definition(text), "operator", cycle_name="2027", opening_day=OPENS)


def form(app):
    with app.app_context():
        return form_for(program_of(app))


def reworded(app, key, **how):
    return actions.change, replace(form(app).get(key), **how)


def test_what_was_edited_on_the_web_arrives_in_an_empty_installation_byte_for_byte(app, make_app):
    load(app)
    assert "[[forms" not in whole(app), "a form that nobody edited is not in the file"
    kinds = [kind for kind in rules.KINDS if kind not in ("scale", "text")]
    edit(app, *((actions.add, asked(kind, help=both(f"About {kind}"), audience="scorers")) for kind in kinds),
         (actions.add, asked("scale", "you", low=1, high=7, ends=(both("Never"), {"en": "Always", "es": ""}))),
         (actions.add, asked("text", "name", low=5, high=80, required=True)),
         (actions.add, asked("number", "name", label='A " and a \\ for {educator}\nin lines', low=0)))  # fmt: skip
    edit(app, reworded(app, "subject", label=both("Grade"), help=EMPTY, required=True),
         reworded(app, "story", label={"en": "Only English yet", "es": ""}, low=20, high=99))  # fmt: skip
    edit(app, (actions.order, "educator", ["school", "position"]))
    written = whole(app)
    assert written.count("[[forms.nomination]]") == 14 + len(rules.KINDS) + 1
    other = make_app()
    bring(other, written)
    assert whole(other) == written
    for mine, theirs in zip(in_order(form(app).questions, PURPOSE.groups), form(other).questions, strict=True):
        assert content_of(spelled(mine)) == content_of(spelled(theirs))
    assert bring(other, written).is_quiet
    assert bring(app, written).is_quiet
    with other.app_context():
        assert verify()[1] == []


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(tidy_text)


@st.composite
def own_row(draw, number=0):
    """A question of one's own as a form may hold it."""
    kind = draw(st.sampled_from(list(rules.KINDS)))
    choice, limits = kind in rules.WITH_OPTIONS, draw(st.sampled_from([(1, 5), (2, 9)]))
    names = [{"en": f"{n} {tidy_line(draw(WORDS))}".strip(), "es": ""} for n in range(3)] if choice else []
    question = Question(
        f"q_{draw(st.integers(0, 10**9))}", draw(st.sampled_from(list(PURPOSE.groups))), kind,
        {"en": draw(WORDS) or "A", "es": draw(WORDS)}, {"en": draw(WORDS), "es": draw(WORDS)},
        required=draw(st.booleans()), audience=draw(st.sampled_from(list(rules.AUDIENCES))),
        options=tuple(Option(f"o{n}", name) for n, name in enumerate(names)),
        low=limits[0] if kind in rules.WITH_LIMITS else None, high=limits[1] if kind in rules.WITH_LIMITS else None,
        ends=({"en": tidy_line(draw(WORDS)), "es": ""}, EMPTY) if kind == "scale" else (EMPTY, EMPTY),
    )  # fmt: skip
    return {k: v for k, v in shape.stored(question, None).items() if k not in ("version", "seen", "retired")}


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(own_row(), min_size=1, max_size=4, unique_by=lambda row: row["key"]))
def test_whatever_words_a_question_has_they_are_written_and_read_the_same(rows):
    written = as_toml({"forms": {"nomination": told_form(rows)}})
    book = Book(lines_of(written))
    assert (read_forms(Table(book, (), tomllib.loads(written))), book.problems) == ({"nomination": rows}, [])


def test_a_changed_file_makes_versions_of_what_people_rely_on(app, cast):
    """The cast's program is open, and somebody has answered."""
    lesson, color, unasked = add(cast, asked("line", label="Lesson"), asked("choice", label="Color"), asked("line"))
    nominate(cast, story={**STEPS["story"], lesson: "Volcanoes", color: "red"})
    rows = rows_in(app)
    changed = [
        {**row, "label": both("Best lesson")} if row["key"] == lesson else row for row in rows if row["key"] != color
    ]
    changed.append(new_row("q_added", "story", label=both("Since when?")))
    came = brought(app, changed)
    assert (came.added, came.changed, came.retired) == (["q_added"], [lesson], [color])
    now = form(app)
    assert (now.get(lesson).version, now.get(lesson).label["en"], now.get(color).retired) == (2, "Best lesson", True)
    with app.app_context():
        kept = db.session.scalars(select(QuestionVersion)).one()
        assert (kept.key, kept.number, kept.content["label"]["en"]) == (lesson, 1, "Lesson")
    assert brought(app, changed) == actions.Brought()
    again = brought(app, rows)
    assert (again.changed, again.retired) == ([lesson, color], ["q_added"])
    assert (form(app).get(color).retired, form(app).get(lesson).version) == (False, 3)
    other = brought(app, [{**row, "kind": "date"} if row["key"] == lesson else row for row in rows])
    assert (other.kinds, other.changed, form(app).get(lesson).kind) == ([lesson], [], "line")
    with app.app_context():
        assert verify()[1] == []
    assert unasked in form(app).by_key


def test_before_anybody_answers_a_question_is_changed_in_place_and_taken_out_whole(app, cast):
    move_window(cast, 3, 9)
    one, other = add(cast, asked("line", label="One"), asked("line", label="Other"))
    rows = [{**row, "label": both("Won")} if row["key"] == one else row for row in rows_in(app) if row["key"] != other]
    came = brought(app, rows)
    assert (came.changed, came.removed, came.retired) == ([one], [other], [])
    assert (form(app).get(one).version, form(app).get(other)) == (1, None)


def test_a_key_that_comes_again_is_not_taken_for_what_it_was(app, cast):
    """Its earlier wordings stay, so its numbers go on: an old answer never meets a new question."""
    first = new_row("q_again", "story", label=both("First"))
    brought(app, [first])
    brought(app, [{**first, "label": both("Second")}])
    move_window(cast, 3, 9)
    brought(app, [{"key": "story"}])
    assert form(app).get("q_again") is None
    brought(app, [first])
    move_window(cast, -3, 9)
    brought(app, [{**first, "label": both("Third")}])
    assert form(app).get("q_again").version == 3


def test_the_command_tells_what_came_of_the_questions(app):
    load(app)
    report = bring(app, DEFAULT + OWN)
    assert report.made == ["The question “Their best lesson” in the nomination form."]
    changed = bring(app, DEFAULT + OWN.replace("best", "finest"), at=DURING)
    assert changed.changed == ["The question “Their finest lesson” in the nomination form."]
    refused = bring(app, DEFAULT + OWN.replace("best", "finest").replace('"line"', '"date"'), at=DURING)
    assert refused.refused == [
        "The kind of the question “Their finest lesson” stays as it is: a question keeps its kind, so write a new one "
        "with another key."
    ]
    gone = bring(app, DEFAULT + HEAD + 'key = "story"\n', at=DURING)
    assert gone.changed == ["The question “Their finest lesson” in the nomination form is asked no more."]
    left = bring(app, DEFAULT)
    assert left.is_quiet, "a file without forms leaves them as they are"


def test_another_program_like_this_one_asks_its_questions(app):
    office = Office(app)
    founding(office)
    edit(app, (actions.add, asked("line", label="Favorite lesson")))
    assert found(office, like=f"cycle:{office.cycle}").status_code == 303
    with app.app_context():
        bright = queries.program_by_slug("bright")
        assert [q.label["en"] for q in form_for(bright).own()] == ["Favorite lesson"]


def rows_in(app):
    with app.app_context():
        return rows_of(form_for(program_of(app)), PURPOSE)


def new_row(key, group, **how):
    question = replace(asked("line", group), key=key, **how)
    return {k: v for k, v in shape.stored(question, None).items() if k not in ("version", "seen", "retired")}


def brought(app, rows):
    with app.app_context(), transaction():
        return actions.bring("operator", program_of(app), PURPOSE, rows)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("".join(OWN.replace("q_lesson", f"q_{at}") for at in range(3000)), "a form holds at most 30 questions"),
        (
            MANY_CHOICES,
            "at most",
        ),
    ],
)  # fmt: skip
def test_what_is_far_too_much_is_said_once_and_read_no_further(
    monkeypatch: pytest.MonkeyPatch, more: str, sentence: str
) -> None:
    looked = []
    finish = Table.finish
    monkeypatch.setattr(Table, "finish", lambda table: (looked.append(table), finish(table))[1])
    parse_definition(DEFAULT)
    few = len(looked)
    found = mistakes(DEFAULT + more)
    assert len([each for each in found if sentence in each]) == 1
    assert len(looked) < 2 * few + 250


def test_what_is_nested_without_end_is_a_mistake_and_no_error() -> None:
    for deep in ("\nzz = " + "[" * 3000 + "]" * 3000, "\nzz = " + "{a=" * 900 + "1" + "}" * 900):
        assert ["nested too deeply" in each for each in mistakes(DEFAULT + deep)] == [True]
