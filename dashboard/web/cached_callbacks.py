"""Cached callbacks: each answer has an address, and a browser that has the answer does not request it again.

Dash sends callbacks by POST, which is never cached. For Dash, a cached callback is a client-side one, which fetches

    GET /_answers/DIGEST/NAME.json?values=[...]

(`assets/js/cached_callback.js`). DIGEST identifies this version of the code and what the answer depends on
besides its values, such as the files of a model: the answer of an address never changes and is cached permanently.
Answers with other dependencies, such as the result of a job, are requested each time, and sent only if changed.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dash
from dash import Input, State
from dash._utils import to_json
from flask import Blueprint, Response, request

from dashboard.errors import NotFound
from dashboard.faces.routes import FOREVER
from dashboard.web.callback_requests import check_values, unfit

MOST_CHARACTERS = 16_000
"""Size limit of the values in an address; selections are the longest."""

Dependency = Input | State
Values = Mapping[str, Dependency | Mapping[str, Dependency]]


@dataclass(frozen=True)
class CachedCallback:
    """A cached callback.

    Args:
        function: the callback.
        targets: for each value of the address: the parameter and, for a dictionary, its key, else "".
        dependencies: component and property of each value.
        digest_of: returns the digest of the answer's dependencies; None if these may change.
        needs: parameters that are never None.
    """

    function: Callable[..., Any]
    targets: tuple[tuple[str, str], ...]
    dependencies: tuple[Dependency, ...]
    digest_of: Callable[[Mapping[str, Any]], str | None]
    needs: tuple[str, ...]

    def keywords(self, values: Sequence[Any]) -> dict[str, Any]:
        """Gather the values of an address as the function's keywords.

        Raises:
            InputError: a required one is missing.
        """
        found: dict[str, Any] = {}
        for (name, key), value in zip(self.targets, values, strict=True):
            if key:
                found.setdefault(name, {})[key] = value
            else:
                found[name] = value
        if missing := [name for name in self.needs if found[name] is None]:
            raise unfit(f"a value of {missing[0]}", None)
        return found


REGISTERED: dict[str, CachedCallback] = {}
"""Cached callbacks by name. Every application imports the pages again, and registers the same ones again."""


def cached_callback(
    name: str,
    outputs: Any,
    values: Values,
    digest: State,
    digest_of: Callable[[Mapping[str, Any]], str | None],
    triggers: Sequence[Input] = (),
    needs: Sequence[str] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a cached callback.

    Args:
        name: part of the address.
        outputs: an `Output`, or a list of them.
        values: the function's arguments by parameter: inputs and states, or dictionaries of them.
        digest: the component and property with the digest for the address.
        digest_of: returns, for the function's keywords, the digest of an answer; None for an answer that
            is requested each time.
        triggers: inputs that trigger it without being arguments.
        needs: parameters without which it is not called.

    Returns:
        A decorator that returns the function unchanged.
    """
    flat = [
        ((parameter, key), dependency)
        for parameter, given in values.items()
        for key, dependency in (given.items() if isinstance(given, Mapping) else (("", given),))
    ]
    asked = [dependency for _, dependency in flat] + list(triggers) + [digest]
    order = sorted(asked, key=lambda each: isinstance(each, State))  # Dash gives the inputs first
    positions = [order.index(dependency) for _, dependency in flat]
    needed = [positions[k] for k, ((parameter, _), _) in enumerate(flat) if parameter in needs]
    how = json.dumps({"digest": order.index(digest), "values": positions, "needed": needed})
    dash.clientside_callback(
        f"function () {{ return likeness.cachedCallback({json.dumps(name)}, {how}, arguments); }}", outputs, *order
    )

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        targets, dependencies = zip(*flat, strict=True)
        REGISTERED[name] = CachedCallback(function, targets, dependencies, digest_of, tuple(needs))
        return function

    return register


def answers_blueprint() -> Blueprint:
    """Make the route of all cached callbacks."""
    blueprint = Blueprint("answers", __name__)

    @blueprint.get("/_answers/<digest>/<name>.json")
    def answer(digest: str, name: str) -> Response:
        """Return a callback's answer to `values` as Dash's JSON."""
        spec = REGISTERED.get(name)
        if spec is None:
            raise NotFound("Expected the name of a cached callback. Received: another name. Load the page again.")
        given = spec.keywords(check_values(spec.function, spec.targets, spec.dependencies, _values()))
        response = Response(to_json(spec.function(**given)), mimetype="application/json")
        kept = spec.digest_of(given)
        response.headers["Cache-Control"] = FOREVER if kept is not None and kept == digest else "no-cache"
        response.add_etag()
        response.make_conditional(request)
        return response

    return blueprint


def answers_digest(*parts: object) -> str:
    """Return the digest for an address.

    Args:
        parts: the answer's dependencies besides its values and the code.

    Returns:
        12 hexadecimal digits.
    """
    return hashlib.sha256("\0".join((_code_digest(), *map(str, parts))).encode()).hexdigest()[:12]


@functools.cache
def _code_digest() -> str:
    """Return a digest of the code: any change of it changes the addresses."""
    found = hashlib.sha256(" ".join(version(name) for name in ("dash", "plotly", "numpy", "scikit-learn")).encode())
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def _values() -> Any:
    text = request.args.get("values", "")
    if len(text) > MOST_CHARACTERS:
        raise unfit(f"at most {MOST_CHARACTERS:,} characters of values", f"{len(text):,}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unfit("values as a JSON list", text) from error
