"""The toy's dataset: two Gaussian blobs, the same at every loading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from bakeoff.api import LoadRequest

ROWS = 120


def blobs(request: LoadRequest) -> pd.DataFrame:
    """Columns x, y and label; half of the rows each."""
    random = np.random.default_rng(7)
    label = np.arange(ROWS) % 2
    points = random.normal(size=(ROWS, 2)) + 1.5 * label[:, None]
    names = np.where(label == 1, "right", "left").astype(object)
    return pd.DataFrame({"x": points[:, 0], "y": points[:, 1], "label": names})
