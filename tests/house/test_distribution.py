"""What goes out: the wheel holds our packages with their data, the sdist what builds that wheel, and no more."""

from __future__ import annotations

import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELVES = ("bench", "plugins", "datasets")
#: What may stand at the top of an sdist. PKG-INFO, pyproject.toml and .gitignore are hatchling's own additions.
SDIST_TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "PKG-INFO",
    "README.md", "bench", "constraints.txt", "datasets", "docs", "plugins", "pyproject.toml", "tests",
}  # fmt: skip


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def in_tree(pattern: str) -> set[str]:
    """Files of our packages as the wheel should name them: without their shelf."""
    found = (path for shelf in SHELVES for path in (ROOT / shelf).glob(f"bakeoff*/**/{pattern}"))
    return {path.relative_to(ROOT).as_posix().split("/", 1)[1] for path in found}


def test_the_wheel_holds_our_packages_and_nothing_else(names: list[str]) -> None:
    tops = {name.split("/", 1)[0] for name in names}
    info = {top for top in tops if top.endswith(".dist-info")}
    assert len(info) == 1
    assert "bakeoff" in tops
    assert all(top == "bakeoff" or top.startswith("bakeoff_") for top in tops - info)


def test_the_wheel_holds_no_leftovers(names: list[str]) -> None:
    assert [
        name for name in names if "__pycache__" in name or name.endswith((".pyc", ".jsonl", ".bin"))
    ] == []


@pytest.mark.parametrize(
    "pattern", ["*.py", "py.typed", "cards/*.toml", "suites/*.toml", "data/*.csv.gz", "*.schema.json"]
)
def test_the_wheel_holds_every_such_file_of_the_tree(names: list[str], pattern: str) -> None:
    wanted = in_tree(pattern)
    assert wanted, "the tree itself has none: the pattern or the tree is wrong"
    assert wanted <= set(names)


def test_every_package_tells_type_checkers_that_it_is_typed() -> None:
    packages = {path.split("/", 1)[0] for path in in_tree("__init__.py")}
    assert {path.split("/", 1)[0] for path in in_tree("py.typed")} == packages


def test_the_wheel_registers_the_plugins_and_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        text = archive.read(path).decode()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, target in {**project["entry-points"]["bakeoff"], **project["scripts"]}.items():
        assert f"{name} = {target}" in text


def test_the_wheel_carries_its_licence(wheel: Path, names: list[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(path).decode())
    assert metadata["License-Expression"] == "BSD-3-Clause"


def test_the_wheel_stays_small_enough_to_be_installed_everywhere(wheel: Path) -> None:
    # Shipped data is what grows. Beyond this a dataset is loaded at first use instead.
    assert wheel.stat().st_size < 10 * 2**20


def test_the_sdist_holds_what_is_on_the_white_list(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        tops = {name.split("/", 2)[1] for name in archive.getnames() if "/" in name}
    assert tops == SDIST_TOP


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_tree(
    sdist: Path, names: list[str], tmp_path: Path, build_wheel: Callable[[Path, Path], Path]
) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    with zipfile.ZipFile(build_wheel(source, tmp_path / "out")) as archive:
        assert sorted(archive.namelist()) == sorted(names)
