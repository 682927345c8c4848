"""Recognizing what people write for a district, a position and a relation, on the words real forms bring."""

import pytest

from portal.programs.definition import parse_definition
from portal.programs.matching import by_alias, by_words, choices_by_words
from tests.programs.test_definition import DEFAULT

TEACH_ON = parse_definition(DEFAULT)
DISTRICTS = {each.key: (each.name, each.short, *each.aliases) for each in TEACH_ON.districts}


def choices(things):
    return [{"key": each.key, "name": each.name, "words": each.words} for each in things]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("atlanta public schools ", "aps"), ("APS", "aps"), ("Cobb", "cobb"), ("Cobb County Schools", "cobb"),
        ("DCSD", "dekalb"), ("Dekalb", "dekalb"), ("DeKalb County Schools", "dekalb"), ("Fulton", "fulton"),
        ("Fulton County Schools", "fulton"), ("GCPS", "gwinnett"), ("Gwinnett", "gwinnett"),
        ("Gwinnett County", "gwinnett"), ("Marietta City", "marietta"), ("Marietta", "marietta"),
        ("Clayton County", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_districts(written, key):
    assert by_alias(written, DISTRICTS) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Band director", "teacher"), ("school counselor", "counselor"), ("ESOL teacher", "teacher"),
        ("Assistant Principal", "assistant_principal"), ("3rd grade teacher", "teacher"), ("Principal", "principal"),
        ("Pre-K teacher", "teacher"), ("Maestra de kínder", "teacher"), ("Instructional coach", "coach"),
        ("Subdirectora", "assistant_principal"), ("Directora", "principal"), ("Teacher aide", "support"),
        ("Astronaut", None), ("", None),
    ],
)  # fmt: skip
def test_positions(written, key):
    assert choices_by_words(written, choices(TEACH_ON.positions)) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Colleague elsewhere", "colleague_elsewhere"), ("Colleague at the school", "colleague_school"),
        ("community partner", "community_partner"), ("Parent/guardian", "family_current"),
        ("Mother-in-law", "relative"), ("PTA", "pto"), ("Former student", "former_student"),
        ("Current student", "current_student"), ("I'm the principal", "school_leader"),
        ("Parent of a current student", "family_current"), ("Parent of a former student", "family_former"),
        ("Self", "self"), ("Soy su estudiante", "current_student"), ("", None), ("!!", None),
    ],
)  # fmt: skip
def test_relations(written, key):
    assert choices_by_words(written, choices(TEACH_ON.relations)) == key


def test_the_longest_match_wins_and_words_are_whole():
    assert by_words("an assistant principal", {"a": ["principal"], "b": ["assistant principal"]}) == "b"
    assert by_words("mother in law", {"a": ["mother"], "b": ["mother in law"]}) == "b"
    assert by_words("grandmother", {"a": ["mother"]}) is None
