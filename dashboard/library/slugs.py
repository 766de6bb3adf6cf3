"""Names of collections in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

RESERVED = ("import", "tour")
"""Words of addresses that cannot name a collection."""

LONGEST = 48


def free_slug(name: str, taken: Collection[str]) -> str:
    """Return a name for addresses that no collection has or had.

    Args:
        name: the collection's own.
        taken: those that are taken.

    Returns:
        Small letters, digits and hyphens; numbered where another one is called so.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-") or "collection"
    named = {*taken, *RESERVED}
    return next(
        slug
        for number in range(1, len(named) + 2)
        if (slug := stem if number == 1 else f"{stem}-{number}") not in named
    )
