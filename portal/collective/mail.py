"""What we write to winners about the Collective."""

from zoneinfo import ZoneInfo

from flask_babel import force_locale

from portal.collective.models import Invitation, Member
from portal.core import audit, clock, links
from portal.core.i18n import pick
from portal.core.outbox import Letter, address


def invitation(invited: Invitation, link: links.Link) -> Letter:
    """Asks a winner to join the Collective."""
    program = invited.program
    with force_locale(invited.locale):
        until = clock.long_day(invited.expires_at, ZoneInfo(program.time_zone))
    return Letter(
        template="collective/invitation",
        to=invited.email,
        key=f"collective-invitation:{link.public_id}",
        locale=invited.locale,
        program_id=invited.program_id,
        about=audit.name_of(invited),
        context={
            "program_name": pick(program.name, invited.locale),
            "name": invited.name,
            "cohort": invited.cohort,
            "until": until,
            "contact": program.contact,
            "url": links.reference("collective.join", link),
        },
    )


def welcome(member: Member) -> Letter:
    """Says what a new member can do now, and where."""
    program, person = member.program, member.person
    return Letter(
        template="collective/welcome",
        to=person.email,
        key=f"collective-welcome:{member.public_id}:{member.state_at.isoformat()}",
        locale=person.locale,
        program_id=member.program_id,
        about=audit.name_of(member),
        context={
            "program_name": pick(program.name, person.locale),
            "name": member.name,
            "profile_url": address("collective.profile", slug=program.slug),
            "directory_url": address("collective.directory", slug=program.slug),
            "contact": program.contact,
        },
    )
