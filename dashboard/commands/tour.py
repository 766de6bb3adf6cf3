"""Eight slides about a model, made from the model and its results; every number in them is computed."""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dashboard.analysis.matrices import cluster, cosines
from dashboard.analysis.pins import coordinates
from dashboard.entanglement.bias_audit import LARGE, Row, audit, found, targets_of
from dashboard.entanglement.rescoring_results import KIND, Measured, measured_of, rescoring_params
from dashboard.exports.image_export import FONT
from dashboard.faces.bases import latent_of
from dashboard.faces.face import Face, Seed
from dashboard.faces.locking import locked, with_pins
from dashboard.figures.base import colour, signed_scale
from dashboard.figures.first_sight import HIGH, WIDE, first_sight
from dashboard.figures.scatter import axis_limits
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
    drawn = Image.open(io.BytesIO(first_sight(points, ink, "light")))
    sheet = Image.new("RGB", (2 * WIDE + 120, 2 * HIGH + 100), colour("surface", "light"))
    picture = drawn.convert("RGBA").resize((2 * WIDE, 2 * HIGH), Image.Resampling.LANCZOS)
    sheet.paste(picture, (100, 20), picture)
    pen = ImageDraw.Draw(sheet)
    pen.line(
        [(100, 20), (100, 20 + 2 * HIGH), (100 + 2 * WIDE, 20 + 2 * HIGH)], fill=colour("line-2", "light"), width=2
    )
    (low_x, high_x), (low_y, high_y) = axis_limits(points)
    for value in range(math.ceil(low_x), math.floor(high_x) + 1):
        x = 100 + (value - low_x) / (high_x - low_x) * 2 * WIDE
        pen.text((x, 2 * HIGH + 30), _whole(value), colour("ink-2", "light"), _font(22), "mt")
    for value in range(math.ceil(low_y), math.floor(high_y) + 1):
        y = 20 + (high_y - value) / (high_y - low_y) * 2 * HIGH
        pen.text((88, y), _whole(value), colour("ink-2", "light"), _font(22), "rm")
    pen.text((100 + WIDE, 2 * HIGH + 64), "PC 1 of the scores", colour("ink", "light"), _font(26), "mt")
    words = f"PCA of the scores of {sample_size(model):,} faces, coloured by {ink.title}"
    draft = Draft(
        "view",
        f"/latent-space?face={person}",
        f"{sample_size(model):,} faces, where their scores put them",
        "Each point is a face. On the page the sliders move this face among them.",
    )
    return draft, (words, _webp(sheet))


def _matrix(model: Model, person: Face) -> tuple[Draft, Still]:
    values = cosines(model.directions)
    order = cluster(values).order
    names = [_words(model.names[k]) for k in order]
    cell, wide = max(16, 1120 // len(names)), 250
    sheet = Image.new(
        "RGB", (wide + cell * len(names) + 180, wide + cell * len(names) + 20), colour("surface", "light")
    )
    pen, font = ImageDraw.Draw(sheet), _font(min(26, cell - 6))
    scale = [stop for _, stop in signed_scale("light")]
    for row, i in enumerate(order):
        pen.text((wide - 10, wide + cell * (row + 0.5)), names[row], colour("ink", "light"), font, "rm")
        for column, j in enumerate(order):
            left, top = wide + cell * column, wide + cell * row
            pen.rectangle([left, top, left + cell - 2, top + cell - 2], fill=_between(scale, float(values[i, j])))
    for column, name in enumerate(names):
        label = Image.new("RGBA", (wide, wide), (0, 0, 0, 0))
        ImageDraw.Draw(label).text((0, wide // 2), name, colour("ink", "light"), font, "lm")
        turned = label.rotate(52, Image.Resampling.BICUBIC, center=(0, wide // 2), translate=(4, wide // 2 - 26))
        sheet.paste(turned, (round(wide + cell * (column + 0.5)), 0), turned)
    off = np.abs(values - np.eye(len(values)))
    i, j = np.unravel_index(int(np.argmax(off)), off.shape)
    draft = Draft(
        "view",
        f"/directions?face={person}&cell={model.names[i]},{model.names[j]}",
        "Which attributes travel together",
        f"Cosines of the directions. The largest is {_signed(values[i, j])}, between {_words(model.names[i])} and "
        f"{_words(model.names[j])}. One looked at is not one measured: the page has both.",
    )
    return draft, ("Cosines of the directions, in the order of their clusters", _webp(sheet))


def _between(stops: Sequence[str], value: float) -> tuple[int, ...]:
    """Return the colour of a value from -1 to 1 on a scale of colours."""
    at = (min(1.0, max(-1.0, value)) + 1) / 2 * (len(stops) - 1)
    low, high = (tuple(int(stops[k][n : n + 2], 16) for n in (1, 3, 5)) for k in (math.floor(at), math.ceil(at)))
    return tuple(round(a + (b - a) * (at % 1)) for a, b in zip(low, high, strict=True))


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


def _whole(value: int) -> str:
    return str(value).replace("-", "−")


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def _webp(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "WEBP", quality=88)
    return stream.getvalue()
