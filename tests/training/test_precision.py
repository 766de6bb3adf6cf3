from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from training import precision


@pytest.mark.parametrize(
    ("given", "numeric", "expected"),
    [
        ([], "openvino-bf16", "bf16"),
        ([], "openvino-f32", "float32"),
        (["--precision", "auto"], "openvino-f32", "float32"),
        (["--precision", "bf16"], "openvino-f32", "bf16"),
        (["--precision", "float32"], "openvino-bf16", "float32"),
    ],
)
def test_auto_is_what_the_processor_is_fast_in(given, numeric, expected, monkeypatch) -> None:
    monkeypatch.setattr(precision, "numeric_of", lambda wanted: numeric)
    command = click.command()(precision.precision_option(lambda precision: click.echo(precision)))
    assert CliRunner().invoke(command, given).output == f"{expected}\n"
