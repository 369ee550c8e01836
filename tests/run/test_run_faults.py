"""`bakeoff run` from outside: whatever one technique does, or happens to the run, the other cells are complete."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

SLOW = """
import time
import numpy as np

class Slow:
    def __init__(self, seconds=0.1):
        self.seconds = seconds
    def fit(self, X, y):
        time.sleep(self.seconds)
        self.shares = np.bincount(y) / len(y)
        return self
    def predict_proba(self, X):
        return np.tile(self.shares, (len(X), 1))
    def predict(self, X):
        return np.zeros(len(X), dtype=int)
"""


def lines(folder: Path) -> list[dict]:
    """Every record ever written into a results folder, in file order."""
    found = []
    for path in sorted((folder / "segments").glob("*.jsonl")):
        whole = path.read_text(encoding="utf-8").split("\n")[:-1]
        found += [json.loads(line) for line in whole[1:]]
    return found


@pytest.fixture
def slow(tmp_path: Path) -> str:
    """A technique that sleeps; give it seconds in brackets."""
    path = tmp_path / "slow.py"
    path.write_text(SLOW)
    return f"{path}:Slow"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start the command line in the background, in a process group of its own."""
    script = shutil.which("bakeoff", path=sysconfig.get_path("scripts"))
    started: list[subprocess.Popen] = []

    def run(*arguments: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [str(script), *arguments],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


def wait_for_records(folder: Path, number: int) -> None:
    """Until so many cells have ended (bounded)."""
    for _ in range(600):
        if (folder / "segments").is_dir() and len(lines(folder)) >= number:
            return
        time.sleep(0.05)
    pytest.fail(f"no {number} records within 30 s")


def test_every_fault_in_one_run_is_a_row_and_the_others_are_complete(bakeoff, faulty, tmp_path):
    expected = {
        "Raises": "failed",
        "RaisesInPredict": "failed",
        "Exits": "failed",
        "Hangs": "timeout",
        "Aborts": "crashed",
        "Segfaults": "crashed",
        "ReturnsNan": "invalid_output",
        "WrongLength": "invalid_output",
        "WrongWidth": "invalid_output",
        "UnknownClass": "invalid_output",
        "Good": "ok",
        "Prints": "ok",
    }
    names = ",".join(["prior", *(faulty(name) for name in expected), "logistic"])
    folder = tmp_path / "r"
    done = bakeoff(
        "run",
        "--technique",
        names,
        "--dataset",
        "wine",
        "--folds",
        "2",
        "--timeout",
        "5",
        "--results",
        folder,
    )
    assert done.code == 1, done.stderr
    records = lines(folder)
    assert len(records) == len({r["key"] for r in records}) == 2 * (len(expected) + 2)
    found = {r["technique"].rpartition(":")[2]: r["status"] for r in records}
    assert found == {**expected, "prior": "ok", "logistic": "ok"}
    assert all(r["reason"] for r in records if r["status"] != "ok")
    assert all(r["stage"] for r in records if r["status"] != "ok")
    assert "local file" in next(r for r in records if "Good" in r["technique"])["flags"]
    assert "failed" in done.stdout  # the table does not hide them
    assert "Traceback" not in done.stderr


def test_recommenders_that_recommend_nonsense_are_invalid(bakeoff, faulty, tmp_path):
    bad = ["BeyondCatalogue", "RecommendsSeen", "NanScores"]
    names = ",".join(["popularity", faulty("Popular"), *map(faulty, bad)])
    done = bakeoff("run", "--technique", names, "--dataset", "synthetic-drift", "--results", tmp_path / "r")
    assert done.code == 1, done.stderr
    found = {r["technique"].rpartition(":")[2]: r for r in lines(tmp_path / "r")}
    assert {n: found[n]["status"] for n in bad} == {
        "BeyondCatalogue": "invalid_output",
        "RecommendsSeen": "invalid_output",
        "NanScores": "failed",
    }
    assert "REC-05" in found["RecommendsSeen"]["reason"]
    assert "catalogue" in found["BeyondCatalogue"]["reason"]
    assert found["Popular"]["metrics"] == found["popularity"]["metrics"]


def test_a_killed_run_resumes_with_nothing_lost_and_nothing_done_twice(bakeoff, start, slow, tmp_path):
    folder = tmp_path / "r"
    words = (
        "run",
        "--technique",
        f"prior,{slow}",
        "--dataset",
        "wine",
        "--folds",
        "10",
        "--results",
        str(folder),
    )
    process = start(*words)
    wait_for_records(folder, 8)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = {r["key"] for r in lines(folder)}
    done = bakeoff(*words, "--json")
    assert done.code == 0, done.stderr
    (summary,) = json.loads(done.stdout)["suites"]
    assert summary["cells"] == 20
    assert summary["counts"] == {"ok": 20}
    assert summary["reused"] == len(before) >= 8
    assert Counter(r["key"] for r in lines(folder)).most_common(1)[0][1] == 1


def test_two_runs_at_once_on_one_folder_share_the_work(bakeoff, start, slow, tmp_path):
    folder = tmp_path / "r"
    words = (
        "run",
        "--technique",
        f"{slow}[seconds=0.3]",
        "--dataset",
        "wine",
        "--folds",
        "10",
        "--jobs",
        "1",
    )
    both = [start(*words, "--results", str(folder)) for _ in range(2)]
    assert [p.wait(120) for p in both] == [0, 0]
    counts = Counter(r["key"] for r in lines(folder))
    assert len(counts) == 10
    assert {r["status"] for r in lines(folder)} == {"ok"}
    # Only cells in flight at the same time may be done twice; without sharing it would be all ten.
    assert sum(counts.values()) < 20
    assert bakeoff(*words, "--results", folder).code == 0


def test_ctrl_c_ends_with_130_a_record_for_every_cell_and_no_process(bakeoff, start, slow, tmp_path):
    folder = tmp_path / "r"
    words = ("run", "--technique", f"prior,{slow}[seconds=30]", "--dataset", "wine", "--folds", "3")
    process = start(*words, "--results", str(folder), "--jobs", "2")
    wait_for_records(folder, 1)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    counts = Counter(r["status"] for r in lines(folder))
    assert sum(counts.values()) == 6
    assert counts["interrupted"] >= 3
    again = bakeoff("run", "--technique", "prior", "--dataset", "wine", "--folds", "3", "--results", folder)
    assert again.code == 0


def test_a_spent_budget_leaves_not_run_rows(bakeoff, slow, tmp_path):
    folder = tmp_path / "r"
    words = ("run", "--technique", f"{slow}[seconds=1]", "--dataset", "wine", "--folds", "9", "--jobs", "1")
    done = bakeoff(*words, "--budget", "2.5", "--results", folder)
    assert done.code == 0
    counts = Counter(r["status"] for r in lines(folder))
    assert counts["ok"] >= 1
    assert counts["not_run"] >= 1
    assert sum(counts.values()) == 9
    assert bakeoff(*words, "--budget", "0.001", "--strict", "--results", folder).code == 1


def test_rerun_and_a_larger_limit_decide_what_runs_again(bakeoff, slow, faulty, tmp_path):
    folder = tmp_path / "r"
    words = ["run", "--technique", f"{slow}[seconds=2],{faulty('Raises')},prior", "--dataset", "wine"]
    words += ["--split", "holdout", "--json", "--results", str(folder), "--timeout"]

    def ran(*more: str) -> dict:
        done = bakeoff(*words, *more)
        return json.loads(done.stdout)["suites"][0]

    assert ran("1")["counts"] == {"ok": 1, "failed": 1, "timeout": 1}
    assert ran("1")["reused"] == 3
    assert ran("0.5")["reused"] == 3  # a smaller limit would end the same way
    assert ran("1", "--rerun", "failed")["new"] == {"failed": 1, "timeout": 1}
    assert ran("9")["new"] == {"ok": 1}  # the timeout is tried again, the rest is not
    assert ran("9", "--rerun", "all")["reused"] == 0
    assert max(r["attempt"] for r in lines(folder)) == 4


def test_explain_names_the_part_that_changed(bakeoff, slow, tmp_path):
    words = ("run", "--technique", f"prior,{slow}", "--dataset", "wine", "--split", "holdout", "--results")
    folder = tmp_path / "r"
    assert "new: no run" in bakeoff(*words, folder, "--explain").stdout
    assert not folder.exists()  # explaining writes nothing
    assert bakeoff(*words, folder).code == 0
    assert bakeoff(*words, folder, "--explain").stdout.count("reused (ok") == 2
    path = Path(slow.partition(":")[0])
    path.write_text("# a remark\n" + path.read_text())
    assert bakeoff(*words, folder, "--explain").stdout.count("reused (ok") == 2
    path.write_text(path.read_text().replace("np.zeros", "np.ones"))
    shown = bakeoff(*words, folder, "--explain").stdout.splitlines()
    assert "reused (ok" in next(line for line in shown if " prior " in line)
    assert "changed since: link 0 slow.py" in next(line for line in shown if "slow.py" in line)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--technique", "prior", "--dataset", "wine", "--results", "/dev/null/r"], "cannot"),
        (["--technique", "./none.py:Model", "--dataset", "wine"], "none.py: No such file"),
        (["--technique", "prior[", "--dataset", "wine"], "malformed technique"),
        (["--technique", "prior+logistic", "--dataset", "wine"], "Put it last"),
        (["--technique", "prior", "--dataset", "./nope.csv", "--target", "y"], "nope.csv"),
        (["--technique", "prior", "--dataset", "wine", "--target", "y"], "--target"),
        (["--technique", "prior", "--dataset", "wine", "--split", "user-random"], "unknown split policy"),
        (["--technique", "prior", "--dataset", "wine", "--metric", "roc"], "Did you mean 'roc_auc'"),
        (
            ["--technique", "popularity", "--dataset", "synthetic-drift", "--metric", "ndcg@10:sampled100"],
            "REC-06",
        ),
        (["--technique", "prior", "--dataset", "wine", "--engine", "loca"], "Did you mean 'local'"),
        (["--technique", "prior", "--dataset", "wine", "--seed", "-1"], "--seed"),
        (["./suite.toml"], "No such file"),
        (["als-vs-bpr", "--dataset", "wine"], "has no board for classification"),
    ],
)
def test_a_mistake_of_the_caller_is_one_clear_line_and_exit_2(bakeoff, tmp_path, words, said):
    done = bakeoff("run", *words, cwd=tmp_path)
    assert done.code == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "bakeoff-results").exists() or "/dev/null" in words[-1]


def test_nothing_is_written_where_nothing_can_be(bakeoff, tmp_path):
    (tmp_path / "file").write_text("")
    done = bakeoff("run", "--technique", "prior", "--dataset", "wine", "--results", tmp_path / "file" / "r")
    assert done.code == 2
    assert "Traceback" not in done.stderr


def test_a_full_disk_stops_the_run_and_keeps_what_was_finished(slow, tmp_path):
    """The file size limit of the process stands for a full disk: the same write fails the same way."""
    folder = tmp_path / "r"
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "from bakeoff.cli.main import main\n"
        "main(sys.argv[1:])\n"
    )
    words = ["run", "--technique", "prior", "--dataset", "wine", "--folds", "40", "--no-predictions"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--results", str(folder)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ},
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "safe" in done.stderr
    kept = lines(folder)
    assert kept
    assert {r["status"] for r in kept} == {"ok"}
