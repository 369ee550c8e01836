"""What the segment headers of one suite say, merged: questions, tasks, metrics, datasets, the planned grid.

Where headers disagree the newest one holds. With this the reading wing needs no plugin and no running wing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bakeoff.model.header import Header
from bakeoff.model.record import Record

_MACHINE = ("host", "platform", "machine", "processor", "cpus")


class Slot(NamedTuple):
    """The place of a cell in a leaderboard; whatever its key is, two cells of one place are alternatives."""

    task: str
    protocol: str
    track: str
    technique: str
    dataset: str
    split: str

    @classmethod
    def of(cls, r: Record) -> Slot:
        """The slot that a record names itself."""
        return cls(r.task, r.protocol, str(r.track), r.technique, r.dataset, r.split)


@dataclass(frozen=True, slots=True)
class SuiteFacts:
    """One suite. plan: slot -> keys of the newest plan of that slot (several where several seeds are run).

    planned_keys: keys of any plan, also of older ones. machines: machine -> keys its runs planned.
    """

    name: str
    suite: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    datasets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    plan: Mapping[Slot, frozenset[str]] = field(default_factory=dict)
    planned_keys: frozenset[str] = frozenset()
    machines: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def direction(self, metric: str) -> str:
        """Say "max" or "min", or "" where no header knows the metric."""
        return str(self.metrics.get(metric, {}).get("direction", ""))

    def board(self, task: str, protocol: str) -> Mapping[str, Any]:
        """Return the suite's own entry for this task, the one with this protocol if there are several."""
        entries: list[Mapping[str, Any]] = [b for b in self.suite.get("boards", ()) if b.get("task") == task]
        same = [b for b in entries if protocol in b.get("protocols", ())]
        return (same or entries or [{}])[0]

    def baselines(self, task: str) -> tuple[str, ...]:
        """List the task's compulsory baselines; the first is its floor (`prior`, `popularity`)."""
        return tuple(self.tasks.get(task, {}).get("baselines", ()))


def merge(name: str, headers: Iterable[Header]) -> SuiteFacts:
    """Merge the headers of the suite `name`, oldest first, whatever order they come in."""
    mine = sorted((h for h in headers if h.suite.get("name") == name), key=_age)
    plan: dict[Slot, frozenset[str]] = {}
    machines: dict[str, set[str]] = {}
    for header in mine:
        planned = _plan(header)
        plan |= planned
        machines.setdefault(machine(header.environment), set()).update(*planned.values())
    return SuiteFacts(
        name=name,
        suite=mine[-1].suite if mine else {},
        metrics=_merged(h.metrics for h in mine),
        tasks=_merged(h.tasks for h in mine),
        datasets=_merged(h.datasets for h in mine),
        plan=plan,
        planned_keys=frozenset().union(*machines.values()),
        machines={m: frozenset(keys) for m, keys in machines.items()},
    )


def machine(environment: Mapping[str, Any]) -> str:
    """Name a machine by what a header says of it."""
    said = [
        f"{environment[k]} cpus" if k == "cpus" else str(environment[k]) for k in _MACHINE if k in environment
    ]
    return ", ".join(dict.fromkeys(said)) or "unknown machine"


def policy_ratio(protocol: str) -> float | None:
    """Size of the test part over that of the uncapped training part, by the policy's own parameters.

    `stratified-kfold(folds=5,seed=0)` gives 1/4, `holdout(test=0.2,validation=0.16,seed=0)` .2/.64; None where
    the parameters do not tell.
    """
    said = {
        name: float(value)
        for name, value in re.findall(r"[(,]\s*(folds|test|validation)=(\d+(?:\.\d+)?)", protocol)
    }
    if said.get("folds", 0) > 1:
        return 1 / (said["folds"] - 1)
    rest = 1 - said.get("test", 0) - said.get("validation", 0)
    return said["test"] / rest if said.get("test", 0) > 0 and rest > 0 else None


def _plan(header: Header) -> dict[Slot, frozenset[str]]:
    slots: dict[Slot, set[str]] = {}
    for cell in header.grid.get("cells", ()):
        dataset = str(cell.get("dataset", ""))
        slot = Slot(
            task=str(
                cell.get("task")
                or header.datasets.get(dataset, {}).get("task")
                or _only_task(header, dataset)
            ),
            protocol=str(cell.get("protocol", "")),
            track=str(cell.get("track", "default")),
            technique=str(cell.get("technique", "")),
            dataset=dataset,
            split=str(cell.get("split", "")),
        )
        slots.setdefault(slot, set()).add(str(cell.get("key", "")))
    return {slot: frozenset(keys) for slot, keys in slots.items()}


def _only_task(header: Header, dataset: str) -> str:
    boards: Sequence[Mapping[str, Any]] = header.suite.get("boards", ())
    return next((str(b.get("task", "")) for b in boards if dataset in b.get("datasets", ())), "")


def _age(header: Header) -> tuple[str, str]:
    content = [header.suite, header.environment, header.datasets, header.grid]
    return header.created_at, json.dumps(content, default=str)


def _merged(parts: Iterable[Mapping[str, Mapping[str, Any]]]) -> dict[str, Mapping[str, Any]]:
    merged: dict[str, Mapping[str, Any]] = {}
    for part in parts:
        merged |= part
    return merged
