"""One line of a segment: from a header or record to bytes, and back.

A line is strict JSON in UTF-8 (a lone surrogate as its escape), bounded in length and depth both ways, so that what
is written can be read. Reading raises ValueError for damage; it never guesses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bakeoff.model.errors import StoreError
from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.store.layout import HEADER_LIMIT, RECORD_LIMIT, show_bytes

#: NaN and infinities, which are not JSON, read as "no number" where another program wrote them.
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)
_DEEPEST = 64
_BOM = b"\xef\xbb\xbf"

#: What an overlong record keeps of the texts and numbers a technique may fill it with.
_WARNINGS, _TEXT, _NUMBERS = 20, 2_000, 200


def header_line(header: Header) -> bytes:
    """The first line of a segment; StoreError for a plan that no reader would take."""
    line = _bytes(header.to_json())
    if len(line) > HEADER_LIMIT:
        cells = len(header.grid.get("cells", ()))
        raise StoreError(
            f"the plan of {cells} cells makes a header of {show_bytes(len(line))}, more than "
            f"{HEADER_LIMIT >> 20} MiB.",
            hint="Run it in parts, for instance one suite or a few datasets at a time.",
        )
    return line


def record_line(record: Record, kept: Mapping[str, Any] | None = None) -> tuple[Record, bytes]:
    """A record as written and its line. kept: what stands in its field `predictions`, if anything new.

    A technique that floods its warnings, diagnostics or reason has them cut; StoreError where the record is
    too long for other reasons.
    """
    if kept is not None:
        record = replace(record, predictions=kept)
    line = _bytes(record.to_json())
    if len(line) > RECORD_LIMIT:
        record = _cut(record)
        line = _bytes(record.to_json())
    _check(record, line)
    return record, line


def _check(record: Record, line: bytes) -> None:
    """What is written can be read: found out now, not when the results are wanted."""
    try:
        if len(line) > RECORD_LIMIT:
            raise ValueError(f"it takes {show_bytes(len(line))}, more than {RECORD_LIMIT >> 20} MiB")
        parse(line)
    except ValueError as error:
        raise StoreError(
            f"the record of {record.technique:.80} on {record.dataset:.80} ({record.split:.80}) cannot be kept: "
            f"{error}.",
            hint="Look at the technique's parameters: they must be small and plain.",
        ) from error


def parse(line: bytes) -> Header | Record | None:
    """What a line holds, None for a blank one.

    ValueError with the reason for a damaged one, NewerSchema for one that a later Bakeoff wrote.
    """
    if line.startswith(_BOM):
        line = line[len(_BOM) :]
    if not line or line.isspace():
        return None
    data = _object(line)
    return Header.from_mapping(data) if data.get("header") is True else Record.from_mapping(data)


def _object(line: bytes) -> dict[str, Any]:
    try:
        data = _DECODER.decode(line.decode("utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    # A shallow line cannot hold many brackets unless it is wide; only then is it worth looking.
    if line.count(b"{") + line.count(b"[") > _DEEPEST and not _shallow(data):
        raise ValueError("nested too deeply")
    return data


def _shallow(value: Any, left: int = _DEEPEST) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return True
    return left > 0 and all(_shallow(v, left - 1) for v in value)


def _bytes(text: str) -> bytes:
    # A lone surrogate (a file name, a foreign warning) has no UTF-8; its backslash escape happens to be JSON's.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _cut(record: Record) -> Record:
    names = [name for name in record.diagnostics if len(name) <= _NUMBERS][:_NUMBERS]
    note = "this record was too long: its warnings, diagnostics and reason are cut"
    return replace(
        record,
        reason=record.reason[:_TEXT],
        warnings=(*(w[:_TEXT] for w in record.warnings[:_WARNINGS]), note),
        diagnostics={name: record.diagnostics[name] for name in names},
    )
