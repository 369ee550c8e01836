"""Which cells of a plan are done already, and, for `--explain`, why a cell is or is not reused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bakeoff.model.header import Header
from bakeoff.model.record import Record
from bakeoff.model.words import FAILURES, LIMIT_BOUND, NEVER_REUSED
from bakeoff.run.engines.base import Limits
from bakeoff.run.plan import Cell


def reusable(record: Record | None, limits: Limits, rerun: str | None) -> bool:
    """Whether a finished record stands for its cell under these limits and `--rerun failed|all`."""
    if record is None or rerun == "all" or record.status in NEVER_REUSED:
        return False
    if rerun == "failed" and record.status in FAILURES:
        return False
    return record.status not in LIMIT_BOUND or not _larger(limits, record)


def _larger(limits: Limits, record: Record) -> bool:
    """Whether the limit that stopped the record has been raised or lifted."""
    name = "timeout" if record.status == "timeout" else "memory"
    now, then = getattr(limits, name), record.limits.get(name)
    return then is not None and (now is None or now > then)


def explain(
    cell: Cell, record: Record | None, limits: Limits, rerun: str | None, headers: Iterable[Header]
) -> str:
    """One line: reused, or why not, naming the part of the key that changed."""
    if record is not None:
        if reusable(record, limits, rerun):
            return f"reused ({record.status}, {record.started_at})"
        if rerun:
            return f"runs again: --rerun {rerun} and its record is {record.status}"
        return f"runs again: its record is {record.status}" + _limit_note(record, limits)
    earlier = _earlier(cell, headers)
    if earlier is None:
        return "new: no run with this technique, dataset, split and seed is known here"
    changed = _changed(cell.parts, earlier)
    return f"changed since: {', '.join(changed)}" if changed else "planned before, never finished"


def _limit_note(record: Record, limits: Limits) -> str:
    if record.status not in LIMIT_BOUND:
        return ""
    name = "timeout" if record.status == "timeout" else "memory"
    return f" under {name} {record.limits.get(name)}, now {getattr(limits, name)}"


def _earlier(cell: Cell, headers: Iterable[Header]) -> Mapping[str, str] | None:
    """The parts of the newest planned cell with the same identity in words."""
    found = None
    for header in sorted(headers, key=lambda h: h.created_at):
        for known in header.grid.get("cells", ()):
            if _same(cell, known):
                found = known.get("parts", {})
    return found


def _same(cell: Cell, known: Mapping[str, Any]) -> bool:
    names = ("technique", "dataset", "split", "seed")
    mine = (cell.chain.name, cell.dataset, cell.split, cell.seed)
    return all(known.get(n) == m for n, m in zip(names, mine, strict=True))


def _changed(now: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    return [name for name in sorted(now.keys() | then.keys()) if now.get(name) != then.get(name)]
