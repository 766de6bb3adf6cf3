from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from dashboard.cli import main
from dashboard.commands.group import Commands
from dashboard.errors import InputError
from dashboard.settings import ROOT


@click.group(cls=Commands, commands_at={"elsewhere": "dashboard.commands.models:list_models"})
def group() -> None:
    """Run a group for these tests."""


@group.command
@click.argument("how")
def fail(how: str) -> None:
    if how == "input":
        raise InputError("Expected this. Received: that.")
    raise FileNotFoundError(2, "No such file or directory", "a.pkl")


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ("input", "Error: Expected this. Received: that.\n"),
        ("disk", "Error: [Errno 2] No such file or directory: 'a.pkl'\n"),
    ],
)
def test_a_refusal_is_one_line_and_exit_status_2(how: str, line: str) -> None:
    result = CliRunner().invoke(group, ["fail", how])
    assert (result.exit_code, result.output) == (2, line)


def test_commands_of_the_group_and_of_the_table_are_listed() -> None:
    result = CliRunner().invoke(group, ["--help"])
    assert result.output.index("fail") < result.output.index("elsewhere")


def test_an_option_for_serving_does_not_vanish_before_a_command() -> None:
    result = CliRunner().invoke(main, ["--port", "8051", "models", "list"])
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "--port before models" in result.output


def test_every_command_can_be_imported_and_says_what_it_does() -> None:
    def check(command: click.Command) -> None:
        assert command.help or command.callback.__doc__, command.name
        if isinstance(command, click.Group):
            ctx = click.Context(command)
            for name in command.list_commands(ctx):
                found = command.get_command(ctx, name)
                assert found is not None
                check(found)

    check(main)


def test_serving_does_not_import_what_only_commands_use() -> None:
    heavy = {"numpy", "openvino", "flask", "dashboard.serving.runtime"}
    code = f"import sys, dashboard.cli; assert not {heavy!r} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
