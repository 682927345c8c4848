"""What a letter is, as a feature writes it and as the database keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identified, known_states
from portal.core.flow import Flow

MESSAGE = Flow(
    "message",
    initial="queued",
    hold=({"queued"}, "held"),
    release=({"held"}, "queued"),
    send=({"queued"}, "sent"),
    fail=({"queued"}, "failed"),
    bounce=({"sent"}, "bounced"),
    cancel=({"queued", "held", "failed", "bounced"}, "canceled"),
    resend=({"sent", "failed", "bounced"}, "queued"),
)


class Message(Identified, Base):
    """One letter to one address. `about` is the audit name of what it concerns ("nomination:AbC...")."""

    __tablename__ = "messages"
    __table_args__ = (known_states(MESSAGE),)

    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(100))
    to: Mapped[str] = mapped_column(String(254), index=True)
    locale: Mapped[str] = mapped_column(String(5))
    context: Mapped[dict[str, Any]]
    program_id: Mapped[int | None] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(String(64), default="", index=True)
    state: Mapped[str] = mapped_column(String(32), default="queued", index=True)
    not_before: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    asked: Mapped[bool] = mapped_column(default=False)  # its reader asked for it just now: sent to any address
    kind: Mapped[str] = mapped_column(String(20), default="")  # why it did not arrive: a key of `delivery.KINDS`
    problem: Mapped[str] = mapped_column(Text, default="")  # the same in the server's own words


@dataclass(frozen=True)
class Letter:
    """What a feature's `mail.py` returns. `key` makes it unique: the same letter is never sent twice. `asked`: its
    reader asked for it this minute, so that it goes out even if earlier mail to the address came back.
    """

    template: str
    to: str
    key: str
    locale: str = "en"
    context: Mapping[str, Any] = field(default_factory=dict)
    program_id: int | None = None
    about: str = ""
    asked: bool = False
