"""What the desk's staff write: to the contact of a school that nobody has written from yet."""

from zoneinfo import ZoneInfo

from flask_babel import force_locale

from portal.core import clock, links, outbox
from portal.core.i18n import pick
from portal.core.outbox import Letter
from portal.desk.queries.silent import Contact, silent_school_key
from portal.nominations.rules.nominate import nominations_window
from portal.programs.models import Cycle

TEMPLATE = "desk/silent_school"
STOP = "school_contacts.no_letters"


def closes(cycle: Cycle, locale: str) -> str:
    """Until when nominations are taken, as the letter says it."""
    window = nominations_window(cycle)
    with force_locale(locale):
        return clock.when(window.closes_at, ZoneInfo(cycle.program.time_zone)) if window and window.closes_at else ""


def silent_school(cycle: Cycle, to: Contact, stop: links.Link) -> Letter:
    """Asks a school's contact to spread the word. It names no nomination and no other school."""
    program = cycle.program
    return Letter(
        template=TEMPLATE,
        to=to.email,
        key=silent_school_key(cycle.id, str(to.school_id)),
        locale=to.locale,
        context={
            "program_name": pick(program.name, to.locale),
            "name": to.name or to.school,
            "school": to.school,
            "closes": closes(cycle, to.locale),
            "contact": program.contact,
            "url": outbox.address("site.program", slug=program.slug),
            "stop": links.reference(STOP, stop),
        },
        program_id=program.id,
        about=f"school:{to.public_id}",
    )
