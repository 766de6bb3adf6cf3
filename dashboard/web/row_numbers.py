"""Row numbers in addresses, limited to the database's range."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST = (1 << 63) - 1


class RowNumber(IntegerConverter):
    """The converter of `<int:...>` in routes: an address with a larger number is answered 404."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST, **kwargs})
