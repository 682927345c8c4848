"""Templates import nothing they do not use, write counts as people do, and the stylesheet names what pages have."""

import re
from collections.abc import Iterator

import pytest

from tests.guards.house import TEMPLATES

PAGES = sorted(p for p in TEMPLATES.rglob("*.*") if p.suffix in (".html", ".txt"))
CALL = re.compile(r"""(?<!\w)_\("([^"]*)",((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)""")
COUNT = re.compile(r"\bnum=((?:[^,()]|\([^()]*\))*)")
FEW = {  # what these count never comes to a thousand
    "%(num)s minutes",
    "%(num)s in 100",
    "All %(num)s on this page",
}


def raw_counts(source: str) -> Iterator[str]:
    """The sentences of a template in which a count stands as digits without a comma."""
    for sentence, values in CALL.findall(source):
        if sentence not in FEW and any(not each.strip().endswith("|number") for each in COUNT.findall(values)):
            yield sentence


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_counts_are_written_as_people_write_them(path):
    assert list(raw_counts(path.read_text())) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{{ _("All %(num)s", num=counts.all) }}', ["All %(num)s"]),
        ('{{ _("All %(num)s", num=(a - b)|length, x=1) }}', ["All %(num)s"]),
        ('{{ _("All %(num)s", num=counts.all|number) }}', []),
        ('{{ ngettext("One", "%(num)s", n) }}', []),
        ('{{ _("%(num)s minutes", num=length) }}', []),
    ],
)
def test_a_count_without_its_comma_is_seen(source, found):
    assert list(raw_counts(source)) == found
