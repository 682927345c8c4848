"""What we write to reviewers and chairs."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from portal.core import audit, clock, links
from portal.core.i18n import pick
from portal.core.outbox import Letter, address
from portal.review.models import Assignment, Seat


def _when(moment: datetime | None, program: Any, locale: str) -> str:
    with force_locale(locale):
        return clock.when(moment, ZoneInfo(program.time_zone))


def _letter(template: str, seat: Seat, key: str, locale: str, **context: Any) -> Letter:
    panel = seat.panel
    shared = {
        "program_name": pick(panel.program.name, locale),
        "panel": pick(panel.name, locale),
        "name": seat.name,
        "due": _when(panel.due_at, panel.program, locale),
    }
    return Letter(
        template=f"review/{template}",
        to=seat.email,
        key=key,
        locale=locale,
        program_id=seat.program_id,
        about=audit.name_of(seat),
        context={**shared, **context},
    )


def locale_of(seat: Seat) -> str:
    """The language the seat's holder reads; English until we know them."""
    return seat.person.locale if seat.person else "en"


def invitation(seat: Seat, link: links.Link, by: Any) -> Letter:
    """Asks somebody to sit on the panel."""
    return _letter(
        "invitation",
        seat,
        f"seat-invitation:{link.public_id}",
        locale_of(seat),
        by=by.name,
        chair=seat.kind == "chair",
        readers=seat.panel.round.readers,
        most=seat.max_load or seat.panel.round.max_load,
        url=links.reference("review.answer_seat", link),
    )


def files_released(seat: Seat, plan_key: str, count: int) -> Letter:
    """Tells a reviewer, once a release, that files wait."""
    url = address("review.my_files")
    key = f"files-released:{plan_key}:{seat.public_id}"
    return _letter("files_released", seat, key, locale_of(seat), count=count, url=url)


def reminder(seat: Seat, day: date, owed: int, late: bool) -> Letter:
    """Reminds a reviewer of what is not in yet; at most one a day."""
    key = f"review-reminder:{seat.public_id}:{day.isoformat()}"
    return _letter("reminder", seat, key, locale_of(seat), owed=owed, late=late, url=address("review.my_files"))


def stepped_back(chair: Seat, assignment: Assignment, times: int) -> Letter:
    """Tells a chair that a file needs another reader. Names neither the file nor the reviewer: the chair may be in
    conflict with it, and the page knows."""
    url = address("review.panel_files", public_id=chair.panel.public_id, show="short")
    key = f"stepped-back:{assignment.public_id}:{times}:{chair.public_id}"
    return _letter("stepped_back", chair, key, locale_of(chair), url=url)
