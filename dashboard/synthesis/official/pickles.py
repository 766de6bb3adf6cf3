"""A pickle reader for PG-GAN's and TL-GAN's files: an interpreter that can only make plain values.

Python's own unpickler imports and calls what a file names. Here a name is compared with a list of exact pairs and maps
to a few lines of ``objects.py``. Of pickle's 68 instructions only those that protocols 2 to 5 write for such files are
supported; any other is refused.

The memory that a file can allocate is bounded by its length: arrays are views of the file's bytes, text is as long as
its encoded form, keys of the memo are those of a dict, and instructions are counted.
Source of the format: CPython's ``pickletools``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dashboard.synthesis.official.objects import Objects
from dashboard.synthesis.official.values import Pair, describe, refuse

MAX_INSTRUCTIONS = 200_000
"""A file of three networks has fewer than 20,000. Without a limit every byte could make an empty list of 56."""

MAX_WIDE_TEXT = 1 << 20
"""Bytes of text outside Latin-1 in a file, which takes up to four bytes a character: comments in a source text."""

LONG_TEXT = 1 << 16
"""Length of a Python 2 string above which it stays bytes, since no name is so long."""

_MARK = object()
_STOP = ord(".")


def read_pickle(content: bytes, pairs: frozenset[Pair]) -> Any:
    """Read a pickle as plain values.

    Args:
        content: the whole file.
        pairs: allowed names, as exact (module, name).

    Returns:
        None, bool, int, float, str, memoryview (for bytes), list, tuple, dict with str keys, or one of `values.py`.
        Lists may contain themselves, tuples may be very deep: do not descend deeper than the format.

    Raises:
        OfficialFileError: the file is not exactly one such pickle.
    """
    check_start(content[:64])
    return Reader(content, Objects(pairs, len(content))).read()


def check_start(start: bytes) -> None:
    """Refuse a file that does not start as a pickle, naming its kind."""
    if not start:
        refuse("a pickle", "an empty file")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        refuse("a pickle", "an HTML page saved under its name. Fetch the file itself")
    if len(start) < 2 or start[0] != 0x80 or not 2 <= start[1] <= 5:
        refuse("a pickle of protocol 2 to 5", f"a file that starts with {start[:12]!r}")


class Reader:
    """One pass over one file: the position, the stack and the memo.

    Args:
        content: the file's bytes.
        objects: creates the named objects.
    """

    instructions: Mapping[int, Callable[[Any], None]]
    """Handler of each supported instruction, by its code."""

    def __init__(self, content: bytes, objects: Objects) -> None:
        self.content, self.objects = content, objects
        self.view = memoryview(content)
        self.at = 0
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.wide_left = MAX_WIDE_TEXT

    def read(self) -> Any:
        """Return the one value of a file that holds nothing else."""
        value = self.read_next()
        if self.at != len(self.content):
            refuse("the file to end where its pickle ends", f"{len(self.content) - self.at} more bytes")
        return value

    def read_next(self) -> Any:
        """Return the value of the pickle at the current position, and advance past it."""
        for _ in range(MAX_INSTRUCTIONS):
            code = self.byte()
            if code == _STOP:
                return self.finish()
            if code not in self.instructions:
                refuse(f"an instruction that such files have, at byte {self.at - 1}", f"0x{code:02x}")
            self.instructions[code](self)
        refuse(f"a pickle of at most {MAX_INSTRUCTIONS} instructions", "more")

    def finish(self) -> Any:
        if len(self.stack) != 1:
            refuse("one value at the end of the pickle", f"{len(self.stack)}")
        value = self.pop()
        self.memo.clear()
        return value

    # The file.

    def take(self, count: int) -> memoryview:
        """Return the next bytes, as a view: nothing is copied."""
        if count > (rest := len(self.content) - self.at):
            refuse(f"{count} more bytes at byte {self.at}", f"{rest}: the file is cut off or damaged")
        self.at += count
        return self.view[self.at - count : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self, form: str) -> Any:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def line(self) -> str:
        """Return the text up to the end of the line; used for names only."""
        end = self.content.find(b"\n", self.at, self.at + 256)
        if end < 0:
            refuse(f"a name of at most 255 letters and a line's end at byte {self.at}", "none")
        text = str(self.take(end - self.at), "latin-1")
        self.at += 1
        return text

    def protocol(self) -> None:
        if not 2 <= (version := self.byte()) <= 5:
            refuse("a pickle of protocol 2 to 5", f"protocol {version}")

    def frame(self) -> None:
        count, rest = self.number("<Q"), len(self.content) - self.at
        if count > rest:
            refuse(f"a frame of {count} bytes at byte {self.at}", f"{rest}: the file is cut off or damaged")

    # Values.

    def text(self, count: int) -> str:
        raw = self.take(count)
        if count and int(np.frombuffer(raw, np.uint8).max()) > 0xC3:
            self.wide_left -= count
            if self.wide_left < 0:
                refuse(f"at most {MAX_WIDE_TEXT} bytes of text outside Latin-1", "more")
        try:
            return str(raw, "utf-8")
        except UnicodeDecodeError:
            refuse(f"text in UTF-8 before byte {self.at}", "other bytes: the file is damaged")

    def text_of_python_2(self, count: int) -> str | memoryview:
        raw = self.take(count)
        return raw if count > LONG_TEXT else str(raw, "latin-1")

    def integer(self, count: int) -> int:
        if count > 8:
            refuse(f"a whole number of at most 8 bytes at byte {self.at}", f"{count} bytes")
        return int.from_bytes(self.take(count), "little", signed=True)

    # The stack and the memo.

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def pop(self) -> Any:
        if not self.stack or self.stack[-1] is _MARK:
            refuse(f"a value on the stack at byte {self.at}", "none")
        return self.stack.pop()

    def pop_some(self, count: int) -> tuple[Any, ...]:
        return tuple(reversed([self.pop() for _ in range(count)]))

    def pop_marked(self) -> list[Any]:
        """Return all values since the last mark."""
        for index in range(len(self.stack) - 1, -1, -1):
            if self.stack[index] is _MARK:
                values = self.stack[index + 1 :]
                del self.stack[index:]
                return values
        refuse(f"a mark on the stack at byte {self.at}", "none")

    def top(self) -> Any:
        if not self.stack or self.stack[-1] is _MARK:
            refuse(f"a value on the stack at byte {self.at}", "none")
        return self.stack[-1]

    def remember(self, key: int) -> None:
        self.memo[key] = self.top()

    def recall(self, key: int) -> None:
        if key not in self.memo:
            refuse(f"a value that was kept before, at byte {self.at}", f"number {key}, which was not")
        self.push(self.memo[key])

    def append(self, values: list[Any] | tuple[Any, ...]) -> None:
        if not isinstance(target := self.top(), list):
            refuse(f"a list to append to at byte {self.at}", describe(target))
        target.extend(values)

    def put(self, items: list[Any] | tuple[Any, ...]) -> None:
        if not isinstance(target := self.top(), dict):
            refuse(f"a dict to put items in at byte {self.at}", describe(target))
        if len(items) % 2:
            refuse(f"a value for each key at byte {self.at}", "a key without")
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, str):
                refuse("keys that are text", describe(key))
            target[key] = value

    # Names and objects.

    def name(self) -> None:
        module, name = self.pop_some(2)
        self.push(self.objects.name(module, name))

    def new(self) -> None:
        kind, arguments = self.pop_some(2)
        self.push(self.objects.new(kind, arguments))

    def call(self) -> None:
        function, arguments = self.pop_some(2)
        self.push(self.objects.call(function, arguments))

    def build(self) -> None:
        state = self.pop()
        self.objects.build(self.top(), state)


Reader.instructions = {
    0x80: Reader.protocol,
    0x95: Reader.frame,
    # Numbers.
    ord("N"): lambda r: r.push(None),
    0x88: lambda r: r.push(True),
    0x89: lambda r: r.push(False),
    ord("J"): lambda r: r.push(r.number("<i")),
    ord("K"): lambda r: r.push(r.byte()),
    ord("M"): lambda r: r.push(r.number("<H")),
    0x8A: lambda r: r.push(r.integer(r.byte())),
    0x8B: lambda r: r.push(r.integer(r.number("<I"))),
    ord("G"): lambda r: r.push(r.number(">d")),
    # Text and bytes.
    ord("X"): lambda r: r.push(r.text(r.number("<I"))),
    0x8C: lambda r: r.push(r.text(r.byte())),
    0x8D: lambda r: r.push(r.text(r.number("<Q"))),
    ord("T"): lambda r: r.push(r.text_of_python_2(r.number("<I"))),
    ord("U"): lambda r: r.push(r.text_of_python_2(r.byte())),
    ord("B"): lambda r: r.push(r.take(r.number("<I"))),
    ord("C"): lambda r: r.push(r.take(r.byte())),
    0x8E: lambda r: r.push(r.take(r.number("<Q"))),
    0x96: lambda r: r.push(r.take(r.number("<Q"))),
    # Tuples, lists and dicts.
    ord("("): lambda r: r.push(_MARK),
    ord(")"): lambda r: r.push(()),
    0x85: lambda r: r.push(r.pop_some(1)),
    0x86: lambda r: r.push(r.pop_some(2)),
    0x87: lambda r: r.push(r.pop_some(3)),
    ord("t"): lambda r: r.push(tuple(r.pop_marked())),
    ord("]"): lambda r: r.push([]),
    ord("a"): lambda r: r.append(r.pop_some(1)),
    ord("e"): lambda r: r.append(r.pop_marked()),
    ord("}"): lambda r: r.push({}),
    ord("s"): lambda r: r.put(r.pop_some(2)),
    ord("u"): lambda r: r.put(r.pop_marked()),
    # Names and objects.
    ord("c"): lambda r: r.push(r.objects.name(r.line(), r.line())),
    0x93: Reader.name,
    0x81: Reader.new,
    ord("R"): Reader.call,
    ord("b"): Reader.build,
    # The memo.
    ord("q"): lambda r: r.remember(r.byte()),
    ord("r"): lambda r: r.remember(r.number("<I")),
    0x94: lambda r: r.remember(len(r.memo)),
    ord("h"): lambda r: r.recall(r.byte()),
    ord("j"): lambda r: r.recall(r.number("<I")),
}
