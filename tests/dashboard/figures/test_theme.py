from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.figures.theme import PALETTES, TOKENS, mantine_theme, tokens_css

ROOT = Path(__file__).resolve().parents[3]
TEXT_COLOURS = ("ink", "ink-2", "ink-3", "accent", "doubt", "error", "good")


def luminance(colour: str) -> float:
    """Compute relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    brighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_style_sheet_is_the_table() -> None:
    assert (ROOT / "assets" / "css" / "tokens.css").read_text() == tokens_css()


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("name", TEXT_COLOURS)
def test_text_is_readable_on_every_background(name: str, scheme: int) -> None:
    for background in ("canvas", "surface"):
        assert contrast(TOKENS[name][scheme], TOKENS[background][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_can_be_read_on_what_is_filled(scheme: int) -> None:
    for text, background in (
        ("accent-on", "accent"),
        ("accent", "accent-soft"),
        ("error", "error-soft"),
        ("doubt", "doubt-soft"),
    ):
        assert contrast(TOKENS[text][scheme], TOKENS[background][scheme]) >= 4.5
    assert contrast(TOKENS["field"][scheme], TOKENS["surface"][scheme]) >= 3


def test_every_variable_that_a_style_sheet_uses_is_in_the_table() -> None:
    used = {
        name
        for sheet in (ROOT / "assets" / "css").rglob("*.css")
        for name in re.findall(r"var\(--lk-([a-z0-9-]+)", sheet.read_text())
    }
    assert used
    assert used <= set(TOKENS)


def test_mantine_has_ten_shades_of_each_palette_and_the_accent_among_them() -> None:
    theme = mantine_theme()
    assert set(theme["colors"]) == set(PALETTES)
    assert all(len(shades) == 10 for shades in theme["colors"].values())
    azure = theme["colors"][theme["primaryColor"]]
    assert azure[theme["primaryShade"]["light"]] == TOKENS["accent"][0]
    assert azure[theme["primaryShade"]["dark"]] == TOKENS["accent"][1]
