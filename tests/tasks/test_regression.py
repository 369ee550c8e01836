"""The rules of regression."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import r2_score

from bakeoff.metrics.specs import REGRESSION
from bakeoff.model.errors import InvalidOutput, Refusal, UnknownName
from bakeoff.run.tasks.base import Policy, TaskRules
from bakeoff.run.tasks.regression import Regression, regression

FIVE = Policy("kfold", {"folds": 5})


def test_the_object_is_small_and_frozen() -> None:
    rules: TaskRules = regression
    assert rules == Regression()
    assert rules.indices(FIVE, 2) == [(r, f) for r in range(2) for f in range(5)]


def test_a_fold_is_trained_tested_and_scored(numbers) -> None:
    split = regression.split(numbers, FIVE, 0, 3, 1)
    message, question = regression.message(numbers, split), regression.question(numbers, split)
    assert (message["y"] == numbers.target[message["train"]]).all()
    assert len(question["test"]) == 10
    y = numbers.target[split.test]
    output = regression.validate(numbers, split, {"response": (y + 0.5).astype(np.float32)})
    scores = regression.score(numbers, split, output, REGRESSION)
    assert scores.metrics["mae"] == pytest.approx(0.5, rel=1e-6)
    assert scores.metrics["rmse"] == pytest.approx(0.5, rel=1e-6)
    assert scores.metrics["r2"] == pytest.approx(r2_score(y, y + 0.5), rel=1e-6)
    assert scores.n_test == 10
    assert regression.targets(numbers, split)["y"].tolist() == y.tolist()


def test_holdout_64_16_20_and_the_training_cap(numbers) -> None:
    policy = Policy("holdout", {"test": 0.2, "validation": 0.16})
    split = regression.split(numbers, policy, 0, 0, 0)
    assert (len(split.train), len(split.test)) == (32, 10)
    capped = regression.split(numbers, policy, 0, 0, 0, n_train=8)
    assert len(capped.train) == 8
    assert np.isin(capped.train, split.train).all()
    assert capped.test.tolist() == split.test.tolist()


def test_groups_and_times_rule_the_split(make_table) -> None:
    groups = np.arange(50) // 5
    data = make_table(np.arange(50.0), groups=groups)
    split = regression.split(data, FIVE, 0, 0, 0)
    assert not np.intersect1d(groups[split.train], groups[split.test]).size
    timed = make_table(np.arange(50.0), time=np.arange(50.0)[::-1].copy())
    with pytest.raises(Refusal) as caught:
        regression.split(timed, FIVE, 0, 0, 0)
    assert caught.value.code == "SPLIT-02"
    split = regression.split(timed, Policy("forward", {"folds": 4}), 0, 0, 0)
    assert split.train.min() > split.test.max()


def test_stratified_folds_are_no_policy_of_regression(numbers) -> None:
    with pytest.raises(UnknownName, match="kfold"):
        regression.split(numbers, Policy("stratified-kfold"), 0, 0, 0)


def test_eda_01_fires_on_a_constant_target_only(make_table, numbers) -> None:
    with pytest.raises(Refusal, match="constant in 9 rows") as caught:
        regression.check(make_table(np.full(9, 2.0)))
    assert caught.value.code == "EDA-01"
    assert regression.check(numbers) == ()


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (np.full(10, np.inf), "10 of 10 values that are NaN or infinite"),
        (np.zeros((10, 1)), r"shape \(10, 1\)"),
        (np.zeros(9), r"shape \(9,\), not \(10,\)"),
        (np.array(["1"] * 10), "not numbers"),
        (np.full(10, None), "not numbers"),
    ],
)
def test_a_wrong_answer_is_invalid_and_says_how(numbers, response, says: str) -> None:
    split = regression.split(numbers, FIVE, 0, 0, 0)
    with pytest.raises(InvalidOutput, match=says):
        regression.validate(numbers, split, {"response": response})


def test_kept_responses_are_small_unless_that_would_lose_them() -> None:
    assert regression.kept({"response": np.array([1.0, 2.0])})["response"].dtype == np.float32
    assert regression.kept({"response": np.array([1.0, 1e60])})["response"].tolist() == [1.0, 1e60]


def test_facts(numbers) -> None:
    facts = regression.facts(numbers)
    assert facts["rows"] == 50
    assert facts["target_mean"] == pytest.approx(0, abs=1e-12)
    assert facts["target_sd"] == pytest.approx(numbers.target.std())
