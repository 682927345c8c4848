"""The list of files as this person sees it now: what the address asks for, and the columns."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from portal.core import paging
from portal.nominations import listed
from portal.nominations.columns import USUAL
from portal.nominations.queries.files import Asked
from portal.programs import queries as programs
from portal.programs.models import Cycle, District


@dataclass(frozen=True)
class Seen:
    """What the page, its sheet and whatever is done to "all that match" have in common."""

    cycle: Cycle
    asked: Asked
    columns: tuple[str, ...]
    districts: list[District]
    gone: bool = False  # a district was asked for that is no longer there

    def words(self) -> dict[str, str]:
        """What an address or a form's hidden fields say to see the same; what is usual is left unsaid."""
        said = listed.written(self.asked)
        return said if self.columns == USUAL else {**said, "cols": ",".join(self.columns)}

    def url(self, page_name: str = "files", /, **changed: Any) -> str:
        """The address of the same with something changed; None takes a word out."""
        endpoint = f"nominations_organizer.{page_name}"
        return url_for(endpoint, public_id=self.cycle.public_id, **{**self.words(), **changed})


def seen_now(cycle: Cycle) -> Seen:
    """The list as the present address asks for it. One query."""
    districts = programs.districts_of(cycle.program_id)
    said = listed.read(request.args, paging.asked_page())
    asked = listed.within(said, {district.id for district in districts})
    return Seen(cycle, asked, _columns(), districts, asked != said)


def _columns() -> tuple[str, ...]:
    """Those the address names, one of them moved when a button of the choice says so."""
    keys = [key for said in request.args.getlist("cols") for key in said.split(",")]
    columns = listed.chosen(keys)
    for word, by in (("up", -1), ("down", 1)):
        columns = listed.moved(columns, request.args.get(word, ""), by)
    return columns


def is_being_chosen() -> bool:
    """Whether the address comes from the form that chooses columns: it says the same more shortly afterward."""
    return len(request.args.getlist("cols")) > 1 or "up" in request.args or "down" in request.args
