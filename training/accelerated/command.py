"""``python -m training accelerated``: from assets to networks on a machine with a GPU, by the clock."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from training.errors import TrainingError

FLAGS = "--xla_gpu_enable_triton_gemm=false --xla_gpu_autotune_level="
"""Flags of XLA: no autotuning of matrix products, and the effort of autotuning convolutions."""


def prepare_jax(cache: Path, search: int) -> None:
    """Configure Keras to compute in JAX, with a cache of compiled code. Call it before either is imported."""
    os.environ["KERAS_BACKEND"] = "jax"
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {FLAGS}{search}".strip()
    # The renderer draws on the same processor.
    os.environ.setdefault("XLA_PYTHON_CLIENT_MEM_FRACTION", "0.6")
    import jax

    jax.config.update("jax_compilation_cache_dir", str(cache.resolve()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)


@click.command()
@click.option("--assets", type=click.Path(path_type=Path), required=True, help="Asset folder, as `assets` makes it.")
@click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="Working folder; goes on.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of what is taken home: few files.")
@click.option("--cache", type=click.Path(path_type=Path), help="Of what is compiled; by default in --run.")
@click.option("--seconds", default=540.0, show_default=True, help="How long all of it may last.")
@click.option("--shorter", default=1.0, show_default=True, help="By how much to shorten all stages: 0.02 for a try.")
@click.option("--faces", default=60_000, show_default=True, help="How many faces are rendered at most.")
@click.option("--seed", default=1, show_default=True, help="Of faces, weights and latents.")
@click.option("--render", default="512", show_default=True, help="Pixels a side when drawn.")
@click.option("--processes", default=os.cpu_count() or 2, show_default=True, help="That render.")
@click.option("--shard", default=256, show_default=True, help="Faces in a shard.")
@click.option("--resolution", default=256, show_default=True, help="Final resolution in pixels.")
@click.option("--feature-maps", nargs=2, default=(1408, 256), show_default=True, help="The generator's.")
@click.option("--critic-maps", nargs=2, default=(1024, 128), show_default=True, help="The discriminator's.")
@click.option("--batch", default=64, show_default=True, help="Faces a step.")
@click.option("--precision", type=click.Choice(["bf16", "float32"]), default="bf16", show_default=True)
@click.option("--search", default=2, show_default=True, help="XLA's search for fast convolutions: 0 for none.")
@click.option("--rehearse", is_flag=True, help="All of it with networks and numbers so small that two cores do.")
def command(
    assets: Path, folder: Path, out: Path, cache: Path | None, seconds: float, shorter: float, faces: int, seed: int,
    render: str, processes: int, shard: int, resolution: int, feature_maps: tuple[int, int],
    critic_maps: tuple[int, int], batch: int, precision: str, search: int, rehearse: bool,
) -> None:  # fmt: skip
    """Render faces and train scorer, generator and judge in parallel, with JAX. The same command resumes a run."""
    import time

    begun = time.monotonic()
    if rehearse:
        faces, shard, render, processes, resolution, batch = 192, 32, "256", 2, 64, 4
        feature_maps, critic_maps, precision, seconds = (128, 16), (64, 8), "float32", min(seconds, 120.0)
    if shutil.which("nvidia-smi") is None and not rehearse:
        click.echo("Expected a graphics processor. Received: no nvidia-smi. It will take long; see --rehearse.")
    prepare_jax(cache or folder / "compiled", search)
    from dashboard.synthesis.config import GeneratorConfig
    from training.accelerated.course import Course
    from training.accelerated.whole import Rendering, Settings, stages_until, whole

    config = GeneratorConfig(resolution, fmap_base=feature_maps[0], fmap_max=feature_maps[1])
    try:
        course = Course(config, critic_maps, stages_until(seconds, shorter, resolution, batch), seed=seed)
    except ValueError as error:
        raise TrainingError(str(error)) from error
    rendering = Rendering(assets, folder / "faces", faces, seed, resolution, int(render), processes, shard)
    settings = Settings(course, rendering, folder, out, precision, begun + seconds, shorter, 8 if rehearse else 1)
    if not whole(settings, click.echo):
        raise TrainingError("Some parts failed; the lines above name them. The same command continues from here.")
