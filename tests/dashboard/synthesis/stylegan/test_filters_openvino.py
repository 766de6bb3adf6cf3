"""Filters in phases, against upsampling with zeros, filtering, and leaving pixels out."""

from __future__ import annotations

import numpy as np
import pytest
from support.stylegan_reference import upfirdn

from dashboard.synthesis.stylegan import filters_openvino as module

SIZE = 9
MAPS = 2
Pads = tuple[int, int, int, int]
NONE = np.ones(1, np.float32)


def computed(node: module.Node, x: np.ndarray, given: module.Node) -> np.ndarray:
    import openvino as ov

    graph = ov.Model([node], [given], "filters")  # pyright: ignore[reportGeneralTypeIssues]
    model = ov.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return model({0: x})[0][0]


def side_of(up: int, down: int, pads: Pads, up_taps: int, down_taps: int) -> int:
    return (SIZE * up + sum(pads[:2]) - up_taps + 1 - down_taps) // down + 1


@pytest.mark.parametrize(
    ("up", "down", "taps", "pads"),
    [
        (2, 2, (12, 12), (9, 8, 9, 8)),
        (4, 2, (24, 12), (3, 2, 3, 2)),
        (4, 2, (24, 12), (-6, 7, -6, 7)),
        (4, 1, (8, 4), (5, 6, 5, 6)),
        (6, 2, (5, 3), (1, 3, 1, 3)),
        (2, 2, (12, 12), (-1, 13, 4, 8)),
        (2, 2, (12, 12), (3, 8, 3, 9)),
        (3, 2, (7, 5), (4, 3, 4, 3)),
        (2, 3, (6, 6), (4, 4, 4, 4)),
        (1, 2, (5, 4), (2, 2, 2, 2)),
        (1, 1, (3, 1), (1, 1, 1, 1)),
        (2, 2, (1, 1), (0, 0, 0, 0)),
        (4, 2, (1, 1), (3, 4, 3, 4)),
        (4, 2, (4, 1), (40, -10, 40, -10)),
        (1, 1, (1, 1), (2, -3, 2, -3)),
    ],
)
@pytest.mark.parametrize("radial", [False, True])
def test_every_factor_padding_and_number_of_taps(
    up: int, down: int, taps: tuple[int, int], pads: Pads, radial: bool
) -> None:
    from openvino import opset13 as op

    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, MAPS, SIZE, SIZE)).astype(np.float32)
    first = NONE if taps[0] == 1 else rng.normal(size=taps[0]).astype(np.float32)
    second = NONE if taps[1] == 1 else rng.normal(size=(taps[1],) * (2 if radial else 1)).astype(np.float32)
    wide = np.maximum(upfirdn(x[0].astype(np.float64), first, up, 1, pads, 1), 0)
    expected = upfirdn(wide, second, 1, down, (0, 0, 0, 0), 1)
    given = op.parameter(list(x.shape), np.float32)
    phases = module.applied(module.upsampled(given, first, up, pads), op.relu)
    node = module.downsampled(phases, second, down, side_of(up, down, pads, *taps))
    np.testing.assert_allclose(computed(node, x, given), expected, atol=1e-4)


@pytest.mark.parametrize("pads", [(2, 1), (-1, 2), (-2, -1), (9, 0)])
def test_a_filter_that_is_not_symmetric_is_convolved(pads: tuple[int, int]) -> None:
    from openvino import opset13 as op

    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, MAPS, SIZE, SIZE)).astype(np.float32)
    taps = rng.normal(size=(4, 4)).astype(np.float32)
    given = op.parameter(list(x.shape), np.float32)
    expected = upfirdn(x[0].astype(np.float64), taps, 1, 1, (*pads, *pads), 1)
    np.testing.assert_allclose(computed(module.filtered(given, taps, pads), x, given), expected, atol=1e-5)


@pytest.mark.parametrize("maps", [3, module.FEW_MAPS + 1])
@pytest.mark.parametrize(
    ("up", "pads"), [(2, (2, 1, 2, 1)), (2, (1, 3, 2, 2)), (3, (-4, 9, 2, 3)), (4, (20, 4, 20, 4))]
)
def test_a_picture_of_few_or_many_maps_is_enlarged(maps: int, up: int, pads: Pads) -> None:
    from openvino import opset13 as op

    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, maps, SIZE, SIZE)).astype(np.float32)
    taps = rng.normal(size=(5, 5)).astype(np.float32)
    given = op.parameter(list(x.shape), np.float32)
    expected = upfirdn(x[0].astype(np.float64), taps, up, 1, pads, 1)
    found = computed(module.enlarged(given, taps, up, pads), x, given)
    height, width = expected.shape[1:]
    np.testing.assert_allclose(found[:, :height, :width], expected, atol=1e-5)
