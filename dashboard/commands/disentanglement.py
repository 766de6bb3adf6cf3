"""`python -m dashboard disentanglement MODEL...`: published measures of models' codes, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dashboard.errors import InputError
from dashboard.settings import WEIGHTS, load_settings

if TYPE_CHECKING:
    from dashboard.synthesis.model import Model

CODES_HEAD = "| model | codes | D | C | I (R²) | MIG | SAP | modularity | faces |"
FACES_HEAD = "| model | linear separability | path length | standard error | at half the step | pairs |"


@click.command
@click.argument("models", nargs=-1, required=True)
@click.option("--pairs", type=click.IntRange(10, 5000), default=100, show_default=True, help="Of the path length.")
def disentanglement(models: tuple[str, ...], pairs: int) -> None:
    """Measure how disentangled the codes of MODELS are, by their own scorers."""
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model

    folders = (WEIGHTS, load_settings().home / "models")
    compared = [open_model(find_model(name, folders)) for name in models]
    for model in compared:
        if not (model.has_bank and model.has_scorer and model.names):
            raise InputError(
                f"Expected models with directions, a scorer and a bank. Received: {model.name}. Leave it out."
            )
    click.echo(f"{CODES_HEAD}\n|{'---|' * 9}")
    for model in compared:
        for row in code_rows(model):
            click.echo(row)
    click.echo(f"\n{FACES_HEAD}\n|{'---|' * 6}")
    for model in compared:
        click.echo(face_row(model, pairs))


def code_rows(model: Model) -> list[str]:
    """Return a row for each kind of codes of a model with a bank."""
    from dashboard.analysis.disentanglement import measure
    from dashboard.library.extra_directions import sefa_names, sefa_of
    from dashboard.spaces.projections import projection_of
    from dashboard.spaces.sample import FEATURES, faces_of

    faces = faces_of(model)
    kinds: dict[str, Any] = {
        "coordinates": faces.latents @ model.directions,
        "components of features": projection_of(model, FEATURES).points,
    }
    if sefa_names(model):
        kinds["SeFa"] = faces.latents @ sefa_of(model).directions[:, : len(model.names)]
    rows = []
    for kind, codes in kinds.items():
        found = measure(codes, faces.scores)
        numbers = (
            found.disentanglement, found.completeness, found.informativeness, found.mig, found.sap, found.modularity,
        )  # fmt: skip
        cells = " | ".join(f"{number:.2f}" for number in numbers)
        rows.append(f"| {model.name} | {kind} ({found.codes}) | {cells} | {found.faces:,} |")
    return rows


def face_row(model: Model, pairs: int) -> str:
    """Return the linear separability and path length of a model with a scorer and a bank."""
    import numpy as np

    from dashboard.analysis.disentanglement import linear_separability, path_length
    from dashboard.spaces.sample import faces_of
    from dashboard.synthesis.open_engine import open_engine

    assert model.scorer is not None
    faces = faces_of(model)
    binary = [k for k, kind in enumerate(model.scorer.kinds) if kind == "binary"]
    separable = linear_separability(faces.latents, faces.scores[:, binary])
    engine = open_engine(model, "openvino", "exact")
    scale = 2 * float(faces.features.var(axis=0, dtype=np.float64).sum())
    found = path_length(
        lambda z: engine.run(z.astype(np.float32), outputs=("features",))["features"],
        model.config.latent_size,
        scale,
        pairs,
    )
    return (
        f"| {model.name} | {separable:.2f} over {len(binary)} | {found.value:.1f} | {found.error:.1f} | "
        f"{found.halved:.1f} | {found.pairs} |"
    )
