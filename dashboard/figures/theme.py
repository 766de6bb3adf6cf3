"""The colours of Likeness, in one table.

`assets/css/tokens.css` (the CSS variables `--lk-*`, one block a scheme) and the Mantine theme are both made from the
tables below, so that each colour is defined once. After a change here, regenerate the style sheet:

    python -m dashboard.figures.theme > assets/css/tokens.css
"""

from __future__ import annotations

from typing import Any

# name: (light, dark)
TOKENS: dict[str, tuple[str, str]] = {
    "canvas": ("#F6F7F9", "#14191F"),
    "surface": ("#FFFFFF", "#1B2129"),
    "raised": ("#FFFFFF", "#232B35"),
    "sunk": ("#EEF0F3", "#0F1318"),
    "line": ("#E2E6EB", "#2B333E"),
    "line-2": ("#C9D0D8", "#3A4450"),
    "field": ("#7F8996", "#6F7B89"),
    "ink": ("#17202B", "#E8ECF1"),
    "ink-2": ("#465161", "#B0BAC6"),
    "ink-3": ("#616C7B", "#8B96A4"),
    "accent": ("#1263AD", "#62ADEE"),
    "accent-hover": ("#0C528F", "#8CC4F4"),
    "accent-soft": ("#EAF4FD", "#172C3F"),
    "accent-on": ("#FFFFFF", "#0B1621"),
    "doubt": ("#8A5300", "#F0B450"),
    "doubt-mark": ("#C27100", "#F0B450"),
    "doubt-soft": ("#FFF6E5", "#33270F"),
    "error": ("#B3261E", "#FF8F85"),
    "error-soft": ("#FDEEED", "#3A1B1A"),
    "good": ("#1F7A4D", "#63CB95"),
    "good-soft": ("#E8F5EE", "#14301F"),
    "rail": ("#B9C1CB", "#55606D"),
    "rail-thin": ("#D3D9E0", "#38414C"),
    "drift": ("#5B6675", "#9AA6B4"),
    "band": ("rgb(23 32 43 / 3.5%)", "rgb(255 255 255 / 4%)"),
    "grid": ("rgb(23 32 43 / 7%)", "rgb(255 255 255 / 7%)"),
    "zero": ("rgb(23 32 43 / 22%)", "rgb(255 255 255 / 24%)"),
    "reach": ("rgb(23 32 43 / 4.5%)", "rgb(255 255 255 / 6%)"),
    "face-a": ("#17202B", "#E8ECF1"),
    "face-b": ("#0072B2", "#5CB3EA"),
    "face-c": ("#A84A00", "#F0904A"),
    "face-d": ("#00795C", "#3FC6A0"),
    "face-e": ("#AA4C84", "#E29BC4"),
    "face-f": ("#616C7B", "#B0BAC6"),
    "shadow": ("0 6px 24px rgb(23 32 43 / 16%)", "0 6px 24px rgb(0 0 0 / 48%)"),
}

PALETTES: dict[str, str] = {
    "azure": "EAF4FD D2E7FA A6CFF4 84BFF1 62ADEE 318CDC 1B76C8 1263AD 0C528F 073C6B",
    "gray": "F6F7F9 EEF0F3 E2E6EB D3D9E0 C9D0D8 7F8996 616C7B 465161 2C3644 17202B",
    "dark": "E8ECF1 CBD3DC 8B96A4 6F7B89 3A4450 2B333E 1B2129 14191F 0F1318 0B0E12",
}


def tokens_css() -> str:
    """Write the style sheet of the CSS variables, one block a scheme.

    Returns:
        The whole text of `assets/css/tokens.css`.
    """
    blocks = [
        '/* Made by "python -m dashboard.figures.theme" from the table TOKENS there. Change it there. */',
        _block(":root", "light", 0),
        _block(':root[data-mantine-color-scheme="dark"]', "dark", 1),
    ]
    return "\n\n".join(blocks) + "\n"


def mantine_theme() -> dict[str, Any]:
    """Build the theme for `dmc.MantineProvider` from the same tables.

    Returns:
        Mantine's theme override: palettes, radii, sizes of type, defaults of components.
    """
    return {
        "primaryColor": "azure",
        "primaryShade": {"light": 7, "dark": 4},
        "colors": {name: [f"#{colour}" for colour in row.split()] for name, row in PALETTES.items()},
        "autoContrast": True,
        "defaultRadius": "sm",
        "radius": {"sm": "4px", "md": "8px", "lg": "12px"},
        "respectReducedMotion": True,
        "focusRing": "auto",
        "cursorType": "pointer",
        "fontSizes": {"xs": "12px", "sm": "13px", "md": "14px", "lg": "15px", "xl": "18px"},
        "headings": {"fontWeight": "500"},
        "components": {
            "Popover": {"defaultProps": {"transitionProps": {"duration": 120}, "shadow": "md"}},
            # The placeholder is a box in role="menu" that is no item; without it the first item has the focus.
            "Menu": {
                "defaultProps": {
                    "transitionProps": {"duration": 120},
                    "shadow": "md",
                    "withInitialFocusPlaceholder": False,
                }
            },
            # A dialog's header is not a second header of the page.
            "Modal": {
                "defaultProps": {
                    "transitionProps": {"duration": 120},
                    "radius": "lg",
                    "attributes": {"header": {"role": "none"}},
                }
            },
        },
    }


def _block(selector: str, scheme: str, column: int) -> str:
    lines = [f"  --lk-{name}: {colours[column]};" for name, colours in TOKENS.items()]
    return "\n".join([f"{selector} {{", f"  color-scheme: {scheme};", *lines, "}"])


if __name__ == "__main__":
    print(tokens_css(), end="")
