from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import coo_matrix, csr_array, csr_matrix

from bakeoff_recsys.matrix import at_least, canonical

counts = arrays(np.int64, (4, 5), elements=st.integers(0, 3)).filter(np.any)


@given(counts)
def test_values_are_kept_and_the_callers_matrix_is_left_alone(dense: np.ndarray) -> None:
    given_matrix = csr_matrix(dense)
    before = given_matrix.data.copy()
    made = canonical(given_matrix, weights=False)
    assert np.array_equal(made.toarray(), dense > 0)
    assert np.array_equal(canonical(given_matrix).toarray(), dense)
    made.data[:] = 9
    assert np.array_equal(given_matrix.data, before)


def test_duplicates_are_summed_and_explicit_zeros_dropped() -> None:
    entries = coo_matrix(([1.0, 2.0, 0.0], ([0, 0, 1], [1, 1, 2])), shape=(2, 3))
    made = canonical(csr_array(entries))
    assert made.nnz == 1
    assert made[0, 1] == 3.0


def test_ids_are_sorted_int32_whatever_the_caller_used() -> None:
    matrix = csr_matrix((np.ones(3), np.array([2, 0, 1], dtype=np.int64), np.array([0, 3])), shape=(1, 3))
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int64), matrix.indptr.astype(np.int64)
    made = canonical(matrix)
    assert made.indices.tolist() == [0, 1, 2]
    assert made.indices.dtype == made.indptr.dtype == np.int32


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.ones((2, 2)), "sparse"),
        (csr_matrix((3, 4)), r"no interaction .*3 users, 4 items"),
        (csr_matrix(([0.0], ([0], [0])), shape=(2, 2)), "no interaction"),
        (csr_matrix([[1.0, -1.0]]), "1 interactions have a negative weight"),
        (csr_matrix([[1.0, np.nan]]), "1 interactions have a weight that is no number"),
        (csr_matrix([[1.0, np.inf]]), "no number"),
    ],
)
def test_what_cannot_be_learned_from_is_a_clear_error(matrix: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        canonical(matrix)


def test_parameters_out_of_range_are_named() -> None:
    at_least("x", 0, 0)
    with pytest.raises(ValueError, match="factors must be a number of at least 1, not 0"):
        at_least("factors", 0, 1)
    with pytest.raises(ValueError, match="l2 must be a number above 0, not nan"):
        at_least("l2", float("nan"), 0, strict=True)
    with pytest.raises(ValueError, match="above 0, not 0"):
        at_least("l2", 0, 0, strict=True)
