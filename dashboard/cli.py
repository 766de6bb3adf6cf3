"""The command line: `python -m dashboard` serves; its sub-commands work without a server. See docs/commands.md."""

from __future__ import annotations

import os
import socket
from contextlib import closing

import click

from dashboard import __version__
from dashboard.commands.group import Commands, Refusal
from dashboard.errors import InputError
from dashboard.settings import PREFIX, Settings, load_settings
from dashboard.web.supervisor import bind, is_worker, supervise

COMMANDS = {
    "faces": "dashboard.commands.faces:faces",
    "latents": "dashboard.commands.faces:latents",
    "rescore": "dashboard.commands.bulk:rescore",
    "bank": "dashboard.commands.bulk:bank",
    "merge": "dashboard.commands.bulk:merge",
    "models": "dashboard.commands.models:models",
    "secret": "dashboard.commands.secret:secret",
    "scores": "dashboard.commands.scores:scores",
    "results": "dashboard.commands.results:results",
    "report": "dashboard.commands.report:report",
    "marks": "dashboard.commands.marks:marks",
    "disentanglement": "dashboard.commands.disentanglement:disentanglement",
    "inspect": "dashboard.commands.files:inspect",
    "import": "dashboard.commands.files:import_file",
    "backup": "dashboard.commands.backup:backup",
    "restore": "dashboard.commands.backup:restore",
    "worker": "dashboard.commands.worker:worker",
}
"""Module and function of each sub-command."""


@click.group(
    name="likeness",
    cls=Commands,
    commands_at=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--host", help="Address to listen at [LIKENESS_HOST, else 127.0.0.1].")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen at [LIKENESS_PORT, else 8050].")
@click.option("--model", help="Folder of the model, or its name [LIKENESS_MODEL, else the first in weights/].")
@click.version_option(__version__, prog_name="likeness")
@click.pass_context
def main(ctx: click.Context, host: str | None, port: int | None, model: str | None) -> None:
    """Serve the dashboard until Ctrl-C, or run a command.

    README.md lists all other settings, the LIKENESS_* variables.
    """
    given = {"host": host, "port": port, "model": model}
    if ctx.invoked_subcommand:
        if misplaced := [f"--{name}" for name, value in given.items() if value is not None]:
            raise Refusal(
                f"Expected {misplaced[0]} only where the dashboard is served. "
                f"Received: {misplaced[0]} before {ctx.invoked_subcommand}. Put options after the command they are for."
            )
        return
    for name, value in given.items():
        if value is not None:
            os.environ[PREFIX + name.upper()] = str(value)  # dashboard.wsgi reads its settings from there
    try:
        settings = load_settings()
    except InputError as error:
        raise click.ClickException(str(error)) from error
    if is_worker():
        serve_as_worker(settings)
    elif settings.processes > 1:
        serve_with_several(settings)
    else:
        check_port(settings)
        serve(settings)


def check_port(settings: Settings) -> None:
    """Check that the port is free, before anything is loaded.

    Args:
        settings: where to listen.

    Raises:
        click.ClickException: the port is in use, or the address does not belong to this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise _not_free(settings, error) from error


def _not_free(settings: Settings, error: OSError) -> click.ClickException:
    return click.ClickException(
        f"Expected {settings.host} port {settings.port} to be free. Received: {error.strerror}. "
        f"Choose another: python -m dashboard --port {settings.port + 1}"
    )


def serve(settings: Settings) -> None:
    """Open the application and answer requests, in this process."""
    from dashboard.web.http_server import serve_http
    from dashboard.wsgi import server

    serve_http(server, settings)


def serve_with_several(settings: Settings) -> None:
    """Have several processes answer requests."""
    from dashboard.web.log_lines import start_logging

    try:
        listening = bind(settings.host, settings.port)
    except OSError as error:
        raise _not_free(settings, error) from error
    start_logging(settings)
    try:
        status = supervise(settings, listening)
    except InputError as error:
        raise click.ClickException(str(error)) from error
    if status:
        raise SystemExit(status)


def serve_as_worker(settings: Settings) -> None:
    """Answer requests as one of several processes."""
    from dashboard.web.worker_process import serve_inherited
    from dashboard.wsgi import server, warmed_up

    serve_inherited(server, settings, warmed_up)
