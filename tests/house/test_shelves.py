"""The three shelves: folders that hold packages, and are none; every package on them is built, typed and found."""

from __future__ import annotations

import importlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SHELVES = ("bench", "plugins", "datasets", "results")
BUILT: list[str] = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def packages_on(shelf: str) -> list[Path]:
    return sorted(path.parent for path in (ROOT / shelf).glob("*/__init__.py"))


PLUGINS = [*packages_on("plugins"), *packages_on("datasets")]
PACKAGES = [*packages_on("bench"), *PLUGINS]


def contract(name_part: str) -> dict[str, Any]:
    found = [c for c in PYPROJECT["tool"]["importlinter"]["contracts"] if name_part in c["name"]]
    assert len(found) == 1, f"one import-linter contract is about {name_part!r}"
    return dict(found[0])


@pytest.mark.parametrize("shelf", SHELVES)
def test_a_shelf_is_no_package(shelf: str) -> None:
    # An __init__.py here would give the world a top-level `datasets` or `plugins`, and shadow other people's.
    assert not (ROOT / shelf / "__init__.py").exists()


def test_the_shelves_hold_what_the_design_puts_there() -> None:
    names = {path.name for path in PACKAGES}
    assert {"bakeoff", "bakeoff_tabular", "bakeoff_recsys", "bakeoff_datasets"} <= names


def test_folders_on_the_package_shelves_have_unique_names_of_ours() -> None:
    names = [path.name for path in PACKAGES]
    assert len(set(names)) == len(names)
    assert all(name == "bakeoff" or name.startswith("bakeoff_") for name in names)


def test_results_hold_no_code() -> None:
    assert list((ROOT / "results").rglob("*.py")) == []


def test_every_package_is_built() -> None:
    assert sorted(BUILT) == sorted(path.relative_to(ROOT).as_posix() for path in PACKAGES)


def test_every_package_is_type_checked() -> None:
    assert sorted(PYPROJECT["tool"]["mypy"]["packages"]) == sorted(path.name for path in PACKAGES)


def test_every_package_stands_under_the_floors() -> None:
    assert sorted(PYPROJECT["tool"]["importlinter"]["root_packages"]) == sorted(p.name for p in PACKAGES)


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_built_in_plugin_is_found_and_held_like_a_strangers(plugin: Path) -> None:
    entry_points: dict[str, str] = PYPROJECT["project"]["entry-points"]["bakeoff"]
    assert f"{plugin.name}.manifest" in entry_points.values(), "it has no entry point"
    assert (plugin / "manifest.py").exists(), "its entry point leads nowhere"
    assert plugin.name in contract("strangers")["source_modules"]
    assert plugin.name in contract("never names a plugin")["forbidden_modules"]


def test_every_room_of_the_core_has_its_floor() -> None:
    floors = " | ".join(contract("floors")["layers"])
    core = ROOT / "bench" / "bakeoff"
    rooms = {path.parent.name for path in core.glob("*/__init__.py")}
    rooms |= {path.stem for path in core.glob("*.py")} - {"__init__", "__main__", "manifest"}
    on_floors = {name.removeprefix("bakeoff.") for name in floors.split(" | ")}
    assert rooms <= on_floors, "a room without a floor may import anything"


def test_strangers_may_import_the_api_and_no_other_room() -> None:
    forbidden = set(contract("strangers")["forbidden_modules"])
    core = ROOT / "bench" / "bakeoff"
    rooms = {f"bakeoff.{path.parent.name}" for path in core.glob("*/__init__.py")}
    assert rooms <= forbidden
    assert "bakeoff.api" not in forbidden


def test_every_suite_and_card_in_the_tree_is_registered_and_every_registered_one_is_there() -> None:
    registered: set[str] = set()
    for plugin in PLUGINS:
        manifest = importlib.import_module(f"{plugin.name}.manifest")
        for hook, resource in (("bakeoff_suites", "path"), ("bakeoff_datasets", "card")):
            specs = getattr(manifest, hook, tuple)()
            registered |= {getattr(spec, resource).replace(":", "/") for spec in specs}
    in_tree = {
        path.relative_to(plugin.parent).as_posix()
        for plugin in PLUGINS
        for shelf in ("suites", "cards")
        for path in (plugin / shelf).glob("*.toml")
    }
    assert registered == in_tree
