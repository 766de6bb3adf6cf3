"""A group of commands: each is imported on call, and every refusal is one line with exit status 2."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from dashboard.errors import LikenessError


class Refusal(click.ClickException):
    """A request that cannot be carried out; the message says what was expected. Exit status 2."""

    exit_code = 2


class Commands(click.Group):
    """A group that imports its commands on call, so that serving does not import them.

    Args:
        commands_at: "module:function" of each command that is not added to the group itself, by name.
    """

    def __init__(self, *args: Any, commands_at: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commands_at = dict(commands_at or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands: those in the group itself, then those of the table."""
        return [*self.commands, *self.commands_at]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, imported if necessary."""
        if cmd_name not in self.commands_at:
            return super().get_command(ctx, cmd_name)
        module, function = self.commands_at[cmd_name].split(":")
        return getattr(import_module(module), function)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; its errors and those of the disk end in one line instead of a traceback."""
        try:
            return super().invoke(ctx)
        except (LikenessError, OSError) as error:
            raise Refusal(str(error)) from error


@contextmanager
def ended_tidily() -> Iterator[None]:
    """Handle SIGTERM like Ctrl-C: half-written files are deleted before the exit with status 143."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
