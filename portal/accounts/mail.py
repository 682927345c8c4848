"""What we write about signing in and roles."""

from datetime import timedelta
from typing import Any

from flask_babel import force_locale

from portal.accounts.models import Person, RoleInvitation, SignInRequest
from portal.accounts.rules import ROLE_NAMES
from portal.core import audit, links, settings, tokens
from portal.core.i18n import pick
from portal.core.outbox import Letter


def sign_in(request: SignInRequest, person: Person, link: links.Link, lasts: timedelta) -> Letter:
    """The link and the code that sign a person in, to the installation: who signs in may belong to no program."""
    key = settings.current().secret_key
    return Letter(
        template="accounts/sign_in",
        to=person.email,
        key=f"sign-in:{request.public_id}",
        locale=person.locale,
        asked=True,
        context={
            "program_name": "Laurel",
            "name": person.name,
            "code": tokens.code(key, "sign-in-code", request.public_id),
            "minutes": int(lasts.total_seconds() // 60),
            "url": links.reference("accounts.sign_in_link", link),
        },
    )


def role_invitation(invitation: RoleInvitation, link: links.Link, program: Any, by: Person) -> Letter:
    """Asks somebody to be organizer, chair, reviewer or auditor."""
    with force_locale("en"):
        role = str(ROLE_NAMES[invitation.role])
    return Letter(
        template="accounts/role_invitation",
        to=invitation.email,
        key=f"role-invitation:{link.public_id}",
        program_id=invitation.program_id,
        about=audit.name_of(invitation),
        context={
            "program_name": pick(program.name, "en"),
            "name": invitation.name,
            "role": role,
            "by": by.name,
            "url": links.reference("accounts.answer_invitation", link),
        },
    )
