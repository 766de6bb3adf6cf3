"""The tab Make your own: faces to mark, other sources of a direction, and the list of user directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import html

from dashboard.analysis.feature_marks import CLASSIFIERS
from dashboard.components.icon import icon
from dashboard.components.slider_row import display_name
from dashboard.faces.describe import model_address
from dashboard.faces.site_path import site_path
from dashboard.library.user_directions import MAX_TITLE, UserDirection
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_channels import channel_of_vector
from dashboard.web.makers import may_delete

FACES = 48
NEAREST = 3

IN_W = (
    "In w. Sliders of this model move in z, so it has none; python -m dashboard faces --w draws faces that it was "
    "added to (docs/guide/stylegan.md)."
)
"""Note on a direction in w of a model whose directions live in z."""

IN_Z = (
    "In z. Sliders of this model move in w, so it has none. Import the network again with --space z for sliders in z."
)
"""Note on a direction in z of a model whose directions live in w."""

IN_S = (
    "A style channel is one number of a layer's style. Its slider sets it, in standard deviations over random faces, "
    "and leaves w as it is. So it moves no other slider and none holds it; it follows them until it is pinned."
)
"""Note on style channels."""


def marking_card(model: Model, seed: int, first: int) -> html.Section:
    """Lay out the faces to mark; `assets/js/directions/user_directions.js` handles clicks.

    Args:
        model: the model.
        seed: the seed of the faces.
        first: the first row.

    Returns:
        The card.
    """
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Mark faces", className="lk-figure-title", id="user-direction-title"),
                    html.Span("0 marked +, 0 marked −", id="user-direction-count", **{"aria-live": "polite"}),
                    _button(
                        "Other faces", "refresh", "user-direction-more", "The next faces of the sample; marks are kept"
                    ),
                    _button("Clear marks", "x", "user-direction-clear", "Removes all marks"),
                ],
                className="lk-user-direction-head",
            ),
            html.P(
                "Click a face for +, again for −, again for none; or type + or −. Marks stay when you show other "
                "faces.",
                className="lk-figure-caption",
            ),
            html.Div(
                [_face(model, f"{seed}.{first + k}" if first + k else str(seed)) for k in range(FACES)],
                className="lk-user-direction-faces",
                id="user-direction-faces",
                **{"data-seed": str(seed), "data-first": str(first), "data-count": str(FACES)},
            ),
        ],
        className="lk-figure-card",
        **{"aria-labelledby": "user-direction-title"},
    )


def making_card(may: bool, selected: html.Div | None = None, scores: Sequence[str] = ()) -> html.Section:
    """Lay out the name and the methods to make a direction.

    Args:
        may: whether this visitor may save directions.
        selected: the selection for a direction (`user_direction_selection`), if there is one.
        scores: names of scores that a direction from marks can leave unchanged; none without a bank.
    """
    return html.Section(
        [
            html.H2("Make a direction", className="lk-figure-title"),
            dmc.TextInput(
                id="user-direction-name",
                label="Name",
                placeholder="Narrow smile",
                description="The name of the slider.",
                inputProps={"maxLength": MAX_TITLE},
                size="xs",
                autoComplete="off",
                disabled=not may,
            ),
            _learning(scores) if scores else None,
            selected,
            html.Div(
                [
                    _button(
                        "From the marks",
                        "sliders",
                        "user-direction-make",
                        "The direction from faces marked − to faces marked +",
                        may,
                    ),
                    _button(
                        "From the selection",
                        "lasso",
                        "user-direction-selection",
                        "The direction from other faces to the selected ones",
                        may,
                    ),
                    _button(
                        "From labels",
                        "upload",
                        "user-direction-labels",
                        "The direction from label 0 to label 1, from a file",
                        may,
                    ),
                    _button("Import", "file-upload", "user-direction-import", "Import a direction from a file", may),
                ],
                className="lk-user-direction-tools",
            ),
            html.P(
                "Labels: a table of faces and labels, such as 31.5,yes; latents with labels; or labels alone, for the "
                "faces of the sample in sample order. Two values are two classes, numbers are scores. "
                "Import: boundaries, components or eigenvectors as NPY, NPZ, safetensors, a table, or TL-GAN's form; "
                "for a StyleGAN also style channels as a table of name, layer, channel, or as JSON.",
                className="lk-figure-caption",
            ),
            html.Div(id="user-direction-message", **{"aria-live": "polite"}),
        ],
        className="lk-figure-card lk-user-direction-making",
    )


def _learning(scores: Sequence[str]) -> html.Div:
    """Lay out the options of learning from marks: plain HTML fields, which the script reads."""
    held = [html.Option("nothing", value=""), *(html.Option(display_name(name), value=name) for name in scores)]
    return html.Div(
        [
            html.Label(
                [
                    "Learn by",
                    _choice(
                        "user-direction-classifier",
                        [html.Option(t, value=n) for n, t in CLASSIFIERS.items()],
                        "The classifier of the marked faces in the scorer's features",
                    ),
                ]
            ),
            html.Label(["Given (left unchanged)", _choice("user-direction-held", held, "Scores that stay unchanged")]),
            html.P(
                "The classifier is trained on the scorer's features of the bank, C by cross-validation, and mapped to "
                "the latent; accuracy is that of held-out marks, p is from 199 permutations of the marks.",
                className="lk-figure-caption",
            ),
        ],
        className="lk-user-direction-learning",
    )


def _choice(name: str, options: list[html.Option], help_text: str) -> html.Select:
    return html.Select(options, id=name, className="lk-user-direction-choice", **{"data-help": help_text})


def made_list(model: Model, made: Sequence[UserDirection], may: bool) -> list:
    """Lay out the user directions.

    Args:
        model: theirs.
        made: the directions, newest first.
        may: whether this visitor may remove directions.

    Returns:
        The content of the card.
    """
    if not made:
        return [html.P("No direction yet. Mark some faces + and some −, and name the difference.")]
    export = site_path(f"/directions/own/export.{{}}?model={quote(model.name)}")
    links = [
        html.A(words, href=export.format(form), download="", className="lk-link")
        for form, words in (("safetensors", "safetensors"), ("npz", "NPZ"), ("pkl", "TL-GAN's form"))
    ]
    return [
        html.Ul(
            [_made(model, one, may and may_delete(one.made_by)) for one in made], className="lk-user-direction-list"
        ),
        html.P(IN_S, className="lk-figure-caption") if any(one.space == "s" for one in made) else None,
        html.P(["Download all as ", links[0], ", ", links[1], " or ", links[2]], className="lk-figure-caption")
        if any(one.space == model.space for one in made)
        else None,
    ]


def figures_of(one: UserDirection) -> str:
    """Describe how a direction was made and how well it generalises."""
    by = [f"made by {one.made_by}" if one.made_by else "", f"changed by {one.changed_by}" if one.changed_by else ""]
    return "; ".join(filter(None, [_figures(one.how), *by]))


def _figures(how: dict[str, Any]) -> str:
    if how.get("kind") == "imported":
        return "imported"
    if not how.get("minus"):
        correlation = how.get("correlation")
        held = (
            "too few to hold any out" if correlation is None else f"correlation with those held out {correlation:.2f}"
        )
        return f"{how.get('plus')} faces with scores; {held}"
    counts = f"{how.get('plus')} faces against {how.get('minus')}"
    if how.get("features"):
        return f"{counts}; {learnt_words(how)}"
    if how.get("accuracy") is None:
        return f"{counts}; too few to hold any out"
    return f"{counts}; held out: {100 * how['accuracy']:.0f} % correct (chance 50 %), AUC {how['auc']:.2f}"


def learnt_words(how: Mapping[str, Any]) -> str:
    """Describe how a direction was learnt from marks, and its reliability."""
    angle, held = how.get("angle"), how.get("held") or []
    return ", ".join(
        filter(
            None,
            [
                f"learnt in {how['features']} scorer features by {CLASSIFIERS.get(how['classifier'], '?').lower()}",
                f"given {', '.join(display_name(name) for name in held)}" if held else "",
                f"held out {how['accuracy']:.0%} correct (95 %: {how['low']:.0%} to {how['high']:.0%}; chance 50 %)",
                f"AUC {how['auc']:.2f}",
                f"p {how['p']:.3f}",
                f"expected for so many marks: {angle:.0f}° from the direction of the whole bank" if angle else "",
            ],
        )
    )


def nearest(model: Model, one: UserDirection) -> str:
    """Return the attributes with the largest cosines to a direction."""
    cosines = model.directions.T @ model.column_of(one.vector)
    order = abs(cosines).argsort()[::-1][:NEAREST]
    return ", ".join(f"{display_name(model.names[k])} {cosines[k]:+.2f}".replace("-", "−") for k in order)


def has_slider(model: Model, one: UserDirection) -> bool:
    """Return whether a direction has a slider: of the space where the sliders move, or a style channel beside it."""
    return one.space == model.space or (one.space == "s" and model.w is not None)


def _made(model: Model, one: UserDirection, may: bool) -> html.Li:
    warning = one.how.get("warning")
    leans = nearest(model, one) if one.space == model.space else ""
    slider = has_slider(model, one)
    return html.Li(
        [
            html.Div(
                [
                    html.Span(one.title, className="lk-user-direction-name"),
                    _button(
                        "Add as slider",
                        "sliders",
                        "add-direction",
                        "A slider for it, on every page with a face",
                        direction=one.name,
                    )
                    if slider
                    else None,
                    _button(
                        "Remove",
                        "trash",
                        "user-direction-remove",
                        "Removes it; Undo restores it",
                        may,
                        direction=one.name,
                        title=one.title,
                    ),
                ],
                className="lk-user-direction-made",
            ),
            html.P(f"Style of {channel_of_vector(model.config, one.vector).words}") if one.space == "s" else None,
            html.P(figures_of(one)),
            html.P(f"Cosine: {leans}") if leans else None,
            _elsewhere(model, one) if one.space != model.space else None,
            html.P([icon("doubt", 16), warning], className="lk-user-direction-warning") if warning else None,
        ]
    )


def _elsewhere(model: Model, one: UserDirection) -> html.P:
    """Say what can be done with a direction in another space than the model's own."""
    address = site_path(f"/directions/own/export.safetensors?model={quote(model.name)}&name={quote(one.name)}")
    note = {"z": f"{IN_Z} ", "w": f"{IN_W} ", "s": ""}[one.space]
    return html.P([note, html.A("Download it", href=address, download="", className="lk-link"), "."])


def _face(model: Model, base: str) -> html.Button:
    return html.Button(
        html.Img(src=f"{model_address(model)}1:{base}.webp", alt="", width=64, height=64),
        type="button",
        className="lk-user-direction-face",
        **{"data-action": "user-direction-mark", "data-base": base, "aria-label": f"Face {base}, not marked"},
    )


def _button(words: str, picture: str, action: str, help_text: str, enabled: bool = True, **data: str) -> dmc.Button:
    return dmc.Button(
        words,
        leftSection=icon(picture, 16),
        variant="default",
        size="xs",
        disabled=not enabled,
        **{"data-action": action, "data-help": help_text, **{f"data-{key}": value for key, value in data.items()}},
    )
