"""What judging asks of reviewers, chairs and organizers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from portal.core.access import may
from portal.core.clock import day, now
from portal.core.i18n import ngettext, pick
from portal.desk.nav import known
from portal.desk.queries.work import RoundRow, SeatRow, due_soon
from portal.desk.todos.base import Todo
from portal.programs.models import Cycle
from portal.programs.rules import scoring_key, window_named

PREPARE = timedelta(days=60)  # so long before scoring opens a panel is worth making


def reading_todos(rows: list[SeatRow]) -> list[Todo]:
    """A reviewer's own work: the list of nominees to look through, then the files."""
    found = []
    for row in rows:
        panel, name = row.panel, pick(row.panel.round.name)
        if row.seat.reads and row.seat.conflicts_declared_at is None:
            found.append(
                Todo(
                    _("Mark whom you know before you read"),
                    known("review.look_through", public_id=panel.public_id),
                    _("Look through the list"),
                    _("%(round)s. Your files open when you have looked through the list of nominees.", round=name),
                    rank=8,
                )
            )
        elif row.open and panel.state == "scoring":
            found.append(_files_to_read(row, name))
        if row.vote and not row.open:
            found.append(
                Todo(
                    _("Your vote is asked for"),
                    known("selection.ballot", public_id=row.vote),
                    _("Rank the files"),
                    _(
                        "%(round)s. Some files stand level, and the panel has the next word.",
                        round=name,
                    ),
                    rank=8,
                )
            )
    return found


def _files_to_read(row: SeatRow, name: str) -> Todo:
    due = row.panel.due_at
    text = (
        ngettext(
            "%(round)s, due %(day)s. One is begun.",
            "%(round)s, due %(day)s. %(num)s are begun.",
            row.begun,
            round=name,
            day=day(due),
        )
        if due and row.begun
        else _("%(round)s, due %(day)s.", round=name, day=day(due))
        if due
        else name
    )
    if row.scored:
        text += " " + ngettext("One is handed in.", "%(num)s are handed in.", row.scored)
    return Todo(
        ngettext("One file waits for your reading", "%(num)s files wait for your reading", row.open),
        known("review.my_files"),
        _("Go on reading") if row.begun or row.scored else _("Begin to read"),
        text,
        rank=9,
        due=due,
    )


def leading_todos(person: Any, cycle: Cycle, rows: list[RoundRow]) -> list[Todo]:
    """What the rounds of a cycle ask of who leads them: organizers, and the chair of each panel.

    What tells of results asks first whether this person may see them: own reviews in, no conflict.
    """
    found: list[Todo] = []
    for row in rows:
        if not may(person, "review.lead_panel", _place(cycle, row)):
            continue
        every = (_unmade, _recruiting, _planning, _without_reader, _reinstating, _reminding)
        makers = every if not row.past else (_reinstating,)
        found += [todo for make in makers if (todo := make(cycle, row)) is not None]
        if row.owed == 0 and row.conflicts == 0 and cycle.announced_at is None and not row.past:
            found += _results(cycle, row)
    if rows and rows[0].corrections and not rows[0].conflicts and may(person, "selection.correct", cycle):
        found.append(_correcting(rows[0]))
    if cycle.decisions_confirmed_at and not cycle.announced_at and may(person, "selection.see_announcement", cycle):
        found.append(
            Todo(
                _("The decisions are confirmed and wait to be announced"),
                known("selection.announcement", public_id=cycle.public_id),
                _("Rehearse the announcement"),
                _("You see who gets which letter before anything goes out."),
                rank=6,
            )
        )
    return found


def _correcting(row: RoundRow) -> Todo:
    return Todo(
        ngettext(
            "A correction waits for a second person", "%(num)s corrections wait for a second person", row.corrections
        ),
        known("selection.decisions", public_id=row.round.public_id),
        _("Read and confirm"),
        _("It is public when you confirm it."),
        rank=5,
    )


def _place(cycle: Cycle, row: RoundRow) -> SimpleNamespace:
    """Where a lead is asked for: a chair's role may be for one panel only."""
    return SimpleNamespace(program_id=cycle.program_id, cycle_id=cycle.id, panel_id=row.panel.id if row.panel else None)


def _scoring_opens(cycle: Cycle, row: RoundRow) -> datetime | None:
    window = window_named(cycle.windows, scoring_key(row.round.key)) or window_named(cycle.windows, row.round.key)
    return window.opens_at if window else None


def _unmade(cycle: Cycle, row: RoundRow) -> Todo | None:
    opens = _scoring_opens(cycle, row)
    if row.panel is not None or not row.to_read or (opens is not None and opens - now() > PREPARE):
        return None
    return Todo(
        _("%(round)s has no panel yet", round=pick(row.round.name)),
        known("review.panel", public_id=row.round.public_id),
        _("Make the panel"),
        _("Scoring opens %(day)s.", day=day(opens)) if opens else "",
        rank=26,
        due=opens,
    )


def _recruiting(cycle: Cycle, row: RoundRow) -> Todo | None:
    need = row.round.panel_size
    if row.panel is None or row.panel.state != "forming" or row.readers >= need:
        return None
    text = ngettext("One has joined", "%(num)s have joined", row.readers) if row.readers else _("Nobody has joined yet")
    if row.invited:
        text += ", " + ngettext("one has not answered", "%(num)s have not answered", row.invited)
    return Todo(
        ngettext("The panel needs one reader", "The panel needs %(num)s readers", need),
        known("review.panel", public_id=row.round.public_id),
        _("Invite readers"),
        text + ".",
        rank=27,
    )


def _planning(cycle: Cycle, row: RoundRow) -> Todo | None:
    panel = row.panel
    if panel is None or panel.state == "closed" or row.asked:
        return None
    plan = known("review.plan", public_id=panel.public_id)
    if row.planned:
        return Todo(
            _("Who reads what is worked out"),
            plan,
            _("Look at the plan"),
            _("Nobody gets a file until you release it."),
            rank=14,
        )
    if row.blocked and not (row.open or row.scored):
        return Todo(
            _("No plan of who reads what is possible yet"),
            plan,
            _("See what is missing"),
            _("The page says how many readers are missing, or which load would do."),
            rank=13,
        )
    ready = row.readers >= row.round.readers and row.to_read and not (row.open or row.scored)
    if not ready:
        return None
    return Todo(
        ngettext("One file waits for readers", "%(num)s files wait for readers", row.to_read),
        plan,
        _("Plan who reads what"),
        rank=28,
    )


def _without_reader(cycle: Cycle, row: RoundRow) -> Todo | None:
    if row.panel is None or not row.without_reader or cycle.decisions_confirmed_at:
        return None
    return Todo(
        ngettext("One file lacks a reader", "%(num)s files lack a reader", row.without_reader),
        known("review.panel_files", public_id=row.panel.public_id, show="short"),
        _("Find a reader") if row.without_reader == 1 else _("Find readers"),
        _("Somebody stepped back, or a file came in later."),
        rank=10,
    )


def _reinstating(cycle: Cycle, row: RoundRow) -> Todo | None:
    if row.panel is None or not row.reinstate:
        return None
    return Todo(
        _("A colleague asks to take a recusal back"),
        known("review.panel_files", public_id=row.panel.public_id),
        _("Agree or not"),
        _("It takes a second person."),
        rank=7,
    )


def _reminding(cycle: Cycle, row: RoundRow) -> Todo | None:
    panel = row.panel
    if panel is None or panel.state != "scoring" or not row.open or not due_soon(panel.due_at):
        return None
    return Todo(
        ngettext("One review is still to come", "%(num)s reviews are still to come", row.open),
        known("review.panel", public_id=row.round.public_id),
        _("See who is late"),
        _("Due %(day)s.", day=day(panel.due_at)),
        rank=25,
        due=panel.due_at,
    )


def _results(cycle: Cycle, row: RoundRow) -> list[Todo]:
    steps: tuple[Callable[[Cycle, RoundRow], Todo | None], ...] = (_ranking, _voting, _deciding, _confirming)
    return [todo for make in steps if (todo := make(cycle, row)) is not None]


def _ranking(cycle: Cycle, row: RoundRow) -> Todo | None:
    if row.panel is None or row.open or not row.scored or row.ranked:
        return None
    return Todo(
        _("All reviews are in"),
        known("selection.results", public_id=row.round.public_id),
        _("Rank the files"),
        _("Raw and adjusted results stand side by side; the ranking decides nothing."),
        rank=11,
    )


def _voting(cycle: Cycle, row: RoundRow) -> Todo | None:
    if not row.voting or cycle.decisions_confirmed_at:
        return None
    return Todo(
        _("The panel votes on a tie"),
        known("selection.results", public_id=row.round.public_id),
        _("See who has voted"),
        _("It closes by itself when everybody has."),
        rank=24,
    )


def _deciding(cycle: Cycle, row: RoundRow) -> Todo | None:
    if row.voting or not row.ranked or row.open or row.proposed or row.confirmed or cycle.decisions_confirmed_at:
        return None
    return Todo(
        _("The ranking is there; decide who is honored"),
        known("selection.decisions", public_id=row.round.public_id),
        _("Propose decisions"),
        _("A second person confirms them."),
        rank=12,
    )


def _confirming(cycle: Cycle, row: RoundRow) -> Todo | None:
    if not row.proposed or row.own or cycle.decisions_confirmed_at or row.panel is None:
        return None
    return Todo(
        _("Decisions wait for a second person"),
        known("selection.decisions", public_id=row.round.public_id),
        _("Read and confirm"),
        _("Nothing is told to anybody before the announcement."),
        rank=5,
    )
