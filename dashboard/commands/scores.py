"""`python -m dashboard scores MODEL FILE...`: import another judge's scores of a model's pictures."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.settings import WEIGHTS, load_settings

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command
@click.argument("model")
@click.argument("files", nargs=-1, type=FILE)
@click.option(
    "--manifest", "manifests", multiple=True, type=FILE, help="As written by faces --traversals; may be repeated."
)
@click.option("--name", default="", help="Whose scores they are [the file's name].")
@click.option("--list", "listed", is_flag=True, help="List the stored scores, and import nothing.")
@click.option("--remove", default="", metavar="NAME", help="Remove scores~HASH, as shown by --list.")
def scores(
    model: str, files: tuple[Path, ...], manifests: tuple[Path, ...], name: str, listed: bool, remove: str
) -> None:
    """Store the scores of FILES, one row per picture, as another judge of MODEL's sliders.

    Columns: picture, as in the manifest, and one for each attribute: a logit or a probability where binary.
    """
    from dashboard.library.extra_directions import Library
    from dashboard.library.score_files import read_scores
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model

    settings = load_settings()
    loaded = open_model(find_model(model, (WEIGHTS, settings.home / "models")))
    kept = Library(settings.home).scores
    if remove:
        kept.remove(remove, loaded)
        click.echo(f"{remove} is removed")
    elif listed:
        for each in kept.listed(loaded):
            click.echo(f"{each.name}: {each.title}. {each.words}")
    elif not files:
        raise click.UsageError("Expected a file of scores. Received: none. Name one, or say --list.")
    else:
        found = read_scores(files, manifests, loaded)
        made = kept.keep(name or files[0].stem, found, loaded)
        click.echo(f"{found.words}\n{made.title} is kept: {made.name}")
