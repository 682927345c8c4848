"""The list of files as this person sees it now: what the address or a saved view asks for, and the columns."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from portal.core import paging, web
from portal.nominations import listed
from portal.nominations.queries.files import Asked
from portal.nominations.queries.views import Beside, View, beside
from portal.nominations.rules.views import FILES
from portal.programs.models import Cycle


class Anything:
    """Holds whatever is asked for: where not all districts are known, none is called gone."""

    def __contains__(self, _each: object) -> bool:
        return True


@dataclass(frozen=True)
class Seen:
    """What the page, its sheet and whatever is done to "all that match" have in common."""

    cycle: Cycle
    asked: Asked
    columns: tuple[str, ...]
    beside: Beside
    view: View | None = None  # the one that the address names
    gone: str = ""  # what the address names and is no longer there: "district", "part" of the view, the "view"

    @property
    def usual(self) -> tuple[str, ...]:
        """The columns seen where no other are asked for: this person's own choice, or everybody's."""
        return listed.chosen(self.beside.usual)

    @property
    def is_changed(self) -> bool:
        """Whether one sees something else than the view holds."""
        view = self.view
        held = view and (view.words, listed.chosen(view.columns))
        return held is not None and held != (listed.written(self.asked), self.columns)

    def words(self) -> dict[str, str]:
        """What an address or a form's hidden fields say to see the same; what is usual is left unsaid."""
        said = listed.written(self.asked)
        if self.view:  # said in full, or the view would speak for what is left out
            return {**said, "order": self.asked.sort, "cols": ",".join(self.columns), "view": self.view.public_id}
        return said if self.columns == self.usual else {**said, "cols": ",".join(self.columns)}

    def url(self, page_name: str = "files", /, **changed: Any) -> str:
        """The address of the same with something changed; None takes a word out."""
        endpoint = f"nominations_organizer.{page_name}"
        return url_for(endpoint, public_id=self.cycle.public_id, **{**self.words(), **changed})


def seen_now(cycle: Cycle) -> Seen:
    """The list as the present address asks for it. One query."""
    found = beside(FILES, cycle.program_id, web.current_person())
    named = request.args.get("view", "")
    view = next((each for each in found.views if each.public_id == named), None)
    alone = view is not None and not any(name in request.args for name in (*listed.NAMES, "cols"))
    words, keys = (view.words, view.columns) if view and alone else (request.args, _keys())
    said, known = listed.read(words, paging.asked_page()), districts_known(found)
    asked = listed.within(said, known)
    gone = "district" if asked != said else ""
    if view and alone and not gone and not listed.is_understood(view.words, view.columns, known):
        gone = "part"
    if named and view is None:
        gone = "view"
    return Seen(cycle, asked, _moved(listed.chosen(keys or found.usual)), found, view, gone)


def districts_known(found: Beside) -> Container[int]:
    """The districts that a filter may name."""
    return {each.id for each in found.districts} if found.has_all_districts else Anything()


def _keys() -> list[str]:
    return [key for said in request.args.getlist("cols") for key in said.split(",")]


def _moved(columns: tuple[str, ...]) -> tuple[str, ...]:
    """One of the columns is moved when a button of the choice says so."""
    for word, by in (("up", -1), ("down", 1)):
        columns = listed.moved(columns, request.args.get(word, ""), by)
    return columns


def is_being_chosen() -> bool:
    """Whether the address comes from the form that chooses columns: it says the same more shortly afterward."""
    return len(request.args.getlist("cols")) > 1 or "up" in request.args or "down" in request.args
