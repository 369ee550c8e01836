"""Linear models on the design matrix. Not tuned: one penalty, stated in the parameters."""

from __future__ import annotations

from typing import Any

from sklearn.linear_model import LogisticRegression, Ridge

from bakeoff_tabular.design import DesignMatrix
from bakeoff_tabular.learner import EncodedClassifier, EncodedRegressor


def logistic(*, C: float = 1.0, max_iter: int = 2000, tol: float = 1e-4) -> EncodedClassifier:
    """Multinomial logistic regression with an L2 penalty, by L-BFGS.

    Bad number of iterations shows as `converged` 0 and as scikit-learn's warning.
    """
    return EncodedClassifier(
        DesignMatrix(),
        lambda _encoder, _y: LogisticRegression(C=C, max_iter=max_iter, tol=tol),
        lambda model: _iterations(model, max_iter),
    )


def ridge(*, alpha: float = 1.0) -> EncodedRegressor:
    """Least squares with an L2 penalty on standardised inputs; the target is standardised too."""
    return EncodedRegressor(DesignMatrix(), lambda _encoder, _y: Ridge(alpha=alpha), centred=True)


def _iterations(model: Any, max_iter: int) -> dict[str, float]:
    n_iter = int(max(model.n_iter_))
    return {"n_iter": n_iter, "converged": float(n_iter < max_iter)}
