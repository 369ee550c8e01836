"""The local engine against techniques which misbehave: each fault has its status, and the next cell is whole."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np
import psutil
import pytest

from bakeoff.model.words import Stage, Status
from bakeoff.run.engines.base import Job, Limits, Outcome
from bakeoff.run.engines.local import LocalEngine

MIB = 2**20


@pytest.fixture
def outcomes(make_job: Callable[..., Job]) -> Callable[..., list[Outcome]]:
    """Run classes of the faulty file one after another on one worker, `Good` last."""

    def run(*names: str, jobs: int = 1, limits: Limits | None = None) -> list[Outcome]:
        every = [make_job(n, name, limits) for n, name in enumerate([*names, "Good"])]
        found = list(LocalEngine(jobs=jobs).run(every))
        assert sorted(o.id for o in found) == list(range(len(every)))  # each job exactly once
        return sorted(found, key=lambda o: o.id)

    return run


def _whole(outcome: Outcome) -> bool:
    return outcome.status == Status.OK and outcome.output["proba"].shape == (20, 2)


@pytest.mark.parametrize(
    ("name", "status", "stage", "words"),
    [
        ("Raises", Status.FAILED, Stage.FIT, "ValueError: a column is odd (faulty.py:"),
        ("RaisesInPredict", Status.FAILED, Stage.PREDICT, "RuntimeError: cannot predict"),
        ("RaisesAtStart", Status.FAILED, Stage.IMPORT, "cannot be made"),
        ("DoesNotExist", Status.FAILED, Stage.IMPORT, "AttributeError"),
        ("Exits", Status.FAILED, Stage.FIT, "SystemExit: 3"),
        ("Interrupts", Status.FAILED, Stage.FIT, "KeyboardInterrupt"),
        ("Aborts", Status.CRASHED, Stage.FIT, "SIGABRT"),
        ("Segfaults", Status.CRASHED, Stage.FIT, "SIGSEGV"),
        ("KilledFromOutside", Status.CRASHED, Stage.FIT, "SIGKILL"),
        ("ExitsHard", Status.CRASHED, Stage.FIT, "code 0"),
        ("ReturnsText", Status.FAILED, Stage.PREDICT, "not numbers"),
        ("AsksForTooMuch", Status.OUT_OF_MEMORY, Stage.FIT, "allocate"),
    ],
)
def test_a_fault_has_its_status_and_the_next_cell_is_whole(outcomes, name, status, stage, words):
    bad, good = outcomes(name, limits=Limits(timeout=60.0, memory=1024 * MIB))
    assert (bad.status, bad.stage) == (status, stage)
    assert words in bad.reason
    assert _whole(good)


@pytest.mark.parametrize("name", ["Hangs", "HangsInNativeCode"])
def test_a_hang_is_killed_and_replaced(outcomes, name):
    bad, good = outcomes(name, limits=Limits(timeout=1.0))
    assert (bad.status, bad.stage) == (Status.TIMEOUT, Stage.FIT)
    assert bad.reason == "killed after 1 s in fit"
    assert _whole(good)


def test_a_memory_bomb_is_stopped_at_its_limit(outcomes):
    bad, good = outcomes("EatsMemory", limits=Limits(timeout=60.0, memory=200 * MIB))
    assert (bad.status, bad.stage) == (Status.OUT_OF_MEMORY, Stage.FIT)
    assert _whole(good)


def test_a_cell_that_meddles_leaves_no_trace_for_the_next(outcomes, make_job):
    every = [make_job(n, name) for n, name in enumerate(["Reports", "Meddles", "LeavesChildren", "Reports"])]
    before, _, left, after = sorted(LocalEngine().run(every), key=lambda o: o.id)
    assert after.diagnostics == before.diagnostics
    assert after.diagnostics["meddled"] == 0
    assert after.diagnostics["children"] == 0
    assert left.status == Status.OK
    assert "left 1 child processes behind" in left.warnings


def test_a_cell_that_closes_descriptors_costs_only_itself(outcomes):
    bad, good = outcomes("ClosesDescriptors")
    assert bad.status == Status.CRASHED
    assert _whole(good)


def test_threads_left_running_cost_the_worker_not_the_cell(outcomes):
    left, good = outcomes("LeavesThreads")
    assert left.status == Status.OK
    assert _whole(good)


def test_megabytes_on_stdout_do_not_damage_the_frames(outcomes):
    loud, good = outcomes("Prints")
    assert loud.status == Status.OK
    assert _whole(good)


def test_warnings_and_diagnostics_are_kept(outcomes):
    warned, good = outcomes("Warns")
    assert warned.warnings == ("UserWarning: the data looks odd",)
    assert good.warnings == ()
    assert good.diagnostics == {"rows": 40.0, "seed": 7.0}


def test_a_technique_that_writes_into_its_inputs_changes_nobody_elses(outcomes):
    _, good = outcomes("WritesIntoInputs")
    np.testing.assert_allclose(good.output["proba"][0], [0.5, 0.5])


def test_a_measured_cell_has_all_its_measures(outcomes):
    (good,) = outcomes()
    assert good.fit_seconds is not None
    assert good.fit_seconds >= 0
    assert good.predict_seconds is not None
    assert good.fit_cpu_seconds is not None
    assert good.threads == 1
    assert good.started_at.endswith("+00:00")


def test_two_workers_do_every_job_once(outcomes):
    found = outcomes("Good", "Raises", "Aborts", "Good", "Exits", "Good", jobs=2)
    assert [o.status for o in found] == [
        Status.OK,
        Status.FAILED,
        Status.CRASHED,
        Status.OK,
        Status.FAILED,
        Status.OK,
        Status.OK,
    ]


def test_closing_the_run_leaves_no_process_behind(make_job):
    before = set(psutil.Process().children())
    run = LocalEngine(jobs=2).run(make_job(n, "Good" if n == 0 else "Hangs") for n in range(5))
    next(run)
    run.close()
    left = [p for p in psutil.Process().children() if p not in before]
    _, alive = psutil.wait_procs(left, timeout=10)
    assert not alive


def test_workers_end_when_the_harness_is_killed(tmp_path, make_job):
    """A forked harness is killed while its worker hangs in native code."""
    script = tmp_path / "harness.py"
    script.write_text(
        "import subprocess, sys\n"
        "from bakeoff.run.engines.process import WorkerProcess\n"
        "worker = WorkerProcess()\n"
        "worker.receive()\n"
        "print(worker.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    import subprocess
    import sys

    harness = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    pid = int(harness.stdout.readline())
    harness.kill()
    harness.wait()
    harness.stdin.close()
    harness.stdout.close()
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    else:
        os.kill(pid, 9)
        pytest.fail("the worker outlived its harness")
