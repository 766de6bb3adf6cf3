"""Parts of the card: biases, goals, stored ranges, sheets with names."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.manifest import Attribute
from training.card import constructed, lesson_words
from training.label.truth import Truth
from training.measure.behaviour import Effort
from training.measure.biases import label_correlations
from training.measure.goals import goals
from training.measure.result import Measured
from training.render.chance import NAMES
from training.sheets import save_sheet
from training.train.pairs import FIRST_LAYER, frame_of
from training.train.recipe import Recipe
from training.trained import Run

ATTRIBUTES = (
    Attribute("Young", "Person", "continuous", (-4.0, 4.0), {"r2": 0.9}),
    Attribute("Yaw", "Camera and light", "continuous", (-2.0, 3.0), {"r2": 0.7}),
)


def figures(**changed: object) -> dict[str, object]:
    defaults: dict[str, object] = {"response": 2.0, "rises": True, "agreement": 0.9, "halves": 0.95, "truth": 0.97}
    return {**defaults, "range": [-3.0, 2.0], "spread": 1.0, "angle_high": float("nan"), **changed}


def measured(**attributes: dict[str, object]) -> Measured:
    both = {"samples": 0.6, "renders": 0.9}
    leakage = {"ratio": 0.4, "steps": {"free": 90, "locked": 10}, "infeasible": {"free": 0, "locked": 6}}
    swd = {"samples": {"64": 40.0, "16": 4.0}, "renders": {"64": 10.0, "16": 1.0}}
    realism = {"precision": both, "recall": both, "swd": swd}
    return Measured(Effort(), "", realism, {}, leakage, attributes, 0.5, {})


SMALL = GeneratorConfig(8, latent_size=512, fmap_base=64, fmap_max=16)


def test_a_missed_goal_is_listed_like_one_that_is_met() -> None:
    found = measured(Young=figures(), Yaw=figures(response=1.4, agreement=0.5))
    by_name = {goal.name: goal for goal in goals(ATTRIBUTES, found)}
    missed = {name for name, goal in by_name.items() if not goal.met}
    assert missed == {
        "Attributes",
        "Scorer's R2 on held-out renders, the least",
        "Scorer's AUC on held-out renders, the least",
        "Correlation of the two scorers on samples, the least",
        "Attributes with a response of 1.5 from -2 to 2",
        "Precision",
        "Recall",
        "Sliced Wasserstein distance x 1000 at 64 px, excess over the renders' own",
        "Feasible steps, share",
    }
    assert by_name["Feasible steps, share"].received == "0.94"
    assert not any("|" in goal.name for goal in by_name.values()), "names stand in a table"


def test_figures_of_pictures_are_held_against_the_renders_own() -> None:
    looks = {
        "octave 0 at 128": {"samples": -9.0, "renders": 0.1},
        "octave 1 at 128": {"samples": -2.0, "renders": 0.0},
        "horizontal lines at 128": {"samples": 6.0, "renders": 5.0},
        "peaks at 128": {"samples": 0.6, "renders": 0.1},
        "fixed pattern": {"samples": 0.01, "renders": 0.005},
        "corner chroma": {"samples": 8.0, "renders": 10.0},
        "eyes sharpness": {"samples": 300.0, "renders": 1000.0},
    }
    own, ages = {"faces": 9, "shipped 64": 24.5, "shipped 256": 20.0}, {"young": 9.0}
    found = replace(measured(Young=figures(), Yaw=figures()), appearance=looks, own_codes=own, ages=ages)
    by_name = {goal.name: goal for goal in goals(ATTRIBUTES, found)}
    assert not by_name["Power of the top octave at 128 px, diagonal sector, dB against renders"].met
    lines = by_name["Horizontal line energy over diagonal, top octave at 128 px, dB"]
    assert (lines.wanted, lines.received, lines.renders, lines.met) == ("3.5 to 6.5", "6", "5", True)
    assert by_name["Chroma of background corners, share of the renders'"].received == "0.8"
    assert not by_name["Laplacian variance of eyes, share of the renders'"].met
    assert by_name["Own-code PSNR of the shipped network at 64 px, dB"].met
    assert not by_name["Young from -3 to +3 spans, median years"].met
    assert by_name["Sliced Wasserstein distance x 1000 at 16 px, excess over the renders' own"].met
    assert len([name for name in by_name if "octave at 128 px, diagonal" in name]) == 1


def test_the_measured_range_and_figures_are_stored_where_there_are_any() -> None:
    found = measured(Young=figures(), Yaw=figures(range=None))
    stored = found.stored(ATTRIBUTES[0])
    assert stored is not None
    assert stored.range == (-3.0, 2.0)
    assert stored.reliability == {"r2": 0.9, "response": 2.0, "spread": 1.0, "halves": 0.95, "truth": 0.97}
    assert found.stored(ATTRIBUTES[1]) is None


def test_figures_come_back_as_they_were_written(tmp_path: Path) -> None:
    found = measured(Young=figures())
    found.write(tmp_path)
    again = Measured.read(tmp_path)
    assert (again.effort, again.leakage, again.alike) == (found.effort, found.leakage, found.alike)
    assert again.attributes["Young"]["range"] == [-3.0, 2.0]


def test_biases_are_all_notable_correlations_the_largest_first() -> None:
    random = np.random.default_rng(0)
    a, noise = random.standard_normal((2, 4000))
    values = np.stack([a, -a + 0.5 * noise, a + 2.0 * noise, np.ones(4000), random.standard_normal(4000)], axis=1)
    truth = Truth(tuple("ABCDE"), ("Person",) * 5, ("continuous",) * 5, values)
    found = label_correlations(truth)
    assert [(i, j) for i, j, _ in found] == [(0, 1), (0, 2)]
    assert found[0][2] == pytest.approx(np.corrcoef(values[:, 0], values[:, 1])[0, 1])


@pytest.mark.parametrize(
    ("paired", "alone", "expected"),
    [
        (0.0, 0, "loss: logistic"),
        (10.0, 900, "on pairs with codes (weight 10), regression only"),
        (
            10.0,
            300,
            "on pairs with codes (weight 10), from face 300 with a discriminator; loss: logistic",
        ),
        (8.5, 0, "on pairs with codes (weight 8.5), with a discriminator; loss: logistic"),
    ],
)
def test_the_training_method_is_described(paired: float, alone: int, expected: str) -> None:
    recipe = Recipe(GeneratorConfig(64), paired=paired, alone=alone)
    assert lesson_words(recipe, 800) == expected
    on = replace(recipe, init="0123456789abcdef", perceptual=0.5 if paired else 0.0)
    begun = lesson_words(on, 800)
    assert begun.startswith("continued from earlier networks (SHA-256 0123456789ab...), ")
    assert ("perceptual distance 0.5)" in begun) == bool(paired)


@pytest.mark.parametrize(("noise", "share"), [(0.0, "100%"), (1.0, "24%")])
def test_the_share_of_the_code_is_stated(noise: float, share: str) -> None:
    """With equal answers to all 512 directions, 124 of code have 24 % of them."""
    size = np.full((512, 1), noise)
    size[: len(NAMES)] = 1.0
    run = Run(Recipe(SMALL, start=8), 800, SMALL, {"Gs": {FIRST_LAYER: frame_of(512).T @ np.repeat(size, 8, axis=1)}})
    assert f"has {len(NAMES)} numbers, the latent 512. Of what the first layer answers" in constructed(run)
    assert f"\n  {share} is due to the code." in constructed(run)


def test_a_sheet_may_have_names_beside_its_rows_and_none_is_cut_off(tmp_path: Path) -> None:
    images = np.full((6, 90, 90, 3), 200, np.uint8)
    save_sheet(tmp_path / "a.webp", images, columns=3)
    save_sheet(tmp_path / "b.webp", images, columns=3, names=("High_Cheekbones_and_more", "Young"))
    with Image.open(tmp_path / "a.webp") as plain, Image.open(tmp_path / "b.webp") as named:
        margin = named.width - plain.width
        assert (plain.size, named.height) == ((270, 180), 180)
        column = np.asarray(named.convert("L"))[:, : margin - 5]
        assert column.min() < 128, "something is written there"
        assert column[:, :4].min() > 250, "no name starts outside"
