"""Attachments of a collection's file: the stored latents and user directions of its addresses.

Stored latents and user directions are kept on one machine only; a face that names one by its hash opens elsewhere when
the numbers are included. They are in the JSON as base64 of their little-endian float32 bytes, so that the hash can be
made again from just these bytes. A direction belongs to one model, which the file therefore names with its digest.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import numpy as np

from dashboard.errors import InputError, NotFound
from dashboard.faces.bases import latent_hash
from dashboard.library.direction_spaces import SPACES, Space
from dashboard.library.extra_directions import Library
from dashboard.library.items import MAX_ADDRESS, MAX_NAME, Draft, one_line
from dashboard.library.stored_latents import MAX_LENGTH
from dashboard.library.user_directions import PREFIX, direction_hash
from dashboard.synthesis.model import Model

MAX_MODELS = 50
MAX_LATENTS = 4000
MAX_DIRECTIONS = 500
MAX_DIRECTION = 1 << 16
"""Length limit of a direction: of s it has a number for each style of all layers."""
MAX_WARNING = 500
"""Length limit of the warning about a direction."""

ModelOf = Callable[[str | None], Model]
"""Function that returns a model by its name, None for the default one; raises NotFound where there is none."""

_LATENT = re.compile(r"(?:latent|w)~([0-9a-f]{32}(?:\.\d{1,6})?)")
_USER_DIRECTION = re.compile(re.escape(PREFIX) + r"([0-9a-f]{32})")
_HASH = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ADVICE = "Nothing was kept. Export the collection again where it comes from."


@dataclass(frozen=True, eq=False)
class AttachedDirection:
    """A user direction of another machine.

    Args:
        hash: of its numbers.
        model: name of the model that it belongs to.
        title: display name.
        how: how it was made (see `UserDirection`).
        vector: (L,) float32 of length 1, the very bytes that the hash is of.
    """

    hash: str
    model: str
    title: str
    how: dict[str, Any]
    vector: np.ndarray


@dataclass(frozen=True, eq=False)
class Attachments:
    """The attachments of a file, every number checked.

    Args:
        models: digests by the names of models.
        latents: (L,) float32 by hash.
        directions: user directions.
    """

    models: Mapping[str, str]
    latents: Mapping[str, np.ndarray]
    directions: Sequence[AttachedDirection]


def portable(draft: Draft, library: Library, model_of: ModelOf) -> tuple[Draft, dict[str, np.ndarray]]:
    """Return an item as it opens elsewhere.

    Args:
        draft: the item.
        library: where latents are kept.
        model_of: gives the models.

    Returns:
        The item, and the latents that its address names, by hash. The address names its model, since another one may
        be the default elsewhere, and instead of a row of an uploaded set the very latent: sets stay where they are.
        One that would become too long stays as it was.
    """
    latents: dict[str, np.ndarray] = {}

    def alone(found: re.Match[str]) -> str:
        latent = library.latent(found[1])
        if latent is None:
            return found[0]
        name = latent_hash(latent)
        latents[name] = latent
        return f"{found[0].partition('~')[0]}~{name}"

    address = _LATENT.sub(alone, re.sub("%7e", "~", draft.address, flags=re.IGNORECASE))
    if "model" not in draft.words:
        address += f"{'&' if '?' in address else '?'}model={quote(model_of(None).name)}"
    return (replace(draft, address=address) if len(address) <= MAX_ADDRESS else draft), latents


def packed(drafts: Iterable[Draft], library: Library, model_of: ModelOf) -> dict[str, Any]:
    """Return the models and the user directions that items name, as plain values.

    Args:
        drafts: the items.
        library: where directions are kept.
        model_of: gives the models.

    Returns:
        models and directions, ready for JSON. What is not here itself is left out.
    """
    models: dict[str, str] = {}
    directions: dict[tuple[str, str], dict[str, Any]] = {}
    for draft in drafts:
        try:
            model = model_of(draft.words.get("model"))
        except NotFound:
            continue
        models[model.name] = model.digest
        for name in _USER_DIRECTION.findall(_text(draft)):
            if (model.name, name) not in directions and (kept := library.user_directions.read(name, model)) is not None:
                directions[model.name, name] = {
                    "hash": name,
                    "model": model.name,
                    "title": kept.title,
                    "how": kept.how,
                    "vector": encoded(library.user_directions.numbers(name, model)),
                }
    return {"models": models, "directions": list(directions.values())}


def read_attachments(value: Mapping[str, Any]) -> Attachments:
    """Read the attachments of a file.

    Args:
        value: of it models, latents and directions are read; each may be missing.

    Returns:
        All of it, checked.

    Raises:
        InputError: there is too much, or something is not what its name says.
    """
    models = _table(value, "models", MAX_MODELS)
    for name, digest in models.items():
        named = 1 <= len(name) <= MAX_NAME and name.isprintable()
        if not named or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise InputError(f"Expected the digest of each model. Received: another value. {_ADVICE}")
    latents = {name: _decoded(text, name, "latent") for name, text in _table(value, "latents", MAX_LATENTS).items()}
    directions = value.get("directions", [])
    if not isinstance(directions, list) or len(directions) > MAX_DIRECTIONS:
        raise InputError(f"Expected a list of at most {MAX_DIRECTIONS} directions. Received: another. {_ADVICE}")
    return Attachments(models, latents, [_direction(each, models) for each in directions])


def unpack(attachments: Attachments, drafts: Iterable[Draft], library: Library, model_of: ModelOf) -> list[str]:
    """Keep the attachments that items name; existing ones stay unchanged.

    Args:
        attachments: those of the file.
        drafts: the items.
        library: where it is kept.
        model_of: gives the models.

    Returns:
        Sentences: one for each model that is not here, or is another one of the same name. Its own directions are
        not kept: in another latent space they mean nothing.

    Raises:
        InputError: a direction is not one of its model, or nothing more can be kept.
    """
    texts = [_text(draft) for draft in drafts]
    here: dict[str, Model] = {}
    problems: list[str] = []
    for name, digest in attachments.models.items():
        sentence = _compared(name, digest, model_of, here)
        if sentence:
            problems.append(sentence)
    named = {name for text in texts for name in _USER_DIRECTION.findall(text)}
    for each in attachments.directions:
        if each.hash in named and each.model in here:
            library.user_directions.take(each.hash, each.title, each.vector, here[each.model], each.how)
    for name in sorted({name for text in texts for name in _LATENT.findall(text)} & set(attachments.latents)):
        library.latents.keep(attachments.latents[name])
    return problems


def _compared(name: str, digest: str, model_of: ModelOf, here: dict[str, Model]) -> str:
    """Put a model of the file beside the one here; a sentence where they are not the same."""
    try:
        model = model_of(name)
    except NotFound:
        return (
            f"Expected the model {name} ({digest[:8]}). Received: none of that name. "
            "Fetch or import it on the Models page, then import this file again."
        )
    if model.digest == digest:
        here[name] = model
        return ""
    return (
        f"Expected the model {name} with the digest {digest[:8]}. Received: {model.digest[:8]}, another one "
        "of that name. Its faces look different here, and its own directions were not kept."
    )


def _direction(value: Any, models: Mapping[str, str]) -> AttachedDirection:
    if not isinstance(value, dict) or not isinstance(value.get("model"), str) or value["model"] not in models:
        raise InputError(f"Expected directions with hash, model, title, how and vector. Received: others. {_ADVICE}")
    name = value.get("hash")
    vector = _decoded(value.get("vector"), name, "direction", MAX_DIRECTION)
    return AttachedDirection(
        name if isinstance(name, str) else "",
        value["model"],
        one_line(value.get("title"), MAX_NAME, "title"),
        _how(value.get("how")),
        vector,
    )


def _how(value: Any) -> dict[str, Any]:
    """Return how a direction was made: only what this dashboard itself tells of one, each of its kind."""
    fields = value if isinstance(value, dict) else {}
    kept: dict[str, Any] = {"kind": "imported"}
    if fields.get("kind") in ("marks", "selection", "labels") and all(
        _is_count(fields.get(k)) for k in ("plus", "minus")
    ):
        kept = {name: fields[name] for name in ("kind", "plus", "minus")}
        shares = {name: fields.get(name) for name in ("accuracy", "auc")}
        kept |= shares if all(_is_share(share) for share in shares.values()) else dict.fromkeys(shares)
    if isinstance(fields.get("correlation"), int | float) and -1 <= fields["correlation"] <= 1:
        kept["correlation"] = fields["correlation"]
    warning = fields.get("warning")
    kept["warning"] = warning if isinstance(warning, str) and len(warning) <= MAX_WARNING else ""
    return kept


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 31


def _is_share(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1


def _table(value: Mapping[str, Any], name: str, most: int) -> dict[str, Any]:
    table = value.get(name, {})
    if not isinstance(table, dict) or len(table) > most:
        raise InputError(f"Expected at most {most:,} {name} by name. Received: another value. {_ADVICE}")
    return table


def _text(draft: Draft) -> str:
    return " ".join(draft.words.values())


def encoded(vector: np.ndarray) -> str:
    """Return the numbers as they stand in a file."""
    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode("ascii")


def _decoded(text: Any, name: Any, what: str, most: int = MAX_LENGTH) -> np.ndarray:
    """Return the numbers of a text, at most `most`, whose hash is `name`: of a direction, in any space."""
    content = b""
    if isinstance(text, str) and len(text) <= 4 * -(-4 * most // 3) and text.isascii():
        try:
            content = base64.b64decode(text, validate=True)
        except binascii.Error:
            content = b""
    sound = 4 <= len(content) <= 4 * most and len(content) % 4 == 0
    numbers = np.frombuffer(content, "<f4").astype(np.float32) if sound else np.zeros(0, np.float32)
    spaces: tuple[Space, ...] = SPACES if what == "direction" else ("z",)
    named = isinstance(name, str) and name in {direction_hash(numbers, space) for space in spaces}
    if not sound or not np.isfinite(numbers).all() or not named:
        raise InputError(
            f"Expected each {what} as base64 of 1 to {most:,} float32 numbers under their own hash. "
            f"Received: others under {str(name)[:32] if str(name).isprintable() else 'a name'}. {_ADVICE}"
        )
    return numbers
