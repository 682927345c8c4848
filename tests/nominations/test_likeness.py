"""When two educators are likely one: names, schools, what speaks for it; and that likely ones share a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.school_names import school_parts
from portal.nominations.likeness import LIKELY, Described, compare, keys_of, names_alike, schools_alike

ALIKE = [
    ("Siobhán Sørensen", "Siobhan Sorensen", "accents"),
    ("Siobhán Sørensen", "Ms. Siobhán Sørensen", "title"),
    ("Siobhán Sørensen", "Sørensen, Siobhán", "order"),
    ("Siobhán Sørensen", "Sørensen, Dr. Siobhan", "order"),
    ("Wei Chen", "Chen Wei", "order"),
    ("Hyun-woo Petrov", "Hyunwoo Petrov", "spaces"),
    ("Imani McIntosh", "Imani Mc Intosh", "spaces"),
    ("Zach Núñez", "Zachary Nunez", "nickname"),
    ("Steph Baker", "Stephanie Baker", "nickname"),
    ("Bill Tran", "William Tran", "nickname"),
    ("Bob Lee", "Robbie Lee", "nickname"),
    ("Bill Robisnon", "William Robinson", "typo"),
    ("Catherine Cole", "Katherine Cole", "nickname"),
    ("Pepe García", "José García", "nickname"),
    ("Lupe Hernández", "Guadalupe Hernandez", "nickname"),
    ("Siobhán Søernsen", "Siobhán Sørensen", "typo"),
    ("Priyanka Roibnson", "Priyanka Robinson", "typo"),
    ("Kathrine Lopez", "Katherine Lopez", "typo"),
    ("Abernathie, Zachary", "Zachary Abernathy", "typo"),
    ("S. Sørensen", "Siobhán Sørensen", "initial"),
    ("Maria L. Rivera", "Maria Lucía Rivera", "initial"),
    ("Maria Rivera", "Maria L. Rivera", "part"),
    ("María Hernández López", "María Hernández", "part"),
    ("Hyun-woo Smith-Jones", "Hyun-woo Smith", "part"),
    ("Robert “Bob” Smith", "Bob Smith", "part"),
    ("Ms. Rivera", "Elena Rivera", "one_part"),
    ("Martin King, Jr.", "Martin King", "same_name"),
]
UNLIKE = [
    ("Siobhán Sørensen", "Zachary Sørensen"),
    ("Anne-Marie O'Connell", "Katherine O'Connell"),
    ("Maria Rivera", "Mario Rivera"),
    ("Daniel Cole", "Daniela Cole"),
    ("Luis Cole", "Luisa Cole"),
    ("Ana Young", "Anthony Young"),
    ("Alexander Lee", "Alexandra Lee"),
    ("S. L.", "Steph Lee"),
    ("Elena Ortiz", "Elena Rivera"),
    ("Jane Doe", ""),
    ("Mark Cole", "Mary Cole"),
    ("Siobahn Sørensen", "Siobhan Sørenson"),
]


@pytest.mark.parametrize(("one", "other", "reason"), ALIKE)
def test_names_that_may_be_one(one: str, other: str, reason: str) -> None:
    for first, second in ((one, other), (other, one)):
        found = compare(Described(first, "Lantern Hill Middle School"), Described(second, "Lantern Hill MS"))
        assert found.score >= LIKELY
        assert reason in found.reasons
    school = "Lantern Hill Middle School"
    assert keys_of(Described(one, school)) & keys_of(Described(other, school))


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_names_that_are_two(one: str, other: str) -> None:
    assert names_alike(one, other).score == names_alike(other, one).score
    assert compare(Described(one, "Old Mill"), Described(other, "Old Mill")).score < LIKELY


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Peachtree Elementary School", "peachtree  elementary school", "school"),
        ("Peachtree Elementary School", "Peachtree ES", "school_words"),
        ("Peachtree Elem.", "Peachtree Elementary School School", "school_words"),
        ("Lantern Hill Middle School", "Lantern Hill Middle School ES", "school_words"),
        ("Lantern Hill Jr. High", "Lantern Hill Middle", "school_words"),
        ("Escuela Primaria Benito Juárez", "Benito Juarez Elementary", "school_words"),
        ("Cedar Grove", "Cedar Grove Academy", "school_words"),
        ("MLK High School", "Martin Luther King Jr. High School", "school_words"),
        ("King High", "Martin Luther King High School", "school_words"),
        ("St. Mary's Academy", "Saint Mary's Acad.", "school_words"),
        ("Brookhaven Creek", "Brookhavn Creek", "school_typo"),
        ("Old Mill High", "Oldmill HS", "school_typo"),
        ("Lantern Hill Middle School", "Lantern Hill High School", ""),
        ("Cedar Grove Academy", "Cedar Grove Charter School", ""),
        ("Magnolia Elementary", "Dogwood Elementary", ""),
        ("P.S. 12", "P.S. 13", ""),
    ],
)
def test_schools(one: str, other: str, reason: str) -> None:
    assert schools_alike(one, other) == schools_alike(other, one)
    assert schools_alike(one, other).reasons == ((reason,) if reason else ())


def test_a_school_of_kinds_alone_keeps_its_words() -> None:
    assert school_parts("Charter High School") == (("charter", "high"), frozenset())
    assert school_parts("") == ((), frozenset())


@pytest.mark.parametrize(
    ("one", "other", "likely"),
    [
        ({"district_id": 1}, {"district_id": 1, "school": ""}, True),
        ({"district_id": 1}, {"district_id": 2}, False),
        ({"district_id": 1}, {"district_id": 2, "school": ""}, False),
        ({"school_id": 1}, {"school_id": 2}, False),
        ({}, {"school": ""}, True),
        ({"position": "Principal"}, {"school": "", "position": "Band director"}, False),
        ({"position": "Principal"}, {"position": "Band director"}, True),
        ({}, {"school": "Dogwood High"}, False),
        ({"email": "a@x.org"}, {"school": "Dogwood High", "email": "A@x.org"}, True),
        ({"email": "a@x.org"}, {"email": "b@x.org"}, True),
    ],
)
def test_place_address_and_position(one: dict[str, str], other: dict[str, str], likely: bool) -> None:
    usual = {"name": "Michael Young", "school": "Lantern Hill High School"}
    first, second = Described(**{**usual, **one}), Described(**{**usual, **other})  # type: ignore[arg-type]
    assert compare(first, second) == compare(second, first)
    assert (compare(first, second).score >= LIKELY) is likely


NAMES = st.text(alphabet="abcdeéñø' .,-", max_size=24)


@given(NAMES, NAMES, st.sampled_from(("", "Old Mill", "Old Mill HS")), st.sampled_from(("", "Old Mill School")))
def test_whatever_is_likely_shares_a_key_and_order_says_nothing(a: str, b: str, at: str, near: str) -> None:
    one, other = Described(a, at), Described(b, near)
    found = compare(one, other)
    assert found == compare(other, one)
    assert 0 <= found.score <= 1
    if found.score >= LIKELY:
        assert keys_of(one) & keys_of(other)
