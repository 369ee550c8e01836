"""`--technique ./mine.py:Model`: a technique without a package. The file is parsed here and executed only in a
worker; its rows are marked "local file".
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from bakeoff.discovery import PluginInfo
from bakeoff.model.errors import BakeoffError, UnknownName
from bakeoff.model.specs import Technique
from bakeoff.model.words import Inputs, PluginState


def is_local(name: str) -> bool:
    """Whether a technique's name is a file and an attribute, `path.py:Name`."""
    return ".py:" in name


def local_technique(name: str, task: str) -> tuple[Technique, PluginInfo]:
    """Describe the class or function `Name` of `path.py` for `task`.

    It gets the harness's matrix unless the class says `bakeoff_inputs = "frame"`, and the cell's seed if its
    `__init__` takes `random_state` or `seed`.
    """
    path_text, _, attribute = name.rpartition(":")
    path = Path(path_text).expanduser()
    node = _definition(path, attribute, name)
    technique = Technique(
        name=f"{path.name}:{attribute}",
        implementations={task: f"file:{path.resolve()}:{attribute}"},
        inputs=Inputs(_inputs(node, name)),
        seed_param=_seed_param(node),
        summary=f"local file {path.name}",
        tags=("local",),
    )
    info = PluginInfo(name="local", state=PluginState.ACTIVE, distribution="", version="", module="file")
    return technique, info


def _definition(path: Path, attribute: str, name: str) -> ast.ClassDef | ast.FunctionDef:
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise BakeoffError(
            f"technique {name!r}: {path}: {reason}.", hint="Give a path to a .py file."
        ) from error
    except (SyntaxError, ValueError) as error:
        raise BakeoffError(f"technique {name!r}: {path} is not valid Python: {error}.") from error
    found = {n.name: n for n in tree.body if isinstance(n, (ast.ClassDef, ast.FunctionDef))}
    if attribute not in found:
        raise UnknownName("class or function", attribute, found, where=str(path))
    return found[attribute]


def _inputs(node: ast.ClassDef | ast.FunctionDef, name: str) -> str:
    for statement in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            targets = [t.id for t in statement.targets if isinstance(t, ast.Name)]
            if "bakeoff_inputs" in targets:
                return _legal_inputs(statement.value.value, name)
    return Inputs.MATRIX


def _legal_inputs(value: Any, name: str) -> str:
    if value not in set(Inputs):
        raise BakeoffError(
            f"technique {name!r}: bakeoff_inputs = {value!r}.", hint='Use "frame" or "matrix".'
        )
    return str(value)


def _seed_param(node: ast.ClassDef | ast.FunctionDef) -> str | None:
    functions = [node] if isinstance(node, ast.FunctionDef) else _methods(node)
    names = [a.arg for f in functions for a in (*f.args.args, *f.args.kwonlyargs)]
    return next((n for n in ("random_state", "seed") if n in names), None)


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [f for f in node.body if isinstance(f, ast.FunctionDef) and f.name == "__init__"]
