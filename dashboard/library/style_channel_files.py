"""Lists of style channels, as StyleSpace names them: a table or JSON of layers and channels.

    name,layer,channel,sign                  [{"name": "Smile", "layer": 6, "channel": 501}]
    Smile,6,501,1                            {"Smile": [6, 501], "Gaze": [9, 409, -1]}

`layer` is a number from 0 in StyleSpace's order, layers to RGB included, or the layer's name, such as b16.conv1. `sign`
is optional, 1 or -1. Other columns, such as StyleSpace's steps, are left out: the slider chooses the amount.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.errors import InputError
from dashboard.library.direction_files import FoundDirection, title_of
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.style_channels import StyleChannel, channel_at, vector_of

MAX_BYTES = 1 << 20
MAX_CHANNELS = 500

_FIELDS = ("name", "layer", "channel", "sign")
_NUMBER = re.compile(r"[+-]?\d{1,6}(?:\.0+)?")
_ADVICE = 'Write such as name,layer,channel and Smile,6,501, or JSON such as {"Smile": [6, 501]}.'


def is_channel_list(path: Path) -> bool:
    """Return whether a file is a list of style channels: JSON, or a table with the columns layer and channel."""
    with path.open("rb") as file:
        begin = file.read(4096)
    text = begin.decode("utf-8-sig", "ignore").lstrip()
    if b"\0" in begin:  # an array
        return False
    if text.startswith(("{", "[")):
        return True
    return {"layer", "channel"} <= set(_cells(text.partition("\n")[0]))


def read_channels(path: Path, config: NetworkConfig, notes: list[str] | None = None) -> list[FoundDirection]:
    """Read a list of style channels as directions of s.

    Args:
        path: the file.
        config: of the network that they are of.
        notes: sentences on what was left out are added to it.

    Returns:
        The channels, in file order; those without a name are called by their layer and channel.

    Raises:
        InputError: the file is no such list, or the network does not have one of the channels.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"Expected a list of channels of at most {MAX_BYTES >> 20} MB. Received: a larger one.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("Expected a list of channels in UTF-8. Received: another encoding. Save it again.") from error
    entries = list(_of_json(text) if text.lstrip().startswith(("{", "[")) else _of_table(text, notes))
    if not 1 <= len(entries) <= MAX_CHANNELS:
        raise InputError(f"Expected 1 to {MAX_CHANNELS} style channels. Received: {len(entries):,}. {_ADVICE}")
    found = [(_title(entry), _channel(entry, config)) for entry in entries]
    taken: dict[str, int] = {}
    directions: list[FoundDirection] = []
    for title, channel in found:
        wanted = title or f"Layer {channel.number} channel {channel.channel}"
        taken[wanted] = taken.get(wanted, 0) + 1
        unique = wanted if taken[wanted] == 1 else f"{wanted[:40]} ({taken[wanted]})"
        directions.append(FoundDirection(unique, vector_of(config, channel), channel.words))
    return directions


def _of_table(text: str, notes: list[str] | None) -> Iterator[dict[str, Any]]:
    head, _, body = text.partition("\n")
    names, delimiter = _cells(head), _delimiter(head)
    if len(set(names)) != len(names):
        raise InputError(f"Expected each column once. Received: {', '.join(names)[:80]}. {_ADVICE}")
    if notes is not None and (others := [name for name in names if name and name not in _FIELDS]):
        notes.append(f"Left out, since the slider chooses the amount: {', '.join(others)[:80]}.")
    try:
        rows = list(csv.reader(io.StringIO(body), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(f"Expected a table of style channels. Received: {error}. {_ADVICE}") from error
    for number, row in enumerate(rows, 2):
        if any(cell.strip() for cell in row):
            if len(row) != len(names):
                raise InputError(f"Expected {len(names)} cells in row {number}. Received: {len(row)}. {_ADVICE}")
            yield dict(zip(names, (cell.strip() for cell in row), strict=True))


def _of_json(text: str) -> Iterator[dict[str, Any]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"Expected JSON of style channels. Received: text that is no JSON. {_ADVICE}") from error
    for each in value if isinstance(value, list) else value.items():
        if isinstance(each, dict):
            yield each
        elif isinstance(value, dict) and isinstance(each[1], list) and len(each[1]) in (2, 3):
            yield dict(zip(_FIELDS, (each[0], *each[1]), strict=False))
        else:
            raise InputError(f"Expected style channels. Received: {str(each)[:60]}. {_ADVICE}")


def _channel(entry: dict[str, Any], config: NetworkConfig) -> StyleChannel:
    layer, channel, sign = (entry.get(name) for name in _FIELDS[1:])
    number = _whole(layer)
    if number is None and not isinstance(layer, str):
        raise InputError(f"Expected a layer's number or name. Received: {str(layer)[:40]}. {_ADVICE}")
    index, signed = _whole(channel), 1 if sign in (None, "") else _whole(sign)
    if index is None:
        raise InputError(f"Expected the number of a channel. Received: {str(channel)[:40]}. {_ADVICE}")
    if signed not in (1, -1):
        raise InputError(f"Expected the sign 1 or -1. Received: {str(sign)[:40]}. {_ADVICE}")
    return channel_at(config, str(layer).strip() if number is None else number, index, signed)


def _title(entry: dict[str, Any]) -> str:
    name = entry.get("name")
    if name is not None and not isinstance(name, str | int | float):
        raise InputError(f"Expected a name. Received: {str(name)[:40]}. {_ADVICE}")
    return title_of(str(name or ""))


def _whole(value: Any) -> int | None:
    """Return a whole number, as JSON or a cell has it: 6, "6", "6.0", "+1"; None for anything else."""
    if isinstance(value, bool):
        return None
    text = value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
    return int(text.partition(".")[0]) if _NUMBER.fullmatch(text) else None


def _cells(line: str) -> list[str]:
    """Return the column titles of a table's first line, in small letters."""
    return [cell.strip().strip('"').lower() for cell in line.strip("\r\n").split(_delimiter(line))]


def _delimiter(line: str) -> str:
    return max((",", ";", "\t"), key=line.count)
