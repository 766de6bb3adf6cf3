"""The method note (i) of a page: how its figures are computed, sample sizes, uncertainty, whose judgement, and the
code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import dash_mantine_components as dmc
from dash import html

from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.entanglement.rescoring_results import BASES
from dashboard.synthesis.model import Model


@dataclass(frozen=True)
class Method:
    """The method note of a page.

    Args:
        method: how the figures are computed.
        size: the sample size.
        level: of intervals and tests.
        code: files, the first the most important.
        judged: whether a network scores faces for it.
    """

    method: str
    size: Callable[[Model], str]
    level: str
    code: tuple[str, ...]
    judged: bool = True


def _bank(model: Model) -> str:
    return "the bank's faces, as the figures say" if model.has_bank else "this model has no bank"


def _people(_: Model) -> str:
    return f"{BASES} people (rows of seed 0), each slider at −2, −1, 0, 1 and 2 σ; a judge may have scored fewer"


METHODS: dict[str, Method] = {
    "generator": Method(
        "Coordinates are computed exactly from the latent. The range to expect is the isotonic mean of the score of "
        "faces pinned at positions of the slider, with quantiles of single faces.",
        lambda model: (
            f"{model.curves().faces:,} faces a coordinate" if model.has_curves else "this model has no curves"
        ),
        "95 % of faces; 1 − 0.95^(1/k) a row with k pinned rows, so that 5 % of faces carry a sign",
        ("dashboard/synthesis/curves.py", "dashboard/faces/expected.py", "dashboard/analysis/pins.py"),
    ),
    "latent-space": Method(
        "Principal components, UMAP and t-SNE of the chosen space. Components are compared "
        "with permuted columns and between halves of the faces, layouts with other seeds.",
        _bank,
        "95 % quantile of the permutations; a component is called stable at a split-half cosine of 0.9",
        ("dashboard/analysis/pca.py", "dashboard/analysis/stability.py", "dashboard/spaces/layouts.py"),
    ),
    "directions-findings": Method(
        "Each slider is moved on the same people; an effect is the least-squares slope of the score "
        "a person, in standard deviations of the score.",
        _people,
        "Student's t over people, Benjamini and Hochberg at the chosen share of false finds; intervals of what was "
        "selected are widened (false coverage rate); shares have Wilson's 95 %",
        ("dashboard/entanglement/findings.py", "dashboard/analysis/inference.py", "dashboard/analysis/rescoring.py"),
    ),
    "directions-matrix": Method(
        "Cosine and Pearson follow from the directions. Scores are correlations over the bank, on "
        "Fisher's scale with the jackknife's error. Effects are slopes of scores of faces whose slider is moved.",
        lambda model: f"{_people(model)}; {_bank(model)}",
        "95 %, widened for cells that were selected; Benjamini and Hochberg at the chosen share of false finds",
        ("dashboard/entanglement/matrix.py", "dashboard/analysis/matrices.py", "dashboard/analysis/inference.py"),
    ),
    "directions-reliability": Method(
        "Angles by the bootstrap of the bank's faces; response and leakage from slopes a person; "
        "attribute dependency as StyleSpace (Wu, Lischinski and Shechtman 2021).",
        lambda model: f"{_people(model)}; {_bank(model)}",
        "95 %; none below 50 people",
        ("dashboard/entanglement/reliability.py", "dashboard/analysis/reliability.py"),
    ),
    "directions-bias-audit": Method(
        "Counts the people who read differently at +2 σ than at −2 σ, free and with all targets "
        "locked; effects are slopes a person.",
        _people,
        "Wilson's 95 % of shares; the paired bootstrap of differences; Welch's t with Benjamini and "
        "Hochberg between groups",
        ("dashboard/entanglement/bias_audit.py", "dashboard/analysis/people.py"),
    ),
    "directions-models": Method(
        "DCI, MIG, SAP, modularity, linear separability and perceptual path length as published; Welch's t between two "
        "models; linear CKA.",
        lambda model: f"{_bank(model)}; {_people(model)}",
        "95 %, widened for what was selected; chance of CKA: 95 % quantile of 100 permutations",
        ("dashboard/analysis/disentanglement.py", "dashboard/entanglement/two_models.py", "dashboard/analysis/cka.py"),
    ),
    "directions-unsupervised": Method(
        "SeFa: eigenvectors of the first layer's weights (Shen and Zhou 2021). Components: least "
        "squares from the latent, as GANSpace does without W.",
        _bank,
        "none: cosines are exact, R² is on faces held out",
        ("dashboard/analysis/sefa.py", "dashboard/spaces/projection.py"),
        judged=False,
    ),
    "user-directions": Method(
        "Marks are learnt in the scorer's features, the bank is scored with what was learnt, and "
        "these scores are regressed on latents, as TL-GAN does.",
        _bank,
        "accuracy held out with Wilson's 95 %; p of 199 permuted markings",
        ("dashboard/analysis/feature_marks.py", "dashboard/library/direction_from_examples.py"),
    ),
}
"""Method notes by the name of the page."""


def method_note(page: str, model: Model) -> dmc.Popover:
    """Lay out the (i) of a page.

    Args:
        page: its name, in `METHODS`.
        model: the model that it shows.
    """
    found = METHODS[page]
    rows = [
        ("Method", found.method),
        ("n", found.size(model)),
        ("Level", found.level),
        ("Judge", _judge(model) if found.judged else "none: no network scores faces for it"),
        ("Code", ", ".join(found.code)),
    ]
    return dmc.Popover(
        [
            opener(
                dmc.PopoverTarget,
                icon("info", 18),
                name="How this page's figures are computed",
                className="lk-method",
                words="Method, sample sizes, uncertainty, judge and code",
            ),
            dmc.PopoverDropdown(
                html.Dl(
                    [part for words, text in rows for part in (html.Dt(words), html.Dd(text))],
                    className="lk-method-note",
                )
            ),
        ],
        width=360,
        position="bottom-start",
        trapFocus=True,
        withinPortal=True,
    )


def _judge(model: Model) -> str:
    if not model.has_scorer:
        return "none: this model has no scorer"
    own = "the model's own scorer, with which the directions were found"
    if model.has_judge:
        return f"{own}, or its judge, which was not used for that, as the page says"
    return f"{own}; it has no second judge; imported scores are listed under Judged by"
