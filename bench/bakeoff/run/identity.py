"""What a technique's code is, for the content key: a syntax-tree hash of its module and of the modules it imports
from its own top-level package, found without importing anything.

Comments, blank lines and docstrings change nothing. Code of other distributions (scikit-learn, torch, ...) counts
by its version instead.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path


def code_hash(module: str) -> str:
    """Hash of `module` (dotted name, or `file:/path.py`) with its own-package imports; "" if there is no source."""
    files = dict(sorted(_closure(module)))
    if not files:
        return ""
    joined = "\n".join(f"{name}:{digest}" for name, digest in files.items())
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def library_versions(names: tuple[str, ...]) -> dict[str, str]:
    """Installed versions of distributions, without those that are not installed."""
    return {name: found for name in names if (found := installed_version(name))}


@cache
def installed_version(distribution: str) -> str:
    """Version of a distribution, "" where it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


@cache
def owner(top_level: str) -> str:
    """The distribution that a top-level package belongs to, "" if none says so."""
    return next(iter(_owners().get(top_level, ())), "")


@cache
def _owners() -> dict[str, list[str]]:
    return {k: list(v) for k, v in packages_distributions().items()}


def _closure(module: str) -> Iterator[tuple[str, str]]:
    """(module name, tree digest) of the module and of what it imports from its own package, once each."""
    waiting, seen = [module], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        file = find_source(name)
        if file is None:
            continue
        stat = file.stat()
        digest, imported = _read(file, stat.st_mtime_ns, stat.st_size)
        yield (file.name if name.startswith("file:") else name), digest
        waiting += _own(name, file, imported)
        if "." in name and not name.startswith("file:"):
            waiting.append(name.rpartition(".")[0])  # importing a module runs its packages first


def _own(name: str, file: Path, imported: tuple[tuple[int, str, tuple[str, ...]], ...]) -> list[str]:
    """Imports that stay within the module's own top-level package, or beside a local file."""
    if name.startswith("file:"):
        names = (base.split(".")[0] for _, base, _ in imported if base)
        return [f"file:{p}" for n in names if (p := file.parent / f"{n}.py").is_file()]
    top, found = name.split(".")[0], []
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for level, base, members in imported:
        full = _absolute(package, level, base)
        if full.split(".")[0] == top:
            found += [full, *(f"{full}.{m}" for m in members)]
    return found


def _absolute(package: str, level: int, base: str) -> str:
    if level == 0:
        return base
    parts = package.split(".")
    anchor = ".".join(parts[: len(parts) - level + 1])
    return f"{anchor}.{base}" if base else anchor


@cache
def _read(file: Path, mtime: int, size: int) -> tuple[str, tuple[tuple[int, str, tuple[str, ...]], ...]]:  # noqa: ARG001
    """(digest of the tree, imports); the file's time and size are part of the cache key, so edits are seen."""
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError:  # it will fail in the worker, with the line; here its bytes are enough
        return hashlib.sha256(file.read_bytes()).hexdigest(), ()
    imported: list[tuple[int, str, tuple[str, ...]]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported += [(0, alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported.append((node.level, node.module or "", tuple(a.name for a in node.names)))
        _strip_docstring(node)
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest(), tuple(imported)


def _strip_docstring(node: ast.AST) -> None:
    if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    if ast.get_docstring(node, clean=False) is not None:
        node.body = node.body[1:]


@cache
def find_source(module: str) -> Path | None:
    """The source file of a module, walking the path entries by hand so that no parent package is imported."""
    if module.startswith("file:"):
        file = Path(module[5:])
        return file if file.is_file() else None
    search: list[str] | None = None
    for at in range(1, module.count(".") + 2):
        name = ".".join(module.split(".")[:at])
        spec = PathFinder.find_spec(name, search) or _editable(name, search)
        if spec is None:
            return None
        search = list(spec.submodule_search_locations or [])
    origin = spec.origin if spec is not None else None
    return Path(origin) if origin and origin.endswith(".py") else None


def _editable(name: str, search: list[str] | None) -> ModuleSpec | None:
    """Other finders (editable installs of some build backends) for top-level names."""
    if search is not None:
        return None
    for finder in sys.meta_path:
        found = finder.find_spec(name, None) if hasattr(finder, "find_spec") else None
        if found is not None:
            return found
    return None
