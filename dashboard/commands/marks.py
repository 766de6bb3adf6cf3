"""`python -m dashboard marks MODEL`: the angle of directions from a few marked faces to those of the whole bank."""

from __future__ import annotations

import time

import click

from dashboard.errors import InputError
from dashboard.settings import WEIGHTS, load_settings


@click.command
@click.argument("model")
def marks(model: str) -> None:
    """Measure the expected angle of MODEL's directions from 10, 20, 50 and 100 marks of each kind."""
    from dashboard.library.feature_examples import angles_to_expect
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model

    found = open_model(find_model(model, (WEIGHTS, load_settings().home / "models")))
    found.require_scorer()
    if not found.has_bank:
        raise InputError(f"Expected a model with a bank. Received: {found.name}. It cannot be measured.")
    begun = time.perf_counter()
    for count, (median, low, high) in angles_to_expect(found).items():
        click.echo(f"{count} of each: {median:.0f} degrees (middle half {low:.0f} to {high:.0f})")
    click.echo(
        f"Over {len(found.names)} attributes, the scorer instead of a person; {time.perf_counter() - begun:.1f} s."
    )
