"""Slices of bulk work on disk: a folder with the plan and a file for each block, written atomically.

A block's file holds what it belongs to, so that a slice can be computed twice, by two processes or after an
interruption, and no file of other work is ever merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from dashboard.bulk.plan import BLOCK, Plan, Slice, Work
from dashboard.errors import InputError
from dashboard.stores.array_files import write_arrays
from dashboard.stores.durable import write_file

PLAN = "plan.json"
MAX_PLAN_BYTES = 1 << 20

Tell = Callable[[int], object]
"""Callback for progress: the rows that were computed since the last call."""


def folder_of(target: Path) -> Path:
    """Return the folder for the slices of a result."""
    return target.with_name(f"{target.name}.slices")


@dataclass(frozen=True)
class Found:
    """A valid file of a block.

    Args:
        path: the file.
        part: slice that it was computed in, such as "3/8".
    """

    path: Path
    part: str


def missing_blocks(folder: Path, plan: Plan, part: Slice) -> list[int]:
    """List the blocks of a slice that are not in a folder."""
    return [number for number in part.blocks(plan.rows) if find_block((folder,), plan, number) is None]


def compute_slice(work: Work, folder: Path, part: Slice, tell: Tell = lambda rows: None) -> int:
    """Compute the missing blocks of a slice. A repeated call, or one in another process, gives the same files.

    Args:
        work: the work.
        folder: for the files; created if missing.
        part: the slice.
        tell: called after every block; an exception from it stops the work, and finished blocks stay.

    Returns:
        The number of computed blocks.

    Raises:
        InputError: the folder holds slices of other work.
        OSError: a file cannot be written.
    """
    plan = work.plan
    join_folder(folder, plan)
    missing = missing_blocks(folder, plan, part)
    pending: Future[None] | None = None
    with ThreadPoolExecutor(1, "likeness-slices") as writer:  # writes a block while the next one is computed
        for number in missing:
            arrays = work.block(number)
            if pending is not None:
                pending.result()
            pending = writer.submit(_write_block, folder, plan, number, part, arrays)
            tell(plan.size(number))
        if pending is not None:
            pending.result()
    return len(missing)


def join_folder(folder: Path, plan: Plan) -> None:
    """Write the plan into a folder, or check that the folder's plan is the same.

    Raises:
        InputError: the folder holds slices of other work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / PLAN).exists():
        write_file(folder / PLAN, plan.written().encode())
    if other := plan.difference(read_plan(folder)):
        raise InputError(
            f"Expected slices of this work in {folder}. Received: {other}. Choose another output, or remove the folder."
        )


def read_plan(folder: Path) -> Plan:
    """Return the plan in a folder.

    Raises:
        InputError: there is none, or one of another version.
    """
    path = folder / PLAN
    try:
        if path.stat().st_size > MAX_PLAN_BYTES:
            raise InputError(f"Expected a plan of at most 1 MiB in {path}. Received: more. Choose another folder.")
        text = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"Expected slices in {folder}. Received: no {PLAN} there. Run a slice first.") from None
    return Plan.read(text, str(path))


def find_block(folders: Sequence[Path], plan: Plan, number: int) -> Found | None:
    """Return the file of a block that belongs to a plan, from the first folder that has one; None without."""
    for folder in folders:
        path = folder / _name(number)
        try:
            with safe_open(path, framework="np") as file:
                about = file.metadata() or {}
                forms = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
                shapes = {name: tuple(form.get_shape()) for name, form in forms.items()}
        except (OSError, SafetensorError):
            continue
        wanted = {name: (plan.size(number), *form.shape) for name, form in plan.arrays.items()}
        if about.get("of") == plan.identity and about.get("block") == str(number) and shapes == wanted:
            return Found(path, about.get("slice", ""))
    return None


def read_blocks(found: Sequence[Found], plan: Plan, name: str) -> Iterator[np.ndarray]:
    """Yield one array, block by block.

    Raises:
        InputError: a file has changed since it was found.
    """
    form = plan.arrays[name]
    for number, each in enumerate(found):
        try:
            with safe_open(each.path, framework="np") as file:
                array = file.get_tensor(name)
        except (OSError, SafetensorError) as error:
            raise InputError(f"Expected to read {each.path}. Received: {error}. Run its slice again.") from error
        if array.dtype != np.dtype(form.dtype) or array.shape != (plan.size(number), *form.shape):
            raise InputError(f"Expected {name} as planned in {each.path}. Received: {array.dtype} {array.shape}.")
        yield array


def _write_block(folder: Path, plan: Plan, number: int, part: Slice, arrays: dict[str, np.ndarray]) -> None:
    header = {"of": plan.identity, "block": str(number), "slice": str(part)}
    typed = {name: np.asarray(arrays[name], form.dtype) for name, form in plan.arrays.items()}
    write_arrays(folder / _name(number), typed, header)


def _name(number: int) -> str:
    return f"rows-{number * BLOCK:09d}.safetensors"
