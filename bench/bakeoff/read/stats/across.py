"""Differences across datasets, the unit of evidence: the exact Wilcoxon signed-rank test.

Own code, because scipy's exact mode has no ties and importing `scipy.stats` costs half a second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from bakeoff.read.stats.ranks import midranks

#: Up to so many differences the distribution is enumerated; beyond, the normal approximation is as good.
EXACT_UP_TO = 200


def signed_rank(differences: Sequence[float]) -> float:
    """Two-sided p of the Wilcoxon signed-rank test, one difference a dataset.

    Zeros are dropped (Wilcoxon 1945), tied sizes share their mean rank, and the null distribution is the exact
    permutation one given those ranks (all 2^n sign flips equally likely). Assumes datasets are independent and
    differences symmetric about their median. Above `EXACT_UP_TO` differences: normal approximation with the
    variance of the actual ranks. Returns 1.0 for no nonzero difference.
    Source: Demsar (2006), Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7, 3.1.3.
    """
    d = np.asarray(differences, dtype=np.float64)
    d = d[d != 0]
    if not d.size:
        return 1.0
    doubled = np.rint(2 * midranks(np.abs(d))).astype(np.int64)
    positive = int(doubled[d > 0].sum())
    smaller = min(positive, int(doubled.sum()) - positive)
    if d.size > EXACT_UP_TO:
        mean, variance = doubled.sum() / 2, (doubled.astype(np.float64) ** 2).sum() / 4
        return min(1.0, float(2 * ndtr((smaller - mean) / math.sqrt(variance))))
    return min(1.0, 2 * float(_null(doubled)[: smaller + 1].sum()))


def _null(ranks: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """P(W = w) for w = 0..sum(ranks), where each rank enters W with probability a half."""
    distribution = np.zeros(int(ranks.sum()) + 1)
    distribution[0] = 1.0
    for rank in ranks:
        shifted = np.zeros_like(distribution)
        shifted[rank:] = distribution[: distribution.size - rank]
        distribution = (distribution + shifted) / 2
    return distribution


def datasets_needed(pairs: int, alpha: float = 0.05) -> int:
    """Least number of datasets at which one of `pairs` comparisons could be significant after Holm.

    The smallest possible signed-rank p is 2^(1 - n); Holm asks alpha / pairs of the first. 3 techniques (3
    pairs) need 7, 6 need 10, 10 need 11, 20 need 13.
    """
    needed = 1
    while 2.0 ** (1 - needed) * max(pairs, 1) >= alpha:
        needed += 1
    return needed
