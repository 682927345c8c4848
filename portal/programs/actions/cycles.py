"""Publishing a cycle, moving one of its windows, and telling the public page that something it shows has changed."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from portal.core import audit, clock
from portal.core.access import demand
from portal.core.db import sweep
from portal.core.errors import Mistaken, Overtaken
from portal.core.moves import move
from portal.programs import rules
from portal.programs.models import Cycle, Program, Window


def ask_to_edit(by: Any, thing: Any) -> None:
    """The permission to change a program; the operator's command line and the demo act under a name of their own."""
    if not isinstance(by, str):
        demand(by, rules.EDIT, thing)


def touch(program_id: int, seen: int | None = None, **columns: Any) -> None:
    """Raise the program's version: every kept copy of its public page is then out of date. With it go these columns.

    Raises Overtaken when it is no longer the version that was `seen`.
    """
    change = update(Program).where(Program.id == program_id).values(version=Program.version + 1, **columns)
    if seen is not None:
        change = change.where(Program.version == seen)
    raised = sweep(change)
    if not raised.rowcount:
        raise Overtaken(_("Somebody changed the program at the same moment. Please look at it and save again."))


def change_program(program: Program, seen: int | None = None, **columns: Any) -> None:
    """The same for a program that has been read and goes on with what is written now."""
    touch(program.id, seen, **columns)
    for name, value in columns.items():
        set_committed_value(program, name, value)


def publish_cycle(cycle: Cycle, by: Any) -> None:
    """Show the cycle to the public; from then on what has opened stays as announced. Raises Overtaken, Refused."""
    ask_to_edit(by, cycle)
    move(rules.CYCLE, "publish", cycle, by)
    touch(cycle.program_id)


def move_window(
    window: Window, by: Any, *, opens_at: datetime | None = None, closes_at: datetime | None = None
) -> None:
    """Give a window other moments. What has opened can only close later than now. Raises Mistaken, Refused."""
    cycle = window.cycle
    ask_to_edit(by, cycle)
    new_opens, new_closes = opens_at or window.opens_at, closes_at or window.closes_at
    why = why_not_move(cycle, window, new_opens, new_closes, clock.now())
    if why:
        raise Mistaken(why)
    if (new_opens, new_closes) == (window.opens_at, window.closes_at):
        return
    audit.record(
        by,
        "cycle.window_moved",
        cycle,
        window=window.key,
        opened=window.opens_at.isoformat(),
        opens=new_opens.isoformat(),
        closed=window.closes_at.isoformat() if window.closes_at else None,
        closes=new_closes.isoformat() if new_closes else None,
    )
    window.opens_at, window.closes_at = new_opens, new_closes
    touch(cycle.program_id)


def why_not_move(cycle: Cycle, window: Window, opens: datetime, closes: datetime | None, at: datetime) -> str | None:
    """Why a window may not get these moments, as a sentence; None when it may. A draft cycle's windows may all move."""
    if closes is not None and closes <= opens:
        return _("It must close after it opens.")
    if cycle.state != "published" or (opens, closes) == (window.opens_at, window.closes_at):
        return None
    has_closed = window.closes_at is not None and window.closes_at <= at
    if has_closed and not rules.may_open_again(window, cycle.windows, at):
        return _("It has already closed.")
    if window.opens_at <= at and opens != window.opens_at:
        return _("It has already opened, so its opening can no longer move.")
    if closes is not None and closes <= at:
        return _("It would then already be closed.")
    return None
