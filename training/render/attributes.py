"""The labels: the columns of labels.csv, and how each follows from a person.

Names are CelebA's where CelebA has one. A binary label is 0 or 1; a continuous one is in the unit that `meaning`
states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from training.render.hair import STYLES, Style
from training.render.person import Person

Kind = Literal["continuous", "binary"]


@dataclass(frozen=True)
class AttributeSpec:
    """One label.

    Attributes:
        name: the column in labels.csv.
        group: where its slider stands.
        kind: "continuous" or "binary".
        meaning: what the number says, with its unit and range.
        value: person -> number.
    """

    name: str
    group: str
    kind: Kind
    meaning: str
    value: Callable[[Person], float]


def _style(person: Person) -> Style:
    return STYLES[person.hair_style]


def _hair_colour(name: str) -> Callable[[Person], float]:
    return lambda person: float(person.hair_colour == name and not person.bald)


EXPRESSION, PERSON, SHAPE = "Expression", "Person", "Face shape"
HAIR, CAMERA = "Hair and glasses", "Camera and light"

ATTRIBUTES: tuple[AttributeSpec, ...] = (
    AttributeSpec("Smiling", EXPRESSION, "continuous", "0 neutral to 1 broad smile", lambda p: p.smiling),
    AttributeSpec("Mouth_Open", EXPRESSION, "continuous", "0 closed to 1 wide open", lambda p: p.mouth_open),
    AttributeSpec("Male", PERSON, "binary", "1 man, 0 woman", lambda p: float(p.man)),
    AttributeSpec("Young", PERSON, "continuous", "1 at 18 years, 0 at 80 years", lambda p: (80 - p.age) / 62),
    AttributeSpec("Skin_Tone", PERSON, "continuous", "0 lightest to 1 darkest", lambda p: p.skin_darkness),
    AttributeSpec("Chubby", PERSON, "continuous", "-1 thin to 1 fat", lambda p: p.chubby),
    AttributeSpec("Heavy_Makeup", PERSON, "binary", "1 eye shadow and blush", lambda p: float(p.makeup > 0.3)),
    AttributeSpec("Lipstick", PERSON, "binary", "1 painted lips", lambda p: float(p.lipstick > 0.3)),
    AttributeSpec("Big_Nose", SHAPE, "continuous", "-1 small to 1 big", lambda p: p.big_nose),
    AttributeSpec("Big_Lips", SHAPE, "continuous", "-1 thin to 1 full", lambda p: p.big_lips),
    AttributeSpec("Narrow_Eyes", SHAPE, "continuous", "0 wide to 1 narrow", lambda p: p.narrow_eyes),
    AttributeSpec("Bushy_Eyebrows", SHAPE, "continuous", "-1 thin to 1 thick", lambda p: p.bushy_eyebrows),
    AttributeSpec("Arched_Eyebrows", SHAPE, "continuous", "-1 flat to 1 arched", lambda p: p.arched_eyebrows),
    AttributeSpec("Oval_Face", SHAPE, "continuous", "-1 square and wide to 1 oval and slim", lambda p: p.oval_face),
    AttributeSpec("Double_Chin", SHAPE, "continuous", "-1 taut to 1 full fold", lambda p: p.double_chin),
    AttributeSpec("Eyeglasses", HAIR, "binary", "1 with glasses", lambda p: float(p.eyeglasses)),
    AttributeSpec("Beard", HAIR, "binary", "1 with a beard or goatee", lambda p: float(max(p.beard, p.goatee) > 0)),
    AttributeSpec("Mustache", HAIR, "binary", "1 with a moustache", lambda p: float(p.moustache > 0)),
    AttributeSpec("Bald", HAIR, "binary", "1 without hair on the head", lambda p: float(p.bald)),
    AttributeSpec("Black_Hair", HAIR, "binary", "1 black; 0 for bald heads", _hair_colour("black")),
    AttributeSpec("Brown_Hair", HAIR, "binary", "1 brown; 0 for bald heads", _hair_colour("brown")),
    AttributeSpec("Blond_Hair", HAIR, "binary", "1 blond; 0 for bald heads", _hair_colour("blond")),
    AttributeSpec("Gray_Hair", HAIR, "binary", "1 gray; 0 for bald heads", _hair_colour("gray")),
    AttributeSpec("Bangs", HAIR, "binary", "1 with hair over the forehead", lambda p: float(_style(p).bangs)),
    AttributeSpec("Long_Hair", HAIR, "binary", "1 hair to the chin or below", lambda p: float(_style(p).long)),
    AttributeSpec("Yaw", CAMERA, "continuous", "degrees, positive: turned to the picture's right", lambda p: p.yaw),
    AttributeSpec("Pitch", CAMERA, "continuous", "degrees, positive: face turned down", lambda p: p.pitch),
    AttributeSpec("Light_X", CAMERA, "continuous", "-1 light from the left to 1 from the right", lambda p: p.light_x),
    AttributeSpec("Light_Y", CAMERA, "continuous", "0 light from the front to 1 from above", lambda p: p.light_y),
    AttributeSpec("Background", CAMERA, "continuous", "0 dark to 1 bright", lambda p: p.background),
)


def labels_of(person: Person) -> tuple[float, ...]:
    """The labels of a person, in the order of ATTRIBUTES."""
    return tuple(float(attribute.value(person)) for attribute in ATTRIBUTES)
