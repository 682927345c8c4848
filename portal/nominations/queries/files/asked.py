"""What the list is asked for: search, filters, chip, order and page; and which files meet the search and filters."""

from dataclasses import dataclass
from typing import Any

from portal.core.names import fold
from portal.nominations.models import NomineeFile
from portal.nominations.rules import CONSENT, SCREENING

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
    wanted += [NomineeFile.search.like(f"%{word}%") for word in fold(asked.search).split()]
    if asked.district is not None:
        none_known = NomineeFile.district_id.is_(None)
        wanted.append(none_known if asked.district == 0 else NomineeFile.district_id == asked.district)
    if asked.consent in CONSENT.states:
        wanted.append(NomineeFile.consent == asked.consent)
    if asked.screening in SCREENING.states:
        wanted.append(NomineeFile.screening == asked.screening)
    return wanted
