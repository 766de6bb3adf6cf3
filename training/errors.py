"""Errors of the training steps.

TrainingError       a step cannot continue; the message says what was expected, what was received, and what to do
"""

from __future__ import annotations

import click


class TrainingError(click.ClickException):
    """A step cannot continue. Shown as one line, exit status 2."""

    exit_code = 2
