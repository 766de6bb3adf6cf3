"""Notes on what a model does not have, and how to get it."""

from __future__ import annotations

from dash import html

from dashboard.components.icon import icon


def model_lacks(words: str, name: str) -> html.P:
    """Return a note for the top of a page.

    Args:
        words: sentences about what is missing and what can be viewed without it.
        name: of the model.

    Returns:
        The note, with the command that creates a complete model.
    """
    return html.P([icon("info", 16), html.Span([f"{words} To get them: ", *how_to_score(name)])], className="lk-note")


def how_to_score(name: str) -> list:
    """Say how a model gets a scorer, and how scores of another network give it directions."""
    return [
        "train a scorer and a judge with ",
        html.Code("python -m training label"),
        " and ",
        html.Code("label --judge"),
        " (on renders, or on CelebA with ",
        html.Code("--celeba"),
        "); then ",
        html.Code(f"python -m training fit --model {name} --scorer FOLDER --judge FOLDER --out FOLDER --name NEW"),
        " writes a model with directions, scorer and bank (docs/training.md). If your own network scored faces of this "
        "model, ",
        html.Code(f"python -m dashboard scores {name} FILE --manifest MANIFEST"),
        " makes directions of its scores, as does Directions, Make your own.",
    ]


def no_scorer(name: str) -> html.P:
    """Explain what is missing on the Directions page for a model without a scorer."""
    words = f"{name} has no scorer. Cosine and Pearson work; scores, measured effect and the bias audit need one."
    return model_lacks(words, name)


def no_bank(name: str) -> html.P:
    """Explain what is missing on the Latent space page for a model without a bank."""
    words = (
        f"{name} has no bank of scored faces. You can view latent z and the first blocks, for faces drawn for this "
        "purpose. Scores, scorer features and thumbnails need a bank."
    )
    return model_lacks(words, name)
