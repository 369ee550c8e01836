"""The record: one flat line, strict JSON, read back as it was; what is wrong is named."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.record import SCHEMA_VERSION, NewerSchema, Record
from bakeoff.model.words import Stage, Status, Track

NUMBERS = st.none() | st.floats() | st.integers(-(2**62), 2**62)
NAMED_NUMBERS = st.dictionaries(st.text(), NUMBERS, max_size=4)
SECONDS = st.none() | st.floats(min_value=0)
COUNTS = st.none() | st.integers(0, 2**62)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.builds(
    Record,
    **dict.fromkeys(
        ("key", "suite", "task", "technique", "dataset", "dataset_hash", "protocol", "split", "reason"),
        st.text(),
    ),
    seed=st.integers(-(2**62), 2**62),
    status=st.sampled_from(Status),
    track=st.sampled_from(Track),
    stage=st.none() | st.sampled_from(Stage),
    n_train=COUNTS,
    n_test=COUNTS,
    params=st.dictionaries(st.text(), PLAIN, max_size=3),
    attempt=st.integers(1, 1000),
    metrics=NAMED_NUMBERS,
    diagnostics=NAMED_NUMBERS,
    limits=NAMED_NUMBERS,
    flags=st.lists(st.text(), max_size=3).map(tuple),
    predictions=st.none() | st.dictionaries(st.text(), PLAIN, max_size=3),
    fit_seconds=SECONDS,
    warnings=st.lists(st.text(), max_size=3).map(tuple),
    versions=st.dictionaries(st.text(), st.text(), max_size=3),
)


def plain(**changes: Any) -> Record:
    compulsory = dict.fromkeys(
        ("key", "suite", "task", "technique", "dataset", "dataset_hash", "protocol", "split"), "x"
    )
    return Record(**{**compulsory, "seed": 0, "status": Status.OK, **changes})


def finite(value: Any) -> Any:
    """What strict JSON leaves of a value."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(inner) for name, inner in value.items()}
    return [finite(inner) for inner in value] if isinstance(value, list) else value


def strict(text: str) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


@given(RECORDS)
def test_a_record_is_read_back_as_it_was_but_for_numbers_that_json_has_not(record: Record) -> None:
    line = record.to_json()
    assert "\n" not in line
    assert "\r" not in line
    expected = {f.name: getattr(record, f.name) for f in fields(Record)}
    for name in ("params", "metrics", "diagnostics", "limits", "predictions", "fit_seconds"):
        expected[name] = finite(expected[name])
    assert Record.from_mapping(strict(line)) == Record(**expected)


@given(RECORDS)
def test_writing_what_was_read_changes_nothing(record: Record) -> None:
    line = record.to_json()
    assert Record.from_mapping(json.loads(line)).to_json() == line


def test_a_read_only_mapping_is_written_like_any_other() -> None:
    assert plain(params=MappingProxyType({"depth": 3})).to_json() == plain(params={"depth": 3}).to_json()


def test_a_field_of_a_later_minor_version_is_ignored() -> None:
    data = json.loads(plain().to_json()) | {"carbon_grams": 3}
    assert Record.from_mapping(data) == plain()


def test_an_optional_field_that_is_missing_has_its_default() -> None:
    data = json.loads(plain().to_json())
    del data["warnings"], data["track"], data["n_train"], data["schema_version"]
    assert Record.from_mapping(data) == plain()


@pytest.mark.parametrize("name", ["key", "technique", "dataset_hash", "seed", "status"])
def test_a_compulsory_field_that_is_missing_is_named(name: str) -> None:
    data = json.loads(plain().to_json())
    del data[name]
    with pytest.raises(ValueError, match=f"the field '{name}' is missing"):
        Record.from_mapping(data)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("key", 3),
        ("key", None),
        ("dataset_hash", []),
        ("seed", "0"),
        ("seed", True),
        ("seed", 1.5),
        ("seed", 10**30),
        ("status", "splendid"),
        ("status", []),
        ("track", "secret"),
        ("stage", "lunch"),
        ("stage", 3),
        ("attempt", "1"),
        ("attempt", None),
        ("n_train", "many"),
        ("metrics", None),
        ("metrics", [1]),
        ("metrics", {"accuracy": "high"}),
        ("metrics", {"accuracy": True}),
        ("metrics", {"accuracy": float("inf")}),
        ("metrics", {"accuracy": 10**400}),
        ("params", "depth=3"),
        ("flags", "a flag"),
        ("flags", [1]),
        ("warnings", {"a": "b"}),
        ("versions", {"numpy": 2}),
        ("predictions", "there"),
        ("fit_seconds", "long"),
        ("fit_seconds", float("nan")),
        ("schema_version", "1"),
        ("schema_version", None),
    ],
)
def test_a_wrongly_typed_field_is_refused_by_name(name: str, value: Any) -> None:
    data = json.loads(plain().to_json()) | {name: value}
    with pytest.raises(ValueError, match=f"(?i){name}") as caught:
        Record.from_mapping(data)
    assert not isinstance(caught.value, NewerSchema)


def test_a_record_of_a_later_schema_is_told_from_a_damaged_one() -> None:
    data = json.loads(plain().to_json()) | {"schema_version": SCHEMA_VERSION + 1, "metrics": "elsewhere"}
    with pytest.raises(NewerSchema, match="newer than this bakeoff reads"):
        Record.from_mapping(data)


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        plain().status = Status.FAILED  # type: ignore[misc]
    assert replace(plain(), status=Status.FAILED).status == Status.FAILED
