"""What no split may do, checked by one function after every split: SPLIT-01, SPLIT-02, SPLIT-03.

The splits here keep these rules by construction; the check stands so that a mistake in one of them, or a
policy that ignores a declared time or group column, is refused and never reported as a score.
"""

from __future__ import annotations

import numpy as np

from bakeoff.model.errors import Refusal
from bakeoff.run.data.types import FloatArray, IntArray


def check_sides(
    train: IntArray,
    test: IntArray,
    where: str,
    *,
    time: FloatArray | None = None,
    groups: IntArray | None = None,
) -> None:
    """Refuse a row on both sides (SPLIT-01), a training row that is not earlier than every test row
    (SPLIT-02, where `time` is given), a group on both sides (SPLIT-03, where `groups` is given).

    train, test: row numbers; time, groups: (n,) for all rows; where: dataset and split, for the message.
    """
    shared = np.intersect1d(train, test)
    if len(shared):
        raise Refusal(
            "SPLIT-01",
            f"{where}: {len(shared)} rows are on both sides, the first is row {shared[0]}.",
            hint="This is a fault of the split policy: report it.",
        )
    if time is not None:
        _in_order(time[train], time[test], where)
    if groups is not None:
        _apart(groups[train], groups[test], where)


def _in_order(train: FloatArray, test: FloatArray, where: str) -> None:
    late = int(np.count_nonzero(~(train < test.min())))
    if late:
        raise Refusal(
            "SPLIT-02",
            f"{where}: {late} of {len(train)} training rows are not earlier than the first test row.",
            hint="Use the policy `forward`, or do not declare the time column.",
        )


def _apart(train: IntArray, test: IntArray, where: str) -> None:
    shared = np.intersect1d(train, test)
    if len(shared):
        raise Refusal(
            "SPLIT-03",
            f"{where}: {len(shared)} groups have rows on both sides, the first is group {shared[0]}.",
            hint="Use a policy of the core: all of them keep groups together.",
        )
