"""Folds that never move: the numbers below were written down once. A change here voids every stored result,
so it needs a new protocol number and a reason in docs/decisions.
"""

from __future__ import annotations

import hashlib

import numpy as np

from bakeoff.run.data.order import random_order
from bakeoff.run.data.splits import (
    Draw,
    forward_folds,
    global_timeline,
    holdout,
    kfold,
    leave_last_out,
    nested_subset,
    stratified_kfold,
    user_random,
)

N = 60
Y = (np.arange(N) % 10 < 3).astype(np.int64)
GROUPS = np.arange(N) // 4
TIME = (np.arange(N) * 37 % 61).astype(np.float64)
USERS, ITEMS = np.arange(N) % 5, np.arange(N) * 7 % 23


def digest(rows: np.ndarray) -> str:
    return hashlib.sha256(",".join(map(str, rows.tolist())).encode()).hexdigest()[:12]


def test_the_random_order_never_moves() -> None:
    assert random_order(12, "golden", 0).tolist() == ORDER


def test_a_stratified_fold_never_moves() -> None:
    assert stratified_kfold(Y, 5, Draw(0, 0, 2))[1].tolist() == FOLD


def test_no_split_ever_moves() -> None:
    made = {
        "stratified r1f0": stratified_kfold(Y, 5, Draw(7, 1, 0))[1],
        "stratified groups": stratified_kfold(Y, 3, Draw(7, 0, 1), groups=GROUPS)[1],
        "kfold": kfold(N, 4, Draw(7, 0, 3))[1],
        "kfold groups": kfold(N, 4, Draw(7, 0, 3), groups=GROUPS)[1],
        "holdout": holdout(N, 0.2, Draw(7), validation=0.16)[0],
        "holdout stratified": holdout(N, 0.2, Draw(7), y=Y)[1],
        "holdout groups": holdout(N, 0.2, Draw(7), y=Y, groups=GROUPS)[1],
        "forward": forward_folds(TIME, 3, Draw(fold=1))[1],
        "subset": nested_subset(np.arange(N), 20, Draw(7), y=Y),
        "global-timeline": global_timeline(TIME, Draw())[0],
        "user-random": user_random(USERS, ITEMS, Draw(7))[1],
        "leave-last-out": leave_last_out(USERS, TIME, Draw())[1],
    }
    assert {name: digest(rows) for name, rows in made.items()} == SPLITS


ORDER = [7, 5, 0, 2, 6, 9, 10, 8, 1, 3, 11, 4]
FOLD = [1, 4, 5, 20, 24, 29, 33, 40, 46, 50, 54, 57]
SPLITS = {
    "stratified r1f0": "5df812bc290c",
    "stratified groups": "510808e6ec2e",
    "kfold": "b1fd07a52262",
    "kfold groups": "3e5b5e52c285",
    "holdout": "bb4083e7c2b6",
    "holdout stratified": "24192cf98cd4",
    "holdout groups": "8684a9c1f0da",
    "forward": "9a221381d2b8",
    "subset": "2be16be737a6",
    "global-timeline": "590bc5af12ba",
    "user-random": "8c01fab84bac",
    "leave-last-out": "70a14d72b5b7",
}
