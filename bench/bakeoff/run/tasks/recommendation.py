"""Recommendation from implicit feedback: legal data and splits, what a list must look like, how it scores.

Full-catalogue ranking, seen items excluded, no sampled negatives. Cold users and cold items are never averaged
in: see `matrices.evaluated` and docs/metrics.md. Formulas: `bakeoff.metrics.topk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bakeoff.metrics import topk
from bakeoff.metrics.base import Bundle, Undefined
from bakeoff.metrics.names import cutoff, refuse_sampled
from bakeoff.model.errors import InvalidOutput, Refusal
from bakeoff.model.specs import Metric, Technique
from bakeoff.model.words import DataKind
from bakeoff.run.data import splits
from bakeoff.run.data.draw import Draw, Sides, too_few
from bakeoff.run.data.split_checks import check_sides
from bakeoff.run.data.types import Data, InteractionData, InteractionSplit, Split
from bakeoff.run.tasks.base import Output, Policy, Scores, TaskRules
from bakeoff.run.tasks.matrices import Evaluated, capped, evaluated, matrices, refuse_cold
from bakeoff.run.tasks.measure import core_functions, joined, plugin_bundle
from bakeoff.run.tasks.tables import indices, parameters

#: Length of the lists asked for, where the catalogue is not smaller; the largest k of the task's metrics.
K = 20
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The rules (`TaskRules`)."""

    name: str = "recommendation"
    kind: DataKind = DataKind.INTERACTIONS
    policies: tuple[str, ...] = ("global-timeline", "user-random", "leave-last-out")

    def check(self, data: Data) -> tuple[str, ...]:
        """Refuse codes outside the catalogue (REC-01) and weights that are no confidence (REC-02)."""
        events = _as_interactions(data)
        _check_codes(events)
        _check_weights(events)
        if len(events.item_ids) < K:
            return (f"{events.name}: {len(events.item_ids)} items only; lists of {K} cannot be filled",)
        return ()

    def indices(self, policy: Policy, repeats: int) -> Sequence[tuple[int, int]]:
        """(repeat, 0) of every split; only `user-random` is drawn more than once."""
        return indices(policy, repeats if policy.name == "user-random" else 1, self.policies)

    def split(
        self, data: Data, policy: Policy, repeat: int, fold: int, seed: int, n_train: int | None = None
    ) -> InteractionSplit:
        """Matrices of one split; `n_train` caps the training pairs. Refusal SPLIT-01, SPLIT-02, SPLIT-04."""
        events = _as_interactions(data)
        draw = Draw(seed, repeat, fold, events.name)
        sides = self._sides(events, policy, draw)
        time = events.time if policy.name == "global-timeline" else None
        check_sides(*sides, f"{events.name}, split r{repeat}f{fold}", time=time)
        train, test = matrices(events, *sides)
        if n_train is not None:
            train = capped(train, n_train, seed, repeat, fold)
        if not len(evaluated(train, test).users):
            hint = "Use a larger test share, another policy, or more data."
            raise too_few(draw, "no user has both training events and a known held-out item", hint)
        return InteractionSplit(repeat, fold, train, test)

    def _sides(self, events: InteractionData, policy: Policy, draw: Draw) -> Sides:
        params = parameters(policy, self.policies)
        if policy.name == "global-timeline":
            shares = {name: float(params[name]) for name in ("validation", "test")}
            return splits.global_timeline(events.time, draw, **shares)
        if policy.name == "leave-last-out":
            return splits.leave_last_out(events.users, events.time, draw)
        return splits.user_random(events.users, events.items, draw, test=float(params["test"]))

    def message(self, data: Data, split: Split) -> dict[str, np.ndarray]:  # noqa: ARG002 - the interface
        """The training matrix in CSR parts: `indptr`, `indices`, `values`, `shape`."""
        train = _as_split(split).train
        return {
            "indptr": train.indptr,
            "indices": train.indices,
            "values": train.data,
            "shape": np.array(train.shape, dtype=np.int64),
        }

    def question(self, data: Data, split: Split) -> dict[str, np.ndarray]:
        """`users` (the evaluated ones, all warm) and `k`."""
        part = _as_split(split)
        users = evaluated(part.train, part.test).users
        refuse_cold(part.train, users, data.name)
        return {"users": users, "k": np.array([_width(part)])}

    def validate(self, data: Data, split: Split, output: Output) -> dict[str, np.ndarray]:  # noqa: ARG002
        """`items` as (u, k) int64 (InvalidOutput REC-01 for the shape, REC-05 for the ids in it)."""
        part = _as_split(split)
        users = evaluated(part.train, part.test).users
        items = _shaped(output, len(users), _width(part))
        _check_items(items, part.train, users)
        checked = {"items": items}
        if output.get("tie_rate") is not None:
            checked["tie_rate"] = np.asarray(output["tie_rate"], dtype=np.float64).reshape(-1)[:1]
        return checked

    def score(self, data: Data, split: Split, output: Output, metrics: Sequence[Metric]) -> Scores:  # noqa: ARG002
        """Metrics over warm users; cold users and items as diagnostics. Refusal REC-06 for sampled metrics."""
        refuse_sampled(m.name for m in metrics)
        part = _as_split(split)
        who = evaluated(part.train, part.test)
        lists = topk.judge(output["items"], who.relevant, who.popularity)
        found = _measured(lists, metrics)
        diagnostics = cold_diagnostics(who)
        if "tie_rate" in output:
            diagnostics["tie_rate"] = float(output["tie_rate"][0])
        return Scores(found.values, diagnostics, notes=found.notes, n_test=len(who.users))

    def kept(self, output: Output) -> dict[str, np.ndarray]:
        """int32 item ids."""
        return {"items": output["items"].astype(np.int32)}

    def targets(self, data: Data, split: Split) -> dict[str, np.ndarray]:  # noqa: ARG002 - the interface
        """`users`, and the held-out pairs that count (see `matrices.evaluated`) as CSR `indptr`, `indices`."""
        part = _as_split(split)
        who = evaluated(part.train, part.test)
        return {"users": who.users, "indptr": who.relevant.indptr, "indices": who.relevant.indices}

    def facts(self, data: Data) -> dict[str, Any]:
        """Users, items, events, pairs, density, days between the first and the last event."""
        events = _as_interactions(data)
        users, items = len(events.user_ids), len(events.item_ids)
        pairs = len(np.unique(events.users * items + events.items))
        facts: dict[str, Any] = {
            "rows": events.n_rows,
            "users": users,
            "items": items,
            "pairs": pairs,
            "density": round(pairs / max(1, users * items), 6),
        }
        if events.time is not None and events.n_rows:
            facts["days"] = round(float(np.ptp(events.time)) / _DAY, 2)
        return facts


def policy_note(policy: Policy) -> str:
    """What a reader must know of a split policy; empty for the honest one."""
    if policy.name == "global-timeline":
        return ""
    return f"`{policy.name}` leaks the future: training sees events later than some that are held out"


def weights_ignored(technique: Technique, data: Data) -> Refusal | None:
    """REC-03, for the planner to raise, record or print: the data has weights that differ, declared by its
    card, and the technique does not read them, so that weighted and unweighted data give it equal results."""
    if not isinstance(data, InteractionData) or technique.uses_weights or data.card.weight is None:
        return None
    if not data.n_rows or (data.weights == data.weights[0]).all():
        return None
    return Refusal(
        "REC-03",
        f"{data.name}: `{technique.name}` ignores the weights in column {data.card.weight!r}.",
        hint="Declare no weight column for this comparison, or leave the technique out.",
    )


def _measured(lists: topk.Lists, metrics: Sequence[Metric]) -> Bundle:
    own = core_functions(metrics, topk)
    core = topk.bundle(lists, {m.name: (own[m.name], _k(m)) for m in metrics if m.name in own})
    others = [m for m in metrics if m.name not in own]
    return joined(metrics, core, plugin_bundle(others, lambda m: (lists, _k(m))))


def cold_diagnostics(who: Evaluated) -> dict[str, float | None]:
    """How many users and items are cold, and what the common fallback (most popular items) is worth for them."""
    return {
        "cold_users": float(len(who.cold)),
        "cold_user_share": len(who.cold) / max(1, who.held_out_users),
        "cold_item_share": who.cold_pairs / max(1, who.held_out_pairs),
        "cold_ndcg@10": _cold_ndcg(who),
    }


def _cold_ndcg(who: Evaluated) -> float | None:
    width = min(10, len(who.popularity))
    best = np.argsort(-who.popularity, kind="stable")[:width]
    lists = topk.judge(np.tile(best, (len(who.cold), 1)), who.cold_relevant, who.popularity)
    try:
        return topk.ndcg(lists, 10)
    except Undefined:
        return None


def _k(metric: Metric) -> int:
    return cutoff(metric.name) or K


def _as_interactions(data: Data) -> InteractionData:
    if not isinstance(data, InteractionData):
        raise TypeError(f"{data.name} holds no interactions")
    return data


def _as_split(split: Split) -> InteractionSplit:
    if not isinstance(split, InteractionSplit):
        raise TypeError("not a split of interactions")
    return split


def _check_codes(events: InteractionData) -> None:
    for codes, ids, what in (
        (events.users, events.user_ids, "user"),
        (events.items, events.item_ids, "item"),
    ):
        if len(codes) and not 0 <= codes.min() <= codes.max() < len(ids):
            raise Refusal(
                "REC-01",
                f"{events.name}: {what} codes reach {codes.max()}, but there are {len(ids)} {what}s.",
                hint="Are users and items exchanged?",
            )


def _check_weights(events: InteractionData) -> None:
    bad = int(np.count_nonzero(~(np.isfinite(events.weights) & (events.weights > 0))))
    if bad:
        raise Refusal(
            "REC-02",
            f"{events.name}: {bad} of {events.n_rows} weights are negative, zero, NaN or infinite.",
            hint="Weights are confidences above 0: set the card's `threshold`, or drop those rows.",
        )
    if events.card.weight is not None and events.card.threshold is None and _look_like_stars(events.weights):
        raise Refusal(
            "REC-02",
            f"{events.name}: the weights {events.card.weight!r} look like stars ({events.weights.min():g} to "
            f"{events.weights.max():g}), and no threshold is declared: a low rating would count as liking.",
            hint="Set `threshold` in the card, or declare no weight column; counts may be one row an event.",
        )


def _look_like_stars(weights: np.ndarray) -> bool:
    """Ratings end at 10 or below and cluster above their lowest value; counts are most often the lowest one."""
    values, times = np.unique(weights, return_counts=True)
    return len(values) > 1 and values[-1] <= 10 and int(times.argmax()) > 0


def _width(split: InteractionSplit) -> int:
    """Length of the lists asked for: a technique is never asked for more items than there are."""
    return min(K, int(split.train.shape[1]))


def _shaped(output: Output, users: int, k: int) -> np.ndarray:
    if "items" not in output:
        raise InvalidOutput("recommend returned nothing", code="REC-01")
    items = np.asarray(output["items"])
    if items.shape != (users, k):
        raise InvalidOutput(f"recommend returned shape {items.shape}, not ({users}, {k})", code="REC-01")
    if items.dtype.kind not in "iu":
        raise InvalidOutput(f"recommend returned {items.dtype}, not integer item ids", code="REC-01")
    return items.astype(np.int64)


def _check_items(items: np.ndarray, train: csr_matrix, users: np.ndarray) -> None:
    """Ids within the catalogue, -1 at the end only, nothing twice, nothing seen."""
    catalogue = train.shape[1]
    filled = items >= 0
    _refuse_items(
        (items < -1) | (items >= catalogue), items, f"ids outside the catalogue of {catalogue} items"
    )
    _refuse_items(
        filled[:, 1:] & ~filled[:, :-1], items[:, 1:], "items after a -1 (only for where a list ends)"
    )
    ordered = np.sort(items, axis=1)
    _refuse_items(
        (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0), ordered[:, 1:], "an item twice"
    )
    seen = topk.judge(items, train[users], np.zeros(catalogue, dtype=np.int64))
    _refuse_items(seen.hits, items, "items the user has in training")


def _refuse_items(wrong: np.ndarray, items: np.ndarray, what: str) -> None:
    if wrong.any():
        rows = int(wrong.any(axis=1).sum())
        first = int(items[wrong][0])
        raise InvalidOutput(
            f"recommend returned {what}, for {rows} of {len(wrong)} users (first: {first})", code="REC-05"
        )


#: What the manifest names.
recommendation: TaskRules = Recommendation()
