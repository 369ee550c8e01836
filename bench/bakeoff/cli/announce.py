"""What `bakeoff run` says before it runs: the user's data as understood, unavailable techniques, expected minutes,
and, for `--dry-run` and `--explain`, every cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.model.units import show_seconds
from bakeoff.model.words import Status

if TYPE_CHECKING:
    from bakeoff.run.data.types import Data
    from bakeoff.run.engines.base import Limits
    from bakeoff.run.plan import Plan


def unavailable_lines(plan: Plan) -> Iterator[str]:
    """One line a reason why cells cannot run here."""
    reasons = {c.chain.unavailable for c in plan.cells if c.chain.unavailable}
    for reason in sorted(reasons):
        yield f"unavailable: {reason}"


def own_lines(plan: Plan, own: Mapping[str, Data]) -> Iterator[str]:
    """Task, columns by kind, target, positive label, and what loading did."""
    from bakeoff.run.data.types import TableData

    for data in own.values():
        if not isinstance(data, TableData):
            continue
        kinds = Counter("nominal" if str(t) == "category" else "numeric" for t in data.frame.dtypes)
        shown = ", ".join(f"{n} {k}" for k, n in sorted(kinds.items()))
        yield f"{data.name}: {data.task} of {data.card.target!r}, {data.n_rows:,} rows, {shown} columns"
        for kind in ("numeric", "nominal"):
            names = [
                str(c) for c, t in data.frame.dtypes.items() if (str(t) == "category") == (kind == "nominal")
            ]
            if names:
                more = f", ... ({len(names) - 12} more)" if len(names) > 12 else ""
                yield f"  {kind}: {', '.join(names[:12])}{more}"
        yield from _target_lines(data)
        opened = plan.datasets.get(data.name)
        for note in dict.fromkeys((*data.notes, *(opened.notes if opened else ()))):
            yield f"  note: {note}"


def _target_lines(data: Data) -> Iterator[str]:
    import numpy as np

    from bakeoff.run.data.types import TableData

    classes = data.classes if isinstance(data, TableData) else ()
    if isinstance(data, TableData) and len(classes) == 2:
        share = float(np.mean(data.target == 1))
        yield f"  positive label: {classes[1]!r} ({share:.1%} of rows); choose another with --positive"
    elif classes:
        yield f"  classes: {len(classes)} ({', '.join(classes[:8])}{', ...' if len(classes) > 8 else ''})"


def estimate_line(plan: Plan, folder: Path, jobs: int) -> str:
    """How long it may take, from earlier records or declared costs, and for how many cells nobody knows."""
    from bakeoff.run.estimate import Costs, total
    from bakeoff.store import StoreIndex

    index = StoreIndex(folder)
    index.refresh()
    finished = {k for k, r in index.latest.items() if r.status == Status.OK}
    left = [c for c in plan.cells if c.blocked is None and c.key not in finished]
    seconds, unknown = total(left, plan, Costs.learn(index.latest.values(), plan))
    note = f", not counting {unknown} cells of unknown cost" if unknown else ""
    spent = show_seconds(seconds / max(1, jobs))
    workers = f"{jobs} workers" if jobs > 1 else "1 worker"
    return (
        f"{plan.config.name}: {len(left)} of {len(plan.cells)} cells to run, about {spent} on {workers}{note}"
    )


def cell_lines(
    plan: Plan, folder: Path, limits: Limits, rerun: str | None, *, explain: bool
) -> Iterator[str]:
    """One line a planned cell; with `explain` why it is reused or not."""
    from bakeoff.run.reuse import explain as why
    from bakeoff.run.reuse import reusable
    from bakeoff.store import StoreIndex

    index = StoreIndex(folder)
    index.refresh()
    for cell in plan.cells:
        record = index.latest.get(cell.key)
        if cell.blocked is not None:
            state = f"{cell.blocked}: {cell.reason}"
        elif explain:
            state = why(cell, record, limits, rerun, index.headers)
        else:
            state = "reuse" if reusable(record, limits, rerun) else "run"
        yield f"{cell.key[:12]}  {cell.chain.name}  {cell.dataset}  {cell.protocol}  {cell.split}  {state}"
