"""Medians of two trees, read from the pages that the benchmarks write."""

from __future__ import annotations

from benchmarks.against import medians

PAGE = """# Page

| what | median | p95 or worst | goal |
|---|---|---|---|
| slider to pixels, new faces (518) | 19 ms | p95 23 ms | median 40 ms |
| start, caches empty | 1.88 s | 2.03 s (slowest) | 3 s |
| memory | 1,212 MB | 212 MB | |
| new faces per second | 35 | worst 34 | at least 20 |
"""


def test_medians_are_read_with_their_units() -> None:
    assert medians(PAGE) == {
        "slider to pixels, new faces": 19.0,
        "start, caches empty": 1880.0,
        "memory": 1212.0,
        "new faces per second": 35.0,
    }
