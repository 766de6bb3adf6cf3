"""Merging the slices of bulk work into one result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from dashboard.bulk.array_output import write_npy, write_npz
from dashboard.bulk.plan import BLOCK, Plan, Slice
from dashboard.bulk.slices import Found, Tell, find_block, read_blocks, read_plan
from dashboard.errors import InputError

LISTED = 10
"""Missing slices that an error names."""


def merge(folders: Sequence[Path], target: Path, tell: Tell = lambda rows: None) -> Plan:
    """Write the result of slices; can be repeated.

    Args:
        folders: of slices of the same work, from one machine or several.
        target: the file; of faces as pictures the folder that already holds them, which is not changed.
        tell: called after every block of the first array.

    Returns:
        The plan of the work.

    Raises:
        InputError: the folders hold slices of different work, or slices are missing; the message names them.
    """
    plan, found = complete(folders)
    if plan.options.get("form") == "png":
        return plan

    def blocks(name: str) -> Iterator[np.ndarray]:
        for block in read_blocks(found, plan, name):
            yield block
            if name == first:
                tell(len(block))

    first = next(iter(plan.arrays))
    forms = {name: (plan.rows, form.shape, np.dtype(form.dtype)) for name, form in plan.arrays.items()}
    if plan.options.get("form") == "npy":
        write_npy(target, blocks(first), *forms[first])
    else:
        write_npz(target, {name: (blocks(name), *form) for name, form in forms.items()}, plan.constants)
    return plan


def complete(folders: Sequence[Path]) -> tuple[Plan, list[Found]]:
    """Return the plan of slices and the files of all their blocks.

    Raises:
        InputError: as `merge`.
    """
    plans = [read_plan(folder) for folder in folders]
    for folder, plan in zip(folders, plans, strict=True):
        if other := plans[0].difference(plan):
            raise InputError(f"Expected slices of the same work as in {folders[0]}. Received: {other}, in {folder}.")
    plan = plans[0]
    found = [find_block(folders, plan, number) for number in range(-(-plan.rows // BLOCK))]
    if None in found:
        raise InputError(_missing(plan, found))
    return plan, [each for each in found if each is not None]


def _missing(plan: Plan, found: Sequence[Found | None]) -> str:
    """Say which slices are missing, of as many as the existing blocks were computed in."""
    count = max((Slice.parse(each.part).of for each in found if each is not None), default=1)
    slices = [Slice(number, count) for number in range(1, count + 1)]
    gaps = {part: [number for number in part.blocks(plan.rows) if found[number] is None] for part in slices}
    gaps = {part: numbers for part, numbers in gaps.items() if numbers}
    lines = []
    for part, numbers in list(gaps.items())[:LISTED]:
        whole = len(numbers) == len(part.blocks(plan.rows))
        rows = f"rows {numbers[0] * BLOCK:,} to {min((numbers[-1] + 1) * BLOCK, plan.rows) - 1:,}"
        lines.append(f"{part} ({rows}{'' if whole else f', {len(numbers)} of {len(part.blocks(plan.rows))} blocks'})")
    more = f" and {len(gaps) - LISTED} more" if len(gaps) > LISTED else ""
    return (
        f"Expected {count} complete slices. Received: {count - len(gaps)}. Missing: {', '.join(lines)}{more}. "
        f"Run these again with --slice."
    )
