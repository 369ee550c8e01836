"""Whatever a file holds, a person gets a table or an error for people: never a traceback, never a wrong shape."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bakeoff.model.errors import BakeoffError
from bakeoff.run.data.own import OwnData, open_own
from bakeoff.run.data.types import TableData

CELLS = st.one_of(
    st.sampled_from(
        ["", "NA", "0", "1", "1.5", "-inf", "1e400", "True", "2024-01-31", "2024-13-31", "9" * 30, "1,5"]
    ),
    st.sampled_from(
        ["2024-01-31T10:00:00+02:00", "0001-01-01", "9999-12-31", "a\nb", 'q"q', " ", "é", "0x10"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
)


def opened(content: bytes, target: str) -> TableData | BakeoffError:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "my.csv"
        path.write_bytes(content)
        try:
            return open_own(path, OwnData(target))
        except BakeoffError as error:
            return error


@settings(max_examples=150)
@given(st.binary(max_size=80))
@example(b"\xef\xbb\xbf")
@example(b'"y\n')
@example(b"y,x\n\xff\n")
@example(b"\x1f\x8b")
@example(b'"a\nb",c\n1,2\n')
def test_any_bytes_open_or_are_refused(content: bytes) -> None:
    data = opened(content, "y")
    assert isinstance(data, TableData) or len(str(data).splitlines()) == 1


@settings(max_examples=150)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_any_cells_make_a_sound_table_or_are_refused(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("a", "b", "y"), *rows])
    data = opened(text.getvalue().encode(), "y")
    if isinstance(data, BakeoffError):
        assert len(str(data).splitlines()) == 1
        return
    assert list(data.frame.columns) == ["a", "b"]
    assert len(data.frame) == len(data.target) <= len(rows)
    assert not np.isnan(data.target.astype(float)).any()
    for name in data.frame.columns:
        column = data.frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            levels = list(column.cat.categories)
            assert levels == sorted(set(levels))
            assert set(column.cat.codes) - {-1} == set(range(len(levels)))
        else:
            assert column.dtype == np.float64
            assert not np.isinf(column).any()


@pytest.mark.parametrize(
    ("numbers", "kind"), [("9" * 18, "numeric"), ("9" * 19, "numeric"), ("9" * 30, "nominal")]
)
def test_numbers_beyond_64_bits_open(own_table: Callable[..., TableData], numbers: str, kind: str) -> None:
    data = own_table(f"n,x,y\n{numbers},1,a\n1,2,b\n3,3,b\n{numbers},4,b\n", "y")
    assert data.card.kinds["n"] in {kind, "numeric"}
    assert data.frame["n"].nunique() == 3
