"""What holds for every test: one thread, no cache but the session's own, the same world here and under CI.

The environment is set at import time, before anything loads numpy: a BLAS reads its thread count once.
What is imported above that line loads no numpy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

THREAD_LIMITS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)
for _limit in THREAD_LIMITS:
    os.environ[_limit] = "1"

# `CI` changes what discovery does with broken plugins. A test that wants it sets it.
IN_CI = bool(os.environ.pop("CI", ""))
for _name in [name for name in os.environ if name.startswith("BAKEOFF_")]:
    del os.environ[_name]

# No wall-clock: shared runners stall. Under CI the same examples every time; at a desk new ones are sought.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("house-ci", settings.get_profile("house"), derandomize=True, print_blob=True)
settings.load_profile("house-ci" if IN_CI else "house")


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run of the command line ended."""

    stdout: str
    stderr: str
    code: int


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder of this session, so that no test reads or writes the user's."""
    cache = tmp_path_factory.mktemp("cache")
    os.environ["BAKEOFF_CACHE"] = str(cache)
    yield cache
    os.environ.pop("BAKEOFF_CACHE", None)


@pytest.fixture(scope="session")
def bakeoff() -> Callable[..., Finished]:
    """Run the command line as a user does: `bakeoff("run", "quick", cwd=tmp_path, env={"CI": "1"})`.

    `env` is added to this process's environment. The script beside this interpreter is used, so that the
    entry point itself is tested. A run that takes longer than `timeout` seconds is killed and fails the test.
    """
    script = shutil.which("bakeoff", path=sysconfig.get_path("scripts"))
    assert script, "bakeoff is not installed in this environment; `make unit` installs it"

    def run(
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        timeout: float = 300,
    ) -> Finished:
        done = subprocess.run(
            [script, *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        return Finished(done.stdout, done.stderr, done.returncode)

    return run
