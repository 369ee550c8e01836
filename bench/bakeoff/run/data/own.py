"""The user's own table: what its columns are and which task its target makes, inferred and said.

What is inferred stands in the notes, so that nobody has to guess what was guessed. Interactions of one's own
need a plugin with a card; a file by path is a table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from bakeoff.model.card import Card
from bakeoff.model.errors import DatasetError
from bakeoff.run.data.columns import Column, clean
from bakeoff.run.data.read import read_file
from bakeoff.run.data.roles import build_table, require_columns, shown
from bakeoff.run.data.types import TableData

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".parquet", ".pq")
#: A target of at most so many whole numbers, each five times on average, is taken for classes.
FEW_CLASSES = 20
ROWS_A_CLASS = 5
#: An input column is said to look like an identifier from this share of different values on.
ID_SHARE = 0.95
ID_ROWS = 20
FEW_LEVELS = 10


@dataclass(frozen=True, slots=True)
class OwnData:
    """What the user said about a file. task: "classification", "regression" or None, then it is inferred.

    drop, groups, time: columns that are no inputs; rows of one group stay on one side of every split.
    """

    target: str
    positive: str | None = None
    drop: tuple[str, ...] = ()
    groups: str | None = None
    time: str | None = None
    task: str | None = None


def open_own(path: Path, own: OwnData | None) -> TableData:
    """Open a user's file as a table.

    Raises DatasetError for a file that is not there (with the nearest name) or cannot be read, for columns that
    it does not hold, and for a target from which nothing can be learned; Refusal EDA-01, EDA-02.
    """
    if not path.is_file():
        raise missing_file(path)
    raw, notes = _without_row_numbers(read_file(path))
    columns = [str(column) for column in raw.columns]
    if own is None:
        hint = f"Add --target with one of its columns: {shown(columns)}."
        raise DatasetError(f"{path.name} needs a target.", hint=hint)
    require_columns(raw, [("target", own.target)], path.name)
    task, reason = _task(clean(raw[own.target], own.target, path.name), own, path.name)
    card = Card(
        name=path.name,
        title=path.name,
        task=task,
        target=own.target,
        positive=own.positive,
        drop=tuple(own.drop),
        groups=own.groups,
        time=own.time,
        rows=len(raw),
        source=path.name,
        made_by="the user's own file",
    )
    data = build_table(raw, card)
    return _explained(data, (*notes, *reason))


def missing_file(path: Path) -> DatasetError:
    """The error for a path at which there is no file, with the nearest name beside it."""
    if path.is_dir():
        return DatasetError(f"{path} is a folder, not a file.")
    try:
        there = [entry.name for entry in path.parent.iterdir() if entry.name.endswith(SUFFIXES)]
    except OSError:
        return DatasetError(f"there is no file {path}: its folder does not exist or cannot be read.")
    near = get_close_matches(path.name, there, n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(str(path.parent / name) for name in near)}?" if near else ""
    return DatasetError(f"there is no file {path}.", hint=hint)


def _without_row_numbers(raw: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out the nameless first column that many programs write to number the rows."""
    first = raw.columns[0]
    if not str(first).startswith("Unnamed: "):
        return raw, ()
    values = raw[first].to_numpy()
    counted = np.arange(len(values))
    if values.dtype.kind != "i" or not any((values == counted + start).all() for start in (0, 1)):
        return raw, ()
    return raw.drop(columns=first), ("left out the nameless first column: it numbers the rows",)


def _task(target: Column, own: OwnData, name: str) -> tuple[str, tuple[str, ...]]:
    """The task, and why it was taken for this one."""
    if own.task == "recommendation":
        raise DatasetError(
            f"{name} is a table, and recommendation needs users and items.",
            hint="Register interactions with a plugin and a card: docs/datasets.md.",
        )
    if own.task is not None:
        return own.task, ()
    values = target.values[~target.missing]
    found = len(np.unique(values))
    if target.kind == "nominal":
        _refuse_texts(found, len(values), own.target, name)
        return "classification", (f"classification: {own.target!r} holds {found} labels",)
    if own.positive is not None or found <= 2:
        return "classification", (f"classification: {own.target!r} holds {found} different numbers",)
    whole = bool((values == np.round(values)).all())
    if whole and found <= min(FEW_CLASSES, len(values) / ROWS_A_CLASS):
        return "classification", (
            f"classification: {own.target!r} holds only {found} different whole numbers",
        )
    return "regression", (f"regression: {own.target!r} holds {found} different numbers",)


def _refuse_texts(found: int, rows: int, target: str, name: str) -> None:
    if found > max(FEW_CLASSES, rows / 2):
        raise DatasetError(
            f"the target {target!r} of {name} holds {found} different texts in {rows} rows: "
            f"neither classes nor numbers.",
            hint="Choose another column, or mend what keeps it from being read as numbers.",
        )


def _explained(data: TableData, first: tuple[str, ...]) -> TableData:
    notes = (*first, *data.notes)
    if len(data.classes) == 2:
        named = "" if data.card.positive else " (the last in order; --positive names another)"
        notes += (f"positive label: {data.classes[1]!r}{named}",)
    roles = [f"{role}: {column!r}" for role, column in _roles(data.card) if column is not None]
    if roles:
        notes += ("no inputs, but roles: " + ", ".join(roles),)
    return replace(data, notes=notes + _suspicions(data.frame))


def _roles(card: Card) -> list[tuple[str, str | None]]:
    return [("groups", card.groups), ("time", card.time)]


def _suspicions(frame: pd.DataFrame) -> tuple[str, ...]:
    """What a person would want to look at: the columns stay, and are named."""
    found: dict[str, list[str]] = {}
    for name in frame.columns:
        suspicion = _suspicion(frame[name])
        if suspicion:
            found.setdefault(suspicion, []).append(repr(name))
    return tuple(f"{what}: {', '.join(names)}" for what, names in found.items())


def _suspicion(column: pd.Series) -> str:
    present = column.dropna()
    different = present.nunique()
    if different == 0:
        return "empty columns"
    if different == 1 and len(present) == len(column):
        return "constant columns"
    many = len(present) >= ID_ROWS and different >= ID_SHARE * len(present)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return "columns that look like identifiers or free text (consider --drop)" if many else ""
    values = present.to_numpy()
    if not (values == np.round(values)).all():
        return ""
    if many and different == len(present) and _evenly_numbered(values):
        return "columns that look like row numbers (consider --drop)"
    return "whole numbers with few levels, taken as numeric" if 2 < different <= FEW_LEVELS else ""


def _evenly_numbered(values: np.ndarray) -> bool:
    return bool(values.max() - values.min() <= len(values) / ID_SHARE)
