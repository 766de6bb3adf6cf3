"""User directions from examples: marked faces, a selection, or labelled latents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.marks import LearntDirection, direction_of, direction_of_scores
from dashboard.analysis.selection import parse_selection
from dashboard.errors import InputError, LikenessError
from dashboard.faces.bases import latent_of, seed_latents
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.face import VERSION, Face, parse
from dashboard.library.extra_directions import Library
from dashboard.library.feature_examples import bank_rows, from_features
from dashboard.library.label_files import Labels
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import faces_of, space_of
from dashboard.spaces.selection import selected_rows
from dashboard.synthesis.model import Model

T = TypeVar("T")

MAX_MARKED = 2000
"""Faces of either kind that a regression takes: a random sample of more."""

EVEN = "even"
"""Name of the contrast to as many other faces, drawn at random, instead of all others."""


def from_faces(
    model: Model,
    plus: Sequence[str],
    minus: Sequence[str],
    classifier: str = "logistic",
    held: Sequence[str] = (),
) -> LearntDirection:
    """Return the direction from some faces to others: learnt in the scorer's features where all are faces of the bank.

    Args:
        model: the model.
        plus, minus: bases such as "31.5", or face strings.
        classifier, held: of `dashboard.library.feature_examples.from_features`; other faces are classified in the
            latent by logistic regression, where nothing is held.

    Raises:
        InputError: a face is none, or there are too many or too few.
    """
    if len(plus) + len(minus) > MAX_MARKED * 2:
        raise InputError(f"Expected at most {2 * MAX_MARKED:,} marked faces. Received: {len(plus) + len(minus):,}.")
    labels = [True] * len(plus) + [False] * len(minus)
    rows = bank_rows(model, [*plus, *minus]) if min(len(plus), len(minus)) >= 2 else None
    if rows is not None:
        return from_features(model, rows, labels, classifier, held)
    if held:
        raise InputError(
            "Expected marked faces of the model's bank, two of each kind or more, where scores are held. "
            "Received: others. Mark faces of the sample, or hold nothing."
        )
    return direction_of(_latents(model, [*plus, *minus]), labels)


def from_selection(model: Model, text: str, even: bool = False) -> LearntDirection:
    """Return the direction to the faces inside an outline from the others of a sample.

    Args:
        model: the model.
        text: the selection, as it stands in a link.
        even: take as many of the others as are inside, drawn at random, instead of all.

    Raises:
        InputError: the selection is none of this model's, or holds no face or every face.
    """
    drawn = parse_selection(text)
    inside = selected_rows(model, drawn)
    rows = sides(inside, even)
    latents = projection_of(model, space_of(drawn.space, model)).latents[np.concatenate(rows)]
    return direction_of(latents, np.repeat([True, False], [len(kind) for kind in rows]))


def sides(inside: NDArray[np.bool_], even: bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the examples of a selection: rows inside, and rows of the others; `MAX_MARKED` of either kind at most.

    Args:
        inside: (n,) flags.
        even: take as many of the others as of those inside.

    Returns:
        Rows, sorted; drawn with a fixed seed, so that the same selection makes the same direction.

    Raises:
        InputError: no face or every face is inside.
    """
    if not inside.any() or inside.all():
        raise InputError("Expected some faces inside and some outside. Received: all or none. Draw around some faces.")
    random = np.random.default_rng(0)
    chosen, outside = (random.permutation(np.flatnonzero(kind))[:MAX_MARKED] for kind in (inside, ~inside))
    return np.sort(chosen), np.sort(outside[: len(chosen)] if even else outside)


def from_labels(model: Model, labels: Labels) -> LearntDirection:
    """Return the direction from what is labelled 0 to what is labelled 1, or along which a score grows.

    Raises:
        InputError: a face is none of the model; names its line.
    """
    latents, values = labelled_latents(model, labels)
    return direction_of_scores(latents, values) if labels.scores else direction_of(latents, values)


def labelled_latents(model: Model, labels: Labels) -> tuple[np.ndarray, np.ndarray]:
    """Return the latents that labels belong to; labels alone belong to the sample's faces, in their order from the
    first.

    Returns:
        (n, L) and (n,): of more than twice `MAX_MARKED` so many, drawn with a fixed seed.

    Raises:
        InputError: a face is none of the model; names its line.
    """
    rows = np.arange(len(labels.values))
    if len(rows) > 2 * MAX_MARKED:
        rows = np.sort(np.random.default_rng(0).permutation(len(rows))[: 2 * MAX_MARKED])
    values = labels.values[rows]
    if labels.latents is not None:
        given = np.asarray(labels.latents[rows], np.float64)
        latents = model.points(given)
    elif labels.bases:
        latents = _labelled_faces(model, labels, rows)
    else:
        faces = faces_of(model)
        if labels.rows.max() >= faces.n:
            raise InputError(
                f"Expected a label for each of the {faces.n:,} faces of the sample, or for the first of them. "
                f"Received: {int(labels.rows.max()) + 1:,}. Send faces with their labels."
            )
        latents = faces.latents[labels.rows[rows]]
    return np.asarray(latents), values


def _labelled_faces(model: Model, labels: Labels, rows: NDArray[np.intp]) -> np.ndarray:
    names, size = DirectionNames(model), model.size
    with_lines = [(labels.bases[int(row)], int(labels.lines[row])) for row in rows]
    faces = [_at_line(line, _parsed, text, names) for text, line in with_lines]
    drawn = seed_latents(faces, model.config.latent_size)
    return np.array(
        [_at_line(line, latent_of, face, model, None, drawn) for face, (_, line) in zip(faces, with_lines, strict=True)]
    ).reshape(len(rows), size)


def _at_line(line: int, function: Callable[..., T], *given: Any) -> T:
    """Call a function; errors name the line of the file."""
    try:
        return function(*given)
    except LikenessError as error:
        raise InputError(f"Line {line:,}: {error}") from error


def _parsed(text: str, names: DirectionNames) -> Face:
    return parse(text if ":" in text else f"{VERSION}:{text}", names)


def keep(library: Library, model: Model, title: str, found: LearntDirection, kind: str) -> dict[str, Any]:
    """Store a direction.

    Returns:
        name ("own~HASH"), title, accuracy, auc, plus, minus and warning.
    """
    how = {
        "kind": kind,
        "accuracy": found.accuracy,
        "auc": found.auc,
        "plus": found.plus,
        "minus": found.minus,
        "warning": found.warning,
        **found.learnt,
        **({"correlation": found.correlation} if found.correlation is not None else {}),
    }
    name = library.user_directions.keep(title, model.native_of(found.direction), model, how, model.space)
    return {"name": f"own~{name}", "title": title, **how}


def _latents(model: Model, texts: Sequence[str]) -> np.ndarray:
    names = DirectionNames(model)
    faces = [_parsed(text, names) for text in texts]
    drawn = seed_latents(faces, model.config.latent_size)
    found = [latent_of(face, model, None, drawn) for face in faces]
    return np.array(found).reshape(len(texts), model.size)
