"""Frames between the harness and a worker: a JSON header and raw array bytes. No pickle in either direction, so
that a hostile technique cannot make the harness execute anything, and a target cannot travel by accident.

A frame is: 4 bytes header length, 8 bytes body length (big-endian), the header as JSON with an entry
`arrays: [[name, dtype, shape], ...]`, then the arrays' bytes in that order, C-contiguous.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

_PREFIX = struct.Struct(">IQ")
_KINDS = frozenset("biuf")
MAX_HEADER = 16 * 2**20
MAX_BODY = 16 * 2**30


class WireError(Exception):
    """The stream ended or does not hold a frame."""


def send(stream: BinaryIO, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray] | None = None) -> None:
    """Write one frame and flush. Arrays must be boolean, integer or float (TypeError otherwise)."""
    blocks = {name: np.ascontiguousarray(a) for name, a in (arrays or {}).items()}
    for name, block in blocks.items():
        if block.dtype.kind not in _KINDS:
            raise TypeError(f"array {name!r} has dtype {block.dtype}, which cannot be sent")
    described = [[n, b.dtype.str, list(np.shape((arrays or {})[n]))] for n, b in blocks.items()]
    head = json.dumps({**header, "arrays": described}).encode()
    stream.write(_PREFIX.pack(len(head), sum(b.nbytes for b in blocks.values())))
    stream.write(head)
    for block in blocks.values():
        if block.nbytes:
            stream.write(block.reshape(-1).view(np.uint8).data)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read one frame: (header, arrays). Raises WireError at the end of the stream or on a malformed frame."""
    head_length, body_length = _PREFIX.unpack(_exactly(stream, _PREFIX.size))
    if head_length > MAX_HEADER or body_length > MAX_BODY:
        raise WireError("frame too large")
    try:
        header = json.loads(_exactly(stream, head_length))
        described = header.pop("arrays")
        body = memoryview(_exactly(stream, body_length))
        arrays, offset = {}, 0
        for name, dtype, shape in described:
            kind = np.dtype(dtype)
            if kind.kind not in _KINDS or any(n < 0 for n in shape):
                raise WireError(f"array {name!r} is malformed")
            count = int(np.prod(shape, dtype=np.int64))
            arrays[name] = np.frombuffer(body, kind, count, offset).reshape(shape)
            offset += count * kind.itemsize
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WireError(f"malformed frame: {error}") from error
    return header, arrays


def _exactly(stream: BinaryIO, n: int) -> bytearray:
    data = bytearray(n)
    view, got = memoryview(data), 0
    while got < n:
        count = stream.readinto(view[got:])  # type: ignore[attr-defined]
        if not count:
            raise WireError("the stream ended")
        got += count
    return data
