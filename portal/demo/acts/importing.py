"""Last year's nominations came in as an export of a web form, through the import with its report."""

import csv
from io import StringIO

from portal.core.db import db, transaction
from portal.demo.acts.writing import Writing
from portal.demo.script import Educator
from portal.demo.world import World
from portal.nominations import uploads
from portal.nominations.actions import importing

HEADER = (
    "Timestamp", "Email Address", "Who are you nominating? (first and last name)", "What school do they work at?",
    "School district", "What is their position?", "Their e-mail, if you know it", "How do you know them?",
    "Tell us about a moment that shows what they do for students", "Your name",
    "May we share your name with the educator?",
)  # fmt: skip
RELATION_WORDS = {
    "current_student": "student", "former_student": "Former student", "family_current": "parent of a current student",
    "family_former": "parent of a former student", "colleague_school": "Colleague at the school",
    "colleague_elsewhere": "colleague elsewhere", "mentored": "my mentor", "school_leader": "I'm the principal",
    "community_partner": "community partner", "pto": "PTA", "self": "self", "relative": "cousin",
}  # fmt: skip
SHARING_WORDS = {"yes": "Yes", "relation": "only the relationship", "no": ""}


def export_of(world: World, writing: Writing, educators: list[Educator]) -> bytes:
    """The form's export as a spreadsheet program saves it, in the order in which people wrote."""
    rows = [(writing.moment(voice), educator, voice) for educator in educators for voice in educator.voices]
    text = StringIO()
    sheet = csv.writer(text)
    sheet.writerow(HEADER)
    for moment, educator, voice in sorted(rows, key=lambda row: (row[0], row[2].email)):
        local = moment.astimezone(world.stage.zone)
        place = educator.place
        sheet.writerow((
            f"{local:%m/%d/%Y %H:%M:%S}", voice.email, voice.written_name, voice.written_school,
            place.district if place else "", educator.subject[0] + " teacher" if educator.subject[0] else
            educator.position.replace("_", " "), educator.email if educator.told_email else "",
            RELATION_WORDS.get(voice.relation, "other"), voice.story, voice.name, SHARING_WORDS[voice.sharing],
        ))  # fmt: skip
    return ("\ufeff" + text.getvalue()).encode()


def bring_in(world: World, content: bytes, name: str) -> None:
    """An organizer uploads the export; the rows enter as the worker would enter them."""
    sam = world.who("sam")
    run = uploads.take(sam, world.last_cycle, content, name)
    with transaction():
        importing.ask(sam, run.id, "started")
    rows = uploads.cleaned(run)
    more = True
    while more:
        with transaction():
            more = importing.enter_some(sam, run.id, rows)
    db.session.rollback()
