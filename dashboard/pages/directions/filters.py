"""Filters of a tab of the Directions page; `assets/js/directions/filters.js` writes them into its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html


@dataclass(frozen=True)
class Filter:
    """A field with a fixed choice.

    Args:
        word: the query parameter; `filter-WORD` is the field's id.
        plain: the default value.
        label: its label.
        help: one short sentence.
        width: in pixels.
    """

    word: str
    plain: str
    label: str
    help: str
    width: int = 150

    @property
    def id(self) -> str:
        """Id of its field."""
        return f"filter-{self.word}"


def read_filters(filters: Sequence[Filter], choices: Mapping[str, Sequence[str]], words: Mapping[str, Any]) -> dict:
    """Read the values of an address.

    Args:
        filters: the fields.
        choices: values by word.
        words: the query parameters, unchecked.

    Returns:
        A value for each parameter; the default if it is missing or invalid.
    """
    return {each.word: text if (text := words.get(each.word)) in choices[each.word] else each.plain for each in filters}


def filter_store(filters: Sequence[Filter]) -> dcc.Store:
    """Lay out the data of the script: ids and defaults by parameter."""
    return dcc.Store(id="filters", data={each.word: [each.id, each.plain] for each in filters})


def select(field: Filter, data: Sequence[tuple[str, str]], value: str, searchable: bool = False) -> dmc.Select:
    """Lay out a field.

    Args:
        field: the field.
        data: values and their labels.
        value: its value.
        searchable: whether one can type into it.
    """
    return dmc.Select(
        id=field.id,
        data=[{"value": each, "label": words} for each, words in data],
        value=value,
        size="xs",
        w=field.width,
        searchable=searchable,
        leftSection=html.Span(field.label, className="lk-select-label") if field.label else None,
        leftSectionWidth=len(field.label) * 6.4 + 20 if field.label else None,
        allowDeselect=False,
        comboboxProps={"withinPortal": False},
        **{"aria-label": field.label or field.help, "data-help": field.help},
    )


def inputs(filters: Sequence[Filter]) -> tuple[Input, ...]:
    """Return the fields as inputs of a callback, in the order of `filters`."""
    return tuple(Input(each.id, "value") for each in filters)


def register_filters(page: str, filters: Sequence[Filter]) -> None:
    """Register the callback that writes the values of the fields into the address of a page."""
    clientside_callback(
        ClientsideFunction("filters", "view"), Output(page, "data-view"), *inputs(filters), State("filters", "data")
    )
