"""Which column of a file of schools is what: the Common Core of Data of several years, its table generator, our own."""

import re
from collections.abc import Sequence

from portal.core.names import fold

# What each column may be called, best first; folded, and without what the table generator adds in brackets.
TITLES: dict[str, tuple[str, ...]] = {
    "school": ("sch name", "schnam", "school name", "name of school", "school", "name"),
    "school_id": ("ncessch", "school id nces assigned", "nces school id", "nces id", "school id"),
    "district": ("lea name", "leanm", "agency name", "district name", "school district", "district", "lea"),
    "district_id": ("leaid", "agency id nces assigned", "nces district id", "lea id", "district id"),
    "city": ("lcity", "location city", "lcity09", "city", "mcity", "mailing city"),
    "level": ("level", "school level", "schlevel", "level text", "gslo level"),
    "charter": ("charter text", "chartr", "charter school", "charter"),
    "status": (
        "updated status text",
        "updated status",
        "sy status text",
        "sy status",
        "start of year status",
        "status",
    ),
}
NEEDED = ("school", "district")


def recognize(header: Sequence[str]) -> dict[str, int]:
    """Field -> column number; a field that no column is called by is left out."""
    called: dict[str, int] = {}
    for at, title in enumerate(header):
        called.setdefault(fold(re.sub(r"\[.*", "", title)), at)
    found = {}
    for field, titles in TITLES.items():
        where = next((called[title] for title in titles if title in called), None)
        if where is not None:
            found[field] = where
    return found
