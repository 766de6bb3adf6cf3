"""What a person wears and how the skin is painted: what follows from the person by table or by small chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.render import colours
from training.render.geometry import Array
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
    """Uniforms of the skin shader, and what is shared with other passes.

    Attributes:
        collar: height, depth of the vee, unused, stripes per unit. surface: specular, roughness. brow: colour (3,).
    """

    skin: dict[str, Any]
    collar: tuple[float, float, float, float]
    surface: tuple[float, float]
    brow: Array


def looks_of(person: Person) -> Looks:
    """The looks of a person."""
    rng = person.stream("looks")
    tone, hair, old = colours.skin_tone(person), colours.hair_root(person), person.oldness
    shirt, stripes = colours.cloth(person)
    vee = rng.uniform(0, 0.5) * (rng.random() < 0.5)
    collar = (rng.uniform(5.78, 6.10), vee, 0.5, rng.uniform(3, 9) * (rng.random() < 0.15))
    beard = 0.55 if person.beard > 0 else person.stubble * 0.55
    shadow = rng.pick(list(colours.EYE_SHADOWS))
    cover = SCALP_COVER.get(person.hair_style, 0.9)
    skin = {
        "skinTone": tone,
        "lipColour": colours.along(colours.LIPSTICKS, person.lipstick_hue),
        "lip": (person.lipstick * 0.92, 0.3 + 0.7 * person.lipstick, 0.75 + 0.20 * (not person.man)),
        "beardColour": colours.at_most(hair * 0.8, 0.2) + tone * 0.16,
        "scalpColour": hair * 0.55 + tone * 0.03,
        "shadowColour": shadow,
        "hair": (beard, max(person.stubble * 0.5, 0.85 * person.moustache), cover, person.hairline),
        "paint": (
            person.makeup * 1.0,
            0.10 + 0.75 * person.makeup,
            1.05 * max(0.0, old - 0.10) ** 0.9,
            0.12 + 0.6 * old * rng.uniform(0.5, 1) + 0.15 * rng.random(),
        ),
        "shirtColour": shirt,
        "stripeColour": stripes,
    }
    surface = (rng.uniform(0.6, 1.2), rng.uniform(0.42, 0.52))
    return Looks(skin, collar, surface, colours.brow_colour(person, tone))


def choose_skins(names: Sequence[str], person: Person) -> tuple[tuple[float, float], tuple[float, float]]:
    """Two skin textures that suit sex, age and tone: their layers and their shares."""
    rng = person.stream("skins")
    fit: list[float] = []
    for name in names:
        age = next((share for word, share in (("middleage", 0.5), ("old", 1.0)) if name.startswith(word)), 0.0)
        sex = 0.0 if "female" in name else 1.0
        dark = "dark" in name
        miss = 2.2 * abs(sex - person.gender) + 1.6 * abs(age - person.oldness)
        miss += 1.7 * (dark != (person.skin_darkness > 0.64))
        fit.append(rng.uniform(0, 0.5) - miss)
    best = np.argsort(fit)[-2:]
    share = rng.uniform(0.25, 0.75)
    return (float(best[0]), float(best[-1])), (share, 1 - share)


def choose_brow(names: Sequence[str], person: Person) -> str | None:
    """The brow texture nearest to how bushy and arched a person's brows are."""
    rng = person.stream("brow")
    known = [name for name in names if name in BROWS]
    if not known:
        return names[0] if names else None
    wanted = np.array([person.bushy_eyebrows - 0.15, float(np.clip(person.arched_eyebrows, -0.3, 0.7))])
    miss = ((np.array([BROWS[name] for name in known]) - wanted) ** 2).sum(1) + rng.uniforms(0, 0.12, len(known))
    miss += [np.inf if person.man and name in WOMEN_ONLY else 0.0 for name in known]
    return known[int(np.argmin(miss))]


def choose_lash(names: Sequence[str], person: Person) -> str | None:
    """Eyelashes: longer ones with make-up."""
    if not names:
        return None
    wanted = (1, 2, 3) if person.makeup > 0.3 else (0, 1)
    return names[min(person.stream("lashes").pick(wanted), len(names) - 1)]
