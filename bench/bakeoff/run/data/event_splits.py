"""How interactions are split: row numbers of training and held-out events. No matrix is built here.

`global_timeline` is the honest default. `user_random` and `leave_last_out` let training see events later than
some held-out ones; `run/tasks/policies.py` says so wherever they are used.
"""

from __future__ import annotations

import numpy as np

from bakeoff.model.errors import Refusal
from bakeoff.run.data.draw import Draw, Sides, filled
from bakeoff.run.data.order import random_order
from bakeoff.run.data.timeline import tail
from bakeoff.run.data.types import FloatArray, IntArray


def global_timeline(
    time: FloatArray | None, draw: Draw, *, validation: float = 0.1, test: float = 0.1
) -> Sides:
    """One pair of points in time for everybody: train < t1 <= validation < t2 <= test, shares of the events.

    The validation events go to nobody: they are kept for tuning, so that the default and the tuned track learn
    from the same events. Refusal SPLIT-02 without times.
    """
    return tail(_times(time, "global-timeline", draw), test, draw, validation=validation)


def user_random(users: IntArray, items: IntArray, draw: Draw, *, test: float = 0.2) -> Sides:
    """A random share `test` of each user's distinct items is held out, rounded half up; one always stays.

    All events of one (user, item) pair go together: else repeated pairs would be known and asked for at once.
    """
    pairs, event = np.unique(users * (int(items.max(initial=0)) + 1) + items, return_inverse=True)
    owner = pairs // (int(items.max(initial=0)) + 1)
    counts = np.bincount(owner)
    quota = np.minimum(np.floor(counts * test + 0.5).astype(np.int64), counts - 1)
    order = random_order(len(pairs), "user-random", draw.seed, draw.repeat)
    order = order[np.argsort(owner[order], kind="stable")]
    held_out = np.empty(len(pairs), dtype=bool)
    rank = np.arange(len(pairs)) - (np.cumsum(counts) - counts)[owner[order]]
    held_out[order] = rank < quota[owner[order]]
    return filled(np.flatnonzero(~held_out[event]), np.flatnonzero(held_out[event]), draw)


def leave_last_out(users: IntArray, time: FloatArray | None, draw: Draw) -> Sides:
    """The last event of each user with two or more is held out; of equal times, the later one in the file.

    Refusal SPLIT-02 without times.
    """
    order = np.lexsort((_times(time, "leave-last-out", draw), users))
    ordered = users[order]
    last = np.append(ordered[1:] != ordered[:-1], True)
    alone = last & np.append(True, ordered[1:] != ordered[:-1])
    held_out = np.zeros(len(users), dtype=bool)
    held_out[order[last & ~alone]] = True
    return filled(np.flatnonzero(~held_out), np.flatnonzero(held_out), draw)


def _times(time: FloatArray | None, policy: str, draw: Draw) -> FloatArray:
    if time is None:
        raise Refusal(
            "SPLIT-02",
            f"{draw.where}: the policy `{policy}` needs times, and no time column is declared.",
            hint="Declare the time column, or use the policy `user-random`.",
        )
    return time
