"""A question and a form as plain values: what is asked, in which order, under which wording. Knows no database.

Texts are by language ({"en": ..., "es": ...}) or, for the product's own questions, lazily translated strings. In both
`{educator}` stands for the name of the person a form is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

OWN = "q_"  # the keys of an organizer's own questions begin so: they never meet a field of the product
NAME = "{educator}"
TEXTS = ("line", "text")  # the kinds that are answered in words, which may be counted


@dataclass(frozen=True)
class Option:
    """One answer of a choice; the key is what is stored."""

    key: str
    name: Any


@dataclass(frozen=True)
class Question:
    """One question as it is asked now, or as it was asked in an earlier version.

    `low` and `high` mean what the kind says: soft limits in words of a text, the least and greatest number, the ends
    of a scale. `fixed`: the product needs the answer; the wording may change, the kind and the key may not.
    """

    key: str
    group: str
    kind: str
    label: Any
    help: Any = ""
    required: bool = False
    audience: str = "staff"
    options: tuple[Option, ...] = ()
    low: int | None = None
    high: int | None = None
    ends: tuple[Any, Any] = ("", "")
    version: int = 1
    retired: bool = False
    seen: int = 0  # the form's version in which this question last changed
    fixed: bool = False
    short: Any = ""  # what lists of answers call it, while its wording is the product's own
    always: bool = False  # fixed and never optional

    @property
    def has_answer(self) -> bool:
        """Whether there is something to fill in: a statement is only read, unless it must be confirmed."""
        return self.kind != "statement" or self.required

    @property
    def limits(self) -> tuple[int, int] | None:
        """The soft limits in words of a text, when it has both."""
        if self.kind in TEXTS and self.low is not None and self.high is not None:
            return self.low, self.high
        return None


WORDED = ("label", "help", "required", "audience", "options", "low", "high", "ends")


def content_of(question: Question) -> dict[str, Any]:
    """What makes up a version, as JSON keeps it."""
    found = {name: getattr(question, name) for name in WORDED if name not in ("options", "ends")}
    found["options"] = [[o.key, o.name] for o in question.options]
    found["ends"] = list(question.ends)
    return found


def with_content(question: Question, content: Mapping[str, Any]) -> Question:
    """The question worded as this content says; what it does not name stays."""
    known = {name: content[name] for name in WORDED if name in content}
    if "options" in known:
        known["options"] = tuple(Option(key, name) for key, name in known["options"])
    if "ends" in known:
        known["ends"] = tuple(known["ends"])
    return replace(question, **known)


def stored(question: Question, plain: Question | None) -> dict[str, Any]:
    """A form's row about one question; of a fixed one only what differs from the product's `plain` wording."""
    found: dict[str, Any] = {"key": question.key, "version": question.version, "seen": question.seen}
    content = content_of(question)
    if plain is None:
        return found | {"group": question.group, "kind": question.kind, "retired": question.retired} | content
    return found | {k: content[k] for k in ("label", "help", "required") if content[k] != getattr(plain, k)}


def read(row: Mapping[str, Any], plain: Question | None) -> Question:
    """The question that `stored` wrote."""
    if plain is None:
        base = Question(row["key"], row["group"], row["kind"], row["label"], retired=row.get("retired", False))
        base = with_content(base, row)
    else:
        base = with_content(plain, {k: row[k] for k in ("label", "help", "required") if k in row})
        base = replace(base, short=plain.short if base.label is plain.label else "")
    return replace(base, version=row.get("version", 1), seen=row.get("seen", 0))


@dataclass(frozen=True)
class Asked:
    """A form as it stands: its questions in order, the retired ones too. Without a row it is the product's default."""

    program: Any
    purpose: str
    questions: tuple[Question, ...]
    id: int | None = None
    public_id: str = ""
    version: int = 0
    program_id: int = 0
    by_key: Mapping[str, Question] = field(default_factory=dict, compare=False)

    def of(self, group: str) -> list[Question]:
        """The questions of a group that are asked now, in order."""
        return [q for q in self.questions if q.group == group and not q.retired]

    def own(self, group: str | None = None) -> list[Question]:
        """The organizers' own questions that are asked now."""
        return [q for q in self.questions if not q.fixed and not q.retired and group in (None, q.group)]

    def get(self, key: str) -> Question | None:
        """The question of that key, retired or not."""
        return self.by_key.get(key)


def assemble(plain: tuple[Question, ...], rows: list[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions in the stored order; the product's that are not stored yet come after their neighbors."""
    if not rows:
        return plain
    mine = {q.key: q for q in plain}
    found = [read(row, mine.get(row["key"])) for row in rows if row["key"] in mine or "kind" in row]
    for at, question in enumerate(plain):
        if all(q.key != question.key for q in found):
            before = {q.key for q in plain[:at] if q.group == question.group}
            place = max((n + 1 for n, q in enumerate(found) if q.key in before), default=0)
            found.insert(place, question)
    return tuple(found)


def named(text: str, name: str) -> str:
    """The text with the educator's name in the place kept for it."""
    return text.replace(NAME, name) if NAME in text else text
