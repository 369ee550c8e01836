"""The suite `gbm-vs-transformer` as data: it can be read, its names exist, its claims speak of its boards."""

from __future__ import annotations

from pathlib import Path

import pytest

import bakeoff_tabular
from bakeoff.discovery import load_catalog
from bakeoff.run.suites import SuiteConfig, load_suite
from bakeoff_tabular.manifest import bakeoff_techniques

PATH = Path(bakeoff_tabular.__file__).parent / "suites" / "gbm-vs-transformer.toml"
TECHNIQUES = {t.name: t for t in bakeoff_techniques()}


def base(technique: str) -> str:
    return technique.partition("[")[0]


@pytest.fixture(params=["ci", "full"])
def suite(request: pytest.FixtureRequest) -> SuiteConfig:
    return load_suite(PATH, request.param)


def test_every_board_has_the_techniques_of_its_task_and_known_datasets(suite: SuiteConfig) -> None:
    catalog = load_catalog()
    for board in suite.boards:
        assert all(board.task in TECHNIQUES[base(t)].implementations for t in board.techniques)
        assert {catalog.datasets[d].spec.task for d in board.datasets} == {board.task}


def test_every_board_has_baselines_boosting_and_the_transformer(suite: SuiteConfig) -> None:
    for board in suite.boards:
        linear = "logistic" if board.task == "classification" else "ridge"
        assert {"prior", linear, "hist-gbm", "xgboost", "ft-transformer"} <= set(board.techniques)


def test_ci_caps_training_and_full_does_not() -> None:
    ci, full = load_suite(PATH, "ci"), load_suite(PATH, "full")
    assert all(board.n_train for board in ci.boards)
    assert not any(board.n_train for board in full.boards)
    assert sum(len(b.datasets) for b in ci.boards if b.task == "classification") >= 3
    assert sum(len(b.datasets) for b in ci.boards if b.task == "regression") >= 2


def test_claims_compare_techniques_of_the_board_they_name(suite: SuiteConfig) -> None:
    boards = {b.id: b for b in suite.boards}
    assert [c["id"] for c in suite.claims] == ["T1a", "T1b"]
    for claim in suite.claims:
        assert {claim["a"], claim["b"]} <= set(boards[claim["where"]["board"]].techniques)
