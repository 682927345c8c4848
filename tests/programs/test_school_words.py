"""How names of schools are read: abbreviations both ways, what two names mean, where a search begins. Pure."""

import pytest

from portal.programs.directory.read import level_of, readable
from portal.programs.directory.words import leaders, search_words, sense


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Maynard HS", "Maynard High School", True),
        ("Maynard H.S.", "maynard high", True),
        ("St. Mary ES", "Saint Mary Elementary", True),
        ("MLK Middle", "Martin Luther King Middle School", True),
        ("N. Atlanta HS", "North Atlanta High", True),
        ("Peña Acad", "Pena Academy", True),
        ("King's Academy", "Kings Academy", False),
        ("Main St", "Main Saint", False),
        ("Maynard Middle", "Maynard High", False),
        ("School", "", False),
    ],
)
def test_what_two_names_mean(one, other, same):
    assert (sense(one) == sense(other)) is same


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Lincoln Elementary School", "es"),
        ("Lincoln ES", "elementary"),
        ("Lincoln ES", "elem"),
        ("Lincoln High", "hs"),
        ("Lincoln JHS", "junior"),
        ("Saint Anne", "st"),
        ("Martin Luther King Academy", "mlk"),
        ("Núñez Intl", "international"),
        ("Núñez Intl", "nun"),
    ],
)
def test_a_school_is_found_by_its_words_however_they_are_written(name, typed):
    assert any(word.startswith(typed) for word in search_words(name))


def test_a_search_begins_at_the_word_that_fewest_schools_have():
    assert leaders(["elementary", "oak"]) == ["oak"]
    assert leaders(["h", "ridge", "oak", "mid", "st"]) == ["ridge", "oak"]
    assert leaders(["high", "e"]) == ["high"]


@pytest.mark.parametrize(
    ("written", "level"),
    [("Elementary", "elementary"), ("Primary school", "elementary"), ("3", "high"), ("Secondary", "high"),
     ("Adult Education", "other"), ("Not reported", ""), ("", ""), ("Middle", "middle")],
)  # fmt: skip
def test_levels_of_several_years(written, level):
    assert level_of(written) == level


@pytest.mark.parametrize(
    ("written", "shown"),
    [("LINCOLN HS", "Lincoln HS"), ("O'NEAL-SMITH ELEM.", "O'neal-Smith Elem."), ("KING OF THE HILL ACADEMY II",
     "King of the Hill Academy II"), ("McNair HS", "McNair HS"), ("STEM", "STEM"), ("P.S. 12 ANNEX", "P.S. 12 Annex")],
)  # fmt: skip
def test_names_written_all_in_capitals_are_made_readable(written, shown):
    assert readable(written) == shown
