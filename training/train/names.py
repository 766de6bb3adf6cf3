"""Names of variables in networks of several resolutions."""

from __future__ import annotations


def from_top(name: str, above: int) -> str:
    """Return a variable's name in a network with ``above`` more blocks.

    Levels of detail count from a network's own top; every other name contains its resolution.
    """
    for part in ("ToRGB_lod", "FromRGB_lod"):
        before, found, after = name.partition(part)
        if found:
            level, _, kind = after.partition("/")
            return f"{before}{part}{int(level) + above}/{kind}"
    return name
