"""Bulk work: merged slices equal the whole, byte for byte; interrupted and foreign slices."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.analysis.pins import on_sphere
from dashboard.analysis.rescoring import STEPS, traverse
from dashboard.api import LoadedModel
from dashboard.bulk.array_output import write_npy
from dashboard.bulk.faces import FaceRequest, FacesWork
from dashboard.bulk.merging import merge
from dashboard.bulk.open_work import open_work
from dashboard.bulk.plan import BLOCK, WHOLE, Plan, Slice, Work
from dashboard.bulk.scored import BankRequest, BankWork, RescoreRequest, RescoreWork, SeedRows
from dashboard.bulk.slices import compute_slice, find_block, missing_blocks
from dashboard.errors import InputError
from dashboard.synthesis.model_folder import open_model

ROWS = 3 * BLOCK + 11
"""Four blocks, the last one shorter, so that five slices leave one without blocks."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    path = write_tiny_model(tmp_path_factory.mktemp("models") / "tiny", bank=0).path
    return LoadedModel(open_model(path), "openvino", 1)


KINDS: dict[str, Callable[[LoadedModel], Work]] = {
    "faces": lambda loaded: FacesWork(loaded, FaceRequest(f"0-{ROWS - 1}", {"Smiling": 1.5}, batch=5)),
    "bytes": lambda loaded: FacesWork(loaded, FaceRequest(f"0-{ROWS - 1}", dtype="uint8")),
    "rescore": lambda loaded: RescoreWork(loaded, RescoreRequest(BLOCK + 3, 7, ("Male",))),
    "bank": lambda loaded: BankWork(loaded, BankRequest(ROWS, 3)),
}


@pytest.fixture(scope="module")
def wholes(loaded: LoadedModel, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the result of the plain command's way, made once per kind."""
    folder = tmp_path_factory.mktemp("wholes")

    def whole(kind: str) -> Path:
        path = folder / kind
        work = KINDS[kind](loaded)
        if path.exists():
            return path
        if isinstance(work, FacesWork):
            write_npy(path, work.blocks(), ROWS, work.shape, np.dtype(work.request.dtype))
        else:
            compute_slice(work, folder / f"{kind}.slices", WHOLE)
            merge([folder / f"{kind}.slices"], path)
        return path

    return whole


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("kind", ["faces", "bytes", "bank"])
def test_merged_slices_equal_the_whole_byte_for_byte(
    kind: str, count: int, loaded: LoadedModel, wholes: Callable[[str], Path], tmp_path: Path
) -> None:
    work = KINDS[kind](loaded)
    for number in reversed(range(1, count + 1)):
        compute_slice(work, tmp_path / "slices", Slice(number, count))
    merge([tmp_path / "slices"], tmp_path / "merged")
    assert (tmp_path / "merged").read_bytes() == wholes(kind).read_bytes()
    merge([tmp_path / "slices"], tmp_path / "merged")  # can be repeated
    assert (tmp_path / "merged").read_bytes() == wholes(kind).read_bytes()


def test_rescored_in_slices_is_what_a_run_measures(
    loaded: LoadedModel, wholes: Callable[[str], Path], tmp_path: Path
) -> None:
    work = KINDS["rescore"](loaded)
    for number in (2, 1):
        compute_slice(work, tmp_path / "slices", Slice(number, 2))
    merge([tmp_path / "slices"], tmp_path / "merged.npz")
    assert (tmp_path / "merged.npz").read_bytes() == wholes("rescore").read_bytes()
    found = np.load(tmp_path / "merged.npz")
    some = 2
    run = traverse(
        loaded.scores,
        np.random.RandomState(7).randn(some, loaded.latent_size),
        loaded.model.directions,
        names=loaded.attributes,
        locked=[loaded.attributes.index("Male")],
    )
    np.testing.assert_allclose(found["scores"][:some], run.scores, atol=1e-3)
    np.testing.assert_array_equal(found["feasible"][:some], run.feasible)
    assert found["scores"].shape == (BLOCK + 3, 8, len(STEPS), 8)
    assert [str(each) for each in found["moved"]] == list(loaded.attributes)
    assert (str(found["digest"]), list(found["steps"])) == (loaded.model.digest, list(STEPS))


def test_a_bank_has_the_scores_of_its_latents(loaded: LoadedModel, wholes: Callable[[str], Path]) -> None:
    found = np.load(wholes("bank"))
    z = on_sphere(np.random.RandomState(3).randn(ROWS, loaded.latent_size))
    np.testing.assert_allclose(found["latents"], z, atol=1e-5)
    np.testing.assert_allclose(found["scores"][-3:], loaded.scores(z[-3:]), atol=1e-3)
    assert found["features"].shape == (ROWS, 64)


def test_rows_of_a_seed_in_any_sequence() -> None:
    wanted, drawn = np.random.RandomState(5).randn(9000, 3), SeedRows(5, 3)
    for first, last in ((64, 128), (8960, 9000), (0, 64)):
        np.testing.assert_array_equal(drawn.rows(first, last), wanted[first:last])


def test_an_interrupted_slice_continues(loaded: LoadedModel, wholes: Callable[[str], Path], tmp_path: Path) -> None:
    work, folder = KINDS["faces"](loaded), tmp_path / "slices"
    done: list[int] = []

    def interrupt(rows: int) -> None:
        done.append(rows)
        if len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compute_slice(work, folder, WHOLE, interrupt)
    assert missing_blocks(folder, work.plan, WHOLE) == [2, 3]
    (folder / ".new-left-by-a-kill").write_bytes(b"half")
    first = folder / "rows-000000000.safetensors"
    first.write_bytes(first.read_bytes()[:-1])  # cut short by a full disk
    assert compute_slice(work, folder, WHOLE) == 3
    assert compute_slice(work, folder, WHOLE) == 0
    merge([folder], tmp_path / "merged")
    assert (tmp_path / "merged").read_bytes() == wholes("faces").read_bytes()


def test_slices_of_several_machines_are_merged(
    loaded: LoadedModel, wholes: Callable[[str], Path], tmp_path: Path
) -> None:
    work = KINDS["bytes"](loaded)
    for number in (1, 2):
        compute_slice(work, tmp_path / str(number), Slice(number, 2))
    merge([tmp_path / "1", tmp_path / "2"], tmp_path / "merged")
    assert (tmp_path / "merged").read_bytes() == wholes("bytes").read_bytes()


def test_missing_slices_are_named(loaded: LoadedModel, tmp_path: Path) -> None:
    work, folder = KINDS["bytes"](loaded), tmp_path / "slices"
    with pytest.raises(InputError, match=r"no plan\.json"):
        merge([folder], tmp_path / "merged")
    compute_slice(work, folder, Slice(2, 2))
    with pytest.raises(InputError, match=r"Expected 2 complete slices. Received: 1. Missing: 1/2 \(rows 0 to 127\)"):
        merge([folder], tmp_path / "merged")
    (folder / "rows-000000192.safetensors").unlink()
    with pytest.raises(InputError, match=r"2/2 \(rows 192 to 202, 1 of 2 blocks\)"):
        merge([folder], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_slices_of_other_work_are_refused(loaded: LoadedModel, tmp_path: Path) -> None:
    work, folder = KINDS["bytes"](loaded), tmp_path / "slices"
    compute_slice(work, folder, WHOLE)
    other = FacesWork(loaded, FaceRequest("1-9", dtype="uint8"))
    with pytest.raises(InputError, match="rows 203 instead of 9, seeds 0-202 instead of 1-9"):
        compute_slice(other, folder, WHOLE)
    compute_slice(other, tmp_path / "other", WHOLE)
    with pytest.raises(InputError, match="seeds 1-9 instead of 0-202"):
        merge([folder, tmp_path / "other"], tmp_path / "merged")
    # A file of other work under the name of a block is not taken for it.
    name = "rows-000000000.safetensors"
    shutil.copy(tmp_path / "other" / name, folder / name)
    assert find_block([folder], work.plan, 0) is None
    with pytest.raises(InputError, match="1/1"):
        merge([folder], tmp_path / "merged")


@pytest.mark.parametrize("change", ["text", "identity", "rows", "arrays"])
def test_an_altered_plan_is_refused(change: str, loaded: LoadedModel) -> None:
    values = json.loads(KINDS["faces"](loaded).plan.written())
    values |= {"identity": {"identity": "0" * 64}, "rows": {"rows": -1}, "arrays": {"arrays": 5}}.get(change, {})
    with pytest.raises(InputError, match="Expected"):
        Plan.read(json.dumps(values)[: 40 if change == "text" else None], "a message")


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_gives_the_work_of_its_plan(kind: str, loaded: LoadedModel) -> None:
    plan = KINDS[kind](loaded).plan
    work = open_work(Plan.read(plan.written(), "a message"), threads=1)
    assert work.plan.identity == plan.identity


def test_files_that_changed_since_the_plan_are_noticed(loaded: LoadedModel, tmp_path: Path) -> None:
    np.save(tmp_path / "z.npy", np.ones((3, loaded.latent_size)))
    plan = FacesWork(loaded, FaceRequest(latents=str(tmp_path / "z.npy"))).plan
    np.save(tmp_path / "z.npy", np.full((3, loaded.latent_size), 2.0))
    with pytest.raises(InputError, match="file of latents"):
        open_work(plan, loaded)


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "1/0", "1", "1/100001", "-1/3", "1/3/5", "a/b", "1 /3", "²/³"])
def test_what_is_no_slice_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="3/8"):
        Slice.parse(text)


@pytest.mark.parametrize(("rows", "count"), [(1, 1), (64, 3), (65, 2), (1000, 7), (6400, 100)])
def test_slices_have_every_block_once(rows: int, count: int) -> None:
    blocks = [number for k in range(count) for number in Slice(k + 1, count).blocks(rows)]
    assert blocks == list(range(-(-rows // BLOCK)))
