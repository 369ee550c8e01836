"""Modules stay small enough to be read at one go, and say what they are for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELVES = ("bench", "plugins", "datasets")
MODULES = sorted(path for shelf in SHELVES for path in (ROOT / shelf).rglob("*.py"))

#: Modules which may exceed 330 lines, each with its reason. None may exceed 650.
LONG: dict[str, str] = {}

LONGEST_FUNCTION = 60


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_fits_a_reader(path: Path) -> None:
    assert lines(path) <= (650 if name_of(path) in LONG else 330), "split it, or give the reason in LONG"


def test_long_is_about_modules_that_are_long() -> None:
    assert [name for name in LONG if lines(ROOT / name) <= 330] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring) >= 20


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_function_fits_a_screen(path: Path) -> None:
    functions = (
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = {
        f.name: length
        for f in functions
        if (length := (f.end_lineno or 0) - f.body[0].lineno) > LONGEST_FUNCTION
    }
    assert long == {}
