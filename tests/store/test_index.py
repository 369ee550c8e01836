"""Reading what others write: whole lines only, each once, whatever else lies in the folder."""

from __future__ import annotations

import errno
import json
import os
import tracemalloc
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.model.words import Status
from bakeoff.store import StoreIndex, StoreWriter, index, layout, tail


def line(something: Any) -> bytes:
    return something.to_json().encode() + b"\n"


def keys(records: Any) -> list[str]:
    return [record.key for record in records]


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    store = StoreIndex(tmp_path / "later")
    assert (store.refresh(), store.latest, store.headers, store.problems) == ([], {}, [], [])


def test_refresh_returns_what_came_since(tmp_path: Path, record: Any, head: Header) -> None:
    store = StoreIndex(tmp_path)
    with StoreWriter(tmp_path, head) as one, StoreWriter(tmp_path, head) as two:
        one.append(record(key="a"), None)
        two.append(record(key="b"), None)
        assert sorted(keys(store.refresh())) == ["a", "b"]
        assert store.refresh() == []
        two.append(record(key="c"), None)
        assert keys(store.refresh()) == ["c"]
    assert set(store.latest) == {"a", "b", "c"}
    assert store.headers == [head, head]


def test_a_look_at_an_unchanged_folder_opens_nothing(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    with StoreWriter(tmp_path, head) as writer:
        writer.append(record(), None)
    store = StoreIndex(tmp_path)
    store.refresh()
    opened: list[Any] = []
    monkeypatch.setattr(tail, "open", lambda *a: opened.append(a), raising=False)
    assert store.refresh() == []
    assert opened == []


@pytest.mark.parametrize("cut", [1, 20, -2, -1])
def test_a_half_written_line_is_read_once_it_is_whole(
    tmp_path: Path, record: Any, head: Header, segment: Any, cut: int
) -> None:
    data = line(record(key="b"))
    path = segment(tmp_path, line(head) + line(record(key="a")) + data[:cut])
    store = StoreIndex(tmp_path)
    assert keys(store.refresh()) == ["a"]
    assert store.refresh() == []
    assert store.problems == []
    with path.open("ab") as file:
        file.write(data[cut:])
    assert keys(store.refresh()) == ["b"]
    assert store.problems == []


def test_a_half_written_header_is_read_once_it_is_whole(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    store = StoreIndex(tmp_path)
    for size in (0, 10, len(line(head))):
        segment(tmp_path, line(head)[:size])
        assert store.refresh() == []
    assert store.headers == [head]
    assert store.problems == []


def test_a_torn_last_line_is_reported_when_nobody_writes_any_more(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    path = segment(tmp_path, line(head) + line(record(key="a")) + line(record(key="b"))[:100])
    store = StoreIndex(tmp_path)
    assert keys(store.refresh(final=True)) == ["a"]
    (problem,) = store.problems
    assert str(path) in problem
    assert "the last line is torn (100 bytes left out)" in problem
    assert store.refresh(final=True) == []
    assert store.problems == [problem]


def test_a_last_line_without_its_newline_counts_if_it_is_whole(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    path = segment(tmp_path, line(head) + line(record(key="a")).rstrip())
    store = StoreIndex(tmp_path)
    assert keys(store.refresh(final=True)) == ["a"]
    with path.open("ab") as file:
        file.write(b"\n" + line(record(key="b")))
    assert keys(store.refresh(final=True)) == ["b"]
    assert store.problems == []


def test_damage_in_the_middle_costs_only_itself(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    good = [line(record(key=key)) for key in "abcdef"]
    bad = [
        b"{not json\n",
        b"\xff\xfe\n",
        b"[1, 2]\n",
        b'{"key": "k"}\n',
        good[0][:50] + good[1],
        b"[" * 100_000 + b"\n",
        b'{"a":' * 500 + b"1" + b"}" * 500 + b"\n",
        b"\0" * 4096 + b"\n",
        b'"' + b"1" * 5000 + b"\n",
    ]
    words = ["JSON", "UTF-8", "object", "missing", "JSON", "deep", "deep", "JSON", "JSON"]
    data = line(head) + b"".join(b + good[at % 6] for at, b in enumerate(bad))
    path = segment(tmp_path, data)
    store = StoreIndex(tmp_path)
    assert keys(store.refresh()) == [*"abcdefabc"]
    assert len(store.problems) == len(bad)
    for at, problem in enumerate(store.problems):
        assert problem.startswith(f"{path}, line {2 * at + 2}: ")
        assert words[at] in problem


def test_a_number_that_json_has_not_is_no_number(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    """Other programs write NaN; a record is worth more than its one metric."""
    wild = line(record(metrics={"a": 1.5, "b": 2.5})).replace(b"1.5", b"NaN").replace(b"2.5", b"-Infinity")
    assert b"NaN" in wild
    segment(tmp_path, line(head) + wild)
    store = StoreIndex(tmp_path)
    (found,) = store.refresh()
    assert found.metrics == {"a": None, "b": None}
    assert store.problems == []


def test_a_file_that_is_no_segment_does_not_flood(tmp_path: Path, segment: Any) -> None:
    segment(tmp_path, b"not\nour\nfile\n" * 5_000)
    store = StoreIndex(tmp_path)
    assert store.refresh() == []
    assert len(store.problems) == 11
    assert "and 14990 more damaged lines" in store.problems[-1]


def test_line_ends_and_marks_of_other_systems_are_read(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    data = line(head) + line(record(key="a")) + b"\n" + line(record(key="b"))
    segment(tmp_path, b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    store = StoreIndex(tmp_path)
    assert keys(store.refresh(final=True)) == ["a", "b"]
    assert store.headers == [head]
    assert store.problems == []


def test_lines_that_are_too_long_are_passed_over(
    tmp_path: Path, record: Any, head: Header, segment: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tail, "HEADER_LIMIT", 20_000)
    monkeypatch.setattr(tail, "RECORD_LIMIT", 10_000)
    long = line(record(warnings=("w" * 11_000,)))
    parts = [
        line(head),
        line(record(key="a")),
        long,
        b"x" * 50_000 + b"\n",
        line(record(key="b")),
        b"y" * 50_000,
    ]
    path = segment(tmp_path, b"".join(parts))
    store = StoreIndex(tmp_path)
    assert keys(store.refresh()) == ["a", "b"]
    assert [p.partition(", ")[2][:6] for p in store.problems] == ["line 3", "line 4", "line 6"]
    with path.open("ab") as file:  # the last one goes on, ends, and a good one follows
        file.write(b"y" * 30_000 + b"\n" + line(record(key="c")))
    assert keys(store.refresh()) == ["c"]
    assert len(store.problems) == 3


def test_an_endless_line_is_not_held_in_memory(tmp_path: Path, segment: Any) -> None:
    path = segment(tmp_path, b"")
    with path.open("wb") as file:
        file.truncate(20 * layout.HEADER_LIMIT)  # a hole: 640 MiB that take no space
    store = StoreIndex(tmp_path)
    tracemalloc.start()
    try:
        assert store.refresh(final=True) == []
        assert tracemalloc.get_traced_memory()[1] < 4 * layout.HEADER_LIMIT
    finally:
        tracemalloc.stop()
    assert "longer than" in store.problems[0]


def test_a_segment_without_header_keeps_its_records_and_says_so(
    tmp_path: Path, record: Any, segment: Any
) -> None:
    segment(tmp_path, line(record(key="a")) + line(record(key="b")))
    store = StoreIndex(tmp_path)
    assert keys(store.refresh()) == ["a", "b"]
    assert len(store.problems) == 1
    assert "has no header" in store.problems[0]


def test_two_segments_in_one_file_are_both_read(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    segment(tmp_path, line(head) + line(record(key="a")) + line(head) + line(record(key="b")))
    store = StoreIndex(tmp_path)
    assert keys(store.refresh()) == ["a", "b"]
    assert store.headers == [head, head]
    assert store.problems == []


def test_a_segment_of_a_newer_schema_is_left_out_and_named(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    newer = json.loads(head.to_json()) | {"schema_version": 2}
    path = segment(tmp_path, json.dumps(newer).encode() + b"\n" + line(record(key="a")), "newer.jsonl")
    segment(tmp_path, line(head) + line(record(key="b")), "ours.jsonl")
    store = StoreIndex(tmp_path)
    assert keys(store.refresh()) == ["b"]
    assert len(store.problems) == 1
    assert str(path) in store.problems[0]
    assert "newer than this bakeoff reads" in store.problems[0]
    assert "Upgrade bakeoff" in store.problems[0]
    with path.open("ab") as file:
        file.write(line(record(key="c")))
    assert store.refresh() == []


def test_empty_segments_and_unknown_files_are_nothing_to_speak_of(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    segment(tmp_path, b"", "empty.jsonl")
    for name in (".DS_Store", "notes.txt", "old.jsonl.bak", ".a.jsonl.tmp", "snapshot.parquet"):
        segment(tmp_path, b"\x00\x01", name)
    segment(tmp_path, line(head) + line(record()), "a.jsonl")
    store = StoreIndex(tmp_path)
    assert keys(store.refresh(final=True)) == ["k0"]
    assert store.problems == []


def test_what_is_no_file_is_not_opened(tmp_path: Path, record: Any, head: Header, segment: Any) -> None:
    segment(tmp_path, line(head) + line(record()))
    (tmp_path / "segments" / "folder.jsonl").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "segments" / "pipe.jsonl")  # opening it would wait for ever
    store = StoreIndex(tmp_path)
    assert keys(store.refresh(final=True)) == ["k0"]
    assert len(store.problems) == 1 + hasattr(os, "mkfifo")
    assert all("not a file; left out" in problem for problem in store.problems)


def test_links_that_leave_the_folder_are_not_followed(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    outside = segment(tmp_path / "other", line(head) + line(record(key="secret")))
    inside = segment(tmp_path / "mine", line(head) + line(record(key="a")))
    (tmp_path / "mine" / "segments" / "out.jsonl").symlink_to(outside)
    (tmp_path / "mine" / "segments" / "again.jsonl").symlink_to(inside)
    (tmp_path / "mine" / "segments" / "nowhere.jsonl").symlink_to(tmp_path / "mine" / "nothing")
    (tmp_path / "mine" / "segments" / "loop.jsonl").symlink_to(tmp_path / "mine" / "segments" / "loop.jsonl")
    store = StoreIndex(tmp_path / "mine")
    assert set(keys(store.refresh())) == {"a"}
    told = " ".join(store.problems)
    assert "out.jsonl: a symbolic link that leads out of the folder; left out" in told
    assert "loop.jsonl" in told


def test_a_folder_of_segments_that_leads_elsewhere_is_not_followed(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    segment(tmp_path / "other", line(head) + line(record(key="secret")))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "segments").symlink_to(tmp_path / "other" / "segments")
    store = StoreIndex(tmp_path / "mine")
    assert store.refresh() == []
    assert "leads out of the folder" in store.problems[0]


def test_a_results_folder_may_itself_be_a_link(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    segment(tmp_path / "real", line(head) + line(record(key="a")))
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert keys(StoreIndex(tmp_path / "link").refresh()) == ["a"]


def test_a_segment_that_vanishes_keeps_what_was_read(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    path = segment(tmp_path, line(head) + line(record(key="a")))
    store = StoreIndex(tmp_path)
    store.refresh()
    path.unlink()
    assert store.refresh() == store.refresh() == []
    assert set(store.latest) == {"a"}
    assert len(store.problems) == 1
    assert "vanished" in store.problems[0]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(errno.ENOENT, "gone"), "vanished"),
        (PermissionError(errno.EACCES, "denied"), "denied"),
    ],
)
def test_a_segment_that_cannot_be_opened_does_not_hide_the_others(
    tmp_path: Path, record: Any, head: Header, segment: Any, monkeypatch: Any, error: OSError, words: str
) -> None:
    segment(tmp_path, line(head) + line(record(key="a")), "a.jsonl")
    path = segment(tmp_path, line(head) + line(record(key="b")), "b.jsonl")

    def some(name: Any, mode: str) -> Any:
        if Path(name) == path:
            raise error
        return open(name, mode)

    monkeypatch.setattr(tail, "open", some, raising=False)
    store = StoreIndex(tmp_path)
    assert keys(store.refresh()) == ["a"]
    assert words in store.problems[0]
    monkeypatch.undo()
    assert keys(store.refresh()) == ["b"]


def test_a_segment_that_was_replaced_by_a_shorter_one_is_read_again(
    tmp_path: Path, record: Any, head: Header, segment: Any
) -> None:
    segment(tmp_path, line(head) + line(record(key="a")) + line(record(key="b")))
    store = StoreIndex(tmp_path)
    store.refresh()
    segment(tmp_path, line(head) + line(record(key="c")))
    assert keys(store.refresh()) == ["c"]
    assert store.headers == [head]
    assert "shorter" in store.problems[0]


def test_a_folder_that_cannot_be_read_is_a_clear_error(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be read: Not a directory"):
        StoreIndex(tmp_path / "file").refresh()

    def denied(path: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(StoreError, match="cannot be read: Permission denied"):
        StoreIndex(tmp_path).refresh()


def ending(record: Any, status: str, attempt: int, note: str = "", at: int = 0) -> Any:
    return record(status=Status(status), attempt=attempt, reason=note, started_at=f"2026-11-23T12:00:{at:02}")


@pytest.mark.parametrize(
    ("endings", "winner"),
    [
        ([("failed", 1), ("ok", 2)], ("ok", 2)),
        ([("ok", 1), ("failed", 2)], ("ok", 1)),
        ([("ok", 1), ("ok", 2)], ("ok", 2)),
        ([("ok", 1), ("interrupted", 2), ("ok", 3)], ("ok", 3)),
        ([("timeout", 1), ("failed", 2)], ("failed", 2)),
        ([("timeout", 1), ("interrupted", 2)], ("timeout", 1)),
        ([("not_run", 1), ("interrupted", 2)], ("interrupted", 2)),
        ([("unavailable", 1), ("crashed", 2), ("not_run", 3)], ("crashed", 2)),
    ],
    ids=str,
)
def test_the_newest_attempt_stands_but_never_for_a_better_one(
    tmp_path: Path, record: Any, head: Header, segment: Any, endings: Any, winner: Any
) -> None:
    for order in permutations(endings):
        segment(tmp_path, line(head) + b"".join(line(ending(record, *e)) for e in order))
        store = StoreIndex(tmp_path)
        store.refresh()
        found = store.latest["k0"]
        assert (found.status, found.attempt) == winner
        assert store.attempts == {"k0": len(endings)}


ENDINGS = st.tuples(
    st.sampled_from(Status), st.integers(1, 3), st.sampled_from(["", "x", "y"]), st.integers(0, 2)
)


@given(endings=st.lists(ENDINGS, min_size=1, max_size=5), seed=st.randoms(use_true_random=False))
def test_the_order_of_reading_never_decides(record: Any, endings: list[Any], seed: Any) -> None:
    def left(those: list[Any]) -> Any:
        best = those[0]
        for other in those[1:]:
            best = other if index.supersedes(other, best) else best
        return best

    records = [ending(record, *e) for e in endings]
    mixed = records.copy()
    seed.shuffle(mixed)
    assert left(mixed) == left(records)
    assert left(records).status == Status.OK or Status.OK not in {r.status for r in records}
