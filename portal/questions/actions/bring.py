"""A whole form brought by a program's file: what is new, worded anew, moved or gone, by the rules of the editor."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.questions.actions.editing import Editing, moved, spelled
from portal.questions.models import QuestionVersion
from portal.questions.purposes import Purpose
from portal.questions.rows import Row, in_order
from portal.questions.shape import Question, assemble, content_of


@dataclass
class Brought:
    """What became of the questions, by key; `kinds` are those that can't be of another kind now."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    ordered: bool = False


def bring(by: Any, program: Any, purpose: Purpose, rows: Sequence[Row], *, founding: bool = False) -> Brought:
    """Makes the form what these rows say. Who is `founding` the program has been asked already.

    As in the editor: a question that people rely on gets a new version instead of other words, and one that is not
    named any more is taken out, or only asked no more; the product's own stay. A question keeps its kind.
    """
    editing, told = Editing(by, program, purpose, ask=not founding), Brought()
    wanted = in_order(assemble(tuple(editing.plain.values()), list(rows)), purpose.groups)
    numbers = _numbers(editing) if any(editing.asked.get(q.key) is None for q in wanted) else {}
    questions = [_brought(editing, told, new, numbers) for new in wanted]
    stay = {q.key for q in questions}
    gone = [_taken_out(editing, told, held) for held in editing.asked.questions if held.key not in stay]
    before = [q.key for q in in_order(editing.asked.questions, purpose.groups) if q.key in stay and not q.retired]
    told.ordered = before != [key for key in (q.key for q in questions) if key in before]
    if told != Brought(kinds=told.kinds):
        editing.keep([*questions, *(q for q in gone if q is not None)])
    if told.ordered:
        editing.record("ordered", group="")
    return told


def _brought(editing: Editing, told: Brought, new: Question, numbers: dict[str, int]) -> Question:
    held, seen = editing.asked.get(new.key), editing.row.version + 1
    if held is None:
        told.added.append(new.key)
        editing.record("added", question=new.key, kind=new.kind, group=new.group)
        return replace(new, version=numbers.get(new.key, 0) + 1, seen=seen)
    if held.kind != new.kind:
        told.kinds.append(new.key)
        return held
    before, after = content_of(spelled(held)), content_of(spelled(new))
    fields = sorted(name for name in after if after[name] != before[name])
    if not fields and held.group == new.group and not held.retired:
        return held
    told.changed.append(new.key)
    new = replace(new, version=held.version, seen=seen)
    if held.retired:
        editing.record("restored", question=new.key)
    if fields:
        new = editing.version(held, before, new)
    if fields or held.group != new.group:
        editing.record("changed", question=new.key, version=new.version, fields=[*fields, *moved(held, new)])
    return new


def _taken_out(editing: Editing, told: Brought, held: Question) -> Question | None:
    """The question that the file does not name: None when nobody ever answered it."""
    if held.retired:
        return held
    kept = editing.relied_on(held.key)
    (told.retired if kept else told.removed).append(held.key)
    editing.record("retired" if kept else "removed", question=held.key)
    return replace(held, retired=True, seen=editing.row.version + 1) if kept else None


def _numbers(editing: Editing) -> dict[str, int]:
    """The last number of each earlier wording: a question that comes again is never taken for an older one."""
    query = select(QuestionVersion.key, func.max(QuestionVersion.number)).group_by(QuestionVersion.key)
    found = db.session.execute(query.where(QuestionVersion.form_id == editing.row.id))
    return dict(found.all())
