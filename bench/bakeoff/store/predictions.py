"""Kept predictions and targets as bytes: a frame of checked arrays, and how to read one back.

A frame: magic, length of the head, CRC-32 of what follows (begun with that length); the head, which is JSON,
{"key", "arrays": [{name, dtype, shape}]}; then each array's values, little-endian, row by row. No pickle: a results
folder may come from anybody, and whatever its bytes are, reading them yields arrays of numbers no larger than the
frame, or StoreError.
"""

from __future__ import annotations

import json
import math
import os
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bakeoff.model.errors import StoreError
from bakeoff.model.record import Record
from bakeoff.store.layout import PREDICTIONS, TARGETS_LIMIT, contained, targets_key, targets_path

_PREFIX = struct.Struct("<4sII")
_MAGIC = b"BKF1"
_HEAD_LIMIT = 64 << 10
_ARRAYS, _DIMENSIONS = 64, 8
_DTYPES = frozenset(
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()  # noqa: SIM905 - shorter
)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,200}\.bin")


def pack(key: str, arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays of numbers as one frame, marked with `key`; ValueError for what is not kept (objects, strings)."""
    head: list[dict[str, Any]] = []
    values: list[bytes] = []
    for name, given in arrays.items():
        array = np.asarray(given)
        if array.dtype.name not in _DTYPES:
            raise ValueError(f"{name!r} is of type {array.dtype}; only numbers are kept")
        head.append({"name": str(name), "dtype": array.dtype.name, "shape": list(array.shape)})
        values.append(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
    text = json.dumps({"key": key, "arrays": head}, separators=(",", ":")).encode()
    if len(head) > _ARRAYS or len(text) > _HEAD_LIMIT or any(len(a["shape"]) > _DIMENSIONS for a in head):
        raise ValueError(f"more than {_ARRAYS} arrays, or {_DIMENSIONS} dimensions")
    rest = b"".join([text, *values])
    return _PREFIX.pack(_MAGIC, len(text), zlib.crc32(rest, len(text))) + rest


def unpack(frame: bytes, key: str) -> dict[str, np.ndarray]:
    """The arrays of a frame that is marked with `key`, as writable copies; ValueError where it is damaged."""
    if len(frame) < _PREFIX.size:
        raise ValueError("cut off")
    magic, length, check = _PREFIX.unpack_from(frame)
    rest = memoryview(frame)[_PREFIX.size :]
    if magic != _MAGIC or length > min(_HEAD_LIMIT, len(rest)) or zlib.crc32(rest, length) != check:
        raise ValueError("damaged")
    try:
        head = json.loads(bytes(rest[:length]))
        mine, arrays = head["key"] == key, head["arrays"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("damaged (no such head)") from error
    if not mine:
        raise ValueError("those of another cell")
    return _arrays(arrays, rest[length:])


def read_predictions(folder: Path, record: Record) -> dict[str, np.ndarray]:
    """The predictions kept for a record of `folder`: arrays by name, as the task handed them over.

    StoreError where there are none (with the reason), or they are damaged or not in this folder.
    """
    what = f"the predictions of {record.technique} on {record.dataset} ({record.split})"
    where = record.predictions or {"reason": "the cell has none"}
    if "file" not in where:
        raise StoreError(f"{what} were not kept: {where.get('reason', 'no reason given')}.")
    name, offset, length = (where.get(field) for field in ("file", "offset", "length"))
    if not (isinstance(name, str) and _FILE.fullmatch(name) and _count(offset) and _count(length)):
        raise StoreError(f"{what} cannot be found: the record points to {dict(where)!r:.200}.")
    return _read(Path(folder), Path(folder) / PREDICTIONS / name, record.key, what, offset, length)


def read_targets(folder: Path, record: Record) -> dict[str, np.ndarray]:
    """What the task kept beside the predictions of a record's split: row ids and targets, by name.

    StoreError where they are damaged or not in this folder.
    """
    what = f"the targets of {record.dataset} ({record.protocol}, {record.split})"
    split = record.dataset_hash, record.protocol, record.split
    return _read(Path(folder), targets_path(Path(folder), *split), targets_key(*split), what)


def _read(
    folder: Path, path: Path, key: str, what: str, offset: Any = 0, length: Any = None
) -> dict[str, np.ndarray]:
    try:
        if not path.is_file() or not contained(folder, path):  # a pipe or a device would hang
            raise StoreError(
                f"{what} are not in {str(folder)!r}.", hint="They stay where the cells were run."
            )
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            length = size - offset if length is None else length
            if not 0 < length <= TARGETS_LIMIT or offset + length > size:
                raise ValueError("cut off, or too large to be true")
            file.seek(offset)
            return unpack(file.read(length), key)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise StoreError(f"{what} cannot be read from {str(path)!r}: {reason}.") from error


def _arrays(heads: Any, values: memoryview) -> dict[str, np.ndarray]:
    if not isinstance(heads, list) or len(heads) > _ARRAYS:
        raise ValueError("damaged (no list of arrays)")
    arrays: dict[str, np.ndarray] = {}
    for head in heads:
        name, dtype, shape = _kind(head)
        size = math.prod(shape) * dtype.itemsize
        if size > len(values):
            raise ValueError("damaged (more values declared than there are)")
        # Bytes of a bool are read as numbers: a hostile 7 is True like 1.
        flat = np.frombuffer(values[:size], dtype=np.uint8 if dtype == np.bool_ else dtype)
        arrays[name] = flat.astype(dtype.newbyteorder("=")).reshape(shape)
        values = values[size:]
    if values:
        raise ValueError("damaged (values that belong to no array)")
    return arrays


def _kind(head: Any) -> tuple[str, np.dtype[Any], tuple[int, ...]]:
    """Name, type and shape of an array as its head says, checked."""
    if not isinstance(head, dict) or not isinstance(head.get("name"), str):
        raise ValueError("damaged (an array without a name)")
    dtype, shape = head.get("dtype"), head.get("shape")
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        raise ValueError("damaged (a type that is never kept)")
    if not isinstance(shape, list) or len(shape) > _DIMENSIONS:
        raise ValueError("damaged (no such shape)")
    if not all(_count(n) and n < 1 << 31 for n in shape):
        raise ValueError("damaged (no such shape)")
    return head["name"], np.dtype(dtype).newbyteorder("<"), tuple(shape)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 62
