"""Load on a dashboard from wrk, a generator in C: visitors who drag, and visitors who look at the same slide.

Only addresses of this machine are asked, for a bounded time.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

STATUSES = """
local statuses, without = {}, 0
function response(status, headers)
  statuses[status] = (statuses[status] or 0) + 1
  if status == 503 and not (headers["Retry-After"] or headers["retry-after"]) then without = without + 1 end
  counted = ""
  for each, count in pairs(statuses) do counted = counted .. each .. "=" .. count .. " " end
  counted = counted .. "0=" .. without
end
local threads = {}
function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end
function done(summary, latency)
  local all = ""
  for _, thread in ipairs(threads) do all = all .. (thread:get("counted") or "") .. " " end
  io.write(string.format('\\nLOAD {"statuses": "%s", "p50": %f, "p95": %f, "requests": %d, "us": %d, "errors": %d}\\n',
    all, latency:percentile(50) / 1000, latency:percentile(95) / 1000, summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""

DRAGS = """
local asked, first, seen = 0, %(visitors)d, %(seen)d
function init() math.randomseed(1 + number) end
-- Bursts of 30 faces on average, 100 ms from one to the next, and 12 s of rest: 3 s of 15.
function delay()
  asked = asked + 1
  if asked <= first then return math.random(0, 9000) end  -- a silent connection is closed after 10 s
  if math.random() < 1 / 30 then return 12100 end
  return 100
end
function request()
  local face
  if math.random() < 0.5 then face = "1:" .. math.random(1, seen)
  else face = string.format("1:%%d;%(name)s=%%g", math.random(1, 1000000000), math.random(1, 60) * 0.05) end
  return wrk.format("GET", "%(path)s" .. face .. ".webp")
end
"""

SLIDES = """
local began, asked = os.time(), 0
function delay()
  asked = asked + 1
  if asked <= %(viewers)d then return math.random(0, 500) end
  return %(every)d * 1000 - 500 + math.random(0, 1000)
end
function request()
  return wrk.format("GET", "%(path)s1:" .. (%(first)d + math.floor((os.time() - began) / %(every)d)) .. ".webp")
end
"""


NEW = """
local asked = 0
function request()
  asked = asked + 1
  return wrk.format("GET", "%(path)s1:" .. (%(first)d + asked) .. ".webp")
end
"""


@dataclass(frozen=True)
class Load:
    """The result of a load.

    Args:
        statuses: answers by HTTP status.
        without: of those with 503, the ones without Retry-After.
        errors: requests without an answer.
        rate: answers a second.
        p50: median wait in milliseconds.
        p95: 95th percentile of it.
    """

    statuses: dict[int, int]
    without: int
    errors: int
    rate: float
    p50: float
    p95: float

    @property
    def unexpected(self) -> int:
        """Requests that got neither an answer nor a 503 with Retry-After."""
        fine = sum(count for status, count in self.statuses.items() if status < 400 or status == 503)
        return self.errors + self.without + sum(self.statuses.values()) - fine


def press(url: str, connections: int, seconds: int) -> Load:
    """Request one address as fast as the answers arrive."""
    return _wrk(url, STATUSES, connections, seconds)


def new_faces(pictures: str, connections: int, seconds: int, first: int) -> Load:
    """Request faces that nobody has seen, as fast as the answers arrive.

    Args:
        pictures: address of the pictures, without the face's string.
        connections: number of requests at a time.
        seconds: how long.
        first: seed of the first face.
    """
    return _wrk(pictures, NEW % {"path": urlsplit(pictures).path, "first": first} + STATUSES, connections, seconds)


def drags(pictures: str, visitors: int, seconds: int, seen: int, name: str) -> Load:
    """Have visitors drag for 3 s of every 15, at no more than 10 faces a second.

    Args:
        pictures: address of the pictures, without the face's string.
        visitors: connections.
        seconds: how long.
        seen: seeds from 1 on whose faces are cached: half of what is asked for.
        name: of the attribute that is dragged for the other half.
    """
    path = urlsplit(pictures).path
    script = DRAGS % {"visitors": visitors, "seen": seen, "name": name, "path": path}
    return _wrk(pictures, script + STATUSES, visitors, seconds)


def slides(pictures: str, viewers: int, every: int, count: int, first: int) -> Load:
    """Have viewers look at the same slides, each face a new one.

    Args:
        pictures: address of the pictures, without the face's string.
        viewers: connections.
        every: seconds from slide to slide.
        count: slides.
        first: seed of the first face.
    """
    script = SLIDES % {"viewers": viewers, "every": every, "path": urlsplit(pictures).path, "first": first}
    return _wrk(pictures, script + STATUSES, viewers, every * count)


def _wrk(url: str, script: str, connections: int, seconds: int) -> Load:
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("Expected wrk. Received: none. Type: sudo apt-get install -y wrk")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.lua"
        path.write_text(script)
        words: Sequence[str] = (
            found, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(path), url,
        )  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=seconds + 60)
    summary = json.loads(done.stdout.split("LOAD ")[1].splitlines()[0])
    statuses: dict[int, int] = {}
    for pair in summary["statuses"].split():
        status, count = (int(number) for number in pair.split("="))
        statuses[status] = statuses.get(status, 0) + count
    without = statuses.pop(0, 0)
    rate = summary["requests"] / (summary["us"] / 1e6)
    return Load(statuses, without, int(summary["errors"]), rate, summary["p50"], summary["p95"])
