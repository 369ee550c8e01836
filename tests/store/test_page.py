"""The snippets of docs/store.md run on a folder as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bakeoff.model.header import Header
from bakeoff.store import StoreWriter, layout

PAGE = (Path(__file__).parents[2] / "docs" / "store.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, record: Any, head: Header, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    with StoreWriter(tmp_path / "bakeoff-results", head) as writer:
        mine = record()
        writer.keep_targets(mine.dataset_hash, mine.protocol, mine.split, {"y": np.array([0, 1, 1, 1])})
        writer.append(mine, {"response": np.array([0, 1, 1, 0], np.int32)})
    return tmp_path / "bakeoff-results"


def test_segments_are_read_with_any_json_tool(folder: Path, capsys: Any) -> None:
    exec(compile(SNIPPETS[0], "docs/store.md", "exec"), {})
    assert capsys.readouterr().out == "mlp adult ok {'roc_auc': 0.75, 'brier': None}\n"


def test_a_metric_is_computed_from_kept_predictions(folder: Path, capsys: Any) -> None:
    exec(compile(SNIPPETS[1], "docs/store.md", "exec"), {})
    assert capsys.readouterr().out == "mlp adult r0f0 0.75\n"


def test_the_page_states_the_limits_in_force() -> None:
    assert layout.CELL_LIMIT == 1 << 20
    assert layout.STORE_LIMIT == 1 << 30
    assert "at most 1 MiB a cell and 1 GiB a folder" in PAGE
    assert layout.RECORD_LIMIT == 1 << 20
    assert "longer than 1 MiB" in PAGE
