"""The award as tables: program, cycle, rounds and windows, rubric and its criteria.

Public texts are dictionaries by language ({"en": ..., "es": ...}); `core.i18n.pick` chooses one for the reader.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import identity
from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.programs.letters import key_of
from portal.programs.rules import CHECKS, CYCLE, ROUND_KINDS, open_windows, window_named

if TYPE_CHECKING:
    from portal.programs.models.directory import District


class Program(Identified, Base):
    """The award, over the years."""

    __tablename__ = "programs"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[dict[str, Any]]
    tagline: Mapped[dict[str, Any]]
    time_zone: Mapped[str] = mapped_column(String(40))
    contact: Mapped[str] = mapped_column(String(254))
    texts: Mapped[dict[str, Any]]  # story, award, questions: what the public page shows
    settings: Mapped[dict[str, Any]]  # positions, relations, nomination settings, tie-break criteria
    colors: Mapped[dict[str, Any]]
    # {"file": public id, "sha": hash, "width": pixels, "height": pixels} of the picture beside the name, or None
    logo: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(default=1)  # rises with every change of what the program's file tells

    districts: Mapped[list["District"]] = relationship(order_by="District.id", viewonly=True)

    @property
    def program_id(self) -> int:
        return self.id

    @property
    def program(self) -> "Program":
        return self

    def letter_dress(self, template: str, locale: str, context: Mapping[str, Any]) -> dict[str, Any]:
        """What this program gives a letter (see `core.dress`): sender, address for answers, colors, own words."""
        written = self.settings.get("letters", {}).get(key_of(template, context), {})
        return {
            "sender": self.settings.get("mail_sender", ""),
            "reply_to": self.contact,
            "colors": {name: self.colors[name] for name in ("light", "dark") if name in self.colors},
            "words": {part: text[locale] for part, text in written.items() if text.get(locale)},
        }


class Cycle(Identified, Base):
    """One year of the award. Dates are its windows; only what a person decided is stored as a moment here."""

    __tablename__ = "cycles"
    __table_args__ = (
        UniqueConstraint("program_id", "name"),
        known_states(CYCLE),
        CheckConstraint("announced_at IS NULL OR decisions_confirmed_at IS NOT NULL", name="announced_after_confirmed"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))  # "2027": how people call this year's award
    opening_day: Mapped[date]
    state: Mapped[str] = state_column(CYCLE)
    places: Mapped[int] = mapped_column(default=8)  # how many are honored
    decisions_confirmed_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    windows: Mapped[list["Window"]] = relationship(order_by="Window.opens_at", back_populates="cycle")
    rounds: Mapped[list["Round"]] = relationship(order_by="Round.position", back_populates="cycle")
    categories: Mapped[list["Category"]] = relationship(order_by="Category.position")
    eligibility: Mapped[list["EligibilityRule"]] = relationship(order_by="EligibilityRule.position")

    # The one window that the nomination form asks about, to be loaded with the cycle in one row.
    taking: Mapped["Window | None"] = relationship(
        primaryjoin="and_(Window.cycle_id == Cycle.id, Window.key == 'nominations')", viewonly=True
    )

    @property
    def cycle_id(self) -> int:
        return self.id

    @property
    def nominations(self) -> "Window | None":
        """When nominations are taken: found among the windows where these are loaded already."""
        return window_named(self.windows, "nominations") if "windows" in self.__dict__ else self.taking


class Category(Base):
    """A kind of honoree within a cycle (teacher, assistant principal, principal)."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("cycle_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[dict[str, Any]]
    places: Mapped[int] = mapped_column(default=0)  # how many of the cycle's places are this category's
    positions: Mapped[list[Any]] = mapped_column(default=list)  # keys of the positions that belong to it


class EligibilityRule(Base):
    """One condition of eligibility, as text for people and a key for the screening page."""

    __tablename__ = "eligibility_rules"
    __table_args__ = (UniqueConstraint("cycle_id", "key"), one_of("checked_by", CHECKS))

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    text: Mapped[dict[str, Any]]
    checked_by: Mapped[str] = mapped_column(String(20), default="attest")  # one of rules.CHECKS: how it is checked
    public: Mapped[bool] = mapped_column(default=True)  # listed on the program page


class Round(Identified, Base):
    """One round of judging, with its own rubric and panel."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("cycle_id", "key"), one_of("kind", ROUND_KINDS))

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]]
    readers: Mapped[int]  # how many read each file
    max_load: Mapped[int]  # at most so many files a reader
    past_winners: Mapped[int] = mapped_column(default=0)  # at least so many of a file's readers have won before
    panel_size: Mapped[int] = mapped_column(default=1)  # how many people the panel needs at least
    advance: Mapped[int | None]  # how many files go on; None: as many as the cycle has places
    final_weight: Mapped[int] = mapped_column(default=100)  # percent of the final score for this round's kind of rubric

    cycle: Mapped[Cycle] = relationship(back_populates="rounds")
    rubrics: Mapped[list["Rubric"]] = relationship(order_by="Rubric.version", back_populates="round")

    @property
    def program(self) -> Program:
        return self.cycle.program


class Window(Base):
    """When something is open: "nominations", "consent", "notices", "ceremony"; for a round "KEY" (when nominees work on
    it or are visited) and "KEY.scoring" (when the panel scores). Closing is exclusive.
    """

    __tablename__ = "windows"
    __table_args__ = (
        UniqueConstraint("cycle_id", "key"),
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]  # None: a moment (the ceremony), not a span

    cycle: Mapped[Cycle] = relationship(back_populates="windows")

    def is_open(self, at: datetime) -> bool:
        """Whether the window is open at this moment."""
        return bool(open_windows([self], at))


class Rubric(Identified, Base):
    """A round's rubric; frozen by the first score, after which it stays. Nothing makes a second version of one yet."""

    __tablename__ = "rubrics"
    __table_args__ = (UniqueConstraint("round_id", "version"),)

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    version: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(String(60), default="file")  # which rubric of the program it is
    name: Mapped[dict[str, Any]] = mapped_column(default=dict)
    levels: Mapped[list[Any]]  # names of levels 1..n, lowest first: [{"en": "Limited", "es": ...}, ...]
    reference: Mapped[float] = mapped_column(default=3.0)  # the level the award hopes to see
    min_judged_share: Mapped[int] = mapped_column(default=60)  # percent of the weight a review must judge to count
    frozen_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship(back_populates="rubrics")
    criteria: Mapped[list["Criterion"]] = relationship(order_by="Criterion.position", back_populates="rubric")


class Criterion(Base):
    """One criterion: weight, and a descriptor for each level."""

    __tablename__ = "criteria"
    __table_args__ = (UniqueConstraint("rubric_id", "key"), CheckConstraint("weight > 0", name="weight_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    rubric_id: Mapped[int] = mapped_column(ForeignKey("rubrics.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the criterion is about, in a sentence
    weight: Mapped[float]
    breaks_ties: Mapped[bool] = mapped_column(default=False)  # one of the student criteria of the tie-break criteria
    descriptors: Mapped[list[Any]]  # a text by language for each level, lowest first

    rubric: Mapped[Rubric] = relationship(back_populates="criteria")


identity.provide(Program)
