"""The laurel wreath and sprig as numbers: where each leaf sits, how it turns and how large it is. Pure geometry.

Units are those of the drawing (`templates/_kit/ornament.html`): the wreath is drawn in a box of 600 by 600 around
(300, 300), the sprig in one of 200 by 70. Angles are in degrees as SVG turns (clockwise from the right).
"""

from dataclasses import dataclass, replace
from math import atan2, ceil, cos, degrees, pi, radians, sin

MOST_LEAVES = 360  # more would blur: from there on one leaf stands for several educators
CENTER, RADIUS = 300.0, 238.0
FOOT, TIP = 96.0, 251.0  # where the left branch begins and ends on the circle
PER_NODE = 3


@dataclass(frozen=True)
class Leaf:
    """One leaf: its foot, its turn, its size, and whether it is one of the newest."""

    x: float
    y: float
    turn: float
    size: float
    gold: bool = False

    @property
    def transform(self) -> str:
        """The SVG transform of the leaf."""
        return f"translate({self.x:g} {self.y:g})rotate({self.turn:g})scale({self.size:g})"


@dataclass(frozen=True)
class Ornament:
    """A drawing: its stem, its leaves in order (the newest last), its berries (x, y), and what one leaf stands for."""

    stem: str
    leaves: tuple[Leaf, ...]
    berries: tuple[tuple[float, float], ...] = ()
    twigs: str = ""
    per_leaf: int = 1

    @property
    def plain(self) -> tuple[Leaf, ...]:
        """The green leaves."""
        return tuple(leaf for leaf in self.leaves if not leaf.gold)

    @property
    def golden(self) -> tuple[Leaf, ...]:
        """The leaves of the newest class."""
        return tuple(leaf for leaf in self.leaves if leaf.gold)


def _sway(i: int) -> float:
    """A fixed, uneven wobble from -1 to 1, so that leaves look grown and the same page draws the same wreath."""
    return sin(i * 12.9898) * 0.6 + sin(i * 4.1414) * 0.4


def _on_circle(angle: float, radius: float = RADIUS) -> tuple[float, float]:
    return CENTER + radius * cos(radians(angle)), CENTER + radius * sin(radians(angle))


def _mirror(turn: float) -> float:
    return 180 - turn


def _pair(node: int, nodes: int, place: int, scale: float) -> tuple[Leaf, Leaf]:
    """The same leaf of a node on the left and on the right branch; `place` 0 outside, 1 inside, 2 between."""
    share = (node + 0.5) / nodes if nodes < 9 else node / (nodes - 1)
    angle = FOOT + (TIP - FOOT) * share
    x, y = _on_circle(angle)
    along = angle + 90  # the way the left branch grows
    lean = (-37.0, 38.0, 2.0)[place] + _sway(node * PER_NODE + place) * 9
    size = round((1.12, 1.1, 1.18)[place] * (1 - 0.4 * share) * scale, 2)
    left = Leaf(round(x), round(y), round(along + lean), size)
    turned = _mirror(along + lean) + _sway(node * PER_NODE + place + 500) * 6
    return left, Leaf(round(2 * CENTER - x), round(y), round(turned), size)


def _branch() -> str:
    points = [_on_circle(FOOT + (TIP - FOOT) * i / 25) for i in range(26)]
    left = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    right = "L".join(f"{2 * CENTER - x:.1f} {y:.1f}" for x, y in points)
    return f"M346 558Q312 538 {left}M254 558Q288 538 {right}"


def _berries() -> tuple[tuple[tuple[float, float], ...], str]:
    places, twigs = [], []
    for i, share in enumerate((0.13, 0.34, 0.54, 0.73, 0.9)):
        angle = FOOT + (TIP - FOOT) * share
        x, y = _on_circle(angle)
        end_x, end_y = _on_circle(angle, RADIUS + (22 if i % 2 == 0 else -21))
        for flip in (False, True):
            fx, fend = (2 * CENTER - x, 2 * CENTER - end_x) if flip else (x, end_x)
            twigs.append(f"M{fx:.1f} {y:.1f}L{fend:.1f} {end_y:.1f}")
            places.append((round(fend, 1), round(end_y, 1)))
    return tuple(places), "".join(twigs)


def _nodes(per_branch: int) -> int:
    """How many nodes carry so many leaves of one branch: one leaf each on a young wreath, three on a full one."""
    if per_branch <= 9:
        return max(per_branch, 1)
    return max(9, ceil(per_branch / 2)) if per_branch <= 30 else max(15, ceil(per_branch / PER_NODE))


def _order(per_branch: int, nodes: int) -> list[tuple[int, int]]:
    """(node, place) of each leaf of one branch from the foot up, spread evenly."""
    order: list[tuple[int, int]] = []
    for node in range(nodes):
        here = per_branch * (node + 1) // nodes - per_branch * node // nodes
        places = [(node + i) % 2 if here < PER_NODE else i for i in range(here)]
        order.extend((node, place) for place in places)
    return order


def wreath(count: int, newest: int = 0) -> Ornament:
    """A wreath of `count` leaves, one an educator honored, the last `newest` in gold, grown from the foot to the tips.

    More than MOST_LEAVES educators share leaves (`per_leaf` says how many each stands for).
    """
    per_leaf = max(1, ceil(count / MOST_LEAVES))
    wanted, golden = ceil(max(count, 0) / per_leaf), ceil(max(newest, 0) / per_leaf)
    per_branch = ceil(wanted / 2)
    nodes = _nodes(per_branch)
    size = min(1.45, (26 / nodes) ** 0.55)
    places = [leaf for node, place in _order(per_branch, nodes) for leaf in _pair(node, nodes, place, size)][:wanted]
    first_gold = wanted - golden
    leaves = tuple(replace(leaf, gold=i >= first_gold) for i, leaf in enumerate(places))
    berries, twigs = _berries() if wanted >= 30 else ((), "")
    return Ornament(_branch(), leaves, berries, twigs, per_leaf)


def sprig(count: int, newest: int = 0) -> Ornament:
    """A sprig of `count` leaves (at least 3, at most 41) along one stem, the last `newest` in gold."""
    total = min(max(count, 3), 41)
    gold = min(newest, total)

    def stem(share: float) -> tuple[float, float]:
        return 4 + 161.5 * share, 50 - 26 * sin(share * pi / 2)

    points = [stem(i / 12) for i in range(13)]
    pairs = (total - 1) // 2 + (total - 1) % 2
    leaves = []
    for i in range(total - 1):
        share = 0.1 + 0.76 * (i // 2) / max(pairs - 1, 1) + (0.045 if i % 2 else 0)
        x, y = stem(share)
        slope = degrees(atan2(stem(share + 0.01)[1] - y, stem(share + 0.01)[0] - x))
        lean = 42 if i % 2 else -40
        size = round((0.95 - 0.25 * share) * min(1.0, (11 / total) ** 0.35), 2)
        leaves.append(Leaf(round(x, 1), round(y, 1), round(slope + lean), size, i >= total - gold))
    end_x, end_y = stem(0.98)
    leaves.append(Leaf(round(end_x, 1), round(end_y, 1), -2, round(0.68 * min(1.0, (11 / total) ** 0.35), 2), gold > 0))
    return Ornament("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), tuple(leaves))
