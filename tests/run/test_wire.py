"""Frames arrive as they were sent, and nonsense is an error, never an execution or a hang."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bakeoff.run import wire

ARRAYS = st.dictionaries(
    st.text(max_size=8),
    hnp.arrays(
        st.sampled_from(["<f8", "<f4", "<i8", "<i4", "|u1", "|b1"]), hnp.array_shapes(min_dims=0, min_side=0)
    ),
    max_size=4,
)


@given(header=st.dictionaries(st.text(max_size=5), st.integers() | st.text()), arrays=ARRAYS)
def test_a_frame_arrives_as_it_was_sent(header, arrays):
    header.pop("arrays", None)
    stream = io.BytesIO()
    wire.send(stream, header, arrays)
    stream.seek(0)
    got, blocks = wire.receive(stream)
    assert got == header
    assert blocks.keys() == arrays.keys()
    for name, block in blocks.items():
        np.testing.assert_array_equal(block, arrays[name])
        assert block.shape == arrays[name].shape
    assert stream.read() == b""


@pytest.mark.parametrize("bad", [np.array(["a"]), np.array([object()]), np.array(["2020"], dtype="M8[D]")])
def test_what_is_not_a_number_is_not_sent(bad):
    with pytest.raises(TypeError, match="cannot be sent"):
        wire.send(io.BytesIO(), {}, {"x": bad})


@given(junk=st.binary(max_size=300))
def test_junk_is_a_wire_error(junk):
    with pytest.raises(wire.WireError):
        wire.receive(io.BytesIO(junk))


@given(data=st.data())
def test_a_changed_byte_gives_a_frame_or_a_wire_error(data):
    stream = io.BytesIO()
    wire.send(stream, {"op": "x"}, {"a": np.arange(5), "b": np.zeros((2, 3))})
    frame = bytearray(stream.getvalue())
    frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    try:
        wire.receive(io.BytesIO(bytes(frame)))
    except wire.WireError:
        return


def test_a_frame_that_claims_to_be_huge_is_refused_before_anything_is_allocated():
    import struct

    with pytest.raises(wire.WireError, match="too large"):
        wire.receive(io.BytesIO(struct.pack(">IQ", 10, 2**60)))
