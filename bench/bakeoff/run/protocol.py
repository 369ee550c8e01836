"""Protocols: a split policy with every parameter spelled out, and the canonical string that tables compare."""

from __future__ import annotations

from bakeoff.model.errors import BakeoffError, UnknownName
from bakeoff.model.specs import Task
from bakeoff.run.suites import Board
from bakeoff.run.tasks.base import Policy

#: Parameters of each core policy with their defaults; an unknown one is an error, not a silent nothing.
POLICIES: dict[str, dict[str, float | int]] = {
    "stratified-kfold": {"folds": 5},
    "kfold": {"folds": 5},
    "forward": {"folds": 5},
    "holdout": {"test": 0.2, "validation": 0.0},
    "global-timeline": {"validation": 0.1, "test": 0.1},
    "user-random": {"test": 0.2},
    "leave-last-out": {},
}


def settle(board: Board, task: Task, *, timed: bool = False) -> Policy:
    """The board's policy with defaults filled in (BakeoffError for one that the task does not offer).

    timed: the data declares a time column; K-fold policies then become `forward`, which trains on the past only.
    """
    asked = board.policy or Policy(task.default_policy)
    if asked.name not in task.policies:
        raise UnknownName("split policy", asked.name, task.policies, where=f"board {board.id!r}")
    name = "forward" if timed and "kfold" in asked.name else asked.name
    defaults = POLICIES[name]
    for key in asked.params:
        if key not in POLICIES[asked.name]:
            raise UnknownName(
                "split parameter", key, POLICIES[asked.name], where=f"{asked.name} of {board.id!r}"
            )
    params = {**defaults, **{k: v for k, v in asked.params.items() if k in defaults}}
    if board.folds is not None and "folds" in params:
        params["folds"] = board.folds
    _check(name, params)
    return Policy(name, params)


def _check(name: str, params: dict[str, float | int]) -> None:
    folds = params.get("folds")
    if folds is not None and (folds != int(folds) or folds < 2):
        raise BakeoffError(f"{name} needs at least 2 folds, not {folds:g}.")
    shares = [params[k] for k in ("test", "validation") if k in params]
    if shares and (min(shares) < 0 or params["test"] <= 0 or sum(shares) >= 1):
        raise BakeoffError(f"{name}: test and validation are shares of the rows which add up to less than 1.")


def describe(policy: Policy, seed: int, n_train: int | None) -> str:
    """`stratified-kfold(folds=5,seed=0)`, with ` n_train<=2000` where the training part is capped."""
    inner = ",".join(f"{k}={v:g}" for k, v in sorted(policy.params.items()))
    text = f"{policy.name}({inner}{',' if inner else ''}seed={seed})"
    return f"{text} n_train<={n_train}" if n_train else text
