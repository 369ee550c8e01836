"""From results to leaderboards: one per suite, task, protocol and track, so that what differs never mixes.

Reads records and headers only; needs no technique, no dataset and no plugin. The work is done in `headers.py`
(what was planned), `cells.py` (which record counts), `datasets.py`, `ranking.py` and `rows.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bakeoff.model.errors import UnknownName
from bakeoff.read.boards import DatasetFacts, DatasetResult, Leaderboard
from bakeoff.read.cells import Board, BoardCells, boards_of, shared_units
from bakeoff.read.datasets import Terms, dataset_results
from bakeoff.read.headers import SuiteFacts, merge
from bakeoff.read.notes import notes
from bakeoff.read.ranking import rank
from bakeoff.read.rows import in_order, row

if TYPE_CHECKING:
    from bakeoff.store import Results


def leaderboards(
    results: Results, *, suites: Sequence[str] = (), metric: str | None = None
) -> tuple[Leaderboard, ...]:
    """Sum results up into one leaderboard a (suite, task, protocol, track), in the suites' order.

    suites: only these. metric: rank by this one instead of the task's primary metric; boards that do not have
    it are left out. Raises UnknownName for a suite or a metric that these results do not hold.
    """
    known = {str(h.suite.get("name", "")) for h in results.headers} | {r.suite for r in results.records}
    for name in suites:
        if name not in known:
            raise UnknownName("suite", name, known, where="these results")
    boards: list[Leaderboard] = []
    metrics: set[str] = set()
    for name in suites or sorted(known):
        facts = merge(name, results.headers)
        found = boards_of(facts, results.records)
        for place in sorted(found, key=lambda p: _order(facts, p)):
            names = _metric_names(facts, place[0], place[1], found[place])
            metrics.update(names)
            if metric is None or metric in names:
                boards.append(_board(facts, place, found[place], names, metric, tuple(results.problems)))
    if metric is not None and metric not in metrics:
        raise UnknownName("metric", metric, metrics, where="these results")
    return tuple(boards)


def _board(
    facts: SuiteFacts,
    place: Board,
    cells: BoardCells,
    names: tuple[str, ...],
    metric: str | None,
    problems: tuple[str, ...],
) -> Leaderboard:
    task, protocol, track = place
    terms = _terms(facts, task, protocol, names, metric)
    shared = shared_units(cells.trials)
    splits = {d: sorted(s for name, s in shared if name == d) for d in _dataset_names(facts, cells)}
    by_dataset = cells.by_dataset()
    results = {d: dataset_results(by_dataset[d], d, splits[d], terms) for d in splits}
    ranking = rank(results, {d: str(facts.datasets.get(d, {}).get("origin", "")) for d in splits}, terms)
    rows = in_order(
        (row(t, units, _of(results, t, units), ranking, terms) for t, units in cells.trials.items()), terms
    )
    datasets = tuple(_facts_of(facts, cells, d, len(splits[d]), d in ranking.compared) for d in splits)
    machines = _machines(facts, cells)
    return Leaderboard(
        suite=facts.name,
        question=str(facts.suite.get("question", "")),
        profile=str(facts.suite.get("profile") or ""),
        task=task,
        title=str(facts.tasks.get(task, {}).get("title") or task),
        protocol=protocol,
        track=track,
        metric=terms.metric,
        direction=terms.direction,
        metrics=names,
        directions={m: facts.direction(m) for m in names},
        datasets=datasets,
        rows=rows,
        planned=sum(r.planned for r in rows),
        finished=sum(r.finished for r in rows),
        ok=sum(r.ok for r in rows),
        test=ranking.test,
        units=ranking.units,
        units_needed=ranking.units_needed,
        machines=machines,
        notes=notes(facts, task, terms, ranking, rows, datasets, cells, machines),
        problems=problems,
    )


def _terms(facts: SuiteFacts, task: str, protocol: str, names: tuple[str, ...], metric: str | None) -> Terms:
    said = facts.tasks.get(task, {})
    chosen = metric or facts.board(task, protocol).get("metric") or said.get("primary") or (names or ("",))[0]
    baselines = facts.baselines(task)
    return Terms(
        metric=str(chosen),
        direction=facts.direction(str(chosen)),
        metrics=names,
        protocol=protocol,
        floor=baselines[0] if baselines else "",
        interactions=said.get("data") == "interactions" or task == "recommendation",
    )


def _metric_names(facts: SuiteFacts, task: str, protocol: str, cells: BoardCells) -> tuple[str, ...]:
    """The task's metrics in its own order, then others that occur in records, by name."""
    ordered = [str(m) for m in facts.tasks.get(task, {}).get("metrics", ())]
    occurring = {
        m for units in cells.trials.values() for t in units.values() for r in t.records for m in r.metrics
    }
    primary = facts.board(task, protocol).get("metric")
    if primary and primary not in ordered:
        ordered.insert(0, str(primary))
    return (*ordered, *sorted(occurring - set(ordered)))


def _dataset_names(facts: SuiteFacts, cells: BoardCells) -> list[str]:
    """Datasets in the order of the newest header, then others by name."""
    present = {dataset for units in cells.trials.values() for dataset, _ in units}
    ordered = [d for d in facts.datasets if d in present]
    return ordered + sorted(present - set(ordered))


def _facts_of(facts: SuiteFacts, cells: BoardCells, name: str, n_shared: int, compared: bool) -> DatasetFacts:
    said = facts.datasets.get(name, {})
    records = [
        r for units in cells.trials.values() for (d, _), t in units.items() if d == name for r in t.records
    ]
    fingerprint = str(said.get("fingerprint") or min((r.dataset_hash for r in records), default=""))
    return DatasetFacts(
        name=name,
        fingerprint=fingerprint,
        facts={k: v for k, v in said.items() if k != "fingerprint"},
        n_planned=len({unit for units in cells.trials.values() for unit in units if unit[0] == name}),
        n_shared=n_shared,
        compared=compared,
    )


def _of(
    results: dict[str, dict[str, DatasetResult]], technique: str, units: Iterable[tuple[str, str]]
) -> list[DatasetResult]:
    planned = {dataset for dataset, _ in units}
    return [by_technique[technique] for d, by_technique in results.items() if d in planned]


def _machines(facts: SuiteFacts, cells: BoardCells) -> tuple[str, ...]:
    keys = {r.key for units in cells.trials.values() for t in units.values() for r in t.records}
    return tuple(sorted(m for m, planned in facts.machines.items() if planned & keys))


def _order(facts: SuiteFacts, place: Board) -> tuple[int, str, str, str]:
    tasks = [b.get("task") for b in facts.suite.get("boards", ())]
    return (tasks.index(place[0]) if place[0] in tasks else len(tasks), *place)
