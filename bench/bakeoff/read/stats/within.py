"""Noise within one dataset: what resampled folds of the same rows can tell, and no more.

Folds share training rows, so their scores are correlated and the naive standard error is too small (simulated
type I error at .05: .083 on 1 x 10 folds, .588 on 10 x 10). The correction below is the usual remedy. It does
not speak about other datasets; `across.py` does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import stdtr

#: Values that vary less than this share of their size are called constant (float noise of summation).
_CONSTANT = 1e-12


def corrected_se(values: Sequence[float], ratio: float | None) -> float | None:
    """Nadeau-Bengio corrected standard error of the mean over folds: sqrt(s^2 (1/J + n_test/n_train)).

    values: one score a fold, shape (J,); s^2 is their variance with J - 1 degrees of freedom.
    ratio: n_test / n_train. Returns None where it cannot be known: one fold, or no ratio.
    Source: Nadeau and Bengio (2003), Inference for the Generalization Error, Machine Learning 52, eq. 13.
    """
    if len(values) < 2 or ratio is None:
        return None
    x = np.asarray(values, dtype=np.float64)
    if np.ptp(x) <= _CONSTANT * np.abs(x).max():
        return 0.0
    return math.sqrt(float(np.var(x, ddof=1)) * (1.0 / x.size + ratio))


def corrected_t(differences: Sequence[float], ratio: float | None) -> float:
    """Two-sided p of the corrected resampled t-test of mean difference 0 over paired folds.

    t = mean(d) / sqrt(s^2 (1/J + ratio)), J - 1 degrees of freedom (Nadeau and Bengio 2003). Assumes that the
    correlation between folds is n_test / (n_train + n_test), and near-normal differences.
    Where all differences are equal and not 0, s^2 tells nothing; the sign-flip test stands in: p = 2^(1 - J).
    Returns 1.0 where nothing can be told: one fold, no ratio, all differences 0.
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.size < 2 or ratio is None or not d.any():
        return 1.0
    if np.ptp(d) <= _CONSTANT * np.abs(d).max():
        return float(2.0 ** (1 - d.size))
    se = corrected_se(d.tolist(), ratio)
    return float(2.0 * stdtr(d.size - 1, -abs(float(d.mean())) / se)) if se else 1.0


def combined_se(errors: Sequence[float | None]) -> float | None:
    """Standard error of a mean over D datasets from the errors within them: sqrt(sum se_d^2) / D.

    It is noise within datasets only: it says how well these D means are known, not how another dataset would
    turn out. None where an error is not known.
    """
    known = [e for e in errors if e is not None]
    if not known or len(known) < len(errors):
        return None
    return math.sqrt(math.fsum(e * e for e in known)) / len(known)
