from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.models import write_tiny_model
from support.stylegan_models import imported_stylegan

from dashboard.errors import NotFound
from dashboard.faces.face import Face, Seed, parse
from dashboard.faces.initial_face import COMPONENTS, MOST_OWN, opening, slider_names
from dashboard.library.extra_directions import Library
from dashboard.synthesis.model_folder import Model

DEFAULT = Face(Seed(4217))


def test_no_address_opens_the_face_of_a_first_visit(tiny_model: Model) -> None:
    state = opening(None, DEFAULT, tiny_model)
    assert state["asked"] == state["start"]["face"] == "1:4217"
    assert state["problem"] is None


def test_a_link_opens_its_face_in_canonical_form(tiny_model: Model) -> None:
    state = opening("1:007;Young=1;Male=0.50", DEFAULT, tiny_model)
    assert state["asked"] == "1:7;Male=0.5;Young=1"
    assert state["start"]["coordinates"][tiny_model.names.index("Male")] == pytest.approx(0.5)
    assert state["problem"] is None


@pytest.mark.parametrize(
    "text",
    ["", "1:", "nonsense", "1:7;Nobody=1", "1:7;Male=9", f"1:latent~{'0' * 32}", "1:" + "9" * 2000, ["1:7", "1:8"]],
)
def test_a_broken_link_opens_the_default_and_says_why(text: object, tiny_model: Model) -> None:
    state = opening(text, DEFAULT, tiny_model)
    assert state["asked"] == state["start"]["face"] == "1:4217"
    assert state["problem"]["pins"] == []
    assert state["problem"]["sentence"].endswith((".", "?"))


def test_a_link_of_a_model_that_is_not_here_keeps_its_face_and_says_why(tiny_model: Model) -> None:
    state = opening("1:7;Nobody=1", DEFAULT, tiny_model, NotFound("Expected a model that is here."))
    assert state["asked"] == state["start"]["face"] == "1:7"
    sentence = "Expected a model that is here. Shown: the same base and pins on tiny, without Nobody."
    assert state["problem"] == {"sentence": sentence, "pins": []}
    many = "".join(f";Nobody_{k}=1" for k in range(9))
    sentence = opening(f"1:7;Smiling=1{many}", DEFAULT, tiny_model, NotFound("Gone."))["problem"]["sentence"]
    assert sentence.endswith("Nobody 5 and 3 more.")


def test_pins_of_a_model_that_is_not_here_may_contradict_one_another_on_this_one(tiny_model: Model) -> None:
    twin = tiny_model.directions.copy()
    twin[:, 1] = twin[:, 0]
    first, second = tiny_model.names[:2]
    state = opening(f"1:7;{first}=3;{second}=-3", DEFAULT, _with_directions(tiny_model, twin), NotFound("Gone."))
    assert state["asked"] == state["start"]["face"] == "1:7"
    assert state["problem"] == {"sentence": "Gone. Shown: the same base on tiny.", "pins": []}
    broken = opening("1:7;;", DEFAULT, tiny_model, NotFound("Gone."))
    assert (broken["start"]["face"], broken["problem"]["sentence"]) == ("1:4217", "Gone.")


def test_pins_that_cannot_hold_open_the_base_and_keep_what_was_asked(tiny_model: Model) -> None:
    size, names = tiny_model.config.latent_size, tiny_model.names
    strongest = max((abs(tiny_model.gram[a, b]), a, b) for a in range(len(names)) for b in range(a))
    twin = tiny_model.directions.copy()
    twin[:, strongest[1]] = twin[:, strongest[2]]
    model = _with_directions(tiny_model, twin)
    first, second = names[strongest[1]], names[strongest[2]]
    state = opening(f"1:7;{first}=3;{second}=-3", DEFAULT, model)
    assert state["start"]["face"] == "1:7"
    assert parse(state["asked"]).names == tuple(sorted((first, second)))
    assert set(state["problem"]["pins"]) == {first, second}
    assert size == 512


def _with_directions(model: Model, directions: np.ndarray) -> Model:
    from dataclasses import replace

    return replace(model, directions=directions, gram=directions.T @ directions)


def test_the_sliders_of_a_model_without_attributes(tmp_path: Path) -> None:
    """User directions where it has no components of w."""
    library = Library(tmp_path / "home")
    plain = replace(
        write_tiny_model(tmp_path / "plain", attributes=(), scorer=False, bank=0, latent_size=16),
        extra_directions=library,
    )
    assert slider_names(plain) == ()
    kept = [f"own~{library.user_directions.keep(f'd{k}', np.eye(16)[k % 16] + k, plain, {})}" for k in range(18)]
    assert set(slider_names(plain)) < set(kept)
    assert len(slider_names(plain)) == MOST_OWN
    assert opening(None, DEFAULT, plain)["extras"] == list(slider_names(plain))
    in_w = replace(imported_stylegan("stylegan2", tmp_path), extra_directions=library)
    library.user_directions.keep("mine", np.ones(in_w.size), in_w, {}, "w")
    assert slider_names(in_w) == COMPONENTS[: len(slider_names(in_w))] != ()
