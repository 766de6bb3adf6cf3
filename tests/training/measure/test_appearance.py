"""Colour, sharpness and PSNR agree with reference formulas."""

import cv2
import numpy as np
import pytest

from training.measure.appearance import REGIONS, corner_chroma, psnr, sharpness
from training.measure.spectrum import gray


def test_gray_corners_have_no_chroma_and_red_ones_that_of_red() -> None:
    images = np.full((2, 64, 64, 3), 90, np.uint8)
    assert corner_chroma(images) == pytest.approx(0.0, abs=0.1)
    images[:, :8, :8] = images[:, :8, -8:] = (255, 0, 0)
    images[:, 20:40] = (0, 0, 255)  # pixels outside the corners do not count
    # sRGB's red in CIELAB (D65): a* 80.1, b* 67.2.
    assert corner_chroma(images) == pytest.approx(np.hypot(80.1, 67.2), abs=0.5)


@pytest.mark.parametrize("region", REGIONS)
def test_sharpness_is_opencvs_laplacian(region: str) -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    top, bottom, left, right = (round(share * 64) for share in REGIONS[region])
    expected = [cv2.Laplacian(x, cv2.CV_64F)[top:bottom, left:right].var() for x in gray(images)]
    assert sharpness(images, region) == pytest.approx(np.mean(expected))
    soft = np.stack([cv2.GaussianBlur(x, (5, 5), 1.0) for x in images])
    assert sharpness(soft, region) < 0.2 * sharpness(images, region)


def test_psnr_is_that_of_the_middle_face() -> None:
    ones = np.full((3, 8, 8, 3), 100, np.uint8)
    others = ones + np.array([1, 10, 30], np.uint8)[:, None, None, None]
    assert psnr(ones, others) == pytest.approx(20 * np.log10(255 / 10))
