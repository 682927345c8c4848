"""The stage: a cast with files to read and a panel."""

import pytest

from tests.cast import Cast
from tests.review.stage import Stage


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return Stage(cast)
