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
    "--manifest", "manifests", multiple=True, type=FILE, help="As written by faces --manifest; may be repeated."
)
@click.option("--name", default="", help="Of a judge: whose scores they are [the file's name].")
@click.option("--list", "listed", is_flag=True, help="List the stored scores, and import nothing.")
@click.option("--remove", default="", metavar="NAME", help="Remove scores~HASH, as shown by --list.")
def scores(
    model: str, files: tuple[Path, ...], manifests: tuple[Path, ...], name: str, listed: bool, remove: str
) -> None:
    """Store the scores of FILES, one row per picture: another judge of MODEL's sliders, or directions.

    Columns: picture, as in the manifest, and one for each attribute. Scores of pictures whose sliders are moved (faces
    --traversals) are those of another judge: a logit or a probability where binary. Scores of single faces (faces
    --seeds) become directions with the columns' names, also for a model without a scorer or directions.
    """
    from dashboard.library.extra_directions import Library
    from dashboard.library.face_scores import keep_directions, read_face_scores
    from dashboard.library.score_files import is_of_moved, read_scores
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model

    settings = load_settings()
    loaded = open_model(find_model(model, (WEIGHTS, settings.home / "models")))
    library = Library(settings.home)
    kept = library.scores
    if remove:
        kept.remove(remove, loaded)
        click.echo(f"{remove} is removed")
    elif listed:
        for each in kept.listed(loaded):
            click.echo(f"{each.name}: {each.title}. {each.words}")
    elif not files:
        raise click.UsageError("Expected a file of scores. Received: none. Name one, or say --list.")
    elif loaded.names and is_of_moved(files, manifests):
        found = read_scores(files, manifests, loaded)
        made = kept.keep(name or files[0].stem, found, loaded)
        click.echo(f"{found.words}\n{made.title} is kept: {made.name}")
    else:
        if name:
            raise click.UsageError("Expected no --name: directions have the names of the columns. Received: one.")
        scored = read_face_scores(files, manifests, loaded)
        click.echo(scored.words)
        for each in keep_directions(library, loaded, scored):
            correlation = each.get("correlation")
            held = "" if correlation is None else f", correlation with held-out faces {correlation:.2f}"
            click.echo(" ".join(filter(None, [f"{each['title']}: {each['name']}{held}.", each["warning"]])))
        click.echo(next_steps(loaded.name))


def next_steps(model: str) -> str:
    """Say what can be done with directions of scores."""
    return (
        f"They have sliders: python -m dashboard --model {model}, Directions > Make your own, Add as slider. Findings "
        f"and measured effects need a scorer: python -m training label, then python -m training fit --model {model} "
        "(see docs/guide/stylegan.md)."
    )
