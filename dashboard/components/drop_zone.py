"""A drop zone for files: shows the accepted files, then the progress of the upload."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon


def drop_zone(
    name: str,
    upload: str,
    label: str,
    title: str,
    text: str,
    actions: tuple[str, str],
    help_text: str,
    limit: int,
    **data: str,
) -> html.Section:
    """Lay out the zone; a script of its page handles it.

    Args:
        name: its id.
        upload: prefix of the ids of the upload's status: `UPLOAD-words`, `UPLOAD-bar`, `UPLOAD-problem`.
        label: its name for assistive technology.
        title: the accepted files, in a few words.
        text: the accepted files in detail, and how they are used.
        actions: of choosing a file and of cancelling the upload.
        help_text: of the button for choosing a file.
        limit: size limit of a file in bytes.
        data: further `data-...` attributes for the script.

    Returns:
        The zone.
    """
    choose, cancel = actions
    return html.Section(
        [
            html.Div(
                [
                    icon("file-upload", 20),
                    html.Div(
                        [html.P(title, className="lk-drop-title"), html.P(text, className="lk-model-small")],
                    ),
                    with_help(_button("Choose a file", choose), help_text),
                ],
                className="lk-drop-ask",
            ),
            html.Div(
                [
                    html.Div(
                        [
                            html.P("", id=f"{upload}-words"),
                            dmc.Progress(id=f"{upload}-bar", value=0, size=6, **{"aria-label": "Upload"}),
                        ]
                    ),
                    with_help(_button("Cancel", cancel), "Cancels the upload; nothing is stored"),
                ],
                className="lk-drop-work",
            ),
            html.P("", id=f"{upload}-problem", className="lk-model-problem", role="alert"),
        ],
        id=name,
        className="lk-drop",
        **{"aria-label": label, "data-limit": str(limit), **{f"data-{key}": value for key, value in data.items()}},
    )


def _button(words: str, action: str) -> html.Button:
    return html.Button(words, type="button", className="lk-button", **{"data-action": action})
