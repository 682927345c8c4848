"""A form under its lock: what every change to it begins and ends with."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from portal.core import audit, identity
from portal.core.access import demand
from portal.core.db import db
from portal.core.errors import NotThere
from portal.core.once import insert_once
from portal.questions import rules
from portal.questions.models import QuestionForm, QuestionVersion
from portal.questions.purposes import Purpose
from portal.questions.queries import asked_in, holds
from portal.questions.shape import Asked, Question, stored
from portal.questions.words import both


class Editing:
    """The form under its lock: the questions to change, and what comes of it. Without `ask` its caller has asked.

    What is read under the lock tells whether people fill in the form, and whether the question it is `about` is
    answered.
    """

    def __init__(self, by: Any, program: Any, purpose: Purpose, *, ask: bool = True, about: str = "") -> None:
        db.session.flush()
        found = _locked(program.id, purpose, about) or _begun(program.id, purpose, about)
        self.row, self.is_open, self._answered = found[0], bool(found.open), {about: bool(found.answered)}
        self.asked: Asked = asked_in(program, purpose, self.row)
        if ask and not isinstance(by, str):  # the operator's command, and the program's own file
            demand(by, rules.EDIT, self.asked)
        self.by, self.program, self.purpose = by, program, purpose
        self.plain = {q.key: q for q in purpose.plain(program)}

    def question(self, key: str) -> Question:
        found = self.asked.get(key)
        if found is None:
            raise NotThere()
        return found

    def relied_on(self, key: str) -> bool:
        """Whether somebody has answered the question or may be answering it now."""
        if not self.is_open and key not in self._answered:
            self._answered[key] = holds(self.purpose.answered(self.program.id, key))
        return self.is_open or self._answered[key]

    def keep(self, questions: Sequence[Question]) -> None:
        self.row.questions = [stored(q, self.plain.get(q.key)) for q in questions]
        self.row.version += 1

    def keep_settings(self, wanted: Question) -> None:
        """Puts down what the program's settings hold of a fixed question: its plain wording is then the wanted one."""
        self.purpose.keep(self.program, wanted)
        self.plain = {q.key: q for q in self.purpose.plain(self.program)}

    def version(self, held: Question, before: dict[str, Any], new: Question) -> Question:
        """The changed question: with the old wording kept and a number more, when people rely on it."""
        if self.relied_on(held.key):
            row = QuestionVersion(form_id=self.row.id, key=held.key, number=held.version, content=before)
            db.session.add(row)
            new = replace(new, version=held.version + 1)
        return new

    def record(self, verb: str, **facts: Any) -> None:
        audit.record(self.by, f"questions.{verb}", self.row, form=self.purpose.key, **facts)


def _locked(program_id: int, purpose: Purpose, about: str) -> Any:
    """The form's row under its lock; the program that comes with it is read afresh too, in the same statement."""
    program = identity.model()
    told = purpose.is_open(program_id).label("open"), purpose.answered(program_id, about).label("answered")
    query = select(QuestionForm, program, *told).join(program, program.id == QuestionForm.program_id)
    query = query.where(QuestionForm.program_id == program_id, QuestionForm.purpose == purpose.key)
    query = query.with_for_update(of=QuestionForm).execution_options(populate_existing=True)
    return db.session.execute(query).one_or_none()


def _begun(program_id: int, purpose: Purpose, about: str) -> Any:
    """The form's first row; when somebody else is as quick, theirs."""
    values = {"program_id": program_id, "purpose": purpose.key, "questions": [], "version": 0}
    insert_once(QuestionForm, ["program_id", "purpose"], **values)
    row = _locked(program_id, purpose, about)
    assert row is not None  # just made
    return row


def replaced(questions: Sequence[Question], changed: Question) -> list[Question]:
    """The questions with the changed one in its place."""
    return [changed if q.key == changed.key else q for q in questions]


def moved(held: Question, new: Question) -> list[str]:
    """The group, when it is another one: a change that makes no version."""
    return ["group"] if held.group != new.group else []


def spelled(question: Question) -> Question:
    """The question with the product's own words written out in each language."""
    options = tuple(replace(o, name=both(o.name)) for o in question.options)
    ends = (both(question.ends[0]), both(question.ends[1]))
    return replace(question, label=both(question.label), help=both(question.help), options=options, ends=ends)
