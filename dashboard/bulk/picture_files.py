"""Picture files, each written completely or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_picture(file: Path, content: bytes) -> None:
    """Write a picture atomically; several processes may write the same one."""
    handle, half = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(half, 0o666 & ~UMASK)
        os.replace(half, file)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


UMASK = _umask()
"""Of this process; asked once, because asking sets it for a moment, for all threads."""
