"""One random person: everything about a picture that is drawn by chance.

A person is drawn once, from PERSON_NUMBERS normal numbers; small things that have no label (the shirt, the gaze, a
lamp behind) come later from `Person.stream(purpose)`, so that they stay as they are when one attribute is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from training.render.chance import Chance
from training.render.geometry import smoothstep
from training.render.hair import STYLES, choose_style

PERSON_NUMBERS = 85
"""Normal numbers that a person is drawn from, whatever hair styles the kit has."""
COLOUR_NUMBERS, STYLE_NUMBERS = slice(15, 19), slice(22, 34)
"""Which of them choose the hair's natural colour, and its style."""

HAIR_COLOURS = ("black", "brown", "blond", "red", "gray")
IRISES = ("brown", "brownlight", "green", "bluegreen", "grey", "blue", "lightblue", "deepblue", "ice")
FAIR_IRISES = (0.42, 0.15, 0.11, 0.06, 0.07, 0.09, 0.05, 0.03, 0.02)
DARK_IRISES = (0.88, 0.10, 0.01, 0.003, 0.003, 0.002, 0.001, 0.0, 0.001)
"""Shares of IRISES among the fairest people, and among dark ones."""


@dataclass(frozen=True)
class Person:
    """What a picture shows.

    Attributes (0 to 1 unless stated; shape attributes -1 to 1; angles in degrees; age in years):
        gender: 0 woman to 1 man. ancestry: weights of MakeHuman's three face groups (african, asian, caucasian).
        skin_redness: -1 to 1. hair_mix: weights of HAIR_COLOURS; `hair_colour` is the one it is called by.
        hair_brightness: in units of 1.1 stops. hairline: 0 low to 1 receded. hair_cut: 0 full length to 1.
        fringe: how deep hair over the forehead falls, where the style has it.
    """

    seed: int
    gender: float
    age: float
    ancestry: tuple[float, float, float]
    skin_darkness: float
    skin_redness: float
    chubby: float
    muscle: float
    smiling: float
    mouth_open: float
    brow_raise: float
    frown: float
    eyes_closed: float
    narrow_eyes: float
    big_nose: float
    pointy_nose: float
    big_lips: float
    eye_size: float
    bushy_eyebrows: float
    arched_eyebrows: float
    oval_face: float
    high_cheekbones: float
    double_chin: float
    jaw_width: float
    ear_size: float
    iris: str
    hair_colour: str
    hair_mix: tuple[float, float, float, float, float]
    hair_brightness: float
    hair_style: str
    hairline: float
    hair_cut: float
    hair_volume: float
    hair_flipped: bool
    fringe: float
    beard: float
    goatee: float
    moustache: float
    stubble: float
    makeup: float
    lipstick: float
    lipstick_hue: float
    eyeglasses: bool
    yaw: float
    pitch: float
    roll: float
    light_x: float
    light_y: float
    light_hardness: float
    warmth: float
    background: float

    @property
    def man(self) -> bool:
        """Whether the person is called a man."""
        return self.gender > 0.5

    @property
    def bald(self) -> bool:
        """Whether there is no hair on the head."""
        return self.hair_style == "bald"

    @property
    def oldness(self) -> float:
        """0 up to 22 years, 1 at 80."""
        return _oldness(self.age)

    def stream(self, purpose: str) -> Chance:
        """The person's own chance for one purpose, the same every time."""
        return stream(self.seed, purpose)


def stream(seed: int, purpose: str) -> Chance:
    """The chance for one purpose of the person with a seed."""
    return Chance(np.random.default_rng([seed, crc32(purpose.encode())]))


def begin(rng: np.random.Generator) -> tuple[int, Chance]:
    """The seed of the person that is drawn from `rng`, and the chance that its PERSON_NUMBERS numbers come from."""
    return int(rng.integers(1 << 31)), Chance(rng)


def sample_person(rng: np.random.Generator, styles: Sequence[str] = tuple(STYLES)) -> Person:
    """Draw a person.

    Args:
        rng: Source of chance; every person uses as many numbers, in the same order.
        styles: Hair styles that the kit has.

    Returns:
        Person.
    """
    seed, chance = begin(rng)
    man = chance.random() < 0.5
    gender = float(np.clip((1.0 if man else 0.0) + chance.normal() * 0.08, 0, 1))
    age = 18 + 62 * chance.beta(0.95, 1.2)
    oldness = _oldness(age)
    african, asian, light = chance.dirichlet((0.40, 0.40, 0.55))
    fairness = 0.22 * african + 0.66 * asian + 0.80 * light
    darkness = float(np.clip(1 - fairness + chance.normal() * 0.13, 0, 1))
    chubby = _bell(chance, 0.5, -0.05 + 0.10 * oldness)
    smiling, mouth_open = _mouth(chance)
    colour, mix = _hair_colour(chance, light, oldness)
    bald = chance.random() < (0.20 + 0.12 * oldness if man else 0.06)
    drawn_style = choose_style(chance, man, styles)
    style = "bald" if bald else drawn_style
    beard, goatee, moustache, stubble = _face_hair(chance, man)
    makeup, lipstick = _paint(chance, man)
    return Person(
        seed=seed,
        gender=gender,
        age=age,
        ancestry=(african, asian, light),
        skin_darkness=darkness,
        skin_redness=_bell(chance, 0.4),
        chubby=chubby,
        muscle=float(np.clip(0.5 + chance.normal() * 0.12, 0.1, 0.9)),
        smiling=smiling,
        mouth_open=mouth_open,
        brow_raise=float(np.clip(chance.normal() * 0.16, -0.3, 0.35)),
        frown=float(np.clip(chance.normal() * 0.14 - 0.12 - 0.2 * smiling, 0, 0.3)),
        eyes_closed=float(np.clip(chance.normal() * 0.08, 0, 0.25)),
        narrow_eyes=float(np.clip(0.40 + chance.normal() * 0.34 + 0.14 * asian, 0, 1)),
        big_nose=_bell(chance, 0.6, 0.12 if man else -0.12),
        pointy_nose=_bell(chance, 0.6),
        big_lips=_bell(chance, 0.6, -0.10 if man else 0.14),
        eye_size=float(np.clip(chance.normal() * 0.25 + (-0.08 if man else 0.10), -0.6, 0.6)),
        bushy_eyebrows=_bell(chance, 0.6, 0.18 if man else -0.18),
        arched_eyebrows=_bell(chance, 0.6, -0.2 if man else 0.2),
        oval_face=_bell(chance, 0.55, -0.05 if man else 0.30),
        high_cheekbones=_bell(chance, 0.6, -0.05 if man else 0.08),
        double_chin=float(np.clip(chance.normal() * 0.50 + 0.30 * max(chubby, 0) + 0.15 * oldness, -1, 1)),
        jaw_width=_bell(chance, 0.35, 0.25 if man else -0.35),
        ear_size=_bell(chance, 0.4),
        iris=_iris(chance, light),
        hair_colour=colour,
        hair_mix=mix,
        hair_brightness=float(np.clip(chance.normal() * 0.28, -0.6, 0.6)),
        hair_style=style,
        hairline=float(np.clip(0.12 + 0.26 * oldness * man + chance.normal() * 0.06, 0.05, 0.5)),
        hair_cut=chance.uniform(0, 0.6) * (chance.random() < 0.5),
        hair_volume=float(np.clip(chance.normal() * 0.5, -1, 1)),
        hair_flipped=chance.random() < 0.5,
        fringe=chance.random(),
        beard=beard,
        goatee=goatee,
        moustache=moustache,
        stubble=stubble,
        makeup=makeup,
        lipstick=lipstick,
        lipstick_hue=chance.random(),
        eyeglasses=chance.random() < 0.20 + 0.12 * oldness,
        yaw=float(np.clip(chance.normal() * 14, -35, 35)),
        pitch=float(np.clip(chance.normal() * 4, -11, 11)),
        roll=float(np.clip(chance.normal() * 2, -5, 5)),
        light_x=chance.uniform(-1, 1),
        light_y=chance.uniform(0, 1),
        light_hardness=chance.uniform(0.35, 0.75),
        warmth=float(np.clip(chance.normal() * 0.3, -0.7, 0.7)),
        background=chance.random(),
    )


def _oldness(age: float) -> float:
    return float(np.clip((age - 22) / 58, 0, 1))


def _bell(rng: Chance, spread: float, centre: float = 0.0) -> float:
    return float(np.clip(centre + rng.normal() * spread, -1, 1))


def _mouth(rng: Chance) -> tuple[float, float]:
    """Smiling and mouth open: half of all people smile; smiles and open mouths go together only in part."""
    smiling = rng.beta(3, 1.6) if rng.random() < 0.55 else rng.beta(1, 4)
    speaking, opened = rng.random() < 0.45, rng.beta(1.4, 2.2)
    laughing, shown = rng.random() < 0.45, rng.uniform(0.15, 0.45)
    return smiling, max(opened * speaking, shown * (laughing and smiling > 0.4))


def natural_shares(light: float) -> dict[str, float]:
    """Shares of the hair colours but gray, where `light` is the share of the caucasian group."""
    shares = (0.26 + 0.14 * (1 - light), 0.28, 0.28 + 0.10 * light, 0.05 + 0.05 * light)
    return dict(zip(HAIR_COLOURS, shares, strict=False))


def _hair_colour(rng: Chance, light: float, oldness: float) -> tuple[str, tuple[float, float, float, float, float]]:
    """A named colour, and a mixture that it dominates."""
    gray = rng.random() < 0.10 + 0.45 * float(smoothstep(0.15, 0.9, oldness))
    natural = rng.choice(list(natural_shares(light).values()))
    index, place = 4 if gray else natural, rng.random()
    neighbours = ((1,), (0, 2, 3), (1,), (1,), (0, 1))[index]
    share = rng.uniform(0, 0.10 if index == 4 else 0.16)
    mix = np.zeros(5)
    mix[index], mix[neighbours[int(place * len(neighbours))]] = 1 - share, share
    return HAIR_COLOURS[index], (float(mix[0]), float(mix[1]), float(mix[2]), float(mix[3]), float(mix[4]))


def _face_hair(rng: Chance, man: bool) -> tuple[float, float, float, float]:
    """Beard, goatee, moustache (0 or at least 0.4) and stubble; none on women."""
    kind, length, lip, shadow = rng.random(), rng.uniform(0.12, 0.95), rng.random(), rng.beta(1.2, 3)
    if not man:
        return 0.0, 0.0, 0.0, 0.0
    beard = length if kind < 0.27 else 0.0
    goatee = 0.4 + 0.6 * length if 0.27 <= kind < 0.37 else 0.0
    with_moustache = lip < (0.68 if beard else 0.55 if goatee else 0.14)
    moustache = 0.55 + 0.45 * length if with_moustache else 0.0
    return beard, goatee, moustache, 0.0 if beard else shadow * 0.6


def _paint(rng: Chance, man: bool) -> tuple[float, float]:
    """Make-up of eyes and cheeks, and lipstick: 0 to 0.1 or at least 0.5."""
    made_up = rng.random() < (0.015 if man else 0.42)
    painted = rng.random() < (0.015 if man else 0.66 if made_up else 0.30)
    makeup, lipstick = rng.random(), rng.uniform(0.55, 1)
    traces = 0.0 if man else 0.1 * makeup
    return 0.55 + 0.45 * makeup if made_up else traces, lipstick * painted


def _iris(rng: Chance, light: float) -> str:
    share = float(np.clip(1.3 * (1 - light), 0, 1))
    shares = [fair * (1 - share) + dark * share for fair, dark in zip(FAIR_IRISES, DARK_IRISES, strict=True)]
    return IRISES[rng.choice(shares)]
