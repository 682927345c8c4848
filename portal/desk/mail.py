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


def silent_school(cycle: Cycle, to: Contact, stop: links.Link) -> Letter:
    """Asks a school's contact to spread the word. It names no nomination and no other school."""
    program, window = cycle.program, nominations_window(cycle)
    with force_locale(to.locale):
        closes = clock.when(window.closes_at, ZoneInfo(program.time_zone)) if window and window.closes_at else ""
    return Letter(
        template=TEMPLATE,
        to=to.email,
        key=silent_school_key(cycle.id, str(to.school_id)),
        locale=to.locale,
        context={
            "program_name": pick(program.name, to.locale),
            "name": to.name or to.school,
            "school": to.school,
            "closes": closes,
            "contact": program.contact,
            "url": outbox.address("site.program", slug=program.slug),
            "stop": links.reference(STOP, stop),
        },
        program_id=program.id,
        about=f"school:{to.public_id}",
    )
