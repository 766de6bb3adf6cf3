"""Errors of rendering.

RenderError          (a TrainingError: shown as one line, exit status 2)
+-- KitError         an asset file is missing or malformed; the message names it
+-- DriverError      no OpenGL driver; the message says what to install
+-- DatasetError     the output folder holds another data set, or a process died
"""

from __future__ import annotations

from training.errors import TrainingError


class RenderError(TrainingError):
    """An error that stops a render; the message is a full sentence for the user."""


class KitError(RenderError):
    """An asset file is missing or invalid."""


class DriverError(RenderError):
    """OpenGL does not work on this machine."""


class DatasetError(RenderError):
    """The output folder or one of the rendering processes cannot be used."""
