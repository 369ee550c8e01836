"""The small interface between the loop and whatever runs cells. Everything in it can be sent over a wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from bakeoff.model.words import Stage, Status


@dataclass(frozen=True, slots=True)
class Limits:
    """Per cell: wall-clock seconds, and bytes of private memory above the warm worker. None = no limit."""

    timeout: float | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain, resolved: the last one is the technique, those before it are steps."""

    name: str
    implementation: str
    params: Mapping[str, Any]
    inputs: str
    seed_param: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a worker needs for one cell. `fit` and `ask` are called by the engine in the harness's own
    process just before sending, so that a long plan does not hold every split at once."""

    id: int
    kind: str
    links: tuple[Link, ...]
    classes: int
    seed: int
    share: str
    limits: Limits
    fit: Callable[[], Mapping[str, np.ndarray]]
    ask: Callable[[], Mapping[str, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job, before scoring."""

    id: int
    status: Status
    stage: Stage | None = None
    reason: str = ""
    output: Mapping[str, np.ndarray] = field(default_factory=dict)
    fit_seconds: float | None = None
    predict_seconds: float | None = None
    fit_cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    threads: int | None = None
    warnings: tuple[str, ...] = ()
    diagnostics: Mapping[str, float] = field(default_factory=dict)
    started_at: str = ""


class Engine(Protocol):
    """Runs jobs, in any order, each exactly once; never raises for what a technique does."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield one outcome a job as they end. Closing the generator stops the workers."""
