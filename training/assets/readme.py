"""The README of the asset folder: licence, origin, changes."""

from __future__ import annotations

TEXT = """# MakeHuman head kit (CC0)

Data to render labelled, invented human heads: no photographs, no real persons. Made by `python -m training assets`.

## Licence

CC0 1.0 Universal (public domain dedication), released by the MakeHuman team in September 2020. The texts are
`LICENSE.ASSETS.md` (from makehumancommunity/makehuman) and `LICENSE.txt` (from makehumancommunity/makehuman-assets).
Copyright holders at the release, as the file headers say: Data Collection AB, Joel Palmius, Jonas Hauquier (earlier:
Manuel Bastioni, transferred 2016).

## Origin

| repository | commit |
|---|---|
{rows}

`assets.json` names the source of every file, its SHA-256 before and after, what was changed, and, where the checkout
held a git-lfs pointer to a texture that came from another folder, the SHA-256 that the pointer asks for.

`surroundings.npy`: the eight panoramas of Debian's package blender-data (`datafiles/studiolights/world`), by Greg Zaal
(HDRI Haven), CC0 by the licence text beside them, `LICENSE.surroundings.txt`.

## Changes

* `data/3dobjs/base.obj`, `.obj`, `.mhclo`, `.mhmat`: none.
* `data/targets`: lines of vertices outside the head, neck and shoulders dropped, the rest is verbatim; of the macro
  targets young and old only; files that do not touch the head left out.
* Hair reduced to 1024 pixels a side, eyes and teeth to 512, brows, lashes and tongue to 256; colour of transparent
  texels filled from the nearest opaque ones. Skins cut to the chart of the head (u 0.635 to 1, v downwards 0.175 to
  0.86) at 560 x 1024. All re-encoded as WebP.
* Panoramas cut at 25 times their median, reduced to 128 x 64, scaled to mean luminance 1.
"""


def readme(commits: dict[str, str | None]) -> str:
    """Return the README's text.

    Args:
        commits: Commit of each repository by name; None if it is not known.
    """
    rows = "\n".join(f"| makehumancommunity/{name} | {commit or 'not known'} |" for name, commit in commits.items())
    return TEXT.format(rows=rows)
