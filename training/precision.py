"""The option `--precision` of the training steps."""

from __future__ import annotations

import click

from dashboard.synthesis.openvino_engine import numeric_of

CHOICES = ("auto", "bf16", "float32")


def chosen(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Return the precision that a choice means on this processor.

    Args:
        value: one of `CHOICES`; "auto" is bfloat16 if the processor multiplies in it; elsewhere it is emulated and
            slower than float32.

    Returns:
        "bf16" or "float32".
    """
    if value != "auto":
        return value
    return "bf16" if numeric_of("fast") == "openvino-bf16" else "float32"


precision_option = click.option(
    "--precision",
    type=click.Choice(CHOICES),
    default="auto",
    show_default=True,
    callback=chosen,
    help="auto: bf16 where the processor multiplies in it, else float32.",
)
