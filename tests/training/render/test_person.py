"""Persons: reproducible by seed, and varied enough that every direction can be learned."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import training.render
from training.render.attributes import ATTRIBUTES, labels_of
from training.render.hair import PROCEDURAL, STYLES, fringe_edge, lower_edge, style_of
from training.render.person import Person, sample_person

REQUIRED = (
    *("Male", "Young", "Smiling", "Mouth_Open", "Skin_Tone", "Eyeglasses", "Beard", "Bald", "Chubby", "Black_Hair"),
    *("Blond_Hair", "Gray_Hair", "Bangs", "Long_Hair", "Lipstick", "Yaw"),
)
GROUPS = {"Expression", "Person", "Face shape", "Hair and glasses", "Camera and light"}
COUNT = 3000


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return [sample_person(np.random.default_rng([7, index])) for index in range(COUNT)]


@pytest.fixture(scope="module")
def labels(people: list[Person]) -> dict[str, np.ndarray]:
    table = np.array([labels_of(person) for person in people])
    return {attribute.name: table[:, column] for column, attribute in enumerate(ATTRIBUTES)}


def test_a_seed_is_a_person() -> None:
    first, again, other = (sample_person(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_the_table_names_every_attribute_once_and_says_what_it_means() -> None:
    names = [attribute.name for attribute in ATTRIBUTES]
    assert len(names) == len(set(names))
    assert set(REQUIRED) <= set(names)
    assert {attribute.group for attribute in ATTRIBUTES} == GROUPS
    assert sum(attribute.group == "Camera and light" for attribute in ATTRIBUTES) <= 6
    assert all(attribute.kind in ("continuous", "binary") and attribute.meaning for attribute in ATTRIBUTES)


def test_binary_labels_are_zero_or_one_and_neither_is_rare(labels: dict[str, np.ndarray]) -> None:
    for attribute in ATTRIBUTES:
        if attribute.kind == "binary":
            values = labels[attribute.name]
            assert set(np.unique(values)) == {0.0, 1.0}, attribute.name
            assert 0.06 < values.mean() < 0.6, attribute.name


def test_continuous_labels_keep_to_their_unit_and_spread(labels: dict[str, np.ndarray]) -> None:
    ranges = {"Yaw": (-35, 35), "Pitch": (-12, 12), "Background_Warm": (-45, 45)}
    for attribute in ATTRIBUTES:
        if attribute.kind == "continuous":
            values = labels[attribute.name]
            low, high = ranges.get(attribute.name, (-1, 1))
            assert low <= values.min() <= values.max() <= high, attribute.name
            assert values.std() > 0.09 * (high - low), attribute.name
            assert len(np.unique(values)) > COUNT / 3, attribute.name


def test_the_shares_that_are_meant(labels: dict[str, np.ndarray]) -> None:
    men = labels["Male"] == 1
    assert 0.18 < labels["Eyeglasses"].mean() < 0.32
    assert 0.28 < labels["Beard"][men].mean() < 0.45
    assert 0.10 < labels["Bald"].mean() < 0.19
    assert 0.15 < labels["Bald"][men].mean() < 0.30
    for name in ("Black_Hair", "Blond_Hair", "Gray_Hair"):
        assert 0.14 < labels[name].mean() < 0.30, name
    assert 0.22 < labels["Bangs"].mean() < 0.37
    assert 0.37 < labels["Lipstick"][~men].mean() < 0.55
    assert labels["Beard"][~men].mean() < 0.03
    assert 0.01 < labels["Bald"][~men].mean() < 0.1


def test_no_two_labels_are_tied(labels: dict[str, np.ndarray]) -> None:
    names = list(labels)
    correlation = np.corrcoef(np.array([labels[name] for name in names]))
    np.fill_diagonal(correlation, 0)
    row, column = np.unravel_index(np.abs(correlation).argmax(), correlation.shape)
    assert abs(correlation[row, column]) < 0.7, (names[row], names[column])
    assert -0.5 < correlation[names.index("Long_Hair"), names.index("Male")] < -0.3


def test_a_bald_head_has_no_hair_colour(people: list[Person], labels: dict[str, np.ndarray]) -> None:
    bald = labels["Bald"] == 1
    for name in ("Black_Hair", "Blond_Hair", "Gray_Hair", "Bangs", "Long_Hair"):
        assert labels[name][bald].max() == 0
    assert all(np.isclose(sum(person.ancestry), 1) for person in people)


def test_features_that_have_a_threshold_are_clear(people: list[Person]) -> None:
    for name, least in (("makeup", 0.3), ("lipstick", 0.45), ("moustache", 0.45), ("beard", 0.22), ("fringe", 0.15)):
        values = np.array([getattr(person, name) for person in people])
        assert not ((values > 0) & (values < least)).any(), name


def test_hair_grows_longer_with_its_number_and_only_styles_that_a_kit_has_are_drawn() -> None:
    styles = tuple(STYLES)
    order = [style_of(length, False, 0.0, -9.0, styles) for length in (-2, -0.8, -0.3, 0.1, 0.5, 1.5)]
    assert order == ["buzz", "short04", "short01", "ponytail01", "long01", "long01"]
    assert [style_of(length, True, 0.0, -9.0, styles) for length in (-0.8, 0.1, 1.5)] == ["short02", "bob01", "braid01"]
    assert style_of(0.0, False, 3.0, -9.0, styles) == "afro01"
    assert style_of(0.0, False, 0.0, -0.2, styles) == "buzz"
    assert style_of(1.0, False, 0.0, 0.1, styles) == "bald"
    found = {
        style_of(length, bangs, curl, -9.0, ("long01",))
        for length in np.linspace(-3, 3, 13)
        for bangs in (True, False)
        for curl in (0.0, 2.0)
    }
    assert found == {"buzz", "long01"}
    assert sample_person(np.random.default_rng(1), PROCEDURAL).hair_style in PROCEDURAL


def test_hair_is_cut_where_its_style_says() -> None:
    assert fringe_edge("bob01", 1.0) < fringe_edge("bob01", 0.0)
    assert fringe_edge("long01", 1.0) == fringe_edge("unheard of", 1.0) == -9
    assert lower_edge("long01", 0.3) > lower_edge("long01", 1.5) > -9 == lower_edge("bob01", 1)


def test_every_field_of_a_person_is_used() -> None:
    """A feature that no code reads would be a label without effect on pictures."""
    sources = Path(training.render.__file__).parent.glob("*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in sources if path.name not in ("person.py", "slopes.py"))
    for field in fields(Person):
        assert f".{field.name}" in text or f'"{field.name}"' in text, field.name


def test_the_documentation_lists_every_label() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "rendering.md").read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if line.startswith("| ") and line.count("|") == 5][1:]
    assert table == [f"| {a.name} | {a.group} | {a.kind} | {a.meaning} |" for a in ATTRIBUTES]
