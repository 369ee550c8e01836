"""Check a manifest's hooks against the specifications and call them, one plugin at a time.

Every plugin gets a plugin manager of its own: pluggy's shared one lets a wrong signature, or one exception, stop
all the others.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from types import ModuleType
from typing import Any

import pluggy

from bakeoff import hookspecs
from bakeoff.discovery.load import Rejected, guarded

_MARK = "bakeoff_impl"  # the attribute that pluggy's marker for this project leaves on a function

SPECS: Mapping[str, inspect.Signature] = {
    name: inspect.signature(value)
    for name, value in vars(hookspecs).items()
    if name.startswith("bakeoff_") and callable(value)
}


def connect(name: str, manifest: Any) -> pluggy.PluginManager:
    """A plugin manager that holds this manifest alone. Raises Rejected for a hook that is none, or wrong."""
    for attribute, value in _candidates(manifest):
        _check(attribute, value)
    manager = pluggy.PluginManager("bakeoff")
    manager.add_hookspecs(hookspecs)

    def register() -> None:
        try:
            manager.register(manifest, name=name)
        except pluggy.PluginValidationError as error:
            raise Rejected(_wrong_signature(manifest, str(error))) from error

    guarded("registering its hooks", register)
    return manager


def implements(manager: pluggy.PluginManager, hook: str) -> bool:
    """Whether the manager's plugin has this hook."""
    return bool(getattr(manager.hook, hook).get_hookimpls())


def call(manager: pluggy.PluginManager, hook: str, **arguments: Any) -> Any:
    """The answer of the manager's only plugin, None where it has none. Raises Rejected."""
    answer = guarded(f"calling {hook}", lambda: getattr(manager.hook, hook)(**arguments))
    if isinstance(answer, list):  # hooks that are not `firstresult` collect; there is one to collect from
        return answer[0] if answer else None
    return answer


def _candidates(manifest: Any) -> Iterator[tuple[str, Any]]:
    """Everything that is, or looks like, a hook. Modules do not: `import bakeoff_mine.x` binds such a name."""
    for attribute in dir(manifest):
        if attribute.startswith("__"):
            continue
        value = guarded(f"reading {attribute}", partial(getattr, manifest, attribute, None))
        marked = isinstance(getattr(value, _MARK, None), dict)
        if marked or (attribute.startswith("bakeoff_") and inspect.isroutine(value)):
            yield attribute, value
        elif attribute in SPECS and not isinstance(value, ModuleType):
            raise Rejected(f"{attribute} is a {type(value).__name__}, not a function")


def _check(attribute: str, value: Any) -> None:
    options = getattr(value, _MARK, None)
    if options is None:
        known = attribute in SPECS
        raise Rejected(f"{attribute} lacks the @hookimpl decorator" if known else _unknown(attribute))
    hook = options.get("specname") or attribute
    if hook not in SPECS:
        if options.get("optionalhook"):  # the author's way to serve a later bakeoff as well
            return
        raise Rejected(_unknown(hook))
    if options.get("wrapper") or options.get("hookwrapper"):
        raise Rejected(f"{hook} is a hook wrapper; plugins add things and observe, but do not change others")


def _unknown(hook: str) -> str:
    near = get_close_matches(hook, SPECS, n=1, cutoff=0.0)
    return f"there is no hook {hook!r}; the nearest is {near[0]!r}"


def _wrong_signature(manifest: Any, problem: str) -> str:
    """pluggy names the hook in its first line; say what the hook takes and what was written."""
    for attribute, value in _candidates(manifest):
        hook = (getattr(value, _MARK, None) or {}).get("specname") or attribute
        if f"hook {hook!r}" in problem:
            wanted = ", ".join(SPECS[hook].parameters)
            return f"the hook {hook} takes ({wanted}), not {inspect.signature(value)}"
    return " ".join(problem.split())
