"""What may happen to nominations and nominee files: states in `states`, permissions in a file for each part."""

from portal.nominations.rules import (
    consent,  # noqa: F401  declares its permissions
    files,
    nominate,
    views,  # noqa: F401  the same
)
from portal.nominations.rules.states import (
    BULK,
    BULK_ITEMS,
    CONSENT,
    GROUPS,
    IMPORTING,
    NOMINATION,
    PAIR,
    SCREENING,
    SHARING,
    SOURCES,
)

__all__ = [
    "BULK",
    "BULK_ITEMS",
    "CONSENT",
    "GROUPS",
    "IMPORTING",
    "NOMINATION",
    "PAIR",
    "SCREENING",
    "SHARING",
    "SOURCES",
    "files",
    "nominate",
]
