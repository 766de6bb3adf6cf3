"""The panels of scores from files: another judge's scores, with their list, and scores of faces, which give directions.

`assets/js/directions/imported_scores.js` sends the files.
"""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, callback, dcc, html
from flask import request

from dashboard.components.slider_row import display_name
from dashboard.components.write_access import write_access
from dashboard.library.extra_directions import current_library
from dashboard.library.imported_scores import KeptScores
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model import Model
from dashboard.web.security import may_write


def imported_scores_card(model: Model) -> html.Section | None:
    """Lay out the card; nothing for a model without a scorer, whose effects cannot be measured."""
    if not model.has_scorer or not model.names:
        return None
    may, note = write_access(current_runtime().settings)
    command = f"python -m dashboard faces --model {model.name} --traversals 200 --out pictures --manifest manifest.csv"
    return html.Section(
        [
            html.H2("Scores by others", className="lk-figure-title", id="scores-title"),
            html.P(
                [
                    "Import scores of the same pictures by another network, or by people, and see every measured "
                    "effect by them. Make the pictures with ",
                    html.Code(command),
                    "; upload the manifest and a table with a row for each picture: its name in the column picture, "
                    "and a column for each attribute (binary: a logit or a probability).",
                ],
                className="lk-figure-caption",
            ),
            note,
            html.Div(
                [
                    dmc.TextInput(
                        id="scores-name",
                        label="Whose scores",
                        placeholder="FairFace",
                        size="xs",
                        **{"data-help": "The name shown with these scores"},
                    ),
                    _file("Manifest", "scores-manifest"),
                    _file("Scores", "scores-file"),
                    html.Button(
                        "Import",
                        type="button",
                        className="lk-button",
                        disabled=not may,
                        **{
                            "data-action": "scores-import",
                            "data-help": "Matches the rows to the manifest, and stores them",
                        },
                    ),
                ],
                className="lk-scores-form",
            ),
            html.P(id="scores-message", className="lk-figure-caption", role="status"),
            html.Div(id="scores-kept"),
            dcc.Store(id="scores-changed"),
        ],
        className="lk-figure-card lk-user-direction-making",
        **{"aria-labelledby": "scores-title"},
    )


def face_scores_card(model: Model, may: bool) -> html.Section:
    """Lay out the card that makes directions of scores of faces.

    Args:
        model: any, also without a scorer.
        may: whether this visitor may save directions.
    """
    command = f"python -m dashboard faces --model {model.name} --seeds 0-1999 --out pictures --manifest manifest.csv"
    parts = [
        html.H2("Scores of faces", className="lk-figure-title", id="face-scores-title"),
        html.P(
            [
                "Directions of the scores by a network of your own, or by people. Make pictures with ",
                html.Code(command),
                "; upload the manifest and a table with a row for each picture: its name in the column picture, and a "
                "column of numbers for each attribute. Each column becomes a direction of that name, by TL-GAN's "
                f"regression in {model.space}.",
            ],
            className="lk-figure-caption",
        ),
        html.Div(
            [
                _file("Manifest", "face-scores-manifest"),
                _file("Scores", "face-scores-file"),
                html.Button(
                    "Make directions",
                    type="button",
                    className="lk-button",
                    disabled=not may,
                    **{
                        "data-action": "scores-fit",
                        "data-help": "Finds a direction for each column of scores, and stores it",
                    },
                ),
            ],
            className="lk-scores-form",
        ),
        html.P(id="face-scores-message", className="lk-figure-caption", role="status"),
    ]
    if not model.has_scorer:
        fit = f"python -m training fit --model {model.name} --scorer FOLDER --judge FOLDER --out FOLDER --name NEW"
        note = [
            "Next: add them as sliders in the list. Findings and measured effects need a scorer: train one with ",
            html.Code("python -m training label"),
            ", and ",
            html.Code(fit),
            " writes a model with it.",
        ]
        parts.append(html.P(note, className="lk-figure-caption"))
    return html.Section(
        parts, className="lk-figure-card lk-user-direction-making", **{"aria-labelledby": "face-scores-title"}
    )


def register_imported_scores() -> None:
    """Register the callback that lists the scores, once for each application."""
    callback(Output("scores-kept", "children"), Input("scores-changed", "data"), State("table-model", "data"))(
        list_scores
    )


def list_scores(_: Any, name: str) -> Any:
    """List the scores that were imported for this model."""
    runtime = current_runtime()
    model = runtime.open_model(name).model
    kept = current_library().scores.listed(model)
    may = may_write(request, runtime.settings)
    return html.Ul([_row(each, may) for each in kept], className="lk-user-direction-list") if kept else None


def _row(kept: KeptScores, may: bool) -> html.Li:
    runs = ", ".join(
        " and ".join(display_name(name) for name in held) + " locked" if held else "free" for held in kept.locked
    )
    by = f" Imported by {kept.made_by}." if kept.made_by else ""
    return html.Li(
        [
            html.Div(
                [
                    html.Span(kept.title, className="lk-user-direction-name"),
                    html.Button(
                        "Remove",
                        type="button",
                        className="lk-button",
                        disabled=not may,
                        **{
                            "data-action": "scores-remove",
                            "data-scores": kept.name,
                            "data-title": kept.title,
                            "data-help": "Removes them; Undo restores them",
                            "aria-label": f"Remove {kept.title}",
                        },
                    ),
                ],
                className="lk-user-direction-made",
            ),
            html.P(f"{kept.words} Runs: {runs}.{by}"),
        ]
    )


def _file(words: str, name: str) -> html.Div:
    return html.Div(
        [
            html.Span(words, id=f"{name}-label"),
            html.Button(
                "Choose a file",
                id=name,
                type="button",
                className="lk-button",
                **{
                    "data-action": "scores-choose",
                    "data-accept": ".csv,.tsv,.txt",
                    "data-help": "A table as CSV",
                    # The button's text alone would name both buttons alike; a chosen file's name follows.
                    "aria-labelledby": f"{name}-label {name}",
                },
            ),
        ],
        className="lk-scores-file",
    )
