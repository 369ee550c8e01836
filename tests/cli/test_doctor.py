"""`bakeoff doctor`: it ends with 1 exactly if something is not well."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bakeoff.api import Dataset, Technique
from bakeoff.cli import doctor as verb
from bakeoff.cli.main import cli
from bakeoff.discovery import Catalog, PluginInfo, Registered
from bakeoff.model.words import PluginState

PLUGIN = PluginInfo(name="p", state=PluginState.ACTIVE, distribution="d", version="1", module="p.manifest")


@pytest.fixture
def well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Folders of this test and an empty catalogue: nothing to complain about."""
    monkeypatch.setenv("BAKEOFF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("BAKEOFF_RESULTS", str(tmp_path / "results"))
    use(monkeypatch, Catalog())
    monkeypatch.setattr(verb, "LOW_DISK", 0)
    return monkeypatch


def use(monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> None:
    monkeypatch.setattr(verb, "discover", lambda selection: catalog)


def consult() -> tuple[int, dict[str, dict[str, Any]]]:
    done = CliRunner().invoke(cli, ["doctor", "--json"])
    return done.exit_code, {row["what"]: row for row in json.loads(done.stdout)}


def test_a_sound_installation_is_well(well: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, found = consult()
    assert code == 0
    assert {row["state"] for row in found.values()} == {"ok"}
    for what in ("python", "platform", "cpus", "memory", "bakeoff", "numpy", "click", "cache folder"):
        assert found[what]["detail"]
    assert list(tmp_path.iterdir()) == [], "it leaves nothing behind"


def test_the_table_says_the_same(well: pytest.MonkeyPatch) -> None:
    lines = CliRunner().invoke(cli, ["doctor"]).stdout.splitlines()
    assert lines[0].split() == ["what", "state", "detail"]
    assert any(line.startswith("python ") for line in lines)


@pytest.mark.parametrize("state", [PluginState.BROKEN, PluginState.INCOMPATIBLE, PluginState.SHADOWED])
def test_a_plugin_in_trouble_is_a_problem(well: pytest.MonkeyPatch, state: PluginState) -> None:
    bad = PluginInfo(name="bad", state=state, distribution="d", version="1", module="m", reason="it is so")
    use(well, Catalog(plugins=(bad,)))
    code, found = consult()
    assert code == 1
    assert found["plugin bad"]["state"] == "problem"
    assert "it is so" in found["plugin bad"]["detail"]


def test_a_disabled_plugin_is_none(well: pytest.MonkeyPatch) -> None:
    off = PluginInfo(name="off", state=PluginState.DISABLED, distribution="d", version="1", module="m")
    use(well, Catalog(plugins=(off,)))
    assert consult()[0] == 0


def test_a_technique_without_its_extra_is_a_note(well: pytest.MonkeyPatch) -> None:
    task = Registered(None, PLUGIN)
    spec = Technique(name="t", implementations={"k": "a:b"}, requires=("not-there",), install="pip install x")
    use(well, Catalog(techniques={"t": Registered(spec, PLUGIN)}, tasks={"k": task}))  # type: ignore[dict-item]
    code, found = consult()
    assert (code, found["t"]["state"], found["t"]["detail"]) == (0, "note", "unavailable: pip install x")


def test_an_item_for_a_task_that_nobody_has_is_a_problem(well: pytest.MonkeyPatch) -> None:
    spec = Dataset(name="d", task="clasification", card="a:b.toml")
    use(well, Catalog(datasets={"d": Registered(spec, PLUGIN)}))
    code, found = consult()
    assert code == 1
    assert "'clasification'" in found["dataset d"]["detail"]


@pytest.mark.parametrize("variable", ["BAKEOFF_CACHE", "BAKEOFF_RESULTS"])
def test_a_folder_that_cannot_be_written_is_a_problem(
    well: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    (tmp_path / "file").touch()
    well.setenv(variable, os.fspath(tmp_path / "file" / "below"))
    code, found = consult()
    assert code == 1
    (bad,) = [row for row in found.values() if row["state"] == "problem"]
    assert variable in bad["detail"]


def test_a_full_disk_is_a_problem(well: pytest.MonkeyPatch) -> None:
    well.setattr(verb, "LOW_DISK", 1 << 80)
    code, found = consult()
    assert code == 1
    assert {found["cache disk"]["state"], found["results disk"]["state"]} == {"problem"}


def test_a_missing_core_requirement_is_a_problem_with_its_install_line(well: pytest.MonkeyPatch) -> None:
    wanted = ["numpy>=2.0", "not-there-at-all>=1", 'nor-this; extra == "tabular"']
    well.setattr(verb.metadata, "requires", lambda name: wanted)
    code, found = consult()
    assert code == 1
    assert found["not-there-at-all"]["detail"] == "missing: pip install not-there-at-all"
    assert found["numpy"]["state"] == "ok"
    assert "nor-this" not in found


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("click>=8.1.7", "click"),
        ("scikit-learn", "scikit-learn"),
        ("torch (>=2)", "torch"),
        ("a.b_c[x]>=1; y", "a.b_c"),
    ],
)
def test_a_requirement_is_cut_to_its_name(line: str, name: str) -> None:
    assert verb._requirement(line) == name
