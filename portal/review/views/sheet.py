"""The scoring sheet: shown, saved as it is typed, handed in; stepping back from the file."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core import access, files, hx, web
from portal.core.clock import clock_time, now
from portal.core.db import transaction
from portal.core.errors import NotThere, Refused
from portal.core.forms import tidy_line
from portal.core.i18n import pick
from portal.questions import queries as questions
from portal.review.actions import recusal, scoring
from portal.review.forms import RecuseForm
from portal.review.models import Assignment
from portal.review.queries import queue, sheet
from portal.review.queries.held import Held, held_by
from portal.review.rules import NO_TIME
from portal.review.views.blueprint import bp

CANNOT_JUDGE = "0"


def given_of(form: MultiDict[str, str], key: str) -> scoring.Given:
    """What the form says for one criterion: level-KEY (1 up, 0 cannot judge), evidence-KEY, seen-KEY."""
    level = form.get(f"level-{key}", "")
    return scoring.Given(
        level=int(level) if level.isdecimal() and level != CANNOT_JUDGE and len(level) < 3 else None,
        cannot_judge=level == CANNOT_JUDGE,
        evidence=tidy_line(form.get(f"evidence-{key}")),
        seen=form.get(f"seen-{key}", ""),
    )


def _whole(form: MultiDict[str, str]) -> dict[str, scoring.Given]:
    keys = [name.removeprefix("seen-") for name in form if name.startswith("seen-")]
    return {key: given_of(form, key) for key in keys}


@bp.get("/assignments/<public_id>")
@web.requires("review.open", sheet.assignment_of)
def score_sheet(assignment: Assignment) -> ResponseReturnValue:
    person = web.current_person()
    allowed = access.may(person, "review.read", assignment)
    if not allowed and assignment.declared_at is None and assignment.state != "recused":
        return hx.go(url_for("review.look_through", public_id=assignment.panel.public_id))
    if not allowed:
        raise Refused(allowed.reason)
    return _page(assignment, sheet.load_sheet(assignment))


def _page(assignment: Assignment, found: sheet.Sheet, *, saved: scoring.Saved | None = None, status: int = 200,
          ) -> ResponseReturnValue:  # fmt: skip
    relations = {r["key"]: r["name"] for r in assignment.program.settings.get("relations", [])}
    lacks = saved.lacks if saved else None
    first = next((each.key for each in found.lines if lacks and each.key in (*lacks.answer, *lacks.evidence)), None)
    return hx.page(
        "review/sheet.html",
        assignment=assignment,
        file=assignment.file,
        panel=assignment.panel,
        sheet=found,
        voices=sheet.voices(assignment),
        relations=relations,
        progress=sheet.progress(assignment),
        open_key=first or next((each.key for each in found.lines if not each.answer.answered), ""),
        saved=saved,
        lacks=lacks,
        recuse=RecuseForm(formdata=None),
        may_score=access.may(web.current_person(), "review.score", assignment),
        late=assignment.panel.due_at is not None and assignment.panel.due_at < now(),
        status=status,
    )


@bp.post("/assignments/<public_id>")
@web.requires("review.score", held_by)
def save_sheet(assignment: Held) -> ResponseReturnValue:
    """The whole sheet at once, with or without scripts: save, save and next, or hand in."""
    person, act, given = web.current_person(), request.form.get("act", "save"), _whole(request.form)
    with transaction():
        if act == "submit":
            saved = scoring.submit(person, assignment, given)
        else:
            saved = scoring.save(person, assignment, given, whole=True)
    if saved.lacks:
        whole = sheet.assignment_of(person, assignment.public_id)
        if whole is None:
            raise NotThere()
        web.show_program(whole.program)
        return _page(whole, saved.sheet, saved=saved, status=422)
    if saved.overtaken:
        flash(overtaken_text(saved), "warning")
    if act == "save":
        flash(_("Saved %(time)s", time=clock_time(saved.at)))
        return hx.go(url_for("review.score_sheet", public_id=assignment.public_id))
    if act == "submit":
        flash(_("Handed in: %(name)s.", name=assignment.file_name))
    return _next(person, assignment)


def overtaken_text(saved: scoring.Saved) -> str:
    """That another window had changed the same criteria, and which of the two counts now."""
    names = ", ".join(pick(line.name) for line in saved.sheet.lines if line.key in saved.overtaken)
    return _("This was also changed in another window. What you wrote here last counts: %(names)s.", names=names)


def _next(person: Any, assignment: Assignment | Held) -> ResponseReturnValue:
    following = queue.next_assignment(person, assignment.panel_id, after=assignment)
    if following:
        return hx.go(url_for("review.score_sheet", public_id=following.public_id))
    return hx.go(url_for("review.my_files"))


@bp.post("/assignments/<public_id>/scores")
@web.requires("review.score", held_by)
def save_again(assignment: Held) -> ResponseReturnValue:
    """The whole sheet by htmx: tried again after a lost connection."""
    with transaction():
        saved = scoring.save(web.current_person(), assignment, _whole(request.form), whole=True)
    return _total(assignment, saved, saved.sheet.lines)


@bp.post("/assignments/<public_id>/scores/<key>")
@web.requires("review.score", held_by)
def save_score(assignment: Held, key: str) -> ResponseReturnValue:
    """One criterion, as it is chosen or typed; answers the running total and that criterion's line."""
    with transaction():
        saved = scoring.save(web.current_person(), assignment, {key: given_of(request.form, key)})
    line = saved.sheet.line(key)
    if line is None:
        raise NotThere()
    return _total(assignment, saved, (line,))


def _total(assignment: Held, saved: scoring.Saved, lines: tuple[sheet.Line, ...]) -> ResponseReturnValue:
    if not hx.wants_partial():  # sent again by a button, after signing in anew
        return hx.go(url_for("review.score_sheet", public_id=assignment.public_id))
    said = overtaken_text(saved) if saved.overtaken else ""
    return hx.page("review/_total.html", sheet=saved.sheet, at=saved.at, changed=lines, said=said)


@bp.get("/assignments/<public_id>/answer-files/<upload>")
@web.requires("review.read", sheet.assignment_of)
def answer_file(assignment: Assignment, upload: str) -> ResponseReturnValue:
    """A file among the answers that this sheet shows."""
    shown = {answer.upload for voice in sheet.voices(assignment) for answer in voice.more if answer.upload}
    found = questions.uploads([upload]) if upload in shown else []
    if not found:
        raise NotThere()
    return files.send(found[0].stored_file)


@bp.get("/assignments/<public_id>/recuse")
@web.requires("review.recuse", sheet.assignment_of)
def recuse_page(assignment: Assignment) -> ResponseReturnValue:
    return hx.page("review/recuse.html", assignment=assignment, form=RecuseForm())


@bp.post("/assignments/<public_id>/recuse")
@web.requires("review.recuse", sheet.assignment_of)
def recuse(assignment: Assignment) -> ResponseReturnValue:
    person, form = web.current_person(), RecuseForm()
    if not form.validate():
        return hx.page("review/recuse.html", assignment=assignment, form=form, status=422)
    with transaction():
        if form.why.data == NO_TIME:
            recusal.hand_back(person, assignment)
        else:
            recusal.recuse(person, assignment, form.why.data)
    flash(_("You stepped back from this file. Another reader gets it; you need to do nothing more."))
    return _next(person, assignment)
