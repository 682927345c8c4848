"""A program as its TOML file tells it: frozen values, no database. Texts are by language: {"en": ..., "es": ...}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from flask_babel import gettext as _

Text = Mapping[str, str]
_OFFSET = re.compile(r"day (-?\d{1,4}) at (\d{1,2}):(\d{2})")

GROUPS = ("student", "family", "colleague", "leader", "community", "self")
CYCLE_WINDOWS = ("nominations", "consent", "notices", "ceremony")


@dataclass(frozen=True)
class Problem:
    """One mistake in a file: the line (from 1), the field as a person would look for it, what to do, and the path."""

    line: int
    field: str
    sentence: str
    path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        if self.field:
            return _("Line %(line)s, %(field)s: %(sentence)s", **vars(self))
        return _("Line %(line)s: %(sentence)s", line=self.line, sentence=self.sentence)


class DefinitionErrors(Exception):
    """Every mistake of a definition at once, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.field))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, order=True)
class Offset:
    """A wall-clock time so many days after the opening day of nominations (day 0)."""

    day: int
    at: time

    def __str__(self) -> str:
        return f"day {self.day} at {self.at:%H:%M}"


def offset_from(written: str) -> Offset | None:
    """Reads "day 62 at 23:59"; None for anything else."""
    found = _OFFSET.fullmatch(written)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    return Offset(int(found[1]), time(int(found[2]), int(found[3])))


@dataclass(frozen=True)
class WindowDefinition:
    key: str
    opens: Offset
    closes: Offset
    name: Text
    text: Text


@dataclass(frozen=True)
class RoundDefinition:
    key: str
    kind: str
    name: Text
    text: Text
    rubric: str
    readers: int
    past_winners: int
    max_load: int
    panel_size: int
    advance: int | None  # None: as many as the categories have places
    window: WindowDefinition
    scoring: WindowDefinition


@dataclass(frozen=True)
class CriterionDefinition:
    """One line of a rubric: `levels` are the descriptors from 1 up, `from_round` the first round that asks it."""

    key: str
    weight: int
    name: Text
    text: Text
    levels: tuple[Text, ...]
    from_round: str | None


@dataclass(frozen=True)
class RubricDefinition:
    key: str
    name: Text
    final_weight: int
    min_judged_share: int
    criteria: tuple[CriterionDefinition, ...]

    def criteria_in(self, round_key: str, order: tuple[str, ...]) -> tuple[CriterionDefinition, ...]:
        """The criteria that `round_key` asks, given all round keys in order."""
        here = order.index(round_key)
        return tuple(c for c in self.criteria if c.from_round is None or order.index(c.from_round) <= here)


@dataclass(frozen=True)
class PublicCriterion:
    key: str
    name: Text
    headline: Text
    text: Text


@dataclass(frozen=True)
class AwardPart:
    key: str
    amount: int
    text: Text


@dataclass(frozen=True)
class EligibilityRule:
    key: str
    check: str
    public: bool
    text: Text


@dataclass(frozen=True)
class District:
    key: str
    name: str
    short: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Position:
    key: str
    eligible: bool
    name: Text
    words: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """How a nominator knows the educator; `alone` is whether such voices can qualify a file by themselves."""

    key: str
    group: str
    alone: bool
    name: Text
    hint: Text
    words: tuple[str, ...]


@dataclass(frozen=True)
class NominationSettings:
    story_min_words: int
    story_max_words: int
    adult_age: int
    self_needs_seconders: int
    family_alone_qualifies: bool
    confirm_within_days: int
    remind_after_days: int
    consent_within_days: int
    consent_remind_after_days: int
    story_question: Text
    story_hint: Text
    least_seconds: int = 20
    network_an_hour: int = 150
    address_an_hour: int = 10
    proof_of_work: int = 0
    drafts_kept_days: int = 30


@dataclass(frozen=True)
class Category:
    key: str
    places: int
    positions: tuple[str, ...]
    name: Text


@dataclass(frozen=True)
class Story:
    title: Text
    text: Text


@dataclass(frozen=True)
class Voice:
    """Words of a nominator, quoted in the language they were written in."""

    language: str
    quote: str
    by: Text


@dataclass(frozen=True)
class Question:
    question: Text
    answer: Text


@dataclass(frozen=True)
class LetterWords:
    """A program's own words for one of `letters.LETTERS`; an empty text leaves Laurel's."""

    key: str
    subject: Text
    opening: Text


@dataclass(frozen=True)
class ProgramDefinition:
    slug: str
    name: str
    short_name: str
    languages: tuple[str, ...]
    time_zone: str
    contact: str
    mail_sender: str
    schools_file: str | None
    place: Text
    tagline: Text
    accent: str
    accent_dark: str | None
    headline: Text
    emphasis: Text
    lead: Text
    honored_before: int
    honored_since: int
    award_total: int
    award: tuple[AwardPart, ...]
    story: tuple[Story, ...]
    voices: tuple[Voice, ...]
    criteria: tuple[PublicCriterion, ...]
    eligibility: tuple[EligibilityRule, ...]
    districts: tuple[District, ...]
    positions: tuple[Position, ...]
    groups: Mapping[str, Text]
    relations: tuple[Relation, ...]
    nominations: NominationSettings
    categories: tuple[Category, ...]
    windows: tuple[WindowDefinition, ...]
    rounds: tuple[RoundDefinition, ...]
    level_names: tuple[Text, ...]
    level_reference: float
    rubrics: tuple[RubricDefinition, ...]
    tie_criteria: tuple[str, ...]  # compared first when files are tied
    questions: tuple[Question, ...]
    letters: tuple[LetterWords, ...]
    forms: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)  # `questions.rows` by purpose; {}: as it is

    @property
    def places(self) -> int:
        """How many awards there are in a cycle, over all categories."""
        return sum(category.places for category in self.categories)

    @property
    def round_keys(self) -> tuple[str, ...]:
        return tuple(each.key for each in self.rounds)

    def rubric(self, key: str) -> RubricDefinition:
        """The rubric of that key. Raises KeyError."""
        return {each.key: each for each in self.rubrics}[key]

    def criteria_of_round(self, round_key: str) -> tuple[CriterionDefinition, ...]:
        """What the panel scores in that round, in order."""
        asked = {each.key: each.rubric for each in self.rounds}[round_key]
        return self.rubric(asked).criteria_in(round_key, self.round_keys)
