"""The manual's tables are whole: every registered metric, every policy, every code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bakeoff.metrics.specs import METRICS
from bakeoff.run.tasks.specs import TASKS

ROOT = Path(__file__).parents[2]
METRICS_PAGE = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
REFUSALS = set(
    re.findall(r"^\| ([A-Z]+-\d\d) \|", (ROOT / "docs/refusals.md").read_text(encoding="utf-8"), re.M)
)
CODE = re.compile(r"[\"']((?:SPLIT|EDA|REC)-\d\d)[\"']")


@pytest.mark.parametrize("name", [m.name for m in METRICS] + sorted({p for t in TASKS for p in t.policies}))
def test_every_metric_and_policy_is_explained(name: str) -> None:
    assert f"`{name}`" in METRICS_PAGE


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
def test_the_primary_metric_is_marked(task) -> None:
    assert f"`{task.primary}` (primary" in METRICS_PAGE


def test_every_code_that_is_raised_is_in_the_table_and_no_other() -> None:
    raised = {
        code for path in ROOT.glob("bench/**/*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert raised == REFUSALS
