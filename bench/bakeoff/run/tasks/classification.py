"""Classification, two classes or more: which splits are legal, what an answer must look like, how it scores.

Codes are 0..K-1; with two classes 1 is the positive one. Formulas: `bakeoff.metrics.classification`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bakeoff.metrics import classification as formulas
from bakeoff.model.errors import InvalidOutput, Refusal
from bakeoff.model.specs import Metric
from bakeoff.model.words import DataKind
from bakeoff.run.data.draw import Draw, too_few
from bakeoff.run.data.types import Data, Split, TableData, TableSplit
from bakeoff.run.tasks import tables
from bakeoff.run.tasks.base import Output, Policy, Scores, TaskRules
from bakeoff.run.tasks.measure import table_bundle

#: How far a row of probabilities may sum from 1 before it is refused; within, it is renormalised.
SUM_TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Classification:
    """The rules (`TaskRules`)."""

    name: str = "classification"
    kind: DataKind = DataKind.TABLE
    policies: tuple[str, ...] = ("stratified-kfold", "holdout", "forward")

    def check(self, data: Data) -> tuple[str, ...]:
        """Refuse data with fewer than two classes (EDA-01); warn of classes too rare for 5 folds."""
        table = tables.as_table(data)
        counts = np.bincount(table.target, minlength=len(table.classes))
        if np.count_nonzero(counts) < 2:
            raise Refusal(
                "EDA-01",
                f"{table.name}: the target {table.card.target!r} has one class only in {table.n_rows} rows.",
                hint="Choose another target column.",
            )
        rare = [f"{table.classes[c]!r} ({counts[c]})" for c in np.flatnonzero(counts < 5)]
        shown = ", ".join(rare[:5]) + (", ..." if len(rare) > 5 else "")
        warning = (f"{table.name}: classes with fewer than 5 rows: {shown}",) if rare else ()
        return warning + tables.order_notes(table)

    def indices(self, policy: Policy, repeats: int) -> Sequence[tuple[int, int]]:
        """(repeat, fold) of every split."""
        return tables.indices(policy, repeats, self.policies)

    def split(
        self, data: Data, policy: Policy, repeat: int, fold: int, seed: int, n_train: int | None = None
    ) -> TableSplit:
        """A stratified split; Refusal SPLIT-01..04."""
        table = tables.as_table(data)
        draw = Draw(seed, repeat, fold, table.name, table.classes)
        split = tables.split_table(table, policy, self.policies, draw, n_train, table.target)
        if len(np.unique(table.target[split.train])) < 2:
            raise too_few(
                draw,
                f"the training side of split r{repeat}f{fold} holds one class only",
                "Use fewer folds, a larger training size, or another policy.",
            )
        return split

    def message(self, data: Data, split: Split) -> dict[str, np.ndarray]:
        """`train` (rows) and `y` (their codes)."""
        train = tables.as_table_split(split).train
        return {"train": train, "y": tables.as_table(data).target[train]}

    def question(self, data: Data, split: Split) -> dict[str, np.ndarray]:  # noqa: ARG002 - the interface
        """`test` (rows)."""
        return tables.question(split)

    def validate(self, data: Data, split: Split, output: Output) -> dict[str, np.ndarray]:
        """`response` as int64 codes; `proba`, where there is one, (n, K) float64 with rows that sum to 1."""
        table, n = tables.as_table(data), len(tables.as_table_split(split).test)
        response = tables.response_of(output, n)
        unknown = (response < 0) | (response >= len(table.classes)) | (response != np.floor(response))
        if unknown.any():
            raise InvalidOutput(
                f"predict returned unknown classes in {int(unknown.sum())} of {n} rows, the first is "
                f"{response[unknown][0]}; codes are 0..{len(table.classes) - 1}"
            )
        checked = {"response": response.astype(np.int64)}
        if output.get("proba") is not None:
            checked["proba"] = _probabilities(output, n, len(table.classes))
        return checked

    def score(self, data: Data, split: Split, output: Output, metrics: Sequence[Metric]) -> Scores:
        """All metrics; None with a note where the test part or the technique does not allow one."""
        table, test = tables.as_table(data), tables.as_table_split(split).test
        y, response, proba = table.target[test], output["response"], output.get("proba")
        found = table_bundle(
            metrics, formulas, partial(formulas.bundle, y, response, proba), y, response, proba
        )
        absent = len(table.classes) - len(np.unique(y))
        diagnostics: dict[str, float | None] = {"absent_classes": float(absent)} if absent else {}
        return Scores(found.values, diagnostics, notes=found.notes, n_test=len(test))

    def kept(self, output: Output) -> dict[str, np.ndarray]:
        """int32 codes, float32 probabilities."""
        kept = {"response": output["response"].astype(np.int32)}
        if "proba" in output:
            kept["proba"] = output["proba"].astype(np.float32)
        return kept

    def targets(self, data: Data, split: Split) -> dict[str, np.ndarray]:
        """`rows` and `y` of the test part."""
        return tables.targets(data, split)

    def facts(self, data: Data) -> dict[str, Any]:
        """Facts of the table, number of classes, share of the rarest one."""
        table = tables.as_table(data)
        return tables.frame_facts(table) | _class_facts(table)


def _class_facts(table: TableData) -> dict[str, Any]:
    counts = np.bincount(table.target, minlength=len(table.classes))
    facts: dict[str, Any] = {
        "classes": len(table.classes),
        "minority_share": round(float(counts.min(initial=table.n_rows)) / max(1, table.n_rows), 6),
    }
    return facts | ({"positive": table.classes[1]} if len(table.classes) == 2 else {})


def _probabilities(output: Output, n: int, classes: int) -> np.ndarray:
    """Canonical (n, K) probabilities; classes the learner never saw get 0."""
    given = np.asarray(output["proba"])
    columns = _columns(output, classes)
    if given.shape != (n, len(columns)):
        raise InvalidOutput(f"predict_proba returned shape {given.shape}, not ({n}, {len(columns)})")
    if given.dtype.kind not in "biuf":
        raise InvalidOutput(f"predict_proba returned values of type {given.dtype}, not numbers")
    given = given.astype(np.float64)
    bad = ~(np.isfinite(given) & (given >= 0)).all(axis=1)
    if bad.any():
        raise InvalidOutput(
            f"predict_proba returned NaN, infinite or negative values in {int(bad.sum())} of {n} rows"
        )
    total = given.sum(axis=1, keepdims=True)
    off = np.abs(total - 1) > SUM_TOLERANCE
    if off.any():
        raise InvalidOutput(
            f"predict_proba: {int(off.sum())} of {n} rows do not sum to 1, the first sums to {total[off][0]:.6g}"
        )
    full = np.zeros((n, classes))
    full[:, columns] = given / total
    return full


def _columns(output: Output, classes: int) -> np.ndarray:
    """The class code of each column: `classes_`, or 0..K-1 without it."""
    if output.get("classes") is None:
        return np.arange(classes)
    codes = np.asarray(output["classes"]).ravel()
    known = np.isin(codes, np.arange(classes))
    if not known.all() or len(np.unique(codes)) != len(codes):
        raise InvalidOutput(
            f"classes_ is {codes[:8].tolist()}, which are not distinct codes of 0..{classes - 1}"
        )
    return codes.astype(np.int64)


#: What the manifest names.
classification: TaskRules = Classification()
