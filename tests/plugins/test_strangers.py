"""Ten broken distributions beside a sound one: each is isolated with a reason, and the sound one works."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BROKEN = {
    "syntax-error": ("broken", "SyntaxError"),
    "import-error": ("broken", "No module named 'bakeoff_broken_nowhere_to_be_found'"),
    "sys-exit": ("broken", "called sys.exit(0)"),
    "wrong-argument": ("broken", "bakeoff_cell_finished takes (record), not (cell)"),
    "misspelt-hook": ("broken", "no hook 'bakeoff_technics'; the nearest is 'bakeoff_techniques'"),
    "wrong-api": ("incompatible", "plugin API 999"),
    "usurper": ("broken", "'toy-centroid' of bakeoff-broken-name-clash 0.1 is registered already"),
    "raising-hook": ("broken", "RuntimeError: the hook gave up"),
    "not-light": ("broken", "pulls in numpy"),
}
INSTALL = "pip install 'bakeoff-broken-missing-extra[nowhere]'"

Run = Callable[..., Any]


@pytest.fixture
def call(bakeoff: Run, strangers: Path) -> Run:
    return lambda *words, **more: bakeoff(*words, env={"PYTHONPATH": str(strangers), **more})


@pytest.fixture
def states(call: Run) -> dict[str, Any]:
    done = call("plugins", "--json")
    assert done.code == 0, done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)}


def test_there_are_ten_and_each_is_expected_to_fail_in_its_own_way(states: dict[str, Any]) -> None:
    found = {row["name"] for row in states.values() if row["distribution"].startswith("bakeoff-broken-")}
    assert found == {*BROKEN, "missing-extra"}
    assert len(found) == 10


def test_each_broken_plugin_has_its_state_and_reason(states: dict[str, Any]) -> None:
    for name, (state, reason) in BROKEN.items():
        row = states[name]
        assert row["state"] == state, row
        assert reason in row["reason"], row
        assert row["version"] == "0.1"
        assert row["provides"] == {}


def test_the_toy_and_the_core_are_active_beside_them(states: dict[str, Any]) -> None:
    assert states["core"]["state"] == "active"
    assert (states["toy"]["state"], states["toy"]["reason"]) == ("active", "")
    assert states["toy"]["provides"] == {
        "techniques": 1,
        "steps": 1,
        "datasets": 1,
        "suites": 1,
        "observers": 1,
    }


def test_a_missing_extra_is_a_technique_that_cannot_be_had_and_no_broken_plugin(
    states: dict[str, Any],
) -> None:
    assert states["missing-extra"]["state"] == "active"
    assert states["missing-extra"]["unavailable"] == {"needs-an-extra": INSTALL}


def test_no_output_of_a_plugin_stands_among_results(call: Run) -> None:
    assert "must not stand among results" not in call("list", "techniques", "--json").stdout


def test_nothing_of_a_broken_plugin_is_listed(call: Run) -> None:
    listed = {row["name"]: row for row in json.loads(call("list", "techniques", "--json").stdout)}
    assert not {"usurped-never-seen", "half-registered", "heavy"} & set(listed)
    assert listed["toy-centroid"]["plugin"] == "toy"
    assert listed["needs-an-extra"]["available"] is False
    assert listed["needs-an-extra"]["install"] == INSTALL


def test_a_listing_warns_of_each_broken_plugin_in_one_line(call: Run) -> None:
    done = call("list", "suites")
    assert done.code == 0
    warned = [line for line in done.stderr.splitlines() if line.startswith("Warning: ")]
    assert len(warned) >= len(BROKEN)
    for name in BROKEN:
        assert sum(f"plugin '{name}'" in line.partition(" is ")[0] for line in warned) == 1


def test_why_prints_reason_and_traceback(call: Run) -> None:
    done = call("plugins", "--why", "raising-hook")
    assert done.code == 0
    assert "plugin 'raising-hook' (bakeoff-broken-raising-hook 0.1) is broken" in done.stdout
    assert 'raise RuntimeError("the hook gave up")' in done.stdout
    assert "Traceback" in done.stdout


@pytest.mark.parametrize("strict", [{"CI": "true"}, {}])
def test_strict_is_an_error_after_the_table(call: Run, strict: dict[str, str]) -> None:
    done = call("plugins", *([] if strict else ["--strict-plugins"]), **strict)
    assert done.code == 2
    assert "toy" in done.stdout
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    for name in BROKEN:
        assert f"'{name}'" in line


def test_strict_stops_other_verbs_and_can_be_switched_off(call: Run) -> None:
    assert call("list", "techniques", CI="1").code == 2
    assert call("list", "techniques", "--no-strict-plugins", CI="1").code == 0
    assert call("--no-strict-plugins", "list", "techniques", CI="1").code == 0


def test_leaving_the_broken_ones_out_is_well_even_under_strict(call: Run) -> None:
    done = call("list", "techniques", "--plugins", "toy", "--strict-plugins", "--json")
    assert done.code == 0, done.stderr
    assert [row["name"] for row in json.loads(done.stdout)] == ["toy-centroid"]


def test_no_plugins_always_works(call: Run) -> None:
    done = call("plugins", "--no-plugins", "--strict-plugins", "--json", BAKEOFF_PLUGINS="nobody")
    assert done.code == 0, done.stderr
    active = [row["name"] for row in json.loads(done.stdout) if row["state"] == "active"]
    assert active == ["core"]


def test_doctor_ends_with_one_and_names_them(call: Run) -> None:
    done = call("doctor", "--json")
    assert done.code == 1
    found = {row["what"]: row for row in json.loads(done.stdout)}
    for name in BROKEN:
        assert found[f"plugin {name}"]["state"] == "problem"
    assert found["needs-an-extra"]["state"] == "note"
    assert INSTALL in found["needs-an-extra"]["detail"]


def test_the_toys_dataset_and_suite_are_read_from_its_files(bakeoff: Run, toy: Path) -> None:
    env = {"PYTHONPATH": str(toy)}
    datasets = json.loads(bakeoff("list", "datasets", "--plugins", "toy", "--json", env=env).stdout)
    assert [(d["name"], d["rows"], d["licence"]) for d in datasets] == [("toy-blobs", 120, "CC0-1.0")]
    suites = json.loads(bakeoff("list", "suites", "--plugins", "toy", "--json", env=env).stdout)
    assert suites[0]["question"] == "Does the nearest centroid tell two blobs apart?"
    assert suites[0]["profiles"] == ["ci"]


def test_the_toys_suite_runs_and_its_observer_sees_every_cell(
    bakeoff: Run, toy: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    env = {"PYTHONPATH": str(toy), "BAKEOFF_TOY_LOG": str(log)}
    done = bakeoff("run", "toy-suite", "--yes", "--results", tmp_path / "results", env=env)
    assert done.code == 0, done.stdout + done.stderr
    seen = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {cell["status"] for cell in seen} == {"ok"}
    counts = Counter(cell["technique"] for cell in seen)
    assert counts == dict.fromkeys(["prior", "logistic", "toy-centroid", "toy-centre+toy-centroid"], 3)


def test_a_missing_extra_ends_as_unavailable_cells_with_the_install_line(call: Run, tmp_path: Path) -> None:
    words = ["--technique", "needs-an-extra,toy-centroid", "--dataset", "toy-blobs", "--folds", "2"]
    done = call("run", *words, "--yes", "--results", tmp_path)
    assert done.code == 0, done.stdout + done.stderr
    segments = [p.read_text(encoding="utf-8") for p in (tmp_path / "segments").glob("*.jsonl")]
    records = [json.loads(line) for text in segments for line in text.splitlines()[1:]]
    ended = {(r["technique"], r["status"]) for r in records}
    assert ended == {("needs-an-extra", "unavailable"), ("toy-centroid", "ok")}
    assert all(INSTALL in r["reason"] for r in records if r["status"] == "unavailable")


def test_the_toy_imports_nothing_of_the_core_but_its_api() -> None:
    sources = (Path(__file__).parent / "toy").rglob("*.py")
    lines = [line for path in sources for line in path.read_text(encoding="utf-8").splitlines()]
    imports = [line.split()[1] for line in lines if line.split()[:1] in (["from"], ["import"])]
    assert {name for name in imports if name.startswith("bakeoff.") or name == "bakeoff"} == {"bakeoff.api"}
