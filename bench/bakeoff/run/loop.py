"""The loop: what is not done yet goes to the engine, what comes back is scored, written and shown.

One thread writes. Finished cells are safe the moment they are appended; an interruption or a spent budget leaves
a record for every cell that was not reached.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from bakeoff.discovery import Catalog
from bakeoff.model.record import Record
from bakeoff.model.words import FAILURES, Stage, Status
from bakeoff.run.describe import header
from bakeoff.run.engines.base import Engine, Job, Limits, Outcome
from bakeoff.run.estimate import Costs, ordered
from bakeoff.run.neighbours import place, rotated
from bakeoff.run.plan import Cell, Plan
from bakeoff.run.reuse import reusable
from bakeoff.run.scoring import Scored, blocked_record, score
from bakeoff.run.supply import Supply
from bakeoff.store import StoreIndex, StoreWriter


class Progress(Protocol):
    """Whoever shows people how far a run is."""

    def start(self, total: int, reused: int) -> None:
        """`total` planned cells, `reused` of them done before."""

    def advance(self, record: Record) -> None:
        """A cell ended."""

    def stop(self) -> None:
        """The run ended, in whatever way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The caller's words about how to run. limits: per cell. budget: seconds for the whole run."""

    limits: Limits = field(default_factory=Limits)
    budget: float | None = None
    rerun: str | None = None
    predictions: bool = True
    configuration: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of the planned cells. counts: by status, over all of them; new: those run just now."""

    suite: str
    cells: int
    reused: int
    counts: Mapping[str, int]
    new: Mapping[str, int]
    seconds: float
    results: str
    interrupted: bool = False
    problems: tuple[str, ...] = ()

    @property
    def failures(self) -> int:
        """Cells that ran and are not well."""
        return sum(self.counts.get(s, 0) for s in FAILURES)


def execute(
    plan: Plan, catalog: Catalog, engine: Engine, folder: Path, options: Options, progress: Progress
) -> Summary:
    """Run what is left of a plan into a results folder; StoreError if it cannot be written."""
    began = time.monotonic()
    index = StoreIndex(folder)
    index.refresh()
    head = header(plan, catalog, options.configuration)
    with StoreWriter(folder, head, keep_predictions=options.predictions) as writer:
        run = _Run(plan, catalog, index, writer, options, progress)
        catalog.notify("bakeoff_run_started", header=asdict(head))
        try:
            progress.start(len(plan.cells), len(plan.cells) - len(run.todo))
            interrupted = run.all(engine)
        finally:
            progress.stop()
    counts = Counter(str(r.status) for r in run.ended.values())
    summary = Summary(
        plan.config.name,
        len(plan.cells),
        run.reused,
        dict(counts),  # asdict() makes nonsense of a Counter
        dict(run.new),
        time.monotonic() - began,
        str(folder),
        interrupted,
        tuple(index.problems),
    )
    catalog.notify("bakeoff_run_finished", summary=asdict(summary))
    return summary


class _Run:
    """One execution of a plan; lives for one call of `execute`."""

    def __init__(
        self,
        plan: Plan,
        catalog: Catalog,
        index: StoreIndex,
        writer: StoreWriter,
        options: Options,
        progress: Progress,
    ) -> None:
        self.plan, self.catalog, self.index, self.writer = plan, catalog, index, writer
        self.options, self.progress = options, progress
        self.deadline = None if options.budget is None else time.monotonic() + options.budget
        self.ended: dict[str, Record] = {}
        self.new: Counter[str] = Counter()
        self.started: dict[int, Cell] = {}
        self.skipped: deque[tuple[Cell, Record | None]] = deque()
        todo = [c for c in plan.cells if not self._done(c)]
        costs = Costs.learn(index.latest.values(), plan)
        self.reused = len(plan.cells) - len(todo)
        self.todo = rotated(ordered(todo, plan, costs), *place(writer.path))
        self.known = {c.key: index.attempts.get(c.key, 0) for c in self.todo}

    def _done(self, cell: Cell) -> bool:
        record = self.index.latest.get(cell.key)
        if record is None or not reusable(record, self.options.limits, self.options.rerun):
            return False
        self.ended[cell.key] = record
        return True

    def all(self, engine: Engine) -> bool:
        """Run every cell that is left; True if the user interrupted."""
        for cell in [c for c in self.todo if c.blocked is not None]:
            self._block(cell, cell.blocked or Status.UNAVAILABLE, cell.reason)
        if all(c.blocked is not None for c in self.todo):
            return False  # no worker is started for nothing
        outcomes: Iterator[Outcome] | None = None
        with tempfile.TemporaryDirectory(prefix="bakeoff-") as scratch:
            supply = Supply(self.plan, Path(scratch))
            try:
                outcomes = iter(engine.run(self._jobs(supply)))
                for outcome in outcomes:
                    self._finish(supply, outcome)
                    self._settle_skipped()
                self._settle_skipped()
                return False
            except KeyboardInterrupt:
                self._settle_skipped()
                self._interrupt()
                return True
            finally:
                if outcomes is not None and hasattr(outcomes, "close"):
                    outcomes.close()

    def _jobs(self, supply: Supply) -> Iterator[Job]:
        """Called from the engine's threads, one at a time; records are written by the main thread only."""
        for number, cell in enumerate(c for c in self.todo if c.blocked is None):
            if self.deadline is not None and time.monotonic() > self.deadline:
                self.skipped.append((cell, None))
                continue
            done = self._done_elsewhere(cell)
            if done is not None:
                self.skipped.append((cell, done))
                continue
            self.started[number] = cell
            yield supply.job(number, cell, self.options.limits)

    def _done_elsewhere(self, cell: Cell) -> Record | None:
        """A record which another run on this folder finished since this one began."""
        self.index.refresh()
        if self.index.attempts.get(cell.key, 0) <= self.known[cell.key]:
            return None
        record = self.index.latest.get(cell.key)
        return record if reusable(record, self.options.limits, None) else None

    def _finish(self, supply: Supply, outcome: Outcome) -> None:
        cell = self.started.pop(outcome.id)
        attempt = self.index.attempts.get(cell.key, 0) + 1
        split = None if outcome.stage == Stage.LOAD else supply.split(cell)
        if split is None:
            record = blocked_record(
                cell, self.plan.config.name, outcome.status, outcome.reason, attempt, self.options.limits
            )
            self._write(cell, Scored(replace(record, stage=Stage.LOAD)))
            return
        scored = score(self.plan, cell, split, outcome, self.options.limits, attempt)
        if scored.kept is not None and self.options.predictions:
            supply.keep_targets(self.writer, cell)
        self._write(cell, scored)

    def _write(self, cell: Cell, scored: Scored) -> None:
        record = self.writer.append(scored.record, scored.kept)
        self.ended[cell.key] = record
        self.new[str(record.status)] += 1
        self.progress.advance(record)
        self.catalog.notify("bakeoff_cell_finished", record=asdict(record))

    def _block(self, cell: Cell, status: Status, reason: str) -> None:
        """Record a cell that is not started; the same reason as last time is not written again."""
        before = self.index.latest.get(cell.key)
        if before is not None and (before.status, before.reason) == (status, reason):
            self.ended[cell.key] = before
            self.progress.advance(before)
            return
        attempt = self.index.attempts.get(cell.key, 0) + 1
        limits = self.options.limits
        self._write(
            cell, Scored(blocked_record(cell, self.plan.config.name, status, reason, attempt, limits))
        )

    def _settle_skipped(self) -> None:
        while self.skipped:
            cell, record = self.skipped.popleft()
            if record is None:
                spent = f"the budget of {self.options.budget:g} s was spent"
                self._block(cell, Status.NOT_RUN, spent)
            else:
                self.ended[cell.key] = record
                self.reused += 1
                self.progress.advance(record)

    def _interrupt(self) -> None:
        """Every cell that has no record yet gets one that says so."""
        for cell in self.todo:
            if cell.key not in self.ended:
                self._block(cell, Status.INTERRUPTED, "the run was interrupted")
