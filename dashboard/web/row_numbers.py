"""Numbers in addresses: as large as a row's number in a database may be, and no larger."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST = (1 << 63) - 1


class RowNumber(IntegerConverter):
    """What `<int:...>` of a route takes: an address with a larger number is that of nothing, 404."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST, **kwargs})
