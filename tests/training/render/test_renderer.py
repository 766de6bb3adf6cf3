"""Pictures: reproducible, and consistent with the labels."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.render import gpu, occlusion
from training.render.errors import DriverError, KitError
from training.render.formats import ByteArray
from training.render.kit import Kit, load_kit
from training.render.person import Person, sample_person
from training.render.renderer import Renderer, reduce
from training.render.scene import Scene


def person(seed: int = 3, **changes: object) -> Person:
    plain: dict[str, object] = {
        **{"yaw": 0.0, "pitch": 0.0, "eyeglasses": False, "beard": 0.0, "moustache": 0.0, "pout": 0.0},
        **{"hair_style": "buzz", "smiling": 0.0, "mouth_open": 0.0, "lipstick": 0.0, "makeup": 0.0, "stubble": 0.0},
        **{"skin_darkness": 0.2, "light_x": 0.0, "baldness": -2.0, "melanin": 0.9, "gray": 0.0, "hair_redness": 0.0},
    }
    return replace(sample_person(np.random.default_rng(seed)), **plain | changes)  # type: ignore[arg-type]


def difference(first: ByteArray, second: ByteArray) -> np.ndarray:
    """Return the mean absolute difference over the colours, (height, width)."""
    return np.abs(first.astype(float) - second).mean(2)


def part(picture: np.ndarray, top: float, bottom: float, left: float = 0.25, right: float = 0.75) -> np.ndarray:
    side = len(picture)
    return picture[int(top * side) : int(bottom * side), int(left * side) : int(right * side)]


def test_a_person_gives_the_same_bytes_whatever_was_drawn_before(renderer: Renderer) -> None:
    people = [person(1), person(2, eyeglasses=True, beard=0.8, moustache=0.8), person(4, hair_style="long01")]
    first = [renderer.render(who).copy() for who in people]
    again = [renderer.render(who).copy() for who in reversed(people)][::-1]
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert difference(first[0], first[2]).mean() > 5


def test_a_picture_is_a_face_before_a_background(renderer: Renderer) -> None:
    picture = renderer.render(person(backdrop=(8.0, 0.0, 0.0), skin_darkness=0.0))
    assert picture.shape == (256, 256, 3)
    assert part(picture, 0.5, 0.75, 0.35, 0.65).mean() > picture[:8, :8].mean() + 60


@pytest.mark.parametrize(
    ("changes", "area"),
    [
        ({"eyeglasses": True}, (0.35, 0.55)),
        ({"smiling": 1.0}, (0.6, 0.85)),
        ({"mouth_open": 1.0}, (0.6, 0.95)),
        ({"lipstick": 1.0, "lipstick_hue": 0.0}, (0.6, 0.8)),
        ({"beard": 1.0, "moustache": 1.0, "beard_width": 1.0}, (0.6, 1.0)),
        ({"hair_style": "bald"}, (0.0, 0.3)),
        ({"hair_style": "short02"}, (0.0, 0.45)),
        ({"bushy_eyebrows": 1.0}, (0.3, 0.42)),
        ({"arched_eyebrows": 1.0}, (0.3, 0.42)),
        ({"narrow_eyes": 1.0}, (0.36, 0.48)),
        ({"big_nose": 1.0}, (0.4, 0.66)),
    ],
)
def test_a_label_changes_its_own_part_of_the_picture(
    real_renderer: Renderer, changes: dict[str, object], area: tuple[float, float]
) -> None:
    low: dict[str, Any] = {"bushy_eyebrows": -0.5, "arched_eyebrows": -1.0, "narrow_eyes": 0.0, "big_nose": -1.0}
    base = person(**low)
    changed = difference(real_renderer.render(base).copy(), real_renderer.render(replace(base, **changes)))  # type: ignore[arg-type]
    assert part(changed, *area).mean() > 3 * changed.mean() / 2
    assert part(changed, *area).mean() > 2


def test_light_from_the_right_lights_the_right(real_renderer: Renderer) -> None:
    left, right = (real_renderer.render(person(light_x=x, light_hardness=0.7)).astype(float) for x in (-1.0, 1.0))
    brighter = right.mean(2) - left.mean(2)
    assert part(brighter, 0.45, 0.7, 0.6, 0.7).mean() > 10 > -10 > part(brighter, 0.45, 0.7, 0.3, 0.4).mean()


def test_a_kit_without_optional_parts_draws_too(small_assets: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(small_assets, tmp_path / "kit"))
    for name in ("hair", "eyebrows", "eyelashes", "teeth", "tongue", "skins"):
        shutil.rmtree(folder / "base" / name)
    bare = Renderer(load_kit(folder), 256)
    assert bare.styles == ("bald", "buzz")
    picture = bare.render(person(smiling=1.0, mouth_open=1.0, eyeglasses=True, hair_style="long01"))
    assert picture.std() > 20


def test_an_eye_texture_is_required(small_assets: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(small_assets, tmp_path / "kit"))
    for path in (folder / "base" / "eyes" / "materials").glob("*.webp"):
        path.unlink()
    with pytest.raises(KitError, match="eye texture"):
        Scene(load_kit(folder), gpu.open_context())


@pytest.mark.usefixtures("renderer")
def test_occlusion_is_kept_and_a_spoilt_file_is_made_again(small_kit: Kit, small_cache: Path, tmp_path: Path) -> None:
    scene = Scene(small_kit, gpu.open_context())
    shutil.copytree(small_cache, tmp_path, dirs_exist_ok=True)
    first = occlusion.load_or_compute(scene, tmp_path)
    path = next(tmp_path.glob("occlusion-*.npz"))
    stamp = path.stat().st_mtime_ns
    again = occlusion.load_or_compute(scene, tmp_path)
    assert path.stat().st_mtime_ns == stamp
    assert set(first) == {"body bald", "body long01", "body short02", "hair long01", "hair short02"}
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name])
        assert 0 <= values.min() < values.max() <= 1
    assert first["body long01"].mean() < first["body bald"].mean()
    path.write_bytes(b"spoilt")
    np.testing.assert_array_equal(occlusion.load_or_compute(scene, tmp_path)["body bald"], first["body bald"])
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_gpu_is_preferred_to_the_software_rasteriser(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        def __init__(self, name: str) -> None:
            self.info, self.open = {"GL_RENDERER": name}, True

        def release(self) -> None:
            self.open = False

        def __enter__(self) -> Context:
            return self

    for names, expected in (
        (("llvmpipe (LLVM)", "NVIDIA H200"), "NVIDIA H200"),
        (("llvmpipe", "softpipe"), "llvmpipe"),
    ):
        made: list[Context] = []

        def create(
            *, device_index: int, names: tuple[str, ...] = names, made: list[Context] = made, **_: object
        ) -> Context:
            if device_index >= len(names):
                raise ValueError(f"requested device index {device_index}, but found {len(names)} devices")
            made.append(Context(names[device_index]))
            return made[-1]

        monkeypatch.setattr(gpu.moderngl, "create_context", create)
        assert gpu.open_context().info["GL_RENDERER"] == expected
        assert [context.info["GL_RENDERER"] for context in made if context.open] == [expected]


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise OSError("libEGL.so.1 not found")

    monkeypatch.setattr(gpu.moderngl, "create_context", fail)
    with pytest.raises(DriverError, match="apt-get install libegl1 libgl1-mesa-dri"):
        gpu.open_context()


def test_reducing_averages() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    picture[:2, :2] = 100
    assert reduce(picture, 2)[..., 0].tolist() == [[100, 0], [0, 0]]
