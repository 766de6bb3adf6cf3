"""Expected-score curves for a model folder that was published without them."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dashboard.errors import InputError
from dashboard.synthesis.curves import Curves, curve_arrays
from dashboard.synthesis.manifest import SCHEMA, FileName
from dashboard.synthesis.model_folder import Model, open_model
from dashboard.synthesis.tensors import save_arrays


def add_curves(folder: Path, curves: Curves) -> Model:
    """Add expected-score curves to a model folder.

    Args:
        folder: of the model.
        curves: of its attributes, in their order.

    Returns:
        The model, read back.

    Raises:
        InputError: the curves have other attributes.
        ModelError: the folder cannot be used, with or without these curves; it is unchanged.
    """
    model = open_model(folder)
    if curves.names != model.names:
        raise InputError(
            f"Expected curves of {', '.join(model.names)[:200]}. Received: others. Make them of this model."
        )
    return _add(folder, "curves.safetensors", curve_arrays(curves))


def _add(folder: Path, name: FileName, arrays: Mapping[str, np.ndarray]) -> Model:
    """Write or replace a file of a model folder; only model.json changes otherwise, and the digest of faces stays."""
    manifest_file, file = folder / "model.json", folder / name
    before = {each: each.read_bytes() if each.is_file() else None for each in (manifest_file, file)}
    manifest = json.loads(before[manifest_file] or b"{}")
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        made = Path(scratch) / name
        save_arrays(made, arrays)
        entry = {"bytes": made.stat().st_size, "sha256": hashlib.sha256(made.read_bytes()).hexdigest()}
        files = dict(sorted({**manifest["files"], name: entry}.items()))
        manifest |= {"schema_version": SCHEMA, "files": files}
        written = Path(scratch) / "model.json"
        written.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        made.replace(file)
        written.replace(manifest_file)
    try:
        return open_model(folder)
    except Exception:
        for each, content in before.items():
            each.unlink(missing_ok=True)
            if content is not None:
                each.write_bytes(content)
        raise
