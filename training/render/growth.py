"""Uniforms of hair: shells (beard, cropped scalp, afro) and strands on cards."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.render import colours
from training.render.hair import STYLES
from training.render.head import Head
from training.render.looks import hairline
from training.render.person import Person

AFRO = "afro01"
SHORTEST, GROWTH = 0.020, 0.080  # length of facial hair, in units of 10 cm: stubble, and addition for a full beard


def beard(head: Head, person: Person) -> dict[str, Any] | None:
    """Return the uniforms of facial hair; None if there is none."""
    length = person.beard
    if length <= 0 and person.moustache <= 0:
        return None
    return {
        "layering": (SHORTEST + GROWTH * max(length, 0.40 * person.moustache) ** 1.2, 8.0),
        "growthShare": (min(0.95, 0.55 + 0.45 * length) if length > 0 else 0.0, person.moustache, 0.0, 0.0),
        "spread": 0.22 + 0.62 * person.beard_width,
        "fall": head.camera.head @ np.array([0, -0.55, 0.0]),
        "tint": colours.hair_root(person) * 0.9 + 0.012,
        "fibre": (26.0, 42.0, 0.010, 0.75),
        "headOnly": 0.0,
    }


def cropped(person: Person) -> dict[str, Any]:
    """Return the uniforms of cropped hair, also of the rest around a bald head."""
    left = 0.45 + 0.55 * person.oldness if person.bald else 1.0
    return {
        "layering": (0.03 + 0.10 * (person.hair_volume * 0.25 + 0.5), 9.0),
        "growthShare": (left, 0.0, 1.0, 0.74 if person.bald else hairline(person)),
        "spread": 9.0,
        "fall": np.zeros(3),
        "tint": colours.hair_root(person),
        "fibre": (13.0, 22.0, 0.02, 0.5),
        "headOnly": 0.0,
    }


def afro(person: Person) -> dict[str, Any]:
    """Return the uniforms of the fuzz around an afro."""
    return {
        "layering": (0.10 + 0.10 * (person.hair_volume * 0.3 + 0.5), 8.0),
        "growthShare": (1.0, 0.0, 0.0, 0.0),
        "spread": 9.0,
        "fall": np.zeros(3),
        "tint": colours.hair_root(person),
        "fibre": (2.6, 2.6, 0.03, 0.35),
        "headOnly": 1.0,
    }


def strands(person: Person, style: str, brightness: float) -> dict[str, Any]:
    """Return the uniforms of hair on cards.

    Args:
        person: The person.
        style: Name of the style.
        brightness: Median brightness of its texture; it is divided out.
    """
    contrast = STYLES[style].contrast if style in STYLES else 0.95
    return {
        "rootColour": colours.hair_root(person),
        "tipColour": colours.hair_tip(person),
        "strands": (contrast, brightness, 0.85, 1.8),
    }
