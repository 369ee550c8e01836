"""Protocols: every parameter spelled out, unknown ones refused."""

from __future__ import annotations

import pytest

from bakeoff.model.errors import BakeoffError, UnknownName
from bakeoff.run.protocol import POLICIES, describe, settle
from bakeoff.run.suites import Board
from bakeoff.run.tasks.base import Policy
from bakeoff.run.tasks.specs import TASKS

TASK = {t.name: t for t in TASKS}


def _board(task="classification", **values):
    return Board(id="b", task=task, datasets=("d",), techniques=("t",), **values)


def test_every_policy_a_task_offers_has_its_parameters_here():
    assert {p for t in TASKS for p in t.policies} == set(POLICIES)


def test_defaults_are_filled_in_and_folds_win():
    assert settle(_board(), TASK["classification"]) == Policy("stratified-kfold", {"folds": 5})
    asked = Policy("stratified-kfold", {"folds": 3})
    assert settle(_board(policy=asked, folds=7), TASK["classification"]).params == {"folds": 7}


def test_data_with_time_is_never_shuffled():
    assert settle(_board(), TASK["classification"], timed=True).name == "forward"
    held = settle(_board(policy=Policy("holdout")), TASK["classification"], timed=True)
    assert held.name == "holdout"


@pytest.mark.parametrize(
    ("policy", "error", "words"),
    [
        (Policy("user-random"), UnknownName, "user-random"),
        (Policy("stratified-kfolds"), UnknownName, "Did you mean 'stratified-kfold'"),
        (Policy("stratified-kfold", {"fold": 3}), UnknownName, "Did you mean 'folds'"),
        (Policy("stratified-kfold", {"folds": 1}), BakeoffError, "at least 2 folds"),
        (Policy("stratified-kfold", {"folds": 2.5}), BakeoffError, "2.5"),
        (Policy("holdout", {"test": 0}), BakeoffError, "add up to less than 1"),
        (Policy("holdout", {"test": 0.6, "validation": 0.5}), BakeoffError, "add up to less than 1"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(policy, error, words):
    with pytest.raises(error) as caught:
        settle(_board(policy=policy), TASK["classification"])
    assert words in str(caught.value)


def test_the_canonical_string_names_everything_that_moves_a_split():
    policy = Policy("holdout", {"validation": 0.16, "test": 0.2})
    assert describe(policy, 3, None) == "holdout(test=0.2,validation=0.16,seed=3)"
    assert describe(Policy("leave-last-out"), 0, 50) == "leave-last-out(seed=0) n_train<=50"
