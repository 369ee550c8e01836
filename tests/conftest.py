"""What holds for every test: one thread, no cache but the session's own, the same world here and under CI.

The environment is set at import time, before anything loads numpy: a BLAS reads its thread count once.
What is imported above that line loads no numpy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
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


def build(kind: str, source: Path, folder: Path) -> Path:
    """Build the wheel or the sdist of `source` with the backend installed here; return the file."""
    command = [
        sys.executable,
        "-m",
        "build",
        f"--{kind}",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(source),
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution of this tree."""
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def build_wheel() -> Callable[[Path, Path], Path]:
    """Build the wheel of another source tree: `build_wheel(source, folder)`; the folder must be empty."""
    return lambda source, folder: build("wheel", source, folder)


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
