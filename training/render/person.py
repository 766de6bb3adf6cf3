"""One person, with light and surroundings: everything in a picture that varies, from the numbers of its code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, ndtri

from training.render.chance import NAMES, Numbers, bell, between, grown, share
from training.render.geometry import Array, smoothstep
from training.render.hair import STYLES, style_of
from training.render.shapes import ASYMMETRIES, INDIVIDUAL

BALD, BEARDED, MOUSTACHED, WITH_GLASSES = 0.13, 0.20, 0.18, 0.24
MADE_UP, PAINTED, FRINGED, FLIPPED = 0.25, 0.28, 0.40, 0.50
"""Shares of the faces for which a switch is on; for a fringe, of the faces with long enough hair."""


@dataclass(frozen=True)
class Person:
    """What a picture shows.

    Attributes (0 to 1 unless stated; shape attributes -1 to 1; angles in degrees; age in years):
        gender: 0 woman to 1 man. ancestry: weights of MakeHuman's three face groups (african, asian, caucasian).
        skin_redness, skin_yellowness: -1 to 1. iris: 0 dark brown to 1 light blue, a position in the textures.
        melanin: of the hair, 0 light blond to 1 black; hair_redness, gray: how red, how gray it is.
        hair_length: a normal number, less for men. baldness: a normal number, more for men and with age: the hair
        recedes before it is gone. fringe: 0 none, else how deep hair over the forehead falls, where the style has it.
        curl: 0 straight to 1.
        beard, moustache, makeup, lipstick: 0 none, or from a little to 1. beard_width: 0 goatee to 1 full.
        turn: degrees by which the surroundings are rotated; surroundings: a position in their sequence, 0 to 1.
        backdrop, shirt: CIELAB colours, L 0 to 100. shape, asymmetry: amounts of shapes.INDIVIDUAL and ASYMMETRIES.
    """

    gender: float
    age: float
    ancestry: tuple[float, float, float]
    skin_darkness: float
    skin_redness: float
    skin_yellowness: float
    chubby: float
    muscle: float
    smiling: float
    mouth_open: float
    brow_raise: float
    frown: float
    eyes_closed: float
    pout: float
    gaze: tuple[float, float]
    narrow_eyes: float
    eye_size: float
    eye_distance: float
    eye_slant: float
    big_nose: float
    pointy_nose: float
    nose_length: float
    big_lips: float
    wide_mouth: float
    bushy_eyebrows: float
    arched_eyebrows: float
    oval_face: float
    high_cheekbones: float
    double_chin: float
    square_jaw: float
    long_chin: float
    forehead: float
    ear_size: float
    neck_width: float
    wrinkles: float
    eye_bags: float
    freckles: float
    shine: float
    iris: float
    teeth: float
    melanin: float
    hair_redness: float
    gray: float
    hair_tips: float
    hair_length: float
    hair_style: str
    fringe: float
    curl: float
    hair_volume: float
    hair_flipped: bool
    baldness: float
    beard: float
    beard_width: float
    moustache: float
    stubble: float
    makeup: float
    lipstick: float
    lipstick_hue: float
    eye_shadow_hue: float
    eyeglasses: bool
    rim: tuple[float, float, float, float, float, float]
    yaw: float
    pitch: float
    shoulders: tuple[float, float]
    distance: float
    light_x: float
    light_y: float
    light_hardness: float
    warmth: float
    fill: float
    rim_light: float
    surroundings: float
    turn: float
    exposure: float
    backdrop: tuple[float, float, float]
    backdrop_detail: float
    shirt: tuple[float, float, float]
    collar: float
    vee: float
    shape: tuple[float, ...]
    asymmetry: tuple[float, ...]

    @property
    def man(self) -> bool:
        """Whether the person is labelled as a man."""
        return self.gender > 0.5

    @property
    def bald(self) -> bool:
        """Whether there is no hair on the top of the head."""
        return self.hair_style == "bald"

    @property
    def oldness(self) -> float:
        """0 up to 22 years, 1 at 78."""
        return float(np.clip((self.age - 22) / 56, 0, 1))

    @property
    def thinning(self) -> float:
        """How far the hair has receded, 0 not at all to 1 just before it is gone."""
        return float(smoothstep(-0.9, 0.0, self.baldness - float(ndtri(1 - BALD))))


def person_of(code: Array, styles: Sequence[str] = tuple(STYLES)) -> Person:
    """Return the person of a code.

    Args:
        code: standard normal numbers (len(chance.NAMES),).
        styles: hair styles that the kit has.
    """
    n = Numbers(code)
    male = 2 * share(1.9 * n["sex"]) - 1  # -1 woman to 1 man
    years = n["age"]
    age = 18 + 62 * float(betaincinv(1.0, 1.15, share(years)))
    old = float(np.clip((age - 22) / 56, 0, 1))
    darkness = share(n.index(skin_darkness=0.66, ancestry_1=0.75))
    smiling = bell(n["smiling"], 0.40, 0.42, 0.0)
    chubby = bell(n["chubby"], 0.45, -0.05 + 0.10 * old)
    baldness = n.index(baldness=0.80, sex=0.48, age=0.36)
    length = n.index(hair_length=0.75, sex=-0.61, age=-0.25)
    fringe, to_bald = grown(n["fringe"], FRINGED, 0.15), baldness - float(ndtri(1 - BALD))
    beard = grown(n.index(beard=0.50, sex=0.866), BEARDED, 0.22, 1.1)
    return Person(
        gender=(1 + male) / 2,
        age=age,
        ancestry=_ancestry(n),
        skin_darkness=darkness,
        skin_redness=bell(n["skin_redness"], 0.45),
        skin_yellowness=bell(n["skin_yellowness"], 0.45),
        chubby=chubby,
        muscle=bell(n["muscle"], 0.12, 0.5, 0.1, 0.9),
        smiling=smiling,
        mouth_open=bell(n["mouth_open"], 0.32, 0.03 + 0.28 * smiling, 0.0),
        brow_raise=bell(n["brow_raise"], 0.38, 0.10),
        frown=bell(n["frown"], 0.40, 0.10 - 0.10 * smiling, 0.0),
        eyes_closed=bell(n["eyes_closed"], 0.33, 0.0, 0.0, 0.8),
        pout=bell(n["pout"], 0.35, 0.12 - 0.12 * smiling, 0.0),
        gaze=(0.022 * n["gaze_x"], 0.012 * n["gaze_y"]),
        narrow_eyes=bell(n["narrow_eyes"], 0.28, 0.38, 0.0),
        eye_size=bell(n["eye_size"], 0.40, -0.06 * male),
        eye_distance=bell(n["eye_distance"], 0.45),
        eye_slant=bell(n["eye_slant"], 0.45),
        big_nose=bell(n["big_nose"], 0.50, 0.10 * male),
        pointy_nose=bell(n["pointy_nose"], 0.50),
        nose_length=bell(n["nose_length"], 0.50),
        big_lips=bell(n["big_lips"], 0.50, -0.10 * male),
        wide_mouth=bell(n["wide_mouth"], 0.50),
        bushy_eyebrows=bell(n["bushy_eyebrows"], 0.50, 0.20 * male),
        arched_eyebrows=bell(n["arched_eyebrows"], 0.50, -0.20 * male),
        oval_face=bell(n["oval_face"], 0.50, 0.1 - 0.15 * male),
        high_cheekbones=bell(n["high_cheekbones"], 0.50, -0.05 * male),
        double_chin=bell(n["double_chin"], 0.45, 0.30 * max(chubby, 0) - 0.1),
        square_jaw=bell(n["square_jaw"], 0.42, 0.25 * male),
        long_chin=bell(n["long_chin"], 0.45),
        forehead=bell(n["forehead"], 0.45),
        ear_size=bell(n["ear_size"], 0.40),
        neck_width=bell(n["neck_width"], 0.45),
        wrinkles=bell(n["wrinkles"], 0.30, 0.02 + 0.80 * old, 0.0),
        eye_bags=bell(n["eye_bags"], 0.26, 0.20 + 0.35 * old, 0.0),
        freckles=bell(n["freckles"], 0.40, 0.10, 0.0),
        shine=between(n["shine"], 0.6, 1.2),
        iris=bell(n.index(iris=0.52, ancestry_1=-0.65, ancestry_2=-0.30, skin_darkness=-0.40), 0.40, 0.30, 0.0),
        teeth=between(n["teeth"], 0.85, 1.0),
        melanin=share(n.index(melanin=0.76, ancestry_1=0.50, skin_darkness=0.40)),
        hair_redness=bell(n["hair_redness"], 0.42, 0.32, 0.0),
        gray=bell(n.index(gray=0.52, age=0.854), 0.58, 0.13, 0.0),
        hair_tips=between(n["hair_tips"], -0.1, 0.45),
        hair_length=length,
        hair_style=style_of(length, fringe > 0, n["curl"], to_bald, styles),
        fringe=fringe,
        curl=bell(n["curl"], 0.40, 0.30, 0.0),
        hair_volume=bell(n["volume"], 0.5),
        hair_flipped=n["parting"] > float(ndtri(1 - FLIPPED)),
        baldness=baldness,
        beard=beard,
        beard_width=min(1.0, between(n["beard_width"], 0.0, 1.5)),
        moustache=grown(n.index(moustache=0.50, sex=0.866), MOUSTACHED, 0.45, 1.4),
        stubble=bell(n.index(stubble=0.50, sex=0.866), 0.42, -0.06, 0.0),
        makeup=grown(n.index(makeup=0.55, sex=-0.83), MADE_UP, 0.30),
        lipstick=grown(n.index(lipstick=0.60, sex=-0.80), PAINTED, 0.45),
        lipstick_hue=share(n["lipstick_hue"]),
        eye_shadow_hue=share(n["eye_shadow_hue"]),
        eyeglasses=grown(n.index(eyeglasses=0.97, age=0.24), WITH_GLASSES, 1.0) > 0,
        rim=(
            between(n["rim_width"], 0.40, 0.47),
            between(n["rim_height"], 0.66, 0.94),
            between(n["rim_squareness"], 1.9, 3.6),
            between(n["rim_thickness"], 0.011, 0.026),
            share(n["rim_lightness"]) ** 2,
            share(n["rim_redness"]),
        ),
        yaw=bell(n["yaw"], 14.0, 0.0, -35.0, 35.0),
        pitch=bell(n["pitch"], 4.5, 0.0, -12.0, 12.0),
        shoulders=(0.06 * n["shoulders"], 0.02 * n["shoulders"]),
        distance=between(n["distance"], 11.0, 15.0),
        light_x=2 * share(n["light_x"]) - 1,
        light_y=share(n["light_y"]),
        light_hardness=between(n["light_hardness"], 0.25, 0.80),
        warmth=bell(n["warmth"], 0.45),
        fill=between(n["fill"], 0.08, 0.40),
        rim_light=bell(n["rim_light"], 0.40, 0.30, 0.0),
        surroundings=share(n["surroundings"]),
        turn=bell(n["turn"], 45.0, 0.0, -120.0, 120.0),
        exposure=bell(n["exposure"], 0.16, 0.0, -0.4, 0.4),
        backdrop=(
            bell(n["backdrop_lightness"], 20.0, 50.0, 6.0, 95.0),
            bell(n["backdrop_a"], 13.0, 1.0, -40.0, 40.0),
            bell(n["backdrop_b"], 15.0, 3.0, -45.0, 45.0),
        ),
        backdrop_detail=between(n["backdrop_detail"], 0.1, 1.1),
        shirt=(
            bell(n["shirt_lightness"], 22.0, 42.0, 8.0, 92.0),
            bell(n["shirt_a"], 16.0, 3.0, -45.0, 50.0),
            bell(n["shirt_b"], 17.0, -1.0, -50.0, 45.0),
        ),
        collar=between(n["collar"], 5.72, 6.02),
        vee=bell(n["vee"], 0.25, 0.15, 0.0, 0.6),
        shape=_amounts(n.several("shape", tuple(INDIVIDUAL)), INDIVIDUAL),
        asymmetry=_amounts(n.several("asymmetry", tuple(ASYMMETRIES)), ASYMMETRIES),
    )


def sample_person(rng: np.random.Generator, styles: Sequence[str] = tuple(STYLES)) -> Person:
    """Draw a random person, with a kit's hair styles."""
    return person_of(rng.standard_normal(len(NAMES)), styles)


def _amounts(normals: Array, spreads: dict[str, float]) -> tuple[float, ...]:
    return tuple(float(amount) for amount in np.clip(normals, -2.2, 2.2) * list(spreads.values()))


def _ancestry(n: Numbers) -> tuple[float, float, float]:
    """Return the shares of the african, asian and caucasian groups: corners of a triangle in a plane of two numbers."""
    x, y = n["ancestry_1"], n["ancestry_2"]
    pull = np.exp(1.9 * np.array([0.8 * x - 0.25 * y, 0.75 * y, -0.8 * x - 0.25 * y + 0.15]))
    african, asian, caucasian = pull / pull.sum()
    return float(african), float(asian), float(caucasian)
