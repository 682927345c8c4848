"""Colors that can be read in both themes, and a stylesheet that asks for nothing it does not have."""

import hashlib
import re
from pathlib import Path

import pytest

from portal.programs.colors import contrast

STATIC = Path(__file__).parents[2] / "static"
CSS = (STATIC / "laurel.css").read_text()
TEXT = [("ink", p) for p in ("paper", "sheet", "wash", "leaf", "leaf-2", "gold-soft", "brick-soft")]
TEXT += [("ink-2", p) for p in ("paper", "sheet", "wash", "leaf", "gold-soft", "brick-soft")]
TEXT += [("accent", p) for p in ("paper", "sheet", "wash", "leaf", "gold-soft")]
TEXT += [("accent-2", p) for p in ("paper", "leaf")]
TEXT += [("on-accent", "accent"), ("on-accent", "accent-2"), ("on-accent", "moss"), ("on-deep", "deep"), ("ink", "z3")]
TEXT += [("brick", p) for p in ("paper", "sheet", "brick-soft", "gold-soft")]
TEXT += [(c, p) for c in ("gold-ink", "a3", "a4") for p in ("paper", "sheet", "gold-soft")]
SHAPES = [(c, p) for c in ("line-2", "moss", "focus") for p in ("paper", "sheet")]
SHAPES += [("focus", p) for p in ("wash", "leaf", "leaf-2", "gold-soft", "brick-soft")]


def tokens(start: str) -> dict[str, str]:
    """The colors set by the first rule after `start`."""
    block = CSS[CSS.index(start):]
    return dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{6})\b", block[: block.index("}")]))


THEMES = {"light": tokens(':root,[data-theme="light"]{'), "dark": tokens(':root:not([data-theme="light"]){')}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", TEXT, ids="-on-".join)
def test_text_can_be_read(theme, pair):
    colors = THEMES[theme]
    assert contrast(colors[pair[0]], colors[pair[1]]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", SHAPES, ids="-on-".join)
def test_shapes_can_be_seen(theme, pair):
    colors = THEMES[theme]
    assert contrast(colors[pair[0]], colors[pair[1]]) >= 3


def test_the_focus_can_be_seen_on_deep_surfaces():
    # A program sets the deep color itself: only the text color that goes with it is sure to stand out.
    deep = set(re.findall(r"(\.[\w-]+)\{background:var\(--deep\)", CSS))
    told = set(re.search(r"([^\n{}]+)\{--focus:var\(--on-deep\)\}", CSS)[1].strip().split(","))
    assert deep
    assert deep == told


def test_the_chosen_dark_theme_is_the_preferred_one():
    assert tokens(':root[data-theme="dark"]{') == THEMES["dark"]


def test_every_variable_is_set_and_every_file_is_there():
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", CSS))
    assert used - set(re.findall(r"--([a-z0-9-]+):", CSS)) == set()
    assert [url for url in re.findall(r"url\(([^)]+)\)", CSS) if not (STATIC / url).is_file()] == []


def test_braces_are_balanced():
    assert CSS.count("{") == CSS.count("}")


def digests() -> dict[str, str]:
    listed = re.findall(r"^([0-9a-f]{64})  (\S+)$", (STATIC / "vendor/VENDORED.md").read_text(), re.M)
    return {name: digest for digest, name in listed}


def test_vendored_files_are_the_listed_ones():
    files = [p for p in STATIC.rglob("*") if p.suffix == ".woff2" or p.name.endswith(".min.js")]
    found = {p.relative_to(STATIC).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    assert found == digests()
