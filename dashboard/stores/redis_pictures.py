"""Pictures that several hosts share in Redis, behind the cache on each host's disk.

Redis drops the least recently used by itself: start it with `--maxmemory` and `--maxmemory-policy allkeys-lru`.
"""

from __future__ import annotations

from dashboard.stores.picture_cache import DIGEST_BYTES, Entry
from dashboard.stores.ports import PictureStore
from dashboard.stores.redis_link import PREFIX, RedisLink

KEPT = 7 * 24 * 3600
"""Seconds after which a picture is dropped, even from a Redis without a limit of its own."""


class RedisPictures:
    """Pictures of the own disk first, then of all hosts.

    Args:
        local: the cache on the disk of this host.
        link: to Redis.
    """

    def __init__(self, local: PictureStore, link: RedisLink) -> None:
        self._local, self._link = local, link

    @property
    def in_use(self) -> bool:
        """Whether the cache on the disk works; without Redis pictures are computed on each host."""
        return self._local.in_use

    @property
    def bytes(self) -> int:
        """Size on this host's disk in bytes."""
        return self._local.bytes

    def get(self, key: str) -> Entry | None:
        """Return an entry; None if there is none, or if its bytes were altered."""
        if (local := self._local.get(key)) is not None:
            return local
        stored = self._link.ask(lambda client: client.get(PREFIX + key), None)
        if not isinstance(stored, bytes) or len(stored) <= DIGEST_BYTES:
            return None
        entry = Entry.of(stored[DIGEST_BYTES:])
        if not stored.startswith(bytes.fromhex(entry.digest)):
            return None
        self._local.put(key, entry)
        return entry

    def put(self, key: str, entry: Entry) -> None:
        """Store an entry on the disk and for other hosts."""
        self._local.put(key, entry)
        value = bytes.fromhex(entry.digest) + entry.payload
        self._link.ask(lambda client: client.set(PREFIX + key, value, ex=KEPT), None)

    def close(self) -> None:
        """Release what this process holds."""
        self._local.close()
