"""The model card: how the model was made and what was measured, written from the figures themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.synthesis.curves import Curves, TrueDirections
from dashboard.synthesis.manifest import Attribute
from training.card_text import CONSTRUCTED, SEEN, TEMPLATE
from training.fit import Fit
from training.label.scorer import FOLDS, Scorer
from training.measure.biases import NOTABLE
from training.measure.curve_check import LEVEL, OnPage
from training.measure.goals import goals
from training.measure.result import Measured
from training.render.chance import NAMES
from training.train.pairs import FIRST_LAYER, frame_of
from training.train.recipe import Recipe
from training.trained import Run

LICENCE = "CC0-1.0"


@dataclass(frozen=True)
class Sources:
    """Inputs of a model card.

    Args:
        name: of the model.
        run, scorer, judge, fit, measured: results of the earlier steps.
        pictures: folder of the sheets, relative to the card.
        traversal_seed: of the face in the traversal sheet.
        scores: the scorer's (n, F), of random faces.
        curves: expected scores, or None.
        true: true directions from training on pairs, or None.
        log: training log in Markdown, or "".
        on_page: check of the curves in the precision of the pages, or None.
    """

    name: str
    run: Run
    scorer: Scorer
    judge: Scorer
    fit: Fit
    measured: Measured
    pictures: str
    traversal_seed: int
    scores: np.ndarray
    curves: Curves | None = None
    true: TrueDirections | None = None
    log: str = ""
    on_page: OnPage | None = None


def lesson_words(recipe: Recipe, shown: int) -> str:
    """Return how a generator was trained: "loss: logistic", or on pairs, and when the discriminator joined."""
    begun = f"continued from earlier networks (SHA-256 {recipe.init[:12]}...), " if recipe.init else ""
    if not recipe.paired:
        return f"{begun}loss: {recipe.loss}"
    eye = f", perceptual distance {recipe.perceptual:g}" if recipe.perceptual else ""
    pairs = f"{begun}on pairs with codes (weight {recipe.paired:g}{eye})"
    if shown <= recipe.alone:
        return f"{pairs}, regression only"
    joined = f"from face {recipe.alone:,} " if recipe.alone else ""
    return f"{pairs}, {joined}with a discriminator; loss: {recipe.loss}"


def constructed(run: Run) -> str:
    """Return what follows from training on pairs, with the code's share of the first layer's squared answers."""
    answers = frame_of(run.config.latent_size) @ run.networks["Gs"][FIRST_LAYER]
    sizes = np.sum(np.square(answers, dtype=np.float64), axis=1)
    numbers = len(NAMES)
    return CONSTRUCTED.format(
        numbers=numbers, latent_size=run.config.latent_size, share=sizes[:numbers].sum() / sizes.sum()
    )


def held_out_words(scorer: Scorer, judge: Scorer) -> str:
    """Return which faces of the training set neither network learned from."""
    if scorer.held is None and judge.held is None:
        return "all faces of the training set: both learned from others"
    return f"every {FOLDS}th face, another one for each"


def write_card(sources: Sources) -> str:
    """Return the card's text, Markdown."""
    run, fit, measured = sources.run, sources.fit, sources.measured
    leakage, bases, described = measured.leakage, measured.effort.bases, measured.training_set
    return TEMPLATE.format(
        name=sources.name,
        size=run.config.resolution,
        pictures=sources.pictures,
        latent_size=run.config.latent_size,
        fmap_base=run.config.fmap_base,
        fmap_max=run.config.fmap_max,
        parameters=sum(array.size for array in run.networks["Gs"].values()),
        rendered=int(described["faces"]),
        data_size=int(described["dataset"]["size"]),
        data_seed=int(described["dataset"]["seed"]),
        shown=run.shown,
        batch=run.recipe.batch,
        start=run.recipe.start,
        mirrored="" if run.recipe.paired else ", half of them mirrored",
        lesson=lesson_words(run.recipe, run.shown),
        constructed=(constructed(run) if run.recipe.paired else "") + (SEEN if run.recipe.perceptual else ""),
        half_life=run.recipe.half_life,
        scorer=sources.scorer.architecture,
        judge=sources.judge.architecture,
        latents=len(fit.scores),
        goals=table(
            ("", "goal", "result", "renders", ""),
            (
                (g.name, g.wanted, g.received, g.renders, "" if g.met else "**missed**")
                for g in goals(fit.attributes, measured)
            ),
        ),
        samples=measured.realism["faces"],
        swd_pictures=measured.realism["pictures"],
        realism=_realism(measured.realism),
        to_training=measured.memory["samples"],
        among=measured.memory["renders"],
        nearer=measured.memory["nearer"],
        control=f"Every attribute was pinned from -3 to 3 on {bases} faces; {feasible(fit.attributes, measured)}",
        held_out=held_out_words(sources.scorer, sources.judge),
        table=table(
            ("attribute", "group", "scorer", "judge", "agree", "linear R2", "response", "spread", "range"),
            (_attribute(attribute, measured.attributes[attribute.name]) for attribute in fit.attributes),
        ),
        traversal_seed=sources.traversal_seed,
        bases=bases,
        curves=responses(fit.names, measured),
        infeasible=infeasible(leakage),
        stability=table(
            ("attribute", "halves", "error", "method"),
            (_stability(attribute.name, measured.attributes[attribute.name]) for attribute in fit.attributes),
        ),
        looks=_looks(measured),
        expected=expected_scores(sources.curves, sources.on_page),
        asked_for=_asked_for(sources),
        log=f"\n## Training log\n\n{sources.log.strip()}\n" if sources.log.strip() else "",
        searched=int(measured.memory.get("searched", described["faces"])),
        rule=fit.rule,
        dropped="\n".join(f"- {words(n)}: {why}." for n, why in fit.dropped.items()) or "- Nothing.",
        notable=NOTABLE,
        correlations=_biases(sources),
        licence=LICENCE,
        **{name: leakage[name] for name in ("free", "locked", "ratio", "low", "high")},
    )


def _biases(sources: Sources) -> str:
    attributes, fit = sources.scorer.config.attributes, sources.fit
    seen = sources.scores.astype(np.float64)
    rows = []
    for a, b, r in sources.measured.training_set["biases"]:
        of_samples = np.corrcoef(seen[:, attributes.index(a)], seen[:, attributes.index(b)])[0, 1]
        cosine = ""
        if a in fit.names and b in fit.names:
            cosine = f"{fit.directions[:, fit.names.index(a)] @ fit.directions[:, fit.names.index(b)]:+.2f}"
        rows.append((f"{words(a)} and {words(b)}", f"{r:+.2f}", f"{of_samples:+.2f}", cosine))
    return table(("labels", "training set", "samples", "directions"), rows)


def _realism(realism: Mapping[str, Any]) -> str:
    def row(name: str, values: Mapping[str, float], form: str) -> tuple[str, str, str]:
        return name, format(values["samples"], form), format(values["renders"], form)

    rows = [
        row("Frechet distance", realism["frechet"], ".3f"),
        row("Precision", realism["precision"], ".3f"),
        row("Recall", realism["recall"], ".3f"),
    ]
    both = realism["swd"]
    for size in both["samples"]:
        of_size = {name: values[size] for name, values in both.items()}
        rows.append(row(f"Sliced Wasserstein distance, {size} px", of_size, ".2f"))
    return table(("", "samples", "renders"), rows)


def _looks(measured: Measured) -> str:
    rows = [
        (name[0].upper() + name[1:], *(f"{pair[side]:.3g}" for side in ("samples", "renders")))
        for name, pair in measured.appearance.items()
    ]
    own = measured.own_codes
    rows += [
        (
            f"Own-code PSNR, {'pair stage' if name.startswith('pairs') else 'shipped'}, {name.split()[1]} px",
            f"{value:.1f} dB",
            "",
        )
        for name, value in own.items()
        if name != "faces"
    ]
    shown = table(("", "samples", "renders"), rows)
    if not own:
        return shown
    return f"{shown}\n\nOwn-code PSNR: median over {own['faces']:.0f} renders that were not used for training."


def expected_scores(curves: Curves | None, check: OnPage | None) -> str:
    """Return the card's section on expected scores, and on how they hold in the precision of the pages."""
    if curves is None:
        return "This model has no expected-score curves."
    rows = []
    for f, name in enumerate(curves.names):
        (low, high), expected = curves.ends[0, f], curves.expected[0, f]
        at = [float(np.interp(coordinate, curves.grid, expected)) for coordinate in (-2.0, 0.0, 2.0)]
        ends = [f"{edge:+.2f}" if abs(edge) < abs(curves.grid[0]) else "" for edge in (low, high)]
        rows.append((words(name), *(f"{value:+.2f}" for value in at), *ends))
    shown = table(("attribute", "at -2", "at 0", "at +2", "ends below", "ends above"), rows)
    text = (
        f"The scorer's mean raw score with the attribute pinned, over {curves.faces:,} faces at each of "
        f"{len(curves.grid)} coordinates, made monotone. Outside its ends the picture no longer changes. "
        "`curves.safetensors` has all curves of scorer and judge, with bands."
    )
    if check is not None:
        text += (
            f" Computed in float32. In the precision of the pages on the publishing machine ({check.numeric}), a score "
            f"differs by {check.apart[0]:.3f} bank standard deviations (median; 95 %: {check.apart[1]:.3f}). Of "
            f"{check.faces:,} fresh faces, each pinned on one attribute in its range, {check.outside[0]:.1%} are "
            f"outside the band of level {LEVEL:.0%} ({check.outside[1]:.1%} in float32)."
        )
    return f"{text}\n\n{shown}"


def _asked_for(sources: Sources) -> str:
    if sources.true is None:
        return "The model was not trained on pairs, so there are no true directions to compare with."
    return angle_text(sources.fit.names, sources.true, "faces of the fit")


def angle_text(names: Sequence[str], true: TrueDirections, faces: str) -> str:
    """Return the card's section on the angles between a model's directions and the true ones.

    Args:
        names: of the attributes.
        true: their true directions.
        faces: the faces that the intervals resample, in words.
    """
    rows = [
        (words(name), f"{true.r2[k]:.2f}", f"{true.angle[k]:.1f} ({true.low[k]:.1f} to {true.high[k]:.1f})")
        for k, name in enumerate(names)
    ]
    return (
        "The true directions are the labels of persons, drawn but not rendered, regressed on their codes and rotated "
        "into the latent. The table shows the share of the label that the true direction explains, and the angle in "
        "degrees between it and the model's direction, with a 95 % interval over persons and resampled "
        f"{faces}.\n\n" + table(("attribute", "R2 of the code", "angle"), rows)
    )


def _attribute(attribute: Attribute, figures: Mapping[str, Any]) -> tuple[str, ...]:
    name = "auc" if attribute.kind == "binary" else "r2"
    return (
        words(attribute.name),
        attribute.group,
        f"{name.upper()} {attribute.reliability[name]:.3f}",
        f"{attribute.reliability[f'judge_{name}']:.3f}",
        f"{figures['agreement']:.2f} ({figures['agreement_renders']:.2f})",
        f"{attribute.reliability['linear_r2']:.2f}",
        f"{figures['response']:.2f} ({figures['low']:.2f} to {figures['high']:.2f})",
        f"{figures['spread']:.2f}",
        f"{attribute.range[0]:+.1f} to {attribute.range[1]:+.1f}",
    )


def _stability(name: str, figures: Mapping[str, Any]) -> tuple[str, ...]:
    angles = f"{figures['angle_low']:.1f} to {figures['angle_high']:.1f} degrees"
    return words(name), f"{figures['halves']:.3f}", angles, f"{figures['truth']:.3f}"


def responses(kept: Sequence[str], measured: Measured) -> str:
    """Return the table of the kept attributes' mean scores at each coordinate, with their deviation over bases."""
    arrays, names = measured.arrays, list(measured.attributes)
    rows = []
    for name in kept:
        k = names.index(name)
        pairs = zip(arrays["mean"][k], arrays["deviation"][k], strict=True)
        rows.append((words(name), *(f"{mean:+.2f} ± {deviation:.2f}" for mean, deviation in pairs)))
    return table(("attribute", *(f"{step:+g}" for step in arrays["steps"])), rows)


def feasible(attributes: Iterable[Attribute], measured: Measured) -> str:
    """Return which attributes' steps have no possible face."""
    missing = [a.name for a in attributes if measured.attributes[a.name]["feasible"] < 1]
    if not missing:
        return "a face exists at every step."
    return f"steps without a possible face: {', '.join(map(words, missing))}."


def infeasible(leakage: Mapping[str, Any]) -> str:
    """Return how many steps have no possible face."""
    clauses = [
        f"{leakage['infeasible'][name]:,} of {leakage['steps'][name]:,} {words}"
        for name, words in (("free", "without locks"), ("locked", "with them"))
    ]
    return f"Steps without a possible face, which are left out: {', '.join(clauses)}."


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def words(name: str) -> str:
    """Return an attribute's name with blanks."""
    return name.replace("_", " ")
