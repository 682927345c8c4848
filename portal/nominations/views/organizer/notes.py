"""Notes that staff write to each other about a file: written, opened by whom they tell, changed, deleted."""

from babel.lists import format_list
from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts.models import Person
from portal.core import hx, i18n, marks, paging, web
from portal.core.db import transaction
from portal.core.i18n import ngettext
from portal.nominations.actions import notes as actions
from portal.nominations.forms.notes import note_form
from portal.nominations.models import FileNote, NomineeFile
from portal.nominations.queries import notes as queries
from portal.nominations.rules.notes import WORDS
from portal.nominations.views.organizer.base import SEEING, bp, file_url, find_cycle, find_file
from portal.nominations.views.organizer.page import whole_page
from portal.programs.models import Cycle

SHOWN = ("text",)  # what the form that changes a note is filled from


def find_note(person: Person, public_id: str) -> FileNote | None:
    """A note about a file of a program that this person organizes or audits."""
    note = queries.note_by_public_id(public_id)
    return note if note is not None and person.holds(SEEING, note.file) else None


def note_url(note: FileNote) -> str:
    """Where a note stands on its file's page."""
    return file_url(note.file, _anchor=f"note-{note.public_id}")


@bp.get("/cycles/<public_id>/notes")
@web.requires("nominations.read_notes", find_cycle)
def notes_page(cycle: Cycle) -> ResponseReturnValue:
    """The notes that tell this reader, those not opened yet first; or all of the cycle."""
    everybodys = request.args.get("show") == "all"
    found = queries.in_cycle(cycle, web.current_person(), everybodys=everybodys)
    page = paging.page_of(found, paging.asked_page())
    return hx.page(
        "nominations/files/notes.html",
        cycle=cycle,
        page=page,
        notes=queries.as_shown(page.items),
        everybodys=everybodys,
        file_url=file_url,
    )


@bp.post("/files/<public_id>/notes")
@web.requires("nominations.write_note", find_file)
def write_note(file: NomineeFile) -> ResponseReturnValue:
    person = web.current_person()
    form = note_form([], person, posted=True)
    if not form.validate():
        return whole_page(file, 422, posted=True)
    with transaction():
        text, tell = form.text.data or "", form.tell.data or []
        kept = actions.write(person, file, text, tell, answers=bool(request.form.get("answers")))
    _say(kept)
    return hx.go(note_url(kept.note))


@bp.post("/files/<public_id>/notes/opened")
@web.requires("nominations.read_notes", find_file)
def open_notes(file: NomineeFile) -> ResponseReturnValue:
    """The notes that tell this person are opened: they leave the desk, and the page shows the first of them."""
    with transaction():
        first = actions.see(web.current_person(), file)
    return hx.go(file_url(file, _anchor=f"note-{first}" if first else "notes"))


@bp.get("/notes/<public_id>")
@web.requires("nominations.change_note", find_note)
def edit_page(note: FileNote) -> ResponseReturnValue:
    """One's own note, to change or to delete."""
    return _edit(note, posted=False)


@bp.post("/notes/<public_id>")
@web.requires("nominations.change_note", find_note)
def edit_note(note: FileNote) -> ResponseReturnValue:
    return _edit(note, posted=True)


def _edit(note: FileNote, *, posted: bool) -> ResponseReturnValue:
    person = web.current_person()
    status = 422 if posted else 200
    typed = note_form([], person, posted=True) if posted else None
    if typed is not None and typed.validate():
        try:
            with transaction():
                found = actions.locked(note)
                marks.demand_same(found, SHOWN, request.form.get(marks.FIELD, ""))
                kept = actions.edit(person, found, typed.text.data or "", typed.tell.data or [])
        except marks.Stale:
            status = 409
        else:
            _say(kept)
            return hx.go(note_url(kept.note))
    staff, told = queries.staff_of(note.file), queries.told_by(note)
    known = {"text": note.text, "tell": [each.public_id for each in staff if each.id in told]}
    form, newer = note_form(staff, person, posted=posted, **known), status == 409
    if status == 422:
        form.validate()
    return hx.page(
        "nominations/files/note.html",
        status=status,
        note=note,
        form=form,
        words=WORDS,
        newer=newer,
        shown=marks.to_carry(note, SHOWN, newer=newer),
        back=note_url(note),
    )


@bp.post("/notes/<public_id>/delete")
@web.requires("nominations.change_note", find_note)
def delete_note(note: FileNote) -> ResponseReturnValue:
    """A note that was changed in another window is not deleted unseen."""
    with transaction():
        found = actions.locked(note)
        marks.demand_same(found, SHOWN, request.form.get(marks.FIELD, ""))
        file = actions.drop(web.current_person(), found)
    flash(_("The note is deleted."))
    return hx.go(file_url(file, _anchor="notes"))


def _say(kept: actions.Kept) -> None:
    """Who was told, and an "@" that told nobody: else the writer would wait for an answer."""
    if kept.told:
        names = format_list([person.name for person in kept.told], locale=i18n.language())
        said = ngettext(
            "%(names)s finds the note on the desk.", "%(names)s find the note on the desk.", len(kept.told), names=names
        )
        flash(said)
    else:
        flash(_("The note is kept."))
    if kept.unknown:
        names = ", ".join(f"@{name}" for name in kept.unknown)
        flash(_("Nobody was told by %(names)s. Write the whole name, or tick it under “Tell”.", names=names), "error")
