"""Addresses of the Directions page: the data behind its figures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from flask import Blueprint, Response, request

from dashboard import __version__
from dashboard.entanglement.bias_audit import audit, targets_of
from dashboard.entanglement.findings import findings
from dashboard.entanglement.findings_export import FORMS, as_file, as_json
from dashboard.entanglement.findings_question import question_of
from dashboard.entanglement.matrix import matrix_of
from dashboard.entanglement.population import population
from dashboard.entanglement.reliability import columns, reliability
from dashboard.entanglement.report import report
from dashboard.entanglement.view import View, read_view
from dashboard.errors import InputError, NotFound
from dashboard.faces.answers import json_answer
from dashboard.faces.direction_names import MAX_EXTRAS
from dashboard.library.direction_rows import with_rows
from dashboard.pages.directions.rescoring_runs import angles_now, run_of, runs_of
from dashboard.synthesis.model import Model
from dashboard.web.answers import FindingsAnswer
from dashboard.web.data_response import data_answer


def directions_blueprint(model_of: Callable[[str | None], Model]) -> Blueprint:
    """Return the routes; those about measured effects give finished runs only.

    Args:
        model_of: gives a model by its name, None for the default one; raises NotFound where there is none.

    Returns:
        A blueprint; errors of the tree in `dashboard.errors` are for the application to answer.
    """
    blueprint = Blueprint("directions", __name__, url_prefix="/directions")

    @blueprint.get("/matrix.<form>")
    def matrix(form: str) -> Response:
        """Answer with every cell of the matrix of a view, with its interval where it has one; `with` names further
        rows.
        """
        model = with_rows(model_of(request.args.get("model")), request.args.get("with", "").split(",")[:MAX_EXTRAS])
        view = _view(model)
        runs = {}
        if "effect" in view.measures:
            runs = {(run.locked, run.moved): run.measured for run in runs_of(model, view.held, None, model.names)}
        found = matrix_of(model, view, runs)
        if found is None:
            raise _unmeasured(model)
        names = np.array(model.names)
        rows, columns = (part.ravel() for part in np.meshgrid(found.tree.order, found.tree.order, indexing="ij"))
        data = {"moved": names[rows], "seen": names[columns], "value": found.values[rows, columns]}
        if found.low is not None and found.high is not None:
            data |= {"low": found.low[rows, columns], "high": found.high[rows, columns]}
        return data_answer(f"{model.name}-{view.kind}{'-locked' if view.held else ''}", form, data)

    @blueprint.get("/curves.<form>")
    def curves(form: str) -> Response:
        """Answer with how the scores of a cell follow the attribute that is moved."""
        model = model_of(request.args.get("model"))
        model = with_rows(model, request.args.get("cell", "").split(",")[:2])
        view = _view(model)
        moved, seen = _cell(view)
        extra = "~" in moved
        run = run_of(model, view.held, None, moved if extra else None).measured
        if run is None:
            raise _unmeasured(model)
        data = {"step": run.run.steps}
        for name in dict.fromkeys(name for name in (moved, seen) if "~" not in name):
            parts = run.curve(0 if extra else model.column(moved), model.column(name))
            data |= {f"{name}_{part}": values for part, values in zip(("mean", "p16", "p84"), parts, strict=True)}
        return data_answer(f"{model.name}-along-{moved}", form, data)

    @blueprint.get("/pair.<form>")
    def pair(form: str) -> Response:
        """Answer with two directions of some faces of the sample."""
        model = model_of(request.args.get("model"))
        model = with_rows(model, request.args.get("cell", "").split(",")[:2])
        view, problem = read_view({"cell": request.args.get("cell")}, model)
        if problem is not None:
            raise problem
        first, second = _cell(view)
        found = population(model, first, second, request.args.get("of", "scores"))
        # One name twice would be one column.
        return data_answer(f"{model.name}-{found.of}", form, {f"x_{first}": found.x, f"y_{second}": found.y})

    @blueprint.get("/reliability.<form>")
    def reliability_data(form: str) -> Response:
        """Answer with the Reliability table as far as it is measured: the named rows in their order, or all."""
        model = model_of(request.args.get("model"))
        asked = [name for name in request.args.get("rows", "").split(",") if name] or list(model.names)
        unknown = next((name for name in asked if name not in model.names), None)
        if unknown is not None:
            raise NotFound(
                f"Expected directions of model {model.name} as rows. Received: {unknown[:60]}. Choose another."
            )
        runs = [run_of(model, locks, None).measured if model.has_scorer else None for locks in ((), model.names)]
        found = {row.name: row for row in reliability(model, angles_now(model), *runs)}
        return data_answer(f"{model.name}-reliability", form, columns([found[name] for name in asked]))

    @blueprint.get("/findings.<form>")
    def findings_data(form: str) -> Response:
        """Answer with the findings, the model and its digest; the query has the words of the page."""
        if form not in FORMS:
            raise NotFound(f"Expected .{', .'.join(FORMS)}. Received: .{form[:16]}. Change the address's end.")
        model = model_of(request.args.get("model"))
        held = [target.name for target in targets_of(model)]
        runs = [run_of(model, locks, None).measured if model.has_scorer else None for locks in ((), held)]
        if runs[0] is None:
            raise _unmeasured(model)
        asked = question_of(request.args)
        found = findings(model, runs[0], runs[1] if held else None, asked)
        if form == "json":
            answer = json_answer(FindingsAnswer(**as_json(model, found, asked)))
        else:
            kind = "csv" if form == "csv" else "markdown"
            answer = Response(as_file(model, found, asked, form), content_type=f"text/{kind}; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{model.name}-findings.{form}"'
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @blueprint.get("/report.<form>")
    def report_file(form: str) -> Response:
        """Answer with a report of the findings, the method and the versions, as one file."""
        if form not in ("html", "md"):
            raise NotFound(f"Expected .html or .md. Received: .{form[:16]}. Change the address's end.")
        model = model_of(request.args.get("model"))
        held = [target.name for target in targets_of(model)]
        runs = [run_of(model, locks, None).measured if model.has_scorer else None for locks in ((), held)]
        if runs[0] is None:
            raise _unmeasured(model)
        text = report(model, runs[0], runs[1] if held else None, __version__, form)
        kind = "html" if form == "html" else "markdown"
        answer = Response(text, content_type=f"text/{kind}; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{model.name}-report.{form}"'
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @blueprint.get("/audit.<form>")
    def audit_data(form: str) -> Response:
        """Answer with the bias audit: a row for each slider, target and run."""
        model = model_of(request.args.get("model"))
        targets = targets_of(model)
        runs = [run_of(model, locks, None).measured if targets else None for locks in ((), [t.name for t in targets])]
        if runs[0] is None:
            raise _unmeasured(model)
        lines = [
            (
                *(row.name, target.name, state, effect.spread.same.n),
                *(effect.spread.mean.value, effect.spread.mean.low, effect.spread.mean.high),
                *(effect.spread.size.value, effect.spread.size.low, effect.spread.size.high, *effect.spread.quantiles),
                *(effect.spread.same.value, effect.flips.value, effect.flips.low, effect.flips.high),
            )
            for row in audit(model, runs[0], runs[1])
            for state, effects in (("free", row.free), ("locked", row.locked or ()))
            for target, effect in zip(targets, effects, strict=False)
        ]
        columns = (
            *("slider", "target", "state", "people", "effect", "low", "high", "absolute", "absolute_low"),
            *("absolute_high", "p5", "p25", "median", "p75", "p95", "same_way", "flips", "flips_low", "flips_high"),
        )
        data = {name: np.array(values) for name, values in zip(columns, zip(*lines, strict=True), strict=True)}
        return data_answer(f"{model.name}-bias-audit", form, data)

    return blueprint


def _view(model: Model) -> View:
    view, problem = read_view(request.args, model)
    if problem is not None:
        raise problem
    return view


def _cell(view: View) -> tuple[str, str]:
    if view.cell is None:
        raise InputError("Expected a cell such as Smiling,Male. Received: none. Name two directions.")
    return view.cell


def _unmeasured(model: Model) -> NotFound:
    return NotFound(
        f"Expected a measured effect of model {model.name}. Received: none so far. Open the Directions page and press "
        "Measure."
    )
