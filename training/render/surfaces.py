"""Pictures that are processed before upload to the GPU: skins as ratios, masks, noise, irises, strands of hair."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from training.render.colours import to_linear
from training.render.errors import KitError
from training.render.formats import ByteArray, read_picture
from training.render.geometry import Array, smoothstep
from training.render.kit import Part
from training.render.masks import head_masks
from training.render.mesh import Mesh

CHART = (420, 768)  # width, height of the masks over the head chart
MASKS = (
    ("beard", "moustache", "lips", "scalp"),
    ("shadow", "blush", "wrinkles", "under_eye"),
    ("folds", "spots", "nostrils", "chin"),
)
BRIGHTNESS = np.array([0.3, 0.5, 0.2], np.float32)


class Skins(NamedTuple):
    """Skin textures as sqrt(ratio to their own mean / 4), and their file names without endings."""

    names: tuple[str, ...]
    pictures: tuple[ByteArray, ...]
    lips: Array | None


def skin_ratios(folder: Path, rest: Array, covered: Array) -> Skins:
    """Read the skins; colour is divided out, and a shaved scalp is painted over.

    Args:
        folder: base/skins/textures of the kit.
        rest: (768, 420, 3) rest position of every texel of the head chart.
        covered: (768, 420) whether a texel belongs to the head.

    Returns:
        Skins; one flat skin where the kit has none.
    """
    masks = head_masks(rest)
    plain_mask = (masks["plain"] * covered).astype(np.float32)
    scalp_mask = np.maximum(masks["scalp_wide"], 1 - covered).astype(np.float32)
    names: list[str] = []
    pictures: list[ByteArray] = []
    lips: Array | None = None
    for path in sorted(folder.glob("*.webp")):
        picture = read_picture(path)[..., :3]
        if pictures and picture.shape != pictures[0].shape:
            raise KitError(
                f"Expected skins of one size, {pictures[0].shape[:2]}. Received: {picture.shape[:2]} in {path}. "
                "Build the kit again."
            )
        side = (picture.shape[1], picture.shape[0])
        plain, scalp = cv2.resize(plain_mask, side) > 0.5, cv2.resize(scalp_mask, side)[..., None]
        linear = to_linear(picture / 255.0)
        mean = np.median(linear[plain], 0) if plain.any() else linear.mean((0, 1))
        ratio = linear / np.maximum(mean, 1e-4)
        ratio = ratio + (1 - ratio) * scalp
        if "dark" in path.stem:  # highlights that were painted into dark skins
            ratio = np.where(ratio > 1, 1 + (ratio - 1) * 0.5, ratio)
        if lips is None and "young_light" in path.stem and "female" in path.stem:
            lips = _lips(linear, masks, covered)
        names.append(path.stem.replace("_diffuse", ""))
        pictures.append(np.clip(np.sqrt(ratio / 4) * 255 + 0.5, 0, 255).astype(np.uint8))
    if not pictures:
        return Skins(("young_lightskinned_male",), (np.full((16, 16, 3), 128, np.uint8),), None)
    return Skins(tuple(names), tuple(pictures), lips)


def _lips(linear: Array, masks: dict[str, Array], covered: Array) -> Array:
    """Return where a skin is redder than its mean, in the box around the mouth."""
    ratio = (linear[..., 1] / np.maximum(linear[..., 0], 1e-4)).astype(np.float32)
    redness = cv2.resize(ratio, CHART, interpolation=cv2.INTER_AREA)
    usual = np.median(redness[masks["plain"] * covered > 0.5])
    return masks["lips"] * smoothstep(0.90, 0.74, redness / usual)


def mask_pictures(rest: Array, lips: Array | None) -> tuple[ByteArray, ...]:
    """Return the masks over the head chart, four to a picture, as MASKS names them.

    Args:
        rest: (768, 420, 3) rest position of every texel.
        lips: (768, 420), or None for the box around the mouth.

    Returns:
        Three pictures uint8 (768, 420, 4).
    """
    masks = head_masks(rest)
    if lips is not None:
        masks["lips"] = lips
    pictures: list[ByteArray] = []
    for names in MASKS:
        blurs = {"lips": 1.1, "wrinkles": 0.0, "folds": 0.0, "scalp": 2.5}
        layers = [_blur(masks[name], blurs.get(name, 1.5)) for name in names]
        pictures.append((np.clip(np.stack(layers, 2), 0, 1) * 255).astype(np.uint8))
    return tuple(pictures)


def _blur(picture: Array, sigma: float) -> Array:
    values = picture.astype(np.float32)
    return cv2.GaussianBlur(values, (0, 0), sigma) if sigma else values


def noise_picture(side: int = 256) -> ByteArray:
    """Return the tiling noise (side, side, 3), flat histogram, finer to coarser."""
    rng = np.random.default_rng(5)
    layers: list[Array] = []
    for sigma in (1.0, 1.6, 3.0):
        tiled = np.tile(rng.normal(size=(side, side)).astype(np.float32), (3, 3))
        smooth = cv2.GaussianBlur(tiled, (0, 0), sigma)[side : 2 * side, side : 2 * side]
        layers.append(smooth.argsort(axis=None).argsort().reshape(side, side) / (side * side - 1.0))
    return (np.stack(layers, 2) * 255).astype(np.uint8)


def iris_picture(path: Path) -> ByteArray:
    """Return an eye texture; MakeHuman's brown irises are too red and are turned to brown."""
    picture = read_picture(path)[..., :3].astype(np.float32) / 255
    if "brown" in path.stem:
        grey = picture @ np.array([0.4, 0.45, 0.15], np.float32)
        share = smoothstep(0.10, 0.35, picture[..., 0] - picture[..., 2])[..., None] * 0.75
        picture = picture * (1 - share) + share * grey[..., None] * np.array([1.25, 0.80, 0.48], np.float32) * 1.25
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)


def part_picture(part: Part) -> ByteArray | None:
    """Return the texture next to a part's mesh, RGBA; None if there is none."""
    found = sorted([*part.folder.glob("*.webp"), *part.folder.glob("*.png")])
    if not found:
        return None
    picture = read_picture(found[0])
    if picture.shape[2] == 4:
        return picture
    return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])


def median_brightness(picture: ByteArray) -> float:
    """Return the median brightness (0 to 1) of the texels that are not transparent."""
    values = picture[..., :3].astype(np.float32) / 255 @ BRIGHTNESS
    opaque = picture[..., 3] > 128
    return float(np.median(values[opaque])) if opaque.any() else 0.5


def strand_picture(mesh: Mesh, side: int = 1024) -> ByteArray:
    """Return vertical streaks with feathered lower ends, RGBA, for a hair mesh that has no texture."""
    chart = np.zeros((side, side), np.uint8)
    for quad in mesh.quads:
        cv2.fillPoly(chart, [np.round(mesh.uvs[quad] * side).astype(np.int32)], (255,))
    rng = np.random.default_rng(1)
    fine = _standard(cv2.GaussianBlur(rng.normal(size=(side, side)).astype(np.float32), (0, 0), sigmaX=1.1, sigmaY=42))
    broad = _standard(cv2.GaussianBlur(rng.normal(size=(side, side)).astype(np.float32), (0, 0), sigmaX=6, sigmaY=90))
    brightness = np.clip(0.42 + 0.07 * fine + 0.035 * broad, 0.08, 1)
    inside = chart > 0
    to_end = np.zeros((side, side), np.float32)
    run = np.zeros(side, np.float32)  # distance to the lower end of each streak
    for row in range(side - 1, -1, -1):
        run = np.where(inside[row], run + 1, 0)
        to_end[row] = run
    ragged = _standard(cv2.GaussianBlur(rng.normal(size=(1, side)).astype(np.float32), (0, 0), sigmaX=1.5, sigmaY=0.1))
    alpha = np.where(inside, smoothstep(0, 26, to_end - 34 - 26 * ragged - 6 * fine), 0)
    return np.dstack([brightness * 255] * 3 + [alpha * 255]).astype(np.uint8)


def _standard(values: Array) -> Array:
    return values / values.std()
