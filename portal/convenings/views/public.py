"""What everybody reads: the agenda of a convening and each of its sessions, once released."""

from flask.typing import ResponseReturnValue

from portal.convenings import rules
from portal.convenings.models import Convening, Session
from portal.convenings.queries import agenda as queries
from portal.convenings.queries.convenings import published_convening
from portal.convenings.views.blueprint import bp
from portal.core import hx, web


def _page(convening: Convening) -> ResponseReturnValue:
    released = convening.agenda_released_at is not None
    context = {
        "convening": convening,
        "agenda": queries.agenda(convening) if released else None,
        "call_state": rules.call_state(convening),
    }
    return hx.page("convenings/agenda.html", status=200, **context)


@bp.get("/awards/<slug>/convening")
@web.public(published_convening)
def current(convening: Convening) -> ResponseReturnValue:
    """The next convening, or the last one."""
    return _page(convening)


@bp.get("/awards/<slug>/convenings/<public_id>")
@web.public(published_convening)
def agenda(convening: Convening) -> ResponseReturnValue:
    """One convening by its id."""
    return _page(convening)


@bp.get("/awards/<slug>/sessions/<public_id>")
@web.public(queries.public_session)
def session(found: Session) -> ResponseReturnValue:
    """One session with its presenters."""
    context = {"talk": found, "convening": found.convening, "people": queries.presenters_of(found)}
    return hx.page("convenings/session.html", status=200, **context)
