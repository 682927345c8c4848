"""The wreath has a leaf for each educator, the newest in gold, at any size."""

import pytest

from portal.core.ornament import MOST_LEAVES, sprig, wreath


@pytest.mark.parametrize("count", [*range(0, 60), 151, 152, 153, 299, MOST_LEAVES])
def test_one_leaf_for_each_educator(count):
    drawn = wreath(count, min(count, 7))
    assert len(drawn.leaves) == count
    assert len(drawn.golden) == min(count, 7)
    assert drawn.golden == drawn.leaves[len(drawn.plain):]
    assert all(0 <= leaf.x <= 600 and 0 <= leaf.y <= 600 and leaf.size > 0.2 for leaf in drawn.leaves)
    assert len({leaf.transform for leaf in drawn.leaves}) == count


@pytest.mark.parametrize(("count", "stands_for"), [(MOST_LEAVES, 1), (MOST_LEAVES + 1, 2), (MOST_LEAVES * 3, 3)])
def test_many_educators_share_leaves(count, stands_for):
    drawn = wreath(count, 12)
    assert drawn.per_leaf == stands_for
    assert len(drawn.leaves) == -(-count // stands_for)


@pytest.mark.parametrize(("asked", "drawn"), [(0, 3), (3, 3), (11, 11), (40, 40), (41, 41), (99, 41)])
def test_a_sprig_has_its_leaves(asked, drawn):
    assert len(sprig(asked).leaves) == drawn
    assert len(sprig(asked, 2).golden) == 2
