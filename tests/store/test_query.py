"""Whole folders: merged, each record once, and a clear error where there is nothing to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.model.words import Status
from bakeoff.store import Results, StoreWriter, read_results


def fill(folder: Path, head: Header, *records: Any) -> Path:
    with StoreWriter(folder, head) as writer:
        for record in records:
            writer.append(record, None)
    return folder


def test_folders_are_read_as_one(tmp_path: Path, record: Any, head: Header) -> None:
    failed = record(key="both", status=Status.FAILED, reason="it broke", attempt=2)
    one = fill(tmp_path / "one", head, record(key="a"), failed)
    two = fill(tmp_path / "two", head, record(key="both"), record(key="b"))
    found = read_results([one, two])
    assert found == Results((record(key="a"), record(key="both"), record(key="b")), (head, head), ())
    assert {r.key: r for r in read_results([two, one]).records} == {r.key: r for r in found.records}
    assert read_results([one, one]).records == read_results([one]).records


def test_a_cell_that_two_suites_plan_stands_in_both(tmp_path: Path, record: Any) -> None:
    def plan(suite: str, *keys: str) -> Header:
        return Header(suite={"name": suite}, grid={"cells": [{"key": key} for key in keys]})

    fill(tmp_path, plan("first", "a", "b"), record(key="a", suite="first"), record(key="b", suite="first"))
    fill(tmp_path, plan("second", "b", "c"), record(key="c", suite="second"))
    found = {(r.suite, r.key) for r in read_results([tmp_path]).records}
    assert found == {("first", "a"), ("first", "b"), ("second", "b"), ("second", "c")}


def test_a_torn_last_line_is_dropped_and_told(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    text = head.to_json() + "\n" + record().to_json() + "\n" + record(key="torn").to_json()[:-1]
    segment(tmp_path, text.encode())
    found = read_results([tmp_path])
    assert found.records == (record(),)
    assert len(found.problems) == 1
    assert "torn" in found.problems[0]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no records: '.*nothing' does not exist\..*`bakeoff run`"):
        read_results([tmp_path / "nothing"])


def test_a_file_is_no_results_folder_and_the_right_one_is_named(
    tmp_path: Path, head: Header, record: Any
) -> None:
    fill(tmp_path, head, record())
    (segment,) = (tmp_path / "segments").iterdir()
    for wrong in (segment, tmp_path / "segments"):
        with pytest.raises(StoreError, match="no records") as caught:
            read_results([wrong])
        assert caught.value.hint == f"The results folder is {str(tmp_path)!r}."


def test_a_folder_without_segments_has_no_records(tmp_path: Path, record: Any, head: Header) -> None:
    good = fill(tmp_path / "good", head, record())
    (tmp_path / "empty" / "segments").mkdir(parents=True)
    for folder in (tmp_path / "empty", tmp_path / "empty" / "segments" / ".."):
        with pytest.raises(StoreError, match="no records in"):
            read_results([good, folder])


def test_segments_without_records_are_no_records(tmp_path: Path, record: Any, head: Header) -> None:
    """But beside a folder that has some they are welcome: a part of a merged run had nothing to do."""
    empty = fill(tmp_path / "empty", head)
    with pytest.raises(StoreError, match=r"no records in '.*empty': nothing has been finished there"):
        read_results([empty])
    good = fill(tmp_path / "good", head, record())
    assert read_results([good, empty]).records == (record(),)


def test_damage_everywhere_is_told_in_the_error(tmp_path: Path, segment: Any) -> None:
    segment(tmp_path, b"damaged\n")
    with pytest.raises(StoreError, match=r"First of 1 problems: .*a\.jsonl, line 1: not JSON"):
        read_results([tmp_path])
