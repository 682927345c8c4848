"""How people like to see a list: saved views, and the columns that are somebody's usual ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Identified


class SavedView(Identified, Base):
    """A list under a name: filters and order as an address says them, and the columns; for every year of the program.

    The one without a name is its owner's usual list: its columns are seen where an address names none. A deleted one
    can be put back for a while; until then its `name_key` is nobody's, so that the name is free.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("owner_id", "program_id", "list_key", "name_key"),
        CheckConstraint("NOT shared OR name_key <> ''", name="shared_has_name"),
        Index("ix_saved_views_program_id_list_key", "program_id", "list_key"),
    )
    audit_kind = "view"

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    list_key: Mapped[str] = mapped_column(String(20))  # which list: "files"
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(60), default="")
    name_key: Mapped[str] = mapped_column(String(120), default="")  # the name folded
    shared: Mapped[bool] = mapped_column(default=False)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    columns: Mapped[list[Any]] = mapped_column(default=list)
    deleted_at: Mapped[datetime | None]
