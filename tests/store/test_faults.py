"""A full disk, a folder that cannot be written, a killed writer: what was finished is safe, lines never glue."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.store import StoreWriter, read_predictions, read_results


class FullDisk:
    """Replaces os.write: takes `room` more bytes, then raises ENOSPC, short writes included; cutting frees."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        self._write = os.write
        self._truncate = os.ftruncate
        monkeypatch.setattr(os, "write", self)
        monkeypatch.setattr(os, "ftruncate", self.cut)

    def cut(self, handle: int, length: int) -> None:
        self.room += os.fstat(handle).st_size - length
        self._truncate(handle, length)

    def __call__(self, handle: int, data: bytes) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = self._write(handle, bytes(data)[: self.room])
        self.room -= done
        return done


def whole(path: Path) -> list[Any]:
    """The lines of a segment; fails where one is not JSON or the last one is not ended."""
    data = path.read_bytes()
    assert data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


@pytest.mark.parametrize("room", [0, 1, 100, 300])
def test_a_full_disk_stops_with_a_clear_error_and_the_next_append_does_not_glue(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any, room: int
) -> None:
    with StoreWriter(tmp_path, head) as writer:
        writer.append(record(key="before"), None)
        disk = FullDisk(monkeypatch, room)
        with pytest.raises(StoreError) as caught:
            writer.append(record(key="lost"), None)
        disk.room = 1 << 20
        writer.append(record(key="after"), None)
    text = str(caught.value)
    assert str(tmp_path) in text
    assert "No space left on device" in text
    assert "MB free" in text
    assert "What was finished before is safe." in text
    assert [line.get("key") for line in whole(writer.path)] == [None, "before", "after"]
    assert read_results([tmp_path]).problems == ()


def test_a_short_write_with_room_left_is_completed(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    real = os.write
    with StoreWriter(tmp_path, head) as writer:
        monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:7]))
        writer.append(record(key="a"), None)
    assert [line.get("key") for line in whole(writer.path)] == [None, "a"]


def test_a_device_that_takes_nothing_and_says_nothing_is_full(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    real = os.write
    answers: Iterator[int] = iter([3, 0])
    with StoreWriter(tmp_path, head) as writer:
        monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[: next(answers)]))
        with pytest.raises(StoreError, match="takes no more"):
            writer.append(record(), None)
        monkeypatch.undo()
    assert len(whole(writer.path)) == 1


def test_a_torn_tail_that_cannot_be_cut_off_is_ended_by_the_next_append(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    def truncate(handle: int, length: int) -> None:
        raise OSError(errno.EPERM, "append only")

    with StoreWriter(tmp_path, head) as writer:
        disk = FullDisk(monkeypatch, 50)
        monkeypatch.setattr(os, "ftruncate", truncate)
        with pytest.raises(StoreError):
            writer.append(record(key="lost"), None)
        disk.room = 1 << 20
        writer.append(record(key="a"), None)
        writer.append(record(key="b"), None)
    found = read_results([tmp_path])
    assert [r.key for r in found.records] == ["a", "b"]
    assert len(found.problems) == 1
    assert "line 2: not JSON" in found.problems[0]
    assert writer.path.read_bytes().count(b"\n") == 4


def test_an_interruption_in_the_middle_of_a_write_leaves_no_half_line(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    real = os.write

    def interrupted(handle: int, data: bytes) -> int:
        real(handle, bytes(data)[: len(data) // 2])
        raise KeyboardInterrupt

    with StoreWriter(tmp_path, head) as writer:
        monkeypatch.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            writer.append(record(key="lost"), None)
        monkeypatch.undo()
        writer.append(record(key="a"), None)
    assert [line.get("key") for line in whole(writer.path)] == [None, "a"]


def test_an_interruption_after_the_write_keeps_the_record(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    real = os.write

    def interrupted(handle: int, data: bytes) -> int:
        real(handle, data)
        raise KeyboardInterrupt

    with StoreWriter(tmp_path, head) as writer:
        monkeypatch.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            writer.append(record(key="kept"), None)
        monkeypatch.undo()
    assert [line.get("key") for line in whole(writer.path)] == [None, "kept"]


def test_predictions_that_do_not_fit_on_the_disk_cost_no_record(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    arrays = {"response": np.zeros(5_000, np.float32)}
    with StoreWriter(tmp_path, head) as writer:
        FullDisk(monkeypatch, 12_000)  # the record fits, its predictions do not
        written = [writer.append(record(key=key), arrays) for key in "ab"]
        monkeypatch.undo()
        written.append(writer.append(record(key="c"), arrays))
    assert written[0].predictions == {"reason": "could not be written: No space left on device"}
    assert read_results([tmp_path]).records == tuple(written)
    assert read_predictions(tmp_path, written[2])["response"].shape == (5_000,)


def test_a_disk_that_is_full_from_the_start_leaves_no_segment(
    tmp_path: Path, head: Header, monkeypatch: Any
) -> None:
    FullDisk(monkeypatch, 10)
    with pytest.raises(StoreError, match="takes no more"):
        StoreWriter(tmp_path, head)
    assert list((tmp_path / "segments").iterdir()) == []


def test_a_limit_on_file_size_is_a_full_disk(tmp_path: Path, writing: Any) -> None:
    """The kernel's own short write: RLIMIT_FSIZE cuts it in the middle of a line."""
    pytest.importorskip("resource")
    code = """
import resource
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
writer = StoreWriter(folder, header)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
done = 0
try:
    for done in range(1000):
        writer.append(record(done, warnings=("w" * 1000,)), None)
except StoreError as error:
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    writer.append(record("after"), None)
    print(done, error)
"""
    process = writing(code, tmp_path)
    out, _ = process.communicate(timeout=60)
    count, _, text = out.partition(" ")
    assert "takes no more (File too large" in text
    assert int(count) > 10
    found = read_results([tmp_path])
    assert [r.key for r in found.records] == [*map(str, range(int(count))), "after"]
    assert found.problems == ()


def test_a_disk_that_is_really_full(tmp_path: Path, preamble: str) -> None:
    """A file system of 256 KiB in a namespace of its own, where the system allows to make one."""
    mount = 'mount -t tmpfs -o size=256k tmpfs "$1" && shift && exec "$@"'
    inside = ["unshare", "-rm", "sh", "-c", mount, "sh", str(tmp_path)]
    if (
        not shutil.which("unshare")
        or subprocess.run([*inside, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("cannot mount a file system here")
    code = """
import numpy
from bakeoff.store import read_results
writer = StoreWriter(folder / "results", header)
done = []
arrays = {"response": numpy.zeros(10_000, numpy.float32)}
try:
    for number in range(10_000):
        done.append(writer.append(record(number), arrays).key)
except StoreError as error:
    assert "takes no more (No space left on device" in str(error), error
    found = read_results([folder / "results"])
    assert [r.key for r in found.records] == done and not found.problems, found.problems
    assert "file" in found.records[0].predictions and "reason" in found.records[-1].predictions
    print("as promised", len(done))
"""
    done = subprocess.run(
        [*inside, sys.executable, "-c", preamble + code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("as promised"), done.stderr


def test_a_path_below_a_file_cannot_be_written(tmp_path: Path, head: Header) -> None:
    (tmp_path / "file").write_text("not a folder")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError, match="cannot be written") as caught:
            StoreWriter(folder, head)
        assert repr(str(folder)) in str(caught.value)
        assert "--results" in caught.value.hint


@pytest.mark.parametrize("name", ["x" * 300, "nul\0byte"])
def test_a_name_no_system_takes_is_a_clear_error(tmp_path: Path, head: Header, name: str) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        StoreWriter(tmp_path / name, head)


@pytest.mark.parametrize("name", ["open", "mkdir"])
def test_a_folder_that_may_not_be_written_is_a_clear_error(
    tmp_path: Path, head: Header, monkeypatch: Any, name: str
) -> None:
    """Not by chmod: whoever is root may write all the same."""

    def denied(path: Any, *rest: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, name, denied)
    with pytest.raises(StoreError, match=r"cannot be written: Permission denied\."):
        StoreWriter(tmp_path / "results", head)


def test_a_segment_that_is_deleted_while_it_is_written_is_noticed(
    tmp_path: Path, record: Any, head: Header
) -> None:
    with StoreWriter(tmp_path, head) as writer:
        writer.append(record(), None)
        shutil.rmtree(tmp_path / "segments")
        with pytest.raises(StoreError, match="was deleted while it was being written"):
            writer.append(record(), None)


def test_a_folder_of_segments_that_leads_elsewhere_is_refused(tmp_path: Path, head: Header) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "segments").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="leads out of the folder"):
        StoreWriter(tmp_path / "results", head)
    assert list((tmp_path / "elsewhere").iterdir()) == []


KILLED = """
import numpy
writer = StoreWriter(folder, header)
arrays = {"response": numpy.full(500, int(sys.argv[2]), numpy.int32)}
for number in range(1_000_000):
    kept = writer.append(record(f"{sys.argv[2]}-{number}", warnings=("w" * (number * 7919 % 20_000),)), arrays)
    os.write(1, kept.key.encode() + b"\\n")
"""


def test_a_killed_writer_loses_nothing_it_has_reported(tmp_path: Path, writing: Any) -> None:
    reported: list[str] = []
    for kill in range(10):
        process = writing(KILLED, tmp_path, kill)
        reported += [process.stdout.readline().strip() for _ in range(20 + 17 * kill)]
        process.send_signal(signal.SIGKILL)
        reported += process.stdout.read().split("\n")[:-1]
        process.stdout.close()
        assert process.wait() == -signal.SIGKILL
    found = read_results([tmp_path])
    by_key = {r.key: r for r in found.records}
    assert set(reported) <= set(by_key)
    assert len(by_key) - len(set(reported)) <= 10  # at most the one in flight, appended but not yet reported
    assert len(found.headers) == 10
    assert all("torn" in problem for problem in found.problems)
    for key in (reported[0], reported[-1]):
        values = read_predictions(tmp_path, by_key[key])["response"]
        assert set(values.tolist()) == {int(key.partition("-")[0])}
