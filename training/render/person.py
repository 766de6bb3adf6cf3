"""One random person: everything about a picture that is drawn by chance.

A person is drawn once, from one generator; small things that have no label (the shirt, the gaze, a lamp behind)
come later from `Person.stream(purpose)`, so that they stay as they are when one attribute is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from training.render.geometry import smoothstep
from training.render.hair import STYLES, choose_style

HAIR_COLOURS = ("black", "brown", "blond", "red", "gray")
IRISES = ("brown", "brownlight", "green", "bluegreen", "grey", "blue", "lightblue", "deepblue", "ice")


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
        """0 up to 28 years, 1 at 80."""
        return float(np.clip((self.age - 28) / 52, 0, 1))

    def stream(self, purpose: str) -> np.random.Generator:
        """The person's own random numbers for one purpose, the same every time."""
        return np.random.default_rng([self.seed, crc32(purpose.encode())])


def sample_person(rng: np.random.Generator, styles: Sequence[str] = tuple(STYLES)) -> Person:
    """Draw a person.

    Args:
        rng: Source of chance; every person uses it in the same order.
        styles: Hair styles that the kit has.

    Returns:
        Person.
    """
    man = bool(rng.random() < 0.5)
    gender = float(np.clip((1.0 if man else 0.0) + rng.normal() * 0.08, 0, 1))
    age = float(18 + 62 * rng.beta(1.05, 1.55))
    oldness = float(np.clip((age - 28) / 52, 0, 1))
    ancestry = rng.dirichlet([0.40, 0.40, 0.55])
    darkness = float(np.clip(1 - ancestry @ [0.22, 0.66, 0.80] + rng.normal() * 0.13, 0, 1))
    light = float(ancestry[2])
    chubby = _bell(rng, 0.5, -0.05 + 0.10 * oldness)
    smiling, mouth_open = _mouth(rng)
    colour, mix = _hair_colour(rng, light, oldness)
    bald = bool(rng.random() < (0.20 + 0.12 * oldness if man else 0.06))
    drawn_style = choose_style(rng, man, styles)
    style = "bald" if bald else drawn_style
    beard, goatee, moustache, stubble = _face_hair(rng, man)
    makeup, lipstick = _paint(rng, man)
    return Person(
        seed=int(rng.integers(1 << 31)),
        gender=gender,
        age=age,
        ancestry=(float(ancestry[0]), float(ancestry[1]), float(ancestry[2])),
        skin_darkness=darkness,
        skin_redness=_bell(rng, 0.4),
        chubby=chubby,
        muscle=float(np.clip(0.5 + rng.normal() * 0.12, 0.1, 0.9)),
        smiling=smiling,
        mouth_open=mouth_open,
        brow_raise=float(np.clip(rng.normal() * 0.16, -0.3, 0.35)),
        frown=float(np.clip(rng.normal() * 0.14 - 0.12 - 0.2 * smiling, 0, 0.3)),
        eyes_closed=float(np.clip(rng.normal() * 0.08, 0, 0.25)),
        narrow_eyes=float(np.clip(0.40 + rng.normal() * 0.34 + 0.14 * ancestry[1], 0, 1)),
        big_nose=_bell(rng, 0.6, 0.12 if man else -0.12),
        pointy_nose=_bell(rng, 0.6),
        big_lips=_bell(rng, 0.6, -0.10 if man else 0.14),
        eye_size=float(np.clip(rng.normal() * 0.25 + (-0.08 if man else 0.10), -0.6, 0.6)),
        bushy_eyebrows=_bell(rng, 0.6, 0.18 if man else -0.18),
        arched_eyebrows=_bell(rng, 0.6, -0.2 if man else 0.2),
        oval_face=_bell(rng, 0.55, -0.05 if man else 0.30),
        high_cheekbones=_bell(rng, 0.6, -0.05 if man else 0.08),
        double_chin=float(np.clip(rng.normal() * 0.50 + 0.30 * max(chubby, 0) + 0.15 * oldness, -1, 1)),
        jaw_width=_bell(rng, 0.35, 0.25 if man else -0.35),
        ear_size=_bell(rng, 0.4),
        iris=_iris(rng, light),
        hair_colour=colour,
        hair_mix=mix,
        hair_brightness=float(np.clip(rng.normal() * 0.28, -0.6, 0.6)),
        hair_style=style,
        hairline=float(np.clip(0.12 + 0.26 * oldness * man + rng.normal() * 0.06, 0.05, 0.5)),
        hair_cut=float(rng.random() * 0.6) * (rng.random() < 0.5),
        hair_volume=float(np.clip(rng.normal() * 0.5, -1, 1)),
        hair_flipped=bool(rng.random() < 0.5),
        fringe=float(rng.random()),
        beard=beard,
        goatee=goatee,
        moustache=moustache,
        stubble=stubble,
        makeup=makeup,
        lipstick=lipstick,
        lipstick_hue=float(rng.random()),
        eyeglasses=bool(rng.random() < 0.20 + 0.12 * oldness),
        yaw=float(np.clip(rng.normal() * 14, -35, 35)),
        pitch=float(np.clip(rng.normal() * 4, -11, 11)),
        roll=float(np.clip(rng.normal() * 2, -5, 5)),
        light_x=float(rng.uniform(-1, 1)),
        light_y=float(rng.uniform(0, 1)),
        light_hardness=float(rng.uniform(0.35, 0.75)),
        warmth=float(np.clip(rng.normal() * 0.3, -0.7, 0.7)),
        background=float(rng.random()),
    )


def _bell(rng: np.random.Generator, spread: float, centre: float = 0.0) -> float:
    return float(np.clip(centre + rng.normal() * spread, -1, 1))


def _mouth(rng: np.random.Generator) -> tuple[float, float]:
    """Smiling and mouth open: half of all people smile; smiles and open mouths go together only in part."""
    smiling = float(rng.beta(3, 1.6)) if rng.random() < 0.55 else float(rng.beta(1, 4))
    opened = float(rng.beta(1.4, 2.2)) if rng.random() < 0.45 else 0.0
    if smiling > 0.4 and rng.random() < 0.45:
        opened = max(opened, float(rng.uniform(0.15, 0.45)))
    return smiling, opened


def _hair_colour(
    rng: np.random.Generator, light: float, oldness: float
) -> tuple[str, tuple[float, float, float, float, float]]:
    """A named colour, and a mixture that it dominates."""
    gray = rng.random() < 0.10 + 0.45 * float(smoothstep(0.15, 0.9, oldness))
    natural = np.array([0.26 + 0.14 * (1 - light), 0.28, 0.28 + 0.10 * light, 0.05 + 0.05 * light])
    index = 4 if gray else int(rng.choice(4, p=natural / natural.sum()))
    neighbour = {0: 1, 1: (0, 2, 3)[int(rng.integers(3))], 2: 1, 3: 1, 4: int(rng.integers(2))}[index]
    share = float(rng.uniform(0, 0.10 if index == 4 else 0.16))
    mix = np.zeros(5)
    mix[index], mix[neighbour] = 1 - share, share
    return HAIR_COLOURS[index], (float(mix[0]), float(mix[1]), float(mix[2]), float(mix[3]), float(mix[4]))


def _face_hair(rng: np.random.Generator, man: bool) -> tuple[float, float, float, float]:
    """Beard, goatee, moustache (0 or at least 0.4) and stubble; none on women."""
    kind, length, lip, shadow = rng.random(), rng.uniform(0.12, 0.95), rng.random(), rng.beta(1.2, 3)
    if not man:
        return 0.0, 0.0, 0.0, 0.0
    beard = float(length) if kind < 0.27 else 0.0
    goatee = float(0.4 + 0.6 * length) if 0.27 <= kind < 0.37 else 0.0
    with_moustache = lip < (0.68 if beard else 0.55 if goatee else 0.14)
    moustache = float(0.55 + 0.45 * length) if with_moustache else 0.0
    return beard, goatee, moustache, 0.0 if beard else float(shadow) * 0.6


def _paint(rng: np.random.Generator, man: bool) -> tuple[float, float]:
    """Make-up of eyes and cheeks, and lipstick: 0 to 0.1 or at least 0.5."""
    made_up = rng.random() < (0.015 if man else 0.42)
    painted = rng.random() < (0.015 if man else 0.66 if made_up else 0.30)
    makeup = rng.uniform(0.55, 1) if made_up else rng.uniform(0, 0.1)
    lipstick = rng.uniform(0.55, 1) if painted else 0.0 * rng.random()
    return float(makeup) * (1.0 if made_up or not man else 0.0), float(lipstick)


def _iris(rng: np.random.Generator, light: float) -> str:
    fair = np.array([0.42, 0.15, 0.11, 0.06, 0.07, 0.09, 0.05, 0.03, 0.02])
    dark = np.array([0.88, 0.10, 0.01, 0.003, 0.003, 0.002, 0.001, 0.0, 0.001])
    share = float(np.clip(1.3 * (1 - light), 0, 1))
    chances = fair * (1 - share) + dark * share
    return IRISES[int(rng.choice(len(IRISES), p=chances / chances.sum()))]
