"""``python -m training.measure ages``: ages of faces, as estimated by networks trained on photographs.

Renders drawn at a high age must look old, or no generator that learns from them can make an old face. Two
networks judge, see `photo_networks.py`; an age is the mean of theirs. They have no part in training.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from training.errors import TrainingError

BINS = ((18, 25), (25, 35), (35, 45), (45, 55), (55, 65), (65, 80))
"""Years that faces are drawn at; the last bin includes its end."""

OLDEST, YOUNGEST = 80.0, 18.0
"""Ages at which the label Young is 0 and 1."""

OLD_LOOK, RANGE = 52.0, 15.0
"""Goals: the median look of renders drawn at 65 to 80, and the years between Young at -3 and at +3."""

STEPS = np.arange(-3.0, 3.01, 1.0)
"""Coordinates that Young is pinned at."""

See = Callable[[np.ndarray], "tuple[np.ndarray, np.ndarray]"]


@dataclass(frozen=True)
class Look:
    """The apparent age of n faces.

    Args:
        name: of the group of faces.
        faces: how many there are.
        found: of these, those in which a face was found.
        xception, mobilenet, age: median years by each network, and by the mean of both; nan if none was found.
        low, high: quartiles of the latter.
    """

    name: str
    faces: int
    found: int
    xception: float
    mobilenet: float
    age: float
    low: float
    high: float


def look(name: str, ages: np.ndarray) -> Look:
    """Summarise the ages (2, n) that the two networks see, nan if there is no face."""
    there = ages[:, np.isfinite(ages[0])]
    if not there.shape[1]:
        return Look(name, ages.shape[1], 0, *([float("nan")] * 5))
    both = there.mean(axis=0)
    quartiles = (float(value) for value in np.quantile(both, (0.5, 0.25, 0.75)))
    return Look(name, ages.shape[1], there.shape[1], float(np.median(there[0])), float(np.median(there[1])), *quartiles)


def by_drawn_age(drawn: np.ndarray, ages: np.ndarray) -> list[Look]:
    """Return how old faces (2, n) look by the age (n,) that they are drawn at, a line for each of BINS."""
    last = BINS[-1][1]
    parts = [(low, high, (drawn >= low) & ((drawn < high) | ((high == last) & (drawn <= high)))) for low, high in BINS]
    return [look(f"drawn at {low} to {high}", ages[:, chosen]) for low, high, chosen in parts]


def drawn_ages(young: np.ndarray) -> np.ndarray:
    """Return the years of the labels Young."""
    return OLDEST - (OLDEST - YOUNGEST) * np.asarray(young, np.float64)


def pinned(
    direction: np.ndarray, images: Callable[[np.ndarray], np.ndarray], see: See, bases: int = 24, seed: int = 20_001
) -> np.ndarray:
    """Return the ages (2, T, B) that are seen with one attribute pinned at each of STEPS.

    Args:
        direction: (L,) unit direction.
        images: latents (n, L) to pictures uint8 (n, S, S, 3).
        see: pictures to the ages (2, n) that the two networks see, nan if there is no face.
        bases: faces that it is pinned on, rows of ``RandomState(seed).randn``.
        seed: of the bases.
    """
    from dashboard.analysis.pins import apply_pins, on_sphere

    starts = on_sphere(np.random.RandomState(seed).randn(bases, len(direction)))
    rows = [
        see(images(np.stack([apply_pins(z, direction[:, None], np.array([step])) for z in starts]))) for step in STEPS
    ]
    return np.stack([np.stack(row) for row in rows], axis=1)


def range_of(ages: np.ndarray) -> float:
    """Return the years between Young at -3 and at +3: the median over bases of ages (2, T, B) seen on both."""
    both = ages.mean(axis=0)
    change = both[0] - both[-1]
    return float(np.median(change[np.isfinite(change)])) if np.isfinite(change).any() else float("nan")


def table(looks: Sequence[Look]) -> str:
    """Return the lines that the command prints."""
    head = f"{'':24}{'faces':>7}{'found':>7}{'face-api':>10}{'FaceRes':>9}{'mean':>7}{'quartiles':>14}"
    lines = [
        f"{a.name:24}{a.faces:7d}{a.found:7d}{a.xception:10.1f}{a.mobilenet:9.1f}{a.age:7.1f}"
        f"{a.low:8.1f} -{a.high:5.1f}"
        for a in looks
    ]
    return "\n".join([head, *lines])


@click.command()
@click.option(
    "--faces", type=click.Path(path_type=Path), help="Data set of renders: by the age that they are drawn at."
)
@click.option("--pictures", type=click.Path(path_type=Path), help="Folder of pictures, a face each.")
@click.option("--model", type=click.Path(path_type=Path), help="Model folder: Young from -3 to +3.")
@click.option(
    "--count", type=click.IntRange(1), default=1000, show_default=True, help="Renders or pictures to look at."
)
@click.option("--bases", type=click.IntRange(1), default=24, show_default=True, help="Faces that Young is pinned on.")
@click.option("--run", type=click.Path(path_type=Path), help="Folder of a run, before it is published.")
@click.option("--json", "kept", type=click.Path(path_type=Path), help="Add the figures to this file, for publish.")
@click.option("--networks", type=click.Path(path_type=Path), help="node_modules that holds the networks.")
def command(
    faces: Path | None, pictures: Path | None, model: Path | None, count: int, bases: int, run: Path | None,
    kept: Path | None, networks: Path | None,
) -> None:  # fmt: skip
    """Print the apparent ages of faces, as estimated by networks that were trained on photographs."""
    from training.measure.photo_networks import FOLDER, PhotoNetworks

    if sum(given is not None for given in (faces, pictures, model, run)) != 1:
        raise TrainingError("Expected one of --faces, --pictures, --model and --run. Received: none, or several.")
    observer = PhotoNetworks(networks or FOLDER)

    def see(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen = observer.see(images)
        return seen.xception, seen.mobilenet

    if faces is not None:
        looks = of_renders(faces, count, see)
        click.echo(table(looks))
        click.echo(_verdict("Renders drawn at 65 to 80 look, median", looks[-1].age, OLD_LOOK))
        keep(kept, {"renders": looks[-1].age})
    elif pictures is not None:
        click.echo(table([look(pictures.name, np.stack(see(read_pictures(pictures, count))))]))
    else:
        ages = of_model(model, bases, see) if model is not None else of_run(run, bases, see) if run else np.empty(0)
        click.echo(table([look(f"Young at {step:+.0f}", ages[:, t]) for t, step in enumerate(STEPS)]))
        click.echo(_verdict(f"Young from -3 to +3 on {bases} faces, median", range_of(ages), RANGE))
        keep(kept, {"young": range_of(ages)})


def of_renders(folder: Path, count: int, see: See) -> list[Look]:
    """Return how old the first ``count`` faces of a data set look, by drawn age."""
    from training.label.truth import read_truth
    from training.shards import open_shards

    truth = read_truth(folder)
    if "Young" not in truth.names:
        raise TrainingError(f"Expected a label Young in {folder}. Received: {', '.join(truth.names)}.")
    seen, missing = [], count
    for shard in open_shards(folder):
        if missing > 0:
            seen.append(np.stack(see(np.asarray(shard[:missing]))))
            missing -= len(shard)
    ages = np.concatenate(seen, axis=1)
    return by_drawn_age(drawn_ages(truth.values[: ages.shape[1], truth.names.index("Young")]), ages)


def of_model(folder: Path, bases: int, see: See) -> np.ndarray:
    """Return the ages (2, T, B) with the Young of a model folder pinned."""
    from dashboard.synthesis.model_folder import open_model
    from dashboard.synthesis.open_engine import open_engine
    from dashboard.synthesis.pixels import to_bytes

    model = open_model(folder)
    if "Young" not in model.names:
        raise TrainingError(f"Expected a model with the attribute Young. Received: {', '.join(model.names)}.")
    engine = open_engine(model, precision="exact")
    direction = model.directions[:, model.names.index("Young")]
    return pinned(direction, lambda z: to_bytes(engine.run(z)["image"]), see, bases)


def of_run(folder: Path, bases: int, see: See) -> np.ndarray:
    """Return the same for a run that is not published yet: train, scorer, judge and fit."""
    from training.fit import Fit
    from training.pictures import open_pictures
    from training.trained import read_published

    run, scorer, _ = read_published(*(folder / name for name in ("train", "scorer", "judge")))
    found = Fit.read(folder / "fit")
    if "Young" not in found.names:
        raise TrainingError(f"Expected a direction of Young. Received: {', '.join(found.names)}.")
    pictures = open_pictures(run.config, run.networks["Gs"], scorer)
    return pinned(found.directions[:, found.names.index("Young")], pictures.bytes, see, bases)


def keep(path: Path | None, figures: dict[str, float]) -> None:
    """Add figures to a JSON file, if one is given; figures that are not numbers are left out."""
    if path is None:
        return
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    rounded = {name: round(value, 2) for name, value in figures.items() if math.isfinite(value)}
    path.write_text(json.dumps({**before, **rounded}) + "\n", encoding="utf-8")


def read_pictures(folder: Path, count: int) -> np.ndarray:
    """Return the first ``count`` pictures of a folder, uint8 (n, 256, 256, 3): their middle squares."""
    from PIL import Image, ImageOps

    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".png", ".webp", ".jpg", ".jpeg"))[:count]
    if not paths:
        raise TrainingError(f"Expected pictures in {folder} (.png, .webp, .jpg). Received: none.")
    squares = [ImageOps.fit(Image.open(path).convert("RGB"), (256, 256)) for path in paths]
    return np.stack([np.asarray(square) for square in squares])


def _verdict(name: str, received: float, wanted: float) -> str:
    return f"{'met   ' if received >= wanted else 'MISSED'} {name}: {received:.1f} years (at least {wanted:g})"
