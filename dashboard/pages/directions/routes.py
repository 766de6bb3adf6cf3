"""Addresses of the Directions page: the data behind its figures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import numpy as np
from flask import Blueprint, Response, request

from dashboard import __version__
from dashboard.entanglement.bias_audit import Row, audit, targets_of
from dashboard.entanglement.findings import findings
from dashboard.entanglement.findings_export import FORMS, as_file, as_json
from dashboard.entanglement.findings_question import question_of
from dashboard.entanglement.judges import Judge
from dashboard.entanglement.lock_effect import lock_effect
from dashboard.entanglement.matrix import matrix_of
from dashboard.entanglement.population import population
from dashboard.entanglement.reliability import columns, reliability
from dashboard.entanglement.report import packed, report
from dashboard.entanglement.rescoring_results import Measured
from dashboard.entanglement.score_graph import score_graph
from dashboard.entanglement.two_models import compare
from dashboard.entanglement.view import FALSE_SHARES, read_view
from dashboard.errors import InputError, NotFound
from dashboard.faces.answers import json_answer
from dashboard.faces.direction_names import MAX_EXTRAS
from dashboard.library.direction_rows import with_rows
from dashboard.pages.directions.cell_routes import add_cell_routes, asked_cell, asked_view, unmeasured
from dashboard.pages.directions.judge_field import judges_at
from dashboard.pages.directions.rescoring_runs import angles_now, moved_run, run_of, runs_beside, runs_of
from dashboard.synthesis.model import Model
from dashboard.web.answers import FindingsAnswer
from dashboard.web.data_response import data_answer


def directions_blueprint(model_of: Callable[[str | None], Model]) -> Blueprint:
    """Return the routes; those about measured effects give finished runs only.

    Args:
        model_of: returns a model by its name, None for the default one; raises NotFound if there is none.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("directions", __name__, url_prefix="/directions")
    add_cell_routes(blueprint, model_of)

    @blueprint.get("/matrix.<form>")
    def matrix(form: str) -> Response:
        """Answer with every cell of the matrix of a view, with its interval where it has one; `with` names further
        rows.
        """
        model = with_rows(model_of(request.args.get("model")), request.args.get("with", "").split(",")[:MAX_EXTRAS])
        view = asked_view(model)
        runs = {}
        if "effect" in view.measures:
            runs = {
                (run.locked, run.moved): run.measured for run in runs_of(model, view.held, None, model.names, view.by)
            }
        found = matrix_of(model, view, runs)
        if found is None:
            raise unmeasured(model)
        names = np.array(model.names)
        rows, columns = (part.ravel() for part in np.meshgrid(found.tree.order, found.tree.order, indexing="ij"))
        data = {"moved": names[rows], "seen": names[columns], "value": found.values[rows, columns]}
        if found.low is not None and found.high is not None:
            data |= {"low": found.low[rows, columns], "high": found.high[rows, columns]}
        return data_answer(f"{model.name}-{view.kind}{'-locked' if view.held else ''}", form, data)

    @blueprint.get("/pair.<form>")
    def pair(form: str) -> Response:
        """Answer with two directions of some faces of the sample."""
        model = model_of(request.args.get("model"))
        model = with_rows(model, request.args.get("cell", "").split(",")[:2])
        view, problem = read_view({"cell": request.args.get("cell")}, model)
        if problem is not None:
            raise problem
        first, second = asked_cell(view)
        found = population(model, first, second, request.args.get("of", "scores"))
        # A repeated name would be one column.
        return data_answer(f"{model.name}-{found.of}", form, {f"x_{first}": found.x, f"y_{second}": found.y})

    @blueprint.get("/reliability.<form>")
    def reliability_data(form: str) -> Response:
        """Answer with the measured part of the Reliability table: the named rows, in the given order, or all."""
        model = model_of(request.args.get("model"))
        asked = [name for name in request.args.get("rows", "").split(",") if name] or list(model.names)
        unknown = next((name for name in asked if name not in model.names), None)
        if unknown is not None:
            raise NotFound(
                f"Expected directions of model {model.name} as rows. Received: {unknown[:60]}. Choose another."
            )
        judge, other = _judges(model)
        free, locked = (
            run_of(model, locks, None, by=judge.by).measured if judge else None for locks in ((), model.names)
        )
        second = run_of(model, (), None, by=other.by).measured if other else None
        found = {row.name: row for row in reliability(model, angles_now(model), free, locked, second)}
        return data_answer(f"{model.name}-reliability", form, columns([found[name] for name in asked]))

    @blueprint.get("/findings.<form>")
    def findings_data(form: str) -> Response:
        """Answer with the findings, the model and its digest; the query has the page's parameters."""
        if form not in FORMS:
            raise NotFound(f"Expected .{', .'.join(FORMS)}. Received: .{form[:16]}. Change the file extension.")
        model = model_of(request.args.get("model"))
        judge, free, locked, second, alone = _measured(model)
        asked = question_of(request.args)
        found = findings(model, free, locked, asked, other=second, alone=alone)
        if form == "json":
            answer = json_answer(FindingsAnswer(**as_json(model, found, asked, judge.words)))
        else:
            kind = "csv" if form == "csv" else "markdown"
            text = as_file(model, found, asked, form, judge.words)
            answer = Response(text, content_type=f"text/{kind}; charset=utf-8")
        answer.headers["Content-Disposition"] = f'attachment; filename="{model.name}-findings.{form}"'
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @blueprint.get("/report.<form>")
    def report_file(form: str) -> Response:
        """Answer with a report of the findings, the method and the versions: one HTML file, or Markdown with pictures,
        packed.
        """
        if form not in ("html", "zip"):
            raise NotFound(f"Expected .html or .zip. Received: .{form[:16]}. Change the file extension.")
        model = model_of(request.args.get("model"))
        judge, free, locked, second, alone = _measured(model)
        given = {"judge": judge.words, "other": second, "alone": alone}
        if form == "html":
            content: bytes = report(model, free, locked, __version__, form, **given).encode()
        else:
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, text in packed(model, free, locked, __version__, **given).items():
                    archive.writestr(name, text)
            content = stream.getvalue()
        answer = Response(content, content_type="text/html; charset=utf-8" if form == "html" else "application/zip")
        answer.headers["Content-Disposition"] = f'attachment; filename="{model.name}-report.{form}"'
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @blueprint.get("/audit.<form>")
    def audit_data(form: str) -> Response:
        """Answer with the bias audit: a row for each slider, target and run."""
        model = model_of(request.args.get("model"))
        targets = targets_of(model)
        if not targets:
            raise unmeasured(model)
        judge, free, locked, second, _ = _measured(model)
        lines = [
            (
                *(row.name, target.name, state, judge.short, effect.spread.same.n),
                *(effect.spread.mean.value, effect.spread.mean.low, effect.spread.mean.high),
                *(effect.spread.size.value, effect.spread.size.low, effect.spread.size.high, *effect.spread.quantiles),
                *(effect.spread.same.value, effect.flips.value, effect.flips.low, effect.flips.high),
                *(_apart(row, k) if state == "free" else (float("nan"),) * 4),
            )
            for row in audit(model, free, locked, None, second)
            for state, effects in (("free", row.free), ("locked", row.locked or ()))
            for k, (target, effect) in enumerate(zip(targets, effects, strict=False))
        ]
        columns = (
            *("slider", "target", "state", "judge", "people", "effect", "low", "high", "absolute", "absolute_low"),
            *("absolute_high", "p5", "p25", "median", "p75", "p95", "same_way", "flips", "flips_low", "flips_high"),
            *("other_judge_flips", "apart", "apart_low", "apart_high"),
        )
        data = {name: np.array(values) for name, values in zip(columns, zip(*lines, strict=True), strict=True)}
        return data_answer(f"{model.name}-bias-audit", form, data)

    @blueprint.get("/graph.<form>")
    def graph(form: str) -> Response:
        """Answer with partial correlations of normal scores, a row for each pair, with `false` finds at most."""
        model = model_of(request.args.get("model"))
        if not model.has_bank or not model.has_scorer:
            raise NotFound(f"Expected a model with a bank of scored faces. Received: {model.name}. Choose another.")
        share = request.args.get("false", "0.05")
        found = score_graph(model, float(share) if share in FALSE_SHARES else 0.05)
        i, j = np.triu_indices(len(found.names), 1)
        names, parts = np.array(found.names), found.found
        chosen = np.zeros(len(i), bool) if parts.choice is None else parts.choice.chosen[i, j]
        data = {"first": names[i], "second": names[j], "partial": parts.values[i, j], "low": parts.low[i, j]}
        return data_answer(
            f"{model.name}-graph", form, {**data, "high": parts.high[i, j], "selected": chosen.astype(int)}
        )

    @blueprint.get("/models.<form>")
    def models(form: str) -> Response:
        """Answer with the effects of two models and their difference, a row for each pair of shared attributes."""
        pair = model_of(request.args.get("model")), model_of(request.args.get("other"))
        runs = [run_of(model, (), None).measured if model.has_scorer else None for model in pair]
        missing = next((model for model, run in zip(pair, runs, strict=True) if run is None), None)
        if missing is not None or runs[0] is None or runs[1] is None:
            raise unmeasured(missing or pair[0])
        found = compare(pair, (runs[0], runs[1]))
        names = np.array(found.names)
        rows, columns = (part.ravel() for part in np.meshgrid(range(len(names)), range(len(names)), indexing="ij"))
        parts = {"first": found.first, "second": found.second, "difference": found.difference}
        parts |= {"low": found.low, "high": found.high, "differs": found.sure.astype(int)}
        data = {"moved": names[rows], "seen": names[columns]}
        data |= {name: values[rows, columns] for name, values in parts.items()}
        return data_answer(f"{pair[0].name}-{pair[1].name}", form, data)

    @blueprint.get("/lock.<form>")
    def lock(form: str) -> Response:
        """Answer with the effect of locking one attribute, `hold`, on a cell; a row for each figure."""
        model = model_of(request.args.get("model"))
        view = asked_view(model)
        moved, seen = asked_cell(view)
        hold, judge = request.args.get("hold", ""), judges_at(model, view.by)[0]
        if hold in (moved, seen) or hold not in model.names:
            raise InputError(f"Expected another attribute as hold. Received: {hold[:60] or 'none'}. Name one.")
        free, held = (moved_run(model, moved, locks, None, judge) for locks in ((), (hold,)))
        if free.measured is None or held.measured is None:
            raise unmeasured(model)
        rows = 0 if free.moved else model.column(moved), 0 if held.moved else model.column(moved)
        found = lock_effect(free.measured, held.measured, rows, model.column(seen), model.column(hold))
        names = ("total", "left", "taken", "drift", "drift_left")
        each = [getattr(found, name) for name in names]
        data = {"figure": np.array(names), "judge": np.array([judge.short] * len(each))}
        data |= {part: np.array([getattr(one, part) for one in each]) for part in ("value", "low", "high")}
        return data_answer(f"{model.name}-lock-{hold}", form, {**data, "people": np.full(len(each), found.people)})

    return blueprint


def _judges(model: Model) -> tuple[Judge | None, Judge | None]:
    return judges_at(model, request.args.get("judge")) if model.has_scorer else (None, None)


def _measured(model: Model) -> tuple[Judge, Measured, Measured | None, Measured | None, dict[str, Measured | None]]:
    """Return the judge of the address, the free run and the locked one, the free one by another judge, those of one
    lock.
    """
    judge, other = _judges(model)
    held = [target.name for target in targets_of(model)]
    free = None if judge is None else run_of(model, (), None, by=judge.by).measured
    if judge is None or free is None:
        raise unmeasured(model)
    locked = run_of(model, held, None, by=judge.by).measured if held else None
    return judge, free, locked, *runs_beside(model, judge, other, None)


def _apart(row: Row, target: int) -> tuple[float, ...]:
    if row.other is None or row.apart is None:
        return (float("nan"),) * 4
    return row.other[target].value, row.apart[target].value, row.apart[target].low, row.apart[target].high
