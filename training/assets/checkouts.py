"""Checkouts of the MakeHuman repositories: paths of files, licences in their headers, commits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from training.assets.selection import LICENCES, Piece
from training.errors import TrainingError

POINTER = b"version https://git-lfs.github.com/spec/"
MAX_BYTES = 64 * 1024 * 1024
OTHER_LICENCE = re.compile(
    r"[^.\n]*\b(A?GPL|LGPL|General Public License|CC[- ]BY|Attribution|NonCommercial|All rights reserved|proprietary)"
    r"[^.\n]*",
    re.IGNORECASE,
)
CC0 = re.compile(r"\breleased as CC0\b|\bCC0 1\.0\b", re.IGNORECASE)
OID = re.compile(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Checkouts:
    """Folders with the sources.

    Attributes:
        makehuman: Checkout of makehumancommunity/makehuman.
        assets: Checkout of makehumancommunity/makehuman-assets.
        textures: Another folder with the same textures, which has priority, or None.
    """

    makehuman: Path
    assets: Path
    textures: Path | None = None

    def find(self, piece: Piece) -> Path:
        """Return the file that a piece is made from.

        Raises:
            TrainingError: It is not there, or only a git-lfs pointer to it is, or it is too large.
        """
        paths = [self._root(piece.repository) / piece.source]
        if self.textures is not None and piece.path.endswith(".webp"):
            below = piece.path.removeprefix("base/").removesuffix(".webp") + ".png"
            paths = [self.textures / "base" / below, self.textures / below, *paths]
        there = [path for path in paths if path.is_file()]
        if not there:
            raise TrainingError(
                f"Expected {piece.source} of {piece.repository}. Received: no file {paths[-1]}. "
                "Check the folder that was given, and that the checkout is complete."
            )
        for path in there:
            if not is_pointer(path):
                if path.stat().st_size > MAX_BYTES:
                    raise TrainingError(
                        f"Expected at most {MAX_BYTES} bytes in {path}. Received: more. Is it the right file?"
                    )
                return path
        raise TrainingError(
            f"Expected a picture in {there[0]}. Received: a git-lfs pointer to it. "
            f"Run `git lfs install && git lfs pull` in {self.assets}, "
            "or give a folder that has the files with --textures."
        )

    def lfs_oid(self, piece: Piece) -> str:
        """Return the SHA-256 that a git-lfs pointer in the repository names for a file; empty if there is no
        pointer.
        """
        path = self._root(piece.repository) / piece.source
        if not path.is_file() or not is_pointer(path):
            return ""
        found = OID.search(read_bounded(path))
        return found.group(1).decode() if found else ""

    def licence(self, name: str) -> bytes:
        """Return the text of a licence of the kit, after checking that it is CC0.

        Raises:
            TrainingError: It is missing or says something else.
        """
        path = self._root(LICENCES[name]) / name
        if not path.is_file():
            raise TrainingError(
                f"Expected the licence of {LICENCES[name]} in {path}. Received: no such file. "
                "The assets are CC0 since September 2020: use a checkout of then or later."
            )
        text = read_bounded(path)
        if "CC0 1.0 Universal" not in text[:4096].decode("utf-8", "replace"):
            raise TrainingError(
                f"Expected CC0 1.0 Universal in {path}. Received: another text. Use a checkout of 2020 or later."
            )
        return text

    def commit(self, repository: str) -> str | None:
        """Return the checked-out commit, read from .git; None if it cannot be read."""
        return read_commit(self._root(repository))

    def _root(self, repository: str) -> Path:
        return self.makehuman if repository == "makehuman" else self.assets


def is_pointer(path: Path) -> bool:
    """Return whether a file is a git-lfs pointer, a few lines of text instead of a large file."""
    with path.open("rb") as stream:
        return stream.read(len(POINTER)) == POINTER


def read_bounded(path: Path) -> bytes:
    """Return a file's bytes, at most 64 MiB."""
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TrainingError(f"Expected at most {MAX_BYTES} bytes in {path}. Received: more. Is it the right file?")
    return data


def check_header(text: bytes, name: str) -> None:
    """Check the comment at the start of a text file: it must release the file as CC0 and name no other licence.

    Args:
        text: The whole file.
        name: Name of the file in errors.

    Raises:
        TrainingError: The header names another licence, or none.
    """
    header = []
    for line in text[:8192].decode("utf-8", "replace").splitlines():
        if line.strip() and not line.startswith(("#", "//")):
            break
        header.append(line.lstrip("#/ ").rstrip())
    joined = "\n".join(header)
    other = OTHER_LICENCE.search(joined)
    if other or not CC0.search(" ".join(header)):
        said = repr(other.group().strip()[:80]) if other else "nothing of CC0"
        raise TrainingError(
            f"Expected a header that releases {name} as CC0. Received: {said}. "
            "Use a checkout of September 2020 or later."
        )


def read_commit(checkout: Path) -> str | None:
    """Return the commit of a git checkout, read from its files without running anything."""
    git = checkout / ".git"
    try:
        if git.is_file():  # a worktree or submodule: one line that says where the folder is
            git = (checkout / git.read_text("utf-8").removeprefix("gitdir:").strip()).resolve()
        head = (git / "HEAD").read_text("utf-8").strip()
        if not head.startswith("ref: refs/heads/"):
            return head if COMMIT.fullmatch(head) else None
        branch = head.removeprefix("ref: ")
        loose = git / branch
        if loose.is_file():
            head = loose.read_text("utf-8").strip()
            return head if COMMIT.fullmatch(head) else None
        packed = (git / "packed-refs").read_text("utf-8").splitlines()
        return next((line[:40] for line in packed if line[40:].strip() == branch and COMMIT.match(line)), None)
    except (OSError, UnicodeDecodeError):
        return None
