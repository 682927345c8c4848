"""Templates keep to the strict policy (no inline style, script or handler) and draw only icons that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(p for p in (ROOT / "templates").rglob("*.html") if "mail" not in p.parts)
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/sprite.svg").read_text()))
INLINE = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style\b|<script(?![^>]*\ssrc=)|javascript:|hx-on""", re.I)
AREAS = {"a1", "a2", "a3", "a4"}


def inline_parts(text: str) -> list[str]:
    """What a strict content security policy would refuse in a template (comments aside)."""
    return INLINE.findall(re.sub(r"\{#.*?#\}", "", text, flags=re.S))


def icons(text: str) -> set[str]:
    """The sprite ids that a template names outright."""
    named = set(re.findall(r"""\bicon\(\s*["']([a-z0-9-]+)["']\s*\)""", text))
    ids = {n if n in ("mark", "leaf") else f"s-{n}" if n in AREAS else f"i-{n}" for n in named}
    return ids | set(re.findall(r"sprite\.svg'\) \}\}#([a-z0-9-]+)", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOT / "templates").as_posix())
def test_template_keeps_to_the_policy_and_the_sprite(path):
    text = path.read_text()
    assert inline_parts(text) == []
    assert icons(text) - SPRITE == set()


BAD = ('<p style="x">', '<a onclick="x()">', "<style>", "<script>1</script>", '<a href="javascript:x">')


@pytest.mark.parametrize("bad", BAD)
def test_the_guard_catches(bad):
    assert inline_parts(bad)


def test_the_guard_catches_an_unknown_icon():
    assert icons('{{ icon("unicorn") }}') - SPRITE == {"i-unicorn"}
