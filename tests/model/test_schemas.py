"""The published JSON Schemas: they are shipped, they fit what is written, and they refuse what is not."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bakeoff.model.header import Header
from bakeoff.model.record import SCHEMA_VERSION, Record
from bakeoff.model.words import Stage, Status, Track


def validator(name: str) -> Draft202012Validator:
    text = (files("bakeoff.model") / f"{name}.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


RECORD = validator("record")
HEADER = validator("header")

CELL = Record(
    key="0" * 32,
    suite="quick",
    task="classification",
    technique="smote+xgboost",
    dataset="adult",
    dataset_hash="1" * 32,
    protocol="stratified-kfold(folds=5,seed=0)",
    split="r0f2",
    seed=0,
    status=Status.OK,
    n_train=800,
    n_test=200,
    params={"xgboost": {"max_depth": 6, "weights": [1.0, None]}},
    metrics={"roc_auc": 0.9, "brier": None},
    diagnostics={"n_iter": 10},
    limits={"timeout": 60.0, "memory": None},
    predictions={"file": "20261123T120000Z-a1b2c3-17-0a.bin", "offset": 0, "length": 24},
    fit_seconds=1.5,
    predict_seconds=0.5,
    fit_cpu_seconds=1.4,
    peak_memory_bytes=1_000_000,
    threads=1,
    versions={"python": "3.11.7"},
    started_at="2026-11-23T12:00:00.000+00:00",
    harness_version="0.1.0",
)
HEAD = Header(
    suite={
        "name": "quick",
        "question": "?",
        "profile": None,
        "boards": [{"id": "b", "task": "classification"}],
    },
    environment={"python": "3.11.7", "platform": "Linux x86_64", "cpus": 2, "versions": {"numpy": "2.1"}},
    configuration={"jobs": 2, "budget": None},
    claims=({"kind": "superior", "a": "x", "b": "y"},),
    claims_hash="2" * 32,
    metrics={"roc_auc": {"direction": "max", "summary": "", "best": 1.0, "worst": None}},
    tasks={
        "classification": {"title": "T", "metrics": ["roc_auc"], "primary": "roc_auc", "baselines": ["prior"]}
    },
    datasets={"adult": {"rows": 1000}, "lost": {"problem": "no network"}},
    grid={
        "cells": [
            {
                "key": "0",
                "technique": "t",
                "dataset": "d",
                "protocol": "p",
                "split": "r0f0",
                "parts": {"a": "0"},
            }
        ]
    },
    created_at="2026-11-23T12:00:00.000+00:00",
    harness_version="0.1.0",
)


def wrong(check: Draft202012Validator, line: str, **changes: Any) -> list[str]:
    return [error.message for error in check.iter_errors(json.loads(line) | changes)]


@pytest.mark.parametrize("status", Status)
def test_a_written_record_of_any_status_fits(status: Status) -> None:
    ok = status == Status.OK
    record = replace(CELL, status=status, stage=None if ok else Stage.FIT, reason="" if ok else "it broke")
    assert wrong(RECORD, record.to_json()) == []


@given(
    metrics=st.dictionaries(st.text(), st.floats(), max_size=3),
    texts=st.lists(st.text(), max_size=3).map(tuple),
    track=st.sampled_from(Track),
    predictions=st.none() | st.fixed_dictionaries({"reason": st.text(min_size=1)}),
)
def test_whatever_a_cell_brings_its_line_fits(
    metrics: dict[str, float], texts: tuple[str, ...], track: Track, predictions: dict[str, str] | None
) -> None:
    record = replace(CELL, metrics=metrics, warnings=texts, flags=texts, track=track, predictions=predictions)
    assert wrong(RECORD, record.to_json()) == []


def test_a_written_header_fits() -> None:
    assert wrong(HEADER, HEAD.to_json()) == []
    assert wrong(HEADER, Header(suite={"name": "s"}).to_json()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"key": 3},
        {"key": ""},
        {"status": "splendid"},
        {"status": "failed"},
        {"reason": "but it is ok"},
        {"stage": "fit"},
        {"seed": "0"},
        {"seed": 1.5},
        {"attempt": 0},
        {"metrics": {"roc_auc": "high"}},
        {"metrics": []},
        {"n_train": -1},
        {"fit_seconds": -0.1},
        {"flags": "a flag"},
        {"warnings": [3]},
        {"versions": {"numpy": 2}},
        {"predictions": {"file": "a.bin", "offset": 0}},
        {"predictions": {"file": "../a.bin", "offset": 0, "length": 9}},
        {"predictions": {"reason": ""}},
        {"schema_version": 2},
        {"track": None},
    ],
    ids=str,
)
def test_a_wrong_record_is_refused(changes: dict[str, Any]) -> None:
    assert wrong(RECORD, CELL.to_json(), **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"header": False},
        {"suite": {}},
        {"suite": {"name": ""}},
        {"metrics": {"rmse": {"direction": "down"}}},
        {"tasks": {"t": {"metrics": []}}},
        {"grid": {"cells": [{"key": "0"}]}},
        {"claims": {}},
        {"schema_version": 2},
    ],
    ids=str,
)
def test_a_wrong_header_is_refused(changes: dict[str, Any]) -> None:
    assert wrong(HEADER, HEAD.to_json(), **changes)


@pytest.mark.parametrize(
    ("check", "line", "kind"), [(RECORD, CELL.to_json(), Record), (HEADER, HEAD.to_json(), Header)]
)
def test_every_field_is_described_and_demanded(check: Draft202012Validator, line: str, kind: type) -> None:
    """A misspelt field is thereby a missing one, although unknown fields of later versions are allowed."""
    names = {f.name for f in fields(kind)} | ({"header"} if kind is Header else set())
    assert set(check.schema["properties"]) == names
    for name in names:
        data = json.loads(line)
        data[f"{name}_"] = data.pop(name)
        assert list(check.iter_errors(data)), name
    assert wrong(check, line, of_a_later_version=1) == []


def test_the_schemas_speak_the_words_of_this_version() -> None:
    properties = RECORD.schema["properties"]
    assert properties["status"]["enum"] == list(Status)
    assert properties["stage"]["enum"] == [*Stage, None]
    assert properties["track"]["enum"] == list(Track)
    assert properties["schema_version"]["const"] == SCHEMA_VERSION
    assert HEADER.schema["properties"]["schema_version"]["const"] == SCHEMA_VERSION
