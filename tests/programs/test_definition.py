"""The program file: the default one says what the award says; every mistake is named by line and field, all at once."""

import re
from dataclasses import fields, is_dataclass
from importlib.resources import files

import pytest

from portal.programs.definition import DefinitionErrors, ProgramDefinition, parse_definition

DEFAULT = (files("portal.programs") / "defaults" / "teach-on.toml").read_text(encoding="utf-8")


def mistakes(text: str) -> list[str]:
    with pytest.raises(DefinitionErrors) as caught:
        parse_definition(text)
    return [str(problem) for problem in caught.value.problems]


def broken(old: str, new: str) -> tuple[str, int]:
    """The default file with its first `old` made `new`, and the line where that stands."""
    assert old in DEFAULT
    return DEFAULT.replace(old, new, 1), DEFAULT[: DEFAULT.index(old)].count("\n") + 1


@pytest.fixture(scope="module")
def teach_on() -> ProgramDefinition:
    return parse_definition(DEFAULT)


def test_the_default_program_is_the_teach_on_project(teach_on):
    assert (teach_on.slug, teach_on.name, teach_on.time_zone) == (
        "teach-on",
        "The Teach On Project",
        "America/New_York",
    )
    assert [each.name for each in teach_on.districts] == [
        "Atlanta Public Schools",
        "Cobb County",
        "DeKalb County",
        "Fulton County",
        "Gwinnett County",
        "Marietta City",
    ]
    assert (teach_on.award_total, [each.amount for each in teach_on.award]) == (7500, [3500, 2500, 1500])
    assert (teach_on.honored_before, teach_on.honored_since, teach_on.places) == (152, 2006, 8)
    assert [each.key for each in teach_on.positions if each.eligible] == ["teacher", "assistant_principal", "principal"]
    assert [(each.key, each.kind, each.readers) for each in teach_on.rounds] == [
        ("application", "application", 3),
        ("essay", "essay", 5),
        ("observation", "observation", 2),
        ("interview", "interview", 3),
    ]
    assert all(each.max_load == 12 for each in teach_on.rounds)
    assert len(teach_on.criteria) == 3


def test_the_relations_fall_into_the_six_reporting_groups(teach_on):
    assert {each.key: each.group for each in teach_on.relations} == {
        "current_student": "student",
        "former_student": "student",
        "family_current": "family",
        "family_former": "family",
        "colleague_school": "colleague",
        "colleague_elsewhere": "colleague",
        "mentored": "colleague",
        "school_leader": "leader",
        "district_staff": "leader",
        "community_partner": "community",
        "pto": "community",
        "self": "self",
        "relative": "family",
        "other": "community",
    }
    assert [each.key for each in teach_on.relations if not each.alone] == ["self", "relative"]


def test_the_default_rubric(teach_on):
    weights = {each.key: each.weight for each in teach_on.rubric("file").criteria}
    assert weights == {
        "student_learning": 25,
        "student_confidence": 20,
        "working_with_others": 20,
        "craft": 15,
        "profession": 10,
        "plan": 10,
    }
    assert [name["en"] for name in teach_on.level_names] == ["Limited", "Emerging", "Strong", "Exceptional"]
    assert {each.key: each.final_weight for each in teach_on.rubrics} == {
        "file": 50,
        "observation": 25,
        "interview": 25,
    }
    assert teach_on.tie_criteria == ("student_learning", "student_confidence")
    assert teach_on.level_reference == 3.0


def test_a_criterion_is_asked_from_its_round_on(teach_on):
    asked = {key: [each.key for each in teach_on.criteria_of_round(key)] for key in teach_on.round_keys}
    first = ["student_learning", "student_confidence", "working_with_others", "craft", "profession"]
    assert asked == {
        "application": first,
        "essay": [*first, "plan"],
        "observation": ["climate", "challenge", "student_voice", "response"],
        "interview": ["reflection", "collaboration", "leadership_story", "project"],
    }


def _texts(thing):
    if isinstance(thing, dict) and set(thing) <= {"en", "es"}:
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from _texts(value)
    elif isinstance(thing, tuple):
        for value in thing:
            yield from _texts(value)
    elif is_dataclass(thing):
        for each in fields(thing):
            yield from _texts(getattr(thing, each.name))


def test_every_public_text_is_there_in_both_languages(teach_on):
    texts = [text for text in _texts(teach_on) if text]
    assert len(texts) > 150
    assert [text for text in texts if not (text["en"].strip() and text["es"].strip())] == []
    same = {text["en"] for text in texts if text["en"] == text["es"]}
    assert same == set()


@pytest.mark.parametrize(
    ("old", "new", "field", "sentence"),
    [
        ('slug = "teach-on"', 'slug = "Teach On"', "program.slug", "write it in small letters"),
        ('name = "The Teach On Project"', "name = 7", "program.name", "this should be a text in quotes."),
        ('name = "The Teach On Project"', 'name = " "', "program.name", "this is empty. Write a text."),
        ("contact =", "contcat =", "program.contcat", "is not known here. Did you mean “contact”?"),
        ('"teach-on@example.org"', '"teach-on"', "program.contact", "“teach-on” is not an e-mail address."),
        ('"America/New_York"', '"Atlanta"', "program.time_zone", "“Atlanta” is not a time zone."),
        ('languages = ["en", "es"]', 'languages = ["en", "es", "fr"]', "program.languages.3", "“fr” is not a language"),
        ("place.es =", "place.ess =", "program.place", "the Spanish text is missing. Add place.es."),
        ("place.es =", "place.ess =", "program.place.ess", "is not a language of this program. Did you mean “es”?"),
        ('accent = "#1f4a36"', 'accent = "green"', "colors.accent", "“green” is not a color."),
        ('accent = "#1f4a36"', 'accent = "#7fb394"', "colors.accent", "the contrast with the light page is 2.3 to 1"),
        ("before = 152", "before = -1", "honored.before", "-1 is out of range."),
        ("before = 152", "before = true", "honored.before", "this should be a whole number."),
        ("total = 7500", "total = 7000", "award.total", "this is 7,000, but the parts add up to 7,500."),
        ('check = "district"', 'check = "distict"', "eligibility.2.check", "Did you mean “district”?"),
        ("eligible = true", 'eligible = "yes"', "positions.1.eligible", "this should be true or false."),
        ('group = "student"', 'group = "students"', "relations.1.group", "Did you mean “student”?"),
        ("story_max_words = 250", "story_max_words = 30", "nominations.story_max_words", "the fewest words, 40."),
        ("remind_after_days = 3", "remind_after_days = 20", "nominations.remind_after_days", "before the 14 days"),
        ('positions = ["teacher"', 'positions = ["teachers"', "categories.1.positions.1", "no position with the key"),
        ('opens = "day 0 at 08:00"', 'opens = "Monday"', "windows.nominations.opens", "like “day 62 at 23:59”"),
        ('opens = "day 0 at 08:00"', 'opens = "day 0 at 24:00"', "windows.nominations.opens", "cannot be read"),
        ('opens = "day 0 at 08:00"', 'opens = "day 1 at 08:00"', "windows.nominations.opens", "open on day 0"),
        ('closes = "day 62', 'closes = "day -1', "windows.nominations.closes", "It must close later."),
        ('scoring.opens = "day 101', 'scoring.opens = "day 90', "rounds.1.scoring.opens", "before the application"),
        ('window.opens = "day 116', 'window.opens = "day 99', "rounds.2.window.opens", "Windows come in order."),
        ('opens = "day 206 at 09:00"', 'opens = "day 189 at 09:00"', "windows.notices.opens", "the last scoring"),
        ("past_winners = 1", "past_winners = 4", "rounds.1.past_winners", "more than the 3 readers"),
        ('rubric = "file"', 'rubric = "files"', "rounds.1.rubric", "There are: file, observation, interview."),
        ('kind = "essay"', 'kind = "test"', "rounds.2.kind", "“test” is not one of application, essay"),
        ('criteria = ["student_l', 'criteria = ["l', "ties.criteria.1", "no criterion of the first round with the key"),
        ('g", "student_confidence"]', 'g", "student_learning"]', "ties.criteria.2", "is already named."),
        ("reference = 3.0", "reference = 5", "levels.reference", "there are only 4 levels."),
        ("final_weight = 50", "final_weight = 60", "rubrics.1.final_weight", "add up to 110, not to 100."),
        ("weight = 25", "weight = 0", "rubrics.1.criteria.1.weight", "0 is out of range."),
        ("weight = 25", "weight = 26", "rubrics.1.criteria.1.weight", "add up to 101, not to 100."),
        ('from_round = "essay"', 'from_round = "round 2"', "rubrics.1.criteria.6.from_round", "no round with the key"),
        ('key = "student_confidence"', 'key = "student_learning"', "rubrics.1.criteria.2.key", "is already used above"),
        ("[ties]", "[tie]", "ties", "this part is missing. Add [ties]."),
        ("[ties]", "[tie]", "tie", "is not known here. Did you mean “ties”?"),
    ],
)
def test_a_mistake_is_named_by_line_and_field(old, new, field, sentence):
    text, line = broken(old, new)
    found = [each for each in mistakes(text) if f", {field}: " in each and sentence in each]
    assert len(found) == 1, mistakes(text)
    if "is missing" not in sentence:  # what is missing stands nowhere; the nearest line around it is named
        assert found[0].startswith(f"Line {line}, "), (line, found)


@pytest.mark.parametrize(
    ("old", "new", "line_offset", "sentence"),
    [
        ('slug = "teach-on" ', "slug = teach-on ", 0, "cannot be read as TOML"),
        ('short_name = "TOP"', 'short_name = "TOP', 0, "cannot be read as TOML"),
        ('short_name = "TOP"', 'name = "TOP"', 0, "cannot be read as TOML"),
        ("[colors]", "[program]", 0, "cannot be read as TOML"),
    ],
)
def test_what_is_no_toml_is_named_by_line(old, new, line_offset, sentence):
    text, line = broken(old, new)
    found = mistakes(text)
    assert len(found) == 1
    assert found[0].startswith(f"Line {line + line_offset}"), found
    assert sentence in found[0]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = DEFAULT
    changes = {"total = 7500": "total = 1", 'slug = "teach-on"': 'slug = "!"', "weight = 15": "weight = -5"}
    for old, new in changes.items():
        text = text.replace(old, new, 1)
    found = mistakes(text)
    assert len(found) == 4  # the weights no longer add up, too
    assert [int(each.split(",")[0].removeprefix("Line ")) for each in found] == sorted(
        int(each.split(",")[0].removeprefix("Line ")) for each in found
    )


def test_an_empty_file_names_every_missing_part():
    found = mistakes("")
    for part in ("program", "colors", "hero", "award", "windows", "nominations", "levels", "ties"):
        assert f"Line 1, {part}: this part is missing. Add [{part}]." in found
    for part in ("districts", "positions", "relations", "rounds", "rubrics", "criteria"):
        assert f"Line 1, {part}: this part is missing. Add at least one [[{part}]]." in found


def test_windows_line_ends_and_inline_texts_are_read_alike(teach_on):
    assert parse_definition(DEFAULT.replace("\n", "\r\n")) == teach_on
    apart = 'self.en = "The educator"\nself.es = "La propia persona"'
    inline = DEFAULT.replace(apart, 'self = { en = "The educator", es = "La propia persona" }')
    assert inline != DEFAULT
    assert parse_definition(inline) == teach_on


def test_a_program_in_one_language_needs_no_other():
    lines = [line for line in DEFAULT.split("\n") if ".es = " not in line]
    text = "\n".join(lines).replace('languages = ["en", "es"]', 'languages = ["en"]')
    text = re.sub(r', es = "[^"]*" }', " }", text)
    assert parse_definition(text).languages == ("en",)
