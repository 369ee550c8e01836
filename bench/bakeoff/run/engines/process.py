"""One worker process as the engine holds it: start, exchange frames, watch, kill, remember the end of stderr."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import psutil

from bakeoff.run import wire

#: One BLAS, OpenMP, torch and numba thread: two threads a worker on a busy machine cost ten times the time of one.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)

_STDERR_LINES = 60


class WorkerProcess:
    """A started worker. Every method but `kill` is called by the one thread that owns it."""

    def __init__(self, threads: int = 1) -> None:
        environment = {**os.environ, **dict.fromkeys(THREAD_VARIABLES, str(threads)), "TQDM_DISABLE": "1"}
        environment["BAKEOFF_WORKER"] = "1"
        self._process = subprocess.Popen(
            # -P: the working directory must not shadow anybody's modules.
            [sys.executable, "-P", "-m", "bakeoff.run.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            bufsize=2**16,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self.killed_for = ""
        self._tail: deque[bytes] = deque(maxlen=_STDERR_LINES)
        self._drain = threading.Thread(target=self._read_stderr, daemon=True)
        self._drain.start()

    def send(self, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray] | None = None) -> None:
        """Send one frame; WireError if the worker is gone."""
        try:
            wire.send(cast(Any, self._process.stdin), header, arrays)
        except OSError as error:
            raise wire.WireError(str(error)) from error

    def receive(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Wait for one frame; WireError if the worker is gone or sends nonsense."""
        try:
            return wire.receive(cast(Any, self._process.stdout))
        except OSError as error:
            raise wire.WireError(str(error)) from error

    def forget_output(self) -> None:
        """A new cell begins: what earlier ones wrote does not explain its death."""
        self._tail.clear()

    def kill(self, why: str = "") -> None:
        """Kill the worker with everything it started; safe from any thread, and more than once."""
        self.killed_for = self.killed_for or why
        for child in _children(self.pid):
            with contextlib.suppress(psutil.Error):
                child.kill()
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Kill, reap and close the pipes."""
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                cast(IO[bytes], pipe).close()
        self._drain.join(timeout=2)

    def death(self) -> str:
        """Why the process ended, in words: signal or exit code, and the last line it wrote."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        code = self._process.returncode
        if code is None:
            cause = "the worker stopped answering"
        elif code < 0:
            cause = f"the worker was killed by {_signal_name(-code)}"
        else:
            cause = f"the worker exited with code {code}"
        self._drain.join(timeout=1)
        last = self.stderr_tail().strip().splitlines()
        return f"{cause}; it last wrote: {last[-1].strip()[:200]}" if last else cause

    def stderr_tail(self) -> str:
        """The last lines written to standard output or error."""
        return b"".join(self._tail).decode(errors="replace")

    def private_memory(self) -> int:
        """Bytes of private resident memory of the worker and its children; 0 once it is gone."""
        total = 0
        with contextlib.suppress(psutil.Error):
            total = _private(psutil.Process(self.pid))
        for child in _children(self.pid):
            with contextlib.suppress(psutil.Error):
                total += _private(child)
        return total

    def _read_stderr(self) -> None:
        stream = cast(IO[bytes], self._process.stderr)
        with contextlib.suppress(OSError, ValueError):
            for line in iter(lambda: stream.readline(4096), b""):
                self._tail.append(line)
            stream.close()


def _children(pid: int) -> list[psutil.Process]:
    """Descendants; the kernel's own list of them, where there is one, costs microseconds instead of a scan."""
    with contextlib.suppress(OSError):
        tasks = os.listdir(f"/proc/{pid}/task")
        if not any(Path(f"/proc/{pid}/task/{t}/children").read_bytes() for t in tasks):
            return []
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _private(process: psutil.Process) -> int:
    info = process.memory_info()
    return int(info.rss) - int(getattr(info, "shared", 0))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class Watch:
    """What the monitor looks at while a worker is busy: a deadline and a memory ceiling.

    One lock makes a look and a change exclude each other, so that a deadline which runs out as its cell ends
    can never kill the worker of the next cell.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._deadline: float | None = None
        self._ceiling: int | None = None
        self._base = 0
        self.peak = 0

    def guard(self, worker: WorkerProcess, seconds: float | None, memory: int | None) -> None:
        """Watch `worker` from now on: `seconds` of wall time, `memory` bytes above what it holds now."""
        base = worker.private_memory() if memory is not None else 0
        with self._lock:
            self._worker, self._ceiling, self._base, self.peak = worker, memory, base, 0
            self._deadline = None if seconds is None else time.monotonic() + seconds

    def clear(self) -> None:
        """Watch nothing."""
        with self._lock:
            self._worker = None

    def look(self, *, memory: bool) -> None:
        """Kill the worker if it is over its time or memory; called by the monitor thread."""
        with self._lock:
            worker = self._worker
            if worker is None:
                return
            if self._deadline is not None and time.monotonic() > self._deadline:
                worker.kill("timeout")
            elif memory and self._ceiling is not None:
                self.peak = max(self.peak, worker.private_memory() - self._base)
                if self.peak > self._ceiling:
                    worker.kill("memory")
