"""`python -m dashboard report MODEL`: findings, figures and methods as one file, without a server."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.errors import NotFound
from dashboard.settings import WEIGHTS, load_settings


@click.command
@click.argument("model")
@click.option("--out", type=click.Path(path_type=Path), help="File to write, .html or .md. [MODEL-report.html]")
def report(model: str, out: Path | None) -> None:
    """Write a report of MODEL, a name or a folder: what was found, how, and a paragraph for a methods section.

    It reads what was measured before, by the pages or by `results`.
    """
    from dashboard import __version__
    from dashboard.entanglement.bias_audit import targets_of
    from dashboard.entanglement.report import report as written
    from dashboard.entanglement.rescoring_results import KIND, measured_of, rescoring_params
    from dashboard.jobs.registry import kind_of
    from dashboard.stores.result import Origin, model_parts
    from dashboard.stores.result_lookup import find_result
    from dashboard.stores.shipped_results import find_shipped
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model

    settings = load_settings()
    found = open_model(find_model(model, (WEIGHTS, settings.home / "models")))
    path = out or Path(f"{found.name}-report.html")
    if path.suffix not in (".html", ".md"):
        raise click.UsageError(f"Expected a file .html or .md. Received: {path.name}. Choose one.")
    kind = kind_of(KIND)
    runs = []
    for held in ((), tuple(target.name for target in targets_of(found))):
        if not found.has_scorer or not found.names:
            runs.append(None)
            continue
        origin = Origin(KIND, kind.version, model_parts(found), kind.canonical(rescoring_params(held), found))
        kept = find_shipped(origin, found, kind.loose) or find_result(settings.home / "cache" / "jobs", origin)
        runs.append(None if kept is None else measured_of(kept.arrays(), found))
    if runs[0] is None:
        raise NotFound(
            f"Expected measured effects of {found.name}. Received: none. Run python -m dashboard results {model} first."
        )
    path.write_text(written(found, runs[0], runs[1], __version__, path.suffix[1:]), encoding="utf-8")
    click.echo(f"{path}: {runs[0].bases:,} people")
