"""Names of variables in networks of several resolutions."""

from __future__ import annotations

import re


def from_top(name: str, above: int) -> str:
    """Return a variable's name in a network with ``above`` more blocks, or fewer if negative.

    Levels of detail count from a network's own top; every other name contains its resolution.
    """
    for part in ("ToRGB_lod", "FromRGB_lod"):
        before, found, after = name.partition(part)
        if found:
            level, _, kind = after.partition("/")
            return f"{before}{part}{int(level) + above}/{kind}"
    return name


def is_finer(name: str, r: int, behind: int) -> bool:
    """Return whether a variable, under the final resolution's names, belongs to a block above ``r``.

    Args:
        name: with or without its network's prefix.
        r: block, 2**r pixels.
        behind: number of blocks from ``r`` to the final one.
    """
    size, level = re.search(r"(\d+)x\1/", name), re.search(r"(?:To|From)RGB_lod(\d+)/", name)
    return bool((size and int(size[1]) > 2**r) or (level and int(level[1]) < behind))
