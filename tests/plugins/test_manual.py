"""docs/plugins.md is true: the plugin that it builds is installed with pip, listed, and does what the page says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"
BLOCK = re.compile(
    r"^(?P<how>Added to |Now )?\*\*`(?P<file>[^`]+)`\*\*[^\n]*\n```\w+\n(?P<text>.*?)^```", re.M | re.S
)

Run = Callable[..., Any]


def files() -> dict[str, str]:
    """Each file as the page leaves it: "Added to" appends, "Now" starts it anew."""
    found: dict[str, str] = {}
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        assert (block["file"] in found) == bool(block["how"]), f"{block['file']}: is it new or not?"
        before = found[block["file"]] if block["how"] == "Added to " else ""
        found[block["file"]] = before + block["text"]
    return found


def first_files() -> dict[str, str]:
    """The three files of the first section alone."""
    blocks = list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))[:3]
    return {block["file"]: block["text"] for block in blocks}


def write(folder: Path, texts: dict[str, str]) -> Path:
    assert "an empty `bakeoff_lab/__init__.py`" in PAGE.read_text(encoding="utf-8")
    for name, text in {**texts, "bakeoff_lab/__init__.py": ""}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, pip_install: Callable[..., Path]) -> Path:
    """The whole plugin of the page, installed."""
    return pip_install(tmp_path_factory.mktemp("lab"), write(tmp_path_factory.mktemp("source"), files()))


def listed(bakeoff: Run, folder: Path, kind: str) -> list[str]:
    done = bakeoff("list", kind, "--plugins", "lab", "--json", env={"PYTHONPATH": str(folder)})
    assert done.code == 0, done.stderr
    return [row["name"] for row in json.loads(done.stdout) if row["plugin"] == "lab"]


def test_every_python_and_toml_block_belongs_to_a_file_that_is_tested() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(re.findall(r"^```(?:python|toml)$", text, re.M)) == len(BLOCK.findall(text)) == 15


def test_twenty_lines_are_twenty_lines() -> None:
    code = [t for name, t in first_files().items() if name.endswith(".py")]
    assert sum(bool(line.strip()) for text in code for line in text.splitlines()) <= 20


def test_the_first_section_alone_is_a_plugin(
    bakeoff: Run, tmp_path: Path, pip_install: Callable[..., Path]
) -> None:
    folder = pip_install(tmp_path / "site", write(tmp_path / "source", first_files()))
    assert listed(bakeoff, folder, "techniques") == ["nearest-mean"]


def test_the_page_builds_a_plugin_with_everything_in_it(bakeoff: Run, lab: Path) -> None:
    done = bakeoff("plugins", "--why", "lab", "--json", env={"PYTHONPATH": str(lab)})
    (row,) = json.loads(done.stdout)
    assert (row["state"], row["reason"]) == ("active", "")
    assert row["provides"] == {
        "techniques": 2,
        "steps": 1,
        "datasets": 1,
        "metrics": 1,
        "suites": 1,
        "observers": 1,
    }
    assert listed(bakeoff, lab, "techniques") == ["nearest-mean", "bought-together"]
    assert listed(bakeoff, lab, "suites") == ["lab"]
    assert listed(bakeoff, lab, "metrics") == ["lab_median_ae"]


# --- Run and ranked ---


def means(bakeoff: Run, lab: Path, results: Path, *words: str) -> dict[str, float]:
    """Run with the page's plugin; each ranked technique's mean of the leaderboard's metric."""
    env = {"PYTHONPATH": str(lab)}
    done = bakeoff("run", *words, "--yes", "--results", results, env=env)
    assert done.code == 0, done.stdout + done.stderr
    shown = bakeoff("leaderboard", "--results", results, "--format", "json", env=env)
    (board,) = json.loads(shown.stdout)["leaderboards"]
    return {r["technique"]: r["metrics"][board["metric"]]["mean"] for r in board["rows"] if r["ranked"]}


def test_the_twenty_lines_compete_and_are_ranked(bakeoff: Run, lab: Path, tmp_path: Path) -> None:
    words = ["--technique", "prior,nearest-mean", "--dataset", "wine", "--folds", "3"]
    found = means(bakeoff, lab, tmp_path, *words)
    assert found["nearest-mean"] > found["prior"]


def test_the_recommender_competes(bakeoff: Run, lab: Path, tmp_path: Path) -> None:
    words = ["--technique", "popularity,bought-together", "--dataset", "synthetic-drift"]
    found = means(bakeoff, lab, tmp_path, *words)
    assert found["bought-together"] > found["popularity"]


def test_suite_step_dataset_and_metric_work_together(bakeoff: Run, lab: Path, tmp_path: Path) -> None:
    found = means(bakeoff, lab, tmp_path, "lab", "--metric", "lab_median_ae")
    assert set(found) == {"prior", "ridge", "lab-sign-log+ridge"}
    assert 0 < found["lab-sign-log+ridge"] < found["prior"]
