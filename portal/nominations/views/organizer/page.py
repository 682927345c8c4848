"""One nominee file: facts, voices, history, the next step; and the correction of its name, school and position."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import hx, marks, web
from portal.core.access import may
from portal.core.db import transaction
from portal.core.delivery import KINDS
from portal.core.i18n import pick
from portal.nominations import timeline
from portal.nominations.actions import files as actions
from portal.nominations.actions.matching import Educator
from portal.nominations.forms.files import CorrectForm, correct_form
from portal.nominations.forms.notes import note_form
from portal.nominations.models import NomineeFile
from portal.nominations.queries import consent, notes, voices
from portal.nominations.queries import files as queries
from portal.nominations.queries.eligibility import known_of
from portal.nominations.queries.told import Replies
from portal.nominations.rules.consent import OVER, address_can_change
from portal.nominations.rules.eligibility import HELD, held_by, hints
from portal.nominations.rules.files import GROUP_NAMES, STEPS, doubt, terms_in_words, terms_of
from portal.nominations.rules.nominate import CORRECTIONS
from portal.nominations.rules.notes import WORDS
from portal.nominations.views.organizer.along import along
from portal.nominations.views.organizer.base import bp, file_url, find_file, heard_in, position, step_url
from portal.programs import queries as programs
from portal.programs.models import District, Program, School

# What the correction's form is filled from.
DESCRIBED = ("name", "school_id", "school_name", "district_id", "position_key", "position")


def names_of(program: Program, what: str) -> dict[str, str]:
    """The program's "positions" or "relations" by key, in the reader's language."""
    return {each["key"]: pick(each["name"]) for each in program.settings.get(what, [])}


def shared(file: NomineeFile) -> dict[str, Any]:
    """What every piece of a file's page needs."""
    return {
        "file": file,
        "cycle": file.cycle,
        "group_names": GROUP_NAMES,
        "relations": names_of(file.cycle.program, "relations"),
        "story_words": terms_of(file.cycle.program.settings).story_words,
        "file_url": file_url,
        "corrections": CORRECTIONS,
        "replies": Replies(file.cycle.program, "staff", file.name),
        "may_manage": bool(may(web.current_person(), "nominations.manage_files", file)),
    }


@bp.get("/files/<public_id>")
@web.requires("nominations.see_files", find_file)
def file_page(file: NomineeFile) -> ResponseReturnValue:
    """The file; one that was joined leads to the file it was joined into."""
    if file.joined_into_id is not None:
        return redirect(file_url(queries.end_of_joins(file) or file))
    return whole_page(file)


def whole_page(file: NomineeFile, status: int = 200, *, posted: bool = False) -> ResponseReturnValue:
    """The page of a file; with `posted` the note that was typed comes back with its errors."""
    terms = terms_of(file.cycle.program.settings)
    written = voices.written_about(file, terms.story_words[1])
    counted = queries.voices_in(written.living, terms)
    known = known_of(file.cycle)
    held = held_by(file, terms.closed_positions, known)
    step = queries.step_of(file, counted, terms, held)
    rules = {rule.key: rule.text for rule in file.cycle.eligibility}
    reads_notes = bool(may(web.current_person(), "nominations.read_notes", file))
    beside = notes.beside(file, [file, *written.living, *written.aside], notes=reads_notes)
    return hx.page(
        "nominations/files/file.html",
        status=status,
        **shared(file),
        **noted(file, beside, posted=posted),
        written=written,
        heard=heard_in(written.living),
        doubt=doubt(counted, terms) if written.living else None,
        by_group={group.key: group for group in written.groups},
        asked_of_voices=terms_in_words(terms),
        step=STEPS[step],
        step_key=step,
        held=HELD[held][1] if held else "",
        rules=hints(
            file.cycle.eligibility,
            file,
            closed_positions=terms.closed_positions,
            called=position(file),
            known=known,
            attested=consent.attested(file, beside.history),
        ),
        next_url=step_url(file, step),
        over="" if address_can_change(file) else OVER,
        undelivered=written.undelivered,
        problems=KINDS,
        answer_due=queries.answer_due(file, terms),
        position_closed=file.position_key in terms.closed_positions,
        history=timeline.told(beside.history, rules),
        along=along(file),
    )


def noted(file: NomineeFile, beside: notes.Beside, *, posted: bool) -> dict[str, Any]:
    """What the page tells of the staff's notes: each, those that wait for this reader, and the form for another."""
    person = web.current_person()
    asked = request.form.get("answers", "") if posted else request.args.get("answer", "")
    answered = next((each for each in beside.notes if each.note.public_id == asked), None)
    told = [answered.by.public_id] if answered is not None and answered.by is not None else []
    form = note_form(beside.staff, person, posted=posted, tell=told)
    if posted:
        form.validate()
    return {
        "reads_notes": bool(may(person, "nominations.read_notes", file)),
        "notes": beside.notes,
        "waiting": [each for each in beside.notes if each.waits_for(person)],
        "note_words": WORDS,
        "note_form": form,
        "answered": answered,
    }


@bp.get("/files/<public_id>/correct")
@web.requires("nominations.manage_files", find_file)
def correct_page(file: NomineeFile) -> ResponseReturnValue:
    """Name, school and position, to put right."""
    return _correct_page(file, posted=False)


@bp.post("/files/<public_id>/correct")
@web.requires("nominations.manage_files", find_file)
def correct(file: NomineeFile) -> ResponseReturnValue:
    return _correct_page(file, posted=True)


def _correct_page(file: NomineeFile, *, posted: bool) -> ResponseReturnValue:
    program = file.cycle.program
    held = request.form.get("school") or (file.school.public_id if file.school else "")
    typed = request.form.get("school_name")
    schools = programs.schools_to_choose(program.id, file.school_name, typed, held=held)
    districts = programs.every_district_of(program.id)
    form: CorrectForm = correct_form(program, file, schools, districts, posted=posted)
    status = 422 if posted else 200
    if posted and form.validate():
        try:
            with transaction():
                marks.demand_unchanged(file, DESCRIBED, request.form.get(marks.FIELD, ""))
                actions.correct(web.current_person(), file, _corrected(form, file, schools, districts))
        except marks.Stale:
            status = 409
        else:
            flash(_("Corrected. Letters from now on say it this way."))
            return hx.go(file_url(file))
    back = url_for("nominations_organizer.file_page", public_id=file.public_id)
    return hx.page(
        "nominations/files/correct.html",
        status=status,
        file=file,
        form=form,
        back=back,
        newer=status == 409,
        shown=marks.to_carry(file, DESCRIBED, newer=status == 409),
    )


def _corrected(form: CorrectForm, file: NomineeFile, schools: list[School], districts: list[District]) -> Educator:
    """Who the file is about, as the form says it."""
    school = next((s for s in schools if s.public_id == form.school.data), None)
    school = school or programs.school_meant(file.program_id, form.school_name.data)
    district = next((d for d in districts if str(d.id) == form.district.data), None)
    return Educator.of(
        form.name.data or "",
        school,
        form.school_name.data or "",
        district,
        position=form.position.data or "",
        position_key=form.position_key.data or "",
        email=file.email,
        locale=file.locale,
    )
