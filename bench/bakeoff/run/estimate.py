"""What a plan will cost: from earlier records where there are some, else from what techniques declare.

Only an expectation for people and for the order of work; nothing measured depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bakeoff.model.record import Record
from bakeoff.model.words import Status
from bakeoff.run.data.types import TableData
from bakeoff.run.plan import Cell, Plan

#: Seconds for a technique that neither has records nor declares a cost; only to sort by.
_UNKNOWN = 1.0
#: Units a technique's declared `cost` is for.
_TABLE_UNIT, _EVENTS_UNIT = 10_000.0, 10_000.0


@dataclass(slots=True)
class Costs:
    """Mean seconds by (technique, dataset), and by technique per unit of data."""

    exact: Mapping[tuple[str, str], float] = field(default_factory=dict)
    rate: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def learn(cls, records: Iterable[Record], plan: Plan) -> Costs:
        """From finished records; sizes of datasets which are not in the plan are unknown and skipped."""
        exact: dict[tuple[str, str], list[float]] = {}
        rates: dict[str, list[float]] = {}
        size = {name: _size(plan, name, None) for name in _names(plan)}
        for record in records:
            seconds = _seconds(record)
            if seconds is None:
                continue
            exact.setdefault((record.technique, record.dataset), []).append(seconds)
            if record.dataset in size:
                rates.setdefault(record.technique, []).append(seconds / size[record.dataset])
        return cls({k: _mean(v) for k, v in exact.items()}, {k: _mean(v) for k, v in rates.items()})

    def of(self, cell: Cell, plan: Plan) -> float | None:
        """Expected seconds of a cell; None where nothing is known."""
        known = self.exact.get((cell.chain.name, cell.dataset))
        if known is not None:
            return known
        size = _size(plan, cell.dataset, cell.n_train)
        rate = self.rate.get(cell.chain.name)
        if rate is not None:
            return rate * size
        declared = cell.chain.technique.cost
        return declared * size if declared is not None else None


def ordered(cells: Iterable[Cell], plan: Plan, costs: Costs) -> list[Cell]:
    """Fold wave by fold wave, within one the longest first, so that two workers finish together."""

    def key(cell: Cell) -> tuple[int, int, float]:
        return cell.repeat, cell.fold, -(costs.of(cell, plan) or _UNKNOWN)

    return sorted(cells, key=key)


def total(cells: Iterable[Cell], plan: Plan, costs: Costs) -> tuple[float, int]:
    """(expected seconds of one worker, number of cells of unknown cost)."""
    every = [costs.of(cell, plan) for cell in cells]
    return sum(c for c in every if c is not None), sum(c is None for c in every)


def _names(plan: Plan) -> list[str]:
    return [o.data.name for o in plan.datasets.values() if o.data is not None]


def _size(plan: Plan, dataset: str, n_train: int | None) -> float:
    """Data in units of a declared cost."""
    data = next(
        (o.data for o in plan.datasets.values() if o.data is not None and o.data.name == dataset), None
    )
    if data is None:
        return 1.0
    if isinstance(data, TableData):
        rows = min(data.n_rows, n_train or data.n_rows)
        return max(rows * data.frame.shape[1], 1) / _TABLE_UNIT
    return max(data.n_rows, 1) / _EVENTS_UNIT


def _seconds(record: Record) -> float | None:
    if record.status != Status.OK or record.fit_seconds is None:
        return None
    return record.fit_seconds + (record.predict_seconds or 0.0)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
