"""Several writers on one folder, and a reader that looks on: every record once, no line glued."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bakeoff.store import StoreIndex, read_results

WRITER = """
writer = StoreWriter(folder, header)
print("ready", flush=True)
sys.stdin.readline()
for number in range(400):
    writer.append(record(f"{sys.argv[2]}-{number}", warnings=("w" * (number * 7919 % 30_000),)), None)
writer.close()
"""


@pytest.mark.parametrize("writers", [2, 4])
def test_writers_at_once_do_not_disturb_each_other(tmp_path: Path, writing: Any, writers: int) -> None:
    processes = [writing(WRITER, tmp_path, number, stdin=subprocess.PIPE) for number in range(writers)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    index = StoreIndex(tmp_path)
    seen: Counter[str] = Counter()
    while any(process.poll() is None for process in processes):
        seen.update(record.key for record in index.refresh())
    seen.update(record.key for record in index.refresh(final=True))
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    expected = {f"{who}-{number}" for who in range(writers) for number in range(400)}
    assert seen == Counter(expected)
    assert set(index.latest) == expected
    assert index.problems == []
    assert len(index.headers) == writers
    assert {r.key for r in read_results([tmp_path]).records} == expected
