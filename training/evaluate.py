"""``python -m training evaluate``: all measurements of trained networks in one process, packed for download.

Fit, bank, figures and curves, one after the other. Each is stored as soon as it exists, so a late failure loses
nothing. On a GPU (``--engine jax``) this takes minutes; on two cores, a night. Results are in the
run's folders in the form that `fit`, `measure` and `publish` read, and in a few small files in ``--out``.
"""

from __future__ import annotations

import os
import tarfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from training.choice import Rule, rule_options
from training.errors import TrainingError

if TYPE_CHECKING:
    from training.fit import Fit
    from training.pictures import Pictures

PACKS = {
    "evaluated": ("fit/fit.*", "measured/measure.*", "measured/nearest.webp", "bank/curves.*"),
    "bank": ("bank/bank.*", "bank/atlas.webp"),
}
"""Archives of the results: the files of the run in each, under 16 MiB each."""


@dataclass(frozen=True)
class Amounts:
    """Sample sizes.

    Args:
        latents: faces from which directions are found.
        calibrated: faces from which each direction's range is found.
        samples, pictures, bases, resamples, neighbours: as in :class:`training.measure.behaviour.Effort`.
        bank: faces of the bank.
        curve_faces: faces at each coordinate of each attribute, at most.
    """

    latents: int = 40_000
    calibrated: int = 64
    samples: int = 10_000
    pictures: int = 768
    bases: int = 500
    resamples: int = 1000
    neighbours: int = 16_384
    bank: int = 20_000
    curve_faces: int = 480


SMALL = Amounts(1200, 4, 80, 16, 4, 20, 64, 120, 40)
"""Sample sizes of a rehearsal."""


class Evaluation:
    """The networks of a run, and their measurements.

    Args:
        folder: of the run: train, scorer, judge and faces.
        amounts: sample sizes.
        rule: that drops attributes.
        engine: "auto", "openvino" or "jax".
        deadline: on the monotonic clock, for the curves.
        report: called with lines of text.
    """

    def __init__(
        self, folder: Path, amounts: Amounts, rule: Rule, engine: Any = "auto", deadline: float | None = None,
        report: Callable[[str], object] = click.echo,
    ) -> None:  # fmt: skip
        from training.kept import Kept
        from training.pictures import open_pictures
        from training.trained import read_published

        self.folder, self.amounts, self.rule, self.deadline, self.report = folder, amounts, rule, deadline, report
        self.engine = engine
        self.run, self.scorer, self.judge = read_published(*(folder / name for name in ("train", "scorer", "judge")))
        self.variables = self.run.networks["Gs"]
        self.pictures: Pictures = open_pictures(self.run.config, self.variables, self.scorer, self.judge, engine=engine)
        networks = self.variables, self.scorer.variables, self.judge.variables
        self.kept = {name: Kept(folder / name / "parts", *networks) for name in ("fit", "measured")}
        self.networks = networks

    def score(self, latents: np.ndarray) -> np.ndarray:
        """Return the raw scores (n, 2, S) of the faces of latents (n, L)."""
        return np.stack([scores for scores, _ in self.pictures.scores(latents)], axis=1)

    def find(self) -> Fit:
        """Return directions, stored in fit/."""
        from training.fit import candidates_of, fit
        from training.spaces import FaceSpace

        found = fit(
            self.score, candidates_of(self.scorer, self.judge), FaceSpace(self.run.config.latent_size),
            self.amounts.latents, 1, self.amounts.calibrated, self.rule, self.kept["fit"],
        )  # fmt: skip
        found.write(self.folder / "fit")
        self.report(f"{len(found.names)} directions; dropped: {', '.join(found.dropped) or 'none'}")
        return found

    def bank(self) -> None:
        """Make the bank, stored in bank/."""
        from training.bank import make_bank
        from training.kept import digest
        from training.spaces import FaceSpace

        names = self.scorer.config.attributes
        space = FaceSpace(self.run.config.latent_size)
        made = make_bank(self.pictures, space, names, digest(*self.networks), self.amounts.bank)
        made.write(self.folder / "bank")

    def measure(self, found: Fit, pairs: Path | None) -> None:
        """Measure all figures, stored in measured/."""
        from training.codes import NAME, read_codes
        from training.kept import digest
        from training.label.truth import read_truth
        from training.measure.behaviour import Effort
        from training.measure.goals import goals
        from training.measure.renders import Renders
        from training.measure.result import measured
        from training.measure.study import Study
        from training.sheets import save_sheet
        from training.trained import pair_stage

        a, faces = self.amounts, self.folder / "faces"
        effort = Effort(a.samples, a.pictures, a.bases, a.resamples, a.neighbours)
        study = Study(
            self.run, self.scorer, self.judge, found, Renders(faces, self.run.config.resolution), read_truth(faces),
            effort, 20_000, self.kept["measured"], self.bar, self.engine, self.pictures,
        )  # fmt: skip
        codes = read_codes(faces, self.run.config.latent_size) if (faces / NAME).is_file() else None
        network = pair_stage(pairs, self.variables) if pairs is not None else None
        result, nearest = measured(study, found, digest(found.directions), codes, network)
        result.write(self.folder / "measured")
        save_sheet(self.folder / "measured" / "nearest.webp", nearest, columns=24)
        stored = tuple(a for a in map(result.stored, found.attributes) if a is not None)
        for goal in goals(stored, result):
            self.report(f"{'met   ' if goal.met else 'MISSED'} {goal.name}: {goal.received} ({goal.wanted})")

    def curves(self, found: Fit) -> None:
        """Measure expected-score curves, stored in bank/curves."""
        from dashboard.synthesis.curves import curve_arrays
        from training.kept import digest, write_result
        from training.measure.curves import curves

        columns = [self.scorer.config.attributes.index(name) for name in found.names]
        latents = np.random.RandomState(29_999).randn(min(self.amounts.bank, 4000), self.run.config.latent_size)
        deviations = self.score(latents).std(axis=0)[:, columns]
        made = curves(
            self.score, found.names, found.directions, columns, deviations, self.amounts.curve_faces,
            deadline=self.deadline,
        )  # fmt: skip
        fields = {"names": found.names, "fit": digest(found.directions)}
        write_result(self.folder / "bank", "curves", fields, curve_arrays(made))
        self.report(f"curves of {made.faces} faces at each of {len(made.grid)} coordinates")

    @contextmanager
    def bar(self, title: str, _total: int) -> Iterator[Callable[[int], object]]:
        """Report how long each part took."""
        begun = time.monotonic()
        yield lambda done: None
        self.report(f"  {title}: {time.monotonic() - begun:.1f} s")


def pack(folder: Path, out: Path) -> list[Path]:
    """Pack the existing results of a run into a few archives; return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, patterns in PACKS.items():
        files = sorted(file for pattern in patterns for file in folder.glob(pattern) if file.suffix != ".part")
        part = out / f"{name}.tar.part"
        with tarfile.open(part, "w") as tar:
            for file in files:
                tar.add(file, file.relative_to(folder).as_posix())
        part.replace(out / f"{name}.tar")
        written.append(out / f"{name}.tar")
    return written


def evaluate(
    folder: Path, out: Path, amounts: Amounts, rule: Rule, engine: str, seconds: float | None, pairs: Path | None,
    report: Callable[[str], object],
) -> bool:  # fmt: skip
    """Run all parts; return whether none failed. Results from before a failure are packed too."""
    begun, good = time.monotonic(), True
    deadline = None if seconds is None else begun + seconds

    def say(line: str) -> None:
        report(f"{time.monotonic() - begun:6.1f} {line}")

    def attempt(name: str, do: Callable[..., Any], *given: Any) -> Any:
        nonlocal good
        say(name)
        try:
            return do(*given)
        except Exception as error:
            good = False
            if str(error).startswith("Stopped"):
                raise
            say(f"Failed: {name}: {type(error).__name__}: {error}\n{traceback.format_exc()}")
            return None
        finally:
            pack(folder, out)

    work = Evaluation(folder, amounts, rule, engine, deadline, say)
    attempt("compiling", work.pictures.compile)
    found = attempt("directions", work.find)
    attempt("bank", work.bank)
    if found is not None:
        attempt("figures", work.measure, found, pairs)
        attempt("curves", work.curves, found)
    sizes = ", ".join(f"{path.name} {path.stat().st_size / 2**20:.1f} MiB" for path in pack(folder, out))
    say(f"done: {sizes}")
    return good


@click.command()
@click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="Has scorer, judge, faces.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of what is taken home: few files.")
@click.option("--pairs", type=click.Path(path_type=Path), help="Generator at the end of training on pairs (Gs/...).")
@click.option("--engine", type=click.Choice(("auto", "openvino", "jax")), default="auto", show_default=True)
@click.option("--cache", type=click.Path(path_type=Path), help="Of what JAX compiles; by default in --run.")
@click.option("--seconds", type=float, help="How long all of it may last; the curves take what is left.")
@click.option("--latents", default=40_000, show_default=True, help="Faces that directions are found on.")
@click.option("--samples", default=10_000, show_default=True, help="Faces in each population.")
@click.option("--pictures", default=768, show_default=True, help="Of these, those that are looked at as pictures.")
@click.option("--bases", default=500, show_default=True, help="Faces every attribute is pinned on.")
@click.option("--bank", default=20_000, show_default=True, help="Random faces to score and keep.")
@click.option("--neighbours", default=16_384, show_default=True, help="Training faces searched for the nearest one.")
@click.option("--curve-faces", default=480, show_default=True, help="At each coordinate of each attribute, at most.")
@click.option("--rehearse", is_flag=True, help="All of it with numbers so small that two cores do.")
@rule_options
def command(
    folder: Path, out: Path, pairs: Path | None, engine: str, cache: Path | None, seconds: float | None, latents: int,
    samples: int, pictures: int, bases: int, bank: int, neighbours: int, curve_faces: int, rehearse: bool, **rule: Any,
) -> None:  # fmt: skip
    """Find directions, make the bank, measure, and draw curves, one after the other."""
    if engine == "jax" or os.environ.get("KERAS_BACKEND") == "jax":
        from training.accelerated.command import prepare_jax

        prepare_jax(cache or folder / "compiled", 2)
        engine = "jax"
    amounts = SMALL if rehearse else Amounts(
        latents, samples=samples, pictures=pictures, bases=bases, neighbours=neighbours, bank=bank,
        curve_faces=curve_faces,
    )  # fmt: skip
    if not evaluate(folder, out, amounts, Rule(**rule), engine, seconds, pairs, click.echo):
        raise TrainingError("Some parts failed; the lines above name them. The same command continues from here.")
