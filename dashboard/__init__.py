"""Likeness: a dashboard for looking inside the latent space of a face generator.

from dashboard import load_model
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboard.api import LoadedModel, load_model

__all__ = ["LoadedModel", "__version__", "load_model"]
__version__ = "0.2.0"


def __getattr__(name: str) -> Any:
    # Imported on demand: importing a module of the package must not load all of this.
    if name in ("load_model", "LoadedModel"):
        from dashboard import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
