"""Invalid requests, made from an application's own lists: its routes, callbacks, pages and parameters.

Request k is the same in every run. Parameters of addresses and JSON bodies are read from the source, and callbacks
receive variations of the values on the pages, so new routes, callbacks and parameters are tested automatically.
"""

from __future__ import annotations

import functools
import gzip
import inspect
import io
import json
import pickle
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import dash
import numpy as np

import dashboard
from dashboard.web.cached_callbacks import REGISTERED

SOURCE = Path(dashboard.__file__).parent
CALLBACKS = "/_dash-update-component"

TEXTS = [
    "",
    "0",
    "1",
    "-1",
    "2",
    "1.5",
    str(2**63),
    str(2**64),
    "9" * 400,
    "1e999",
    "nan",
    "inf",
    "true",
    "null",
    " ",
    "\t",
    "x",
    "é",
    "\0",
    "\x1b[0m",
    "\u202e",
    "\ufffd",
    "a" * 5000,
    "../../etc/passwd",
    "..",
    ".",
    "%",
    "%00",
    "<b>",
    "'",
    '"',
    "{}",
    "[]",
    "1:23",
    "1:23;Smiling=1",
    "1:23;Smiling=1e9",
    "1:23;Nobody=1",
    "1:mix(1,2,0.5)",
    "1:avg(1,2,3)",
    "1:avg()",
    f"1:latent~{'0' * 32}",
    f"1:latent~{'0' * 32}.{2**63}",
    "1:23;pc~z.1=1",
    "1:23;pc~block4.1=1",
    "1:23;pc~z.99999=1",
    "1:23;sefa~1=2",
    f"1:23;own~{'1' * 32}=1",
    "Smiling",
    "Male",
    "Smiling,Male",
    "Nobody,Nothing",
    "Smiling,Nothing",
    "Smiling,pc~z.1",
    ",,,",
    "1:23!1:24",
    "!!!!",
    "*",
    "tiny",
    "gone",
    "z",
    "block4",
    "scores",
    "features",
    f"set-{'0' * 32}",
    "pca",
    "umap",
    "tsne",
    "score:Smiling",
    "coordinate:Male",
    "column:age",
    "density",
    "cluster",
    "label",
    "effect",
    "cosine",
    "scores",
    "difference",
    "clusters",
    "3d",
    "2d",
    "0,0,1,1",
    "nan,nan,1,1",
    "sweep",
    "grid",
    "mix",
    "csv",
    "npz",
    "webp",
    "png",
    "json",
    "safetensors",
    "pkl",
    "A",
    "B",
    "own~",
    "pc~",
    "sefa~9",
    "pc~scores.1",
    f"own~{'2' * 32}",
    "1~z.pca.1.2~20000~0_0_1_1",
    "1~z.pca.1.2~99999999999999999999~",
    "1~scores.pca.1.2~300~AAAA",
]
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    3,
    2**31,
    2**63,
    -(2**64),
    0.5,
    1e308,
    [],
    {},
    [[]],
    [None],
    {"": None},
    [1, 2, 3],
    ["x"],
    ["Smiling", "Male"],
    ["Smiling", "Nothing"],
    {"a": {"b": [1]}},
    {"face": "1:23"},
    {"start": {"face": "1:23", "base": "1"}},
    {"start": None},
    {"components": [1, 2], "space": "z"},
    {"components": [2**63, "x"], "space": 3},
    {"show": "z"},
    "\ud800",
    "light",
    "dark",
    *TEXTS,
]
HEADERS: list[dict[str, str]] = [
    {"Origin": "http://["},
    {"Origin": "null"},
    {"Origin": "http://localhost"},
    {"Origin": "\u00ff"},
    {"Origin": "http://localhost:99999999"},
    {"Host": "localhost:x"},
    {"Host": "["},
    {"Host": ""},
    {"Host": "a" * 300},
    {"Range": "bytes=9-1"},
    {"Range": "x"},
    {"If-None-Match": '"'},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "x"},
    {"Accept": "text/html"},
    {"Authorization": "Bearer \u00ff"},
    {"Authorization": "x"},
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Type": "multipart/form-data"},
    {"Cookie": "\u00ff=\u00ff"},
    {"X-Forwarded-For": "x"},
    {"Forwarded": "x"},
    {"Content-Encoding": "gzip"},
    {"Accept-Language": "\u00ff"},
    {"Sec-Fetch-Site": "x"},
    {"Transfer-Encoding": "x"},
    {"Referer": "http://["},
]


@functools.cache
def words() -> list[str]:
    """Return the words that the source reads from addresses and bodies."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found.update(
            re.findall(r"(?:args|words|request_body|body|params|asked|given|value)(?:\.get\(|\[)\"([A-Za-z_]+)\"", text)
        )
        found.update(re.findall(r"text\((?:request_body|body), \"([a-z_]+)\"", text))
        found.update(re.findall(r"\bnames?\(\"([a-z]+)\"", text))
    for page in dash.page_registry.values():
        layout = page.get("supplied_layout") or page.get("layout")
        if callable(layout):
            found.update(name for name in inspect.signature(layout).parameters if not name.startswith("_"))
    return sorted(found)


@functools.cache
def bodies() -> list[dict[str, Any]]:
    """Return the examples of JSON bodies that the source gives."""
    found: list[dict[str, Any]] = []
    for path in sorted(SOURCE.rglob("*.py")):
        for text in re.findall(r"json_object\(\s*'(.*?)'", path.read_text(encoding="utf-8")):
            try:
                found.append(json.loads(text))
            except ValueError:
                found.append(dict.fromkeys(re.findall(r'"(\w+)"', text)))
    return found


@functools.cache
def files() -> list[bytes]:
    """Return files of every kind, right and wrong, for addresses that take one."""

    def npy(array: Any) -> bytes:
        stream = io.BytesIO()
        np.save(stream, array, allow_pickle=True)
        return stream.getvalue()

    def npz(**arrays: Any) -> bytes:
        stream = io.BytesIO()
        np.savez(stream, allow_pickle=True, **arrays)
        return stream.getvalue()

    def packed(**entries: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in entries.items():
                archive.writestr(name, content)
        return stream.getvalue()

    rows = np.random.default_rng(0).standard_normal((12, 512)).astype(np.float32)
    table = "\n".join(",".join(f"{v:.3f}" for v in row) for row in rows).encode()
    whole = [
        b"",
        b"\0",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"a,b\n1",
        b"\n" * 50,
        table,
        table.replace(b",", b";"),
        table + b",x",
        b"1.0,1\n1.1,0\n",
        b"face,label\n" + b"1.0,yes\n1.1,no\n" * 9,
        b"9" * 5000 + b",1\n",
        npy(rows),
        npy(rows.T),
        npy(rows[:, None, :, None]),
        npy(rows[0]),
        npy(rows.astype(complex)),
        npy(rows * np.nan),
        npy(rows * 0),
        npy(np.array(["a", "b"])),
        npy(np.array([b"a"])),
        npy(np.array([{}], object)),
        npy(np.array(["2020-01-01"], "datetime64[D]")),
        npy(np.zeros((0, 512))),
        npy(np.zeros((), np.float32)),
        npy(np.zeros(3, [("a", "f4"), ("b", "U3")])),
        npz(),
        npz(latents=rows, labels=np.arange(12) % 2),
        npz(latents=rows, labels=np.array(["a", "b"] * 6)),
        npz(latents=rows, labels=np.array([b"a", b"b"] * 6)),
        npz(latents=np.array(["x"] * 12), labels=np.arange(12)),
        npz(direction=np.array(["x"]), name=np.array(["y"])),
        npz(direction=rows.T, name=np.array(["y"])),
        npz(a=np.array([b"x"])),
        npz(a=np.array([None], object)),
        npz(a=np.array(1)),
        packed(**{"a.npy": b"x", "../b": b""}),
        packed(**{"z.npz": npz(a=rows)}),
        gzip.compress(table),
        pickle.dumps({"a": rows}),
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        b"<!doctype html><p>no",
        b"\x93NUMPY\x01\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 512)}",
        b"\x93NUMPY\x09\0",
        b"\xff" * 8 + b"{}",
        (8).to_bytes(8, "little") + b'{"a":{}}',
        bytes(range(256)) * 9,
    ]
    return [*whole, *(content[: len(content) // 2] for content in whole if len(content) > 9)]


def laid_out(app: Any) -> dict[tuple[str, str], Any]:
    """Return the values of the components of every page as it is laid out: by id and property."""
    found: dict[tuple[str, str], Any] = {}
    client = app.server.test_client()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            props = node.get("props")
            if isinstance(props, dict) and isinstance(props.get("id"), str):
                found.update({(props["id"], name): value for name, value in props.items() if name != "children"})
            for each in node.values():
                walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(client.get("/_dash-layout").get_json())
    for page in dash.page_registry.values():
        if page["path"]:
            walk(client.post(CALLBACKS, json=_page(page["path"], "", app.callback_map)).get_json())
    return found


def request(k: int, app: Any, values: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """Return the keywords of Werkzeug's test client for request k.

    Args:
        k: from 0.
        app: the Dash application, after its first request.
        values: what `laid_out` gave.

    Returns:
        path, method, headers and data.
    """
    chance = random.Random(k)
    callbacks = [name for name, spec in app.callback_map.items() if "callback" in spec]
    rules = [rule for rule in app.server.url_map.iter_rules() if rule.rule != CALLBACKS]
    rules.sort(key=lambda rule: (rule.rule, rule.endpoint))
    headers = dict(chance.choice(HEADERS)) if chance.random() < 0.1 else {}
    kind = k % 4
    if kind == 0 and chance.random() < 0.3:
        return {"path": _answer(chance, values), "method": "GET", "headers": headers}
    if kind == 0:
        body = _callback(chance, callbacks[k // 4 % len(callbacks)], app.callback_map, values)
        return {"path": CALLBACKS, "method": "POST", "headers": headers, **_sent(chance, body, headers)}
    if kind == 1:
        pages = sorted(page["path"] for page in dash.page_registry.values() if page["path"])
        body = _page(pages[k // 4 % len(pages)], "?" + _query(chance), app.callback_map)
        return {"path": CALLBACKS, "method": "POST", "headers": headers, **_sent(chance, body, headers, whole=True)}
    rule = rules[k // 2 % len(rules)]
    own = sorted(rule.methods - {"HEAD", "OPTIONS"})
    method = chance.choice(own) if chance.random() < 0.9 else chance.choice(["HEAD", "OPTIONS", "PUT", "POST", "GET"])
    path = re.sub(r"<(?:\w+(?:\(.*?\))?:)?(\w+)>", lambda found: quote(_part(chance, found[1]), safe=""), rule.rule)
    asked = _query(chance) if chance.random() < 0.8 else ""
    sent: dict[str, Any] = {}
    if method not in ("GET", "HEAD", "OPTIONS"):
        sent = {"data": chance.choice(files())} if chance.random() < 0.5 else _sent(chance, _body(chance), headers)
    return {"path": f"{path}?{asked}", "method": method, "headers": headers, **sent}


def _part(chance: random.Random, name: str) -> str:
    """Return a part of an address: what such a part may be, as a rule."""
    usual = {"form": ["csv", "npz", "json", "png", "pkl", "safetensors", "webp"], "name": ["tiny", "Smiling", "0" * 32]}
    return chance.choice(usual[name]) if name in usual and chance.random() < 0.7 else _text(chance)


def _text(chance: random.Random) -> str:
    text = chance.choice(TEXTS)
    return text if chance.random() < 0.8 else f"{text}{chance.choice(TEXTS)}"


def _value(chance: random.Random) -> Any:
    return chance.choice(VALUES)


def _query(chance: random.Random) -> str:
    words_sent = {chance.choice(words()): _text(chance) for _ in range(chance.randrange(6))}
    if chance.random() < 0.9:
        words_sent["model"] = "tiny"
    return urlencode(words_sent, errors="replace")


def _body(chance: random.Random) -> Any:
    body: dict[str, Any] = dict(chance.choice(bodies()))
    for _ in range(chance.randrange(4)):
        body[chance.choice([*body, *words()])] = _value(chance)
    if chance.random() < 0.8:
        body["model"] = "tiny"
    return body if chance.random() < 0.9 else _value(chance)


def _callback(chance: random.Random, name: str, callbacks: Any, values: dict[tuple[str, str], Any]) -> Any:
    """Return a call with the values of the page; one or two of them, or the form of the call, are others."""
    body = _call(name, callbacks, lambda each: values.get((each["id"], each["property"])))
    if chance.random() < 0.2:
        part = chance.choice(list(body))
        odd = [_value(chance), [], [_value(chance)], [body[part], body[part]], {"id": _value(chance)}]
        return body | {part: chance.choice(odd)}
    given = [each for each in (*body["inputs"], *body["state"]) if isinstance(each, dict)]
    for each in chance.sample(given, min(len(given), chance.randrange(3))):
        each["value"] = _other(chance, each["value"])
    return body


def _answer(chance: random.Random, values: dict[tuple[str, str], Any]) -> str:
    """Return the address of a cached callback's answer with the values of the page; some of them are others."""
    name, spec = chance.choice(sorted(REGISTERED.items()))
    given = [values.get((str(each.component_id), each.component_property)) for each in spec.dependencies]
    for k in chance.sample(range(len(given)), min(len(given), chance.randrange(3))):
        given[k] = _other(chance, given[k])
    text = json.dumps(given if chance.random() < 0.9 else _value(chance))
    text = text if chance.random() < 0.95 else text[: chance.randrange(len(text) + 1)]
    return (
        f"/_answers/{chance.choice(['0' * 12, values.get(('latent-digest', 'data'))])}/{name}.json?values={quote(text)}"
    )


def _other(chance: random.Random, value: Any) -> Any:
    """Return another value: of any kind, of the same kind, or the same with a change inside."""
    if isinstance(value, dict) and value and chance.random() < 0.6:
        name = chance.choice(list(value))
        return value | {name: _other(chance, value[name])}
    if isinstance(value, list) and value and chance.random() < 0.6:
        return [*value[:-1], _other(chance, value[-1])]
    if chance.random() < 0.5:
        return chance.choice([each for each in VALUES if type(each) is type(value)] or VALUES)
    return _value(chance)


def _page(path: str, search: str, callbacks: Any) -> Any:
    name = next(name for name in callbacks if name.startswith(".._pages_content"))
    values = {"pathname": path, "search": search}
    return _call(name, callbacks, lambda each: values.get(each["property"]))


def _call(name: str, callbacks: Any, value: Callable[[dict[str, str]], Any]) -> dict[str, Any]:
    """Return a request for a callback as the browser sends it."""
    spec = callbacks[name]

    def of(kind: str) -> list[Any]:
        return [
            [] if each["id"].startswith("{") else {"id": each["id"], "property": each["property"], "value": value(each)}
            for each in spec[kind]
        ]

    outputs = spec["output"] if isinstance(spec["output"], list | tuple) else [spec["output"]]
    targets = [{"id": each.component_id, "property": each.component_property} for each in outputs]
    return {
        "output": name,
        "outputs": targets if isinstance(spec["output"], list | tuple) else targets[0],
        "inputs": of("inputs"),
        "state": of("state"),
        "changedPropIds": [f"{each['id']}.{each['property']}" for each in spec["inputs"][:1]],
    }


def _sent(chance: random.Random, body: Any, headers: dict[str, str], whole: bool = False) -> dict[str, Any]:
    """Return a body as JSON, now and then cut off."""
    text = json.dumps(body)
    if not whole and chance.random() < 0.05:
        text = text[: chance.randrange(len(text) + 1)] or "["
    headers.setdefault("Content-Type", "application/json")
    return {"data": text.encode()}
