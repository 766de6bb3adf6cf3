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
from dashboard.sheets.plan import MAX_FACES
from dashboard.spaces.sample import sample_size
from dashboard.synthesis.model import Model


@dataclass(frozen=True)
class Method:
    """The method note of a page.

    Args:
        method: how the figures are computed.
        size: the sample size.
        level: of intervals and tests.
        code: files, the first the most important.
        judge: whose scores the figures are.
    """

    method: str
    size: Callable[[Model], str]
    level: str
    code: tuple[str, ...]
    judge: Callable[[Model], str]


def _bank(model: Model) -> str:
    return "the bank's faces, as the figures say" if model.has_bank else "this model has no bank"


def _people(_: Model) -> str:
    return f"{BASES} people (rows of seed 0), each slider at −2, −1, 0, 1 and 2 σ; a judge may have scored fewer"


def _judge(model: Model) -> str:
    if not model.has_scorer:
        return "none: this model has no scorer"
    own = "the model's own scorer, with which the directions were found"
    if model.has_judge:
        return f"{own}, or its judge, which was not used for that, as the page says"
    return f"{own}; it has no second judge; imported scores are listed under Judged by"


def _scores(model: Model) -> str:
    if not model.has_scorer:
        return "none: this model has no scorer"
    return "scores are by the model's own scorer, with which the directions were found"


def _nobody(_: Model) -> str:
    return "none: no network scores faces for it"


def _trained(model: Model) -> str:
    figures = {name for attribute in model.attributes for name in attribute.reliability}
    if not figures:
        return "none: this model comes without figures of its directions"
    if not any(name.startswith("judge_") for name in figures):
        return "the scorer, with which the directions were found"
    return (
        "as the columns say; response, spread and range are by the judge, a second network trained on another split, "
        "which was not used to find the directions"
    )


METHODS: dict[str, Method] = {
    "generator": Method(
        "Coordinates are computed exactly from the latent. The range to expect is the isotonic mean of the score of "
        "faces pinned at positions of the slider, with quantiles of single faces. A slider that acts on some layers "
        "only has no measured score, because those faces were pinned in all layers.",
        lambda model: (
            f"{model.curves().faces:,} faces a coordinate" if model.has_curves else "this model has no curves"
        ),
        "95 % of faces; 1 − 0.95^(1/k) a row with k pinned rows, so that 5 % of faces carry a sign",
        ("dashboard/synthesis/curves.py", "dashboard/faces/expected.py", "dashboard/analysis/pins.py"),
        _judge,
    ),
    "latent-space": Method(
        "Principal components, UMAP and t-SNE of the chosen space. Components are compared "
        "with permuted columns and between halves of the faces, layouts with other seeds.",
        _bank,
        "95 % quantile of the permutations; a component is called stable at a split-half cosine of 0.9",
        ("dashboard/analysis/pca.py", "dashboard/analysis/stability.py", "dashboard/spaces/layouts.py"),
        _judge,
    ),
    "directions-findings": Method(
        "Each slider is moved on the same people; an effect is the least-squares slope of the score "
        "a person, in standard deviations of the score.",
        _people,
        "Student's t over people, Benjamini and Hochberg at the chosen share of false finds; intervals of what was "
        "selected are widened (false coverage rate); shares have Wilson's 95 %",
        ("dashboard/entanglement/findings.py", "dashboard/analysis/inference.py", "dashboard/analysis/rescoring.py"),
        _judge,
    ),
    "directions-matrix": Method(
        "Cosine and Pearson follow from the directions. Scores are correlations over the bank, on "
        "Fisher's scale with the jackknife's error. Effects are slopes of scores of faces whose slider is moved.",
        lambda model: f"{_people(model)}; {_bank(model)}",
        "95 %, widened for cells that were selected; Benjamini and Hochberg at the chosen share of false finds",
        ("dashboard/entanglement/matrix.py", "dashboard/analysis/matrices.py", "dashboard/analysis/inference.py"),
        _judge,
    ),
    "directions-reliability": Method(
        "Angles by the bootstrap of the bank's faces; response and leakage from slopes a person; "
        "attribute dependency as StyleSpace (Wu, Lischinski and Shechtman 2021).",
        lambda model: f"{_people(model)}; {_bank(model)}",
        "95 %; none below 50 people",
        ("dashboard/entanglement/reliability.py", "dashboard/analysis/reliability.py"),
        _judge,
    ),
    "directions-bias-audit": Method(
        "Counts the people who read differently at +2 σ than at −2 σ, free and with all targets "
        "locked; effects are slopes a person.",
        _people,
        "Wilson's 95 % of shares; the paired bootstrap of differences; Welch's t with Benjamini and "
        "Hochberg between groups",
        ("dashboard/entanglement/bias_audit.py", "dashboard/analysis/people.py"),
        _judge,
    ),
    "directions-models": Method(
        "DCI, MIG, SAP, modularity, linear separability and perceptual path length as published; Welch's t between two "
        "models; linear CKA.",
        lambda model: f"{_bank(model)}; {_people(model)}",
        "95 %, widened for what was selected; chance of CKA: 95 % quantile of 100 permutations",
        ("dashboard/analysis/disentanglement.py", "dashboard/entanglement/two_models.py", "dashboard/analysis/cka.py"),
        _judge,
    ),
    "directions-unsupervised": Method(
        "SeFa: eigenvectors of the first layer's weights (Shen and Zhou 2021). Components: least "
        "squares from the latent, as GANSpace does without W.",
        _bank,
        "none: cosines are exact, R² is on faces held out",
        ("dashboard/analysis/sefa.py", "dashboard/spaces/projection.py"),
        _nobody,
    ),
    "user-directions": Method(
        "Marks are learnt in the scorer's features, the bank is scored with what was learnt, and "
        "these scores are regressed on latents, as TL-GAN does.",
        _bank,
        "accuracy held out with Wilson's 95 %; p of 199 permuted markings",
        ("dashboard/analysis/feature_marks.py", "dashboard/library/direction_from_examples.py"),
        _judge,
    ),
    "compare": Method(
        "Coordinates are computed exactly from the latents; scores are read from the pictures; pins are as requested. "
        "The difference of two pictures is the mean absolute difference of red, green and blue at each pixel, scaled "
        "to 40 % of the range. A sheet pins its attributes at equal steps, and with the others locked pins these "
        "at the person's own values; a mix follows a great circle between bases. A style mix has the rows of w of one "
        "face in some layers and those of another in the rest (Karras et al. 2019).",
        lambda _: f"the faces shown, at most {MAX_FACES}, which the user chose: figures describe them alone",
        "none: nothing is estimated; rows below 0.25 σ are folded, differences from 1 σ on are bold",
        (
            "dashboard/sheets/sheet.py",
            "dashboard/faces/mixing.py",
            "dashboard/faces/drawing.py",
            "dashboard/faces/locking.py",
            "assets/js/compare/differences.js",
            "assets/js/compare/face_cards.js",
        ),
        _scores,
    ),
    "collections": Method(
        "An item keeps an address. Its faces are generated anew from it, by the model that it names; a view keeps the "
        "picture of its figure as it was saved, and the page of its address says how that figure is computed.",
        lambda _: "of a face or sheet the faces shown; of a view what its own page says",
        "none here; of a view what its own page says",
        ("dashboard/library/item_contents.py", "dashboard/library/snapshots.py", "dashboard/commands/tour.py"),
        lambda model: f"none here; figures in the texts of the tour: {_scores(model)}",
    ),
    "models": Method(
        "Sizes, counts and digests are read from each model's files; Verify reads every file and compares its SHA-256. "
        "Faces are seeds 0 and up, not selected. A model card has the figures measured when it was published.",
        lambda model: (
            f"the card says; the bank of {model.name} has {sample_size(model):,} faces"
            if model.has_bank
            else f"the card says; {model.name} has no bank"
        ),
        "the card says; its intervals are of 95 %",
        ("dashboard/serving/model_list.py", "dashboard/synthesis/model_folder.py", "training/measure/study.py"),
        lambda model: f"of the card: {_trained(model)}",
    ),
    "demo": Method(
        "On TL-GAN's own directions z = D (f − 50) / 250, as in Streamlit's demo: sliders from 0 to 100, the others "
        "from its seed. On other models a slider pins the coordinate (f − 50) / 25 of a base face, in σ.",
        lambda _: "the one face shown",
        "none: the latent is computed exactly",
        ("dashboard/faces/demo.py", "dashboard/analysis/pins.py"),
        _nobody,
    ),
    "about": Method(
        "Figures were measured when the model was published. R² and AUC of scorer and judge are on held-out pictures; "
        "of the direction, on held-out latents. The response is the change of the mean score from −2 to +2 σ with "
        "everything else free. Halves compares directions from two halves of the latents; the angle is the upper end "
        "of a bootstrap interval. The method's own error is on random directions that are known exactly, not on the "
        "model's own; angles to the labels' true directions are on the tab Reliability.",
        lambda _: "as the model card says",
        "the angle is the upper end of a 95 % interval",
        (
            "training/measure/study.py",
            "training/measure/control.py",
            "training/measure/stability.py",
            "training/measure/truth.py",
            "training/label/figures.py",
            "dashboard/pages/about/page.py",
        ),
        _trained,
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
        ("Judge", found.judge(model)),
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
