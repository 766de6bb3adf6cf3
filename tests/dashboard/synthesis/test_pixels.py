from __future__ import annotations

import numpy as np

from dashboard.synthesis.pixels import to_bytes


def test_black_gray_and_white() -> None:
    picture = np.array([-1.0, 0.0, 1.0], np.float32).reshape(1, 3, 1)
    np.testing.assert_array_equal(to_bytes(picture).ravel(), [0, 128, 255])


def test_values_out_of_range_are_clipped() -> None:
    np.testing.assert_array_equal(to_bytes(np.array([[[-7.0, 1.004, 9.0]]])).ravel(), [0, 255, 255])


def test_rounds_to_the_nearest_byte_and_keeps_the_shape() -> None:
    every = np.arange(256)
    nearby = np.stack([every - 0.4, every + 0.0, every + 0.4], axis=-1).reshape(4, 8, 8, 3) / 127.5 - 1
    result = to_bytes(nearby.astype(np.float32))
    assert result.dtype == np.uint8
    assert result.shape == (4, 8, 8, 3)
    np.testing.assert_array_equal(result.reshape(256, 3), np.repeat(every[:, None], 3, axis=1))
