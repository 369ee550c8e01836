"""The engine of this machine: persistent worker processes, one thread of the harness each, one monitor for all.

A cell that hangs, crashes or eats memory costs its worker, never its neighbours: the worker is killed and
replaced. A worker that cannot start is reported on a bounded number of cells instead of being retried for ever.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from bakeoff.model.errors import Refusal
from bakeoff.model.words import Stage, Status
from bakeoff.run import wire
from bakeoff.run.engines.base import Job, Outcome
from bakeoff.run.engines.process import Watch, WorkerProcess

#: Seconds a worker may take to import a technique before its own time limit begins (torch alone takes 2-10 s).
_IMPORT_GRACE = 120.0
_TICK = 0.05
_RECYCLE_AFTER = 2_000
_DONE = object()


class LocalEngine:
    """`jobs` workers with `threads` threads each."""

    def __init__(self, jobs: int = 1, threads: int = 1) -> None:
        self.jobs, self.threads = max(1, jobs), threads

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield outcomes as cells end. Closing the generator kills the workers within a moment."""
        source = _Source(jobs)
        outcomes: queue.Queue[Any] = queue.Queue()
        lanes = [_Lane(source, outcomes, self.threads) for _ in range(self.jobs)]
        stop = threading.Event()
        monitor = threading.Thread(target=_monitor, args=([lane.watch for lane in lanes], stop), daemon=True)
        monitor.start()
        for lane in lanes:
            lane.thread.start()
        try:
            left = len(lanes)
            while left:
                item = outcomes.get()
                if item is _DONE:
                    left -= 1
                elif isinstance(item, BaseException):
                    raise item
                else:
                    yield item
        finally:
            source.close()
            for lane in lanes:
                lane.stop()
            stop.set()


class _Source:
    """The plan, handed out one job at a time to whichever lane is free."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs, self._lock, self._open = iter(jobs), threading.Lock(), True

    def next(self) -> Job | None:
        """The next job, None when there are no more."""
        with self._lock:
            return next(self._jobs, None) if self._open else None

    def close(self) -> None:
        """Hand out nothing more."""
        self._open = False


def _monitor(watches: list[Watch], stop: threading.Event) -> None:
    tick = 0
    while not stop.wait(_TICK):
        tick += 1
        for watch in watches:
            with contextlib.suppress(Exception):  # the monitor must outlive anything a dying process does
                watch.look(memory=tick % 2 == 0)


class _Lane:
    """A thread of the harness with the worker it owns."""

    def __init__(self, source: _Source, outcomes: queue.Queue[Any], threads: int) -> None:
        self.source, self.outcomes, self.threads = source, outcomes, threads
        self.watch = Watch()
        self.worker: WorkerProcess | None = None
        self.cells = 0
        self.stopping = False
        self.stage = Stage.IMPORT
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def stop(self) -> None:
        """Kill the worker and wait for the thread."""
        self.stopping = True
        worker = self.worker
        if worker is not None:
            worker.kill("stopped")
        self.thread.join(timeout=15)

    def _serve(self) -> None:
        try:
            while not self.stopping:
                if self.worker is None:
                    self.worker = WorkerProcess(self.threads)  # started while the next job is being prepared
                job = self.source.next()
                if job is None:
                    break
                outcome = self._one(job)
                if not self.stopping:
                    self.outcomes.put(outcome)
        except BaseException as error:  # a fault of the harness itself: the caller must hear of it
            self.outcomes.put(error)
        finally:
            self._drop()
            self.outcomes.put(_DONE)

    def _one(self, job: Job) -> Outcome:
        try:
            fit = job.fit()
        except Refusal as refusal:
            return Outcome(job.id, Status.REFUSED, Stage.LOAD, str(refusal))
        except Exception as error:
            return Outcome(job.id, Status.FAILED, Stage.LOAD, f"{type(error).__name__}: {error}")
        worker = self.worker or WorkerProcess(self.threads)
        self.worker = worker
        try:
            return self._exchange(worker, job, fit)
        except wire.WireError:
            outcome = self._dead(worker, job)
            self._drop()
            return outcome
        finally:
            self.watch.clear()
            if self.worker is not None and self.worker.killed_for:
                self._drop()  # its limit ran out just as the cell ended: the cell counts, the worker is gone

    def _exchange(self, worker: WorkerProcess, job: Job, fit: Any) -> Outcome:
        self.stage = Stage.IMPORT
        self.watch.guard(worker, max(_IMPORT_GRACE, job.limits.timeout or 0.0), None)
        if self.cells == 0:
            worker.receive()
        self.cells += 1
        worker.forget_output()
        worker.send(_header(job), fit)
        header, arrays = worker.receive()
        if _is(header, "ready"):
            self.stage = Stage.FIT
            self.watch.guard(worker, job.limits.timeout, job.limits.memory)
            header, arrays = worker.receive()
            if _is(header, "fitted"):
                self.stage = Stage.PREDICT
                worker.send({"op": "ask"}, job.ask())
                header, arrays = worker.receive()
        if not _is(header, "done"):
            raise wire.WireError("frames out of order")
        if header.get("recycle") or self.cells >= _RECYCLE_AFTER:
            self._drop()
        return _outcome(job, header, arrays, self.watch.peak, self.threads)

    def _dead(self, worker: WorkerProcess, job: Job) -> Outcome:
        stage, limits = self.stage, job.limits
        if worker.killed_for == "timeout":
            seconds = _IMPORT_GRACE if stage == Stage.IMPORT else limits.timeout
            return Outcome(job.id, Status.TIMEOUT, stage, f"killed after {seconds:g} s in {stage}")
        if worker.killed_for == "memory":
            used, ceiling = self.watch.peak / 2**20, (limits.memory or 0) / 2**20
            reason = f"killed at {used:.0f} MiB above the warm worker (limit {ceiling:.0f} MiB)"
            return Outcome(job.id, Status.OUT_OF_MEMORY, stage, reason, peak_memory_bytes=self.watch.peak)
        if worker.killed_for == "stopped":
            return Outcome(job.id, Status.INTERRUPTED, stage, "the run was stopped")
        return Outcome(job.id, Status.CRASHED, stage, worker.death())

    def _drop(self) -> None:
        worker, self.worker, self.cells = self.worker, None, 0
        self.watch.clear()
        if worker is not None:
            worker.close()


def _is(header: dict[str, Any], op: str) -> bool:
    return header.get("op") == op


def _header(job: Job) -> dict[str, Any]:
    links = [
        {
            "implementation": link.implementation,
            "params": dict(link.params),
            "inputs": link.inputs,
            "seed_param": link.seed_param,
        }
        for link in job.links
    ]
    return {
        "op": "cell",
        "id": job.id,
        "kind": job.kind,
        "links": links,
        "classes": job.classes,
        "seed": job.seed,
        "share": job.share,
        "memory": job.limits.memory,
    }


def _outcome(
    job: Job, header: dict[str, Any], arrays: dict[str, np.ndarray], peak: int, threads: int
) -> Outcome:
    """Read a worker's last word with distrust: whatever is malformed becomes a crash, not an exception."""
    try:
        stage = header.get("stage")
        measured = header.get("peak_memory_bytes")
        return Outcome(
            id=job.id,
            status=Status(header["status"]),
            stage=Stage(stage) if stage else None,
            reason=str(header.get("reason", "")),
            output=arrays,
            fit_seconds=_number(header.get("fit_seconds")),
            predict_seconds=_number(header.get("predict_seconds")),
            fit_cpu_seconds=_number(header.get("fit_cpu_seconds")),
            peak_memory_bytes=int(measured) if measured is not None else (peak or None),
            threads=threads,
            warnings=tuple(str(w) for w in header.get("warnings", ())),
            diagnostics={str(k): float(v) for k, v in header.get("diagnostics", {}).items()},
            started_at=str(header.get("started_at", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Outcome(job.id, Status.CRASHED, Stage.PREDICT, f"the worker sent a malformed reply: {error}")


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
