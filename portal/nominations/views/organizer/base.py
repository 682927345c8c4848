"""What the organizer's pages share: finding a cycle, a file or a nomination, and where a file's next step is taken."""

from typing import Any

from flask import Blueprint, g, url_for
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import marks, web
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.positions import said
from portal.nominations.queries import files as queries
from portal.nominations.queries import voices
from portal.nominations.rules import GROUPS
from portal.nominations.rules.files import FIRST_NAME, SHARING_WORDS, STEPS
from portal.programs import queries as programs
from portal.programs.models import Cycle

bp = Blueprint("nominations_organizer", __name__)
SEEING = ("organizer", "auditor")  # to everybody else these pages are not there


def find_cycle(person: Person, public_id: str) -> Cycle | None:
    """A cycle of a program that this person organizes or audits."""
    cycle = programs.cycle_by_public_id(public_id)
    return cycle if cycle is not None and person.holds(SEEING, cycle) else None


def find_file(person: Person, public_id: str) -> NomineeFile | None:
    """A nominee file of such a program, also one that was joined into another."""
    file = queries.file_by_public_id(public_id)
    return file if file is not None and person.holds(SEEING, file) else None


def find_nomination(person: Person, public_id: str) -> Nomination | None:
    """A nomination of such a program that somebody has sent."""
    nomination = voices.nomination_by_public_id(public_id)
    if nomination is None or nomination.file_id is None or not person.holds(SEEING, nomination):
        return None
    return nomination


@bp.app_template_filter("position")
def position(file: NomineeFile) -> str:
    """How the nominee's position is said to this reader; the page's own program spares looking it up."""
    shown = g.get("program")
    program = shown if shown is not None and shown.id == file.program_id else file.program
    return said(program, file.position_key, file.position)


@bp.app_template_filter("address_mark")
def address_mark(file: NomineeFile) -> str:
    """What a form that corrects the nominee's address carries of the one it shows."""
    return marks.to_carry(file, ("email",), newer=False)


NOMINATOR = ("nominator_email", "state")  # what a form that corrects a nominator's address is filled from


@bp.app_template_filter("nominator_mark")
def nominator_mark(nomination: Nomination) -> str:
    """What such a form carries of the address it shows, and of whether it was proven."""
    return marks.to_carry(nomination, NOMINATOR, newer=False)


@bp.app_template_filter("writer")
def writer(nomination: Nomination) -> str:
    """Who wrote, for this reader: the name of whoever is under 18 is for organizers alone."""
    if nomination.by_minor and not _manages(nomination):
        return _("a writer under 18")
    return nomination.nominator_name or nomination.nominator_email


@bp.app_template_filter("writer_address")
def writer_address(nomination: Nomination) -> str:
    """Their address, in the same way; "" when it is not for this reader."""
    return nomination.nominator_email if not nomination.by_minor or _manages(nomination) else ""


@bp.app_template_filter("sharing")
def sharing(nomination: Nomination) -> Any:
    """What the educator may learn of the writer: of whoever is under 18 at most the first name."""
    words = SHARING_WORDS[nomination.sharing]
    if nomination.sharing != "yes" or not nomination.by_minor:
        return words
    return FIRST_NAME["under" if nomination.for_child else "between"]


def _manages(nomination: Nomination) -> bool:
    person = web.current_person()
    return person is not None and person.holds(("organizer",), nomination)


def file_url(file: NomineeFile, **values: Any) -> str:
    """The address of a file's page."""
    return url_for("nominations_organizer.file_page", public_id=file.public_id, **values)


def step_url(file: NomineeFile, step: str) -> str | None:
    """Where the next step of a file is taken; None when there is none to take."""
    if not STEPS[step].action:
        return None
    if step == "screen":
        return url_for("nominations_organizer.screen_page", public_id=file.public_id)
    if step == "ask":
        return url_for("nominations_letters.letter", public_id=file.public_id)
    anchors = {"mend": "address", "address": "address", "prove": "voices", "second": "doubt", "ineligible": "screening"}
    return file_url(file, _anchor=anchors[step])


def heard_in(nominations: list[Nomination]) -> list[bool]:
    """Which groups have a confirmed nomination, in the order of `rules.GROUPS`."""
    groups = {n.relation_group for n in nominations if n.state == "confirmed"}
    return [group in groups for group in GROUPS]
