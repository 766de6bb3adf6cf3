"""Clothes, make-up and skin of a person, from tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.render import colours
from training.render.geometry import Array, smoothstep
from training.render.person import Person

BROWS: dict[str, tuple[float, float]] = {  # (bushiness, arch) of MakeHuman's brow textures
    "eyebrow001": (0, 0.1),
    "eyebrow002": (0.25, 0.9),
    "eyebrow003": (0.6, 1.6),
    "eyebrow004": (0.2, -0.3),
    "eyebrow005": (0, -0.5),
    "eyebrow006": (-0.9, 0.6),
    "eyebrow007": (-0.6, -0.6),
    "eyebrow008": (0.35, 0.2),
    "eyebrow009": (0.9, -0.1),
    "eyebrow010": (-0.1, 0.4),
    "eyebrow011": (-0.3, 0.5),
    "eyebrow012": (0.4, 0),
}
WOMEN_ONLY = ("eyebrow006",)
SCALP_COVER = {"bald": 0.0, "buzz": 0.95}


@dataclass(frozen=True, eq=False)
class Looks:
    """Uniforms of the skin shader, and values shared with other passes.

    Attributes:
        collar: height, depth of the vee. surface: specular, roughness. brow: colour (3,).
    """

    skin: dict[str, Any]
    collar: tuple[float, float]
    surface: tuple[float, float]
    brow: Array


def looks_of(person: Person) -> Looks:
    """Return the looks of a person."""
    tone, hair, old = colours.skin_tone(person), colours.hair_root(person), person.oldness
    shadow = 0.55 if person.beard > 0 else person.stubble * 0.55
    cover = SCALP_COVER.get(person.hair_style, 0.9)
    lines = person.wrinkles * (0.85 + 0.45 * old)
    skin = {
        "skinTone": tone,
        "lipColour": colours.interpolate(colours.LIPSTICKS, person.lipstick_hue),
        "lip": (person.lipstick * 0.92, 0.3 + 0.5 * person.lipstick, 0.90 - 0.20 * person.gender - 0.40 * old),
        "beardColour": colours.at_most(hair * 0.8, 0.2) + tone * 0.16,
        "scalpColour": hair * 0.55 + tone * 0.03,
        "shadowColour": colours.interpolate(colours.EYE_SHADOWS, person.eye_shadow_hue),
        "hair": (shadow, max(person.stubble * 0.5, 0.85 * person.moustache), cover, hairline(person)),
        "paint": (0.85 * person.makeup, 0.06 + 0.55 * person.makeup, lines, person.eye_bags),
        "age": (old, person.freckles, person.beard_width, 0.0),
        "shirtColour": colours.cloth(person),
    }
    return Looks(
        skin, (person.collar, person.vee), (person.shine * (1 - 0.25 * old), 0.46), colours.brow_colour(person, tone)
    )


def hairline(person: Person) -> float:
    """Return how far the hair has receded, as a threshold on the scalp's mask: 0.12 low to 0.7, sides only."""
    return 0.12 + 0.10 * person.forehead * (person.forehead > 0) + 0.40 * person.thinning


def choose_skins(names: Sequence[str], person: Person) -> tuple[tuple[float, float], tuple[float, float]]:
    """Choose the two skin textures that fit sex, age and tone best; return their layers and shares."""
    fit: list[float] = []
    for index, name in enumerate(names):
        age = next((share for word, share in (("middleage", 0.5), ("old", 1.0)) if name.startswith(word)), 0.0)
        sex = 0.0 if "female" in name else 1.0
        miss = 1.5 * abs(sex - person.gender) + 2.6 * abs(age - person.oldness) + 0.01 * index
        fit.append(miss + 1.0 * abs(("dark" in name) - float(smoothstep(0.5, 0.75, person.skin_darkness))))
    best = [int(layer) for layer in np.argsort(fit)[:2]]
    far = [fit[layer] - fit[best[0]] for layer in best]
    shares = np.exp(-2.5 * np.array(far))
    first, second = shares[0] / shares.sum(), shares[-1] / shares.sum()
    return (float(best[0]), float(best[-1])), (float(first), float(1 - first if len(best) == 1 else second))


def choose_brow(names: Sequence[str], person: Person) -> str | None:
    """Return the brow texture nearest to how bushy and arched a person's brows are."""
    shaped = [name for name in names if name in BROWS]
    if not shaped:
        return names[0] if names else None
    wanted = np.array([person.bushy_eyebrows - 0.15, float(np.clip(person.arched_eyebrows, -0.3, 0.7))])
    miss = ((np.array([BROWS[name] for name in shaped]) - wanted) ** 2).sum(1)
    miss += [np.inf if person.man and name in WOMEN_ONLY else 0.0 for name in shaped]
    return shaped[int(np.argmin(miss))]


def choose_lash(names: Sequence[str], person: Person) -> str | None:
    """Return eyelashes: longer ones with make-up."""
    if not names:
        return None
    return names[min(2 if person.makeup > 0 else 1 if not person.man else 0, len(names) - 1)]
