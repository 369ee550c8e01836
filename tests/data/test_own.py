"""A file of one's own: kinds, task and roles are inferred sensibly, said, and nothing nasty breaks it."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bakeoff.discovery import Catalog
from bakeoff.model.errors import DatasetError, Refusal
from bakeoff.run.data.columns import clean
from bakeoff.run.data.open import OwnData, open_dataset
from bakeoff.run.data.types import TableData

Open = Callable[..., TableData]


def csv(rows: int = 40, **columns: object) -> str:
    """A CSV with a numeric column `x`, a target `y` of two labels and the given columns."""
    rng = np.random.default_rng(5)
    base = {"x": rng.normal(size=rows).round(3), "y": rng.choice(["no", "yes"], rows)}
    return pd.DataFrame({**base, **columns}).to_csv(index=False)


# --- Kinds ---


def test_numbers_texts_and_truth_values_get_their_kinds(own_table: Open) -> None:
    text = "n,s,b,y\n1,red,True,a\n2.5,blue,False,b\n,,True,b\n4,red,False,b\n"
    frame = own_table(text, "y").frame
    assert frame["n"].dtype == np.float64
    np.testing.assert_array_equal(frame["n"], [1, 2.5, np.nan, 4])
    assert list(frame["s"].cat.categories) == ["blue", "red"]
    assert frame["s"].cat.codes.tolist() == [1, 0, -1, 1]
    assert list(frame["b"].cat.categories) == ["False", "True"]


def test_dates_become_seconds_and_are_noted(own_table: Open) -> None:
    data = own_table(csv(3, d=["1970-01-02", "", "1970-01-01T00:00:10+00:00"], y=["a", "b", "b"]), "y")
    np.testing.assert_array_equal(data.frame["d"], [86_400, np.nan, 10])
    assert "column 'd': dates are taken as seconds since 1970" in data.notes


def test_dates_of_any_unit_are_the_same_numbers() -> None:
    stamps = pd.Series(pd.to_datetime(["2024-02-29T12:34:56.123457", None, "1969-12-31T23:59:59.5"]))
    units = [clean(stamps.dt.as_unit(unit), "d", "t") for unit in ("us", "ns")]
    np.testing.assert_array_equal(units[0].values, units[1].values)
    np.testing.assert_array_equal(units[0].values, [1709210096.123457, np.nan, -0.5])


def test_texts_of_which_some_are_no_dates_stay_nominal(own_table: Open) -> None:
    data = own_table(csv(3, d=["2020-01-02", "2020-01", "2020-13-77"], y=["a", "b", "b"]), "y")
    assert isinstance(data.frame["d"].dtype, pd.CategoricalDtype)


def test_infinities_become_missing_and_are_noted(own_table: Open) -> None:
    data = own_table("x,y\ninf,a\n-inf,b\n3,a\n4,b\n", "y")
    np.testing.assert_array_equal(data.frame["x"], [np.nan, np.nan, 3, 4])
    assert "column 'x': 2 infinite values are taken as missing" in data.notes


@pytest.mark.parametrize("marker", ["NA", "n/a", "nan", "NULL", "?", "#N/A"])
def test_common_marks_of_missing_values_do_not_make_numbers_nominal(own_table: Open, marker: str) -> None:
    data = own_table(f"x,y\n1,a\n{marker},b\n3,a\n4,b\n", "y")
    np.testing.assert_array_equal(data.frame["x"], [1, np.nan, 3, 4])


def test_none_is_a_level_and_not_missing(own_table: Open) -> None:
    frame = own_table("pool,y\nNone,a\nsmall,b\nNone,a\nsmall,a\n", "y").frame
    assert list(frame["pool"].cat.categories) == ["None", "small"]


def test_non_ascii_quoted_newlines_and_a_byte_order_mark_survive(own_table: Open) -> None:
    text = '\ufeffgröße,"名\n前",y\n1,"zwei\nZeilen",ja\n2,"a ""b"", c",nein\n3,"a ""b"", c",ja\n4,é,ja\n'
    data = own_table(text, "y")
    assert list(data.frame.columns) == ["größe", "名\n前"]
    assert list(data.frame["名\n前"].cat.categories) == ['a "b", c', "zwei\nZeilen", "é"]


def test_suspicious_columns_stay_and_are_named(own_table: Open) -> None:
    text = csv(
        40,
        empty=[None] * 40,
        same=["k"] * 40,
        number=range(100, 140),
        code=[f"c{i}" for i in range(40)],
        grade=[1, 2, 3, 4] * 10,
    )
    data = own_table(text, "y")
    assert list(data.frame.columns) == ["x", "empty", "same", "number", "code", "grade"]
    assert "empty columns: 'empty'" in data.notes
    assert "constant columns: 'same'" in data.notes
    assert "columns that look like row numbers (consider --drop): 'number'" in data.notes
    assert "columns that look like identifiers or free text (consider --drop): 'code'" in data.notes
    assert "whole numbers with few levels, taken as numeric: 'grade'" in data.notes


def test_the_row_numbers_of_pandas_are_left_out(own_table: Open) -> None:
    text = pd.read_csv(io.StringIO(csv())).to_csv(index=True)
    data = own_table(text, "y")
    assert list(data.frame.columns) == ["x"]
    assert any("numbers the rows" in note for note in data.notes)


# --- Task, target, positive label ---


@pytest.mark.parametrize(
    ("target", "task"),
    [
        (["no", "yes"] * 20, "classification"),
        ([True, False] * 20, "classification"),
        ([0, 1] * 20, "classification"),
        ([1.5, 2.5] * 20, "classification"),
        ([1, 2, 3, 4] * 10, "classification"),
        (list(range(40)), "regression"),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] * 4, "regression"),
        ([0.5, 1.5, 2.5, 3.5] * 10, "regression"),
    ],
)
def test_the_task_follows_from_the_target_and_is_said(
    own_table: Open, target: list[object], task: str
) -> None:
    data = own_table(csv(y=target), "y")
    assert data.task == data.card.task == task
    assert any(note.startswith(f"{task}: 'y' holds") for note in data.notes)


def test_a_task_that_is_given_is_obeyed(own_table: Open) -> None:
    data = own_table(csv(y=[1, 2, 3, 4] * 10), "y", task="regression")
    assert (data.task, data.classes, data.target.dtype) == ("regression", (), np.float64)


def test_labels_are_sorted_and_the_positive_one_goes_last(own_table: Open) -> None:
    text = "x,y\n1,yes\n2,no\n3,yes\n4,no\n5,no\n"
    default, turned = own_table(text, "y"), own_table(text, "y", positive="no")
    assert (default.classes, default.target.tolist()) == (("no", "yes"), [1, 0, 1, 0, 0])
    assert (turned.classes, turned.target.tolist()) == (("yes", "no"), [0, 1, 0, 1, 1])
    assert "positive label: 'yes' (the last in order; --positive names another)" in default.notes
    assert "positive label: 'no'" in turned.notes


def test_whole_number_labels_have_no_decimals_even_with_gaps(own_table: Open) -> None:
    data = own_table("x,y\n1,0\n2,1\n3,\n4,1\n", "y", positive="1")
    assert data.classes == ("0", "1")


def test_rows_without_target_are_dropped_and_noted(own_table: Open) -> None:
    data = own_table("x,c,y\n1,a,no\n2,b,\n3,c,yes\n4,a,no\n", "y")
    assert data.frame["x"].tolist() == [1, 3, 4]
    assert list(data.frame["c"].cat.categories) == ["a", "c"]
    assert list(data.frame.index) == [0, 1, 2]
    assert "dropped 1 of 4 rows: no target" in data.notes


def test_groups_time_and_dropped_columns_are_no_inputs(own_table: Open) -> None:
    text = csv(
        4, y=["a", "b", "b", "a"], g=["q", "p", "q", "p"], t=["2020-01-02", "2020-01-01"] * 2, z=[1, 2, 3, 4]
    )
    data = own_table(text, "y", groups="g", time="t", drop=("z",))
    assert list(data.frame.columns) == ["x"]
    assert data.groups is not None
    assert data.time is not None
    assert data.groups.tolist() == [1, 0, 1, 0]
    assert (data.time[0] - data.time[1]) == 86_400
    assert "no inputs, but roles: groups: 'g', time: 't'" in data.notes


# --- Mistakes ---


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("x,y\n", "a header and no rows"),
        ("x;y\n1;2\n", "separated by semicolons"),
        ("x\ty\n1\t2\n", "separated by tabs"),
        ("y\n1\n2\n", "one column only"),
        ("x,y,x\n1,2,3\n", "more than one column 'x'"),
        ("x,y\n1,2\n3,4,5\n", "line 3"),
        ("x,y\n1,2,3\n3,4,5\n", "no rectangular table"),
        ("größe,y\n1,2\n".encode("latin1"), "not UTF-8 text: line 1"),
        ("x,y\n1,2\n".encode("utf-16"), "not UTF-8 text"),
        (b"x,y\n1,\0\n", "NUL"),
        (gzip.compress(b"x,y\n1,2\n")[:-9], "gzip data ends early"),
        ("x,y\n1,\n2,\n", "missing in every one of 2 rows"),
        ("z,y\n1,a\n2,b\n", "has no column 'x' (drop)"),
    ],
)
def test_a_file_that_is_no_table_is_refused_clearly(own_table: Open, content: str | bytes, said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        own_table(content, "y", drop=("x",) if said.endswith("(drop)") else ())
    assert said in str(caught.value)
    assert "my.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({"target": "yy"}, "has no column 'yy' (target). Did you mean 'y'?"),
        ({"groups": "group"}, "has no column 'group' (groups)"),
        ({"time": "xs"}, "has no column 'xs' (time). Did you mean 'x'"),
        ({"positive": "Yes"}, "the positive label 'Yes' does not occur"),
        ({"time": "s"}, "neither numbers nor dates"),
        ({"drop": ("x", "s", "e")}, "has no input columns"),
        ({"groups": "e"}, "20 rows of my.csv have no group"),
        ({"task": "recommendation"}, "needs users and items"),
        ({"target": "s", "positive": "s1"}, "a positive label needs two classes"),
        ({"target": "s", "task": "regression"}, "should hold numbers and has 40 other values: 's0'"),
    ],
)
def test_a_wrong_role_is_refused_with_the_nearest(
    own_table: Open, roles: dict[str, object], said: str
) -> None:
    text = csv(s=[f"s{i % 3}" for i in range(40)], e=["a", None] * 20)
    with pytest.raises(DatasetError) as caught:
        own_table(text, **{"target": "y", **roles})
    assert said in str(caught.value)


def test_a_target_of_texts_is_refused(own_table: Open) -> None:
    with pytest.raises(DatasetError, match="40 different texts in 40 rows"):
        own_table(csv(y=[f"word {i}" for i in range(40)]), "y")


def test_one_row_has_a_constant_target(own_table: Open) -> None:
    with pytest.raises(Refusal, match=r"EDA-01.*constant: all 1 rows are 'a'"):
        own_table("x,y\n1,a\n", "y")


def test_a_file_without_a_target_names_its_columns(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "my.csv").write_text("x,y\n1,2\n")
    with pytest.raises(DatasetError, match=r"needs a target\. Add --target with one of its columns: x, y\."):
        open_dataset(str(tmp_path / "my.csv"), catalog)


def test_a_file_that_is_not_there_names_the_nearest(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "customers.csv").write_text("x,y\n1,2\n")
    with pytest.raises(DatasetError, match=r"no file .*custommers\.csv.*Did you mean .*customers\.csv"):
        open_dataset(str(tmp_path / "custommers.csv"), catalog, OwnData("y"))


def test_a_folder_is_no_file(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "my.csv").mkdir()
    with pytest.raises(DatasetError, match="is a folder"):
        open_dataset(str(tmp_path / "my.csv"), catalog, OwnData("y"))


# --- Formats ---


def test_all_formats_of_one_table_are_the_same_data(
    own_table: Open, tmp_path: Path, catalog: Catalog
) -> None:
    text = csv(color=["red", "", "blue", "red"] * 10)
    plain = own_table(text, "y")
    frame = pd.read_csv(io.StringIO(text))
    frame.to_parquet(tmp_path / "my.parquet")
    parquet = open_dataset(str(tmp_path / "my.parquet"), catalog, OwnData("y"))
    packed = own_table(gzip.compress(text.encode()), "y", name="my.csv.gz")
    tabs = own_table(frame.to_csv(index=False, sep="\t"), "y", name="my.tsv")
    assert {plain.fingerprint, parquet.fingerprint, packed.fingerprint, tabs.fingerprint} == {
        plain.fingerprint
    }


def test_parquet_keeps_its_types(tmp_path: Path, catalog: Catalog) -> None:
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["1970-01-02", None, "1970-01-03"]),
            "span": pd.to_timedelta([1, 2, 3], unit="h"),
            "level": pd.Categorical(["b", "a", None], categories=["b", "a", "unused"]),
            "maybe": pd.array([1, None, 3], dtype="Int64"),
            "flag": pd.array([True, None, False], dtype="boolean"),
            "y": ["p", "q", "q"],
        }
    )
    frame.to_parquet(tmp_path / "t.parquet")
    data = open_dataset(str(tmp_path / "t.parquet"), catalog, OwnData("y"))
    assert isinstance(data, TableData)
    np.testing.assert_array_equal(data.frame["when"], [86_400, np.nan, 172_800])
    np.testing.assert_array_equal(data.frame["span"], [3600, 7200, 10_800])
    np.testing.assert_array_equal(data.frame["maybe"], [1, np.nan, 3])
    assert list(data.frame["level"].cat.categories) == ["a", "b"]
    assert list(data.frame["flag"].cat.categories) == ["False", "True"]


def test_lists_in_a_column_are_refused(tmp_path: Path, catalog: Catalog) -> None:
    frame = pd.DataFrame({"tags": [["a"], ["b", "c"]], "y": ["p", "q"]})
    frame.to_parquet(tmp_path / "t.parquet")
    with pytest.raises(DatasetError, match=r"column 'tags' of t.parquet holds .* not one value a row"):
        open_dataset(str(tmp_path / "t.parquet"), catalog, OwnData("y"))


def test_a_damaged_parquet_file_is_refused(tmp_path: Path, catalog: Catalog) -> None:
    pd.DataFrame({"x": [1, 2], "y": ["p", "q"]}).to_parquet(tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DatasetError, match=r"t.parquet is damaged"):
        open_dataset(str(tmp_path / "t.parquet"), catalog, OwnData("y"))


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1....")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DatasetError, match=r"pip install 'bakeoff\[report\]'"):
        open_dataset(str(tmp_path / "t.parquet"), catalog, OwnData("y"))


def test_numbers_are_read_to_the_last_bit(own_table: Open) -> None:
    rng = np.random.default_rng(1)
    numbers = rng.normal(size=2000) * 10.0 ** rng.integers(-300, 300, 2000)
    data = own_table(csv(2000, z=[repr(float(n)) for n in numbers]), "y")
    np.testing.assert_array_equal(data.frame["z"], numbers)
