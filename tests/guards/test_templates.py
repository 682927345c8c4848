"""Partials have one root with a stable id; letters come in three parts and render; nothing breaks the strict CSP."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask_babel import force_locale, ngettext
from jinja2 import ChainableUndefined

from portal.programs import letters as editable
from tests.guards.house import TEMPLATES

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PARTIALS = sorted(p for p in TEMPLATES.rglob("_*.html") if "_kit" not in p.parts and p.name != "_base.html")
LETTERS = sorted(
    p.relative_to(TEMPLATES).as_posix().removesuffix(".subject.txt")
    for p in (TEMPLATES / "mail").rglob("*.subject.txt")
)


class Anything(ChainableUndefined):
    """What stands for every value a letter is given."""


class Roots(HTMLParser):
    """The elements at the top of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.roots = 0, []

    def handle_starttag(self, tag, attrs):
        if self.depth == 0:
            self.roots.append((tag, dict(attrs)))
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag, attrs):
        if self.depth == 0:
            self.roots.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.depth -= 1


def roots(source: str) -> list[tuple[str, dict]]:
    """The root elements of a template's source, its Jinja left out (macros do not count as content)."""
    plain = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
    plain = re.sub(r"\{%-?\s*macro.*?endmacro\s*-?%\}", "", plain, flags=re.S)
    plain = re.sub(r"\{\{.*?\}\}", "x", plain, flags=re.S)
    plain = re.sub(r"\{%.*?%\}", "", plain, flags=re.S)
    parser = Roots()
    parser.feed(plain)
    return parser.roots


@pytest.mark.parametrize("path", PARTIALS, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_a_partial_has_one_root_with_an_id(path):
    source = path.read_text()
    found = roots(source)
    if not found:  # a macro of the kit makes the root, with the id it was given
        calls = re.findall(r"\{\{-?\s*(\w+)\(", re.sub(r"\{#.*?#\}", "", source, flags=re.S))
        assert calls in (["saved"], ["saved_box"], ["steps"], ["tabs"], ["chips"]), calls
        return
    assert len(found) == 1, [t for t, _ in found]
    assert found[0][1].get("id")


@pytest.mark.parametrize("path", PARTIALS, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_a_partial_leaves_its_news_to_the_place_that_stays(path):
    # A live region that comes with the swap is often not read: [data-said] is, from the frame's own (laurel.js).
    assert re.findall(r'role="status"|aria-live', path.read_text()) == []


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_letter_has_three_parts_that_render(shared_app, letter, language, monkeypatch):
    environment = shared_app.jinja_env.overlay(undefined=Anything)
    # A letter that counts something is given two of it.
    counted = lambda one, many, n, num=2, **kw: ngettext(one, many, 2, **kw)  # noqa: E731
    monkeypatch.setitem(environment.globals, "ngettext", counted)
    with shared_app.app_context(), force_locale(language):
        for part in ("subject.txt", "txt", "html"):
            text = environment.get_template(f"{letter}.{part}").render(locale=language, program_name="The Award")
            assert text.strip(), part
            if part == "html":
                assert f'lang="{language}"' in text
            if part == "txt":
                assert not re.search(r"</?(p|a|h1|strong|br)\b", text)


# Letters that no program words, and why.
NOT_THE_PROGRAMS = {
    "mail/accounts/sign_in": "the installation's: who signs in may belong to no program",
    "mail/accounts/role_invitation": "the installation's: its words say what the role lets one do",
    "mail/core/blank": "holds nothing but what staff write",
    "mail/selection/announcement": "worded whole on the page of the announcement",
}
IN_OWN_WORDS = {f"mail/{letter.template}" for letter in editable.LETTERS.values()}


def without_an_editor(found: list[str]) -> list[str]:
    """Letters that a program can't word and that no reason is given for."""
    return [each for each in found if each not in IN_OWN_WORDS and each not in NOT_THE_PROGRAMS]


def test_every_letter_can_be_in_the_programs_own_words_or_has_a_reason_why_not():
    assert without_an_editor(LETTERS) == []
    assert not IN_OWN_WORDS & set(NOT_THE_PROGRAMS)
    assert without_an_editor([*LETTERS, "mail/desk/new_letter"]) == ["mail/desk/new_letter"]
    assert {letter.to for letter in editable.LETTERS.values()} == set(editable.GROUPS)
    for letter in IN_OWN_WORDS:
        for part, ending in (("subject", "subject.txt"), ("opening", "txt"), ("opening", "html")):
            source = (TEMPLATES / f"{letter}.{ending}").read_text()
            assert source.count(f'{{% call said("{part}") %}}') == 1, f"{letter}.{ending}"


def loose(source: str) -> list[str]:
    """Inline scripts, styles and handlers, which the strict CSP would stop, and output that is not escaped."""
    found = re.findall(r"<style\b|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=\"|javascript:|\|\s*safe\b", source)
    return [f for f in found if f]


PAGES = sorted(p for p in TEMPLATES.rglob("*.html") if "mail" not in p.relative_to(TEMPLATES).parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_no_template_breaks_the_csp(path: Path):
    assert loose(path.read_text()) == []


@pytest.mark.parametrize(
    "source", ["<p style='x'>", "<script>x</script>", '<a onclick="x">', "{{ x|safe }}", "<style>"]
)
def test_the_guard_sees_each(source):
    assert loose(source)


@pytest.mark.parametrize(
    ("source", "count"), [("<p id='a'>x</p><p>y</p>", 2), ("{% if x %}<div id='a'><br></div>{% endif %}", 1), ("x", 0)]
)
def test_roots_are_counted(source, count):
    assert len(roots(source)) == count
