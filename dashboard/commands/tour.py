"""Eight slides about a model, made from the model and its results; every number in them is computed."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from dashboard.analysis.matrices import cluster, cosines
from dashboard.analysis.pins import coordinates
from dashboard.commands.tour_pictures import matrix_picture, scatter_picture
from dashboard.entanglement.bias_audit import LARGE, Row, audit, found, targets_of
from dashboard.entanglement.rescoring_results import KIND, Measured, measured_of, rescoring_params
from dashboard.faces.bases import latent_of
from dashboard.faces.face import Face, Seed
from dashboard.faces.locking import locked, with_pins
from dashboard.jobs.registry import kind_of
from dashboard.library.collection_files import FORMAT, SCHEMA
from dashboard.library.items import Draft
from dashboard.spaces.colours import choices, colour_of, default_colour
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import SCORES, sample_size
from dashboard.stores.result import Origin, model_parts
from dashboard.stores.shipped_results import find_shipped
from dashboard.synthesis.model import Model

PULLED = 2.0
"""How far from the average the slider of the story is moved, in standard deviations, to the side opposite the face."""

CANDIDATES = range(1, 400)
"""Number of seeds to search for the second person."""

USUAL = 2.0
"""Largest coordinate of a second person, in standard deviations."""

Still = tuple[str, bytes]
"""Description of a picture, and its WebP."""


def make_tour(model: Model, seed: int) -> bytes | None:
    """Make the slides.

    Args:
        model: a model with directions, a bank, and the measured effects in its folder.
        seed: of the first face.

    Returns:
        A collection as `read_carried` reads it; None without results.
    """
    held = tuple(target.name for target in targets_of(model))
    free, kept = _run(model, ()), _run(model, held)
    if free is None or kept is None:
        return None
    rows = audit(model, free, kept)
    if not rows:
        return None
    person = Face(Seed(seed))
    slides = [
        (_first(model, person), None),
        (_free_and_locked(model, person, rows[0], held), None),
        (_sweep(model, person, rows[0]), None),
        (_two_people(model, person), None),
        _scatter(model, person),
        _matrix(model, person),
        (_finding(model, rows, held, free), None),
        (_limits(model), None),
    ]
    items: list[dict[str, Any]] = []
    for draft, still in slides:
        picture = {"words": still[0], "picture": base64.b64encode(still[1]).decode("ascii")} if still else None
        items.append({**asdict(draft), **({"still": picture} if picture else {})})
    name = f"A tour of {model.name}"
    return json.dumps(
        {"format": FORMAT, "schema": SCHEMA, "name": name, "items": items, "latents": {}}, indent=1
    ).encode()


def _run(model: Model, held: tuple[str, ...]) -> Measured | None:
    kind = kind_of(KIND)
    params = kind.canonical(rescoring_params(held), model)
    result = find_shipped(Origin(KIND, kind.version, model_parts(model), params), model, kind.loose)
    return None if result is None else measured_of(result.arrays(), model)


def _first(model: Model, person: Face) -> Draft:
    return Draft(
        "face",
        f"/?face={person}",
        "Nobody has this face",
        f"{model.name} has made it from {model.config.latent_size} random numbers. Each of {len(model.names)} sliders "
        "shows where it stands, in standard deviations over random faces. Move one.",
    )


def _free_and_locked(model: Model, person: Face, row: Row, held: tuple[str, ...]) -> Draft:
    start = coordinates(latent_of(person, model), model.directions)[model.names.index(row.name)]
    value = -PULLED if start > 0 else PULLED
    free = with_pins(person, {row.name: value})
    kept = {name: value for name, value in locked(person, model).pins if name in held}
    at = [coordinates(latent_of(face, model), model.directions) for face in (person, free)]
    moved = ", ".join(
        f"{_words(name)} from {_signed(at[0][k])} to {_signed(at[1][k])}"
        for name, k in ((name, model.names.index(name)) for name in held)
    )
    return Draft(
        "comparison",
        f"/compare?face={person}&faces=*!{free}!{with_pins(free, kept)}",
        f"{_words(row.name)} does not come alone",
        f"A: as drawn. B: {_words(row.name)} at {_signed(value)}, everything else free, takes {moved} along. "
        f"C: the same, with {_listed(held)} locked.",
    )


def _sweep(model: Model, person: Face, row: Row) -> Draft:
    return Draft(
        "sweep",
        f"/compare?face={person}&sheet=sweep&on={row.name}&from=-3&to=3&steps=7&runs=both",
        f"{_words(row.name)} from −3 to +3",
        "Above with everything free, below with all other sliders locked.",
    )


def _two_people(model: Model, person: Face) -> Draft:
    other = _second(model, person)
    apart = np.abs(np.subtract(*(coordinates(latent_of(face, model), model.directions) for face in (person, other))))
    most = [model.names[k] for k in np.argsort(-apart)[:3]]
    return Draft(
        "comparison",
        f"/compare?face={person}&faces=*!{other}",
        "Two people, side by side",
        f"They differ most in {_listed(most)}.",
    )


def _second(model: Model, person: Face) -> Face:
    """Find a person unlike another one, with a typical face: all coordinates up to `USUAL`."""
    at = coordinates(latent_of(person, model), model.directions)
    others = [Face(Seed(seed)) for seed in CANDIDATES if Face(Seed(seed)) != person]
    placed = np.array([coordinates(latent_of(face, model), model.directions) for face in others])
    strangeness = np.maximum(np.abs(placed).max(axis=1), USUAL)
    usual = np.flatnonzero(strangeness == strangeness.min())  # all up to USUAL, or the one that comes closest
    return others[usual[np.argmax(np.abs(placed[usual] - at).sum(axis=1))]]


def _scatter(model: Model, person: Face) -> tuple[Draft, Still]:
    projection = projection_of(model, SCORES)
    points = np.asarray(projection.points[:, :2], np.float64)
    offered = {item["label"]: item["value"] for group in choices(model, SCORES) for item in group["items"]}
    label = next((label for label in offered if label.startswith("Young")), None)
    choice = offered[label] if label else default_colour(model, SCORES)
    ink = colour_of(model, SCORES, choice, points, [0, 1])
    words = f"PCA of the scores of {sample_size(model):,} faces, coloured by {ink.title}"
    draft = Draft(
        "view",
        f"/latent-space?face={person}",
        f"{sample_size(model):,} faces, where their scores put them",
        "Each point is a face. On the page the sliders move this face among them.",
    )
    return draft, (words, scatter_picture(points, ink, [f"PC {k} of the scores" for k in (1, 2)]))


def _matrix(model: Model, person: Face) -> tuple[Draft, Still]:
    values = cosines(model.directions)
    order = cluster(values).order
    names = [_words(model.names[k]) for k in order]
    off = np.abs(values - np.eye(len(values)))
    i, j = np.unravel_index(int(np.argmax(off)), off.shape)
    draft = Draft(
        "view",
        f"/directions?face={person}&cell={model.names[i]},{model.names[j]}",
        "Which attributes travel together",
        f"Cosines of the directions. The largest is {_signed(values[i, j])}, between {_words(model.names[i])} and "
        f"{_words(model.names[j])}. One looked at is not one measured: the page has both.",
    )
    picture = matrix_picture(values[np.ix_(order, order)], names)
    return draft, ("Cosines of the directions, in the order of their clusters", picture)


def _finding(model: Model, rows: Sequence[Row], held: tuple[str, ...], free: Measured) -> Draft:
    """Return the slider that makes most people read differently, and the effect of locking."""
    top, targets, summed = rows[0], targets_of(model), found(rows)
    changed = targets[top.leading].changes
    share = top.free[top.leading].flips.of_hundred
    left = (
        "" if top.locked is None else f"With {_listed(held)} locked, it is {top.locked[top.leading].flips.of_hundred}. "
    )
    return Draft(
        "view",
        "/directions/bias-audit",
        f"Of 100 people, one slider, {_words(top.name)}, changes the {changed} of {share}",
        f"{left}{summed.large} of {summed.sliders} sliders change perceived gender, age or skin tone by more than "
        f"{LARGE:g} σ a person. Measured on {free.bases} random faces by the model's own scorer.",
    )


def _limits(model: Model) -> Draft:
    r2 = {one.name: one.reliability.get("linear_r2") for one in model.attributes}
    measured = {name: value for name, value in r2.items() if value is not None}
    least = min(measured, key=lambda name: measured[name]) if measured else None
    weakest = (
        f" The weakest direction is that of {_words(least)}: it explains {100 * measured[least]:.0f} % of its score."
        if least
        else ""
    )
    origin = str(model.provenance.get("training set", ""))
    learnt = f" It learnt from {origin}, and knows nothing else." if origin else ""
    return Draft(
        "view",
        "/directions/reliability",
        "What this does not show",
        f"Scores are what a network reads, not who somebody is; it errs, and it found these directions itself.{learnt}"
        f"{weakest}",
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _listed(names: Sequence[str]) -> str:
    words = [_words(name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
