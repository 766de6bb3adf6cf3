"""`python -m dashboard models fetch NAME`: fetch a model of the catalogue."""

from __future__ import annotations

import sys
import time

import click

from dashboard.settings import load_settings, open_home
from dashboard.synthesis.catalogue import Acceptances, read_catalogue
from dashboard.synthesis.fetch import Step, Watch
from dashboard.synthesis.human_units import megabytes, rest_of_time


@click.command()
@click.argument("name")
@click.option("--accept-licence", is_flag=True, help="Accept the model's licence, once; without it, it is printed.")
def fetch(name: str, accept_licence: bool) -> None:
    """Fetch the model NAME of weights/catalogue.toml and import it; resume an earlier download."""
    from dashboard.serving.runtime import ACCEPTED, CATALOGUE, DOWNLOADS
    from dashboard.synthesis.fetch_model import fetch_model

    settings = load_settings()
    open_home(settings.home)
    catalogue = read_catalogue(CATALOGUE)
    entry = catalogue.model(name)
    acceptances = Acceptances(settings.home / ACCEPTED)
    if accept_licence:
        acceptances.accept(entry.licence)
    acceptances.require(
        entry.licence,
        catalogue.licences[entry.licence],
        f"To accept: python -m dashboard models fetch {name} --accept-licence",
    )
    folder = fetch_model(name, catalogue, settings.home / "models", settings.home / DOWNLOADS, Line())
    click.echo(f"{name} is in {folder}")


class Line(Watch):
    """Progress on standard error: one updated line on a terminal, otherwise a line every tenth."""

    def __init__(self) -> None:
        self._began: tuple[float, int] | None = None
        self._shown = -1
        self._note = ""

    def step(self, step: Step) -> None:
        """Print the progress."""
        began = self._began = self._began or (time.monotonic(), step.done)
        if step.note and step.note != self._note:
            self._note = step.note
            self._say(step.note, "\n")
        live = sys.stderr.isatty()
        mark = step.done * (1000 if live else 10) // max(1, step.total)
        if mark != self._shown:
            self._shown = mark
            pace = rest_of_time(step.done - began[1], step.total - step.done, time.monotonic() - began[0])
            self._say(f"{megabytes(step.done)} of {megabytes(step.total)}{pace and ', '}{pace}", "" if live else "\n")

    def importing(self) -> None:
        """Print that the download is complete."""
        self._say("Importing", "\n")

    def _say(self, words: str, end: str) -> None:
        clear = "\r\x1b[K" if sys.stderr.isatty() else ""
        click.echo(f"{clear}{words}{end}", nl=False, err=True)
