"""Raw events and their card made into `InteractionData`: users and items as codes, weights, times.

Does not split, does not build matrices, and keeps the order of the file.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from bakeoff.model.card import Card
from bakeoff.model.errors import DatasetError
from bakeoff.run.data.columns import clean
from bakeoff.run.data.fingerprint import interaction_fingerprint
from bakeoff.run.data.roles import require_columns
from bakeoff.run.data.types import FloatArray, IntArray, InteractionData


def build_interactions(raw: pd.DataFrame, card: Card) -> InteractionData:
    """Take events apart as their card says. `card.name` stands in messages.

    Events without user, item, weight or time are dropped and noted. Where the card has a threshold, events of
    smaller weight are dropped too and the others weigh 1 (implicit feedback); without one the weights stay.
    Codes follow the order of the ids: numbers by size, other ids as strings. Raises DatasetError for missing
    columns, and where no event is left.
    """
    _check(raw, card)
    weights, time = _numbers(raw, card.weight, card), _numbers(raw, card.time, card)
    kept, notes = _kept(raw, card, weights, time)
    users, user_ids = _coded(raw[str(card.user)][kept], card)
    items, item_ids = _coded(raw[str(card.item)][kept], card)
    counted = weights is not None and card.threshold is None
    final = weights[kept] if weights is not None and counted else np.ones(len(users))
    when: FloatArray | None = None if time is None else time[kept]
    final = final.astype(np.float32)
    return InteractionData(
        name=card.name,
        task=card.task,
        card=replace(card, origin=card.origin or card.name),
        fingerprint=interaction_fingerprint(users, items, final, user_ids, item_ids, when),
        users=users,
        items=items,
        weights=final,
        user_ids=user_ids,
        item_ids=item_ids,
        time=when,
        notes=notes,
    )


def _check(raw: pd.DataFrame, card: Card) -> None:
    named = [("user", card.user), ("item", card.item), ("weight", card.weight), ("time", card.time)]
    require_columns(raw, [(role, column) for role, column in named if column is not None], card.name)
    if not len(raw):
        raise DatasetError(f"{card.name} has no rows.")


def _numbers(raw: pd.DataFrame, column: str | None, card: Card) -> np.ndarray | None:
    return None if column is None else clean(raw[column], column, card.name, "numeric").values


def _kept(
    raw: pd.DataFrame, card: Card, weights: np.ndarray | None, time: np.ndarray | None
) -> tuple[np.ndarray, tuple[str, ...]]:
    whole = np.asarray(~raw[[card.user, card.item]].isna().to_numpy().any(axis=1))
    for values in (weights, time):
        if values is not None:
            whole = np.logical_and(whole, ~np.isnan(values))
    notes: tuple[str, ...] = ()
    if not whole.all():
        notes += (
            f"dropped {int((~whole).sum())} of {len(raw)} events: user, item, weight or time is missing",
        )
    kept = whole
    if weights is not None and card.threshold is not None:
        kept = np.logical_and(whole, weights >= card.threshold)
        said = f"{card.weight} >= {card.threshold:g}"
        notes += (f"kept {int(kept.sum())} of {len(raw)} events with {said}; each counts 1",)
    if not kept.any():
        raise DatasetError(f"{card.name} has no events left: {'; '.join(notes)}.")
    return kept, notes


def _coded(ids: pd.Series, card: Card) -> tuple[IntArray, tuple[str, ...]]:
    numbers = ids.dtype.kind in "iu"
    values = ids.to_numpy() if numbers else clean(ids, str(ids.name), card.name, "nominal").values
    found, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64), tuple(str(one) for one in found)
