"""A head for the tests: an asset folder in MakeHuman's file formats, made from formulas, and the way to the real one.

`write_head_kit` writes what the renderer reads; `write_checkouts` writes two folders laid out like MakeHuman's
repositories, body and all, from which the `assets` step must build such a folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.head_parts import HAIR, parts
from support.head_surface import VERTICES, BaseMesh, base_mesh, obj_text
from support.head_targets import target_text, targets
from support.head_textures import textures

HEADER = """# This is a {kind} file for MakeHuman, made by the tests of Likeness
#
# This asset was explicitly released as CC0 in september 2020. The license
# text for CC0 can be found in the root of this repository.
#"""
CC0 = (
    "Creative Commons Legal Code\n\nCC0 1.0 Universal\n\nA stand-in: the whole text stands in the real repositories.\n"
)
UNWANTED_TARGETS = (
    "macrodetails/african-male-baby",
    "macrodetails/height/male-young-maxheight",
    "asym/asymm-trunk-1-l",
    "hip/hip-trans-up",
)
"""Targets in the checkouts that no head kit has."""
MATERIAL = "name {name}\ndiffuseColor 1.0 1.0 1.0\ntransparent True\ndiffuseTexture {texture}.png\n"
ROOT = Path(__file__).resolve().parents[2]


def real_assets() -> Path:
    """Return the folder of real MakeHuman assets: LIKENESS_ASSETS, or shared/makehuman next to the project.

    Returns:
        The folder. Where there is none the test fails in CI (the variable CI is set) and is skipped elsewhere.
    """
    named = os.environ.get("LIKENESS_ASSETS")
    folder = Path(named) if named else ROOT.parent / "shared" / "makehuman"
    if (folder / "data" / "3dobjs" / "base.obj").is_file():
        return folder
    message = (
        f"Expected the MakeHuman asset folder at {folder}. Received: no data/3dobjs/base.obj there. "
        "Build it with `python -m training assets` and set LIKENESS_ASSETS to it."
    )
    if named or os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def write_head_kit(folder: Path, texture_scale: float = 0.25) -> Path:
    """Write the procedural head as an asset folder, the same bytes each time.

    Args:
        folder: Where to; made if it is not there.
        texture_scale: Side of the textures as a share of the real ones.

    Returns:
        The folder.
    """
    base = base_mesh()
    _write(folder / "data/3dobjs/base.obj", _base_obj(base))
    _write_targets(folder / "data/targets", base, base.head())
    _write_parts(folder / "base", base)
    for path, draw in textures(texture_scale).items():
        _save(folder / "base" / f"{path}.webp", draw())
    for name in ("LICENSE.ASSETS.md", "LICENSE.txt"):
        _write(folder / name, CC0)
    return folder


def write_checkouts(makehuman: Path, makehuman_assets: Path) -> None:
    """Write folders laid out like checkouts of MakeHuman's two repositories, the whole body in them.

    Args:
        makehuman: Gets makehuman/data with the mesh, all targets, body and baby ones too, and the eyes.
        makehuman_assets: Gets base with hair, brows, lashes, teeth, tongue and skins; textures are PNG, of the least
            size that the step takes. To save time only the brows all differ: of the others a kind has one picture.
    """
    base, data = base_mesh(), makehuman / "makehuman/data"
    _write(data / "3dobjs/base.obj", _base_obj(base))
    _write_targets(data / "targets", base, np.ones(VERTICES, bool))
    moved = np.zeros((VERTICES, 3))
    moved[9000:9010] = 0.1
    extra = target_text(moved, np.ones(VERTICES, bool), HEADER.format(kind="target")) or ""
    for name in UNWANTED_TARGETS:
        _write(data / f"targets/{name}.target", extra)
    _write_parts(makehuman_assets / "base", base)
    (makehuman_assets / "base/eyes/high-poly").rename(_made(data / "eyes/high-poly"))
    drawn: dict[str, Path] = {}
    for path, draw in textures().items():
        target = (data if path == "eyes/materials/brown_eye" else makehuman_assets / "base") / f"{path}.png"
        kind = path.split("/")[0] + ("dark" if "dark" in path else "")
        if kind in drawn and not path.startswith("eyebrows"):
            os.link(drawn[kind], _made(target))
        else:
            drawn[kind] = target
            _save(target, _uncropped(draw()) if path.startswith("skins") else draw())
    _write(makehuman / "LICENSE.ASSETS.md", CC0)
    _write(makehuman_assets / "LICENSE.txt", CC0)


def _base_obj(base: BaseMesh) -> str:
    return obj_text(base.vertices, base.coordinates, base.groups, HEADER.format(kind="mesh") + "\n# basemesh hm08")


def _write_targets(folder: Path, base: BaseMesh, kept: np.ndarray) -> None:
    for name, displacement in targets(base.vertices):
        text = target_text(displacement, kept, HEADER.format(kind="target"))
        if text is not None:
            _write(folder / f"{name}.target", text)


def _write_parts(folder: Path, base: BaseMesh) -> None:
    for part in parts(base):
        _write(folder / part.folder / f"{part.name}.obj", part.obj(HEADER.format(kind="mesh")))
        _write(folder / part.folder / f"{part.name}.mhclo", part.mhclo(base, HEADER.format(kind="clothes")))
        if part.folder != "eyes/high-poly":
            diffuse = part.name in HAIR or part.name == "tongue01"
            texture = f"{part.name}_diffuse" if diffuse else Path(part.material).stem
            text = HEADER.format(kind="material") + "\n" + MATERIAL.format(name=part.name, texture=texture)
            _write(folder / part.folder / part.material, text)


def _uncropped(chart: np.ndarray) -> np.ndarray:
    """Return a whole skin texture, square, with the head chart where MakeHuman has it and a flat tone elsewhere."""
    side = round(chart.shape[0] / 0.685)
    whole = np.full((side, side, 3), 128, np.uint8)
    left, upper, right, lower = (round(side * x) for x in (0.635, 0.175, 1.0, 0.86))
    whole[upper:lower, left:right] = np.asarray(Image.fromarray(chart).resize((right - left, lower - upper)))
    return whole


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _write(path: Path, text: str) -> None:
    _made(path).write_text(text, encoding="utf-8")


def _save(path: Path, pixels: np.ndarray) -> None:
    if path.suffix == ".webp":
        Image.fromarray(pixels).save(_made(path), quality=85, method=0)
    else:
        Image.fromarray(pixels).save(_made(path), compress_level=1)
