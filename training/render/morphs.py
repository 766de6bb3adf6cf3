"""A person's features -> weights of MakeHuman's morph targets."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from training.render.person import Person
from training.render.shapes import AGEING, ASYMMETRIES, FEMININE, HOUSE_STYLE, INDIVIDUAL, SHAPE_ATTRIBUTES
from training.render.targets import Targets

ANCESTRY = ("african", "asian", "caucasian")


def target_weights(targets: Targets, person: Person) -> dict[str, float]:
    """Return the weights of the morph targets that make a person's head.

    Args:
        targets: The kit's targets.
        person: The person.

    Returns:
        Target name -> weight.
    """
    weights: dict[str, float] = defaultdict(float)
    weights.update(macro_weights(person))
    for name, amount in modifier_amounts(person).items():
        modifier = targets.modifiers.get(name)
        if modifier is None:
            continue
        amount = float(np.clip(amount, -1.3, 1.3))
        for target in modifier.positive if amount > 0 else modifier.negative:
            weights[target] += abs(amount)
    for name, amount in zip(ASYMMETRIES, person.asymmetry, strict=True):
        weights[f"asym/asym-{name}-{'l' if amount > 0 else 'r'}"] += abs(amount)
    return weights | expression_weights(person)


def expression_weights(person: Person) -> dict[str, float]:
    """Return the weights of the targets of a person's expression alone."""
    return {
        f"expression/units/{group}/{name}": amount * share
        for name, amount in expression(person).items()
        for group, share in zip(ANCESTRY, person.ancestry, strict=True)
    }


def macro_weights(person: Person) -> dict[str, float]:
    """Return MakeHuman's products of sex, age, muscle, weight and ancestry.

    The sexes are drawn slightly apart, because with the macro targets alone women's heads are close to the mean.
    """
    male = -0.28 + 1.26 * person.gender
    old = min(1.12, 1.30 * person.oldness)
    sexes = {"male": male, "female": 1 - male}
    ages = {"old": old, "young": 1 - old}
    muscles = _low_average_high("muscle", person.muscle)
    fatness = _low_average_high("weight", float(np.clip(0.5 + 0.38 * person.chubby, 0, 1)))
    weights: dict[str, float] = {}
    for sex, sex_share in sexes.items():
        for age, age_share in ages.items():
            share = sex_share * age_share
            for group, group_share in zip(ANCESTRY, person.ancestry, strict=True):
                weights[f"macrodetails/{group}-{sex}-{age}"] = share * group_share
            for muscle, muscle_share in muscles.items():
                for weight, weight_share in fatness.items():
                    weights[f"macrodetails/universal-{sex}-{age}-{muscle}-{weight}"] = (
                        share * muscle_share * weight_share
                    )
    return weights


def _low_average_high(word: str, value: float) -> dict[str, float]:
    low, high = max(0.0, 1 - 2 * value), max(0.0, 2 * value - 1)
    return {f"min{word}": low, f"average{word}": 1 - low - high, f"max{word}": high}


def modifier_amounts(person: Person) -> dict[str, float]:
    """Return the amounts of the two-sided detail modifiers: individual variation, labelled shape, age, sex."""
    amounts: dict[str, float] = defaultdict(float, zip(INDIVIDUAL, person.shape, strict=True))
    for attribute, table in SHAPE_ATTRIBUTES.items():
        for name, per_unit in table.items():
            amounts[name] += per_unit * getattr(person, attribute)
    for name, per_unit in AGEING.items():
        amounts[name] += per_unit * person.oldness
    for name, constant in HOUSE_STYLE.items():
        amounts[name] += constant
    for name, per_unit in FEMININE.items():
        amounts[name] += per_unit * (1 - 2 * person.gender if person.gender < 0.5 else 0.6 * (1 - 2 * person.gender))
    return amounts


def expression(person: Person) -> dict[str, float]:
    """Return the amounts of MakeHuman's expression units."""
    smile, mouth = person.smiling, person.mouth_open
    show = min(1.0, mouth * 2.5)  # an open mouth shows teeth
    amounts = {
        "mouth-corner-puller": 1.15 * smile + 0.14 * show * (1 - smile),
        "mouth-retraction": 0.38 * smile,
        "mouth-upward-retraction": 0.16 * smile * show,
        "mouth-parling": 0.22 * show,
        "mouth-open": 0.55 * mouth,
        "mouth-elevation": 0.06 * show * (1 - smile),
        "mouth-pursing": 0.55 * person.pout,
        "mouth-protusion": 0.35 * person.pout,
    }
    for side in ("left", "right"):
        amounts |= {
            f"eye-{side}-slit": 0.15 * smile + 0.24 * person.narrow_eyes,
            f"eye-{side}-closure": 0.55 * person.eyes_closed,
            f"eyebrows-{side}-up": max(0.0, person.brow_raise) * 0.75,
            f"eyebrows-{side}-down": max(0.0, -person.brow_raise) * 0.35 + 0.38 * person.frown,
            f"eyebrows-{side}-extern-up": max(0.0, person.arched_eyebrows) * 0.15,
            f"eyebrows-{side}-inner-up": 0.62 * (1 - 0.8 * person.frown),  # MakeHuman's neutral brow looks stern
            f"nose-{side}-elevation": 0.08 * smile + 0.12 * person.frown,
        }
    return {name: amount for name, amount in amounts.items() if amount > 1e-3}
