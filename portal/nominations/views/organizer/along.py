"""From one file of the list to the next: the list one came from stands in the file's address, with the place in it."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import asked as words_of
from portal.core import web
from portal.nominations import listed
from portal.nominations.models import NomineeFile
from portal.nominations.queries import files as queries
from portal.nominations.queries.files import Row
from portal.nominations.views.organizer.base import bp, file_url, find_cycle
from portal.nominations.views.organizer.seen import Seen, seen_now
from portal.programs.models import Cycle


@dataclass(frozen=True)
class Along:
    """Where the reader of a file is in the list: the addresses of the list and of the files beside."""

    list_url: str
    at: int
    of: int
    previous_url: str
    next_url: str


def url_along(seen: Seen, row: Row, at: int, of: int) -> str:
    """The address of a file of the list, which remembers the list."""
    return file_url(row.file, **seen.words(), at=at, of=of)


def along(file: NomineeFile) -> Along | None:
    """What the present address remembers; None when one came from elsewhere. No query."""
    at, of = words_of.number(request.args, "at"), words_of.number(request.args, "of")
    if not at or not of or at > of:
        return None
    names = (*listed.NAMES, "cols", "view")
    words: dict[str, Any] = {name: request.args[name] for name in names if name in request.args}
    cycle_id = file.cycle.public_id

    def beside(to: int) -> str:
        here: dict[str, Any] = {"at": at, "to": to, "left": file.public_id}
        return url_for("nominations_organizer.beside", public_id=cycle_id, **words, **here)

    page = (at - 1) // queries.PAGE + 1
    words_there = words if page == 1 else {**words, "page": page}
    list_url = url_for("nominations_organizer.files", public_id=cycle_id, **words_there)
    return Along(list_url, at, of, beside(at - 1) if at > 1 else "", beside(at + 1) if at < of else "")


@bp.get("/cycles/<public_id>/files/beside")
@web.requires("nominations.see_files", find_cycle)
def beside(cycle: Cycle) -> ResponseReturnValue:
    """On to the file before or after the one that is left; back to the list when there is none.

    A file that no longer is in the list (it was screened, say) has left its place to the one after it.
    """
    seen = seen_now(cycle)
    found = queries.ids_as_asked(cycle, seen.asked)
    at, to = (words_of.number(request.args, name) or 0 for name in ("at", "to"))
    left = queries.file_by_public_id(request.args.get("left", ""))
    step = 1 if to > at else -1
    if left is not None and left.id in found:
        place = found.index(left.id) + step
    else:
        place = at - 1 if step > 0 else at - 2
    file = queries.file_by_id(found[place]) if 0 <= place < len(found) else None
    if file is None:
        return redirect(seen.url(), 303)
    return redirect(file_url(file, **seen.words(), at=place + 1, of=len(found)), 303)
