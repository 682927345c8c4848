"""The nominee file: all nominations of one educator in one cycle; and the nominations that form it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, exists, false, or_, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship, validates

from portal.core.db import Base, Identified, known_states, one_of, state_column
from portal.core.delivery import OF_THE_ADDRESS, StoppedAddress
from portal.core.outbox import Message
from portal.nominations import rules
from portal.nominations.models.tally import Tally
from portal.programs.models import Cycle, District, Program, School

_RUNNING = ("consent", "screening", "withdrawn_at", "joined_into_id")
_ASKED = ("search", "district_id", "consent", "screening")


def _where(condition: str, sqlite: str = "") -> dict[str, Any]:
    """An index of these rows alone. It serves a query that says the condition as it is written here."""
    return {"sqlite_where": text(sqlite or condition), "postgresql_where": text(condition)}


_ALONE = _where("joined_into_id IS NULL")


class NomineeFile(Identified, Tally, Base):
    """One educator in one cycle: what all nominations of the person form. What consents, is scored and decided."""

    __tablename__ = "nominee_files"
    __table_args__ = (
        known_states(rules.CONSENT, "consent"),
        known_states(rules.SCREENING, "screening"),
        CheckConstraint("consent != 'asked' OR asked_at IS NOT NULL", name="asked_has_date"),
        CheckConstraint("screening = 'unscreened' OR screened_at IS NOT NULL", name="screened_has_date"),
        # Same name and school in one cycle is one file; without a school nothing matches by itself.
        Index("ix_nominee_files_match", "cycle_id", "name_key", "school_key"),
        # The list of files and the desk's counts go along these two alone: first what they sort by, then what they ask.
        Index("ix_nominee_files_name", "cycle_id", "name_key", "id", *_ASKED, **_ALONE),
        Index("ix_nominee_files_standing", "cycle_id", "standing", "name_key", "id", *_ASKED, **_ALONE),
        Index("ix_nominee_files_email", "cycle_id", "email"),
        # Files in the running (`review.queries.files.STANDS`).
        Index("ix_nominee_files_running", "cycle_id", *_RUNNING, "name_key", "id"),
        # The heat of districts by groups; schools heard of; who is to be reminded; schools the directory lacks.
        Index("ix_nominee_files_district", "cycle_id", "district_id", *(f"from_{group}" for group in rules.GROUPS)),
        Index("ix_nominee_files_school", "school_id", "cycle_id", "proven", "unproven"),
        Index("ix_nominee_files_to_remind", "cycle_id", "consent", "reminded_at", "asked_at"),
        Index("ix_nominee_files_unlisted", "cycle_id", "school_key", "district_id", **_where("school_id IS NULL")),
        # What waits to be compared with the others (`actions.likely`).
        Index("ix_nominee_files_to_compare", "cycle_id", "id", **_where("NOT compared", sqlite="compared = 0")),
        # Which files were joined into one; hardly any is.
        Index("ix_nominee_files_joined_into_id", "joined_into_id", **_where("joined_into_id IS NOT NULL")),
    )
    audit_kind = "file"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    school_name: Mapped[str] = mapped_column(String(200), default="")
    school_key: Mapped[str] = mapped_column(String(200), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("districts.id"))
    outside: Mapped[bool] = mapped_column(default=False)  # staff found that the school is not one of our districts'
    position: Mapped[str] = mapped_column(String(200), default="")  # as written, for people
    position_key: Mapped[str] = mapped_column(String(60), default="")  # one of the program's positions, when known
    email: Mapped[str] = mapped_column(String(254), default="")  # where the consent letter goes
    locale: Mapped[str] = mapped_column(String(5), default="en")
    search: Mapped[str] = mapped_column(Text, default="")  # name, school and position folded, for the desk's search
    anchor: Mapped[bool] = mapped_column(default=False)  # read by the whole panel, for calibration

    consent: Mapped[str] = state_column(rules.CONSENT, index=False)
    asked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    public_name_ok: Mapped[bool] = mapped_column(default=True)  # what the nominee allows on public pages
    screening: Mapped[str] = state_column(rules.SCREENING, index=False)
    screened_at: Mapped[datetime | None]
    screening_reason: Mapped[str] = mapped_column(Text, default="")
    erased_before: Mapped[bool] = mapped_column(default=False)  # this person asked us to erase everything before
    withdrawn_at: Mapped[datetime | None]
    joined_into_id: Mapped[int | None] = mapped_column(ForeignKey("nominee_files.id"))  # it is empty now
    compared: Mapped[bool] = mapped_column(default=False)  # with the other files, as it stands now

    # Whether letters to the address came back, so that nothing more goes there; loaded by who asks for it.
    stopped: Mapped[bool] = column_property(
        exists().where(StoppedAddress.email == email).correlate_except(StoppedAddress), deferred=True
    )

    cycle: Mapped[Cycle] = relationship()
    school: Mapped[School | None] = relationship()
    district: Mapped[District | None] = relationship()
    nominations: Mapped[list["Nomination"]] = relationship(back_populates="file", order_by="Nomination.id")

    @validates("name", "school_name", "school_id", "district_id", "position", "email")
    def _describe(self, _column: str, value: Any) -> Any:
        """Whatever describes the educator anew is compared anew. Updates in bulk set `compared` themselves."""
        self.compared = False
        return value

    @property
    def program(self) -> Program:
        return self.cycle.program


class Nomination(Identified, Base):
    """What one nominator wrote about one educator. `answers` holds the form as typed; columns hold what is used."""

    __tablename__ = "nominations"
    __table_args__ = (
        known_states(rules.NOMINATION),
        one_of("sharing", rules.SHARING),
        one_of("source", rules.SOURCES),
        CheckConstraint("state IN ('draft', 'expired', 'withdrawn') OR file_id IS NOT NULL", name="sent_has_file"),
        CheckConstraint("state != 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_has_date"),
        # One nomination per nominator and educator (a file): the second one opens the first.
        Index(
            "uq_nominations_nominator_file",
            "file_id",
            "nominator_email",
            unique=True,
            **_where("state IN ('submitted', 'confirmed')"),
        ),
        UniqueConstraint("cycle_id", "import_key"),
        # A file's voices are counted from this index alone (`models.tally`).
        Index("ix_nominations_voices", "file_id", "state", "relation_group", "relation"),
        # The desk: how many are sent and when, and by how many people.
        Index("ix_nominations_cycle_state", "cycle_id", "state", "submitted_at"),
        Index("ix_nominations_people", "cycle_id", "nominator_email", "state"),
        Index("ix_nominations_network", "cycle_id", "network", "submitted_at"),
    )

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("nominee_files.id"))
    state: Mapped[str] = state_column(rules.NOMINATION)
    source: Mapped[str] = mapped_column(String(10), default="form")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # {key: version it was shown in}
    # What was sent to the organizers' own questions, and versions other than the first (`questions.answers.stored`).
    said: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    step: Mapped[str] = mapped_column(String(30), default="")
    locale: Mapped[str] = mapped_column(String(5), default="en")

    educator_name: Mapped[str] = mapped_column(String(200), default="")
    school_id: Mapped[int | None] = mapped_column(ForeignKey("schools.id"))
    school_name: Mapped[str] = mapped_column(String(200), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("districts.id"))
    position: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    educator_email: Mapped[str] = mapped_column(String(254), default="")
    relation: Mapped[str] = mapped_column(String(60), default="")  # a key of the program's relations
    relation_group: Mapped[str] = mapped_column(String(20), default="", index=True)
    known_for: Mapped[str] = mapped_column(String(100), default="")
    story: Mapped[str] = mapped_column(Text, default="")
    with_others: Mapped[str] = mapped_column(Text, default="")
    tie: Mapped[str] = mapped_column(String(300), default="")  # family or business, in the nominator's words
    nominator_name: Mapped[str] = mapped_column(String(200), default="")
    nominator_email: Mapped[str] = mapped_column(String(254), default="", index=True)
    # Staff wrote the address of what counted already: nobody has proven it, so that no letter to it opens anything.
    address_by_staff: Mapped[bool] = mapped_column(default=False, server_default=false())
    sharing: Mapped[str] = mapped_column(String(10), default="no")
    for_child: Mapped[bool] = mapped_column(default=False)  # an adult sent it for a child under 13 (first name only)
    child_name: Mapped[str] = mapped_column(String(60), default="")

    receipt: Mapped[str] = mapped_column(String(12), default="", index=True)  # the short code told on sending
    submitted_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    shown: Mapped[bool] = mapped_column(default=False)  # the one story of its group that scorers see, chosen by staff
    import_key: Mapped[str | None] = mapped_column(String(64))  # hash of the imported row: the same row enters once
    network: Mapped[str] = mapped_column(String(24), default="", server_default="")  # keyed hash; forgotten in time
    looked_at: Mapped[datetime | None]  # when fair play looked at it as it is now

    # Whether letters to the nominator's address came back; loaded by who asks for it.
    returned: Mapped[bool] = column_property(
        or_(
            exists().where(StoppedAddress.email == nominator_email).correlate_except(StoppedAddress),
            exists()
            .where(Message.to == nominator_email, Message.state.in_(("failed", "bounced")))
            .where(Message.kind.in_((*OF_THE_ADDRESS, "stopped")))
            .correlate_except(Message),
        ),
        deferred=True,
    )

    @property
    def by_minor(self) -> bool:
        """Whether somebody under 18 wrote it (or an adult for a child): the name is for those who must know it."""
        return self.for_child or (self.answers or {}).get("age") in ("under", "between")

    cycle: Mapped[Cycle] = relationship()
    file: Mapped[NomineeFile | None] = relationship(back_populates="nominations")
    school: Mapped[School | None] = relationship()
    district: Mapped[District | None] = relationship()

    @property
    def program(self) -> Program:
        return self.cycle.program
