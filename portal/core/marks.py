"""Two people at one thing: a form carries a mark of what it showed, and a save over something newer is stopped."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from portal.core.db import db, in_transaction
from portal.core.errors import Overtaken

FIELD = "shown"  # the hidden field that carries the mark


class Stale(Overtaken):
    """What the person saw is no longer what stands there."""


def mark_of(thing: Any, columns: Sequence[str]) -> str:
    """A short mark of these columns as they are loaded: the same as long as nobody changes one of them."""
    told = json.dumps([getattr(thing, name) for name in columns], default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def to_carry(thing: Any, columns: Sequence[str], *, newer: bool) -> str:
    """The mark for the form that is about to be shown: a form that comes back with errors keeps the one it came with,
    unless the page now tells what is newer.
    """
    return (not newer and request.form.get(FIELD)) or mark_of(thing, columns)


def demand_unchanged(thing: Any, columns: Sequence[str], shown: str) -> None:
    """Locks the row and reads the columns again; raises Stale unless they still bear the mark that was shown.

    A form without a mark is let through: it was not filled from what stood there.
    """
    if not in_transaction():
        raise RuntimeError("no transaction is open: what is compared has to stay as it is until it is saved")
    db.session.refresh(thing, list(columns), with_for_update=True)
    demand_same(thing, columns, shown)


def demand_same(thing: Any, columns: Sequence[str], shown: str) -> None:
    """The same for a row that is locked and read already."""
    if shown and shown != mark_of(thing, columns):
        raise Stale(_("Somebody else has changed this since you opened the page."))
