"""The record: what became of one cell. The two wings meet here and nowhere else.

A record is one flat JSON object a line. `record.schema.json` beside this module is its published schema;
`SCHEMA_VERSION` rises when a field changes its meaning, and old versions stay readable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from bakeoff.model import fields as check
from bakeoff.model.words import Stage, Status, Track

SCHEMA_VERSION = 1


class NewerSchema(ValueError):
    """A line whose schema version is higher than this Bakeoff reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One finished cell.

    protocol: split policy with its parameters and the training-size cap, as one canonical string; rows of
        different protocols never stand in one table.
    split: index within the policy, `r0f2` = repeat 0, fold 2.
    n_train, n_test: rows fitted on and rows scored (recommendation: training interactions, scored users);
        None where the cell ended before they were known.
    params: resolved parameters of the chain, by link.
    metrics: every metric of the task by name, finite numbers or None. diagnostics: unranked numbers.
    limits: `timeout` (seconds) and `memory` (bytes) in force, None where there was none.
    predictions: where the kept predictions lie ({file, offset, length}), or {reason} where there are none.
    fit_seconds, predict_seconds: wall time in the worker; fit_cpu_seconds: CPU time of all its threads.
    peak_memory_bytes: peak resident memory of the cell above the warm worker.
    reason: one line; empty when status is ok.
    started_at: ISO 8601, UTC.
    """

    key: str
    suite: str
    task: str
    technique: str
    dataset: str
    dataset_hash: str
    protocol: str
    split: str
    seed: int
    status: Status
    track: Track = Track.DEFAULT
    n_train: int | None = None
    n_test: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    stage: Stage | None = None
    reason: str = ""
    attempt: int = 1
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    diagnostics: Mapping[str, float | None] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    limits: Mapping[str, float | None] = field(default_factory=dict)
    predictions: Mapping[str, Any] | None = None
    fit_seconds: float | None = None
    predict_seconds: float | None = None
    fit_cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    threads: int | None = None
    warnings: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    started_at: str = ""
    harness_version: str = ""
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> str:
        """One line of JSON, without the newline. Non-finite numbers become null, never NaN."""
        values = {name: check.finite(getattr(self, name)) for name in _FIELDS}
        return json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Record:
        """Read back what `to_json` wrote.

        Unknown fields (of a later minor version) are ignored; a missing or wrongly typed one raises ValueError
        with its name, a later schema version NewerSchema.
        """
        check_version(data.get("schema_version", SCHEMA_VERSION))
        if not data.keys() >= _COMPULSORY:
            raise ValueError(f"the field {min(_COMPULSORY - data.keys())!r} is missing")
        values = {name: data[name] for name in _FIELDS if name in data}
        for name, value in values.items():
            if type(value) is not _PLAIN.get(name):  # spares most fields of most records a call
                _KINDS[name](name, value)
        values["status"] = Status(values["status"])
        values["track"] = Track(values.get("track", "default"))
        values["stage"] = Stage(values["stage"]) if values.get("stage") else None
        for name in ("flags", "warnings"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


_FIELDS = tuple(f.name for f in fields(Record))
_COMPULSORY = {f.name for f in fields(Record) if f.default is MISSING and f.default_factory is MISSING}


def check_version(version: Any) -> None:
    """ValueError for what is no schema version, NewerSchema for one that is not known yet."""
    if type(version) is not int:
        raise ValueError("schema_version is not a whole number")
    if version > SCHEMA_VERSION:
        raise NewerSchema(f"schema version {version} is newer than this bakeoff reads ({SCHEMA_VERSION})")


_KINDS = (
    dict.fromkeys(_FIELDS, check.text)
    | {"stage": check.text_or_none}
    | dict.fromkeys(("seed", "attempt", "schema_version"), check.whole)
    | dict.fromkeys(("n_train", "n_test", "peak_memory_bytes", "threads"), check.whole_or_none)
    | dict.fromkeys(("fit_seconds", "predict_seconds", "fit_cpu_seconds"), check.number_or_none)
    | dict.fromkeys(("metrics", "diagnostics", "limits"), check.numbers)
    | dict.fromkeys(("flags", "warnings"), check.texts)
    | {"params": check.mapping, "predictions": check.mapping_or_none, "versions": check.named_texts}
)
_PLAIN = {name: str for name, kind in _KINDS.items() if kind is check.text}
