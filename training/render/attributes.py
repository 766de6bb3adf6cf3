"""The labels: the columns of labels.csv, computed from a person.

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
        group: heading of its slider.
        kind: "continuous" or "binary".
        meaning: of the number, with its unit and range.
        value: person -> number.
    """

    name: str
    group: str
    kind: Kind
    meaning: str
    value: Callable[[Person], float]


EXPRESSION, PERSON, SHAPE = "Expression", "Person", "Face shape"
HAIR, CAMERA = "Hair and glasses", "Camera and light"


def _style(person: Person) -> Style:
    return STYLES[person.hair_style]


def _amount(name: str, group: str, meaning: str, value: Callable[[Person], float]) -> AttributeSpec:
    return AttributeSpec(name, group, "continuous", meaning, value)


def _whether(name: str, group: str, meaning: str, value: Callable[[Person], bool]) -> AttributeSpec:
    return AttributeSpec(name, group, "binary", f"1 {meaning}", value)


ATTRIBUTES: tuple[AttributeSpec, ...] = (
    _amount("Smiling", EXPRESSION, "0 neutral to 1 broad smile", lambda p: p.smiling),
    _amount("Mouth_Open", EXPRESSION, "0 closed to 1 wide open", lambda p: p.mouth_open),
    _amount("Raised_Eyebrows", EXPRESSION, "-1 lowered to 1 raised", lambda p: p.brow_raise),
    _amount("Frowning", EXPRESSION, "0 smooth to 1 brows drawn together", lambda p: p.frown),
    _amount("Eyes_Closed", EXPRESSION, "0 open to 0.8 nearly closed", lambda p: p.eyes_closed),
    _amount("Pouting", EXPRESSION, "0 relaxed to 1 pursed lips", lambda p: p.pout),
    _whether("Male", PERSON, "man, 0 woman", lambda p: p.man),
    _amount("Young", PERSON, "1 at 18 years, 0 at 80 years", lambda p: (80 - p.age) / 62),
    _amount("Wrinkles", PERSON, "0 smooth to 1 deeply lined", lambda p: p.wrinkles),
    _amount("Bags_Under_Eyes", PERSON, "0 none to 1 heavy", lambda p: p.eye_bags),
    _amount("Skin_Tone", PERSON, "0 lightest to 1 darkest", lambda p: p.skin_darkness),
    _amount("Rosy_Skin", PERSON, "-1 pale to 1 red", lambda p: p.skin_redness),
    _amount("Freckles", PERSON, "0 none to 1 many", lambda p: p.freckles),
    _amount("Chubby", PERSON, "-1 thin to 1 fat", lambda p: p.chubby),
    _whether("Heavy_Makeup", PERSON, "eye shadow and blush", lambda p: p.makeup > 0),
    _whether("Lipstick", PERSON, "painted lips", lambda p: p.lipstick > 0),
    _amount("Big_Nose", SHAPE, "-1 small to 1 big", lambda p: p.big_nose),
    _amount("Pointy_Nose", SHAPE, "-1 blunt to 1 pointed", lambda p: p.pointy_nose),
    _amount("Long_Nose", SHAPE, "-1 short to 1 long", lambda p: p.nose_length),
    _amount("Big_Lips", SHAPE, "-1 thin to 1 full", lambda p: p.big_lips),
    _amount("Wide_Mouth", SHAPE, "-1 narrow to 1 wide", lambda p: p.wide_mouth),
    _amount("Narrow_Eyes", SHAPE, "0 wide to 1 narrow", lambda p: p.narrow_eyes),
    _amount("Bushy_Eyebrows", SHAPE, "-1 thin to 1 thick", lambda p: p.bushy_eyebrows),
    _amount("Arched_Eyebrows", SHAPE, "-1 flat to 1 arched", lambda p: p.arched_eyebrows),
    _amount("Oval_Face", SHAPE, "-1 square and wide to 1 oval and slim", lambda p: p.oval_face),
    _amount("High_Cheekbones", SHAPE, "-1 flat to 1 high", lambda p: p.high_cheekbones),
    _amount("Square_Jaw", SHAPE, "-1 narrow to 1 square", lambda p: p.square_jaw),
    _amount("Double_Chin", SHAPE, "-1 taut to 1 full fold", lambda p: p.double_chin),
    _whether("Eyeglasses", HAIR, "with glasses", lambda p: p.eyeglasses),
    _whether("Beard", HAIR, "with a beard or goatee", lambda p: p.beard > 0),
    _whether("Mustache", HAIR, "with a moustache", lambda p: p.moustache > 0),
    _whether("Bald", HAIR, "without hair on the top of the head", lambda p: p.bald),
    _whether("Black_Hair", HAIR, "black; 0 for bald heads", lambda p: _colour(p) == "black"),
    _whether("Blond_Hair", HAIR, "blond; 0 for bald heads", lambda p: _colour(p) == "blond"),
    _whether("Gray_Hair", HAIR, "gray; 0 for bald heads", lambda p: _colour(p) == "gray"),
    _amount("Red_Hair", HAIR, "0 not red to 1 red, before it is gray", lambda p: p.hair_redness),
    _whether("Bangs", HAIR, "with hair over the forehead", lambda p: _style(p).bangs),
    _whether("Long_Hair", HAIR, "hair to the chin or below", lambda p: _style(p).long),
    _amount("Wavy_Hair", HAIR, "0 straight to 1 curly", lambda p: p.curl),
    _amount("Yaw", CAMERA, "degrees, positive: turned to the picture's right", lambda p: p.yaw),
    _amount("Pitch", CAMERA, "degrees, positive: face turned down", lambda p: p.pitch),
    _amount("Light_X", CAMERA, "-1 light from the left to 1 from the right", lambda p: p.light_x),
    _amount("Light_Y", CAMERA, "0 light from the front to 1 from above", lambda p: p.light_y),
    _amount("Background", CAMERA, "0 dark to 1 bright", lambda p: p.backdrop[0] / 100),
    _amount("Background_Warm", CAMERA, "-45 blue to 45 yellow, CIELAB b*", lambda p: p.backdrop[2]),
)


def _colour(person: Person) -> str:
    """Name the colour of the hair: gray takes precedence; none for a bald head."""
    if person.bald:
        return "none"
    if person.gray > 0.45:
        return "gray"
    return "black" if person.melanin > 0.70 else "blond" if person.melanin < 0.33 else "brown"


def labels_of(person: Person) -> tuple[float, ...]:
    """Return the labels of a person, in the sequence of ATTRIBUTES."""
    return tuple(float(attribute.value(person)) for attribute in ATTRIBUTES)
