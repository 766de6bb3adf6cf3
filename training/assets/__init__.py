"""The `assets` step: from checkouts of the public MakeHuman repositories to the folder that the renderer reads."""

from __future__ import annotations

from training.assets.step import command

__all__ = ["command"]
