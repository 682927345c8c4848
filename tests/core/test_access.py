"""Rules compose, refuse with the right sentence, and deny by default."""

import pytest

from portal.core.access import PERMISSIONS, anyone, demand, may, permission, predicate
from portal.core.errors import Refused


@predicate("not even")
def is_even(person, _thing):
    return person % 2 == 0


@predicate("not small")
def is_small(person, _thing):
    return person < 10


@pytest.mark.parametrize(
    ("rule", "person", "allowed", "reason"),
    [
        (is_even & is_small, 4, True, ""),
        (is_even & is_small, 3, False, "not even"),
        (is_even & is_small, 12, False, "not small"),
        (is_even | is_small, 3, True, ""),
        (is_even | is_small, 12, True, ""),
        (is_even | is_small, 13, False, "not even"),
        (is_even.but("odd"), 3, False, "odd"),
        (is_even.but("odd"), 2, True, ""),
        (anyone, 7, True, ""),
    ],
)
def test_rules_compose_and_give_the_first_reason(rule, person, allowed, reason):
    answer = rule(person)
    assert (bool(answer), answer.reason) == (allowed, reason)


def test_a_permission_is_declared_once_and_an_unknown_one_is_never_a_yes():
    name = permission("tests.even", is_even)
    try:
        with pytest.raises(ValueError, match="twice"):
            permission("tests.even", is_small)
        assert may(2, name)
        with pytest.raises(Refused, match="not even"):
            demand(3, name)
        with pytest.raises(KeyError):
            may(2, "tests.nobody_declared_this")
    finally:
        del PERMISSIONS[name]
