"""Tables of how features move MakeHuman's detail modifiers, per unit of the feature."""

from __future__ import annotations

SHAPE_ATTRIBUTES: dict[str, dict[str, float]] = {
    "big_nose": {
        "nose/nose-scale-horiz-incr": 1.0,
        "nose/nose-scale-depth-incr": 0.7,
        "nose/nose-volume-incr": 0.85,
        "nose/nose-width3-incr": 0.75,
        "nose/nose-width2-incr": 0.4,
        "nose/nose-flaring-incr": 0.35,
        "nose/nose-scale-vert-incr": 0.55,
    },
    "pointy_nose": {
        "nose/nose-point-width-incr": -1.2,
        "nose/nose-scale-depth-incr": 0.65,
        "nose/nose-point-up": 0.35,
        "nose/nose-width3-incr": -0.25,
        "nose/nose-nostrils-width-incr": -0.6,
    },
    "eye_size": {"eyes/eye-scale-incr": 0.5, "eyes/eye-height2-incr": 0.15},
    "narrow_eyes": {"eyes/eye-height2-incr": -0.75, "eyes/eye-height1-incr": -0.35, "eyes/eye-height3-incr": -0.35},
    "arched_eyebrows": {"eyebrows/eyebrows-trans-up": 0.6},
    "bushy_eyebrows": {"eyebrows/eyebrows-trans-forward": 0.2},
    "oval_face": {
        "head/head-oval": 0.9,
        "head/head-square": -0.55,
        "head/head-rectangular": -0.35,
        "head/head-scale-horiz-incr": -0.45,
        "chin/chin-width-incr": -0.35,
        "chin/chin-bones-incr": -0.25,
    },
    "high_cheekbones": {"cheek/cheek-bones-incr": 1.6, "cheek/cheek-trans-up": 0.9, "cheek/cheek-inner-incr": -0.6},
    "big_lips": {
        "mouth/mouth-lowerlip-height-incr": 1.35,
        "mouth/mouth-upperlip-height-incr": 1.45,
        "mouth/mouth-lowerlip-volume-incr": 0.45,
        "mouth/mouth-upperlip-volume-incr": 0.35,
    },
    "double_chin": {"neck/neck-double-incr": 1.6, "chin/chin-jaw-drop-incr": 0.5, "neck/neck-scale-horiz-incr": 0.4},
    "chubby": {
        "head/head-fat-incr": 0.7,
        "cheek/cheek-volume-incr": 0.75,
        "neck/neck-scale-horiz-incr": 0.25,
        "chin/chin-width-incr": 0.10,
    },
    "jaw_width": {
        "chin/chin-width-incr": 0.25,
        "chin/chin-bones-incr": 0.25,
        "head/head-triangular": 0.22,
        "head/head-invertedtriangular": -0.25,
    },
    "ear_size": {"ears/ear-scale-incr": 0.5, "ears/ear-wing-incr": 0.3},
}

# sharper difference of the sexes than the macro targets give: +1 woman, -0.6 man
FEMININE: dict[str, float] = {
    "chin/chin-width-incr": -0.60,
    "chin/chin-bones-incr": -0.70,
    "chin/chin-height-incr": -0.25,
    "chin/chin-prominent-incr": -0.15,
    "chin/chin-cleft-incr": -0.15,
    "nose/nose-scale-horiz-incr": -0.25,
    "nose/nose-scale-depth-incr": -0.20,
    "nose/nose-volume-incr": -0.22,
    "nose/nose-scale-vert-incr": -0.15,
    "nose/nose-hump-incr": -0.20,
    "nose/nose-point-up": 0.20,
    "eyebrows/eyebrows-trans-up": 0.24,
    "eyebrows/eyebrows-trans-forward": -0.15,
    "eyes/eye-scale-incr": 0.22,
    "mouth/mouth-upperlip-volume-incr": 0.10,
    "mouth/mouth-lowerlip-volume-incr": 0.10,
    "mouth/mouth-upperlip-height-incr": 0.12,
    "mouth/mouth-scale-horiz-incr": -0.12,
    "neck/neck-scale-horiz-incr": -0.50,
    "head/head-scale-horiz-incr": -0.15,
    "head/head-age-incr": -0.15,
    "head/head-oval": 0.30,
    "cheek/cheek-volume-incr": 0.15,
    "forehead/forehead-trans-forward": 0.15,
}

AGEING: dict[str, float] = {  # per unit of oldness
    "head/head-age-incr": 0.75,
    "eyes/eye-bag-incr": 0.80,
    "mouth/mouth-laugh-lines-out": -0.40,
    "cheek/cheek-volume-incr": -0.25,
    "eyes/eye-eyefold-up": -0.35,
    "nose/nose-scale-vert-incr": 0.20,
    "ears/ear-scale-incr": 0.20,
    "mouth/mouth-upperlip-height-incr": -0.15,
}

HOUSE_STYLE: dict[str, float] = {
    "eyes/eye-height2-incr": 0.42,
    "eyes/eye-height1-incr": 0.22,
    "eyes/eye-height3-incr": 0.20,
    "eyes/eye-scale-incr": 0.12,
    "eyebrows/eyebrows-trans-up": 0.25,
    "eyebrows/eyebrows-angle-up": -0.35,
    "chin/chin-width-incr": -0.20,
    "neck/neck-scale-horiz-incr": -0.15,
}

INDIVIDUAL: dict[str, float] = {  # standard deviation of personal variation, by folder
    "nose/": 0.20,
    "mouth/": 0.10,
    "eyes/": 0.14,
    "chin/": 0.17,
    "cheek/": 0.18,
    "head/": 0.08,
    "ears/": 0.20,
    "forehead/": 0.18,
    "eyebrows/": 0.12,
    "neck/": 0.08,
}

NOT_INDIVIDUAL = (  # shapes that look odd, or that only a label may move
    "ear-shape-pointed",
    "ear-shape-triangle",
    "head-diamond",
    "head-trans",
    "head-scale",
    "head-age",
    "neck-scale",
    "neck-trans",
    "head-angle",
    "eye-trans",
    "neck-double",
    "head-fat",
    "mouth-scale-vert",
    "eye-push",
    "mouth-trans-out",
    "nose-trans-out",
    "head-square",
    "head-round",
    "head-tri",
    "head-inv",
    "head-rect",
    "head-oval",
    "mouth-angles",
)
