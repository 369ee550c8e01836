"""scikit-learn's small datasets, for smoke tests: their results settle nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bakeoff.api import LoadRequest


def load(request: LoadRequest) -> pd.DataFrame:
    """Inputs and the column `target`: labels by name where the dataset names them, else its numbers."""
    bunch = _bunch(request.name)
    frame = pd.DataFrame(bunch.data, columns=[str(name) for name in bunch.feature_names])
    names = getattr(bunch, "target_names", None)
    return frame.assign(target=bunch.target if names is None else [str(names[code]) for code in bunch.target])


def _bunch(name: str) -> Any:
    from sklearn import datasets

    return getattr(datasets, f"load_{name}")()
