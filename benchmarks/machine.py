"""Names the machine that a measurement was made on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from pathlib import Path


def describe_machine(packages: tuple[str, ...] = ()) -> str:
    """Return one line for a page of measurements.

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


def peak_memory() -> float:
    """Return the most memory in MB that this process ever held, files that it has mapped included."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage tells begins with the size of the process that started this one
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"
