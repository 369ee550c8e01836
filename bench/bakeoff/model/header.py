"""The first line of a segment: with it a results folder describes itself, to readers without any plugin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from bakeoff.model.record import SCHEMA_VERSION


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
        """One line of JSON, marked as a header, without the newline."""
        return json.dumps({"header": True} | asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Header:
        """Read back what `to_json` wrote; ValueError where it is not a header this version can read."""
        if data.get("header") is not True or not isinstance(data.get("suite"), Mapping):
            raise ValueError("not a segment header")
        version = data.get("schema_version")
        if not isinstance(version, int) or version > SCHEMA_VERSION:
            raise ValueError(
                f"schema version {version!r} is newer than this bakeoff reads ({SCHEMA_VERSION})"
            )
        values = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        values["claims"] = tuple(values.get("claims") or ())
        return cls(**values)
