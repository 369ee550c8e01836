from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bakeoff_recsys.als import ALS


def slopes(X: np.ndarray, model: ALS, alpha: float, regularization: float) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of Hu, Koren and Volinsky's objective at the fitted factors, from dense matrices."""
    U, V = model.user_factors.astype(float), model.item_factors.astype(float)
    confidence = np.where(X > 0, alpha * X, 1.0)
    misses = confidence * (U @ V.T - (X > 0))
    return misses @ V + regularization * U, misses.T @ U + regularization * V


@pytest.mark.parametrize(("alpha", "regularization"), [(1.0, 0.5), (4.0, 2.0)])
def test_the_objective_of_the_paper_is_stationary_at_the_fitted_factors(
    alpha: float, regularization: float, weighted: csr_matrix
) -> None:
    """Holds only if weights, alpha, regularisation and the orientation users x items are all as we say."""
    model = ALS(factors=3, regularization=regularization, alpha=alpha, iterations=400).fit(weighted)
    assert np.abs(model.user_factors).max() > 0.1
    for slope in slopes(weighted.toarray(), model, alpha, regularization):
        assert np.abs(slope).max() < 1e-3
    other = slopes(weighted.toarray(), model, alpha * 1.5, regularization)
    assert np.abs(other[0]).max() > 0.05


def test_a_user_or_item_without_interactions_scores_nothing(weighted: csr_matrix) -> None:
    scores = ALS(factors=5).fit(weighted).score_items(np.arange(30))
    assert np.allclose(scores[7], 0)
    assert np.allclose(scores[:, 3], 0, atol=1e-4)


def test_no_thread_warning_and_no_progress_bar_even_with_many_blas_threads() -> None:
    code = (
        "import warnings; warnings.simplefilter('error')\n"
        "import numpy as np; from scipy.sparse import csr_matrix\n"
        "from bakeoff_recsys.als import ALS\n"
        "ALS(factors=2).fit(csr_matrix(np.eye(4)))\n"
    )
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
