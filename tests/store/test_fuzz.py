"""Segments with random damage: no exception, no hang, and what was not touched is still read."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bakeoff.model.header import Header
from bakeoff.store import StoreIndex, StoreWriter

RECORDS = 8

#: (kind, where as a share of the file, bytes): cut out, put in, put over.
MUTATION = st.tuples(
    st.sampled_from(["cut", "insert", "over"]),
    st.floats(0, 1),
    st.binary(min_size=1, max_size=60)
    | st.sampled_from([b"\n", b"\r\n", b"\0" * 50, b"[" * 2_000, b'{"a":' * 2_000, b"\xef\xbb\xbf", b'"'])
    | st.sampled_from([b"NaN", b"1e999", b"9" * 5_000, b"null", b"{}", b'{"header":true}\n', b"\\ud800"]),
)


def written(head: Header, record: Any) -> bytes:
    with TemporaryDirectory() as folder:
        with StoreWriter(Path(folder), head) as writer:
            for number in range(RECORDS):
                writer.append(record(key=f"k{number}", warnings=("é\n\u2028",)), None)
        return writer.path.read_bytes()


def mutated(data: bytes, mutation: tuple[str, float, bytes]) -> bytes:
    kind, where, piece = mutation
    at = int(where * len(data))
    rest = at if kind == "insert" else at + len(piece)
    return data[:at] + (b"" if kind == "cut" else piece) + data[rest:]


@given(mutations=st.lists(MUTATION, min_size=1, max_size=6))
def test_random_damage_costs_only_the_lines_it_touches(
    head: Header, record: Any, mutations: list[Any]
) -> None:
    data = written(head, record)
    whole = data.splitlines(keepends=True)
    for mutation in mutations:
        data = mutated(data, mutation)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "segments" / "a.jsonl"
        path.parent.mkdir()
        path.write_bytes(data)
        index = StoreIndex(Path(folder))
        found = index.refresh(final=True)
        assert index.refresh() == []
    untouched = set(whole[1:]) & set(data.split(b"\n")) | {w for w in whole[1:] if b"\n" + w in data}
    if not any("newer" in problem for problem in index.problems):
        expected = {f"k{whole.index(w) - 1}" for w in untouched}
        assert expected <= {r.key for r in found}
    assert len(found) <= data.count(b"\n") + 1
    assert len(index.problems) <= 13
    for left in index.latest.values():
        assert left.to_json()
        assert isinstance(left.attempt + left.seed, int)
        assert sum(v for v in left.metrics.values() if v is not None) < float("inf")


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "segments" / "a.jsonl"
        path.parent.mkdir()
        path.write_bytes(data)
        index = StoreIndex(Path(folder))
        assert index.refresh(final=True) == []


@given(cut=st.floats(0, 1), steps=st.integers(1, 5))
def test_however_a_segment_grows_every_record_comes_once(
    head: Header, record: Any, cut: float, steps: int
) -> None:
    data = written(head, record)
    sizes = sorted({int(len(data) * cut * step / steps) for step in range(steps + 1)} | {len(data)})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "segments" / "a.jsonl"
        path.parent.mkdir()
        index = StoreIndex(Path(folder))
        seen = []
        for size in sizes:
            path.write_bytes(data[:size])
            seen += [r.key for r in index.refresh()]
    assert seen == [f"k{number}" for number in range(RECORDS)]
    assert index.problems == []
