"""Measures of one cell in a worker: CPU seconds, peak memory above the warm worker, and the limit on it.

Linux gives a resettable peak (`/proc/self/clear_refs`); elsewhere the engine's samples stand in, and this module
returns None.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has no resource limits; the engine's sampling guards there
    resource = None  # type: ignore[assignment]

#: Room for thread stacks and allocator arenas which the sampled limit does not count.
_SLACK = 128 * 2**20


def _status(field: str) -> int | None:
    """A size from /proc/self/status in bytes, None where there is no such file."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    return None


@dataclass(slots=True)
class MemoryMeter:
    """Peak resident memory since `start`, above what was resident then, in bytes."""

    warm: int | None = None
    exact: bool = False

    def start(self, limit: int | None) -> None:
        """Reset the peak and set the limit on private memory, where the system can."""
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
            self.exact = True
        self.warm = _status("VmRSS")
        _limit_data(limit)

    def stop(self) -> int | None:
        """Lift the limit; return the peak above the warm worker, or None where it is not known."""
        _limit_data(None)
        peak = _status("VmHWM") if self.exact else None
        return max(0, peak - self.warm) if peak is not None and self.warm is not None else None


def _limit_data(limit: int | None) -> None:
    if resource is None or not hasattr(resource, "RLIMIT_DATA"):
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    data = _status("VmData")
    soft = hard if limit is None or data is None else data + limit + _SLACK
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def cpu_seconds() -> float:
    """CPU seconds of this process, all threads, and of its reaped children."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system
