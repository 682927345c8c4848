"""The one door through which a state changes: checks the flow, updates conditionally, records."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from portal.core import audit
from portal.core.db import db
from portal.core.errors import Overtaken
from portal.core.flow import Flow


def move(
    flow: Flow,
    verb: str,
    thing: Any,
    by: Any,
    /,
    *,
    column: str = "state",
    changes: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Moves the thing by this verb, sets `changes` in the same statement, and writes the audit entry.

    The update names the states it may start from, so of two people who act at once one is told `Overtaken`.
    """
    origins, target = flow[verb]
    model: Any = type(thing)
    session = db.session()
    session.flush()
    result: Any = session.execute(
        update(model)
        .where(model.id == thing.id, getattr(model, column).in_(sorted(origins)))
        .values({column: target, **(changes or {})})
        .execution_options(synchronize_session=False)
    )
    session.refresh(thing)
    if result.rowcount != 1:
        raise Overtaken(_("Somebody was faster: this can no longer be done. The page shows how things stand now."))
    audit.record(by, f"{flow.name}.{verb}", thing, **facts)
