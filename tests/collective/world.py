"""Small helps for the Collective's tests: a winner's file, an invitation, members."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.collective import actions
from portal.collective.models import Invitation, Member
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.names import person_key
from portal.nominations.models import NomineeFile
from portal.programs.models import Program
from tests.cast import Cast, letters, links_in


def add_file(cast: Cast, name: str = "Tariq Example", email: str = "tariq@example.org", **values: Any) -> int:
    """A nominee file of this cycle; its number."""
    with cast.app.app_context(), transaction() as s:
        file = NomineeFile(
            program_id=cast.program_id,
            cycle_id=cast.cycle_id,
            name=name,
            name_key=person_key(name),
            email=email,
            school_name="Cascade Elementary",
            school_id=cast.school_ids["Cascade Elementary"],
            **{"consent": "accepted", "asked_at": now(), "answered_at": now(), **values},
        )
        s.add(file)
        s.flush()
        return file.id


def invite(cast: Cast, file_id: int) -> str:
    """Invites the winner of a file as the portal would; the invitation's public id."""
    with cast.app.app_context(), transaction():
        made = actions.invite_winner("system", db.session.get_one(NomineeFile, file_id))
        assert made is not None
        return made.public_id


def join_link(app: Flask, n: int = -1) -> str:
    """The path of the n-th invitation letter's link."""
    return links_in(letters(app, "collective/invitation")[n].text)[0]


def invitation(app: Flask) -> Invitation:
    """The one invitation there is."""
    with app.app_context():
        return db.session.scalars(select(Invitation)).one()


def add_member(cast: Cast, name: str, *, email: str = "", cohort: str = "2025", **profile: Any) -> str:
    """A member from an earlier year; the public id."""
    with cast.app.app_context(), transaction():
        program = db.session.get_one(Program, cast.program_id)
        made = actions.add_past_winner(
            "system",
            program,
            name=name,
            cohort=cohort,
            email=email or f"{person_key(name).replace(' ', '.')}@example.org",
            **profile,
        )
        return made.public_id


def member(app: Flask, public_id: str) -> Member:
    """A member as stored now."""
    with app.app_context():
        return db.session.scalars(select(Member).where(Member.public_id == public_id)).one()

