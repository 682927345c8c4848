"""Colors: contrast as WCAG computes it, readable companions for any accent that passes, refusal of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.programs import colors


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.00),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_what_wcag_says(one, other, ratio):
    assert colors.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colors.contrast(other, one) == colors.contrast(one, other)


@pytest.mark.parametrize(
    ("accent", "dark", "refused"),
    [
        ("#1f4a36", "#a9d0b5", set()),
        ("#1f4a36", None, set()),
        ("#7a1f3d", None, set()),
        ("#0b4f8a", None, set()),
        ("#1f4a36", "#1f4a36", {"accent_dark"}),
        ("#dcb85f", None, {"accent"}),
        ("#ffffff", None, {"accent"}),
    ],
)
def test_pairs_that_cannot_be_read_are_refused(accent, dark, refused):
    assert {which for which, _against, _ratio in colors.unreadable(accent, dark)} == refused


@given(st.integers(0, 0xFFFFFF))
def test_whatever_accent_passes_is_readable_everywhere(value):
    accent = f"#{value:06x}"
    if any(which == "accent" for which, _a, _r in colors.unreadable(accent)):
        return
    light, dark = colors.light_theme(accent), colors.dark_theme(accent)
    for theme, paper in ((light, colors.LIGHT_PAPER), (dark, colors.DARK_PAPER)):
        assert colors.contrast(theme.accent, paper) >= colors.READABLE
        assert colors.contrast(theme.accent, theme.on_accent) >= colors.READABLE
        assert colors.contrast(theme.accent_2, theme.on_accent) >= colors.READABLE
        assert colors.contrast(theme.deep, theme.on_deep) >= colors.READABLE
