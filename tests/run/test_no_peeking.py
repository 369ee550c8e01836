"""Promise 1: test targets never enter the process that runs plugin code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

SNOOP = Path(__file__).parent / "techniques" / "snoop.py"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads its own memory through /proc")
def test_a_snooping_technique_finds_its_training_targets_and_no_others(bakeoff, tmp_path):
    rows = range(400)
    # Targets in another order than rows: EDA-02 rightly refuses a column that rises with the target.
    lines = ["row,noise,y"]
    lines += [f"{r},{(r * 7919) % 101},{777_000.25 + 2.0 * ((r * 173) % 400)}" for r in rows]
    (tmp_path / "planted.csv").write_text("\n".join(lines) + "\n")
    code = SNOOP.read_text().replace("X[:, 0].astype(int)", "(X[:, 0].astype(int) * 173) % 400")
    (tmp_path / "snoop.py").write_text(code)
    words = (
        "run",
        "--technique",
        "./snoop.py:Snoop",
        "--dataset",
        "./planted.csv",
        "--target",
        "y",
        "--split",
    )
    done = bakeoff(*words, "holdout", "--results", "r", cwd=tmp_path)
    assert done.code == 0, done.stderr
    (segment,) = (tmp_path / "r" / "segments").glob("*.jsonl")
    (record,) = [json.loads(line) for line in segment.read_text().splitlines()[1:]]
    assert record["status"] == "ok", record["reason"]
    assert record["diagnostics"]["own"] == record["n_train"] == 320  # the search does find what is there
    assert record["diagnostics"]["foreign_in_fit"] == 0
