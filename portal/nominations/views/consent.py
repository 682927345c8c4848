"""The nominee's own pages, opened by the link in the letter: what this is, what is held, and the answer."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import access, files, hx, links, web
from portal.core.db import transaction
from portal.core.errors import NotThere, Refused
from portal.core.forms import PlainForm
from portal.core.i18n import pick
from portal.nominations.actions import consent as actions
from portal.nominations.actions import erasing
from portal.nominations.forms.consent import AcceptForm, DeclineForm, DetailsForm, details_form
from portal.nominations.mail.nominee import voice_lines
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.queries import consent as queries
from portal.nominations.queries.told import for_nominee
from portal.nominations.rules import consent as rules
from portal.programs import queries as programs
from portal.programs.models import Program, School
from portal.programs.visiting import find_public
from portal.questions import queries as questions
from portal.questions.answers import Answer

bp = Blueprint("nominations_consent", __name__)


def _file_of(link: links.Link) -> NomineeFile | None:
    file = queries.file_of_link(link.subject_id)
    # A file that was joined after an erasure has nothing to show.
    return file if file is not None and file.consent != "erased" else None


def _may(file: NomineeFile) -> dict[str, access.Answer]:
    names = {
        "accept": rules.ACCEPT,
        "decline": rules.DECLINE,
        "erase": rules.ERASE,
        "correct": rules.CORRECT,
        "withdraw": rules.WITHDRAW,
    }
    return {verb: access.may(None, name, file) for verb, name in names.items()}


def _token(link: links.Link) -> str:
    return links.token(link)


def _told(file: NomineeFile, heard: list[Nomination]) -> list[Answer]:
    """What the nominee may read of the answers: only who takes part."""
    accepted = file.consent == "accepted" and file.withdrawn_at is None
    return for_nominee(file.cycle.program, heard, file.name) if accepted else []


@bp.get("/nominee/<token>/answer-files/<upload>")
@web.by_link(actions.LINK, _file_of)
def answer_file(file: NomineeFile, link: links.Link, upload: str) -> ResponseReturnValue:
    """A file among the answers that the nominee may read."""
    shown = {answer.upload for answer in _told(file, queries.confirmed_nominations(file)) if answer.upload}
    found = questions.uploads([upload]) if upload in shown else []
    if not found:
        raise NotThere()
    return files.send(found[0].stored_file)


@bp.get("/nominee/<token>")
@web.by_link(actions.LINK, _file_of)
def page(file: NomineeFile, link: links.Link) -> ResponseReturnValue:
    """What a nominee sees first, and afterward what they answered."""
    windows = file.cycle.windows
    heard = queries.confirmed_nominations(file)
    return hx.page(
        "nominations/consent/page.html",
        file=file,
        token=_token(link),
        can=_may(file),
        voices=voice_lines(rules.voices(heard)),
        told=_told(file, heard),
        accept_until=rules.accept_until(windows),
        change_until=rules.change_until(windows),
        erase_on=rules.erase_on(windows),
    )


def _confirm(
    verb: str, file: NomineeFile, link: links.Link, form: PlainForm | AcceptForm | DeclineForm
) -> ResponseReturnValue:
    answer = _may(file)[verb]
    if not answer:
        raise Refused(answer.reason)
    attest = [
        (rule.key, pick(rule.text).replace("**", "")) for rule in file.cycle.eligibility if rule.checked_by == "attest"
    ]
    return hx.page(
        "nominations/consent/confirm.html",
        verb=verb,
        file=file,
        token=_token(link),
        form=form,
        attest=attest if verb == "accept" else [],
    )


def _form(verb: str) -> PlainForm | AcceptForm | DeclineForm:
    return {"accept": AcceptForm, "decline": DeclineForm}.get(verb, PlainForm)()


@bp.get("/nominee/<token>/<any(accept, decline, erase, withdraw):verb>")
@web.by_link(actions.LINK, _file_of)
def confirm(file: NomineeFile, link: links.Link, verb: str) -> ResponseReturnValue:
    """The one question before an answer counts."""
    return _confirm(verb, file, link, _form(verb))


@bp.post("/nominee/<token>/accept")
@web.by_link(actions.LINK, _file_of)
def accept(file: NomineeFile, link: links.Link) -> ResponseReturnValue:
    form = AcceptForm()
    if not form.validate():
        return _confirm("accept", file, link, form)
    true = {rule.key for rule in file.cycle.eligibility if rule.checked_by == "attest"} & set(
        request.form.getlist("true")
    )
    with transaction():
        actions.accept(file, link, attested=sorted(true), tell=bool(form.tell.data))
    flash(_("Thank you. Your yes is recorded."))
    return hx.go(url_for(".details", token=_token(link)))


@bp.post("/nominee/<token>/decline")
@web.by_link(actions.LINK, _file_of)
def decline(file: NomineeFile, link: links.Link) -> ResponseReturnValue:
    form = DeclineForm()
    if not form.validate():
        return _confirm("decline", file, link, form)
    with transaction():
        actions.decline(file, tell=bool(form.tell.data))
    return hx.go(url_for(".page", token=_token(link)))


@bp.post("/nominee/<token>/erase")
@web.by_link(actions.LINK, _file_of)
def erase(file: NomineeFile, link: links.Link) -> ResponseReturnValue:
    slug = file.cycle.program.slug
    with transaction():
        erasing.erase(actions.NOMINEE, file)
    return hx.go(url_for(".erased", slug=slug))


@bp.post("/nominee/<token>/withdraw")
@web.by_link(actions.LINK, _file_of)
def withdraw(file: NomineeFile, link: links.Link) -> ResponseReturnValue:
    with transaction():
        actions.withdraw(file)
    return hx.go(url_for(".page", token=_token(link)))


def _schools(file: NomineeFile) -> list[School]:
    """The schools to choose from: of a large directory those that the file or what was typed may mean."""
    held = request.form.get("school") or (file.school.public_id if file.school else "")
    return programs.schools_to_choose(file.program_id, file.school_name, request.form.get("school_name"), held=held)


@bp.get("/nominee/<token>/details")
@web.by_link(actions.LINK, _file_of)
def details(file: NomineeFile, link: links.Link) -> ResponseReturnValue:
    """After a yes: the name as it should be written, school, position, and what may be public."""
    if not access.may(None, rules.CORRECT, file):
        return hx.go(url_for(".page", token=_token(link)))
    return _details(file, link, details_form(file.cycle.program, _schools(file), file, posted=False))


def _details(file: NomineeFile, link: links.Link, form: DetailsForm, status: int = 200) -> ResponseReturnValue:
    until = rules.change_until(file.cycle.windows)
    context: dict[str, Any] = {"file": file, "token": _token(link), "form": form, "change_until": until}
    return hx.page("nominations/consent/details.html", status=status, **context)


@bp.post("/nominee/<token>/details")
@web.by_link(actions.LINK, _file_of)
def save_details(file: NomineeFile, link: links.Link) -> ResponseReturnValue:
    schools = {s.public_id: s for s in _schools(file)}
    form = details_form(file.cycle.program, schools.values(), file, posted=True)
    if not form.validate():
        return _details(file, link, form, status=422)
    school, key = schools.get(form.school.data or ""), form.position.data or ""
    school = school or programs.school_meant(file.program_id, form.school_name.data)
    labels = {c.value: str(c.label) for c in form.position.choices}
    with transaction():
        actions.correct(
            file,
            name=form.name.data or "",
            school=school,
            school_name=form.school_name.data or "",
            position_key=key,
            position=labels[key] if key and key != file.position_key else file.position,
            public=bool(form.public.data),
        )
    flash(_("Your details are kept."))
    return hx.go(url_for(".page", token=_token(link)))


@bp.get("/awards/<slug>/erased")
@web.public(find_public)
def erased(program: Program) -> ResponseReturnValue:
    """What remains to be said after an erasure; the same for everybody who opens it."""
    return hx.page("nominations/consent/erased.html")
