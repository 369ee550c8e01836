"""Runs that are killed again and again, and runs that work on one folder at once. Minutes; `make soak`."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sysconfig
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills a whole process group"),
]

GRID = (
    "--technique",
    "prior,logistic,random-forest,hist-gbm",
    "--dataset",
    "breast_cancer,wine",
    "--folds",
    "5",
)
CELLS = 4 * 2 * 5 * 4
KILLS = 10


def command(results: Path, *more: str) -> list[str]:
    script = shutil.which("bakeoff", path=sysconfig.get_path("scripts"))
    assert script
    return [script, "run", *GRID, "--repeats", "4", "--jobs", "2", "--yes", "--results", str(results), *more]


def start(results: Path) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command(results), stdout=quiet, stderr=quiet, start_new_session=True)


def ok_records(results: Path) -> list[dict[str, Any]]:
    """Every whole line of every segment that is an `ok` record, read without Bakeoff's own reader."""
    lines = (
        line
        for segment in sorted(results.glob("segments/*.jsonl"))
        for line in segment.read_text(encoding="utf-8").splitlines(keepends=True)
    )
    whole = (json.loads(line) for line in lines if line.endswith("\n"))
    return [record for record in whole if record.get("status") == "ok"]


def test_whatever_is_killed_nothing_finished_is_lost_or_done_twice(
    bakeoff: Callable[..., Any], tmp_path: Path
) -> None:
    chance = random.Random(20)
    grew = set()
    for _ in range(KILLS):
        run = start(tmp_path)
        time.sleep(chance.uniform(1.0, 4.0))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        grew.add(len(ok_records(tmp_path)))
    assert len(grew) > 2, "the kills came before or after the work, and tested nothing"
    last = bakeoff(*command(tmp_path)[1:])
    assert last.code == 0, last.stderr
    times = Counter(record["key"] for record in ok_records(tmp_path))
    assert len(times) == CELLS
    assert set(times.values()) == {1}


def test_runs_on_one_folder_at_once_end_whole_and_agree(bakeoff: Callable[..., Any], tmp_path: Path) -> None:
    runs = [start(tmp_path) for _ in range(3)]
    assert [run.wait(timeout=600) for run in runs] == [0, 0, 0]
    scores = defaultdict(set)
    for record in ok_records(tmp_path):
        scores[record["key"]].add(json.dumps(record["metrics"], sort_keys=True))
    assert len(scores) == CELLS
    assert {len(values) for values in scores.values()} == {1}, "the same cell, done twice, scored differently"
    again = json.loads(bakeoff(*command(tmp_path, "--json")[1:]).stdout)
    assert [suite["reused"] for suite in again["suites"]] == [CELLS]
