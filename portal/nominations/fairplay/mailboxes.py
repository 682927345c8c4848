"""Mail addresses that reach one box, and addresses that look as if they were counted through. Pure."""

import re
from collections.abc import Iterable

DOTS_MEAN_NOTHING = ("gmail.com", "googlemail.com")
SHORTEST_STEM = 3  # letters; school accounts such as s1023456 have fewer
LEAST = 4  # addresses that make a series
_COUNTED = re.compile(r"^(?P<stem>.*?[^\d]{1}.*?)(?P<number>\d{1,4})$")


def the_same_box(address: str) -> str:
    """The address without what mail servers drop: "Nora.B+award@gmail.com" -> "norab@gmail.com"."""
    name, _at, host = address.strip().lower().partition("@")
    name = name.partition("+")[0] or name
    if host in DOTS_MEAN_NOTHING:
        name, host = name.replace(".", ""), DOTS_MEAN_NOTHING[0]
    return f"{name}@{host}" if host else name


def stem(address: str) -> str:
    """What stays of a counted address without its number ("maria07@x.org" -> "maria@x.org"); "" when it has none."""
    name, _at, host = the_same_box(address).partition("@")
    found = _COUNTED.match(name)
    if not found or len(re.sub(r"[\W\d_]", "", found["stem"])) < SHORTEST_STEM:
        return ""
    return f"{found['stem'].rstrip('._-')}@{host}"


def series(addresses: Iterable[str]) -> bool:
    """Whether these addresses of one stem were counted through: four or more, their numbers lying close together."""
    numbers = set()
    for address in addresses:
        found = _COUNTED.match(the_same_box(address).partition("@")[0])
        if found:
            numbers.add(int(found["number"]))
    return len(numbers) >= LEAST and max(numbers) - min(numbers) < 4 * len(numbers)
