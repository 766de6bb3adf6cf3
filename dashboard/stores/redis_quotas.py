"""Quotas that several hosts count together in Redis; while it is away, each process counts for itself."""

from __future__ import annotations

from limits.storage import RedisStorage

from dashboard.stores.quotas import LimitsQuotas
from dashboard.stores.redis_link import PREFIX, RedisLink


class RedisQuotas:
    """Quotas of all hosts.

    Args:
        link: to Redis.
    """

    def __init__(self, link: RedisLink) -> None:
        self._link, self._own = link, LimitsQuotas()
        self._common: LimitsQuotas | None = None

    def hit(self, name: str, visitor: str, most: int, seconds: int) -> float:
        """Count once more, see `dashboard.stores.ports.Quotas`."""
        left = self._link.ask(lambda _: self._shared().hit(name, visitor, most, seconds), None)
        return self._own.hit(name, visitor, most, seconds) if left is None else left

    def wait(self, name: str, visitor: str, most: int, seconds: int) -> float:
        """Return the seconds until there is room; 0 for now."""
        left = self._link.ask(lambda _: self._shared().wait(name, visitor, most, seconds), None)
        return self._own.wait(name, visitor, most, seconds) if left is None else left

    def _shared(self) -> LimitsQuotas:
        """Return the quotas in Redis. Their scripts are loaded with the first use, so Redis may start later."""
        if self._common is None:
            pool = self._link.client.connection_pool
            storage = RedisStorage("redis://", connection_pool=pool, key_prefix=f"{PREFIX}quotas")
            self._common = LimitsQuotas(storage)
        return self._common
