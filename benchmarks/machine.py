"""Names the machine that a measurement was made on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path


def describe_machine(packages: tuple[str, ...] = ()) -> str:
    """One line for a page of measurements.

    Args:
        packages: distributions whose versions matter; those not installed are left out.

    Returns:
        Processor, cores, system, Python, versions, and how busy the machine is just now.
    """
    parts = [
        _processor(),
        f"{os.cpu_count()} cores",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
    ]
    for name in packages:
        try:
            parts.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    if hasattr(os, "getloadavg"):
        parts.append(f"load {os.getloadavg()[0]:.1f} when it began")
    return ", ".join(parts)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"
