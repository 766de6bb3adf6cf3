"""The files of a kit, and how each is converted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from training.errors import TrainingError

HAIR = (
    "afro01",
    "bob01",
    "bob02",
    "braid01",
    "long01",
    "ponytail01",
    "short01",
    "short02",
    "short03",
    "short04",
)
UNTEXTURED = ("afro01", "bob01")  # the renderer draws these two textures itself
EYES = ("blue", "bluegreen", "brown", "brownlight", "deepblue", "green", "grey", "ice", "lightblue")
SKINS = (
    "middleage_darkskinned_female_diffuse",
    "middleage_darkskinned_male_diffuse",
    "middleage_lightskinned_female_diffuse2",
    "middleage_lightskinned_male_diffuse",
    "middleage_lightskinned_male_diffuse2",
    "old_darkskinned_female_diffuse",
    "old_darkskinned_male_diffuse",
    "old_lightskinned_male_diffuse2",
    "young_darkskinned_male_diffuse",
    "young_lightskinned_female_diffuse2",
    "young_lightskinned_female_diffuse3",
    "young_lightskinned_male_diffuse",
    "young_lightskinned_male_diffuse2",
    "young_lightskinned_male_diffuse3",
)
"""A fixed list, so that the same seed gives the same face on every machine."""

TARGETS = (
    "macrodetails/*-young.target",
    "macrodetails/*-old.target",
    "macrodetails/universal-*-young-*.target",
    "macrodetails/universal-*-old-*.target",
    "asym/asym-*.target",  # those of breast and trunk are called asymm-*
    "cheek/*.target",
    "chin/*.target",
    "ears/*.target",
    "expression/units/*/*.target",
    "eyebrows/*.target",
    "eyes/*.target",
    "forehead/*.target",
    "head/*.target",
    "mouth/*.target",
    "neck/*.target",
    "nose/*.target",
)
"""Patterns below data/targets: the head, and of the macro targets young and old only, no babies and children."""
TARGET_COUNT = 490
"""Targets that move the head in the repository of 2020 and later."""
BASE_MESH = "data/3dobjs/base.obj"
LICENCES = {"LICENSE.ASSETS.md": "makehuman", "LICENSE.txt": "makehuman-assets"}
"""Licence text in the kit, with the name that it has in its repository."""


class Change(Enum):
    """The conversion of a file."""

    NONE = "none"
    LINES = "lines of vertices outside the head, neck and shoulders dropped"
    SKIN = "head chart cropped and resized, re-encoded as WebP"
    REDUCED = "reduced, colour under transparent texels filled, re-encoded as WebP"


@dataclass(frozen=True)
class Piece:
    """One file of the kit.

    Attributes:
        path: Where it is in the kit, with slashes.
        repository: "makehuman" or "makehuman-assets".
        source: Its path in that repository, with slashes.
        change: The conversion.
        side: Width and height of a reduced texture in pixels; 0 for other files.
    """

    path: str
    repository: str
    source: str
    change: Change = Change.NONE
    side: int = 0


def pieces(makehuman: Path) -> list[Piece]:
    """List all pieces of a kit, sorted by path.

    Args:
        makehuman: Checkout of makehumancommunity/makehuman, in which the targets are looked up.

    Raises:
        TrainingError: There are no targets.
    """
    folder = makehuman / "makehuman/data/targets"
    targets = {file for pattern in TARGETS for file in folder.glob(pattern)}
    if not targets:
        raise TrainingError(
            f"Expected MakeHuman's morph targets in {folder}. Received: none. "
            "Is --makehuman the root of the repository?"
        )
    found = [Piece(BASE_MESH, "makehuman", f"makehuman/{BASE_MESH}")]
    for target in targets:
        path = f"data/targets/{target.relative_to(folder).as_posix()}"
        found.append(Piece(path, "makehuman", f"makehuman/{path}", Change.LINES))
    found += [
        Piece(f"base/{file}", "makehuman", f"makehuman/data/{file}")
        for file in ("eyes/high-poly/high-poly.obj", "eyes/high-poly/high-poly.mhclo")
    ]
    for colour in EYES:
        found.append(_texture(f"eyes/materials/{colour}_eye", 512, from_makehuman=colour == "brown"))
    for name in HAIR:
        found += _part(f"hair/{name}/{name}")
        if name not in UNTEXTURED:
            found.append(_texture(f"hair/{name}/{name}_diffuse", 1024))
    for kind, stem in (("eyebrows", "eyebrow{:03d}"), ("eyelashes", "eyelashes{:02d}")):
        for number in range(1, 13 if kind == "eyebrows" else 5):
            name = stem.format(number)
            found += [*_part(f"{kind}/{name}/{name}"), _texture(f"{kind}/{name}/{name}", 256)]
    found += [*_part("teeth/teeth_base/teeth_base", "teeth/materials/teeth"), _texture("teeth/materials/teeth", 512)]
    found += [*_part("tongue/tongue01/tongue01"), _texture("tongue/tongue01/tongue01_diffuse", 256)]
    for name in SKINS:
        stem = f"base/skins/textures/{name}"
        found.append(Piece(f"{stem}.webp", "makehuman-assets", f"{stem}.png", Change.SKIN))
    return sorted(found, key=lambda piece: piece.path)


def _part(stem: str, material: str | None = None) -> list[Piece]:
    files = (f"base/{stem}.obj", f"base/{stem}.mhclo", f"base/{material or stem}.mhmat")
    return [Piece(file, "makehuman-assets", file) for file in files]


def _texture(stem: str, side: int, from_makehuman: bool = False) -> Piece:
    repository, source = ("makehuman", "makehuman/data") if from_makehuman else ("makehuman-assets", "base")
    return Piece(f"base/{stem}.webp", repository, f"{source}/{stem}.png", Change.REDUCED, side)
