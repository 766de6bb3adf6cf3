from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dash import dcc
from support.application import runtime_of, tiny_app

from dashboard.faces.bases import seed_latent
from dashboard.pages.models.details import SHEET, model_details
from dashboard.serving import model_list as inventory
from dashboard.serving.model_list import HAND_PICKED, Item


def links(item: Item, hand_picked: tuple[int, ...]) -> list[str]:
    layout = model_details(item, "", hand_picked, writable=True)
    found = [getattr(part, "href", "") for part in layout._traverse() if isinstance(part, dcc.Link)]
    return [href for href in found if "face=" in href]


ITEM = Item("celebahq-1024", "here", resolution=1024, attributes=40, digest="0" * 64)


def test_the_faces_that_nvidia_picked_are_a_gallery_of_links() -> None:
    found = links(ITEM, HAND_PICKED)
    assert len(found) == SHEET + 10
    assert found[SHEET] == "/?face=1:1000.477&model=celebahq-1024"
    assert links(ITEM, ()) == found[:SHEET]


def test_they_are_the_rows_that_its_example_takes() -> None:
    latents = np.random.RandomState(1000).randn(1000, 512)
    picked = latents[[477, 56, 83, 887, 583, 391, 86, 340, 341, 415]]
    ours = [seed_latent(1000, row, 512) for row in HAND_PICKED]
    np.testing.assert_array_equal(ours, picked)


@pytest.mark.parametrize("is_one", [True, False])
def test_only_celebahq_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_one: bool) -> None:
    runtime = runtime_of(tiny_app(tmp_path))
    monkeypatch.setattr(inventory, "is_celebahq", lambda model: is_one)
    tiny, *_ = inventory.inventory(runtime)
    assert inventory.hand_picked(tiny, runtime) == (HAND_PICKED if is_one else ())
    assert inventory.hand_picked(Item("gone", "here"), runtime) == ()
    runtime.close()


def test_a_model_without_directions_says_how_to_get_some() -> None:
    layout = model_details(Item("plain", "no directions", digest="0" * 64), "", (), writable=False)
    text = str(layout.to_plotly_json())
    assert "plain has no directions" in text
    assert "verify-model" not in text
