"""The segment header of a run: suite, environment, directions, dataset facts and the planned grid."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import psutil

from bakeoff import __version__
from bakeoff.discovery import Catalog
from bakeoff.model.header import Header
from bakeoff.model.words import PluginState
from bakeoff.run.plan import Cell, Opened, Plan
from bakeoff.run.scoring import versions


def header(plan: Plan, catalog: Catalog, configuration: Mapping[str, Any]) -> Header:
    """Everything a reader needs who has neither the plugins nor the data."""
    config = plan.config
    chains = {cell.chain.name: cell.chain for cell in plan.cells}
    libraries: dict[str, str] = {}
    for chain in chains.values():
        libraries |= chain.versions
    return Header(
        suite={
            "name": config.name,
            "question": config.question,
            "profile": config.profile,
            "boards": list(plan.boards),
        },
        environment=environment(catalog, libraries),
        configuration=configuration,
        claims=config.claims,
        claims_hash=config.claims_hash,
        metrics=_metrics(plan),
        tasks={n: _task(t) for n, t in plan.tasks.items()},
        datasets={_name(o): _dataset(o) for o in plan.datasets.values()},
        grid={"cells": [_cell(c) for c in plan.cells]},
        created_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        harness_version=__version__,
    )


def environment(catalog: Catalog, libraries: Mapping[str, str]) -> dict[str, Any]:
    """The machine and the software, without names of people, hosts or paths."""
    active = {p.name: p.version for p in catalog.plugins if p.state == PluginState.ACTIVE}
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count() or 1,
        "memory_bytes": int(psutil.virtual_memory().total),
        "versions": versions(libraries),
        "plugins": active,
    }


def _metrics(plan: Plan) -> dict[str, dict[str, Any]]:
    every = {m.name: m for ms in plan.metrics.values() for m in ms}
    return {
        m.name: {"direction": m.direction, "summary": m.summary, "best": m.best, "worst": m.worst}
        for m in every.values()
    }


def _task(task: Any) -> dict[str, Any]:
    return {
        "title": task.title,
        "data": str(task.data),
        "metrics": list(task.metrics),
        "primary": task.primary,
        "baselines": list(task.baselines),
    }


def _name(opened: Opened) -> str:
    return opened.data.name if opened.data is not None else opened.name


def _dataset(opened: Opened) -> dict[str, Any]:
    if opened.data is None:
        return {"problem": opened.problem}
    card = opened.data.card
    return {
        **opened.facts,
        "task": opened.data.task,
        "fingerprint": opened.data.fingerprint,
        "origin": card.origin or opened.data.name,
        "licence": card.licence,
        "title": card.title,
        "notes": list(opened.notes),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "key": cell.key,
        "technique": cell.chain.name,
        "dataset": cell.dataset,
        "task": cell.task,
        "protocol": cell.protocol,
        "split": cell.split,
        "seed": cell.seed,
        "track": "default",
        "parts": dict(cell.parts),
    }
