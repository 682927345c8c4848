"""An organizer changes a form: a question added, worded anew, moved, taken out, asked again.

A question that has answers, or is being asked now, is never silently changed: its old wording is kept, and the change
is a new version. All changes are entries in the record.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from portal.core.errors import Mistaken, Overtaken
from portal.questions import rules
from portal.questions.actions.editing import Editing, moved, replaced, spelled
from portal.questions.purposes import Purpose
from portal.questions.shape import OWN, Question, assemble, content_of
from portal.questions.words import both

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def add(by: Any, program: Any, purpose: Purpose, question: Question) -> str:
    """Puts a question of the organizers' own at the end of its group; its key."""
    editing = Editing(by, program, purpose)
    if len(editing.asked.own()) >= rules.MOST_OWN:
        raise Mistaken(_("This form has as many questions of your own as it can hold. Take one out first."))
    key = OWN + "".join(secrets.choice(_SIGNS) for _place in range(8))
    new = replace(question, key=key, version=1, fixed=False, retired=False, seen=editing.row.version + 1)
    editing.keep([*editing.asked.questions, new])
    editing.record("added", question=key, kind=new.kind, group=new.group)
    return key


def change(by: Any, program: Any, purpose: Purpose, wanted: Question) -> int:
    """Words a question anew, in place or (once people rely on it) as a new version; the version it is asked in now.

    `wanted` was typed over the question as it was `seen`: raises Overtaken when somebody has changed it since.
    """
    editing = Editing(by, program, purpose, about=wanted.key)
    held = editing.question(wanted.key)
    if wanted.seen != held.seen:
        raise Overtaken(_("Somebody else has changed this since you opened the page."))
    new = replace(wanted, kind=held.kind, key=held.key, version=held.version, fixed=held.fixed, seen=held.seen)
    if held.fixed:
        new = _of_the_product(editing, held, new)
    before, after = content_of(spelled(held)), content_of(spelled(new))
    fields = sorted(name for name in after if after[name] != before[name])
    if not fields and new.group == held.group:
        return held.version
    if fields:
        new = editing.version(held, before, new)
    new = replace(new, seen=editing.row.version + 1)
    questions = replaced(editing.asked.questions, new)
    if new.group != held.group:
        questions = [*(q for q in questions if q.key != new.key), new]
    editing.keep(questions)
    editing.record("changed", question=held.key, version=new.version, fields=[*fields, *moved(held, new)])
    return new.version


def follow(by: Any, program: Any, purpose: Purpose, before: Sequence[Question]) -> None:
    """Makes versions of what a change of the program's own settings has worded anew; `before` is how the product worded
    the program's questions until then.
    """
    reworded = [old.key for old, new in zip(before, purpose.plain(program), strict=True) if old != new]
    if not reworded:
        return
    editing = Editing(by, program, purpose, about=reworded[0])
    pairs = [(old, editing.asked.get(old.key)) for old in assemble(tuple(before), editing.row.questions)]
    was = {old.key: content_of(spelled(old)) for old, new in pairs if new is not None and old != new}
    changed = [(old, new) for old, new in pairs if new and old.key in was and was[old.key] != content_of(spelled(new))]
    if not changed:
        return
    questions: Sequence[Question] = editing.asked.questions
    for old, new in changed:
        fresh = replace(editing.version(old, was[old.key], new), seen=editing.row.version + 1)
        questions = replaced(questions, fresh)
        fields = sorted(k for k, v in content_of(spelled(new)).items() if was[old.key][k] != v)
        editing.record("changed", question=old.key, version=fresh.version, fields=fields)
    editing.keep(questions)


def _of_the_product(editing: Editing, held: Question, new: Question) -> Question:
    """A fixed question keeps its place in the product; wording that is the product's own stays so, in each language."""
    editing.keep_settings(new)
    plain = editing.plain[held.key]
    return replace(
        held,
        label=plain.label if both(new.label) == both(plain.label) else new.label,
        help=plain.help if both(new.help) == both(plain.help) else new.help,
        required=True if held.always else new.required,
        low=new.low if held.limits else held.low,
        high=new.high if held.limits else held.high,
    )


def remove(by: Any, program: Any, purpose: Purpose, key: str) -> bool:
    """Takes a question of the organizers' own out of the form. With answers it is only asked no more: True then."""
    editing = Editing(by, program, purpose, about=key)
    held = editing.question(key)
    if held.fixed:
        raise Mistaken(_("The award needs this answer, so the question stays. You can change its wording."))
    kept = editing.relied_on(key)
    gone = replace(held, retired=True, seen=editing.row.version + 1)
    questions = replaced(editing.asked.questions, gone)
    editing.keep(questions if kept else [q for q in questions if q.key != key])
    editing.record("retired" if kept else "removed", question=key)
    return kept


def restore(by: Any, program: Any, purpose: Purpose, key: str) -> None:
    """Asks a question again that was taken out."""
    editing = Editing(by, program, purpose)
    held = editing.question(key)
    if held.retired:
        back = replace(held, retired=False, seen=editing.row.version + 1)
        editing.keep(replaced(editing.asked.questions, back))
        editing.record("restored", question=key)


def order(by: Any, program: Any, purpose: Purpose, group: str, keys: Sequence[str]) -> None:
    """Puts the questions of a group in this order; what is not named stays behind the named, as it was."""

    def placed(living: list[str]) -> list[str]:
        named = [key for key in dict.fromkeys(keys) if key in living]
        return [*named, *(key for key in living if key not in named)]

    _order(Editing(by, program, purpose), group, placed)


def move(by: Any, program: Any, purpose: Purpose, key: str, *, up: bool) -> None:
    """Moves a question one place up or down within its group; at the end of the group it stays."""

    editing = Editing(by, program, purpose)
    group = editing.question(key).group

    def placed(living: list[str]) -> list[str]:
        at = living.index(key) if key in living else -1
        to = at - 1 if up else at + 1
        if at >= 0 and 0 <= to < len(living):
            living[at], living[to] = living[to], living[at]
        return living

    _order(editing, group, placed)


def _order(editing: Editing, group: str, placed: Callable[[list[str]], list[str]]) -> None:
    living = [q.key for q in editing.asked.of(group)]
    wanted = placed(list(living))
    if wanted == living:
        return
    by_key = editing.asked.by_key
    others = [q for q in editing.asked.questions if q.group != group or q.retired]
    editing.keep([*others, *(by_key[key] for key in wanted)])
    editing.record("ordered", group=group)
