"""What the engine is supplied with: shared inputs on disk, splits made once, the arrays of each message."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from bakeoff.model.errors import StoreError
from bakeoff.run.data.share import share
from bakeoff.run.data.types import Data, Split, TableData
from bakeoff.run.engines.base import Job, Limits
from bakeoff.run.plan import Cell, Plan
from bakeoff.run.tasks.base import Policy
from bakeoff.store import StoreWriter


class Supply:
    """Serves one run; `scratch` holds the shared inputs and is deleted with it. Safe from any thread."""

    def __init__(self, plan: Plan, scratch: Path) -> None:
        self.plan, self.scratch = plan, scratch
        self._data = {o.data.name: o.data for o in plan.datasets.values() if o.data is not None}
        self._shared: dict[str, str] = {}
        self._targets: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()
        self._split = lru_cache(maxsize=32)(self._make_split)

    def job(self, number: int, cell: Cell, limits: Limits) -> Job:
        """The job of a cell; its arrays are made when the engine asks for them."""
        data = self._data[cell.dataset]
        return Job(
            id=number,
            kind=str(data.kind),
            links=cell.chain.links,
            classes=len(data.classes) if isinstance(data, TableData) else 0,
            seed=cell.seed,
            share=self._share(data),
            limits=limits,
            fit=partial(self._message, cell),
            ask=partial(self._question, cell),
        )

    def split(self, cell: Cell) -> Split:
        """The cell's split, the same object for every technique as long as it is remembered."""
        params = tuple(sorted(cell.policy.params.items()))
        return self._split(
            cell.dataset, cell.policy.name, params, cell.repeat, cell.fold, cell.seed, cell.n_train
        )

    def keep_targets(self, writer: StoreWriter, cell: Cell) -> None:
        """Keep row ids and targets of the cell's test part, once per dataset and split."""
        what = (cell.dataset_hash, cell.protocol, cell.split)
        if what not in self._targets:
            self._targets.add(what)
            rules = self.plan.rules[cell.task]
            writer.keep_targets(*what, rules.targets(self._data[cell.dataset], self.split(cell)))

    def _message(self, cell: Cell) -> Mapping[str, np.ndarray]:
        return self.plan.rules[cell.task].message(self._data[cell.dataset], self.split(cell))

    def _question(self, cell: Cell) -> Mapping[str, np.ndarray]:
        return self.plan.rules[cell.task].question(self._data[cell.dataset], self.split(cell))

    def _make_split(
        self,
        dataset: str,
        policy: str,
        params: tuple[tuple[str, float | int], ...],
        repeat: int,
        fold: int,
        seed: int,
        n_train: int | None,
    ) -> Split:
        data = self._data[dataset]
        rules = self.plan.rules[data.task]
        return rules.split(data, Policy(policy, dict(params)), repeat, fold, seed, n_train)

    def _share(self, data: Data) -> str:
        """Write a table's inputs where workers can map them; interactions travel by message."""
        if not isinstance(data, TableData):
            return ""
        with self._lock:
            if data.name not in self._shared:
                folder = self.scratch / data.fingerprint
                try:
                    folder.mkdir(exist_ok=True)
                    share(data, folder)
                except OSError as error:
                    raise StoreError(
                        f"cannot write the inputs of {data.name} to {self.scratch.parent}: {error.strerror}.",
                        hint="Make room there, or set TMPDIR to a folder that has some.",
                    ) from error
                self._shared[data.name] = str(folder)
            return self._shared[data.name]
