"""The record: what became of one cell. The two wings meet here and nowhere else.

A record is one flat JSON object a line. `record.schema.json` beside this module is its published schema;
`SCHEMA_VERSION` rises when a field changes its meaning, and old versions stay readable.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from bakeoff.model.words import Stage, Status, Track

SCHEMA_VERSION = 1


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
        return json.dumps(_finite(asdict(self)), ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Record:
        """Read back what `to_json` wrote.

        Unknown fields (of a later minor version) are ignored; a missing or wrongly typed compulsory one
        raises ValueError with its name.
        """
        try:
            values = {name: data[name] for name in _FIELDS if name in data}
            for name in ("key", "suite", "task", "technique", "dataset", "protocol", "split"):
                if not isinstance(values[name], str):
                    raise ValueError(f"{name} is not a string")
            values["status"] = Status(values["status"])
            values["track"] = Track(values.get("track", "default"))
            values["stage"] = Stage(values["stage"]) if values.get("stage") else None
            for name in ("flags", "warnings"):
                values[name] = tuple(values.get(name) or ())
            for name in ("params", "metrics", "diagnostics", "limits", "versions"):
                if not isinstance(values.setdefault(name, {}), Mapping):
                    raise ValueError(f"{name} is not an object")
            return cls(**values)
        except KeyError as error:
            raise ValueError(f"the field {error.args[0]!r} is missing") from error
        except TypeError as error:
            raise ValueError(str(error)) from error


_FIELDS = tuple(f.name for f in fields(Record))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v) for v in value]
    return value
