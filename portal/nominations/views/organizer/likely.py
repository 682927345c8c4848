"""Likely duplicates, the likeliest first: two files side by side, and one decision at a time."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.models import Person
from portal.core import hx, web
from portal.core.db import transaction
from portal.nominations.actions import likely as actions
from portal.nominations.models import FilePair, NomineeFile
from portal.nominations.queries import likely as queries
from portal.nominations.queries import voices
from portal.nominations.queries.holds import with_panel
from portal.nominations.rules.files import GROUP_NAMES
from portal.nominations.rules.joining import in_order, to_know, why_not_join
from portal.nominations.rules.likely import level_of, words_for
from portal.nominations.views.organizer.base import SEEING, bp, file_url, find_cycle, heard_in
from portal.nominations.views.organizer.page import names_of
from portal.programs.models import Cycle


def find_pair(person: Person, public_id: str) -> FilePair | None:
    """A pair of a program that this person organizes or audits."""
    pair = queries.pair_by_public_id(public_id)
    return pair if pair is not None and person.holds(SEEING, pair) else None


def pairs_url(cycle: Cycle, **values: Any) -> str:
    """The address of the page, at a pair (`at`), beyond one (`after`), with what was just done (`done`)."""
    return url_for("nominations_organizer.likely", public_id=cycle.public_id, **values)


def _asked(name: str, cycle: Cycle) -> FilePair | None:
    public_id = request.args.get(name, "")
    pair = queries.pair_by_public_id(public_id) if public_id else None
    return pair if pair is not None and pair.cycle_id == cycle.id else None


@bp.get("/cycles/<public_id>/likely")
@web.requires("nominations.manage_files", find_cycle)
def likely(cycle: Cycle) -> ResponseReturnValue:
    """The pair to decide now, and those that follow; htmx gets them alone."""
    return _page(cycle, at=_asked("at", cycle), after=_asked("after", cycle), done=_asked("done", cycle))


def _page(
    cycle: Cycle, at: FilePair | None = None, after: FilePair | None = None, done: FilePair | None = None
) -> ResponseReturnValue:
    standing = queries.standing(cycle.id, after=after or (done if at is None else None), at=at)
    return hx.page(
        "nominations/files/likely.html",
        "nominations/files/_likely.html",
        cycle=cycle,
        standing=standing,
        done=done,
        swapped=hx.wants_partial(),
        sides=_sides(standing.pair) if standing.pair else None,
        group_names=GROUP_NAMES,
        relations=names_of(cycle.program, "relations"),
        level_of=level_of,
        words_for=words_for,
        pairs_url=pairs_url,
        file_url=file_url,
    )


def _sides(pair: FilePair) -> dict[str, Any]:
    """Both files in the order they would be joined, with what was written, why not and what to know."""
    held = with_panel([pair.first_id, pair.second_id])
    living = voices.living_in([pair.first_id, pair.second_id])
    counted = {number: len(found) for number, found in living.items()}
    kept, gone = in_order(pair.first, pair.second, held, counted)
    return {
        "files": [(file, living[file.id], heard_in(living[file.id])) for file in (kept, gone)],
        "why_not": why_not_join(kept, gone, held),
        "to_know": to_know(kept, gone, held),
    }


def _decided(pair: FilePair) -> ResponseReturnValue:
    """On to the next pair: at once by htmx, else by a redirect."""
    if hx.wants_partial():
        return _page(pair.cycle, done=pair)
    return hx.go(pairs_url(pair.cycle, done=pair.public_id))


def _kept_and_gone(pair: FilePair) -> tuple[NomineeFile, NomineeFile]:
    """As the page showed them: the file that stays is named by the form."""
    if request.form.get("keep") == pair.second.public_id:
        return pair.second, pair.first
    return pair.first, pair.second


@bp.post("/likely/<public_id>/join")
@web.requires("nominations.manage_files", find_pair)
def join_pair(pair: FilePair) -> ResponseReturnValue:
    """One educator: the two files become one."""
    with transaction():
        actions.join_pair(web.current_person(), pair, *_kept_and_gone(pair))
    return _decided(pair)


@bp.post("/likely/<public_id>/apart")
@web.requires("nominations.manage_files", find_pair)
def keep_apart(pair: FilePair) -> ResponseReturnValue:
    """Two educators: not suggested again while nothing about them changes."""
    with transaction():
        actions.keep_apart(web.current_person(), pair)
    return _decided(pair)


@bp.post("/likely/<public_id>/undo")
@web.requires("nominations.manage_files", find_pair)
def undo_pair(pair: FilePair) -> ResponseReturnValue:
    """The last decision is taken back, and the pair is asked about again."""
    with transaction():
        actions.undo(web.current_person(), pair)
    if hx.wants_partial():
        return _page(pair.cycle, at=pair)
    return hx.go(pairs_url(pair.cycle, at=pair.public_id))
