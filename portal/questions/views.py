"""The page of a form for organizers: its questions in order, wording each, the order, what to mend, and a preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_

from portal.core import hx, web
from portal.core.access import may
from portal.core.db import transaction
from portal.core.errors import Mistaken, NotThere, Overtaken
from portal.core.i18n import LANGUAGES, language, pick
from portal.questions import actions, queries, rules
from portal.questions.forms import WordingForm, wording_form
from portal.questions.purposes import Purpose, purpose_of
from portal.questions.shape import Asked, Question

bp = Blueprint("questions", __name__)


@dataclass(frozen=True)
class Place:
    """A question of a form, with what its pages need."""

    asked: Asked
    question: Question

    @property
    def program(self) -> Any:
        return self.asked.program

    @property
    def program_id(self) -> int:
        return self.asked.program_id


def find_form(person: Any, slug: str, purpose: str) -> Asked | None:
    """A form of a program in which this person may see how it is asked."""
    known = purpose_of(purpose)
    asked = queries.form_at(slug, known) if known else None
    return asked if asked is not None and may(person, rules.SEE, asked.program) else None


def find_question(person: Any, slug: str, purpose: str, question: str) -> Place | None:
    """A question of such a form."""
    asked = find_form(person, slug, purpose)
    found = asked.get(question) if asked else None
    return Place(asked, found) if asked is not None and found is not None else None


def _purpose(asked: Asked) -> Purpose:
    found = purpose_of(asked.purpose)
    if found is None:
        raise NotThere()
    return found


def page_url(asked: Asked, **more: Any) -> str:
    """The address of the form's page."""
    slug = (request.view_args or {}).get("slug")
    return url_for("questions.form_page", slug=slug, purpose=asked.purpose, **more)


def _languages(program: Any) -> list[str]:
    return list((program.settings or {}).get("languages") or LANGUAGES)


@bp.get("/awards/<slug>/forms/<purpose>")
@web.requires(rules.SEE, find_form)
def form_page(asked: Asked) -> ResponseReturnValue:
    purpose = _purpose(asked)
    return hx.page(
        "questions/form.html",
        asked=asked,
        purpose=purpose,
        kinds=rules.KINDS,
        audiences=rules.AUDIENCES,
        concerns=rules.look_over(asked, _languages(asked.program)),
        minutes=rules.minutes(asked),
        is_open=queries.holds(purpose.is_open(asked.program_id)),
        retired=[q for q in asked.questions if q.retired],
        may_edit=may(web.current_person(), rules.EDIT, asked),
    )


def _new(asked: Asked, given: Mapping[str, str]) -> Question:
    """The question that is being added: its kind and group come with the address."""
    kind, group = given.get("kind", "line"), given.get("group", "")
    groups = list(_purpose(asked).groups)
    if kind not in rules.KINDS:
        raise NotThere()
    low, high = (1, 5) if kind == "scale" else (None, None)
    empty = {"en": "", "es": ""}
    return Question("", group if group in groups else groups[-1], kind, empty, empty, low=low, high=high)


@bp.get("/awards/<slug>/forms/<purpose>/add")
@web.requires(rules.EDIT, find_form)
def add_page(asked: Asked) -> ResponseReturnValue:
    """An empty question of the kind that was chosen."""
    question = _new(asked, request.args)
    return _edit_page(asked, question, wording_form(question, _purpose(asked), posted=False))


@bp.post("/awards/<slug>/forms/<purpose>/add")
@web.requires(rules.EDIT, find_form)
def add(asked: Asked) -> ResponseReturnValue:
    question, purpose = _new(asked, request.args), _purpose(asked)
    form = wording_form(question, purpose, posted=True)
    if not form.validate():
        return _edit_page(asked, question, form, status=422)
    try:
        with transaction():
            key = actions.add(web.current_person(), asked.program, purpose, form.wanted())
    except Mistaken as refusal:
        form.label_en.errors = [refusal.reason]
        return _edit_page(asked, question, form, status=422)
    flash(_("The question is in the form. People who open the form from now on are asked it."))
    return hx.go(page_url(asked, _anchor=f"q-{key}"))


@bp.get("/awards/<slug>/forms/<purpose>/questions/<question>")
@web.requires(rules.EDIT, find_question)
def edit_page(place: Place) -> ResponseReturnValue:
    form = wording_form(place.question, _purpose(place.asked), posted=False)
    return _edit_page(place.asked, place.question, form)


@bp.post("/awards/<slug>/forms/<purpose>/questions/<question>")
@web.requires(rules.EDIT, find_question)
def edit(place: Place) -> ResponseReturnValue:
    """Words it anew; what somebody else has changed meanwhile is shown, and never overwritten unseen."""
    question, purpose = place.question, _purpose(place.asked)
    form = wording_form(question, purpose, posted=True)
    if not form.validate():
        return _edit_page(place.asked, question, form, status=422)
    if form.seen.data != str(question.seen):
        return _overtaken(place, form)
    try:
        with transaction():
            version = actions.change(web.current_person(), place.program, purpose, form.wanted())
    except Overtaken:
        return _overtaken(_found_again(), form)
    if version > question.version:
        said = _("Saved as version %(version)s. Answers that are in keep the wording they were given under.",
                 version=version)  # fmt: skip
    else:
        said = _("Saved.")
    flash(said)
    return hx.go(page_url(place.asked, _anchor=f"q-{question.key}"))


def _found_again() -> Place:
    """The question of this address as it stands now."""
    place = find_question(web.current_person(), **(request.view_args or {}))
    if place is None:
        raise NotThere()
    return place


def _overtaken(place: Place, form: WordingForm) -> ResponseReturnValue:
    """The page as it was typed, beside what the question says by now."""
    form.seen.data = str(place.question.seen)
    form.label_en.errors = [
        _(
            "Somebody changed this question while you were writing. It now reads: “%(words)s”. "
            "Save again to put your words in its place.",
            words=pick(place.question.label),
        )
    ]
    return _edit_page(place.asked, place.question, form, status=409)


def _edit_page(asked: Asked, question: Question, form: WordingForm, status: int = 200) -> ResponseReturnValue:
    purpose = _purpose(asked)
    program_id = asked.program_id
    relied_on = bool(question.key) and queries.holds(
        or_(purpose.is_open(program_id), purpose.answered(program_id, question.key))
    )
    return hx.page(
        "questions/question.html",
        status=status,
        asked=asked,
        purpose=purpose,
        question=question,
        form=form,
        kind=rules.KINDS.get(question.kind, _("E-mail address")),
        kind_hint=rules.HINTS.get(question.kind, ""),
        audience=rules.AUDIENCES[question.audience],
        relied_on=relied_on,
        overtaken=status == 409,
        back=page_url(asked, _anchor=f"q-{question.key}" if question.key else None),
    )


@bp.post("/awards/<slug>/forms/<purpose>/questions/<question>/move")
@web.requires(rules.EDIT, find_question)
def move(place: Place) -> ResponseReturnValue:
    """One place up or down."""
    up = request.form.get("to") == "up"
    with transaction():
        actions.move(web.current_person(), place.program, _purpose(place.asked), place.question.key, up=up)
    return hx.go(page_url(place.asked, _anchor=f"q-{place.question.key}"))


@bp.post("/awards/<slug>/forms/<purpose>/order")
@web.requires(rules.EDIT, find_form)
def order(asked: Asked) -> ResponseReturnValue:
    """The order of a group as it was dragged: `keys` with spaces between."""
    group, keys = request.form.get("group", ""), request.form.get("keys", "").split()
    with transaction():
        actions.order(web.current_person(), asked.program, _purpose(asked), group, keys)
    return hx.go(page_url(asked, _anchor=f"g-{group}"))


@bp.post("/awards/<slug>/forms/<purpose>/questions/<question>/remove")
@web.requires(rules.EDIT, find_question)
def remove(place: Place) -> ResponseReturnValue:
    with transaction():
        kept = actions.remove(web.current_person(), place.program, _purpose(place.asked), place.question.key)
    if kept:
        flash(_("The question is asked no more. Answers that are in stay, and you can ask it again below."))
    else:
        flash(_("The question is gone. Nobody had answered it."))
    return hx.go(page_url(place.asked, _anchor=f"g-{place.question.group}"))


@bp.post("/awards/<slug>/forms/<purpose>/questions/<question>/restore")
@web.requires(rules.EDIT, find_question)
def restore(place: Place) -> ResponseReturnValue:
    with transaction():
        actions.restore(web.current_person(), place.program, _purpose(place.asked), place.question.key)
    flash(_("The question is asked again."))
    return hx.go(page_url(place.asked, _anchor=f"q-{place.question.key}"))


@bp.get("/awards/<slug>/forms/<purpose>/preview")
@web.requires(rules.SEE, find_form)
def preview(asked: Asked) -> ResponseReturnValue:
    """A step as people see it on a phone, in either language."""
    purpose, slug = _purpose(asked), (request.view_args or {})["slug"]
    group = request.args.get("group", "")
    group = group if group in purpose.groups else next(iter(purpose.groups))
    spoken = request.args.get("spoken", "")
    spoken = spoken if spoken in LANGUAGES else language()

    def here(**more: str) -> str:
        given = {"group": group, "spoken": spoken} | more
        return url_for("questions.preview", **{"slug": slug, "purpose": asked.purpose}, **given)  # type: ignore[arg-type]

    return hx.page(
        "questions/preview.html",
        asked=asked,
        purpose=purpose,
        steps=[(str(name), here(group=key), key == group) for key, name in purpose.groups.items()],
        spoken=[(name, here(spoken=key), key == spoken) for key, name in LANGUAGES.items()],
        body_url=url_for(purpose.preview, slug=slug, step=group, spoken=spoken),
        step_name=str(purpose.groups[group]),
        back=page_url(asked, _anchor=f"g-{group}"),
    )


BLUEPRINTS = (bp,)
