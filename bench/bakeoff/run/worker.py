"""The worker process: runs one cell after another for the engine, `python -m bakeoff.run.worker`.

It is the only process that executes a technique. Frames come on standard input and go out on what was standard
output; both are moved away first, so that a technique which prints cannot damage them. A worker whose harness
died ends at once. Test inputs arrive only after `fit` has returned; test targets never.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import queue
import signal
import sys
import threading
import time
import traceback
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from bakeoff.model.words import Stage, Status
from bakeoff.run import learners, sandbox, wire
from bakeoff.run.meter import MemoryMeter, cpu_seconds

_MEMORY_WORDS = ("can't allocate memory", "bad_alloc", "out of memory", "cannot allocate memory")
_MAX_WARNINGS = 20


def main() -> None:
    """Serve cells until the harness closes the pipe."""
    inbox, out = _take_pipes()
    _die_with_parent()
    frames: queue.Queue[tuple[dict[str, Any], dict[str, np.ndarray]]] = queue.Queue()
    threading.Thread(target=_pump, args=(inbox, frames), daemon=True).start()
    wire.send(out, {"op": "hello", "pid": os.getpid()})
    tables: dict[str, Any] = {}
    while True:
        header, arrays = frames.get()
        recycle = _Cell(header, arrays, frames, out, tables).run()
        if recycle:
            break


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    inbox, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return inbox, out


def _pump(inbox: BinaryIO, frames: queue.Queue[Any]) -> None:
    """Hand frames to the main thread; the end of the stream means that the harness is gone."""
    while True:
        try:
            frames.put(wire.receive(inbox))
        except (wire.WireError, OSError):
            os._exit(0)


def _die_with_parent() -> None:
    """A worker stuck in native code cannot see the pipe close; Linux can kill it for us."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class _Cell:
    """One cell: import, fit, ask for the test inputs, predict, report."""

    def __init__(
        self, header: dict[str, Any], arrays: dict[str, np.ndarray], frames: Any, out: Any, tables: Any
    ):
        self.job, self.arrays, self.frames, self.out, self.tables = header, arrays, frames, out, tables
        self.stage = Stage.IMPORT
        self.meter = MemoryMeter()
        self.reply: dict[str, Any] = {"op": "done", "id": header["id"], "status": Status.OK, "reason": ""}
        self.output: dict[str, np.ndarray] = {}
        self.caught: list[warnings.WarningMessage] = []

    def run(self) -> bool:
        """Run and report the cell; True if this worker should be replaced."""
        with (
            sandbox.clean_state(self.job["seed"]) as aftermath,
            warnings.catch_warnings(record=True) as caught,
        ):
            warnings.simplefilter("default")
            self.caught = caught
            try:
                self._work()
            except (
                BaseException
            ) as error:  # a technique's sys.exit() or KeyboardInterrupt must not end the worker
                self._blame(error)
            self.reply["peak_memory_bytes"] = self.meter.stop()
        notes = _texts(self.caught) + list(aftermath.notes)
        self.reply |= {"warnings": notes[:_MAX_WARNINGS], "recycle": aftermath.recycle}
        wire.send(self.out, self.reply, self.output if self.reply["status"] == Status.OK else {})
        return aftermath.recycle

    def _work(self) -> None:
        table = learners.is_table(self.job["kind"])
        frame = self._frame() if table else None
        objects = [learners.build(link, self.job["seed"]) for link in self.job["links"]]
        wire.send(self.out, {"op": "ready", "id": self.job["id"]})
        self.meter.start(self.job["memory"])
        self.reply["started_at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.stage = Stage.FIT
        chain: Any
        if table:
            chain = learners.TableChain(self.job["links"], objects, self.job["classes"])
            self._fit(lambda: chain.fit(frame, self.arrays["train"], self.arrays["y"]))
        else:
            chain, matrix = learners.RecommenderChain(objects), _matrix(self.arrays)
            self._fit(lambda: chain.fit(matrix))
        self.reply["diagnostics"] = learners.diagnostics(objects[-1])
        self.arrays = {}
        self._predict(chain, frame)

    def _fit(self, fit: Any) -> None:
        wall, cpu = time.perf_counter(), cpu_seconds()
        fit()
        self.reply["fit_seconds"] = time.perf_counter() - wall
        self.reply["fit_cpu_seconds"] = cpu_seconds() - cpu

    def _predict(self, chain: Any, frame: Any) -> None:
        self.stage = Stage.PREDICT
        wire.send(self.out, {"op": "fitted", "id": self.job["id"]})
        _, asked = self.frames.get()
        wall = time.perf_counter()
        if frame is not None:
            self.output = chain.predict(frame, asked["test"])
        else:
            self.output = chain.predict(asked["users"], int(asked["k"][0]))
        self.reply["predict_seconds"] = time.perf_counter() - wall

    def _frame(self) -> Any:
        from bakeoff.run.data.share import open_share

        share = self.job["share"]
        if share not in self.tables:
            if len(self.tables) >= 4:  # a worker sees datasets in waves; four opened ones are plenty
                self.tables.clear()
            self.tables[share] = open_share(Path(share))
        return self.tables[share]

    def _blame(self, error: BaseException) -> None:
        text = f"{type(error).__name__}: {error}".strip().rstrip(":")
        memory = isinstance(error, MemoryError) or any(w in text.lower() for w in _MEMORY_WORDS)
        status = Status.OUT_OF_MEMORY if memory else Status.FAILED
        self.reply |= {
            "status": status,
            "stage": self.stage,
            "reason": " ".join(text.split())[:500] + _where(error),
        }


def _matrix(arrays: dict[str, np.ndarray]) -> Any:
    from scipy.sparse import csr_matrix

    shape = (int(arrays["shape"][0]), int(arrays["shape"][1]))
    # Techniques may write into their matrix, so each gets copies of its own.
    parts = tuple(np.array(arrays[name]) for name in ("values", "indices", "indptr"))
    return csr_matrix(parts, shape=shape)


def _where(error: BaseException) -> str:
    """The innermost frame, as (file.py:line)."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""


def _texts(caught: list[warnings.WarningMessage]) -> list[str]:
    lines = (f"{w.category.__name__}: {' '.join(str(w.message).split())}"[:300] for w in caught)
    return list(dict.fromkeys(lines))


if __name__ == "__main__":
    # Run as a module this file is `__main__`; the sys.modules entry keeps one copy of its classes.
    sys.modules.setdefault("bakeoff.run.worker", sys.modules["__main__"])
    main()
