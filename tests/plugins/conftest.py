"""The toy and the broken distributions, installed as a stranger would: pip builds a wheel and unpacks it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent


OPTIONS = (
    *("--quiet", "--disable-pip-version-check", "--no-index"),
    *("--no-deps", "--no-build-isolation", "--no-compile"),
)


def install(folder: Path, *sources: Path) -> Path:
    """`pip install --target`, without dependencies, an index, or a new build environment."""
    command = [sys.executable, "-m", "pip", "install", *OPTIONS, "--target", str(folder), *map(str, sources)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def pip_install() -> Callable[..., Path]:
    """`pip_install(folder, *sources)` for distributions that a test writes itself."""
    return install


@pytest.fixture(scope="session")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH with the toy and all broken distributions."""
    broken = sorted(p.parent for p in (HERE / "broken").glob("*/pyproject.toml"))
    return install(tmp_path_factory.mktemp("strangers"), HERE / "toy", *broken)


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH with the toy alone."""
    return install(tmp_path_factory.mktemp("toy"), HERE / "toy")
