"""What the list is asked for: search, filters, chip, order and page; and which files meet the search and filters."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.core.audit import AuditEntry
from portal.core.names import fold
from portal.nominations.models import Nomination, NomineeFile
from portal.nominations.rules import CONSENT, SCREENING
from portal.nominations.rules.nominate import receipt_typed

ORDERS = ("step", "name", "newest", "school", "district", "position", "proven", "unproven", "asked", "answered")
SORTS = (*ORDERS, *(f"-{order}" for order in ORDERS))  # "-": the other way round
# Chips: steps of their own, and "one": only one relation group has written.
CHIPS = ("screen", "mend", "address", "ask", "wait", "second", "one")


@dataclass(frozen=True)
class Asked:
    """What the list is asked for; unknown words mean "any"."""

    search: str = ""
    district: int | None = None
    consent: str = ""
    screening: str = ""
    chip: str = ""
    sort: str = "step"
    page: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.search or self.district is not None or self.consent or self.screening or self.chip)


def matching(cycle_id: int, asked: Asked) -> list[Any]:
    """The conditions of the search and the filters on a file of the cycle; the chip is not among them."""
    wanted: list[Any] = [NomineeFile.cycle_id == cycle_id, NomineeFile.joined_into_id.is_(None)]
    # Folded words hold letters and digits only, so no wildcard can slip in.
    words = [NomineeFile.search.like(f"%{word}%") for word in fold(asked.search).split()]
    code = receipt_typed(asked.search)
    wanted += [or_(and_(*words), NomineeFile.id.in_(_of_receipt(cycle_id, code)))] if code else words
    if asked.district is not None:
        none_known = NomineeFile.district_id.is_(None)
        wanted.append(none_known if asked.district == 0 else NomineeFile.district_id == asked.district)
    if asked.consent in CONSENT.states:
        wanted.append(NomineeFile.consent == asked.consent)
    if asked.screening in SCREENING.states:
        wanted.append(NomineeFile.screening == asked.screening)
    return wanted


def _of_receipt(cycle_id: int, code: str) -> Select[Any]:
    """The file in which the nomination of this receipt is; of one left behind in a joined file, where that went, over
    any number of joins. One that repeats another of its nominator is in no file: the record tells the first one.
    """
    first, file, into = aliased(Nomination), aliased(NomineeFile), aliased(NomineeFile)
    mine = Nomination.receipt == code, Nomination.cycle_id == cycle_id
    repeats = and_(
        AuditEntry.thing == literal("nomination:") + Nomination.public_id,
        AuditEntry.verb == "nomination.repeated",
        Nomination.file_id.is_(None),
    )
    led_to = first.public_id == AuditEntry.facts["first"].as_string()
    of_first = select(first.file_id).select_from(Nomination).join(AuditEntry, repeats).join(first, led_to).where(*mine)
    inside = union_all(select(Nomination.file_id).where(*mine), of_first)
    way = select(file.id, file.joined_into_id).where(file.id.in_(inside)).cte("way", recursive=True)
    way = way.union(select(into.id, into.joined_into_id).join(way, into.id == way.c.joined_into_id))
    return select(way.c.id)
