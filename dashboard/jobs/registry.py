"""Registry of the kinds of jobs: for each, the functions that check its parameters and compute it.

A kind consists of three or four functions:

    check(params: dict, model: Model) -> dict     validates parameters, returns canonical ones, or raises InputError
    run(work: Work) -> None                       computes, in its own process; see dashboard/jobs/job_context.py
    seconds(params: dict, model: Model) -> float  on the reference machine; see durations.py
    brief(params: dict, model: Model) -> bool     whether it is short enough to run in a request (inline_job.py)

They are named, not imported: a kind's libraries are loaded only where it runs, with its first job.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.entanglement.angles import KIND as ANGLES
from dashboard.entanglement.angles import VERSION as ANGLES_VERSION
from dashboard.entanglement.disentanglement_results import KIND as DISENTANGLEMENT
from dashboard.entanglement.disentanglement_results import VERSION as DISENTANGLEMENT_VERSION
from dashboard.errors import InputError
from dashboard.jobs.reference_seconds import reference_seconds
from dashboard.spaces.computed_results import ACTIVATIONS, ACTIVATIONS_VERSION, LAYOUTS_VERSION
from dashboard.stores.ports import SLICE_JOB
from dashboard.synthesis.model import Model


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    Args:
        title: its name on the screen, capitalised.
        version: increased whenever the numbers change, so that older stored results are not used.
        check, run, seconds: "module:function".
        brief: "module:function" that tells from canonical parameters whether the job is so short that the server
            runs it itself; empty for never.
        alike: parameters that determine the duration, besides kind and model.
        stays: whether its process waits for the next such job, because loading or compiling is slow.
        first: seconds of this loading or compiling, on the reference machine.
        loose: parameters, such as the amount measured, that may differ in a result shipped with the model.
    """

    title: str
    version: int
    check: str
    run: str
    seconds: str
    brief: str = ""
    loose: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    stays: bool = False
    first: float = 0.0

    def canonical(self, params: dict[str, Any], model: Model) -> dict[str, Any]:
        """Return the canonical parameters from the kind's check.

        Raises:
            InputError: a parameter is invalid, or the model lacks something required.
        """
        return named(self.check)(params, model)

    def is_brief(self, params: dict[str, Any], model: Model) -> bool:
        """Return whether a job with canonical parameters is shorter than starting a process."""
        return bool(self.brief) and named(self.brief)(params, model)

    def reference(self, params: dict[str, Any], model: Model) -> float:
        """Return the seconds of a job with canonical parameters on the reference machine."""
        return float(named(self.seconds)(params, model))


_KINDS = "dashboard.jobs.kinds."

KINDS: dict[str, Kind] = {
    "rescoring": Kind(
        "Measured effects",
        1,
        f"{_KINDS}rescoring:check",
        f"{_KINDS}rescoring:run",
        f"{_KINDS}rescoring:seconds",
        loose=("bases",),
        alike=("by",),
    ),
    "export": Kind(
        "An export",
        2,
        f"{_KINDS}export:check",
        f"{_KINDS}export:run",
        f"{_KINDS}export:seconds",
        f"{_KINDS}export:is_brief",
        alike=("form",),
    ),
    ANGLES: Kind(
        "Angles of directions",
        ANGLES_VERSION,
        f"{_KINDS}angles:check",
        f"{_KINDS}angles:run",
        f"{_KINDS}angles:seconds",
    ),
    ACTIVATIONS: Kind(
        "Components of activations",
        ACTIVATIONS_VERSION,
        f"{_KINDS}activations:check",
        f"{_KINDS}activations:run",
        f"{_KINDS}activations:seconds",
        alike=("block",),
    ),
    DISENTANGLEMENT: Kind(
        "Disentanglement",
        DISENTANGLEMENT_VERSION,
        f"{_KINDS}disentanglement:check",
        f"{_KINDS}disentanglement:run",
        f"{_KINDS}disentanglement:seconds",
        loose=("pairs",),
    ),
    "umap": Kind(
        "UMAP",
        LAYOUTS_VERSION,
        f"{_KINDS}layouts:check_umap",
        f"{_KINDS}layouts:run_umap",
        f"{_KINDS}layouts:seconds_umap",
        alike=("space",),
        stays=True,
        first=reference_seconds("umap first"),
    ),
    "tsne": Kind(
        "t-SNE",
        LAYOUTS_VERSION,
        f"{_KINDS}layouts:check_tsne",
        f"{_KINDS}layouts:run_tsne",
        f"{_KINDS}layouts:seconds_tsne",
        alike=("space",),
    ),
}
"""The kinds of this dashboard, by name."""

COMMAND_JOBS = {SLICE_JOB: "dashboard.bulk.slice_job:run"}
"""Functions of jobs that commands start, and no visitor can: their parameters are folders of the hosts."""


def kind_of(name: object) -> Kind:
    """Return a kind by its name.

    Raises:
        InputError: there is no such kind.
    """
    if not isinstance(name, str) or name not in KINDS:
        raise InputError(f"Expected a kind of job ({', '.join(KINDS)}). Received: {str(name)[:60]}. Choose one.")
    return KINDS[name]


def named(path: str) -> Callable[..., Any]:
    """Return the function at "module:function"."""
    module, _, function = path.partition(":")
    return getattr(importlib.import_module(module), function)
