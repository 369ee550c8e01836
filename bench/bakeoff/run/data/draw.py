"""What every split function is told besides its data, and how it says that it cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bakeoff.model.errors import Refusal
from bakeoff.run.data.types import IntArray

#: Row numbers of the training and the test side, ascending.
Sides = tuple[IntArray, IntArray]


@dataclass(frozen=True, slots=True)
class Draw:
    """Which split is meant: seed, repeat, fold. `where` (the dataset) and `labels` (names of the classes by
    code) only serve messages; they never change a split."""

    seed: int = 0
    repeat: int = 0
    fold: int = 0
    where: str = "the data"
    labels: Sequence[str] = ()

    def label(self, code: int) -> str:
        """Name of a class."""
        return self.labels[code] if code < len(self.labels) else str(code)


def too_few(draw: Draw, message: str, hint: str) -> Refusal:
    """SPLIT-04: not enough rows, classes, groups or times for the split asked for."""
    return Refusal("SPLIT-04", f"{draw.where}: {message}.", hint=hint)


def sides(part: IntArray, fold: int, *, draw: Draw) -> Sides:
    """Rows whose part is `fold` are the test side, all others the training side; neither may be empty."""
    train, test = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
    return filled(train, test, draw)


def filled(train: IntArray, test: IntArray, draw: Draw) -> Sides:
    """The sides, if both hold rows; Refusal SPLIT-04 otherwise."""
    for rows, name in ((train, "training"), (test, "test")):
        if not len(rows):
            raise too_few(
                draw,
                f"the {name} side of split r{draw.repeat}f{draw.fold} holds no row",
                "Use fewer folds, another share, or more data.",
            )
    return train, test
