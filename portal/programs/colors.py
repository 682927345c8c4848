"""Readable colors from one accent: contrast by WCAG 2.2, and the companions a theme needs. Pure."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
LIGHT_PAPER, LIGHT_WASH = "#fbf9f3", "#f3efe4"
DARK_PAPER, DARK_WASH = "#121814", "#1d2620"
ON_LIGHT, ON_DARK = "#fffefa", "#0e1a13"
ON_DEEP_LIGHT, ON_DEEP_DARK = "#f6f3e8", "#ecebe2"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Theme(NamedTuple):
    """What one screen (light or dark) sets: accent, its stronger form, the text on it, the deep band, text there."""

    accent: str
    accent_2: str
    on_accent: str
    deep: str
    on_deep: str


def is_color(value: str) -> bool:
    """Whether it is written like #1f4a36."""
    return _HEX.fullmatch(value) is not None


def contrast(one: str, other: str) -> float:
    """The WCAG 2.2 contrast ratio of two colors like #1f4a36, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` (0 to 1) of `other` mixed in, channel by channel."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def text_on(background: str) -> str:
    """The text color, light or dark, that reads best on `background`."""
    return max((ON_LIGHT, ON_DARK), key=lambda text: contrast(text, background))


def lightened(accent: str) -> str:
    """The accent for a dark screen: mixed with white until it reads well on dark paper and on washes."""
    for step in range(0, 21):
        candidate = mix(accent, "#ffffff", step / 20)
        if min(contrast(candidate, DARK_PAPER), contrast(candidate, DARK_WASH)) >= READABLE + 2:
            return candidate
    return "#ffffff"


def light_theme(accent: str) -> Theme:
    return Theme(accent, mix(accent, "#000000", 0.25), text_on(accent), accent, ON_DEEP_LIGHT)


def dark_theme(accent: str, accent_dark: str | None = None) -> Theme:
    """The same program after dark; the deep band is the light accent, dimmed."""
    shown = accent_dark or lightened(accent)
    return Theme(shown, mix(shown, "#ffffff", 0.35), text_on(shown), mix(accent, DARK_PAPER, 0.35), ON_DEEP_DARK)


def unreadable(accent: str, accent_dark: str | None = None) -> list[tuple[str, Any, float]]:
    """Pairs under 4.5 to 1 as (which accent, what it meets, ratio); empty when every pair can be read."""
    return [found for found in ratios(accent, accent_dark) if found[2] < READABLE]


def ratios(accent: str, accent_dark: str | None = None) -> list[tuple[str, Any, float]]:
    """Every pair that has to be read, as (which accent, what it meets, ratio from 1 to 21)."""
    light, dark = light_theme(accent), dark_theme(accent, accent_dark)
    pairs = [
        ("accent", _l("the light page"), light.accent, LIGHT_PAPER),
        ("accent", _l("a shaded part of the light page"), light.accent, LIGHT_WASH),
        ("accent", _l("the text on a button"), light.accent, light.on_accent),
        ("accent", _l("the text on a deep band"), light.deep, light.on_deep),
        ("accent", _l("the text on a deep band after dark"), dark.deep, dark.on_deep),
        ("accent_dark", _l("the dark page"), dark.accent, DARK_PAPER),
        ("accent_dark", _l("a shaded part of the dark page"), dark.accent, DARK_WASH),
        ("accent_dark", _l("the text on a button"), dark.accent, dark.on_accent),
    ]
    return [(which, against, contrast(one, other)) for which, against, one, other in pairs]


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2 definition) of an sRGB color."""
    linear = []
    for channel in _channels(color):
        value = channel / 255
        linear.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
