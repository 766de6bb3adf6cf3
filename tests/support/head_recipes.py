"""Recipes for the effect of each of MakeHuman's 490 head targets on the procedural head.

A recipe is a sum of terms `region move x y z`: `push` moves the region's vertices (x: away from the middle of the
face), `shift` moves them all the same way, `grow` stretches them about the region's centre.
"""

from __future__ import annotations

ENDS = {
    "i": ("decr", "incr"),
    "u": ("down", "up"),
    "o": ("in", "out"),
    "f": ("backward", "forward"),
    "c": ("concave", "convex"),
    "z": ("compress", "uncompress"),
    "=": ("", ""),
}
"""Letter in DETAILS: endings of the negative and of the positive target; "=": one target alone."""
SIDED = ("cheek", "ears", "eyes")  # folders whose targets exist for the left and the right
ETHNIC = {
    "african": "nostrils grow .25 0 0 + lips push 0 0 .03 + jaw push .01 0 .03",
    "asian": "nose push 0 0 -.03 + eye grow .04 -.12 0 + cheek push .03 0 .02",
    "caucasian": "bridge push 0 0 .03 + brows push 0 .01 .01",
}
SEX = {
    "female": "jaw push -.03 .01 0 + lips grow .04 .08 0",
    "male": "jaw push .05 -.02 .02 + brows push 0 -.02 .03 + neck grow .06 0 .04",
}
AGE = {
    "young": "cheek push 0 .01 .01",
    "old": "jaw push .02 -.04 0 + cheek push -.02 -.03 -.02 + ears grow 0 .08 0",
}
MUSCLE = {
    "minmuscle": "neck grow -.06 0 -.04",
    "averagemuscle": "",
    "maxmuscle": "neck grow .10 0 .06 + jaw push .02 0 .01",
}
WEIGHT = {
    "minweight": "cheek push -.05 0 -.02",
    "averageweight": "",
    "maxweight": "cheek push .08 -.01 .02 + throat push 0 -.05 .05 + jaw push .06 -.02 0",
}

REGIONS = {  # centre and radii, on the left half of the face
    "head": ((0, 7.3, 0.6), (1.0, 1.1, 1.3)), "crown": ((0, 8.2, 0.6), (0.8, 0.5, 1.0)),
    "back": ((0, 7.5, -0.2), (0.7, 0.7, 0.5)), "lowerface": ((0, 6.5, 1.1), (0.7, 0.4, 0.7)),
    "forehead": ((0, 7.85, 1.35), (0.5, 0.22, 0.4)), "temple": ((0.6, 7.7, 1.0), (0.2, 0.25, 0.4)),
    "cheek": ((0.5, 6.92, 1.15), (0.22, 0.25, 0.4)), "bones": ((0.5, 7.05, 1.2), (0.18, 0.12, 0.35)),
    "inner": ((0.25, 6.95, 1.4), (0.12, 0.15, 0.3)), "jaw": ((0.45, 6.4, 0.8), (0.25, 0.25, 0.5)),
    "chin": ((0, 6.3, 1.35), (0.3, 0.16, 0.4)), "throat": ((0, 6.15, 0.9), (0.35, 0.1, 0.4)),
    "neck": ((0, 6.0, 0.25), (0.6, 0.3, 0.9)), "nape": ((0, 6.1, -0.2), (0.45, 0.3, 0.4)),
    "nose": ((0, 7.0, 1.58), (0.18, 0.22, 0.3)), "tip": ((0, 6.92, 1.66), (0.1, 0.08, 0.2)),
    "nostrils": ((0, 6.88, 1.55), (0.18, 0.08, 0.25)), "bridge": ((0, 7.12, 1.55), (0.1, 0.14, 0.25)),
    "wing": ((0.1, 6.9, 1.5), (0.08, 0.08, 0.2)), "septum": ((0, 6.84, 1.55), (0.08, 0.05, 0.2)),
    "mouth": ((0, 6.61, 1.4), (0.34, 0.16, 0.4)), "lips": ((0, 6.61, 1.5), (0.3, 0.09, 0.2)),
    "upperlip": ((0, 6.65, 1.48), (0.28, 0.06, 0.2)), "lowerlip": ((0, 6.57, 1.48), (0.28, 0.06, 0.2)),
    "corners": ((0.27, 6.61, 1.38), (0.12, 0.1, 0.25)), "philtrum": ((0, 6.73, 1.52), (0.1, 0.06, 0.2)),
    "folds": ((0.33, 6.75, 1.35), (0.1, 0.18, 0.25)), "jawdrop": ((0, 6.38, 1.2), (0.5, 0.32, 0.8)),
    "brows": ((0.32, 7.5, 1.4), (0.26, 0.1, 0.3)), "browin": ((0.14, 7.5, 1.45), (0.12, 0.1, 0.2)),
    "browout": ((0.5, 7.5, 1.3), (0.14, 0.1, 0.25)), "eye": ((0.3077, 7.2841, 1.3), (0.22, 0.14, 0.4)),
    "upperlid": ((0.3077, 7.35, 1.42), (0.17, 0.04, 0.15)), "lowerlid": ((0.3077, 7.215, 1.42), (0.17, 0.04, 0.15)),
    "bag": ((0.3077, 7.15, 1.4), (0.18, 0.07, 0.2)), "innercorner": ((0.17, 7.284, 1.4), (0.06, 0.06, 0.15)),
    "outercorner": ((0.45, 7.284, 1.35), (0.07, 0.06, 0.15)), "ears": ((0.82, 7.25, 0.42), (0.14, 0.3, 0.25)),
    "lobe": ((0.8, 7.1, 0.42), (0.12, 0.08, 0.2)), "trunk": ((0, 2.0, 0.3), (3.0, 1.9, 3.0)),
}  # fmt: skip
ABOVE, BELOW = ("upperlip", "philtrum"), ("lowerlip", "jawdrop")  # do not reach over the mouth's edge
NOT_EYES = (
    "upperlid",
    "lowerlid",
    "brows",
    "browin",
    "browout",
    "bag",
    "innercorner",
    "outercorner",
)  # no eyeball moves

DETAILS = """
nose/nose-base u nostrils push 0 .05 0
nose/nose-compression z nose grow .2 0 0
nose/nose-curve c bridge push 0 0 .06
nose/nose-flaring i wing push .03 0 0
nose/nose-greek i bridge push 0 0 .05
nose/nose-hump i bridge push 0 .01 .05
nose/nose-nostrils-angle u wing push 0 .03 0
nose/nose-nostrils-width i wing push .02 0 0
nose/nose-point u tip push 0 .05 0
nose/nose-point-width i tip grow .3 0 0
nose/nose-scale-depth i nose push 0 0 .08
nose/nose-scale-horiz i nose grow .3 0 0
nose/nose-scale-vert i nose grow 0 .25 0
nose/nose-septumangle i septum push 0 -.04 0
nose/nose-trans f nose push 0 0 .06
nose/nose-trans u nose push 0 .06 0
nose/nose-trans o nose shift .05 0 0
nose/nose-volume i nose grow .15 .05 .1
nose/nose-width1 i bridge grow .3 0 0
nose/nose-width2 i nose grow .2 0 0
nose/nose-width3 i nostrils grow .3 0 0
mouth/mouth-angles u corners push 0 .05 0
mouth/mouth-cupidsbow i philtrum push 0 -.02 .01
mouth/mouth-cupidsbow-width i philtrum grow .2 0 0
mouth/mouth-dimples o corners push .02 0 .02
mouth/mouth-laugh-lines o folds push .01 0 .03
mouth/mouth-lowerlip-ext u corners push 0 .02 .01
mouth/mouth-lowerlip-height i lowerlip grow 0 .4 0
mouth/mouth-lowerlip-middle u lowerlip push 0 .02 0
mouth/mouth-lowerlip-volume i lowerlip push 0 0 .04
mouth/mouth-lowerlip-width i lowerlip grow .15 0 0
mouth/mouth-philtrum-volume i philtrum push 0 0 .04
mouth/mouth-scale-depth i mouth push 0 0 .05
mouth/mouth-scale-horiz i mouth grow .25 0 0
mouth/mouth-scale-vert i mouth grow 0 .25 0
mouth/mouth-trans f mouth push 0 0 .05
mouth/mouth-trans u mouth push 0 .06 0
mouth/mouth-trans o mouth shift .05 0 0
mouth/mouth-upperlip-ext u corners push 0 .03 0
mouth/mouth-upperlip-height i upperlip grow 0 .4 0
mouth/mouth-upperlip-middle u upperlip push 0 .02 0
mouth/mouth-upperlip-volume i upperlip push 0 0 .04
mouth/mouth-upperlip-width i upperlip grow .15 0 0
eyes/eye-bag i bag push 0 0 .03
eyes/eye-bag-height i bag grow 0 .3 0
eyes/eye-bag o bag push .01 0 .02
eyes/eye-corner1 u innercorner push 0 .03 0
eyes/eye-corner2 u outercorner push 0 .03 0
eyes/eye-epicanthus o innercorner push .02 0 .02
eyes/eye-eyefold-angle u outercorner push 0 .02 .01
eyes/eye-eyefold c upperlid push 0 0 .02
eyes/eye-eyefold u upperlid push 0 .02 0
eyes/eye-height1 i innercorner grow 0 .3 0
eyes/eye-height2 i upperlid push 0 .03 0
eyes/eye-height3 i outercorner grow 0 .3 0
eyes/eye-push1 o innercorner push .02 0 0
eyes/eye-push2 o outercorner push .02 0 0
eyes/eye-scale i eye grow .25 .25 .1
eyes/eye-trans u eye push 0 .05 0
eyes/eye-trans o eye push .05 0 0
chin/chin-bones i jaw push .04 0 .02
chin/chin-cleft i chin push 0 0 -.03
chin/chin-height i chin push 0 -.08 0
chin/chin-jaw-drop i jaw push 0 -.06 0
chin/chin-prognathism i chin push 0 0 .08
chin/chin-prominent i chin push 0 0 .06
chin/chin-triangle = chin grow -.2 0 .05
chin/chin-width i chin grow .25 0 0
cheek/cheek-bones i bones push .03 0 .03
cheek/cheek-inner i inner push 0 0 .03
cheek/cheek-trans u cheek push 0 .05 0
cheek/cheek-volume i cheek push .05 0 .02
head/head-age i folds push 0 -.03 -.02
head/head-angle o lowerface push 0 0 .06
head/head-back-scale-depth i back push 0 0 -.1
head/head-diamond = bones push .06 0 0
head/head-fat i cheek push .1 -.02 .02
head/head-invertedtriangular = temple push .06 0 0
head/head-oval = jaw push -.05 0 0
head/head-rectangular = jaw push .04 -.03 0
head/head-round = cheek push .06 0 0
head/head-scale-depth i head grow 0 0 .08
head/head-scale-horiz i head grow .1 0 0
head/head-scale-vert i head grow 0 .08 0
head/head-square = jaw push .06 0 0
head/head-trans f head push 0 0 .08
head/head-trans u head push 0 .08 0
head/head-trans o head shift .08 0 0
head/head-triangular = jaw push .05 -.01 0
ears/ear-flap i ears push .05 0 0
ears/ear-lobe i lobe push 0 -.05 0
ears/ear-rot f ears grow 0 0 .2
ears/ear-scale i ears grow .2 .3 .2
ears/ear-scale-depth i ears grow 0 0 .3
ears/ear-scale-vert i ears grow 0 .3 0
ears/ear-shape-pointed = ears push 0 .05 0
ears/ear-shape-round = ears grow .1 .1 .1
ears/ear-shape-square = ears grow .1 .2 .1
ears/ear-shape-triangle = lobe push 0 .05 0
ears/ear-trans f ears push 0 0 .06
ears/ear-trans u ears push 0 .06 0
ears/ear-wing i ears push .06 0 -.02
forehead/forehead-nubian i forehead push 0 .02 .05
forehead/forehead-scale-vert i forehead grow 0 .2 0
forehead/forehead-temple i temple push .05 0 0
forehead/forehead-trans f forehead push 0 0 .06
eyebrows/eyebrows-angle u browout push 0 .05 0
eyebrows/eyebrows-trans f brows push 0 0 .04
eyebrows/eyebrows-trans u brows push 0 .06 0
neck/neck-back-scale-depth i nape push 0 0 -.06
neck/neck-double i throat push 0 -.08 .06
neck/neck-scale-depth i neck grow 0 0 .1
neck/neck-scale-horiz i neck grow .15 0 0
neck/neck-scale-vert i neck grow 0 .1 0
neck/neck-trans f neck push 0 0 .06
neck/neck-trans u neck push 0 .06 0
neck/neck-trans o neck shift .06 0 0
"""
UNITS = """
eye-SIDE-closure upperlid push 0 -.13 .03 + lowerlid push 0 .01 0
eye-SIDE-opened-up upperlid push 0 .04 0
eye-SIDE-slit upperlid push 0 -.04 .01 + lowerlid push 0 .03 .01
eyebrows-SIDE-down brows push 0 -.07 0
eyebrows-SIDE-extern-up browout push 0 .07 0
eyebrows-SIDE-inner-up browin push 0 .05 0
eyebrows-SIDE-up brows push 0 .09 0
mouth-compression lips grow 0 -.2 0 + lips push 0 0 -.03
mouth-corner-puller corners push .05 .10 -.02 + cheek push .01 .03 .03
mouth-depression corners push 0 -.06 0
mouth-depression-retraction corners push .04 -.06 -.02
mouth-elevation upperlip push 0 .06 0
mouth-eversion lips push 0 0 .05
mouth-open jawdrop push 0 -.28 -.04
mouth-parling upperlip push 0 .03 0 + lowerlip push 0 -.04 0
mouth-part-later corners grow 0 .3 0
mouth-protusion lips push -.03 0 .07
mouth-pursing mouth grow -.3 0 .05
mouth-retraction corners push .07 0 -.03
mouth-upward-retraction corners push .05 .06 -.02 + upperlip push 0 .03 0
neck-platysma neck push .02 0 .02
nose-compression wing push -.02 0 0
nose-depression tip push 0 -.04 0
nose-SIDE-dilatation wing push .03 0 0
nose-SIDE-elevation wing push 0 .05 0
"""
ASYMMETRIES = {"brown": 2, "cheek": 2, "ear": 4, "eye": 8, "jaw": 3, "mouth": 2, "nose": 4, "temple": 2, "top": 2}
ASYMMETRIC = {"brown": "brows", "ear": "ears", "top": "crown"}
