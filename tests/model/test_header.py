"""The header: a segment's first line, told from a record, read back as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.header import Header
from bakeoff.model.record import SCHEMA_VERSION, NewerSchema

FACTS = st.dictionaries(st.text(), st.none() | st.integers(0, 9) | st.text(), max_size=3)
HEADERS = st.builds(
    Header,
    suite=st.fixed_dictionaries({"name": st.text(), "boards": st.lists(FACTS, max_size=2)}),
    environment=FACTS,
    configuration=FACTS,
    claims=st.lists(FACTS, max_size=2).map(tuple),
    metrics=st.dictionaries(st.text(), FACTS, max_size=2),
    tasks=st.dictionaries(st.text(), FACTS, max_size=2),
    datasets=st.dictionaries(st.text(), FACTS, max_size=2),
    grid=st.fixed_dictionaries({"cells": st.lists(FACTS, max_size=3)}),
    created_at=st.text(),
)


@given(HEADERS)
def test_a_header_is_read_back_as_it_was(header: Header) -> None:
    line = header.to_json()
    assert "\n" not in line
    assert json.loads(line)["header"] is True
    assert Header.from_mapping(json.loads(line)) == header


def test_numbers_that_json_has_not_become_null() -> None:
    header = Header(suite={"name": "s"}, metrics={"rmse": {"worst": float("inf"), "best": float("nan")}})
    assert json.loads(header.to_json(), parse_constant=pytest.fail)["metrics"] == {
        "rmse": {"worst": None, "best": None}
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"header": False}, "not a segment header"),
        ({"header": 1}, "not a segment header"),
        ({"suite": None}, "suite is not an object"),
        ({"suite": {"name": 3}}, "suite.name is not a string"),
        ({"suite": {"name": "s", "boards": [1]}}, "suite.boards is not a list of objects"),
        ({"grid": []}, "grid is not an object"),
        ({"grid": {"cells": {"a": 1}}}, "grid.cells is not a list of objects"),
        ({"metrics": {"rmse": "min"}}, "metrics is not a list of objects"),
        ({"claims": "none"}, "claims is not a list of objects"),
        ({"created_at": 2026}, "created_at is not a string"),
        ({"schema_version": None}, "schema_version is not a whole number"),
    ],
)
def test_what_is_no_header_is_refused_by_name(changes: dict[str, Any], words: str) -> None:
    data = json.loads(Header(suite={"name": "s"}).to_json()) | changes
    with pytest.raises(ValueError, match=words) as caught:
        Header.from_mapping(data)
    assert not isinstance(caught.value, NewerSchema)


def test_a_header_without_a_suite_is_refused() -> None:
    data = json.loads(Header(suite={}).to_json())
    del data["suite"]
    with pytest.raises(ValueError, match="suite"):
        Header.from_mapping(data)


def test_a_header_of_a_later_schema_is_told_from_a_damaged_one() -> None:
    data = json.loads(Header(suite={}).to_json()) | {"schema_version": SCHEMA_VERSION + 1, "suite": "moved"}
    with pytest.raises(NewerSchema, match=f"schema version {SCHEMA_VERSION + 1} is newer"):
        Header.from_mapping(data)
