"""What a real run writes fits the published schemas, and its predictions and targets give its metrics again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bakeoff.store import read_predictions, read_results, read_targets

BROKEN = """
class Model:
    def fit(self, X, y):
        raise RuntimeError("on purpose: \\udc80 \\u2028 " + "x" * 5000)

    def predict(self, X):
        return X
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, bakeoff: Any) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / "broken.py").write_text(BROKEN)
    done = bakeoff(
        *("run", "--technique", "prior,./broken.py:Model", "--dataset", "wine", "--folds", "2"),
        *("--results", "results", "--yes"),
        cwd=folder,
    )
    assert done.code == 1, done.stderr
    return folder / "results"


def faults(name: str, lines: list[str]) -> Iterator[str]:
    schema = json.loads((files("bakeoff.model") / f"{name}.schema.json").read_text(encoding="utf-8"))
    check = Draft202012Validator(schema)
    for line in lines:
        yield from (f"{error.json_path}: {error.message}" for error in check.iter_errors(json.loads(line)))


def test_every_line_fits_its_schema(results: Path) -> None:
    (segment,) = (results / "segments").iterdir()
    first, *rest = segment.read_text(encoding="utf-8").splitlines()
    assert list(faults("header", [first])) == []
    assert list(faults("record", rest)) == []
    assert sorted(json.loads(line)["status"] for line in rest) == ["failed", "failed", "ok", "ok"]


def test_a_metric_can_be_computed_again_without_fitting(results: Path) -> None:
    found = read_results([results])
    assert found.problems == ()
    good = [record for record in found.records if record.status == "ok"]
    for record in good:
        response = read_predictions(results, record)["response"]
        truth = read_targets(results, record)["y"]
        assert (response == truth).mean() == pytest.approx(record.metrics["accuracy"])
    rows = [set(read_targets(results, record)["rows"].tolist()) for record in good]
    assert not rows[0] & rows[1], "the test parts of two folds overlap"
