"""How many files of a cycle stand where: what the desk and the pages of letters count."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select

from portal.nominations.queries.files.asked import Asked, matching
from portal.nominations.queries.files.standing import Kind, standings
from portal.nominations.rules.eligibility import Known
from portal.nominations.rules.files import terms_of
from portal.programs.models import Cycle


def _can_be_asked(kind: Kind) -> bool:
    """Somebody proven has written, nobody has asked, and nothing known speaks against it: `consent.ready_to_ask` and
    `consent.needing_address` say so in SQL; a test compares them.
    """
    told = kind.told
    if told.withdrawn or told.consent != "open" or told.screening == "ineligible" or kind.stopped or not told.proven:
        return False
    return not (kind.held and told.screening == "unscreened")


def _to_screen(kind: Kind) -> bool:
    told = kind.told
    waits = kind.held or told.consent == "accepted"
    return told.stands and told.proven and told.screening == "unscreened" and waits


_ANSWERED_OR_ASKED = ("open", "asked", "accepted")
MEETS: dict[str, Callable[[Kind], bool]] = {
    "need_address": lambda kind: _can_be_asked(kind) and not kind.told.has_address,
    "ready": lambda kind: _can_be_asked(kind) and kind.told.has_address,
    "waiting": lambda kind: not kind.told.withdrawn and kind.told.consent == "asked",
    "came_back": lambda kind: kind.stopped and not kind.told.withdrawn and kind.told.consent in _ANSWERED_OR_ASKED,
    "accepted": lambda kind: not kind.told.withdrawn and kind.told.consent == "accepted",
    "declined": lambda kind: not kind.told.withdrawn and kind.told.consent == "declined",
    "erased": lambda kind: kind.told.consent == "erased",
    "withdrawn": lambda kind: kind.told.withdrawn and kind.told.consent != "erased",  # each answer counts once
    "educators": lambda kind: kind.told.proven or kind.told.unproven or kind.told.asked,  # also erased since
    "asked": lambda kind: kind.told.asked,
    "eligible": lambda kind: kind.told.stands and (kind.told.consent, kind.told.screening) == ("accepted", "eligible"),
    "ineligible": lambda kind: kind.told.screening == "ineligible",
    "to_screen": _to_screen,
}


def counts(cycle: Cycle, known: list[Known], beside: Mapping[str, Select[Any]]) -> dict[str, int]:
    """How many files meet each of MEETS, and the number that each select `beside` counts: one query."""
    stand = standings(cycle.id, matching(cycle.id, Asked()), terms_of(cycle.program.settings), known, beside)
    found = dict.fromkeys(MEETS, 0)
    for kind in stand.kinds():
        for name, meets in MEETS.items():
            found[name] += kind.files * meets(kind)
    return {**found, **stand.beside}
