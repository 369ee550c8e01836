"""Regression: which splits are legal, what an answer must look like, how it scores.

Formulas: `bakeoff.metrics.regression`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bakeoff.metrics import regression as formulas
from bakeoff.model.errors import Refusal
from bakeoff.model.specs import Metric
from bakeoff.model.words import DataKind
from bakeoff.run.data.draw import Draw
from bakeoff.run.data.types import Data, Split, TableSplit
from bakeoff.run.tasks import tables
from bakeoff.run.tasks.base import Output, Policy, Scores, TaskRules
from bakeoff.run.tasks.measure import table_bundle


@dataclass(frozen=True, slots=True)
class Regression:
    """The rules (`TaskRules`)."""

    name: str = "regression"
    kind: DataKind = DataKind.TABLE
    policies: tuple[str, ...] = ("kfold", "holdout", "forward")

    def check(self, data: Data) -> tuple[str, ...]:
        """Refuse a constant target (EDA-01); say what a time or group column does to the splits."""
        table = tables.as_table(data)
        if not np.ptp(table.target):
            raise Refusal(
                "EDA-01",
                f"{table.name}: the target {table.card.target!r} is constant in {table.n_rows} rows.",
                hint="Choose another target column.",
            )
        return tables.order_notes(table)

    def indices(self, policy: Policy, repeats: int) -> Sequence[tuple[int, int]]:
        """(repeat, fold) of every split."""
        return tables.indices(policy, repeats, self.policies)

    def split(
        self, data: Data, policy: Policy, repeat: int, fold: int, seed: int, n_train: int | None = None
    ) -> TableSplit:
        """A random or time-ordered split; Refusal SPLIT-01..04."""
        table = tables.as_table(data)
        draw = Draw(seed, repeat, fold, table.name)
        return tables.split_table(table, policy, self.policies, draw, n_train, None)

    def message(self, data: Data, split: Split) -> dict[str, np.ndarray]:
        """`train` (rows) and `y` (their targets)."""
        train = tables.as_table_split(split).train
        return {"train": train, "y": tables.as_table(data).target[train]}

    def question(self, data: Data, split: Split) -> dict[str, np.ndarray]:  # noqa: ARG002 - the interface
        """`test` (rows)."""
        return tables.question(split)

    def validate(self, data: Data, split: Split, output: Output) -> dict[str, np.ndarray]:  # noqa: ARG002
        """`response` as finite float64."""
        n = len(tables.as_table_split(split).test)
        return {"response": tables.response_of(output, n).astype(np.float64)}

    def score(self, data: Data, split: Split, output: Output, metrics: Sequence[Metric]) -> Scores:
        """All metrics; None with a note where the test part's target is constant or a number overflows."""
        test = tables.as_table_split(split).test
        y, response = tables.as_table(data).target[test], output["response"]
        found = table_bundle(metrics, formulas, partial(formulas.bundle, y, response), y, response, None)
        return Scores(found.values, notes=found.notes, n_test=len(test))

    def kept(self, output: Output) -> dict[str, np.ndarray]:
        """float32 responses; float64 where float32 would overflow."""
        response = output["response"]
        small = np.abs(response).max(initial=0) < np.finfo(np.float32).max
        return {"response": response.astype(np.float32) if small else response}

    def targets(self, data: Data, split: Split) -> dict[str, np.ndarray]:
        """`rows` and `y` of the test part."""
        return tables.targets(data, split)

    def facts(self, data: Data) -> dict[str, Any]:
        """Facts of the table, mean and standard deviation of the target."""
        table = tables.as_table(data)
        return tables.frame_facts(table) | {
            "target_mean": float(table.target.mean()),
            "target_sd": float(table.target.std()),
        }


#: What the manifest names.
regression: TaskRules = Regression()
