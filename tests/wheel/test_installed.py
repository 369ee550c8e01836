"""A stranger's first minutes: only the wheel, only the core dependencies, nowhere near the source tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.wheel

#: Techniques that need an extra, and the extra that brings them.
IN_EXTRAS = {
    "xgboost": "tabular",
    "ft-transformer": "tabular",
    "als": "recsys",
    "bpr": "recsys",
    "bpr-implicit": "recsys",
}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts folder of a new environment which holds the wheel and the core dependencies."""
    environment = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    folder = environment / ("Scripts" if os.name == "nt" else "bin")
    constraints = ROOT / "constraints.txt"
    pip = [str(folder / "python"), "-m", "pip", "install", "--quiet", "-c", str(constraints), str(wheel)]
    done = subprocess.run(pip, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder outside the tree; results and caches of these tests lie in it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    assert ROOT not in folder.parents, "run pytest without --basetemp inside the tree"
    return folder


@pytest.fixture(scope="module")
def run(scripts: Path, elsewhere: Path) -> Run:
    """Run the installed command line outside the tree, without anything of this environment's paths."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BAKEOFF"))}
    environment = {**kept, "BAKEOFF_CACHE": str(elsewhere / "cache"), "COLUMNS": "200"}

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(scripts / "bakeoff"), *arguments],
            cwd=elsewhere,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )

    return call


@pytest.fixture(scope="module")
def quick(run: Run) -> subprocess.CompletedProcess[str]:
    """The suite `quick`, run once for all tests of this module."""
    return run("run", "quick", "--results", "results", "--yes")


def test_the_package_is_imported_from_the_environment(scripts: Path, elsewhere: Path) -> None:
    code = "import bakeoff; print(bakeoff.__file__)"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(scripts / "python"), "-c", code],
        cwd=elsewhere,
        env=kept,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(scripts.parent)


def test_it_says_its_version(run: Run) -> None:
    import bakeoff

    done = run("--version")
    assert (done.returncode, bakeoff.__version__ in done.stdout) == (0, True)


def test_all_built_in_plugins_are_active(run: Run) -> None:
    done = run("plugins", "--json")
    assert done.returncode == 0, done.stderr
    states = {plugin["name"]: plugin["state"] for plugin in json.loads(done.stdout)}
    assert {"datasets", "recsys", "tabular"} <= set(states)
    assert set(states.values()) == {"active"}


def test_techniques_of_extras_are_listed_beside_the_others(run: Run) -> None:
    done = run("list", "techniques", "--json")
    assert done.returncode == 0, done.stderr
    names = {technique["name"] for technique in json.loads(done.stdout)}
    assert set(IN_EXTRAS) | {"prior", "logistic", "popularity", "ease"} <= names


def test_the_quick_suite_runs_on_the_core_alone(quick: subprocess.CompletedProcess[str]) -> None:
    assert quick.returncode == 0, quick.stdout + quick.stderr


def test_what_needs_an_extra_is_shown_with_its_install_line(quick: subprocess.CompletedProcess[str]) -> None:
    said = quick.stdout + quick.stderr
    for technique, extra in IN_EXTRAS.items():
        assert technique in said
        assert f"bakeoff[{extra}]" in said


def test_the_leaderboard_of_the_installed_wheel_has_ranks(
    run: Run, quick: subprocess.CompletedProcess[str]
) -> None:
    assert quick.returncode == 0, quick.stderr
    done = run("leaderboard", "quick", "--results", "results", "--format", "md")
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    for technique in ("logistic", "random-forest", "popularity", "ease"):
        assert any(technique in row for row in rows)
