"""How well linear regression predicts the drawn numbers from a code: persons only, without rendering.

A generator first learns properties that have a slope in its latent. Linear regression must predict amounts. It cannot
predict a step: of a switch that is on for a share p of faces, on one normal number with threshold t, it explains at
most phi(t)^2 / (p (1 - p)). So switches and classes must reach a share of that, or of the best rising function of the
regression's own sum (isotonic regression).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm

from training.render.chance import NAMES
from training.render.colours import hair_root, linear_to_lab, skin_tone
from training.render.geometry import Array
from training.render.hair import BANDS, STYLES
from training.render.person import Person, person_of

LEAST_LINEAR, LEAST_OF_CEILING, LEAST_ISOTONIC = 0.6, 0.9, 0.8
GATED = ("beard", "moustache", "makeup", "lipstick", "fringe", "eyeglasses", "hair_flipped")
"""Switched properties; `bald`, `man` and the lengths of hair are added to them."""


@dataclass(frozen=True)
class Slope:
    """One drawn number.

    Attributes:
        name: of the field of a person, or of the derived number.
        share: of the faces for which a switch is on; None for an amount.
        linear: R2 of the linear regression from all numbers of a code.
        isotonic: R2 of the best rising function of the regression's sum.
        ceiling: the largest possible `linear`; 1 for an amount.
    """

    name: str
    share: float | None
    linear: float
    isotonic: float
    ceiling: float

    @property
    def met(self) -> bool:
        """Whether it is predicted well enough."""
        if self.share is None:
            return self.linear >= LEAST_LINEAR
        return self.linear >= LEAST_OF_CEILING * self.ceiling or self.isotonic >= LEAST_ISOTONIC


def measure_slopes(faces: int = 2000, seed: int = 11) -> list[Slope]:
    """Return the slopes of all drawn numbers, over codes of a seed."""
    codes = np.random.default_rng(seed).standard_normal((faces, len(NAMES)))
    people = [person_of(code) for code in codes]
    lines = np.hstack([codes, np.ones((faces, 1))])
    solve = np.linalg.pinv(lines)
    freedom = (faces - 1) / (faces - lines.shape[1])
    found: list[Slope] = []
    for name, (values, switch) in drawn(people).items():
        if values.std() < 1e-9:
            continue
        fitted = lines @ (solve @ values)
        missed = ((values - fitted) ** 2).mean() / values.var() * freedom  # adjusted for the count of numbers
        share = float(values.mean()) if switch else None
        ceiling = float(norm.pdf(ndtri(share)) ** 2 / (share * (1 - share))) if share is not None else 1.0
        found.append(Slope(name, share, 1 - float(missed), _isotonic(fitted, values), ceiling))
    return found


def drawn(people: list[Person]) -> dict[str, tuple[Array, bool]]:
    """Return every number that is drawn, (n,), and whether it is a switch: fields of the persons, colours, classes."""
    columns: dict[str, tuple[Array, bool]] = {}
    for field in fields(Person):
        if field.name == "hair_style":
            continue
        values = np.array([getattr(person, field.name) for person in people], float)
        if field.name in GATED:
            columns[field.name] = ((values > 0).astype(float), True)
        elif values.ndim == 1:
            columns[field.name] = (values, False)
        else:
            columns |= {f"{field.name} {index + 1}": (column, False) for index, column in enumerate(values.T)}
    columns["man"] = (np.array([person.man for person in people], float), True)
    columns["bald"] = (np.array([person.bald for person in people], float), True)
    for end, *_ in BANDS[:-1]:
        columns[f"hair longer than {end}"] = (np.array([person.hair_length > end for person in people], float), True)
    columns["long hair"] = (np.array([STYLES[person.hair_style].long for person in people], float), True)
    for name, colour in (("skin", skin_tone), ("hair", hair_root)):
        lab = linear_to_lab(np.array([colour(person) for person in people]))
        columns |= {f"{name} {axis}": (lab[:, index], False) for index, axis in enumerate(("L*", "a*", "b*"))}
    return columns


def table(slopes: list[Slope]) -> str:
    """Return the slopes as text, the smallest first."""
    rows = [f"{'drawn number':40} share  linear  isotonic  ceiling"]
    for slope in sorted(slopes, key=lambda one: one.linear):
        share = "     " if slope.share is None else f"{slope.share:5.2f}"
        rows.append(
            f"{slope.name:40} {share} {slope.linear:7.3f} {slope.isotonic:9.3f} {slope.ceiling:8.3f}"
            f"{'' if slope.met else '  too little'}"
        )
    return "\n".join(rows)


def _isotonic(index: Array, values: Array) -> float:
    from scipy.optimize import isotonic_regression

    ordered = values[np.argsort(index)]
    fitted = isotonic_regression(ordered).x
    return 1 - float(((ordered - fitted) ** 2).mean() / values.var())
