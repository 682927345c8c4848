"""Templates import nothing they do not use, write counts as people do, and the stylesheet names what pages have."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment, nodes

from tests.guards.house import ROOT, TEMPLATES, sources

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


READER = Environment()


def unused_imports(source: str) -> list[str]:
    """The macros that a template imports and never names again."""
    tree = READER.parse(source)
    taken = [name for each in tree.find_all(nodes.FromImport) for name in each.names]
    used = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "load"}
    return [own for name in taken if (own := name[1] if isinstance(name, tuple) else name) not in used]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_a_template_uses_what_it_imports(path):
    assert unused_imports(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% from "a" import b, c as d %}{{ b() }}{% block x %}{{ c() }}{% endblock %}', ["d"]),
        ('{% from "a" import b, c as d %}{% call b() %}{{ d }}{% endcall %}', []),
        ('{# b() #}{% from "a" import b %}{{ x.b }}', ["b"]),
    ],
)
def test_a_macro_that_is_imported_for_nothing_is_seen(source, found):
    assert unused_imports(source) == found


# What pages are still to have: a session on one's own agenda, a certificate, the page of a winner, the projector.
TO_COME = {"star", "mine", "cert", "yr", "sc", "sig", "it", "fine", "rule", "plate", "stage"}
GIVEN = {"htmx-request"}  # by a script that is not ours
NUMBERED = re.compile(r"[a-z]\d")  # put together with a number: "k3", the third column


def classes(sheet: str) -> set[str]:
    """The classes that a stylesheet's rules name."""
    plain = re.sub(r"/\*.*?\*/|@font-face\{[^}]*\}", "", sheet, flags=re.S)
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", " ".join(re.findall(r"([^{};]*)\{", plain))))


def words_of_pages() -> set[str]:
    """Every word that a template or a script of ours holds, comments aside, or that Python quotes."""
    markup = [re.sub(r"\{#.*?#\}", "", p.read_text(), flags=re.S) for p in PAGES]
    scripts = [p.read_text() for p in (ROOT / "static").rglob("*.js") if "vendor" not in p.parts]
    quoted = [each for p in sources() for each in re.findall(r'"([^"\n]*)"', p.read_text())]
    return set(re.findall(r"[\w-]+", " ".join((*markup, *scripts, *quoted))))


def unused_classes(sheet: str) -> set[str]:
    return {each for each in classes(sheet) - TO_COME - GIVEN if not NUMBERED.fullmatch(each)} - words_of_pages()


def test_the_stylesheet_names_what_pages_have():
    sheet = (ROOT / "static/laurel.css").read_text()
    assert unused_classes(sheet) == set()
    assert classes(sheet) >= TO_COME | GIVEN


def test_a_class_that_no_page_has_is_seen():
    sheet = "/* .not-me{} */ .btn,.unheard-of:is(.never-seen,a) + .row{margin:.5rem} @media (min-width:1.5rem){.k3{}}"
    assert classes(sheet) == {"btn", "unheard-of", "never-seen", "row", "k3"}
    assert unused_classes(sheet) == {"unheard-of", "never-seen"}
