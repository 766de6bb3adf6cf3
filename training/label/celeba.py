"""CelebA as a data set of pictures and labels: `list_attr_celeba.txt` and the aligned images.

Source: Liu et al., "Deep Learning Face Attributes in the Wild" (ICCV 2015); the files as its authors publish them.
CelebA is not shipped with this project, and its terms allow non-commercial research only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from dashboard.synthesis.celeba import GROUP_OF, OTHERS
from training.errors import TrainingError
from training.label.truth import Truth

LABELS = ("list_attr_celeba.txt", "Anno/list_attr_celeba.txt")
IMAGES = ("img_align_celeba", "Img/img_align_celeba", "img_align_celeba/img_align_celeba")
"""Folders of the images in CelebA's archives and their mirrors."""

SIZE = (178, 218)
"""Width and height of an aligned image."""

MIDDLE = 121
"""Row of the middle of the face in an aligned image, as in PG-GAN's own preparation of CelebA."""


def read_celeba(folder: Path) -> tuple[Truth, list[Path]]:
    """Return the labels and picture files of CelebA.

    Args:
        folder: contains `list_attr_celeba.txt` and the folder `img_align_celeba`, or CelebA's `Anno` and `Img`.

    Returns:
        Labels 0 and 1 of n faces, and the n files.

    Raises:
        TrainingError: a file is missing, or the list has another form than CelebA's.
    """
    table = _first(folder, LABELS, Path.is_file)
    images = _first(folder, IMAGES, Path.is_dir)
    lines = table.read_text(encoding="utf-8").splitlines()
    try:
        count, names = int(lines[0]), tuple(lines[1].split())
        rows = [line.split() for line in lines[2:] if line.strip()]
        values = np.array([row[1:] for row in rows], np.int8)
    except (IndexError, ValueError) as error:
        raise TrainingError(f"Expected a count, names, and a row a face in {table}. Received: {error}.") from error
    if values.shape != (count, len(names)) or not np.isin(values, (-1, 1)).all():
        raise TrainingError(
            f"Expected {count} rows of {len(names)} numbers -1 or 1 in {table}. Received: shape {values.shape}."
        )
    if odd := [row[0] for row in rows if Path(row[0]).name != row[0]]:
        raise TrainingError(f"Expected plain file names in {table}. Received: {odd[0][:64]}.")
    groups = tuple(GROUP_OF.get(name, OTHERS) for name in names)
    truth = Truth(names, groups, ("binary",) * len(names), (values > 0).astype(np.float32))
    return truth, [images / row[0] for row in rows]


def read_pictures(
    files: list[Path], size: int, kept: Path, progress: Callable[[int], object] = lambda n: None
) -> np.ndarray:
    """Return the pictures, cropped to squares and reduced; cached as one array, because decoding 200,000 takes minutes.

    Args:
        files: aligned images, 178 x 218.
        size: side of the result in pixels.
        kept: file of the array, read if it exists.
        progress: called with 1 for each picture.

    Returns:
        uint8 (n, size, size, 3), memory-mapped.

    Raises:
        TrainingError: a picture is missing or invalid.
    """
    shape = (len(files), size, size, 3)
    if kept.is_file():
        found = np.load(kept, mmap_mode="r", allow_pickle=False)
        if found.shape == shape:
            return found
    kept.parent.mkdir(parents=True, exist_ok=True)
    half = kept.with_suffix(".part")
    array = np.lib.format.open_memmap(half, mode="w+", dtype=np.uint8, shape=shape)
    for index, file in enumerate(files):
        array[index] = squared(file, size)
        progress(1)
    array.flush()
    half.replace(kept)
    return np.load(kept, mmap_mode="r", allow_pickle=False)


def squared(file: Path, size: int) -> np.ndarray:
    """Return the square of full width around the face, reduced: uint8 (size, size, 3)."""
    try:
        with Image.open(file) as image:
            if image.size != SIZE:
                raise TrainingError(f"Expected an aligned image of {SIZE}. Received: {file.name} of {image.size}.")
            width, _ = SIZE
            top = MIDDLE - width // 2
            square = image.convert("RGB").crop((0, top, width, top + width))
            return np.asarray(square.resize((size, size), Image.Resampling.LANCZOS))
    except (OSError, UnidentifiedImageError) as error:
        raise TrainingError(f"Expected a picture in {file}. Received: {error}.") from error


def _first(folder: Path, names: tuple[str, ...], there: Callable[[Path], bool]) -> Path:
    for name in names:
        if there(folder / name):
            return folder / name
    raise TrainingError(f"Expected {names[0]} in {folder}. Received: none. Unpack CelebA's archives there.")
