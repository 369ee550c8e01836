"""Writing: a header, then a record a line, each in one write, on the disk soon, and never half."""

from __future__ import annotations

import errno
import gc
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.store import StoreWriter, append, layout, read_predictions, read_results, sync


def lines(writer: StoreWriter) -> list[dict[str, Any]]:
    return [json.loads(line) for line in writer.path.read_text(encoding="utf-8").splitlines()]


def test_a_segment_is_a_header_and_then_a_record_a_line(tmp_path: Path, record: Any, head: Header) -> None:
    with StoreWriter(tmp_path / "new" / "results", head) as writer:
        for key in ("a", "b"):
            assert writer.append(record(key=key), None) == record(key=key)
    first, *rest = lines(writer)
    assert first == json.loads(head.to_json())
    assert [line["key"] for line in rest] == ["a", "b"]
    assert writer.path.parent == tmp_path / "new" / "results" / "segments"


def test_every_writer_has_a_segment_of_its_own(tmp_path: Path, head: Header) -> None:
    writers = [StoreWriter(tmp_path, head) for _ in range(20)]
    assert len({writer.path for writer in writers}) == 20
    for writer in writers:
        writer.close()


def test_a_segment_does_not_tell_the_name_of_the_host(tmp_path: Path, head: Header, monkeypatch: Any) -> None:
    monkeypatch.setattr("platform.node", lambda: "annas-laptop")
    with StoreWriter(tmp_path, head) as writer:
        assert "anna" not in writer.path.name
        assert str(os.getpid()) in writer.path.name


def test_each_line_is_one_write(tmp_path: Path, record: Any, head: Header, monkeypatch: Any) -> None:
    written: list[bytes] = []
    real = os.write
    monkeypatch.setattr(
        os, "write", lambda handle, data: (written.append(bytes(data)), real(handle, data))[1]
    )
    with StoreWriter(tmp_path, head) as writer:
        writer.append(record(warnings=("x" * 200_000,)), None)
    assert len(written) == 2
    assert all(piece.count(b"\n") == 1 and piece.endswith(b"\n") for piece in written)


def test_a_record_can_be_read_the_moment_it_is_appended(tmp_path: Path, record: Any, head: Header) -> None:
    with StoreWriter(tmp_path, head) as writer:
        for number in range(5):
            writer.append(record(key=str(number)), None)
            assert len(read_results([tmp_path]).records) == number + 1


@given(texts=st.lists(st.text(st.characters(exclude_categories=())), max_size=5))
@example(texts=["caf\udce9.csv", "\ud800 x", "\u2028\n\r\0"])
def test_any_text_is_one_line_of_valid_utf8(record: Any, head: Header, texts: list[str]) -> None:
    """Lone surrogates too: they come from file names, and UTF-8 has none."""
    with TemporaryDirectory() as folder:
        with StoreWriter(Path(folder), head) as writer:
            writer.append(record(warnings=tuple(texts)), None)
        assert writer.path.read_bytes().decode("utf-8").count("\n") == 2
        (found,) = read_results([Path(folder)]).records
    whole = json.loads(json.dumps(texts))  # two surrogates side by side are one character in JSON
    assert list(found.warnings) == whole


def test_what_is_appended_is_synced_soon_predictions_first(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    assert sync.DELAY <= 0.1
    synced: list[str] = []
    both = threading.Event()

    def fsync(handle: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")).suffix)
        if ".bin" in synced and synced[-1] == ".jsonl":
            both.set()

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to tell files from handles")
    writer = StoreWriter(tmp_path, head)
    monkeypatch.setattr(os, "fsync", fsync)
    writer.append(record(), {"response": np.zeros(3, np.float32)})
    assert both.wait(60), "the background thread never synced both files"
    files = [suffix for suffix in synced if suffix]
    assert files.index(".bin") < len(files) - 1 - files[::-1].index(".jsonl")
    writer.close()


def test_nothing_is_synced_while_nothing_changes(tmp_path: Path, head: Header, monkeypatch: Any) -> None:
    writer = StoreWriter(tmp_path, head)
    writer.close()
    calls: list[int] = []
    monkeypatch.setattr(os, "fsync", calls.append)
    file = append.AppendFile(tmp_path / "x")
    file.sync()
    before = len(calls)
    for _ in range(3):
        file.sync()
    assert len(calls) == before
    file.append(b"x")
    file.sync()
    assert len(calls) == before + 1
    file.close()


def test_a_disk_that_does_not_confirm_is_an_error_of_the_next_append(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    writer = StoreWriter(tmp_path, head)
    failed = threading.Event()

    def fsync(handle: int) -> None:
        failed.set()
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    writer.append(record(), None)
    assert failed.wait(60)
    with pytest.raises(StoreError, match=r"did not confirm the last records .* Input/output error"):
        writer.close()
    monkeypatch.undo()
    with pytest.raises(ValueError, match="closed"):
        writer.append(record(), None)


def test_a_file_system_without_fsync_is_no_error(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    def fsync(handle: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", fsync)
    with StoreWriter(tmp_path, head) as writer:
        writer.append(record(), None)
    assert len(read_results([tmp_path]).records) == 1


def test_closing_twice_is_harmless_and_a_closed_writer_says_so(
    tmp_path: Path, record: Any, head: Header
) -> None:
    writer = StoreWriter(tmp_path, head)
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.append(record(), None)


def test_a_forgotten_writer_closes_its_file_and_its_thread(tmp_path: Path, record: Any, head: Header) -> None:
    before = set(threading.enumerate())
    writer = StoreWriter(tmp_path, head)
    writer.append(record(), None)
    (thread,) = set(threading.enumerate()) - before
    del writer
    gc.collect()
    assert not thread.is_alive()


def test_a_process_that_ends_without_closing_has_synced(tmp_path: Path, writing: Any) -> None:
    code = """
import atexit
from bakeoff.store import sync
synced = []
atexit.register(lambda: print(len(synced)))   # registered first, so called last
real = os.fsync
sync.DELAY = 3600                             # the thread shall not come in time
writer = StoreWriter(folder, header)
writer.append(record(1), None)
os.fsync = lambda handle: (synced.append(handle), real(handle))[1]
"""
    process = writing(code, tmp_path, stderr=subprocess.PIPE)
    out, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints, out) == (0, "", "1\n")
    assert [r.key for r in read_results([tmp_path]).records] == ["1"]


def test_an_error_inside_is_not_hidden_by_one_of_closing(
    tmp_path: Path, head: Header, monkeypatch: Any
) -> None:
    def fsync(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    writer = StoreWriter(tmp_path, head)
    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(KeyError, match="the first"), writer:
        raise KeyError("the first")


def test_a_writer_of_another_process_is_refused(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    with StoreWriter(tmp_path, head) as writer:
        monkeypatch.setattr(os, "getpid", lambda: 1)
        with pytest.raises(StoreError, match="belongs to the process that made it"):
            writer.append(record(), None)
        monkeypatch.undo()
        writer.append(record(), None)
    assert len(read_results([tmp_path]).records) == 1


def test_an_overlong_record_has_what_the_technique_said_cut(
    tmp_path: Path, record: Any, head: Header
) -> None:
    flood = record(
        warnings=("w" * 100_000,) * 30,
        diagnostics={f"d{n}": float(n) for n in range(50_000)},
        reason="r" * 9999,
    )
    with StoreWriter(tmp_path, head) as writer:
        written = writer.append(flood, None)
        writer.append(record(key="next"), None)
    found = read_results([tmp_path])
    assert found.problems == ()
    assert found.records[0] == written
    assert written.metrics == flood.metrics
    assert "too long" in written.warnings[-1]


def test_a_record_that_could_not_be_read_is_refused_and_leaves_nothing(
    tmp_path: Path, record: Any, head: Header
) -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    huge = {"table": "x" * (layout.RECORD_LIMIT + 1)}
    with StoreWriter(tmp_path, head) as writer:
        for params, words in [({"deep": deep}, "nested too deeply"), (huge, "more than 1 MiB")]:
            with pytest.raises(StoreError, match=words) as caught:
                writer.append(record(params=params), None)
            assert "mlp on adult" in str(caught.value)
        writer.append(record(), None)
    assert len(lines(writer)) == 2


def test_a_plan_that_no_reader_would_take_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    cells = [{"key": "x" * 1000}] * 40_000
    with pytest.raises(StoreError, match=r"40000 cells .* more than 32 MiB"):
        StoreWriter(tmp_path / "results", Header(suite={"name": "s"}, grid={"cells": cells}))
    assert list(tmp_path.iterdir()) == []


def test_predictions_are_written_before_the_record_that_points_to_them(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    order: list[bytes] = []
    real = os.write
    monkeypatch.setattr(
        os, "write", lambda handle, data: (order.append(bytes(data[:4])), real(handle, data))[1]
    )
    with StoreWriter(tmp_path, head) as writer:
        written = writer.append(record(), {"response": np.arange(3, dtype=np.float32)})
    assert order[1] == b"BKF1"
    assert order[2].startswith(b"{")
    assert read_results([tmp_path]).records == (written,)
    assert read_predictions(tmp_path, written)["response"].tolist() == [0, 1, 2]


def test_without_predictions_nothing_is_kept_and_the_record_says_so(
    tmp_path: Path, record: Any, head: Header
) -> None:
    with StoreWriter(tmp_path, head, keep_predictions=False) as writer:
        written = writer.append(record(), {"response": np.zeros(3)})
        assert "--no-predictions" in writer.keep_targets("d", "p", "r0f0", {"y": np.zeros(3)})["reason"]
    assert written.predictions == {"reason": "not wanted (--no-predictions)"}
    assert not (tmp_path / "predictions").exists()


def test_writing_records_loads_no_numpy() -> None:
    code = """
import sys, tempfile
from pathlib import Path
from bakeoff.model.header import Header
from bakeoff.store import StoreIndex, StoreWriter, read_results
folder = Path(tempfile.mkdtemp())
StoreWriter(folder, Header(suite={"name": "s"})).close()
StoreIndex(folder).refresh()
heavy = {"numpy", "pandas", "scipy", "sklearn", "jsonschema"} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
