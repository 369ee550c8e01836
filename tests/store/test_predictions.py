"""Kept predictions: the same arrays come back, and no bytes whatever yield anything but arrays or StoreError."""

from __future__ import annotations

import json
import os
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.store import StoreWriter, keep, layout, read_predictions, read_targets
from bakeoff.store.predictions import pack, unpack

DTYPES = [np.dtype(f"float{bits}") for bits in (16, 32, 64)] + [
    np.dtype(name)
    for name in ("bool", *(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)))
]
ARRAYS = st.dictionaries(
    st.text(max_size=8),
    st.sampled_from([*DTYPES, np.dtype(">f4"), np.dtype(">i8")]).flatmap(
        lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, min_side=0, max_side=4))
    ),
    max_size=4,
)


def frame(head: Any, values: bytes = b"", key: str = "k") -> bytes:
    """A frame with a true checksum, whatever its head says."""
    text = head if isinstance(head, bytes) else json.dumps({"key": key, "arrays": head}).encode()
    return struct.pack("<4sII", b"BKF1", len(text), zlib.crc32(text + values, len(text))) + text + values


@given(ARRAYS)
def test_arrays_come_back_as_they_were(arrays: dict[str, np.ndarray]) -> None:
    found = unpack(pack("k", arrays), "k")
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype.newbyteorder("=")
        assert found[name].shape == array.shape
        np.testing.assert_array_equal(found[name], array)
        assert found[name].flags.writeable


def test_arrays_that_are_views_or_transposed_come_back_by_value() -> None:
    base = np.arange(24, dtype=np.float32).reshape(4, 6)
    found = unpack(pack("k", {"t": base.T, "s": base[::2, ::-1]}), "k")
    np.testing.assert_array_equal(found["t"], base.T)
    np.testing.assert_array_equal(found["s"], base[::2, ::-1])


@pytest.mark.parametrize(
    "array",
    [
        np.array(["a"]),
        np.array([{}], object),
        np.zeros(2, "M8[s]"),
        np.zeros(2, complex),
        np.zeros(1, "i4,f4"),
    ],
    ids=lambda array: str(array.dtype),
)
def test_what_is_not_numbers_is_not_kept(
    tmp_path: Path, record: Any, head: Header, array: np.ndarray
) -> None:
    with StoreWriter(tmp_path, head) as writer:
        written = writer.append(record(), {"labels": array})
    assert written.predictions is not None
    assert "only numbers are kept" in written.predictions["reason"]
    with pytest.raises(StoreError, match="were not kept: 'labels' is of type"):
        read_predictions(tmp_path, written)


@given(data=st.data())
def test_one_changed_byte_is_noticed(data: Any) -> None:
    whole = bytearray(pack("k", {"response": np.arange(9, dtype=np.float32)}))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="damaged"):
        unpack(bytes(whole), "k")


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    for whole in (data, b"BKF1" + data, frame(data)):
        with pytest.raises(ValueError, match=r"damaged|cut off"):
            unpack(whole, "k")


HEAD = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(max_size=3) | st.integers(),
        "dtype": st.sampled_from(["float32", "bool", "O", "object", "U9", "<f4", "V8", "datetime64[s]"])
        | st.none(),
        "shape": st.lists(st.integers(-2, 9) | st.sampled_from([2**31, 2**63, 10**30, 1.0, None]), max_size=9)
        | st.text(max_size=2),
    },
)


@given(
    heads=st.lists(HEAD, max_size=3) | st.none() | st.integers() | st.text(), values=st.binary(max_size=40)
)
def test_a_head_that_lies_yields_no_more_than_its_bytes(heads: Any, values: bytes) -> None:
    try:
        found = unpack(frame(heads, values), "k")
    except ValueError:
        return
    assert sum(array.nbytes for array in found.values()) <= len(values)
    assert not any(array.dtype.hasobject for array in found.values())


@pytest.mark.parametrize(
    ("heads", "values"),
    [
        ([{"name": "a", "dtype": "float64", "shape": [1 << 30, 1 << 20]}], b"12345678"),
        ([{"name": "a", "dtype": "float64", "shape": [0, 1 << 30, 1 << 30, 1 << 30]}], b""),
        ([{"name": "a", "dtype": "float64", "shape": [-1]}], b"12345678"),
        ([{"name": "a", "dtype": "float64", "shape": [True]}], b"12345678"),
        ([{"name": "a", "dtype": "object", "shape": [1]}], b"12345678"),
        ([{"name": "a", "dtype": "float64", "shape": [1]}], b"123456789"),
        ([{"name": "a", "dtype": "float64", "shape": [1]}] * 1000, b"12345678"),
        (b"[" * 50_000, b""),
        (b'{"key": "k"}', b""),
        (b"[]", b""),
    ],
    ids=range(10),
)
def test_a_hostile_head_is_refused_without_taking_memory(heads: Any, values: bytes) -> None:
    whole = frame(heads, values)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"damaged|too big|too large"):
            unpack(whole, "k")
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def test_a_bool_of_another_byte_than_one_is_true() -> None:
    found = unpack(frame([{"name": "b", "dtype": "bool", "shape": [3]}], b"\x00\x01\x07"), "k")["b"]
    assert found.tobytes() == b"\x00\x01\x01"


def test_predictions_of_another_cell_are_not_taken_for_these(
    tmp_path: Path, record: Any, head: Header
) -> None:
    with StoreWriter(tmp_path, head) as writer:
        one = writer.append(record(key="one"), {"response": np.zeros(2)})
        two = writer.append(record(key="two"), {"response": np.ones(2)})
    assert read_predictions(tmp_path, two)["response"].tolist() == [1, 1]
    with pytest.raises(StoreError, match="those of another cell"):
        read_predictions(tmp_path, record(key="one", predictions=two.predictions))
    assert one.predictions is not None
    shifted = {**one.predictions, "offset": one.predictions["offset"] + 1}
    with pytest.raises(StoreError, match="damaged"):
        read_predictions(tmp_path, record(key="one", predictions=shifted))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (None, "were not kept: the cell has none"),
        ({"reason": "too large"}, "were not kept: too large"),
        ({}, "were not kept"),
        ({"file": "../secret.bin", "offset": 0, "length": 9}, "cannot be found"),
        ({"file": "/etc/passwd", "offset": 0, "length": 9}, "cannot be found"),
        ({"file": "a\0.bin", "offset": 0, "length": 9}, "cannot be found"),
        ({"file": ["a.bin"], "offset": 0, "length": 9}, "cannot be found"),
        ({"file": "a.bin", "offset": -1, "length": 9}, "cannot be found"),
        ({"file": "a.bin", "offset": "0", "length": 9}, "cannot be found"),
        ({"file": "a.bin", "offset": 0}, "cannot be found"),
        ({"file": "gone.bin", "offset": 0, "length": 9}, "are not in"),
        ({"file": "a.bin", "offset": 0, "length": 0}, "too large to be true"),
        ({"file": "a.bin", "offset": 0, "length": 1 << 60}, "too large to be true"),
        ({"file": "a.bin", "offset": 0, "length": 1 << 20}, "cut off"),
        ({"file": "a.bin", "offset": 1 << 61, "length": 9}, "cut off"),
        ({"file": "pipe.bin", "offset": 0, "length": 9}, "are not in"),
        ({"file": "link.bin", "offset": 0, "length": 9}, "are not in"),
    ],
    ids=str,
)
def test_a_record_that_points_nowhere_good_is_a_clear_error(
    tmp_path: Path, record: Any, where: Any, words: str
) -> None:
    folder = tmp_path / "results"
    (folder / "predictions").mkdir(parents=True)
    (tmp_path / "secret.bin").write_bytes(pack("k0", {}))
    (folder / "predictions" / "a.bin").write_bytes(b"0123456789")
    os.mkfifo(folder / "predictions" / "pipe.bin")
    (folder / "predictions" / "link.bin").symlink_to(tmp_path / "secret.bin")
    with pytest.raises(StoreError, match=words) as caught:
        read_predictions(folder, record(predictions=where))
    assert "mlp on adult (r0f0)" in str(caught.value)


def test_a_cell_keeps_at_most_a_mebibyte(tmp_path: Path, record: Any, head: Header) -> None:
    with StoreWriter(tmp_path, head) as writer:
        fits = writer.append(record(key="a"), {"response": np.zeros(260_000, np.float32)})
        large = writer.append(record(key="b"), {"response": np.zeros(270_000, np.float32)})
        just = writer.append(record(key="c"), {"response": np.zeros(layout.CELL_LIMIT, np.uint8)})
    assert len(read_predictions(tmp_path, fits)["response"]) == 260_000
    assert large.predictions == {"reason": "1.1 MB, and a cell may keep 1 MiB"}
    assert just.predictions is not None
    assert "may keep 1 MiB" in just.predictions["reason"]


def test_a_store_keeps_at_most_its_allowance_whoever_wrote_it(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    monkeypatch.setattr(keep, "STORE_LIMIT", 10_000)
    arrays = {"response": np.zeros(1_000, np.float32)}
    with StoreWriter(tmp_path, head) as writer:
        written = [writer.append(record(key=key), arrays) for key in "abc"]
    assert ["file" in (r.predictions or {}) for r in written] == [True, True, False]
    assert "are spent" in (written[2].predictions or {})["reason"]
    with StoreWriter(tmp_path, head) as another:
        assert "reason" in (another.append(record(key="d"), arrays).predictions or {})
        assert "reason" in another.keep_targets("d", "p", "r0f0", arrays)


def test_another_writers_predictions_are_noticed_while_running(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    monkeypatch.setattr(keep, "STORE_LIMIT", 20_000)
    monkeypatch.setattr(keep, "_MEASURE_EVERY", 0)
    arrays = {"response": np.zeros(1_000, np.float32)}
    with StoreWriter(tmp_path, head) as one, StoreWriter(tmp_path, head) as two:
        written = [w.append(record(key=f"{n}"), arrays) for n in range(4) for w in (one, two)]
    assert sum("file" in (r.predictions or {}) for r in written) == 4


def test_targets_are_kept_once_and_read_back(
    tmp_path: Path, record: Any, head: Header, monkeypatch: Any
) -> None:
    arrays = {"rows": np.arange(5), "y": np.linspace(0, 1, 5)}
    mine = (record().dataset_hash, record().protocol, record().split)
    renamed: list[Any] = []
    real = os.replace
    monkeypatch.setattr(os, "replace", lambda *names: (renamed.append(names), real(*names))[1])
    for _ in range(2):
        with StoreWriter(tmp_path, head) as writer:
            place = writer.keep_targets(*mine, arrays)
            assert writer.keep_targets(*mine, arrays) == place
    assert len(renamed) == 1
    assert (tmp_path / "predictions" / place["file"]).stat().st_size == place["length"]
    found = read_targets(tmp_path, record())
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype
    assert [p.suffix for p in (tmp_path / "predictions").rglob("*") if p.is_file()] == [".bin"]


@pytest.mark.parametrize("other", [{"dataset_hash": "e"}, {"protocol": "holdout"}, {"split": "r0f1"}])
def test_targets_of_another_split_are_not_taken_for_these(
    tmp_path: Path, record: Any, head: Header, other: Any
) -> None:
    with StoreWriter(tmp_path, head) as writer:
        writer.keep_targets(record().dataset_hash, record().protocol, record().split, {"y": np.zeros(3)})
    with pytest.raises(StoreError, match=r"the targets of adult .* are not in"):
        read_targets(tmp_path, record(**other))


def test_damaged_targets_are_a_clear_error_and_are_written_anew(
    tmp_path: Path, record: Any, head: Header
) -> None:
    mine = (record().dataset_hash, record().protocol, record().split)
    with StoreWriter(tmp_path, head) as writer:
        path = tmp_path / "predictions" / writer.keep_targets(*mine, {"y": np.arange(3)})["file"]
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(StoreError, match="damaged"):
            read_targets(tmp_path, record())
        writer.keep_targets(*mine, {"y": np.arange(3)})
    assert read_targets(tmp_path, record())["y"].tolist() == [0, 1, 2]


def test_wherever_a_cells_predictions_fit_its_targets_fit(tmp_path: Path, record: Any, head: Header) -> None:
    rows = (layout.CELL_LIMIT - 200) // 4
    with StoreWriter(tmp_path, head) as writer:
        written = writer.append(record(), {"response": np.zeros(rows, np.float32)})
        targets = {"rows": np.zeros(rows, np.int64), "y": np.zeros(rows, np.float64)}
        place = writer.keep_targets(written.dataset_hash, written.protocol, written.split, targets)
    assert "file" in (written.predictions or {})
    assert "file" in place
    assert len(read_targets(tmp_path, written)["y"]) == rows


def test_predictions_that_lead_elsewhere_are_not_written(tmp_path: Path, record: Any, head: Header) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "predictions").symlink_to(tmp_path / "elsewhere")
    with StoreWriter(tmp_path / "results", head) as writer:
        written = writer.append(record(), {"response": np.zeros(3)})
        assert "leads out" in writer.keep_targets("d", "p", "s", {"y": np.zeros(3)})["reason"]
    assert "leads out" in (written.predictions or {})["reason"]
    assert list((tmp_path / "elsewhere").iterdir()) == []
