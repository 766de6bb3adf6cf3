"""The list of models: installed, in the catalogue, downloading, and removed; each in plain values for a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dashboard.errors import LikenessError
from dashboard.faces.site_path import site_path
from dashboard.serving.downloads import FetchState
from dashboard.serving.runtime import Runtime
from dashboard.synthesis.imports import is_celebahq
from dashboard.synthesis.installed_models import TRASH, model_folders
from dashboard.synthesis.manifest import Manifest, read_manifest
from dashboard.synthesis.tensors import declared_shapes

State = Literal[
    "in use", "here", "no directions", "damaged", "removed", "not fetched", "waiting", "fetching", "importing", "failed"
]

MAX_UPLOAD_BYTES = 400_000_000
"""Size limit of an uploaded file in bytes: four times the largest published network, since one may hold three networks.
"""

HAND_PICKED = (477, 56, 83, 887, 583, 391, 86, 340, 341, 415)
"""Rows of seed 1000 that NVIDIA picked by hand for CelebA-HQ (import_example.py of its README)."""

MAX_CARD_BYTES = 1 << 16
_PICTURE = re.compile(r"!\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])")
_LOCAL_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https://)[^)]*\)")
_HEADING = re.compile(r"^(#{1,4}) ", re.MULTILINE)


@dataclass(frozen=True)
class Item:
    """One model, as a row of a list.

    Args:
        name: its name.
        state: its state.
        about: one sentence; empty if there is none.
        resolution: side of its pictures in pixels; 0 if unknown.
        attributes: how many directions it has.
        scorer: whether it has an attribute network.
        bank: faces in its bank.
        licence: terms of its weights.
        bytes: size of its files, or of the files to fetch.
        digest: 64 hexadecimal digits; empty if it is not installed.
        own: whether it was fetched or imported here, and so can be removed.
        fetch: state of its fetch, or of the last one.
        problem: what is wrong with it, a sentence.
        folder: its folder; None if it is not installed.
    """

    name: str
    state: State
    about: str = ""
    resolution: int = 0
    attributes: int = 0
    scorer: bool = False
    bank: int = 0
    licence: str = ""
    bytes: int = 0
    digest: str = ""
    own: bool = False
    fetch: FetchState | None = None
    problem: str = ""
    folder: Path | None = None

    @property
    def usable(self) -> bool:
        """Whether it can make faces."""
        return self.state in ("in use", "here", "no directions")

    @property
    def pictures(self) -> str:
        """Start of the addresses of its pictures."""
        return site_path(f"/faces/{self.name}@{self.digest[:8]}/")


def inventory(runtime: Runtime) -> list[Item]:
    """Return every model that is installed or can be fetched.

    Args:
        runtime: the server's runtime.

    Returns:
        The default model, the other installed models, those of the catalogue, and those removed in the last day.
    """
    # Before the folders: a fetch that ends in between must not look as if it had never begun.
    fetches = runtime.fetches.states()
    model = runtime.model
    default = replace(_of_folder(model.path, runtime), own=False)
    items = {model.name: default if default.state == "damaged" else replace(default, state="in use")}
    for folder in model_folders(runtime.shelves):
        items.setdefault(folder.name, _of_folder(folder, runtime))
    for name, entry in runtime.catalogue.models.items():
        fetch = fetches.get(name)
        if name in items and not (fetch and fetch.running):
            continue
        state: State = "not fetched"
        if fetch and (fetch.running or fetch.phase == "failed"):
            state = fetch.phase  # type: ignore[assignment]
        items[name] = Item(
            name,
            state,
            entry.about,
            entry.resolution,
            entry.attributes,
            licence=entry.licence,
            bytes=entry.bytes,
            fetch=fetch,
            problem=fetch.error if fetch else "",
        )
    removed = [_of_folder(folder, runtime) for folder in model_folders([runtime.own_shelf / TRASH])]
    return [*items.values(), *(replace(item, state="removed") for item in removed if item.name not in items)]


def card_text(folder: Path | None) -> str:
    """Return a model's card in a form that a page can show.

    Args:
        folder: the model's folder; None for a model that is not installed.

    Returns:
        Markdown of MODEL_CARD.md without its title, pictures and links to files; empty without a card. Raw HTML is
        not removed: the caller must escape it.
    """
    if folder is None:
        return ""
    try:
        with (folder / "MODEL_CARD.md").open("rb") as file:
            text = file.read(MAX_CARD_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    text = re.sub(r"\A\s*# .*\n", "", text)
    text = _LOCAL_LINK.sub(r"\1", _PICTURE.sub("", text))
    return _HEADING.sub(r"#\1 ", text).strip()


def hand_picked(item: Item, runtime: Runtime) -> tuple[int, ...]:
    """Return the rows of seed 1000 that NVIDIA chose, if the model is its CelebA-HQ network; else none."""
    try:
        return HAND_PICKED if item.usable and is_celebahq(runtime.open_model(item.name).model) else ()
    except LikenessError:
        return ()  # removed or altered since the list was made: the next list shows it


def _of_folder(folder: Path, runtime: Runtime) -> Item:
    own = runtime.own_shelf in folder.parents
    try:
        manifest = read_manifest(folder, folder.name)
        bank = _bank(folder, manifest)
    except LikenessError as error:
        return Item(folder.name, "damaged", own=own, problem=str(error), folder=folder)
    return Item(
        folder.name,
        "here" if manifest.attributes else "no directions",
        str(manifest.provenance.get("about", ""))[:300],
        manifest.generator.resolution,
        len(manifest.attributes),
        manifest.scorer is not None,
        bank,
        manifest.licence,
        sum(entry.bytes for entry in manifest.files.values()),
        manifest.digest,
        own,
        folder=folder,
    )


def _bank(folder: Path, manifest: Manifest) -> int:
    if "bank.safetensors" not in manifest.files:
        return 0
    try:
        return (declared_shapes(folder / "bank.safetensors").get("scores") or (0,))[0]
    except OSError:
        return 0  # deleted in the meantime; opening the model will report it
