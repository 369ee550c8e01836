"""Each dependency has its reason, each exact version its range, and the version of Bakeoff is one."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bakeoff

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
CORE: list[str] = PROJECT["project"]["dependencies"]
LISTED = [
    *CORE,
    *PROJECT["build-system"]["requires"],
    *(line for extra in EXTRAS.values() for line in extra),
]
REQUIREMENTS = {str(r): r for r in map(Requirement, LISTED) if canonicalize_name(r.name) != "bakeoff"}
CONSTRAINT_LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PACKAGES = sorted(
    path.parent for shelf in ("bench", "plugins", "datasets") for path in (ROOT / shelf).glob("*/__init__.py")
)
REASON = re.compile(r"^\| `(?P<name>[\w.-]+)` \| (?P<reason>[^|]*) \|", re.MULTILINE)


def exact_versions() -> dict[str, str]:
    pairs = (line.split("==") for line in CONSTRAINT_LINES)
    return {canonicalize_name(name): exact for name, exact in pairs}


def reasons() -> list[tuple[str, str]]:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return [(canonicalize_name(name), reason.strip()) for name, reason in REASON.findall(page)]


def test_every_dependency_has_one_reason_and_every_reason_its_dependency() -> None:
    assert sorted(name for name, _ in reasons()) == sorted(
        {canonicalize_name(r.name) for r in REQUIREMENTS.values()}
    )


def test_a_reason_is_a_sentence() -> None:
    assert [name for name, reason in reasons() if len(reason) < 15] == []


@pytest.mark.parametrize("requirement", REQUIREMENTS.values(), ids=str)
def test_the_exact_version_is_within_the_range(requirement: Requirement) -> None:
    assert requirement.specifier.contains(exact_versions()[canonicalize_name(requirement.name)])


@pytest.mark.parametrize("requirement", REQUIREMENTS.values(), ids=str)
def test_a_range_has_a_floor_and_no_ceiling(requirement: Requirement) -> None:
    # A ceiling in a harness that lives beside other people's plugins makes their environments unsolvable.
    assert {s.operator for s in requirement.specifier} == {">="}


def test_constraints_are_exact_portable_and_sorted() -> None:
    assert [line for line in CONSTRAINT_LINES if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert sorted(CONSTRAINT_LINES, key=str.lower) == CONSTRAINT_LINES
    assert [line for line in CONSTRAINT_LINES if line.startswith("nvidia-")] == []


def test_the_extra_all_holds_every_extra_a_user_may_want() -> None:
    (everything,) = map(Requirement, EXTRAS["all"])
    assert everything.extras == set(EXTRAS) - {"all", "dev"}


def imported_by(path: Path) -> set[str]:
    """Top-level names a module imports, wherever in it, other than the standard library's and ours."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return {name for name in found - sys.stdlib_module_names if name.split("_")[0] != "bakeoff"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_what_is_imported_is_declared(package: Path) -> None:
    # Another's dependency goes away with their next release.
    extras = {line for extra in set(EXTRAS) - {"all", "dev"} for line in EXTRAS[extra]}
    declared = {canonicalize_name(Requirement(line).name) for line in [*CORE, *extras]}
    owners = packages_distributions()
    undeclared = {
        f"{path.name}: {name}"
        for path in package.rglob("*.py")
        for name in imported_by(path)
        if not declared & {canonicalize_name(owner) for owner in owners.get(name, [name])}
    }
    assert undeclared == set()


def test_there_is_one_version() -> None:
    assert bakeoff.__version__ == PROJECT["project"]["version"] == version("bakeoff")


def test_the_citation_names_the_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^version: (.+)$", citation, re.MULTILINE)[1] == bakeoff.__version__  # type: ignore[index]
