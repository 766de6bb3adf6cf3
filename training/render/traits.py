"""All that tells one picture from another, as numbers: the persons' fields and what their own chance adds.

The labels say what a picture shows in people's words; the traits say it whole, so that a network which is given them
can draw the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from training.render import colours
from training.render.background import paint
from training.render.geometry import Array
from training.render.hair import STYLES
from training.render.kit import Kit
from training.render.looks import choose_brow, choose_skins, looks_of
from training.render.morphs import individual_shape
from training.render.person import HAIR_COLOURS, IRISES, Person

NUMBERS = tuple(f.name for f in fields(Person) if f.type in ("float", "bool"))
LIGHTS = 27
"""Draws of the light's stream: lamps, sky, ground, what surrounds, exposure."""


def skin_names(kit: Kit) -> tuple[str, ...]:
    """Names of the kit's skin textures, in the order of the renderer's layers."""
    return tuple(path.stem for path in sorted((kit.root / "base" / "skins" / "textures").glob("*.webp")))


def scalar_traits(kit: Kit, person: Person, skins: Sequence[str]) -> Array:
    """Traits with an order.

    Args:
        kit: the assets; shapes depend on its targets.
        person: whose.
        skins: names of the kit's skin textures.

    Returns:
        float64 (K,), in the units of where they are drawn.
    """
    draw = person.stream
    camera, cloth, looks = draw("camera"), colours.cloth(person)[0], looks_of(person)
    layers, shares = choose_skins(skins, person)
    texture = np.zeros(len(skins))
    texture[[int(layer) for layer in layers]] = shares
    glasses, frame = draw("glasses"), colours.FRAMES[int(draw("frames").integers(len(colours.FRAMES)))]
    picture = paint(person)[1] / 255.0
    halves = [picture[:, 32:].mean((0, 1)) - picture[:, :32].mean((0, 1)), picture[32:].mean() - picture[:32].mean()]
    return np.concatenate(
        [
            [float(getattr(person, name)) for name in NUMBERS],
            np.log(np.maximum(person.ancestry, 1e-3)),
            list(individual_shape(kit.targets, person).values()),
            camera.uniform(size=4),
            camera.normal(size=2),
            draw("light").uniform(size=LIGHTS),
            picture.mean((0, 1)),
            *(np.atleast_1d(half) for half in halves),
            np.log(cloth + 0.01),
            looks.collar,
            looks.surface,
            looks.skin["paint"][3:],
            texture,
            glasses.uniform(size=2),
            [float(frame.sum())],
            *(draw(purpose).uniform(size=1) for purpose in ("skin", "hair tips", "brow colour")),
            draw("gaze").uniform(size=2),
        ]
    )


def choice_traits(kit: Kit, person: Person) -> dict[str, tuple[int, int]]:
    """Traits without an order: name -> the choice, and among how many."""
    brow = choose_brow(kit.brows, person)
    return {
        "hair style": (list(STYLES).index(person.hair_style), len(STYLES)),
        "hair colour": (HAIR_COLOURS.index(person.hair_colour), len(HAIR_COLOURS)),
        "iris": (IRISES.index(person.iris), len(IRISES)),
        "brows": (kit.brows.index(brow) if brow else 0, max(1, len(kit.brows))),
    }
