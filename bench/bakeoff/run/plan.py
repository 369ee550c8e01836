"""From a suite to cells: every name looked up, every dataset opened and checked, every cell with its key.

All mistakes of the caller are raised here, before anything runs. What is known not to be runnable (a missing
extra, a refusal, data that cannot be fetched) is planned nevertheless: it ends as a record that says so.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bakeoff.discovery import Catalog
from bakeoff.model.errors import BakeoffError, DatasetUnavailable, Refusal
from bakeoff.model.keys import content_key
from bakeoff.model.record import SCHEMA_VERSION
from bakeoff.model.specs import Metric, Task
from bakeoff.model.words import Status
from bakeoff.run.chain import Chain, canonical, resolve
from bakeoff.run.data.open import open_dataset
from bakeoff.run.data.types import Data, TableData
from bakeoff.run.dotted import load_object
from bakeoff.run.protocol import describe, settle
from bakeoff.run.suites import Board, SuiteConfig
from bakeoff.run.tasks.base import Policy, TaskRules
from bakeoff.run.tasks.recommendation import weights_ignored

#: Rises when the core changes what a cell computes: splits, encoding, seeding, ranking. A golden test guards it.
PROTOCOL_NUMBER = 1


@dataclass(frozen=True, slots=True)
class Opened:
    """A dataset of the plan: data, or why there is none (`problem`, with the status its cells get)."""

    name: str
    data: Data | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    problem: str = ""
    status: Status = Status.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Cell:
    """One technique x dataset x split x seed. parts: short hashes, by what the key covers."""

    key: str
    task: str
    chain: Chain
    dataset: str
    dataset_hash: str
    policy: Policy
    protocol: str
    repeat: int
    fold: int
    seed: int
    n_train: int | None
    parts: Mapping[str, str]
    flags: tuple[str, ...] = ()
    blocked: Status | None = None
    reason: str = ""

    @property
    def split(self) -> str:
        """`r0f2`."""
        return f"r{self.repeat}f{self.fold}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run needs, and nothing that has happened yet."""

    config: SuiteConfig
    cells: tuple[Cell, ...]
    datasets: Mapping[str, Opened]
    tasks: Mapping[str, Task]
    rules: Mapping[str, TaskRules]
    metrics: Mapping[str, tuple[Metric, ...]]
    boards: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...] = ()


def make_plan(
    config: SuiteConfig, catalog: Catalog, own: Mapping[str, Data] | None = None, cache: Path | None = None
) -> Plan:
    """Look up, open, check and lay out a suite (BakeoffError for the caller's mistakes).

    own: the user's data, opened already, by the name that boards use for it.
    """
    builder = _Builder(config, catalog, own or {}, cache)
    for board in config.boards:
        builder.check_names(board)
    for board in config.boards:
        builder.add(board)
    return builder.finish()


class _Builder:
    """Collects the plan board by board; lives for one call of `make_plan`."""

    def __init__(
        self, config: SuiteConfig, catalog: Catalog, own: Mapping[str, Data], cache: Path | None
    ) -> None:
        self.config, self.catalog, self.own, self.cache = config, catalog, own, cache
        self.datasets: dict[str, Opened] = {}
        self.tasks: dict[str, Task] = {}
        self.rules: dict[str, TaskRules] = {}
        self.metrics: dict[str, tuple[Metric, ...]] = {}
        self.cells: dict[str, Cell] = {}
        self.boards: list[dict[str, Any]] = []
        self.notes: list[str] = []

    def check_names(self, board: Board) -> None:
        """Every unknown name of a board, before any dataset is opened."""
        where = f"suite {self.config.name!r}"
        task: Task = self.catalog.find("tasks", board.task, where).spec
        settle(board, task)
        if board.metric is not None:
            metric: Metric = self.catalog.find("metrics", board.metric, where).spec
            if board.task not in metric.tasks:
                hint = f"{board.task} has {', '.join(task.metrics)}."
                raise BakeoffError(f"metric {board.metric!r} is not one of {board.task}.", hint=hint)
        for text in board.techniques:
            resolve(text, board.task, self.catalog, where=where)
        for name in board.datasets:
            self._check_dataset(name, board)

    def _check_dataset(self, name: str, board: Board) -> None:
        if name in self.own:
            return
        found = self.catalog.datasets.get(name)
        if found is not None and found.spec.task != board.task:
            raise BakeoffError(
                f"dataset {name!r} is for {found.spec.task}, board {board.id!r} of suite "
                f"{self.config.name!r} is for {board.task}.",
                hint=f"`bakeoff list datasets` shows the ones for {board.task}.",
            )

    def add(self, board: Board) -> None:
        """Lay out one board: fold by fold, within a fold dataset by dataset."""
        task = self._task(board.task)
        names = self._with_baselines(board, task)
        chains = [resolve(text, board.task, self.catalog) for text in names]
        opened = [self._open(name, board.task) for name in board.datasets]
        policies = [settle(board, task, timed=_timed(o)) for o in opened]
        protocols = [describe(p, self.config.seed, board.n_train) for p in policies]
        indices = [self.rules[board.task].indices(p, board.repeats) for p in policies]
        self._remember(board, task, opened, policies, protocols, [c.name for c in chains])
        for wave in range(max(len(i) for i in indices)):
            for data, policy, protocol, index in zip(opened, policies, protocols, indices, strict=True):
                if wave < len(index):
                    for chain in chains:
                        cell = self._cell(board, chain, data, policy, protocol, *index[wave])
                        self.cells.setdefault(cell.key, cell)

    def finish(self) -> Plan:
        """The plan; whole waves of all boards follow each other, so that a stopped run tells something of each."""
        ordered = sorted(self.cells.values(), key=lambda c: (c.repeat, c.fold))
        return Plan(
            self.config,
            tuple(ordered),
            self.datasets,
            self.tasks,
            self.rules,
            self.metrics,
            tuple(self.boards),
            tuple(self.notes),
        )

    def _task(self, name: str) -> Task:
        if name not in self.tasks:
            spec: Task = self.catalog.find("tasks", name).spec
            self.tasks[name] = spec
            self.rules[name] = load_object(spec.implementation)
            named = [m.spec for m in self.catalog.metrics.values() if name in m.spec.tasks]
            order = {metric: at for at, metric in enumerate(spec.metrics)}
            self.metrics[name] = tuple(sorted(named, key=lambda m: (order.get(m.name, len(order)), m.name)))
        return self.tasks[name]

    def _with_baselines(self, board: Board, task: Task) -> list[str]:
        names = [canonical(t) for t in board.techniques]
        if board.baselines:
            known = [b for b in task.baselines if b in self.catalog.techniques]
            names = [b for b in known if b not in names] + names
        return list(dict.fromkeys(names))

    def _open(self, name: str, task: str) -> Opened:
        if name not in self.datasets:
            self.datasets[name] = self._open_new(name, task)
        return self.datasets[name]

    def _open_new(self, name: str, task: str) -> Opened:
        try:
            data = self.own.get(name) or open_dataset(name, self.catalog, cache=self.cache)
        except DatasetUnavailable as error:
            return Opened(name, None, problem=str(error))
        if data.task != task:
            raise BakeoffError(f"dataset {name!r} is for {data.task}, not for {task}.")
        facts = self.rules[task].facts(data)
        try:
            warnings = self.rules[task].check(data)
        except Refusal as refusal:
            if name in self.own:
                raise
            return Opened(name, data, facts, data.notes, str(refusal), Status.REFUSED)
        return Opened(name, data, facts, (*data.notes, *warnings))

    def _cell(
        self,
        board: Board,
        chain: Chain,
        opened: Opened,
        policy: Policy,
        protocol: str,
        repeat: int,
        fold: int,
    ) -> Cell:
        fingerprint = opened.data.fingerprint if opened.data is not None else ""
        covers = {
            "schema": [SCHEMA_VERSION, PROTOCOL_NUMBER],
            "python": ".".join(platform.python_version_tuple()[:2]),
            **{f"link {at} {p['id']}": p for at, p in enumerate(chain.parts)},
            "dataset": fingerprint or f"unopened:{opened.name}",
            "task": board.task,
            "protocol": protocol,
            "split": [repeat, fold],
            "seed": self.config.seed,
            "track": "default",
        }
        blocked, reason = _blocked(chain, opened)
        ignored = weights_ignored(chain.technique, opened.data) if opened.data is not None else None
        if ignored is not None and len(chain.links) > 1 and blocked is None:
            # A step that weights the interactions would be compared with itself.
            blocked, reason = Status.REFUSED, str(ignored)
        return Cell(
            key=content_key(covers),
            task=board.task,
            chain=chain,
            dataset=opened.data.name if opened.data is not None else opened.name,
            dataset_hash=fingerprint,
            policy=policy,
            protocol=protocol,
            repeat=repeat,
            fold=fold,
            seed=self.config.seed,
            n_train=board.n_train,
            parts={k: content_key(v, length=8) for k, v in covers.items()},
            flags=(*chain.flags, *(("ignores weights",) if ignored is not None else ())),
            blocked=blocked,
            reason=reason,
        )

    def _remember(
        self,
        board: Board,
        task: Task,
        opened: list[Opened],
        policies: list[Policy],
        protocols: list[str],
        techniques: list[str],
    ) -> None:
        self.boards.append(
            {
                "id": board.id,
                "task": board.task,
                "metric": board.metric or task.primary,
                "datasets": [o.data.name if o.data else o.name for o in opened],
                "techniques": techniques,
                "protocols": sorted(set(protocols)),
            }
        )
        for item, policy in zip(opened, policies, strict=True):
            if board.folds is not None and "folds" not in policy.params:
                self.notes.append(
                    f"{item.name}: {policy.name} has no folds; --folds {board.folds} changes nothing"
                )
        self.notes += [f"{o.name}: {o.problem}" for o in opened if o.problem]


def _timed(opened: Opened) -> bool:
    return isinstance(opened.data, TableData) and opened.data.time is not None


def _blocked(chain: Chain, opened: Opened) -> tuple[Status | None, str]:
    """Why a cell cannot be run here, if that is known already."""
    if opened.problem:
        return opened.status, opened.problem
    if chain.unavailable:
        return Status.UNAVAILABLE, chain.unavailable
    return None, ""
