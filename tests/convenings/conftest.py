"""A convening with an open call, and its day."""

import pytest

from tests.convenings.world import add_convening, add_day


@pytest.fixture
def convening(cast):
    """The public id of a published convening whose call is open."""
    cast.person("sam")
    return add_convening(cast)


@pytest.fixture
def day(cast, convening):
    """Its rooms and blocks: public ids."""
    return add_day(cast, convening)
