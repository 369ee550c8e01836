"""What classification and regression share: one split of a table, its messages, its facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bakeoff.model.errors import InvalidOutput, Refusal, UnknownName
from bakeoff.run.data import splits
from bakeoff.run.data.draw import Draw, Sides
from bakeoff.run.data.split_checks import check_sides
from bakeoff.run.data.types import Data, IntArray, Split, TableData, TableSplit
from bakeoff.run.protocol import POLICIES
from bakeoff.run.tasks.base import Policy


def as_table(data: Data) -> TableData:
    """The data, which the plan has matched with the task (TypeError otherwise)."""
    if not isinstance(data, TableData):
        raise TypeError(f"{data.name} is not a table")
    return data


def as_table_split(split: Split) -> TableSplit:
    """The split, of a table (TypeError otherwise)."""
    if not isinstance(split, TableSplit):
        raise TypeError("not a split of a table")
    return split


def parameters(policy: Policy, legal: Sequence[str]) -> Mapping[str, float | int]:
    """The policy's parameters with the defaults filled in; UnknownName for a policy the task does not offer."""
    if policy.name not in legal:
        raise UnknownName("split policy", policy.name, legal)
    return {**POLICIES[policy.name], **policy.params}


def indices(policy: Policy, repeats: int, legal: Sequence[str]) -> list[tuple[int, int]]:
    """(repeat, fold) of every split; `forward` knows no chance, so it has no repeats."""
    folds = int(parameters(policy, legal).get("folds", 1))
    drawn = 1 if policy.name == "forward" else repeats
    return [(repeat, fold) for repeat in range(drawn) for fold in range(folds)]


def split_table(
    data: TableData,
    policy: Policy,
    legal: Sequence[str],
    draw: Draw,
    n_train: int | None,
    codes: IntArray | None,
) -> TableSplit:
    """Make and check one split; `codes` are the classes to stratify by, None for regression."""
    train, test = _sides(data, policy.name, parameters(policy, legal), draw, codes)
    if n_train is not None:
        train = splits.nested_subset(train, n_train, draw, y=None if codes is None else codes[train])
    where = f"{data.name}, split r{draw.repeat}f{draw.fold}"
    check_sides(train, test, where, time=data.time, groups=data.groups)
    return TableSplit(draw.repeat, draw.fold, train, test)


def _sides(
    data: TableData, name: str, params: Mapping[str, float | int], draw: Draw, codes: IntArray | None
) -> Sides:
    n, groups = data.n_rows, data.groups
    if name == "stratified-kfold" and codes is not None:
        return splits.stratified_kfold(codes, int(params["folds"]), draw, groups=groups)
    if name == "forward":
        return splits.forward_folds(_times(data), int(params["folds"]), draw, groups=groups)
    if name == "holdout":
        test, validation = float(params["test"]), float(params["validation"])
        if data.time is not None:
            _no_repeats(data, draw)
            return splits.tail(data.time, test, draw, validation=validation, groups=groups)
        return splits.holdout(n, test, draw, validation=validation, y=codes, groups=groups)
    return splits.kfold(n, int(params["folds"]), draw, groups=groups)


def _times(data: TableData) -> np.ndarray:
    if data.time is None:
        raise Refusal(
            "SPLIT-02",
            f"{data.name}: the policy `forward` needs times, and no time column is declared.",
            hint="Declare the time column (`--time`), or use K-fold or holdout.",
        )
    return data.time


def _no_repeats(data: TableData, draw: Draw) -> None:
    if draw.repeat:
        raise Refusal(
            "SPLIT-02",
            f"{data.name}: rows have times, so holdout tests the last ones, and there is only one such split.",
            hint="Use `--repeats 1`, or the policy `forward` with more folds.",
        )


def order_notes(data: TableData) -> tuple[str, ...]:
    """What a declared time or group column does to the splits, for people."""
    notes = []
    if data.time is not None:
        notes.append(
            f"{data.name}: {_column(data.card.time)} orders the rows: K-fold becomes `forward` "
            "(training on the past only), holdout tests the last rows"
        )
    if data.groups is not None:
        notes.append(
            f"{data.name}: {_column(data.card.groups)} groups the rows: a group stays on one side of a split"
        )
    return tuple(notes)


def _column(name: str | None) -> str:
    return f"column `{name}`" if name else "a column"


def question(split: Split) -> dict[str, np.ndarray]:
    """The test rows."""
    return {"test": as_table_split(split).test}


def targets(data: Data, split: Split) -> dict[str, np.ndarray]:
    """`rows` and `y` of the test part, for metrics added later."""
    test = as_table_split(split).test
    return {"rows": test, "y": as_table(data).target[test]}


def response_of(output: Mapping[str, np.ndarray], n: int) -> np.ndarray:
    """The response, (n,) finite numbers (InvalidOutput otherwise)."""
    if "response" not in output:
        raise InvalidOutput("predict returned nothing")
    response = np.asarray(output["response"])
    if response.shape != (n,):
        raise InvalidOutput(f"predict returned shape {response.shape}, not ({n},)")
    if response.dtype.kind not in "biuf":
        raise InvalidOutput(f"predict returned values of type {response.dtype}, not numbers")
    wrong = int(np.count_nonzero(~np.isfinite(response)))
    if wrong:
        raise InvalidOutput(f"predict returned {wrong} of {n} values that are NaN or infinite")
    return response


def frame_facts(data: TableData) -> dict[str, Any]:
    """Rows, columns, nominal columns, share of missing cells; groups and times where declared."""
    frame = data.frame
    cells = max(1, frame.shape[0] * frame.shape[1])
    facts: dict[str, Any] = {
        "rows": data.n_rows,
        "columns": int(frame.shape[1]),
        "nominal": sum(str(t) == "category" for t in frame.dtypes),
        "missing_share": round(int(frame.isna().to_numpy().sum()) / cells, 6),
    }
    if data.groups is not None:
        facts["groups"] = len(np.unique(data.groups))
    if data.time is not None:
        facts["ordered_by"] = data.card.time or "time"
    return facts
