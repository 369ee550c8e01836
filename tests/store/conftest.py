"""Records and headers to write, and how to read a folder back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.model.words import Status

RECORD = Record(
    key="k0",
    suite="quick",
    task="classification",
    technique="mlp",
    dataset="adult",
    dataset_hash="d" * 8,
    protocol="stratified-kfold(folds=5,seed=0)",
    split="r0f0",
    seed=0,
    status=Status.OK,
    n_train=80,
    n_test=20,
    params={"mlp": {"hidden": [32, 32]}},
    metrics={"roc_auc": 0.75, "brier": None},
    started_at="2026-11-23T12:00:00.000+00:00",
)

#: What a writing process runs first: `record(i)` makes the i-th record, `folder` is where it goes.
PREAMBLE = """
import sys, os
from pathlib import Path
from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.model.words import Status
from bakeoff.store import StoreWriter
from bakeoff.model.errors import StoreError
folder = Path(sys.argv[1])
header = Header(suite={"name": "quick"})
def record(i, **more):
    names = ("suite", "task", "technique", "dataset", "dataset_hash", "protocol", "split")
    return Record(key=str(i), **{n: n for n in names}, seed=0, status=Status.OK, **more)
"""


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    """`record(key="k1", attempt=2)`: a whole record with these changes."""
    return lambda **changes: replace(RECORD, **changes)


@pytest.fixture(scope="session")
def head() -> Header:
    """A header that plans nothing."""
    return Header(suite={"name": "quick"}, created_at="2026-11-23T12:00:00.000+00:00")


@pytest.fixture(scope="session")
def writing() -> Callable[..., subprocess.Popen[str]]:
    """Start a process that runs PREAMBLE and then `code` with these arguments."""

    def start(code: str, *arguments: object, **more: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PREAMBLE + code, *map(str, arguments)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **more)  # type: ignore[call-overload,no-any-return]

    return start


@pytest.fixture(scope="session")
def preamble() -> str:
    """What a writing process runs first."""
    return PREAMBLE


@pytest.fixture(scope="session")
def segment() -> Callable[..., Path]:
    """Write bytes as a segment of a folder: `segment(folder, data, name="a.jsonl")`."""

    def write(folder: Path, data: bytes, name: str = "a.jsonl") -> Path:
        path = folder / "segments" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write
