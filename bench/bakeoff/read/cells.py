"""Which record stands for which planned cell, and which splits may be compared at all.

Takes records and merged headers of one suite, hands on one `Trial` a slot. Knows nothing of statistics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bakeoff.model.record import Record
from bakeoff.model.words import Status
from bakeoff.read.headers import Slot, SuiteFacts

#: Statuses of cells that are still to be done: they say nothing about the technique.
PENDING = frozenset({Status.NOT_RUN, Status.INTERRUPTED})

#: A dataset and one of its splits.
Unit = tuple[str, str]

#: Task, protocol and track.
Board = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """One technique on one split: a record for each seed that has one, and how many have none."""

    records: tuple[Record, ...]
    missing: int = 0

    @property
    def ok(self) -> bool:
        """Every planned seed ended ok."""
        return not self.missing and all(r.status is Status.OK for r in self.records)

    @property
    def pending(self) -> bool:
        """Something is still to be done here."""
        return self.missing > 0 or any(r.status in PENDING for r in self.records)

    @property
    def planned(self) -> int:
        """Count the cells."""
        return len(self.records) + self.missing

    def failures(self) -> Counter[str]:
        """Count what is not ok, by status; `missing` = planned and no record."""
        counts = Counter(str(r.status) for r in self.records if r.status is not Status.OK)
        if self.missing:
            counts["missing"] = self.missing
        return counts


@dataclass(frozen=True, slots=True)
class BoardCells:
    """The cells of one board: technique -> unit -> trial, and what was left out, by reason."""

    trials: Mapping[str, Mapping[Unit, Trial]]
    left_out: Mapping[str, int] = field(default_factory=dict)

    def by_dataset(self) -> dict[str, dict[str, dict[str, Trial]]]:
        """Regroup the trials: dataset -> technique -> split -> trial; a technique is in every dataset."""
        names = sorted({dataset for units in self.trials.values() for dataset, _ in units})
        grouped: dict[str, dict[str, dict[str, Trial]]] = {d: {t: {} for t in self.trials} for d in names}
        for technique, units in self.trials.items():
            for (dataset, split), trial in units.items():
                grouped[dataset][technique][split] = trial
        return grouped


def boards_of(facts: SuiteFacts, records: Iterable[Record]) -> dict[Board, BoardCells]:
    """Sort one suite's records into boards by (task, protocol, track).

    A record belongs to the suite where one of its plans holds its key (it may have been made for another suite)
    or where it says so itself. A record whose place a newer plan gives to other keys (other code, versions or
    parameters) is left out and counted, and so are records of an older content of a dataset.
    """
    mine = sorted((r for r in records if r.key in facts.planned_keys or r.suite == facts.name), key=_age)
    by_key = {
        r.key: r for r in sorted(mine, key=lambda r: r.suite == facts.name)
    }  # the suite's own copy wins
    found, superseded = _assign(facts, by_key)
    stale = _stale(found)
    boards: dict[Board, dict[str, dict[Unit, Trial]]] = {}
    old: Counter[Board] = Counter()
    for slot, cells in found.items():
        kept = tuple(r for r in cells if r.key not in stale)
        old[slot[:3]] += len(cells) - len(kept)
        missing = max(len(facts.plan.get(slot, ())), len(cells)) - len(kept)
        techniques = boards.setdefault(slot[:3], {})
        techniques.setdefault(slot.technique, {})[slot.dataset, slot.split] = Trial(kept, missing)
    return {
        board: BoardCells(trials, {_SUPERSEDED: superseded[board], _STALE: old[board]})
        for board, trials in boards.items()
    }


def _assign(
    facts: SuiteFacts, by_key: Mapping[str, Record]
) -> tuple[dict[Slot, list[Record]], Counter[Board]]:
    """Records of each slot, and how many a newer plan or record has put out of place."""
    found = {slot: [by_key[k] for k in sorted(keys) if k in by_key] for slot, keys in facts.plan.items()}
    current = {key for keys in facts.plan.values() for key in keys}
    superseded: Counter[Board] = Counter()
    for record in sorted((r for r in by_key.values() if r.key not in current), key=_age):
        slot = Slot.of(record)
        if slot in facts.plan:
            superseded[slot[:3]] += 1
            continue
        before = found.get(slot, [])
        others = [r for r in before if r.seed != record.seed]
        superseded[slot[:3]] += len(before) - len(others)
        found[slot] = [*others, record]
    return found, superseded


_SUPERSEDED = "of an earlier plan (other code, versions or parameters)"
_STALE = "of an earlier content of their dataset"


def _age(record: Record) -> tuple[str, int, str]:
    return record.started_at, record.attempt, record.key


def _stale(found: Mapping[Slot, Sequence[Record]]) -> set[str]:
    """Keys of records whose dataset has newer records of another content in the same task."""
    newest: dict[tuple[str, str], Record] = {}
    everything = [(slot, r) for slot, cells in found.items() for r in cells if r.dataset_hash]
    for slot, record in everything:
        place = (slot.task, slot.dataset)
        if place not in newest or _age(newest[place]) < _age(record):
            newest[place] = record
    return {r.key for s, r in everything if r.dataset_hash != newest[s.task, s.dataset].dataset_hash}


def shared_units(trials: Mapping[str, Mapping[Unit, Trial]]) -> frozenset[Unit]:
    """Choose the (dataset, split) pairs on which techniques are compared, by coverage and never by score.

    In an unfinished run some techniques are ahead. Among the techniques with a result, sorted by how much they
    have pending, the first k share the splits none of them has pending; the k with the largest k x splits wins
    (ties: the larger k). In a finished run nothing is pending and these are all splits. A failed split is not
    pending: it stays, and the technique that failed there is incomplete.
    """
    alive = [units for units in trials.values() if any(t.ok for t in units.values())]
    everything = {unit for units in alive for unit in units}
    pending = sorted(
        (sorted(u for u, t in units.items() if t.pending) for units in alive), key=lambda p: (len(p), p)
    )
    best: frozenset[Unit] = frozenset()
    area = 0
    left = set(everything)
    for k, behind in enumerate(pending, start=1):
        left -= set(behind)
        if k * len(left) >= area:
            best, area = frozenset(left), k * len(left)
    return best
