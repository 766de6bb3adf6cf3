"""A job in its card: what it computes and the start button, then its progress, then its result or error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dash import dcc, html


def job_card(
    name: str,
    kind: str,
    title: str,
    text: str,
    model: str,
    params: Mapping[str, Any] | None = None,
    ask: str = "Compute",
    className: str = "",
) -> html.Div:
    """Lay out a card in place of the job's result.

    Args:
        name: the card's id and prefix of the ids of its parts: `NAME-title`, `NAME-text`, `NAME-params` (the
            parameters as JSON, which a callback may write before the start), and `NAME-job`, a store: once the job is
            started it holds {id, state, stage}, for callbacks that read `jobs.result(id)`.
        kind: of the job, in `dashboard/jobs/registry.py`.
        title: of the result, such as "t-SNE of 20,000 faces".
        text: a sentence or two, shown before it is started.
        model: the name of the model.
        params: the job's parameters.
        ask: label of the start button.
        className: further classes.

    Returns:
        The card; `assets/js/jobs.js` updates it, also after a reload.
    """
    return html.Div(
        [
            html.Div(
                [
                    html.P(title, id=f"{name}-title", className="lk-job-title"),
                    _button("Cancel", "job-cancel", "Cancels the job; finished results are kept"),
                ],
                className="lk-job-head",
            ),
            html.P(text, id=f"{name}-text", className="lk-job-text"),
            html.P(className="lk-job-duration"),
            html.Div(
                className="lk-job-bar",
                role="progressbar",
                **{"aria-labelledby": f"{name}-title", "aria-valuemin": "0", "aria-valuemax": "100"},
            ),
            html.Div(
                [html.Span(className="lk-job-step"), html.Span(className="lk-job-left")], className="lk-job-figures"
            ),
            html.P(className="lk-job-error"),
            html.P(
                "You can leave this page. The result is kept, and the next visitor gets it immediately.",
                className="lk-job-note",
            ),
            html.P(
                "Started in another window. Its progress and its result are shown here, too.",
                className="lk-job-watched",
            ),
            html.Div(_button(ask, "job-start", "Runs in the background and shows its progress here")),
            html.Div(className="lk-unseen", role="status"),
            html.Div(json.dumps(dict(params or {})), id=f"{name}-params", hidden=True),
            dcc.Store(id=f"{name}-job"),
        ],
        id=name,
        className=f"lk-job {className}".strip(),
        role="group",
        **{"aria-labelledby": f"{name}-title", "data-kind": kind, "data-model": model, "data-state": "idle"},
    )


def _button(words: str, action: str, help_text: str) -> html.Button:
    return html.Button(words, type="button", className="lk-button", **{"data-action": action, "data-help": help_text})
