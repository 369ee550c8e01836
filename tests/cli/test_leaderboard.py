"""`bakeoff leaderboard` as users call it, on results folders written by hand."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bakeoff.cli.main import main
from bakeoff.cli.report import render, sayable, write
from bakeoff.cli.summary import summarise
from bakeoff.discovery import Catalog, PluginInfo, Registered
from bakeoff.model.errors import BakeoffError, PluginError, StoreError, UnknownName
from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.model.specs import Reporter
from bakeoff.model.words import PluginState, Status
from bakeoff.read.reports.options import ReportOptions

PROTOCOL = "stratified-kfold(folds=2,seed=0)"
AUC = {"prior": (0.5, 0.5), "logistic": (0.8, 0.9)}


def segment(
    folder: Path, suite: str = "quick", metric: str = "roc_auc", techniques: tuple[str, ...] = ()
) -> Path:
    """A results folder with one segment: two techniques, one dataset, two folds."""
    records = [
        Record(
            key=f"{suite}{technique}{fold}",
            suite=suite,
            task="classification",
            technique=technique,
            dataset="adult",
            dataset_hash="h",
            protocol=PROTOCOL,
            split=f"r0f{fold}",
            seed=0,
            status=Status.OK,
            n_train=50,
            n_test=50,
            metrics={metric: AUC[technique][fold]},
            fit_seconds=0.1,
            started_at="2026-01-01T00:00:00",
        )
        for technique in techniques or tuple(AUC)
        for fold in (0, 1)
    ]
    header = Header(
        suite={"name": suite, "question": "Who wins?", "boards": []},
        metrics={metric: {"direction": "max", "worst": 0.0}},
        tasks={
            "classification": {
                "title": "Classification",
                "metrics": [metric],
                "primary": metric,
                "baselines": ["prior"],
            }
        },
        datasets={"adult": {"task": "classification", "fingerprint": "h", "rows": 100}},
        created_at="2026-01-01T00:00:00",
    )
    (folder / "segments").mkdir(parents=True, exist_ok=True)
    lines = [header.to_json(), *(r.to_json() for r in records)]
    (folder / "segments" / f"20260101-{suite}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return segment(tmp_path / "results")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(["leaderboard", *map(str, arguments)])
        shown = capsys.readouterr()
        return int(stop.value.code or 0), shown.out, shown.err

    return run


def test_the_table_goes_to_standard_output_and_nothing_to_standard_error(call: Any, folder: Path) -> None:
    code, out, err = call("--results", folder)
    assert (code, err) == (0, "")
    assert "quick · Classification · roc_auc ↑" in out
    assert [line.split()[1] for line in out.splitlines() if line.startswith("1-2")] == ["logistic", "prior"]


def test_the_default_folder_is_the_environments(
    call: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAKEOFF_RESULTS", str(folder))
    assert call()[0] == 0
    monkeypatch.delenv("BAKEOFF_RESULTS")
    monkeypatch.chdir(tmp_path)
    segment(tmp_path / "bakeoff-results", suite="here")
    assert "here · " in call()[1]


def test_several_folders_make_one_table(call: Any, tmp_path: Path) -> None:
    a = segment(tmp_path / "a", techniques=("prior",))
    b = segment(tmp_path / "b", techniques=("logistic",))
    code, out, _ = call("--results", a, "--results", b, "--format", "json")
    (board,) = json.loads(out)["leaderboards"]
    assert (code, [r["technique"] for r in board["rows"]]) == (0, ["logistic", "prior"])


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("terminal", "quick · "),
        ("md", "### quick"),
        ("csv", "suite,task,"),
        ("csv-wide", "suite,task,"),
        ("json", "{\n"),
    ],
)
def test_every_format_of_the_core_is_there(call: Any, folder: Path, name: str, start: str) -> None:
    code, out, _ = call("--results", folder, "--format", name)
    assert code == 0
    assert out.startswith(start)
    assert "logistic" in out


def test_per_dataset_adds_a_table(call: Any, folder: Path) -> None:
    without = call("--results", folder)[1]
    with_it = call("--results", folder, "--per-dataset")[1]
    assert len(with_it.splitlines()) > len(without.splitlines())
    assert any(line.startswith("adult ") for line in with_it.splitlines())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["quikc"], "unknown suite 'quikc' in these results. Did you mean 'quick'?"),
        (["--metric", "roc_acu"], "unknown metric 'roc_acu' in these results. Did you mean 'roc_auc'?"),
        (["--format", "jsno"], "unknown reporter 'jsno' in --format. Did you mean 'json'?"),
    ],
)
def test_an_unknown_name_is_one_line_with_the_nearest(
    call: Any, folder: Path, arguments: list[str], message: str
) -> None:
    code, out, err = call("--results", folder, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("Error: " + message)
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("make", [False, True], ids=["no folder", "empty folder"])
def test_a_folder_without_records_is_an_error(call: Any, tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "nothing"
    if make:
        folder.mkdir()
    code, out, err = call("--results", folder)
    assert (code, out) == (2, "")
    assert str(folder) in err.replace("\n", "")
    assert len(err.splitlines()) == 1


def test_a_suite_by_name_leaves_the_others_out(call: Any, folder: Path) -> None:
    segment(folder, suite="second")
    assert "second · " in call("--results", folder)[1]
    assert "second · " not in call("quick", "--results", folder)[1]


def test_a_metric_leaves_out_boards_without_it(call: Any, folder: Path) -> None:
    segment(folder, suite="other", metric="accuracy")
    out = call("--results", folder, "--metric", "accuracy")[1]
    assert out.startswith("other")
    assert "quick" not in out


def test_output_is_written_and_said_and_its_ending_chooses_the_format(
    call: Any, folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "new" / "board.md"
    code, out, err = call("--results", folder, "--output", target)
    assert (code, out) == (0, "")
    assert err == f"Wrote 1 leaderboard to {target}.\n"
    assert target.read_text(encoding="utf-8").startswith("### quick")
    call("--results", folder, "--output", target, "--format", "csv")
    assert next(csv.reader(io.StringIO(target.read_text(encoding="utf-8"))))[0] == "suite"
    assert [p.name for p in target.parent.iterdir()] == ["board.md"]


def test_a_file_that_cannot_be_written_is_an_error(call: Any, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for target in (tmp_path, tmp_path / "file" / "board.md"):
        code, _, err = call("--results", folder, "--output", target)
        assert code == 2
        assert err.startswith("Error: ")
        assert "board.md" in err or "is a folder" in err


def test_a_failing_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "board.md"
    write("old", target)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BakeoffError, match=r"cannot write .*board\.md: No space left"):
        write("new", target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def catalog(implementation: str) -> Catalog:
    info = PluginInfo(name="mine", state=PluginState.ACTIVE, distribution="my-dist", version="1", module="m")
    return Catalog(reporters={"odd": Registered(Reporter(name="odd", implementation=implementation), info)})


def test_a_reporter_of_a_plugin_is_used_and_blamed_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "odd_reporter.py").write_text(
        "def good(boards, options): return f'{len(boards)} {options.per_dataset}'\n"
        "def bad(boards, options): return 1 / 0\n"
        "def silent(boards, options): return None\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    options = ReportOptions(per_dataset=True)
    assert render((), "odd", catalog("odd_reporter:good"), options) == "0 True"
    for attribute, reason in (
        ("bad", "ZeroDivisionError"),
        ("silent", "NoneType"),
        ("absent", "AttributeError"),
    ):
        with pytest.raises(PluginError, match=rf"reporter 'odd' of plugin 'mine' \(my-dist 1\).*{reason}"):
            render((), "odd", catalog(f"odd_reporter:{attribute}"), options)
    with pytest.raises(UnknownName):
        render((), "even", catalog("odd_reporter:good"), options)


def test_the_summary_of_a_run_is_what_the_verb_prints(call: Any, folder: Path) -> None:
    segment(folder, suite="second")
    ran = [("quick", "classification", PROTOCOL)]
    assert summarise(folder, ran) == call("quick", "--results", folder)[1]
    with pytest.raises(StoreError):
        summarise(folder / "nowhere", ran)


def test_the_summary_leaves_out_boards_of_other_runs(folder: Path) -> None:
    with_other = [
        ("quick", "classification", PROTOCOL),
        ("quick", "classification", "holdout(test=0.2,seed=0)"),
    ]
    assert summarise(folder, with_other[1:]).count("quick ·") == 0
    assert summarise(folder, with_other).count("quick ·") == 1


def test_a_stream_that_has_no_arrows_gets_plainer_signs() -> None:
    assert sayable("a ↑ ±1 · 中", "ascii") == "a ^ +-1 - \\u4e2d"
    assert sayable("a ↑", "utf-8") == "a ↑"
    assert sayable("a ↑", None) == "a ↑"


def test_the_installed_command_works_through_a_pipe_without_unicode(bakeoff: Any, folder: Path) -> None:
    done = bakeoff("leaderboard", "--results", folder, env={"PYTHONIOENCODING": "ascii", "COLUMNS": "20"})
    assert (done.code, done.stderr) == (0, "")
    assert "roc_auc ^" in done.stdout
    assert "0.8500 +-0.0866" in done.stdout


PROBE = """
import sys
from bakeoff.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as stop:
    assert not stop.code, stop.code
heavy = {"numpy", "scipy", "scipy.stats", "pandas", "sklearn", "torch", "xgboost"}
sys.stderr.write(" ".join(sorted(heavy & set(sys.modules))))
"""


def loaded(*arguments: object) -> list[str]:
    command = [sys.executable, "-c", PROBE, "leaderboard", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return done.stderr.split()


def test_leaderboards_load_neither_pandas_nor_what_made_them(folder: Path) -> None:
    assert loaded("--help") == []
    assert loaded("--results", folder) == ["numpy", "scipy"]
