"""What is registered exists, means what it says, and costs nothing to list."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bakeoff.metrics import classification, regression, topk
from bakeoff.metrics.names import cutoff, refuse_sampled
from bakeoff.metrics.specs import CLASSIFICATION, METRICS, RECOMMENDATION, REGRESSION
from bakeoff.model.errors import Refusal
from bakeoff.run.dotted import load_object
from bakeoff.run.tasks.specs import TASKS

HEAVY = ("numpy", "pandas", "scipy", "sklearn", "torch", "xgboost")


def test_the_manifest_imports_nothing_heavy() -> None:
    code = f"import sys, bakeoff.manifest; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_every_metric_has_its_function_and_a_documented_direction(metric) -> None:
    function = load_object(metric.implementation)
    assert f"{metric.direction}, " in function.__doc__
    assert metric.summary


def test_names_are_unique_and_every_function_is_registered() -> None:
    assert len({m.name for m in METRICS}) == len(METRICS)
    for specs, module in (
        (CLASSIFICATION, classification),
        (REGRESSION, regression),
        (RECOMMENDATION, topk),
    ):
        assert {m.implementation.partition(":")[2] for m in specs} == set(module.FUNCTIONS)


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
def test_every_task_is_whole(task) -> None:
    rules = load_object(task.implementation)
    assert (rules.name, rules.kind, rules.policies) == (task.name, task.data, task.policies)
    assert task.primary in task.metrics
    assert task.default_policy in task.policies
    assert set(task.metrics) == {m.name for m in METRICS if task.name in m.tasks}


@pytest.mark.parametrize(("name", "k"), [("ndcg@10", 10), ("recall@5", 5), ("mrr", None), ("x@y", None)])
def test_the_cut_is_the_number_after_the_at_sign(name: str, k: int | None) -> None:
    assert cutoff(name) == k


@pytest.mark.parametrize("name", ["ndcg@10:sampled100", "sampled_recall@10", "Sampled@5"])
def test_rec_06_refuses_sampled_metrics(name: str) -> None:
    with pytest.raises(Refusal) as caught:
        refuse_sampled(["recall@10", name])
    assert caught.value.code == "REC-06"
    assert name in caught.value.message


def test_rec_06_lets_full_metrics_pass_and_names_the_legal_one() -> None:
    refuse_sampled(m.name for m in METRICS)
    with pytest.raises(Refusal, match="Use 'ndcg@10'"):
        refuse_sampled(["ndcg@10:sampled100"])
