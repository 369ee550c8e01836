"""A raw table and its card made into `TableData`: target, inputs, groups and time are taken apart.

Refuses a constant target (EDA-01) and a target that stands among the inputs (EDA-02). Does not read files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np
import pandas as pd

from bakeoff.model.card import Card
from bakeoff.model.errors import DatasetError, Refusal
from bakeoff.run.data.columns import Column, clean
from bakeoff.run.data.fingerprint import table_fingerprint
from bakeoff.run.data.leak import gives_away
from bakeoff.run.data.share import assemble, categorical
from bakeoff.run.data.types import FloatArray, IntArray, TableData

#: The kind of target of the core's tasks; a plugin's task says it in its cards' `kinds`, else it is inferred.
_TARGET_KIND = {"classification": "nominal", "regression": "numeric"}


def build_table(raw: pd.DataFrame, card: Card) -> TableData:
    """Take a raw table apart as its card says. `card.name` stands in messages.

    Raises DatasetError for missing columns (with the nearest name), a positive label that does not occur, an
    empty group or time; Refusal EDA-01, EDA-02. Rows without target are dropped and noted.
    """
    raw = _named_columns(raw, card)
    target, raw, notes = _target(raw, card)
    codes, classes = _coded_target(target, card)
    inputs = [
        clean(raw[name], name, card.name, card.kinds.get(name))
        for name in raw.columns
        if name not in _roles(card)
    ]
    if not inputs:
        raise DatasetError(f"{card.name} has no input columns beside the target {card.target!r}.")
    frame = assemble({column.name: _values(column) for column in inputs}, len(codes))
    _refuse_leaks(frame, codes, bool(classes), card)
    groups, time = _groups(raw, card), _time(raw, card)
    kinds = {column.name: column.kind for column in [*inputs, target]}
    return TableData(
        name=card.name,
        task=card.task,
        card=replace(card, kinds=kinds, origin=card.origin or card.name),
        fingerprint=table_fingerprint(frame, codes, classes, groups, time),
        frame=frame,
        target=codes,
        classes=classes,
        groups=groups,
        time=time,
        notes=notes + tuple(note for column in inputs for note in column.notes),
    )


def require_columns(raw: pd.DataFrame, wanted: Iterable[tuple[str, str]], name: str) -> None:
    """Check that the (role, column) pairs are there; DatasetError with the nearest name."""
    known = [str(column) for column in raw.columns]
    for role, column in wanted:
        if column in known:
            continue
        near = get_close_matches(column, known, n=2, cutoff=0.5)
        hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"Columns: {shown(known)}."
        raise DatasetError(f"{name} has no column {column!r} ({role}).", hint=hint)


def shown(columns: Sequence[str]) -> str:
    """The first dozen column names on one line, whatever characters they are made of."""
    names = [" ".join(column.split()) for column in columns[:12]]
    return ", ".join(names) + (", ..." if len(columns) > 12 else "")


def _named_columns(raw: pd.DataFrame, card: Card) -> pd.DataFrame:
    raw = raw.set_axis([str(column) for column in raw.columns], axis="columns")
    twice = raw.columns[raw.columns.duplicated()]
    if len(twice):
        raise DatasetError(f"{card.name} has more than one column {twice[0]!r}.", hint="Rename one of them.")
    named = [("target", card.target), ("groups", card.groups), ("time", card.time)]
    wanted = [(role, column) for role, column in named if column is not None]
    wanted += [("drop", column) for column in card.drop] + [("kinds", column) for column in card.kinds]
    require_columns(raw, wanted, card.name)
    if not len(raw):
        raise DatasetError(f"{card.name} has no rows.")
    return raw


def _roles(card: Card) -> set[str | None]:
    return {card.target, card.groups, card.time, *card.drop}


def _target(raw: pd.DataFrame, card: Card) -> tuple[Column, pd.DataFrame, tuple[str, ...]]:
    name = str(card.target)
    kind = _TARGET_KIND.get(card.task) or card.kinds.get(name)
    target = clean(raw[name], name, card.name, kind)
    kept = ~target.missing
    if not kept.any():
        raise DatasetError(f"the target {name!r} of {card.name} is missing in every one of {len(raw)} rows.")
    notes = target.notes
    if not kept.all():
        notes += (f"dropped {int((~kept).sum())} of {len(raw)} rows: no target",)
    return replace(target, values=target.values[kept]), raw[kept].reset_index(drop=True), notes


def _coded_target(target: Column, card: Card) -> tuple[np.ndarray, tuple[str, ...]]:
    found, codes = np.unique(target.values, return_inverse=True)
    if len(found) < 2:
        raise Refusal(
            "EDA-01",
            f"the target {target.name!r} of {card.name} is constant: "
            f"all {len(codes)} rows are {str(found[0])!r}.",
            hint="Choose another target.",
        )
    if target.kind == "numeric":
        return _transformed(target.values, card), ()
    classes = tuple(found)
    if card.positive is not None:
        return _positive_last(codes, classes, card)
    return codes.astype(np.int64), classes


def _transformed(values: np.ndarray, card: Card) -> np.ndarray:
    if card.transform is None:
        return values
    if values.min() <= (0 if card.transform == "log" else -1):
        raise DatasetError(
            f"the target {card.target!r} of {card.name} goes down to {values.min():g}, "
            f"which has no {card.transform}."
        )
    return np.asarray(np.log(values) if card.transform == "log" else np.log1p(values))


def _positive_last(
    codes: np.ndarray, classes: tuple[str, ...], card: Card
) -> tuple[np.ndarray, tuple[str, ...]]:
    shown = ", ".join(map(repr, classes[:10]))
    if card.positive not in classes:
        raise DatasetError(
            f"the positive label {card.positive!r} does not occur in the target {card.target!r} of {card.name}.",
            hint=f"It holds {shown}.",
        )
    if len(classes) > 2:
        raise DatasetError(
            f"a positive label needs two classes, and the target {card.target!r} of {card.name} "
            f"has {len(classes)}: {shown}.",
            hint="Leave the positive label out.",
        )
    if classes[1] == card.positive:
        return codes.astype(np.int64), classes
    return 1 - codes.astype(np.int64), (classes[1], classes[0])


def _values(column: Column) -> np.ndarray | pd.Categorical:
    if column.kind == "numeric":
        return column.values
    codes, levels = pd.factorize(column.values, sort=True)
    return categorical(codes.astype(np.int32), [str(level) for level in levels])


def _refuse_leaks(frame: pd.DataFrame, target: np.ndarray, nominal: bool, card: Card) -> None:
    for name in frame.columns:
        if gives_away(frame[name], target, nominal=nominal):
            raise Refusal(
                "EDA-02",
                f"the column {name!r} of {card.name} is the target {card.target!r} under another name: "
                f"its values match one to one in all {len(target)} rows.",
                hint=f"Leave it out with --drop {name}.",
            )


def _groups(raw: pd.DataFrame, card: Card) -> IntArray | None:
    if card.groups is None:
        return None
    column = _complete(clean(raw[card.groups], card.groups, card.name, "nominal"), "group", card)
    codes: IntArray = np.unique(column.values, return_inverse=True)[1].astype(np.int64)
    return codes


def _time(raw: pd.DataFrame, card: Card) -> FloatArray | None:
    if card.time is None:
        return None
    column = clean(raw[card.time], card.time, card.name)
    if column.kind != "numeric":
        raise DatasetError(
            f"the time column {card.time!r} of {card.name} holds neither numbers nor dates "
            f"such as 2024-03-31 or 2024-03-31T12:00:00."
        )
    values: FloatArray = _complete(column, "time", card).values
    return values


def _complete(column: Column, role: str, card: Card) -> Column:
    gaps = int(column.missing.sum())
    if gaps:
        raise DatasetError(
            f"{gaps} rows of {card.name} have no {role}: the column {column.name!r} is empty there.",
            hint="Fill or remove those rows.",
        )
    return column
