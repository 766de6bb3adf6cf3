"""`--slice i/n`: a part of bulk work, which another run of the same command continues."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dashboard.bulk.plan import Slice, Work
from dashboard.bulk.slices import compute_slice, folder_of, join_folder, missing_blocks
from dashboard.commands.group import ended_tidily
from dashboard.commands.printed_progress import progress
from dashboard.errors import InputError


class _SliceType(click.ParamType):
    name = "slice"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Slice:
        try:
            return value if isinstance(value, Slice) else Slice.parse(value)
        except InputError as error:
            self.fail(str(error), param, ctx)


SLICE = click.option(
    "--slice", "part", type=_SliceType(), metavar="I/N", help="Only slice I of N, kept for the command merge."
)


def write_slice(work: Work, part: Slice, target: Path) -> None:
    """Compute a slice of a result with progress, and say what to do next.

    Args:
        work: the work.
        part: the slice.
        target: file or folder of the result; the slice is kept beside it.
    """
    folder = folder_of(target)
    run_slice(work, part, folder)
    click.echo(
        f"Slice {part} is in {folder}. When all {part.of} are there: python -m dashboard merge {target}"
        if part.of > 1
        else f"All rows are in {folder}. Next: python -m dashboard merge {target}"
    )


def run_slice(work: Work, part: Slice, folder: Path) -> None:
    """Compute the missing blocks of a slice with progress; an interruption keeps the finished ones, and says so."""
    plan, every = work.plan, part.blocks(work.plan.rows)
    join_folder(folder, plan)
    missing = missing_blocks(folder, plan, part)
    if len(missing) < len(every):
        click.echo(f"{len(every) - len(missing):,} of {len(every):,} blocks are there already.", err=True)
    noun = {"rescore": "bases"}.get(plan.kind, "faces")
    try:
        with ended_tidily(), progress(sum(map(plan.size, missing)), noun) as bar:
            compute_slice(work, folder, part, bar.update)
    except (KeyboardInterrupt, SystemExit):
        left = len(missing_blocks(folder, plan, part))
        click.echo(
            f"\nStopped: {len(every) - left:,} of {len(every):,} blocks are kept in {folder}. "
            "The same command continues.",
            err=True,
        )
        raise
