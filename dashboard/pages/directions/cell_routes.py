"""Addresses of one cell: its curves, and its effect in every person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from flask import Blueprint, Response, request

from dashboard.entanglement.rescoring_results import SEED, is_binary
from dashboard.entanglement.view import View, read_view
from dashboard.errors import InputError, NotFound
from dashboard.library.direction_rows import with_rows
from dashboard.pages.directions.rescoring_runs import run_of
from dashboard.synthesis.model import Model
from dashboard.web.data_response import data_answer


def add_cell_routes(blueprint: Blueprint, model_of: Callable[[str | None], Model]) -> None:
    """Add the routes of a cell to those of the page.

    Args:
        blueprint: of the page.
        model_of: returns a model by its name, None for the default one; raises NotFound if there is none.
    """

    @blueprint.get("/curves.<form>")
    def curves(form: str) -> Response:
        """Answer with the scores of a cell as functions of the moved attribute."""
        model = model_of(request.args.get("model"))
        model = with_rows(model, request.args.get("cell", "").split(",")[:2])
        view = asked_view(model)
        moved, seen = asked_cell(view)
        extra = "~" in moved
        run = run_of(model, view.held, None, moved if extra else None, view.by).measured
        if run is None:
            raise unmeasured(model)
        data = {"step": run.run.steps}
        for name in dict.fromkeys(name for name in (moved, seen) if "~" not in name):
            parts = run.curve(0 if extra else model.column(moved), model.column(name))
            data |= {f"{name}_{part}": values for part, values in zip(("mean", "p16", "p84"), parts, strict=True)}
            if is_binary(model, name):
                shares = run.presence(0 if extra else model.column(moved), model.column(name))
                words = ("present", "present_low", "present_high")
                data |= {f"{name}_{part}": values for part, values in zip(words, shares, strict=True)}
        return data_answer(f"{model.name}-along-{moved}", form, data)

    @blueprint.get("/people.<form>")
    def people(form: str) -> Response:
        """Answer with the effect of a cell in every person, a row each: free, and with the view's locks."""
        model = model_of(request.args.get("model"))
        model = with_rows(model, request.args.get("cell", "").split(",")[:2])
        view = asked_view(model)
        moved, seen = asked_cell(view)
        extra = moved if "~" in moved else None
        free, locked = (run_of(model, locks, None, extra, view.by).measured for locks in ((), view.held))
        if free is None:
            raise unmeasured(model)
        cell = 0 if extra else model.column(moved), model.column(seen)
        data = {"face": np.array([f"{SEED}.{row}" for row in range(free.bases)]), "free": free.found.slopes[:, *cell]}
        if view.held and locked is not None:
            held = np.full(free.bases, np.nan)
            held[: locked.bases] = locked.found.slopes[: free.bases, *cell]
            data["locked"] = held
        return data_answer(f"{model.name}-{moved}-{seen}-people", form, data)


def asked_view(model: Model) -> View:
    """Return the view of the query."""
    view, problem = read_view(request.args, model)
    if problem is not None:
        raise problem
    return view


def asked_cell(view: View) -> tuple[str, str]:
    """Return the cell of a view that must have one."""
    if view.cell is None:
        raise InputError("Expected a cell such as Smiling,Male. Received: none. Name two directions.")
    return view.cell


def unmeasured(model: Model) -> NotFound:
    """Return the error for a run that is missing."""
    return NotFound(
        f"Expected a measured effect of model {model.name}. Received: none so far. Open the Directions page and press "
        "Measure."
    )
