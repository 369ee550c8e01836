"""The test session itself: one thread, no CI, no cache of the user's, as `tests/conftest.py` promises."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import platformdirs
from threadpoolctl import threadpool_info


def test_linear_algebra_runs_on_one_thread() -> None:
    np.linalg.inv(np.eye(3))  # makes sure that the BLAS is loaded
    assert {pool["num_threads"] for pool in threadpool_info()} <= {1}


def test_the_surroundings_do_not_reach_the_tests(own_cache: Path) -> None:
    assert "CI" not in os.environ
    assert {name for name in os.environ if name.startswith("BAKEOFF_")} == {"BAKEOFF_CACHE"}
    assert not own_cache.is_relative_to(platformdirs.user_cache_path())


def test_no_example_is_judged_by_the_clock() -> None:
    assert hypothesis.settings().deadline is None


def test_the_command_line_fixture_reports_both_streams_and_the_code(bakeoff: Callable[..., Any]) -> None:
    done = bakeoff("no-such-verb")
    assert done.code == 2
    assert "no-such-verb" in done.stderr
    assert done.stdout == ""


def test_the_command_line_is_this_environments(bakeoff: Callable[..., Any]) -> None:
    import bakeoff as package

    done = bakeoff("--version", env={"PYTHONWARNINGS": "error"})
    assert (done.code, done.stderr) == (0, "")
    assert package.__version__ in done.stdout
