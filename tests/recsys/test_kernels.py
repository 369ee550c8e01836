from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from bakeoff_recsys import kernels

MASK = (1 << 64) - 1


def state(seed: int) -> np.ndarray:
    return np.array([seed], dtype=np.uint64)


def splitmix(seed: int, n: int) -> list[int]:
    """splitmix64 in Python's own integers."""
    out = []
    for _ in range(n):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        out.append(z ^ (z >> 31))
    return out


@given(st.integers(0, MASK), st.integers(1, 1 << 20))
def test_draws_are_splitmix64_scaled_without_bias(seed: int, bound: int) -> None:
    drawn = kernels.below(state(seed), bound)
    fair = (z >> 32 for z in splitmix(seed, 40))
    expected = next(v * bound >> 32 for v in fair if (v * bound & 0xFFFFFFFF) >= (1 << 32) % bound)
    assert drawn == expected


@given(st.sets(st.integers(0, 30)), st.integers(0, 30))
def test_a_searched_row_is_only_its_own_part(row: set[int], wanted: int) -> None:
    ids = np.array([wanted, *sorted(row), wanted], dtype=np.int32)
    assert kernels.contains(ids, 1, 1 + len(row), wanted) == (wanted in row)


@given(st.sets(st.integers(0, 30), max_size=30), st.integers(0, MASK))
def test_a_negative_is_never_a_positive(row: set[int], seed: int) -> None:
    ids = np.array(sorted(row), dtype=np.int32)
    drawn = {int(kernels.negative(state(seed), ids, 0, len(ids), 31)) for _ in range(5)}
    assert not drawn & row
    assert drawn <= set(range(31))


def test_negatives_are_uniform_over_what_the_user_does_not_have() -> None:
    """Popularity must not matter: the sampler is not even handed it. 20,000 draws, 40 classes."""
    ids = np.array([0, 1, 2, 17, 39, 40, 41, 42, 43, 49], dtype=np.int32)
    source = state(7)
    drawn = np.array([kernels.negative(source, ids, 0, len(ids), 50) for _ in range(20_000)])
    counts = np.bincount(drawn, minlength=50)
    assert counts[ids].sum() == 0
    assert chisquare(np.delete(counts, ids)).pvalue > 0.001


def objective(theta: np.ndarray, bias: float, penalty: float) -> float:
    u, i, j = theta
    return float(-np.log1p(np.exp(-(bias + u @ (i - j)))) - penalty / 2 * (theta**2).sum())


def test_a_step_follows_the_gradient_of_the_objective() -> None:
    theta = np.random.default_rng(3).normal(size=(3, 5))
    bias, penalty, rate, h = 0.3, 0.1, 1e-3, 1e-6
    moved = theta.copy()
    x, slope = kernels.step(moved[0], moved[1], moved[2], bias, rate, penalty)
    assert np.isclose(x, bias + theta[0] @ (theta[1] - theta[2]))
    assert np.isclose(slope, 1 / (1 + np.exp(x)))
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += h
        down[place] -= h
        numeric = (objective(up, bias, penalty) - objective(down, bias, penalty)) / (2 * h)
        assert np.isclose((moved[place] - theta[place]) / rate, numeric, atol=1e-5)


def in_python(
    rows: list[list[int]], n_items: int, seed: int, epochs: int, rate: float, penalty: float
) -> Any:
    """The whole loop again, with Python integers and double precision."""
    random = np.random.default_rng(0)
    U, V = random.normal(size=(len(rows), 3)), random.normal(size=(n_items, 3))
    first, bias = (U.copy(), V.copy()), np.zeros(n_items)
    pairs = [(u, i) for u, row in enumerate(rows) for i in row]
    stream = (z >> 32 for z in splitmix(seed, 100_000))

    def below(n: int) -> int:
        return next(v * n >> 32 for v in stream if (v * n & 0xFFFFFFFF) >= (1 << 32) % n)

    for _ in range(epochs * len(pairs)):
        u, i = pairs[below(len(pairs))]
        if len(rows[u]) == n_items:
            continue
        j = next(j for j in iter(lambda: below(n_items), -1) if j not in rows[u])
        slope = 1 / (1 + np.exp(bias[i] - bias[j] + U[u] @ (V[i] - V[j])))
        old = U[u].copy()
        U[u] += rate * (slope * (V[i] - V[j]) - penalty * old)
        V[i] += rate * (slope * old - penalty * V[i])
        V[j] += rate * (-slope * old - penalty * V[j])
        bias[i] += rate * (slope - penalty * bias[i])
        bias[j] += rate * (-slope - penalty * bias[j])
    return first, U, V, bias


def test_the_compiled_loop_is_the_plain_one() -> None:
    rows = [[0, 3], [1, 2, 4, 6], [], [0, 1, 2, 3, 4, 5, 6], [5]]
    first, U, V, bias = in_python(rows, 7, seed=99, epochs=6, rate=0.05, penalty=0.02)
    users, items = (part.astype(np.float32) for part in first)
    found, losses = np.zeros(7, dtype=np.float32), np.zeros(6)
    indptr = np.cumsum([0] + [len(r) for r in rows]).astype(np.int32)
    indices = np.concatenate([np.array(r, dtype=np.int32) for r in rows])
    owners = np.repeat(np.arange(5, dtype=np.int32), np.diff(indptr))
    rate, penalty = np.float32(0.05), np.float32(0.02)
    total = kernels.train(indptr, indices, owners, users, items, found, rate, penalty, state(99), losses)
    assert 0 < total < 6 * len(indices)  # the user who has everything is passed over
    for ours, expected in ((users, U), (items, V), (found, bias)):
        assert np.allclose(ours, expected, rtol=1e-4, atol=1e-5)
    assert (losses > 0).all()


REPORT = (
    "from bakeoff_recsys.kernels import train; s = train.stats; "
    "print(sum(s.cache_hits.values()), sum(s.cache_misses.values()), len(train.signatures))"
)


def imported(cache: Path) -> str:
    env = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    out = subprocess.run([sys.executable, "-c", REPORT], capture_output=True, text=True, check=True, env=env)
    return out.stdout.strip()


def test_a_second_process_loads_what_the_first_compiled_and_survives_damage(tmp_path: Path) -> None:
    assert imported(tmp_path) == "0 1 1"
    assert imported(tmp_path) == "1 0 1"
    for file in tmp_path.rglob("*.nb?"):
        file.write_bytes(b"damaged")
    assert imported(tmp_path).endswith(" 1")


def test_a_function_without_a_file_is_compiled_without_a_cache() -> None:
    space: dict[str, Any] = {}
    exec("def double(x): return 2 * x", space)
    assert kernels.compiled("int64(int64)")(space["double"])(4) == 8


def test_a_full_disk_costs_the_cache_and_not_the_technique(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(caching.FunctionCache, "save_overload", full)
    assert kernels.compiled("int64(int64)")(_triple)(4) == 12


def _triple(x: int) -> int:
    return 3 * x


def test_a_fault_of_the_function_itself_is_not_hidden() -> None:
    from numba.core.errors import TypingError

    with pytest.raises(TypingError):
        kernels.compiled("int64(int64)")(_wrong)


def _wrong(x: int) -> int:
    return x.nothing  # type: ignore[attr-defined]
