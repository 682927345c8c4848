"""Whom staff may write to about their school: an address asks not to be written to, or may be again."""

from typing import Any

from sqlalchemy import delete

from portal.core import audit
from portal.core.clock import now
from portal.core.db import db
from portal.core.links import Link
from portal.core.once import insert_once
from portal.programs.actions.import_schools import ask
from portal.programs.models import Program, QuietAddress, School

PURPOSE = "schools.no_letters"  # of the link in a letter; its subject is the program


def asked_by_link(link: Link, program: Program) -> None:
    """The reader of a letter wants no more of them. Asked twice, nothing changes."""
    if _stop(program.id, link.email):
        audit.record(audit.SYSTEM, "school_contact.asked_not", program, by_link=True)


def stop_writing(by: Any, school: School) -> None:
    """Staff note that the school's contact asked not to be written to; it holds for the address at every school."""
    ask(by, school)
    if school.contact_email and _stop(school.program_id, school.contact_email):
        audit.record(by, "school_contact.asked_not", school)


def write_again(by: Any, school: School) -> None:
    """The contact said that letters are welcome after all."""
    ask(by, school)
    mine = (QuietAddress.program_id == school.program_id, QuietAddress.email == school.contact_email)
    result: Any = db.session.execute(delete(QuietAddress).where(*mine))
    if result.rowcount:
        audit.record(by, "school_contact.may_be_written_to", school)


def _stop(program_id: int, address: str) -> bool:
    unique = ["program_id", "email"]
    return insert_once(QuietAddress, unique, program_id=program_id, email=address.lower(), since=now()) is not None
