"""Reads thousands of mutated official files in its own process: its memory is limited, and it must run nothing.

    python -m support.official_fuzz SEED COUNT MEGABYTES

Prints how many were read and how many were refused; any other end is a failure.
"""

from __future__ import annotations

import resource
import struct
import sys
from collections import Counter
from collections.abc import Callable

import numpy as np
from support.models import random_variables, tiny_config
from support.official_files import FORMS, Writer, directions_file, discriminator, generator

from dashboard.errors import OfficialFileError
from dashboard.synthesis.official.directions import parse_directions
from dashboard.synthesis.official.network import parse_network

Random = np.random.Generator
QUIET_EVENTS = ("builtins.id",)
"""Audit events that do not indicate that content of a file is executed."""

CODES = bytes(range(0x80, 0x99)) + b"(.012FIJKLMNPQRSTUVXabcdeghijlopqrstu)]}GBC"
LENGTHS = (0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def base_files() -> list[bytes]:
    """Return small files of every form, whole and condensed, and directions."""
    config = tiny_config(resolution=8, latent_size=4, fmap_base=16, fmap_max=4)
    small = generator(config, random_variables(config))
    other = generator(config, random_variables(config, 1))
    files = []
    for form in FORMS.values():
        files += [Writer(**form).file(small), Writer(**form).file((other, discriminator(), small))]
        files.append(
            directions_file(np.random.default_rng(0).normal(size=(8, 3)), ["Young", "Male", "Smiling"], **form)
        )
    return files


def flip(data: bytearray, random: Random) -> None:
    """Change a few bits."""
    for _ in range(random.integers(1, 4)):
        data[random.integers(len(data))] ^= 1 << int(random.integers(8))


def replace(data: bytearray, random: Random) -> None:
    """Replace a byte by an instruction."""
    data[random.integers(len(data))] = CODES[random.integers(len(CODES))]


def insert(data: bytearray, random: Random) -> None:
    """Put instructions in."""
    offset = int(random.integers(len(data)))
    data[offset:offset] = bytes(CODES[k] for k in random.integers(len(CODES), size=int(random.integers(1, 6))))


def delete(data: bytearray, random: Random) -> None:
    """Remove a section."""
    offset = int(random.integers(len(data)))
    del data[offset : offset + int(random.integers(1, 40))]


def repeat(data: bytearray, random: Random) -> None:
    """Write a section twice, or many times."""
    offset, length = int(random.integers(len(data))), int(random.integers(1, 60))
    data[offset:offset] = data[offset : offset + length] * int(random.choice([1, 2, 200]))


def lengthen(data: bytearray, random: Random) -> None:
    """Put an extreme length where four bytes were."""
    offset = int(random.integers(max(1, len(data) - 4)))
    data[offset : offset + 4] = struct.pack("<I", LENGTHS[random.integers(len(LENGTHS))])


def cut(data: bytearray, random: Random) -> None:
    """Cut the end off."""
    del data[int(random.integers(len(data))) :]


MUTATIONS: tuple[Callable[[bytearray, Random], None], ...] = (flip, replace, insert, delete, repeat, lengthen, cut)


def mutated(base: bytes, random: Random) -> bytes:
    """Return a file with one to three mutations, most of them close to its few instructions."""
    data = bytearray(base)
    for _ in range(int(random.integers(1, 4))):
        if data:
            MUTATIONS[random.integers(len(MUTATIONS))](data, random)
    return bytes(data)


def check(content: bytes) -> bool:
    """Read a file by both readers; return whether one of them gave a value, which must then be complete."""
    read = False
    try:
        network = parse_network(content)
        assert {name: v.shape for name, v in network.variables.items()} == network.config.variables()
        assert all(np.isfinite(v).all() and v.dtype == np.float32 for v in network.variables.values())
        read = True
    except OfficialFileError as error:
        said(error)
    try:
        names, directions = parse_directions(content)
        assert directions.shape[1] == len(names)
        assert np.isfinite(directions).all()
        read = True
    except OfficialFileError as error:
        said(error)
    return read


def said(error: OfficialFileError) -> None:
    """Check that an error is a short, printable text."""
    message = str(error)
    assert message.startswith("Expected "), message
    assert " Received: " in message, message
    assert len(message) < 700, message
    assert message.isprintable(), message


def main(seed: int, count: int, megabytes: int) -> None:
    """Read `count` mutated files, no more than `megabytes` above what the process had when it began."""
    files = base_files()
    for file in files:
        assert check(file)
    with open("/proc/self/statm") as statm:
        used = int(statm.read().split()[0]) * resource.getpagesize()
    limit = used + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    events: Counter[str] = Counter()
    sys.addaudithook(lambda event, _arguments: events.update([event]) if event not in QUIET_EVENTS else None)
    random = np.random.default_rng(seed)
    read = sum(check(mutated(files[random.integers(len(files))], random)) for _ in range(count))
    happened = dict(events)
    assert not happened, happened
    print(f"{read} {count - read}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
