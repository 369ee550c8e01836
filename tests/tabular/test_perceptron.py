"""The perceptron's own stopping."""

from __future__ import annotations

import numpy as np

from bakeoff_tabular.perceptron import mlp_regressor


def test_the_best_weights_are_kept() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 10)), rng.normal(size=120)
    long = mlp_regressor(hidden=[32], max_epochs=80, patience=20).fit(X, y)
    best = int(long.diagnostics_["best_epoch"])
    assert (long.diagnostics_["n_epochs"], long.diagnostics_["converged"]) == (best + 20, 1)
    short = mlp_regressor(hidden=[32], max_epochs=best, patience=80).fit(X, y)
    np.testing.assert_array_equal(short.predict(X), long.predict(X))
    assert short.diagnostics_["converged"] == 0
