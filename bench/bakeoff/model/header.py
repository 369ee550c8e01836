"""The first line of a segment: with it a results folder describes itself, to readers without any plugin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from bakeoff.model import fields as check
from bakeoff.model.record import SCHEMA_VERSION, check_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What one run knew when it began writing a segment.

    environment: python, platform, cpus, versions {distribution: version}, plugins {name: version}.
    configuration: jobs, timeout, memory, budget, seed, profile, track.
    suite: {name, question, profile, boards: [{id, task, metric, datasets, techniques, protocol}]}.
    claims: the suite's claims as written; claims_hash: their content key.
    metrics: {name: {direction, summary, best, worst}}.
    tasks: {name: {title, metrics: [...], primary, baselines: [...]}}.
    datasets: {name: {task, fingerprint, rows, origin, licence, ...}}.
    grid: {"parts": {kind: {name: hash}}, "cells": [{key, technique, dataset, protocol, split, seed, track,
        parts: {...}}]}: every planned cell, so that a reader can count what is missing.
    """

    suite: Mapping[str, Any]
    environment: Mapping[str, Any] = field(default_factory=dict)
    configuration: Mapping[str, Any] = field(default_factory=dict)
    claims: tuple[Mapping[str, Any], ...] = ()
    claims_hash: str = ""
    metrics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    datasets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    grid: Mapping[str, Any] = field(default_factory=dict)
    created_at: str = ""
    harness_version: str = ""
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> str:
        """One line of JSON, marked as a header, without the newline. Non-finite numbers become null."""
        values = {f.name: check.finite(getattr(self, f.name)) for f in fields(self)}
        return json.dumps(
            {"header": True} | values, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Header:
        """Read back what `to_json` wrote.

        ValueError where it is not a header, or names the wrongly typed field; NewerSchema where a later Bakeoff
        wrote it.
        """
        if data.get("header") is not True:
            raise ValueError("not a segment header")
        check_version(data.get("schema_version"))
        values = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        check.mapping("suite", values.get("suite"))
        for name, value in values.items():
            _KINDS[name](name, value)
        check.text("suite.name", values["suite"].get("name", ""))
        check.mappings("suite.boards", values["suite"].get("boards", ()))
        check.mappings("grid.cells", values.get("grid", {}).get("cells", ()))
        values["claims"] = tuple(values.get("claims", ()))
        return cls(**values)


_KINDS = (
    dict.fromkeys(("suite", "environment", "configuration", "grid"), check.mapping)
    | dict.fromkeys(("metrics", "tasks", "datasets"), check.named_mappings)
    | dict.fromkeys(("claims_hash", "created_at", "harness_version"), check.text)
    | {"claims": check.mappings, "schema_version": check.whole}
)
