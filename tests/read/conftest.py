"""A results folder made by hand: headers and records without any run, as a stranger's results would arrive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.model.words import Stage, Status
from bakeoff.store import Results

PROTOCOL = "stratified-kfold(folds={folds},seed=0)"
METRICS = {
    "roc_auc": {"direction": "max", "summary": "", "best": 1.0, "worst": 0.0},
    "log_loss": {"direction": "min", "summary": "", "best": 0.0, "worst": None},
}
TASK = {
    "title": "Classification",
    "metrics": ["roc_auc", "log_loss"],
    "primary": "roc_auc",
    "baselines": ["prior"],
}


@dataclass
class World:
    """Collects planned cells and records of one suite, and hands on `Results`."""

    suite: str = "quick"
    question: str = "Does boosting beat a line?"
    folds: int = 5
    task: str = "classification"
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, Any] = field(default_factory=lambda: {"classification": TASK})
    metrics: dict[str, Any] = field(default_factory=lambda: dict(METRICS))
    created_at: str = "2026-01-01T00:00:00"
    cells: list[dict[str, Any]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    environment: dict[str, Any] = field(default_factory=lambda: {"platform": "Linux", "cpus": 2})

    @property
    def protocol(self) -> str:
        return PROTOCOL.format(folds=self.folds)

    def plan(self, technique: str, dataset: str, split: str, version: str = "") -> str:
        key = f"{technique}|{dataset}|{self.protocol}|{split}{version}"
        self.cells.append(
            {
                "key": key,
                "technique": technique,
                "dataset": dataset,
                "task": self.task,
                "protocol": self.protocol,
                "split": split,
                "seed": 0,
                "track": "default",
            }
        )
        return key

    def ok(
        self,
        technique: str,
        dataset: str,
        values: Sequence[float | Mapping[str, float | None]],
        **fields: Any,
    ) -> None:
        """Plan and record one cell a value; a number is the primary metric."""
        for i, value in enumerate(values):
            metrics = value if isinstance(value, Mapping) else {"roc_auc": value}
            self.add(technique, dataset, f"r0f{i}", metrics=metrics, **fields)

    def add(self, technique: str, dataset: str, split: str, *, version: str = "", **fields: Any) -> Record:
        """Plan one cell and record it."""
        record = Record(
            **{
                "key": self.plan(technique, dataset, split, version),
                "suite": self.suite,
                "task": self.task,
                "technique": technique,
                "dataset": dataset,
                "dataset_hash": f"hash of {dataset}",
                "protocol": self.protocol,
                "split": split,
                "seed": 0,
                "status": Status.OK,
                "n_train": 80,
                "n_test": 20,
                "fit_seconds": 0.5,
                "predict_seconds": 0.01,
                "peak_memory_bytes": 3 * 2**20,
                "started_at": "2026-01-01T00:00:01",
            }
            | fields
        )
        self.records.append(record)
        return record

    def bad(
        self, technique: str, dataset: str, splits: Iterable[int], status: Status, reason: str = "it broke"
    ) -> None:
        """Plan cells that end without a result."""
        for i in splits:
            stage = Stage.FIT if status is Status.FAILED else None
            self.add(technique, dataset, f"r0f{i}", status=status, reason=reason, stage=stage)

    def header(self) -> Header:
        datasets = {c["dataset"]: {"task": self.task, "fingerprint": "f"} for c in self.cells}
        entry = {"id": "tables", "task": self.task, "metric": None, "protocols": [self.protocol]}
        return Header(
            suite={"name": self.suite, "question": self.question, "profile": None, "boards": [entry]},
            environment=self.environment,
            metrics=self.metrics,
            tasks=self.tasks,
            datasets={name: said | self.facts.get(name, {}) for name, said in datasets.items()},
            grid={"cells": list(self.cells)},
            created_at=self.created_at,
        )

    def results(self, *others: World) -> Results:
        worlds = (self, *others)
        return Results(
            records=tuple(r for w in worlds for r in w.records),
            headers=tuple(w.header() for w in worlds),
            problems=(),
        )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def make_world() -> type[World]:
    return World


@pytest.fixture
def little() -> World:
    """Three techniques, two datasets, a failure, a warning and a technique that is not installed."""
    w = World(folds=3)
    w.facts = {
        "adult": {"rows": 4000, "columns": 14, "classes": 2, "minority_share": 0.24},
        "wine": {"rows": 178, "columns": 13, "classes": 3, "missing_share": 0.0},
    }
    w.ok("prior", "adult", [{"roc_auc": 0.5, "log_loss": 0.56}] * 3, fit_seconds=0.001)
    w.ok("prior", "wine", [{"roc_auc": 0.5, "log_loss": 1.09}] * 3, fit_seconds=0.001)
    for fold, auc in enumerate((0.90, 0.91, 0.92)):
        w.add("logistic", "adult", f"r0f{fold}", metrics={"roc_auc": auc, "log_loss": 0.33})
    for fold, auc in enumerate((0.99, 0.98, 1.00)):
        flags = ("did not converge",) if fold else ()
        w.add("logistic", "wine", f"r0f{fold}", metrics={"roc_auc": auc, "log_loss": 0.05}, flags=flags)
    for fold, auc in enumerate((0.92, 0.93, 0.925)):
        w.add("gbm|x", "adult", f"r0f{fold}", metrics={"roc_auc": auc, "log_loss": 0.28}, fit_seconds=2.25)
    w.ok("gbm|x", "wine", [{"roc_auc": 0.97, "log_loss": 0.11}] * 2, fit_seconds=1.5)
    w.bad("gbm|x", "wine", [2], Status.FAILED, "ValueError: `k` <= 0\nsecond line")
    for dataset in ("adult", "wine"):
        w.bad("forest", dataset, range(3), Status.UNAVAILABLE, "pip install 'bakeoff[tabular]'")
    return w
