"""What is measured: one request each, with its target in CPU milliseconds."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.bench.world import World, draft_cookie
from tests.endurance.visitor import Answer, Visitor

Ask = Callable[[], Answer]
NewVisitor = Callable[[dict[str, str]], Visitor]
_addresses = count()


@dataclass(frozen=True)
class Action:
    """One kind of request. `share`: how many of the usual number of requests are made (lists of all are slow)."""

    name: str
    target: float | None
    make: Callable[[World, NewVisitor], Ask]
    status: int = 200
    share: float = 1.0
    lists_all: bool = False


def from_elsewhere(visitor: Visitor) -> None:
    """The next request comes from an address of its own, so that nobody is braked."""
    n = next(_addresses)
    visitor.headers = {"X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"}


def page(who: str, path: str) -> Callable[[World, NewVisitor], Ask]:
    """Opens a page; `path` may name attributes of the world."""

    def make(world: World, new: NewVisitor) -> Ask:
        visitor = new({"laurel": getattr(world, who)} if who else {})
        url = path.format(**vars(world) | {"fresh": world.fresh[0]})
        return lambda: visitor.get(url)

    return make


def send(world: World, new: NewVisitor) -> Ask:
    """Sends a nomination that was filled in before: a draft a request, each from its own browser."""
    visitor = new({})
    visitor.get(f"/awards/{world.slug}/nominate")  # a token

    def ask() -> Answer:
        public_id = world.drafts.pop()
        from_elsewhere(visitor)
        visitor.cookies["nominations"] = draft_cookie(world, public_id)
        answer = visitor.post(f"/awards/{world.slug}/nominate/{public_id}/send", {})
        assert answer.location.endswith("/sent"), f"a draft could not be sent: {answer.location}"
        return answer

    return ask


def step(world: World, new: NewVisitor) -> Ask:
    """Saves the page of the story while it is typed."""
    visitor, turn, public_id = new({}), count(), world.drafts.pop()
    visitor.get(f"/awards/{world.slug}/nominate")
    visitor.cookies["nominations"] = draft_cookie(world, public_id)
    url = f"/awards/{world.slug}/nominate/{public_id}/story/save"

    def ask() -> Answer:
        from_elsewhere(visitor)
        return visitor.post(url, {"story": f"She asked what else. {next(turn)}"}, hx=True)

    return ask


def save_score(world: World, new: NewVisitor) -> Ask:
    """Chooses another level, as the sheet does by itself."""
    visitor, turn, key = new({"laurel": world.reader}), count(), world.criteria[0]
    visitor.get("/account")
    url = f"/assignments/{world.fresh[1]}/scores/{key}"

    def fields(n: int) -> dict[str, str]:
        return {f"level-{key}": str(1 + n % 4), f"evidence-{key}": f"Line {n}", f"seen-{key}": ""}

    return lambda: visitor.post(url, fields(next(turn)), hx=True)


def hand_in(world: World, new: NewVisitor) -> Ask:
    """Hands a whole sheet in, again and again: a new version each time."""
    visitor, turn = new({"laurel": world.reader}), count()
    visitor.get("/account")

    def ask() -> Answer:
        n, given = next(turn), {"act": "submit"}
        for key in world.criteria:
            given |= {f"level-{key}": str(1 + n % 4), f"evidence-{key}": f"Line {n}", f"seen-{key}": ""}
        return visitor.post(f"/assignments/{world.fresh[2]}", given)

    return ask


def _all() -> list[Action]:
    made: list[Any] = [
        Action("public program page", 1.5, page("", "/awards/{slug}/")),
        Action("nomination form, first page", None, page("", "/awards/{slug}/nominate")),
        Action("nomination form, one page kept as typed", None, step),
        Action("nomination form, submit", 10, send, status=303),
        Action("reviewer's queue", 15, page("reader", "/my-files")),
        Action("scoring sheet, open", 8, page("reader", "/assignments/{fresh}")),
        Action("one score saved (htmx)", 5, save_score),
        Action("whole review handed in", None, hand_in, status=303),
        Action(
            "results board, all with scores",
            80,
            page("organizer", "/rounds/{round}/results"),
            share=0.1,
            lists_all=True,
        ),
        Action("list of files, first page", None, page("organizer", "/cycles/{cycle}/files")),
        Action("one nominee file", None, page("organizer", "/files/{file}")),
        Action("panel", None, page("organizer", "/rounds/{round}/panel")),
        Action("organizer's desk", None, page("organizer", "/desk")),
    ]
    return made


ACTIONS = _all()
