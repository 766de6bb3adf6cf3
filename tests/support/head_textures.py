"""Textures of the procedural head, drawn by a few formulas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

SKINS = (
    "middleage_darkskinned_female_diffuse", "middleage_darkskinned_male_diffuse",
    "middleage_lightskinned_female_diffuse2", "middleage_lightskinned_male_diffuse",
    "middleage_lightskinned_male_diffuse2", "old_darkskinned_female_diffuse", "old_darkskinned_male_diffuse",
    "old_lightskinned_male_diffuse2", "young_darkskinned_male_diffuse", "young_lightskinned_female_diffuse2",
    "young_lightskinned_female_diffuse3", "young_lightskinned_male_diffuse", "young_lightskinned_male_diffuse2",
    "young_lightskinned_male_diffuse3",
)  # fmt: skip
EYES = {
    "blue": (70, 110, 160), "bluegreen": (70, 130, 130), "brown": (90, 50, 25), "brownlight": (130, 85, 45),
    "deepblue": (35, 60, 130), "green": (80, 120, 60), "grey": (120, 125, 130), "ice": (170, 200, 215),
    "lightblue": (120, 165, 205),
}  # fmt: skip
STYLES = ("bob02", "braid01", "long01", "ponytail01", "short01", "short02", "short03", "short04")
"""Hair with a texture; as in the real kit, the renderer makes those of afro01 and bob01."""
SIDES = {"hair": 1024, "skin": 1024, "eye": 512, "small": 256}
"""Heights of the real kit's textures."""


def noise(shape: tuple[int, int], seed: int) -> np.ndarray:
    """Draw noise (h, w) of mean 0 and standard deviation 1."""
    return np.random.default_rng(seed).normal(size=shape)


def picture(*channels: np.ndarray | float) -> np.ndarray:
    """Return uint8 (h, w, c) of channels in 0..255."""
    return np.clip(np.stack(np.broadcast_arrays(*channels), -1) + 0.5, 0, 255).astype(np.uint8)


def skin(name: str, height: int) -> np.ndarray:
    """Draw the head chart (height, height * 560 / 1024, 3): skin with redder lips and cheeks."""
    width = round(height * 560 / 1024)
    y, x = np.mgrid[0:height, 0:width] / [[[height]], [[width]]]
    u, v = 0.635 + 0.365 * x, 0.825 - 0.685 * y  # texture coordinates, v upwards
    across, up = (u - 0.640) / 0.355 * 2 - 1, 5.6 + (v - 0.155) / 0.660 * 2.9
    tone = np.array([120, 80, 60] if "dark" in name else [215, 165, 140]) - 12.0 * ("old" in name) - 4.0 * ("2" in name)
    red = np.clip(1.3 - ((across / 0.2) ** 2 + ((up - 6.61) / 0.10) ** 2), 0, 0.8)
    red = red + 0.25 * np.exp(-((up - 6.95) ** 2 + (abs(across) - 0.35) ** 2) / 0.02)
    grain = 3 * noise((height, width), len(name)) * (2 if "old" in name else 1)
    return picture(tone[0] + grain - 20 * red, tone[1] + grain - 70 * red, tone[2] + grain - 55 * red)


def eye(name: str, size: int) -> np.ndarray:
    """Draw an eye: white with an iris and a pupil in the middle, RGBA (size, size, 4)."""
    y, x = np.mgrid[0:size, 0:size] / size - 0.5
    r = np.hypot(x, y)[..., None]
    colour = np.where(r < 0.07, [12.0] * 3, np.where(r < 0.19, np.array(EYES[name], float), [228.0, 222, 218]))
    return picture(*np.moveaxis(colour, -1, 0), 255.0)


def strands(size: int, seed: int) -> np.ndarray:
    """Draw hair: streaks along v, thinner towards the lower end, RGBA (size, size, 4); no colour where transparent."""
    streak = noise((1, size), seed)
    y = np.linspace(0, 1, size)[:, None]
    light = 110 + 22 * streak + 6 * noise((size, size), seed + 1)
    alpha = np.where(y + 0.05 * streak < 0.93, 255.0, 0.0) * (streak > -1.6)
    return picture(light * (alpha > 0), light * 0.85 * (alpha > 0), light * 0.7 * (alpha > 0), alpha)


def hairs(size: int, seed: int) -> np.ndarray:
    """Draw a brow or lash: dark hairs on nothing, RGBA (size, size, 4)."""
    y = np.abs(np.linspace(-1, 1, size))[:, None]
    alpha = np.clip(230 - 160 * y**2 + 60 * noise((size, size), seed), 0, 255)
    return picture(40.0, 30.0, 25.0, alpha)


def teeth(size: int) -> np.ndarray:
    """Draw teeth: pale with darker gaps, RGBA (size, size, 4)."""
    gaps = 20.0 * (np.arange(size) % max(1, size // 8) == 0) + np.zeros((size, 1))
    return picture(235 - gaps, 228 - gaps, 215 - gaps, 255.0)


def tongue(size: int) -> np.ndarray:
    """Draw the tongue: reddish, RGB (size, size, 3)."""
    return picture(170 + 5 * noise((size, size), 7), 80.0, 80.0)


def textures(scale: float = 1.0) -> dict[str, Callable[[], np.ndarray]]:
    """Return the function that draws each texture, by its path below base, at `scale` times the real kit's sizes."""
    size = {kind: max(8, round(full * scale)) for kind, full in SIDES.items()}
    found: dict[str, Callable[[], np.ndarray]] = {}
    for name in SKINS:
        found[f"skins/textures/{name}"] = partial(skin, name, size["skin"])
    for name in EYES:
        found[f"eyes/materials/{name}_eye"] = partial(eye, name, size["eye"])
    for number, name in enumerate(STYLES):
        found[f"hair/{name}/{name}_diffuse"] = partial(strands, size["hair"], 10 * number)
    for number in range(1, 13):
        found[f"eyebrows/eyebrow{number:03d}/eyebrow{number:03d}"] = partial(hairs, size["small"], 100 + number)
    for number in range(1, 5):
        found[f"eyelashes/eyelashes{number:02d}/eyelashes{number:02d}"] = partial(hairs, size["small"], 200 + number)
    found["teeth/materials/teeth"] = partial(teeth, size["eye"])
    found["tongue/tongue01/tongue01_diffuse"] = partial(tongue, size["small"])
    return found
