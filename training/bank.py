"""The bank: random faces scored once by both networks, with thumbnails."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from dashboard.synthesis.model import Bank
from training.errors import TrainingError
from training.kept import read_result, write_result
from training.pictures import Pictures
from training.render.contact import contact_sheet
from training.spaces import FaceSpace

SEED, FACES = 20_000, 20_000
"""Seed of the latents, rows of ``RandomState(SEED).randn``, and their number."""

ATLAS, ATLAS_COLUMNS, THUMBNAIL = 2000, 50, 64
"""Faces of the bank in the atlas, faces per row, and their side in pixels."""


@dataclass(frozen=True)
class Banked:
    """A bank with its atlas.

    Args:
        made_of: digest of the networks that computed and scored the faces.
        bank: the scored faces.
        atlas: thumbnails of the first of them, as WebP.
    """

    made_of: str
    bank: Bank
    atlas: bytes

    def write(self, folder: Path) -> None:
        """Write it to a folder; features are rounded to float16, as they are published."""
        bank = self.bank
        arrays = {"scores": np.asarray(bank.scores, np.float32), "features": np.asarray(bank.features, np.float16)}
        if bank.judge_scores is not None:
            arrays["judge_scores"] = np.asarray(bank.judge_scores, np.float32)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "atlas.webp").write_bytes(self.atlas)
        fields = {"made_of": self.made_of, "base_seed": bank.base_seed, "attributes": bank.attributes}
        write_result(folder, "bank", fields, arrays)

    @staticmethod
    def read(folder: Path) -> Banked:
        """Read what :meth:`write` wrote.

        Raises:
            TrainingError: there is none.
        """
        fields, arrays = read_result(folder, "bank", "evaluate")
        try:
            atlas = (folder / "atlas.webp").read_bytes()
        except OSError as error:
            raise TrainingError(f"Expected atlas.webp in {folder}. Received: {error}. Evaluate again.") from error
        return Banked(
            fields["made_of"], Bank(fields["base_seed"], attributes=tuple(fields["attributes"]), **arrays), atlas
        )


def make_bank(
    pictures: Pictures, space: FaceSpace, attributes: tuple[str, ...], made_of: str, count: int = FACES,
    seed: int = SEED,
) -> Banked:  # fmt: skip
    """Make and score random faces.

    Args:
        pictures: the generator with the scorer and the judge, or with the scorer alone.
        space: of the points that `pictures` takes.
        attributes: names of the scores.
        made_of: digest of the networks.
        count, seed: of the latents.
    """
    points = space.points(np.random.RandomState(seed).randn(count, space.latent_size))
    (scores, features), *judged = pictures.scores(points)
    bank = Bank(seed, scores, features, attributes, judged[0][0] if judged else None)
    return Banked(made_of, bank, atlas(pictures.bytes(points[:ATLAS])))


def atlas(images: np.ndarray) -> bytes:
    """Return the thumbnails of uint8 pictures (n, H, W, C) side by side, 50 a row, as WebP."""
    small = [np.asarray(Image.fromarray(x).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)) for x in images]
    stream = io.BytesIO()
    Image.fromarray(contact_sheet(small, ATLAS_COLUMNS)).save(stream, "WEBP", quality=75, method=6)
    return stream.getvalue()
