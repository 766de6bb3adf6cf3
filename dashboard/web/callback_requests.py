"""Validation of Dash's callback requests against the list of callbacks: an invalid one is answered 400.

An exception in a callback after a valid request stays a 500 with its traceback: it is a bug of ours.
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from dashboard.errors import InputError
from dashboard.web.page_values import VALUES

PATH = "/_dash-update-component"


def check_callback(body: Any, callbacks: Mapping[str, Mapping[str, Any]]) -> None:
    """Compare a request with the callback that it names.

    Args:
        body: the JSON value of the request.
        callbacks: Dash's `callback_map`.

    Raises:
        InputError: there is no such callback on the server; its inputs, states or outputs differ; or a value is of
            another type than the callback's annotation.
    """
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        raise unfit("a JSON object that names an output", body)
    spec = callbacks.get(body["output"])
    if spec is None or "callback" not in spec:
        raise unfit("an output that a callback of this dashboard has", body["output"])
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(each, str) for each in changed):
        raise unfit("changedPropIds to be a list of texts", changed)
    values: list[Any] = []
    for kind, wanted in (("inputs", spec["inputs"]), ("state", spec["state"])):
        given = body.get(kind, [])
        if not isinstance(given, list) or len(given) != len(wanted):
            raise unfit(f"{len(wanted)} {kind} for this callback", given)
        values += [_value(each, one) for each, one in zip(given, wanted, strict=True)]
    _check_outputs(body.get("outputs"), spec)
    _check_types(spec, values)


def check_values(function: Any, targets: Sequence[tuple[str, str]], dependencies: Sequence[Any], values: Any) -> list:
    """Compare the values of an address with its callback (`cached_callbacks`).

    Args:
        function: the callback.
        targets: the parameter of each value, and its key where that is a dictionary.
        dependencies: the component and property of each value.
        values: of the address.

    Returns:
        The values.

    Raises:
        InputError: their number is wrong, or one is of another type.
    """
    if not isinstance(values, list) or len(values) != len(dependencies):
        raise unfit(f"a list of {len(dependencies)} values", values)
    adapters = _adapters(inspect.unwrap(function))
    for (name, key), dependency, value in zip(targets, dependencies, values, strict=True):
        _check_shared(dependency.component_id, dependency.component_property, value)
        if not key and name in adapters:
            _check_type(name, value, adapters[name])
    return values


def _value(given: Any, wanted: Mapping[str, Any]) -> Any:
    """Return the value of one input, or the values of all inputs that match a pattern."""
    if str(wanted["id"]).startswith("{"):
        if not isinstance(given, list) or not all(
            isinstance(each, dict) and isinstance(each.get("id"), dict) and each.get("property") == wanted["property"]
            for each in given
        ):
            raise unfit(f"a list of values for {wanted['id']}", given)
        return [each.get("value") for each in given]
    if not isinstance(given, dict) or (given.get("id"), given.get("property")) != (wanted["id"], wanted["property"]):
        raise unfit(f"a value of {wanted['id']}.{wanted['property']}", given)
    value = given.get("value")
    _check_shared(wanted["id"], wanted["property"], value)
    return value


def _check_shared(component: str, prop: str, value: Any) -> None:
    adapter = _shared_values().get((component, prop))
    if adapter is not None:
        _check_type(f"{component}.{prop}", value, adapter)


def _check_outputs(given: Any, spec: Mapping[str, Any]) -> None:
    if spec.get("no_output"):
        return
    several = isinstance(spec["output"], list | tuple)
    wanted = list(spec["output"]) if several else [spec["output"]]
    given_list = given if several else [given]
    if not isinstance(given_list, list) or len(given_list) != len(wanted):
        raise unfit(f"{len(wanted)} outputs for this callback", given)
    for each, one in zip(given_list, wanted, strict=True):
        if isinstance(one.component_id, dict):
            if not isinstance(each, list | dict):
                raise unfit("the outputs that the callback has", each)
            continue
        named = (each.get("id"), each.get("property")) if isinstance(each, dict) else None
        if named != (one.component_id, one.component_property):
            raise unfit(f"the output {one.component_id}.{one.component_property}", each)


def _check_types(spec: Mapping[str, Any], values: Sequence[Any]) -> None:
    """Compare values with the annotations of a function."""
    function = inspect.unwrap(spec["callback"])
    adapters = _adapters(function)
    indices = spec["inputs_state_indices"]
    if isinstance(indices, Mapping):
        taken = list(indices.items())
    else:
        order = list(indices) if isinstance(indices, list | tuple) else [indices]
        taken = list(zip(inspect.signature(function).parameters, order, strict=False))
    for name, index in taken:
        if name in adapters and isinstance(index, int):
            _check_type(name, values[index], adapters[name])


def _check_type(name: str, value: Any, adapter: TypeAdapter[Any]) -> None:
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(map(str, (name, *problem["loc"])))[:80]
        raise unfit(f"another value of {where} ({problem['msg'][:80]})", value) from error


@functools.cache
def _adapters(function: Any) -> dict[str, TypeAdapter[Any]]:
    """Return the validators of each parameter of a function that is annotated with a JSON type."""
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except (NameError, TypeError):
        return {}
    plain = (
        p for p in inspect.signature(function).parameters.values() if p.kind is not inspect.Parameter.VAR_POSITIONAL
    )
    return {p.name: TypeAdapter(hints[p.name]) for p in plain if hints.get(p.name, Any) is not Any}


@functools.cache
def _shared_values() -> dict[tuple[str, str], TypeAdapter[Any]]:
    return {index: TypeAdapter(kind) for index, kind in VALUES.items()}


def unfit(expected: str, received: Any) -> InputError:
    """Return the error for an invalid part of a request."""
    text = repr(received)
    shown = "".join(c if c.isprintable() and c.isascii() else "?" for c in text[:60])
    return InputError(f"Expected {expected}. Received: {shown}. Load the page again.")
