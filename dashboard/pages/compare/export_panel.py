"""The export panel: content, format, size and speed; then the job, and the file."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.components.job_card import job_card
from dashboard.exports.export_request import RATES, SECONDS
from dashboard.faces.encoding import SIZES
from dashboard.pages.compare.controls import choice, number, segments, word_id

WORD = "export-word"
"""Type of the ids of controls that are no query parameters."""

FORMS = (("png", "PNG"), ("csv", "CSV"), ("html", "HTML"), ("webp", "WebP"), ("mp4", "MP4"))


FORM_WORDS = "A picture, a table of states and scores, a page that holds its pictures, or an animation"


def export_button() -> dmc.Button:
    """Lay out the button that opens the panel."""
    return with_help(
        dmc.Button(
            "Export",
            leftSection=icon("download", 16),
            variant="default",
            size="xs",
            id="export-open",
            **{"data-action": "export-open", "aria-expanded": "false", "aria-controls": "export-panel"},
        ),
        "The sheet or the faces as a picture, a table, a page, or an animation",
    )


def export_panel(model: str) -> html.Div:
    """Lay out the panel, closed.

    Args:
        model: name of the model.

    Returns:
        The panel. `assets/js/compare/export.js` opens it, and writes the parameters of the job.
    """
    return html.Div(
        [
            html.Div(
                [
                    with_help(
                        segments("what", "What is exported", (("sheet", "Sheet"), ("faces", "Faces")), "sheet", WORD),
                        "The sheet below, or the faces above",
                    ),
                    with_help(segments("form", "Format", FORMS, "png", WORD), FORM_WORDS),
                    with_help(
                        choice(
                            "size",
                            "Size of a face",
                            [(str(size), f"{size} px a face") for size in SIZES],
                            "128",
                            WORD,
                            w=130,
                            className="lk-of-pictures",
                        ),
                        "Width and height of each face in the file",
                    ),
                    html.Div(
                        [
                            with_help(
                                number("seconds", "Seconds", 4, *SECONDS, 0.5, WORD, 60), "Seconds from start to end"
                            ),
                            with_help(
                                number("rate", "Frames a second", 12, *RATES, 1, WORD, 108),
                                "More frames are smoother but take longer to compute",
                            ),
                            html.Div(
                                dmc.Switch(id=word_id("back", WORD), label="There and back", checked=True, size="sm"),
                                **{"data-help": "Plays back to the start, so that it can loop"},
                            ),
                        ],
                        className="lk-of-animation",
                    ),
                ],
                className="lk-sheet-controls",
            ),
            html.Div(
                [
                    job_card("export", "export", "Sheet as PNG", "", model, ask="Make the file"),
                    html.A(
                        [icon("download", 16), "Download"],
                        id="export-download",
                        href="",
                        download="",
                        hidden=True,
                        className="lk-button",
                    ),
                ],
                className="lk-export-job",
            ),
        ],
        id="export-panel",
        className="lk-export",
        role="group",
        hidden=True,
        **{"aria-label": "Export", "data-form": "png"},
    )
