"""A worker sees exactly the frame of the harness, read-only, and never a target."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.card import Card
from bakeoff.run.data.share import assemble, categorical, open_share, share
from bakeoff.run.data.types import InteractionData, TableData

Labels = st.one_of(st.none(), st.text(max_size=5).filter(lambda t: "\ud800" not in t))


def table(columns: dict[str, list[object]], numeric: set[str], rows: int) -> TableData:
    """Table data whose inputs are these columns; the target is a number that occurs nowhere else."""
    made: dict[str, object] = {}
    for name, values in columns.items():
        if name in numeric:
            made[name] = np.array(values, dtype=np.float64)
        else:
            codes, levels = pd.factorize(np.array([*values, None], dtype=object)[:-1], sort=True)
            made[name] = categorical(codes, [str(level) for level in levels])
    target = np.full(rows, 123456.789)
    card = Card(name="t", task="regression", target="y")
    return TableData("t", "regression", card, "0" * 64, assemble(made, rows), target)


@st.composite
def tables(draw: st.DrawFn) -> TableData:
    rows = draw(st.integers(1, 12))
    names = draw(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=1, unique=True)
    )
    numeric = {name for name in names if draw(st.booleans())}
    numbers = st.floats(allow_infinity=False, width=64)
    columns: dict[str, list[object]] = {
        name: draw(st.lists(numbers if name in numeric else Labels, min_size=rows, max_size=rows))
        for name in names
    }
    return table(columns, numeric, rows)


@given(tables(), st.data())
def test_a_worker_reads_the_identical_frame(data: TableData, draws: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        share(data, Path(folder))
        opened = open_share(Path(folder))
        pd.testing.assert_frame_equal(opened, data.frame, check_exact=True)
        assert list(opened.columns) == list(data.frame.columns)
        assert opened.columns.dtype == data.frame.columns.dtype
        rows = np.array(draws.draw(st.lists(st.integers(0, data.n_rows - 1), max_size=15)), dtype=np.int64)
        pd.testing.assert_frame_equal(opened.take(rows), data.frame.take(rows), check_exact=True)
        for name in opened.columns:
            if isinstance(opened[name].dtype, pd.CategoricalDtype):
                assert all(type(level) is str for level in opened[name].cat.categories)
        del opened  # the map must be gone before the folder is


def small() -> TableData:
    return table({"a": [1.0, 2.0, 3.0], "c": ["u", None, "v"], "b": [4.0, float("nan"), 6.0]}, {"a", "b"}, 3)


def test_numeric_columns_are_views_of_the_file_and_cannot_be_written(tmp_path: Path) -> None:
    share(small(), tmp_path)
    column = open_share(tmp_path)["a"].to_numpy()
    assert not column.flags.owndata
    assert not column.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 9.0


def test_what_was_taken_can_be_written_and_does_not_reach_the_file(tmp_path: Path) -> None:
    share(small(), tmp_path)
    taken = open_share(tmp_path).take(np.array([2, 0]))
    taken["a"] = 0.0
    taken.loc[0, "b"] = 7.0
    assert open_share(tmp_path)["a"].tolist() == [1.0, 2.0, 3.0]
    assert open_share(tmp_path)["b"].tolist()[0] == 4.0


def test_targets_groups_and_times_are_not_in_the_folder(tmp_path: Path) -> None:
    data = small()
    secret = TableData(
        "secret", "regression", data.card, "0" * 64, data.frame, data.target, groups=np.array([77, 77, 78]),
        time=np.array([5.25e8, 1.0, 2.0]),
    )  # fmt: skip
    share(secret, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"numeric.npy", "codes.npy", "columns.json"}
    shared = np.load(tmp_path / "numeric.npy")
    assert shared.shape == (2, 3)
    assert not np.isin([123456.789, 5.25e8], shared).any()
    described = json.loads((tmp_path / "columns.json").read_text(encoding="utf-8"))
    assert [column["name"] for column in described["columns"]] == ["a", "c", "b"]


def test_interactions_leave_the_folder_empty(tmp_path: Path) -> None:
    one = np.zeros(1, dtype=np.int64)
    card = Card(name="e", task="recommendation", user="u", item="i")
    share(
        InteractionData("e", "recommendation", card, "0" * 64, one, one, np.ones(1), ("u",), ("i",)),
        tmp_path / "s",
    )
    assert list((tmp_path / "s").iterdir()) == []


def test_opening_imports_neither_a_learner_nor_the_rest_of_the_harness() -> None:
    code = "import sys, bakeoff.run.data.share; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"sklearn", "scipy", "torch", "xgboost", "bakeoff.discovery", "bakeoff.store"}
