"""What the store costs: `pytest benchmarks/test_store.py --benchmark-enable`. Not collected by default.

Nothing here asserts a time: shared machines stall. What is aimed at: an append below 0.2 ms on average, 100,000
records read in 3 s, a look at an unchanged folder in well under a millisecond.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.model.words import Status
from bakeoff.store import StoreIndex, StoreWriter, read_predictions, read_results

METRICS = (
    "accuracy",
    "balanced_accuracy",
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "f1_macro",
    "mcc",
)
CELL = Record(
    key="0" * 32,
    suite="gbm-vs-transformer",
    task="classification",
    technique="xgboost",
    dataset="adult",
    dataset_hash="1" * 32,
    protocol="stratified-kfold(folds=5,seed=0)",
    split="r0f2",
    seed=0,
    status=Status.OK,
    n_train=10_000,
    n_test=2_000,
    params={"xgboost": {"n_estimators": 100, "max_depth": 6, "learning_rate": 0.1, "subsample": 0.8}},
    metrics={name: 0.123456789 + at for at, name in enumerate(METRICS)},
    limits={"timeout": 600.0, "memory": None},
    fit_seconds=1.2345,
    predict_seconds=0.123,
    fit_cpu_seconds=1.2,
    peak_memory_bytes=12_345_678,
    threads=1,
    versions={"python": "3.11.7", "bakeoff": "0.1.0", "numpy": "2.1.0", "pandas": "2.2.3", "xgboost": "2.1"},
    started_at="2026-11-23T12:00:00.123+00:00",
    harness_version="0.1.0",
)
HEAD = Header(suite={"name": "gbm-vs-transformer"})


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 100,000 records in four segments."""
    folder: Path = tmp_path_factory.mktemp("full")
    for part in range(4):
        with StoreWriter(folder, HEAD) as writer:
            for number in range(25_000):
                writer.append(replace(CELL, key=f"{part}-{number:030}"))
    return folder


def test_append(tmp_path: Path, benchmark: Any) -> None:
    numbers = count()
    with StoreWriter(tmp_path, HEAD) as writer:
        benchmark.pedantic(
            lambda: writer.append(replace(CELL, key=f"{next(numbers):032}")), rounds=50, iterations=200
        )


def test_append_with_predictions_of_2000_rows(tmp_path: Path, benchmark: Any) -> None:
    arrays = {"response": np.zeros(2_000, np.int32), "proba": np.ones((2_000, 2), np.float32)}
    numbers = count()
    with StoreWriter(tmp_path, HEAD) as writer:
        benchmark.pedantic(
            lambda: writer.append(replace(CELL, key=f"{next(numbers):032}"), arrays), rounds=20, iterations=50
        )


def test_read_100000_records(full: Path, benchmark: Any) -> None:
    began = time.process_time()
    found = benchmark.pedantic(lambda: read_results([full]), rounds=3)
    benchmark.extra_info["cpu_seconds_a_round"] = (time.process_time() - began) / 3
    print(f"\n{benchmark.extra_info}")
    assert len(found.records) == 100_000
    assert found.problems == ()


def test_refresh_where_nothing_has_changed(full: Path, benchmark: Any) -> None:
    index = StoreIndex(full)
    index.refresh()
    assert benchmark(index.refresh) == []


def test_read_predictions(tmp_path: Path, benchmark: Any) -> None:
    with StoreWriter(tmp_path, HEAD) as writer:
        written = writer.append(CELL, {"proba": np.ones((2_000, 2), np.float32)})
    assert benchmark(read_predictions, tmp_path, written)["proba"].shape == (2_000, 2)
