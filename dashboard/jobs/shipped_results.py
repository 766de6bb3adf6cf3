"""Results shipped with a model: what pages otherwise offer to compute, computed by the functions of the same jobs.

Re-scoring runs are stored in half precision: every score of the free run; of the run with the audit's targets
locked, the slope of each base and its scores at both ends. If the model has a judge, it scores the first of the same
pictures; its scores are stored under the same parameters and `by`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.analysis.rescoring import STEPS, TOGETHER, slopes_of, traverse
from dashboard.entanglement.angles import KIND as ANGLES
from dashboard.entanglement.angles import angles_params, enough_faces
from dashboard.entanglement.bias_audit import targets_of
from dashboard.entanglement.disentanglement_results import KIND as DISENTANGLEMENT
from dashboard.entanglement.disentanglement_results import can_be_measured, disentanglement_params
from dashboard.entanglement.rescoring_results import BASES, JUDGE, KIND, SEED
from dashboard.jobs.registry import KINDS, kind_of, named
from dashboard.spaces.computed_results import ACTIVATIONS
from dashboard.spaces.sample import BLOCK4, BLOCK8, SCORES, offered
from dashboard.stores.result import Origin, model_parts
from dashboard.stores.shipped_results import find_shipped, narrowed, ship
from dashboard.synthesis.engine import Engine
from dashboard.synthesis.model import Model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.scored_faces import ScoredFaces, ScorerNetwork

JUDGED = 200
"""Bases whose faces the judge scores, too."""

ALONE = 200
"""Bases of the runs in which the audit's first target alone is locked, and in which all attributes are."""

Tell = Callable[[float, str], None]
"""Callback for progress: the share done, 0 to 1, and a text."""


@dataclass(frozen=True)
class Task:
    """A result to compute.

    Args:
        title: for the command's output.
        origins: the keys of its results.
        run: computes their arrays, in the order of `origins`.
    """

    title: str
    origins: tuple[Origin, ...]
    run: Callable[[Tell], Sequence[dict[str, np.ndarray]]]


class DirectWork:
    """The context of a job's function here, instead of `Work`: computes in this process and keeps the result.

    Args:
        origin: the key of the result.
        model: the model.
        tell: called with progress.
    """

    def __init__(self, origin: Origin, model: Model, tell: Tell) -> None:
        self.params: dict[str, Any] = dict(origin.params)
        self.arrays: dict[str, np.ndarray] = {}
        self._model, self._tell, self._step = model, tell, ""

    def model(self) -> Model:
        """Return the model."""
        return self._model

    def engine(self, precision: str = "exact") -> Engine:
        """Open an engine of full precision, on all cores."""
        return open_engine(self._model, "openvino", "exact")

    def progress(self, fraction: float, step: str = "") -> None:
        """Report progress."""
        self._step = step or self._step
        self._tell(fraction, self._step)

    def keep(self, **arrays: np.ndarray) -> None:
        """Replace the arrays kept so far."""
        self.arrays = arrays


def tasks_of(model: Model, bases: int = BASES, judged: int = JUDGED) -> Iterator[Task]:
    """List the slow results that a model's pages show, in the order of their computation.

    Args:
        model: the model.
        bases: of a re-scoring run.
        judged: number of these that the judge scores, with everything free and with the audit's targets locked; the
            other runs' judgements would not fit into a model folder.
    """
    if model.has_bank:
        if model.names and enough_faces(model):
            yield _by_job(ANGLES, "Angles of the directions", angles_params(), model)
        for block in (BLOCK4, BLOCK8):
            if block in offered(model):
                yield _by_job(ACTIVATIONS, f"Components of the {block.title}", {"block": block.name}, model)
        yield _by_job("umap", "UMAP of the scores", {"space": SCORES.name}, model)
    if can_be_measured(model):
        yield _by_job(DISENTANGLEMENT, "Disentanglement", disentanglement_params(), model)
    if model.names and model.has_scorer:
        yield _rescoring("Measured effects, everything free", (), model, bases, judged)
        if held := tuple(target.name for target in targets_of(model)):
            yield _rescoring(f"Measured effects, {', '.join(held)} locked", held, model, bases, judged)
            if len(held) > 1:
                some = min(bases, ALONE)
                yield _rescoring(f"Measured effects, {held[0]} alone locked", held[:1], model, some, 0)
        some = min(bases, ALONE)
        yield _rescoring("Measured effects, all others locked", model.names, model, some, 0)


def missing(task: Task, model: Model) -> bool:
    """Return whether any of a task's results is missing from the model's folder."""
    return any(find_shipped(origin, model) is None for origin in task.origins)


def compute(task: Task, model: Model, tell: Tell) -> float:
    """Compute a task's results and store them in the model's folder.

    Returns:
        Its duration in seconds.
    """
    begun = time.perf_counter()
    for origin, arrays in zip(task.origins, task.run(tell), strict=True):
        ship(origin, arrays, model)
    return time.perf_counter() - begun


def versions() -> dict[str, int]:
    """Return the version of every kind of computation, by name."""
    return {name: kind.version for name, kind in KINDS.items()}


def scorers_of(model: Model) -> list[tuple[str, ScorerNetwork]]:
    """List the networks that score a model's faces: its scorer ("") and, if it has one, its judge ("judge")."""
    assert model.scorer is not None
    found = [("", ScorerNetwork(model.scorer, model.scorer_variables()))]
    if model.judge is not None:
        found.append((JUDGE, ScorerNetwork(model.judge, model.judge_variables())))
    return found


def _by_job(kind: str, title: str, params: dict[str, Any], model: Model) -> Task:
    found = kind_of(kind)
    origin = Origin(kind, found.version, model_parts(model), found.canonical(params, model))

    def run(tell: Tell) -> list[dict[str, np.ndarray]]:
        work = DirectWork(origin, model, tell)
        named(found.run)(work)
        return [_lighter(work.arrays)]

    return Task(title, (origin,), run)


def _lighter(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Convert the positions of many faces to half precision; return other arrays unchanged."""
    large = {name: array for name, array in arrays.items() if name == "points" and len(array) > 10_000}
    return {**arrays, **{name: narrowed(array) for name, array in large.items()}}


def _rescoring(title: str, held: tuple[str, ...], model: Model, bases: int, judged: int) -> Task:
    found = kind_of(KIND)
    readers = scorers_of(model)[: None if judged else 1]
    counts = [bases, *([min(judged, bases)] * (len(readers) - 1))]
    origins = []
    for count, (by, _) in zip(counts, readers, strict=True):
        params = {"bases": count, "locked": list(held), "seed": SEED, **({"by": by} if by else {})}
        origins.append(Origin(KIND, found.version, model_parts(model), found.canonical(params, model)))

    def run(tell: Tell) -> list[dict[str, np.ndarray]]:
        return measure(model, [reader for _, reader in readers], counts, held, tell)

    return Task(title, tuple(origins), run)


def measure(
    model: Model, readers: Sequence[ScorerNetwork], counts: Sequence[int], held: tuple[str, ...], tell: Tell
) -> list[dict[str, np.ndarray]]:
    """Measure the effect of moving each attribute on the scores of several networks, on the same faces.

    Args:
        model: the model.
        readers: the networks.
        counts: number of bases that each network scores.
        held: names of the locked attributes.
        tell: called with progress.

    Returns:
        For each network, arrays as `dashboard.entanglement.rescoring_results.measured_of` reads them.
    """
    faces = ScoredFaces(model, readers)
    z0 = model.points(np.random.RandomState(SEED).randn(max(counts), model.config.latent_size))
    locked = [model.names.index(name) for name in held]
    widths = [len(reader.config.attributes) for reader in readers]
    scores: list[list[np.ndarray]] = [[] for _ in readers]
    feasible = []
    done, begun = 0, time.perf_counter()
    for first, last in _parts(counts):
        reading = [k for k, count in enumerate(counts) if count >= last]
        part = traverse(
            lambda latents, reading=reading: faces.scores(latents, reading),
            z0[first:last],
            model.directions,
            names=model.names,
            locked=locked,
            normalised=model.normalised,
        )
        ends = np.cumsum([widths[k] for k in reading])
        for k, columns in zip(reading, np.split(part.scores, ends[:-1], axis=-1), strict=True):
            scores[k].append(columns)
        feasible.append(part.feasible)
        done = last
        speed = done * len(model.names) * len(STEPS) / (time.perf_counter() - begun)
        tell(done / max(counts), f"{done:,} of {max(counts):,} bases, {speed:.0f} faces a second")
    there = np.concatenate(feasible)
    found = []
    for k, reader in enumerate(readers):
        names = tuple(name for name in reader.config.attributes if name in model.names)
        columns = [reader.config.attributes.index(name) for name in names]
        read = np.concatenate(scores[k])[..., columns]
        found.append(_kept(read, there[: len(read)], names, bool(held)))
    return found


def _parts(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Split the bases into batches whose bases are all scored by the same networks."""
    ends = sorted({*range(TOGETHER, max(counts), TOGETHER), *counts})
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _kept(scores: np.ndarray, feasible: np.ndarray, names: tuple[str, ...], ends_only: bool) -> dict[str, np.ndarray]:
    steps = np.array(STEPS)
    if not ends_only:
        return {"steps": steps, "scores": narrowed(scores), "feasible": feasible, "names": np.array(names)}
    ends = [0, len(steps) - 1]
    return {
        "steps": steps[ends],
        "scores": narrowed(scores[:, :, ends]),
        "feasible": feasible[:, :, ends],
        "slopes": narrowed(slopes_of(steps, scores, feasible)),
        "names": np.array(names),
    }
