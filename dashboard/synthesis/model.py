"""A verified model, as :func:`dashboard.synthesis.model_folder.open_model` returns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from dashboard.analysis.pins import on_sphere
from dashboard.errors import InputError, ModelError, NotFound
from dashboard.synthesis.curves import Curves, TrueDirections, read_curves, read_true
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.latent_set import LatentSet
from dashboard.synthesis.manifest import Attribute, FileName
from dashboard.synthesis.scorer_config import ScorerConfig
from dashboard.synthesis.style_channels import StyleChannel
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions
from dashboard.synthesis.stylegan.standard_w import StandardW
from dashboard.synthesis.tensors import load_arrays


@dataclass(frozen=True, eq=False)
class Bank:
    """The bank: faces scored once, the population of the analyses.

    Args:
        base_seed: the latents are ``RandomState(base_seed).randn(N, L)``.
        scores: (N, S) float32, a column for each of the scorer's attributes.
        features: (N, 64) float32, the scorer's feature vectors.
        attributes: names of the columns of ``scores``.
        judge_scores: (N, S) float32, the judge's, for a bank that is written; None in a bank that was read, where
            :meth:`Model.judge_scores` reads them.
    """

    base_seed: int
    scores: np.ndarray
    features: np.ndarray
    attributes: tuple[str, ...]
    judge_scores: np.ndarray | None = None


class ExtraDirections(Protocol):
    """The source of a model's extra directions and stored latents."""

    def knows(self, model: Model, name: str) -> bool:
        """Return whether the model has a direction of that name; computes nothing."""
        ...

    def direction(self, model: Model, name: str) -> np.ndarray:
        """Return (L,) the unit direction of a name; raises FaceError if it does not exist in the latent."""
        ...

    def channel(self, model: Model, name: str) -> StyleChannel | None:
        """Return the style channel of a name; None for another direction, or an unknown one."""
        ...

    def title(self, model: Model, name: str) -> str:
        """Return the display name of a direction."""
        ...

    def own(self, model: Model) -> Sequence[str]:
        """Return the names of the user directions that live in the model's space, the last one first."""
        ...

    def latent(self, name: str) -> np.ndarray | None:
        """Return a stored latent by its name, `HASH` or `HASH.ROW`; None if there is none."""
        ...

    def sets(self, model: Model) -> Sequence[LatentSet]:
        """Return the uploaded sets of latents that fit the model, the last one first."""
        ...


@dataclass(frozen=True, eq=False)
class Model:
    """A verified model folder; large arrays are read on demand.

    Args:
        name: the folder's name.
        path: the folder.
        digest: 64 hex digits over generator and directions.
        config: architecture of the generator.
        attributes: in the order of the directions' columns.
        directions: (L, F) float64, unit columns.
        gram: (F, F) float64, ``directions.T @ directions``.
        licence: terms of the weights.
        provenance: origin of the model, plain values.
        scorer: architecture of the scorer, or None.
        files: SHA-256 of each digested file that came with it, by name.
        computed: folder of a server's results, or None.
        extra_directions: looks up extra directions and stored latents, or None.
        judge: architecture of the second scorer, or None.
        first_seed: seed of the pages' initial face, or None.
        w: the space of the faces if the directions live in w; None for z. A "point" of a face below is z, or w
            standardised; L is its length.
    """

    name: str
    path: Path
    digest: str
    config: NetworkConfig
    attributes: tuple[Attribute, ...]
    directions: np.ndarray
    gram: np.ndarray
    licence: str
    provenance: dict[str, Any]
    scorer: ScorerConfig | None
    files: Mapping[str, str]
    computed: Path | None = None
    extra_directions: ExtraDirections | None = None
    judge: ScorerConfig | None = None
    first_seed: int | None = None
    w: StandardW | None = None

    @property
    def space(self) -> Literal["z", "w"]:
        """The space in which the directions live."""
        return "z" if self.w is None else "w"

    @property
    def size(self) -> int:
        """L, the numbers in a point."""
        return self.config.latent_size if self.w is None else self.w.size

    @property
    def layers(self) -> int:
        """Number of layers that attributes can act on: rows of w; 0 where directions do not live in w."""
        return 0 if self.w is None else self.config.rows

    @property
    def normalised(self) -> bool:
        """Whether points lie on the sphere of squared radius L."""
        return self.w is None and self.config.normalize_latents

    def points(self, latents: np.ndarray, label: int | None = None) -> np.ndarray:
        """Return the points (n, L) float64 of latents z (n, latent_size), of one class or without a label."""
        if self.w is not None:
            return self.w.of_latents(latents, label)
        return on_sphere(latents) if self.normalised else np.asarray(latents, np.float64)

    def column_of(self, direction: np.ndarray) -> np.ndarray:
        """Return the unit column (L,) that measures along a direction (L,) of z or w, as the directions live.

        Raises:
            ValueError: the direction has length 0.
        """
        if self.w is not None:
            return self.w.measuring(direction)
        length = float(np.linalg.norm(direction))
        if not length > 0:
            raise ValueError("Expected a direction. Received: zero.")
        return np.asarray(direction, np.float64) / length

    def native_of(self, column: np.ndarray) -> np.ndarray:
        """Return the unit direction (L,) of z or w whose `column_of` is a column."""
        return np.asarray(column, np.float64) if self.w is None else self.w.moving(column)

    def drawn(self, points: np.ndarray, options: DrawingOptions = PLAIN) -> tuple[np.ndarray, DrawingOptions]:
        """Return what an engine draws points from.

        Args:
            points: (..., L).
            options: how the faces are drawn; their space is ignored.

        Returns:
            Latents in float32, and the options with their space; in w, the label has had its effect already.
        """
        if self.w is None:
            return np.asarray(points, np.float32), replace(options, space="z")
        return self.w.w_of(points).astype(np.float32), replace(options, space="w", label=None)

    def drawn_rows(self, rows: np.ndarray, options: DrawingOptions = PLAIN) -> tuple[np.ndarray, DrawingOptions]:
        """Return what an engine draws a face from whose layers have points of their own.

        Args:
            rows: (layers, L) points.
            options: how the face is drawn; label and truncation have had their effect in the result.

        Returns:
            (layers, L) float32 of w+, truncated, and the remaining options.

        Raises:
            InputError: the directions do not live in w.
        """
        if self.w is None:
            raise InputError(f"Expected a model whose directions live in w. Received: {self.name}, in z.")
        drawn = self.w.truncated_rows(rows, options.psi, options.cutoff)
        return drawn, replace(options, psi=1.0, cutoff=None, space="w+", label=None)

    @property
    def digest8(self) -> str:
        """The first eight digits of the digest, as in a picture's address."""
        return self.digest[:8]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the attributes, in the order of the directions' columns."""
        return tuple(attribute.name for attribute in self.attributes)

    def column(self, name: str) -> int:
        """Return the column of a direction.

        Raises:
            NotFound: the model has no direction of that name.
        """
        try:
            return self.names.index(name)
        except ValueError:
            raise NotFound(
                f"Expected a direction of model {self.name}. Received: {str(name)[:60]}. Choose another."
            ) from None

    @property
    def has_scorer(self) -> bool:
        """Whether the folder holds an attribute network."""
        return self.scorer is not None

    @property
    def has_bank(self) -> bool:
        """Whether the folder holds scored faces."""
        return "bank.safetensors" in self.files

    def require_scorer(self) -> ScorerConfig:
        """Return the scorer's architecture.

        Raises:
            InputError: the model has no scorer; the message says how to get one.
        """
        if self.scorer is None:
            raise InputError(
                f"Expected a model with a scorer. Received: {self.name}, which has none. Train one with python -m "
                f"training label, then python -m training fit --model {self.name} --scorer FOLDER --judge FOLDER "
                "--out FOLDER --name NEW writes a model with directions, scorer and bank."
            )
        return self.scorer

    def variables(self) -> dict[str, np.ndarray]:
        """Return the generator's variables, float32, by NVIDIA's names."""
        return load_arrays(self.path / "generator.safetensors", np.float32)

    def scorer_variables(self) -> dict[str, np.ndarray]:
        """Return the scorer's variables, float32, by name.

        Raises:
            ModelError: the model has no scorer.
        """
        return load_arrays(self._present("scorer.safetensors"), np.float32)

    @property
    def has_judge(self) -> bool:
        """Whether the folder holds a second attribute network."""
        return self.judge is not None

    @property
    def has_curves(self) -> bool:
        """Whether the folder holds expected-score curves."""
        return "curves.safetensors" in self.files

    @property
    def has_true_directions(self) -> bool:
        """Whether the folder holds the directions that training gave the labels."""
        return "true_directions.safetensors" in self.files

    def judge_variables(self) -> dict[str, np.ndarray]:
        """Return the judge's variables, float32, by name.

        Raises:
            ModelError: the model has no judge.
        """
        return load_arrays(self._present("judge.safetensors"), np.float32)

    def judge_scores(self) -> np.ndarray:
        """Return the judge's scores (N, S) float32 of the bank's faces, in the scorer's order of attributes.

        Raises:
            ModelError: the model has no judge, or no bank.
        """
        self._present("judge.safetensors")
        return load_arrays(self._present("bank.safetensors"), np.float32, ("judge_scores",))["judge_scores"]

    def curves(self) -> Curves:
        """Return the expected score of each attribute as a function of its coordinate.

        Raises:
            ModelError: the model has no curves.
        """
        return read_curves(load_arrays(self._present("curves.safetensors"), np.float32), self.names)

    def true_directions(self) -> TrueDirections:
        """Return the directions that training on pairs gave the labels, and their angles to the model's.

        Raises:
            ModelError: the model has none.
        """
        return read_true(load_arrays(self._present("true_directions.safetensors"), np.float64))

    def bank(self) -> Bank:
        """Return the scored faces.

        Raises:
            ModelError: the model has no bank.
        """
        names = ("base_seed", "scores", "features")
        arrays = load_arrays(self._present("bank.safetensors"), np.float32, names)
        names = self.scorer.attributes if self.scorer else self.names
        return Bank(int(arrays["base_seed"]), arrays["scores"], arrays["features"], names)

    def _present(self, name: FileName) -> Path:
        if name not in self.files:
            raise ModelError(
                f'Expected model "{self.name}" to come with {name}. Received: a model without it. Choose another model.'
            )
        return self.path / name
