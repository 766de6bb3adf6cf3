from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.synthesis import open_engine as module
from dashboard.synthesis.engine import available_outputs
from dashboard.synthesis.families import pggan_config
from dashboard.synthesis.model_folder import Model
from dashboard.synthesis.open_engine import numeric_class, open_engine, resolve_kind


@pytest.mark.parametrize(
    ("device", "package", "visible", "kind"),
    [
        (True, True, None, "tensorflow"),
        (True, True, "0,1", "tensorflow"),
        (True, True, "", "openvino"),
        (True, True, "-1", "openvino"),
        (True, False, None, "openvino"),
        (False, True, None, "openvino"),
    ],
)
def test_auto_is_tensorflow_only_where_its_gpu_build_meets_a_gpu(
    monkeypatch: pytest.MonkeyPatch, device: bool, package: bool, visible: str | None, kind: str
) -> None:
    def version(name: str) -> str:
        if not (package and name == "tensorflow"):
            raise module.importlib.metadata.PackageNotFoundError(name)
        return "2.21.0"

    monkeypatch.setattr(module.Path, "exists", lambda path: device and str(path) == "/dev/nvidiactl")
    monkeypatch.setattr(module.importlib.metadata, "version", version)
    if visible is None:
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    else:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert resolve_kind("auto") == kind
    assert resolve_kind("openvino") == "openvino"
    assert resolve_kind("tensorflow") == "tensorflow"


def test_the_numeric_class_is_computed_without_an_engine(tiny_model: Model, tmp_path: Path) -> None:
    for precision in ("fast", "exact"):
        assert numeric_class("openvino", precision) == open_engine(tiny_model, "openvino", precision).numeric
    assert numeric_class("openvino", "exact") == "openvino-f32"
    assert numeric_class("tensorflow", "exact") == "tensorflow-f32"


def test_outputs_are_those_that_the_network_has(tiny_model: Model) -> None:
    config = pggan_config(tiny_model.config)
    assert available_outputs(config, False) == ("image", "block4", "block8")
    assert available_outputs(config, True) == ("image", "block4", "block8", "scores", "features")
    assert available_outputs(type(config)(resolution=4), False) == ("image", "block4")
