"""From an outcome to a record: validate what the worker sent, score it against the test targets, put it down.

This happens in the harness's own process, where the targets are; a technique's code never runs here.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bakeoff import __version__
from bakeoff.model.errors import InvalidOutput, Refusal
from bakeoff.model.record import Record
from bakeoff.model.words import Stage, Status
from bakeoff.run import identity
from bakeoff.run.data.types import Data, InteractionSplit, Split
from bakeoff.run.engines.base import Limits, Outcome
from bakeoff.run.plan import Cell, Plan
from bakeoff.run.tasks.base import Scores

#: Versions every record carries, beside those of the chain's own libraries.
_ALWAYS = ("bakeoff", "numpy", "pandas", "scipy")


@dataclass(frozen=True, slots=True)
class Scored:
    """A record, and the predictions to keep beside it."""

    record: Record
    kept: Mapping[str, np.ndarray] | None = None


def blocked_record(
    cell: Cell, suite: str, status: Status, reason: str, attempt: int, limits: Limits
) -> Record:
    """The record of a cell that was not started."""
    return _record(cell, suite, Outcome(-1, status, None, reason), limits, attempt)


def score(plan: Plan, cell: Cell, split: Split, outcome: Outcome, limits: Limits, attempt: int) -> Scored:
    """Turn an outcome into a record; a wrong output becomes `invalid_output`, a failing metric `failed`."""
    suite, rules = plan.config.name, plan.rules[cell.task]
    n_train = _n_train(split)
    if outcome.status != Status.OK:
        return Scored(_record(cell, suite, outcome, limits, attempt, n_train=n_train))
    data = _data(plan, cell)
    try:
        output = rules.validate(data, split, outcome.output)
    except InvalidOutput as error:
        wrong = _failed(outcome, Status.INVALID_OUTPUT, Stage.PREDICT, str(error))
        return Scored(_record(cell, suite, wrong, limits, attempt, n_train=n_train))
    try:
        scores = rules.score(data, split, output, plan.metrics[cell.task])
    except Refusal as refusal:
        wrong = _failed(outcome, Status.REFUSED, Stage.SCORE, str(refusal))
        return Scored(_record(cell, suite, wrong, limits, attempt, n_train=n_train))
    record = _record(cell, suite, outcome, limits, attempt, scores, n_train)
    return Scored(record, rules.kept(output))


def _data(plan: Plan, cell: Cell) -> Data:
    return next(o.data for o in plan.datasets.values() if o.data is not None and o.data.name == cell.dataset)


def _n_train(split: Split) -> int:
    return int(split.train.nnz) if isinstance(split, InteractionSplit) else len(split.train)


def _failed(outcome: Outcome, status: Status, stage: Stage, reason: str) -> Outcome:
    return Outcome(
        outcome.id,
        status,
        stage,
        reason,
        fit_seconds=outcome.fit_seconds,
        predict_seconds=outcome.predict_seconds,
        fit_cpu_seconds=outcome.fit_cpu_seconds,
        peak_memory_bytes=outcome.peak_memory_bytes,
        threads=outcome.threads,
        warnings=outcome.warnings,
        started_at=outcome.started_at,
    )


def _flags(cell: Cell, outcome: Outcome, scores: Scores | None) -> tuple[str, ...]:
    flags = [*cell.flags, *(scores.flags if scores else ())]
    stopped_early = outcome.diagnostics.get("converged") == 0
    if stopped_early or any(w.startswith("ConvergenceWarning") for w in outcome.warnings):
        flags.append("did not converge")
    return tuple(dict.fromkeys(flags))


def _record(
    cell: Cell,
    suite: str,
    outcome: Outcome,
    limits: Limits,
    attempt: int,
    scores: Scores | None = None,
    n_train: int | None = None,
) -> Record:
    return Record(
        key=cell.key,
        suite=suite,
        task=cell.task,
        technique=cell.chain.name,
        dataset=cell.dataset,
        dataset_hash=cell.dataset_hash,
        protocol=cell.protocol,
        split=cell.split,
        seed=cell.seed,
        status=outcome.status,
        n_train=n_train,
        n_test=scores.n_test if scores else None,
        params=cell.chain.params,
        stage=outcome.stage if outcome.status != Status.OK else None,
        reason=outcome.reason,
        attempt=attempt,
        metrics=scores.metrics if scores else {},
        diagnostics={**outcome.diagnostics, **(scores.diagnostics if scores else {})},
        flags=_flags(cell, outcome, scores),
        limits={"timeout": limits.timeout, "memory": limits.memory},
        fit_seconds=outcome.fit_seconds,
        predict_seconds=outcome.predict_seconds,
        fit_cpu_seconds=outcome.fit_cpu_seconds,
        peak_memory_bytes=outcome.peak_memory_bytes,
        threads=outcome.threads,
        warnings=(*outcome.warnings, *(scores.notes if scores else ())),
        versions=versions(cell.chain.versions),
        started_at=outcome.started_at or datetime.now(UTC).isoformat(timespec="milliseconds"),
        harness_version=__version__,
    )


def versions(own: Mapping[str, str]) -> dict[str, Any]:
    """Python, the core's own libraries, and those of the chain."""
    return {"python": platform.python_version(), **identity.library_versions(_ALWAYS), **own}
