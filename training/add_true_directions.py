"""``python -m training true-directions``: true directions for a model folder that was published without them.

They follow from persons, drawn but not rendered: their codes and labels, in a file that the code of persons with which
the model was trained has written. docs/training.md has the steps for likeness-128.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from dashboard.spaces.sample import faces_of
from dashboard.synthesis.add_to_model import add_true_directions
from dashboard.synthesis.curves import TrueDirections
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from training.card import angle_text
from training.errors import TrainingError
from training.measure.true_directions import RESAMPLES, true_directions

HEADING = "## Angles to the true directions"
"""Heading of the model card's section."""


@dataclass(frozen=True, eq=False)
class Persons:
    """Persons as drawn, not rendered.

    Args:
        codes: (n, K) float32.
        labels: (n, F) float32.
        names: of the F labels.
    """

    codes: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]


def read_persons(file: Path, room: int) -> Persons:
    """Read persons from an .npz file with the arrays codes, labels and names.

    Args:
        file: the file.
        room: size of the latent, the largest number of a code's numbers.

    Raises:
        TrainingError: the file cannot be read, or its arrays do not fit each other or the latent.
    """
    try:
        with np.load(file, allow_pickle=False) as stored:
            codes, labels, names = (stored[name] for name in ("codes", "labels", "names"))
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"Expected an .npz file with codes, labels and names in {file}. Received: {error}. Draw the persons again."
        ) from error
    fits = codes.ndim == labels.ndim == 2 and len(codes) == len(labels) and labels.shape[1:] == names.shape
    if not fits or not 1 <= codes.shape[1] <= room or len(codes) < 4 * codes.shape[1]:
        raise TrainingError(
            f"Expected codes (n, at most {room}), labels (n, F) and F names, n at least four times the code's length. "
            f"Received: {codes.shape}, {labels.shape} and {names.shape}. Draw the persons again."
        )
    if not (np.isfinite(codes).all() and np.isfinite(labels).all()):
        raise TrainingError(f"Expected finite numbers in {file}. Received: others. Draw the persons again.")
    return Persons(codes, labels, tuple(map(str, names)))


def found_directions(model: Model, persons: Persons, resamples: int = RESAMPLES) -> TrueDirections:
    """Return the true directions of a model's attributes, and their angles to its own.

    Args:
        model: trained on pairs, with a bank, whose faces the intervals resample.
        persons: drawn as in its data set.
        resamples: of the intervals.

    Raises:
        TrainingError: the model has no bank, or an attribute has no label.
    """
    if not (model.has_bank and model.names):
        raise TrainingError(f"Expected a model with directions and a bank. Received: {model.name}, without one.")
    if unknown := [name for name in model.names if name not in persons.names]:
        raise TrainingError(
            f"Expected a label for each attribute of {model.name}. Received: none for {', '.join(unknown)[:200]}. "
            "Draw the persons with the code that the model was trained with."
        )
    faces = faces_of(model)
    return true_directions(
        persons.codes,
        persons.labels[:, [persons.names.index(name) for name in model.names]],
        model.directions,
        faces.latents,
        faces.scores[:, [faces.score_names.index(name) for name in model.names]],
        resamples,
    )


def card_with_angles(card: str, text: str) -> str:
    """Return a model card with the section on angles: replaced, or else before the section on stability.

    Args:
        card: Markdown.
        text: of the section, without its heading.
    """
    sections = card.split("\n## ")
    heads = [f"## {section}".split("\n", 1)[0] for section in sections]
    made = f"{HEADING[3:]}\n\n{text.strip()}\n"
    if HEADING in heads:
        sections[heads.index(HEADING)] = made
    else:
        before = next((k for k, head in enumerate(heads) if head.startswith("## Stability")), len(sections))
        if before == len(sections):
            sections[-1] = sections[-1].rstrip("\n") + "\n"
        sections.insert(before, made)
    return "\n## ".join(sections)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--persons", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True,
    help="File .npz of persons as drawn: codes (n, K), labels (n, F), names (F).",
)  # fmt: skip
@click.option("--resamples", type=click.IntRange(10), default=RESAMPLES, show_default=True, help="Of the intervals.")
def command(folder: Path, file: Path, resamples: int) -> None:
    """Put the true directions of a model that was trained on pairs into its folder and its card."""
    model = open_model(folder)
    persons = read_persons(file, model.config.latent_size)
    true = found_directions(model, persons, resamples)
    written = add_true_directions(folder, true)
    card = folder / "MODEL_CARD.md"
    if card.is_file():
        faces = f"faces of the bank ({len(model.bank().scores):,})"
        head, table = angle_text(model.names, true, faces).split("\n\n", 1)
        text = f"{textwrap.fill(head, 120)}\n\n{table}"
        card.write_text(card_with_angles(card.read_text(encoding="utf-8"), text), encoding="utf-8")
    for k in np.argsort(-true.angle, kind="stable"):
        click.echo(
            f"{model.names[k]:16} {true.angle[k]:5.1f} degrees ({true.low[k]:.1f} to {true.high[k]:.1f}), "
            f"R2 {true.r2[k]:.2f}"
        )
    click.echo(f"{written.name}: true directions of {len(persons.codes):,} persons, {written.digest8}.")
