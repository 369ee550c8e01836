"""Which records stand for a cell, and the places of runs that share a folder."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.record import Record
from bakeoff.model.words import Status
from bakeoff.run.engines.base import Limits
from bakeoff.run.neighbours import place, rotated
from bakeoff.run.reuse import reusable


def record(status: str, **limits: float | None) -> Record:
    words = dict.fromkeys(
        ("key", "suite", "task", "technique", "dataset", "dataset_hash", "protocol", "split"), "x"
    )
    return Record(**words, seed=0, status=Status(status), limits=limits)


@pytest.mark.parametrize(
    ("found", "limits", "rerun", "reused"),
    [
        (None, Limits(), None, False),
        (record("ok"), Limits(), None, True),
        (record("ok"), Limits(), "failed", True),
        (record("ok"), Limits(), "all", False),
        (record("failed"), Limits(), None, True),
        (record("failed"), Limits(), "failed", False),
        (record("crashed"), Limits(), "failed", False),
        (record("refused"), Limits(), None, True),
        (record("unavailable"), Limits(), None, False),
        (record("not_run"), Limits(), None, False),
        (record("interrupted"), Limits(), None, False),
        (record("timeout", timeout=5.0), Limits(timeout=5.0), None, True),
        (record("timeout", timeout=5.0), Limits(timeout=4.0), None, True),
        (record("timeout", timeout=5.0), Limits(timeout=6.0), None, False),
        (record("timeout", timeout=5.0), Limits(), None, False),
        (record("timeout", timeout=5.0, memory=1), Limits(timeout=5.0, memory=9), None, True),
        (record("out_of_memory", memory=5), Limits(memory=6), None, False),
        (record("out_of_memory", memory=5), Limits(memory=5), None, True),
    ],
)
def test_a_record_stands_for_its_cell(found, limits, rerun, reused):
    assert reusable(found, limits, rerun) is reused


@given(st.lists(st.integers(), max_size=20), st.integers(1, 5))
def test_every_place_of_the_plan_holds_the_same_cells(cells, number):
    starts = [rotated(cells, position, number) for position in range(number)]
    assert all(sorted(cells) == sorted(found) for found in starts)
    assert starts[0] == cells


def test_runs_at_the_same_time_have_different_places(tmp_path):
    paths = [tmp_path / f"{name}.jsonl" for name in ("b", "a", "old")]
    for path in paths:
        path.write_text("")
    os.utime(paths[2], (0, 0))
    assert place(paths[0]) == (1, 2)
    assert place(paths[1]) == (0, 2)
    assert place(paths[2]) == (2, 3)  # its own counts however old it looks
