"""Items of a collection: an address of a page, with a title and a note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlsplit

from dashboard.errors import InputError

Kind = Literal["face", "comparison", "sweep", "grid", "mix", "styles", "view"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SHEETS = ("sweep", "grid", "mix", "styles")
"""Kinds that save the sheet of a comparison, not its faces."""

MAX_NAME = 120
MAX_TITLE = 200
MAX_NOTE = 4000
MAX_ADDRESS = 4000
"""Length limit of an address, about that of a server's request line."""

_PAGES = re.compile(r"/|/demo|/latent-space|/compare|/directions(?:/[a-z0-9-]{1,40}){0,2}")
"""Pages that have a state to save. Addresses of other sites, and of files, are none of them."""

_MAX_WORDS = 64


@dataclass(frozen=True, slots=True)
class Draft:
    """An item to save, validated when it is made.

    Args:
        kind: what the address shows.
        address: path and query of one of our pages, such as `/?face=1:4217;Smiling=2.2`. The model that it names need
            not be here.
        title: one line; not empty.
        note: any text.

    Raises:
        InputError: one of them is not that.
    """

    kind: Kind
    address: str
    title: str
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"Expected one of {', '.join(KINDS)}. Received: {_shown(self.kind)}. Nothing was kept.")
        object.__setattr__(self, "address", checked_address(self.address))
        object.__setattr__(self, "title", one_line(self.title, MAX_TITLE, "title"))
        object.__setattr__(self, "note", checked_note(self.note))

    @property
    def words(self) -> dict[str, str]:
        """Words of the address's query by name; the last one of a repeated word."""
        return dict(parse_qsl(urlsplit(self.address).query, max_num_fields=_MAX_WORDS))

    @property
    def path(self) -> str:
        """The address without its query."""
        return urlsplit(self.address).path

    @property
    def page(self) -> str:
        """The page of the address in words: "latent space", "directions, bias audit"."""
        return self.path.strip("/").replace("-", " ").replace("/", ", ") or "generator"


def checked_address(text: Any) -> str:
    """Check that an address is one of our own pages.

    Args:
        text: whatever was sent.

    Returns:
        Path and query, without a fragment.

    Raises:
        InputError: it is another site's, a page's that has no state, too long, or no address.
    """
    if not isinstance(text, str) or len(text) > MAX_ADDRESS:
        raise InputError(
            f"Expected an address of at most {MAX_ADDRESS} characters. Received: {_shown(text)}. Nothing was kept."
        )
    try:
        parts = urlsplit(text)
        ours = not parts.scheme and not parts.netloc and _PAGES.fullmatch(parts.path) and _is_clean(text)
        parse_qsl(parts.query, max_num_fields=_MAX_WORDS)
    except ValueError:
        ours = False
    if not ours:
        raise InputError(
            f"Expected the address of a page here that has a state, such as /?face=1:4217. Received: {_shown(text)}. "
            "Nothing was kept."
        )
    return parts.path + (f"?{parts.query}" if parts.query else "")


def one_line(text: Any, limit: int, what: str) -> str:
    """Check a name or a title.

    Args:
        text: whatever was sent.
        limit: characters that it may have.
        what: its name in the sentence of an error.

    Returns:
        The text, spaces run together.

    Raises:
        InputError: it is empty, too long, or no text.
    """
    line = " ".join(text.split()) if isinstance(text, str) else ""
    if not line or len(line) > limit or not _is_clean(line):
        raise InputError(f"Expected a {what} of 1 to {limit} characters. Received: {_shown(text)}. Nothing was kept.")
    return line


def checked_note(text: Any) -> str:
    """Check a note: any text of at most `MAX_NOTE` characters."""
    note = text.strip().replace("\r\n", "\n") if isinstance(text, str) else None
    if note is None or len(note) > MAX_NOTE or not _is_clean(note.replace("\n", "").replace("\t", "")):
        raise InputError(
            f"Expected a note of at most {MAX_NOTE} characters. Received: {_shown(text)}. Nothing was kept."
        )
    return note


def _is_clean(text: str) -> bool:
    """Return whether a text holds no control characters and no half of a character."""
    return all(
        character >= " " and not "\x7f" <= character <= "\x9f" and not "\ud800" <= character <= "\udfff"
        for character in text
    )


def _shown(value: Any) -> str:
    if isinstance(value, str) and len(value) > 80:
        return f"{len(value)} characters"
    text = value if isinstance(value, str) else type(value).__name__
    return "".join(character if character.isprintable() else "?" for character in text) or "nothing"
