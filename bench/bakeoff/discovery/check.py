"""Check what a registration hook returned, field by field, before anything uses it.

Types alone would not do: a plugin's author may not run a type checker, and the classic slips (`requires="torch"`
for `("torch",)`, a module without its attribute) would surface much later, in somebody else's run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from bakeoff.discovery.kinds import Kind
from bakeoff.discovery.load import Rejected
from bakeoff.model.keys import canonical
from bakeoff.model.specs import Dataset, Metric, Spec, Task
from bakeoff.model.words import DataKind, Inputs

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_METRIC_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
_IMPLEMENTATION = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_RESOURCE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[\w-][\w .-]*(/[\w-][\w .-]*)*")


def check_items(kind: Kind, answer: Any) -> tuple[Spec, ...]:
    """The items of one hook's answer. Raises Rejected naming the hook, the item and the field."""
    if isinstance(answer, kind.type):
        raise Rejected(f"{kind.hook} returned one {kind.type.__name__}, not a list of them")
    if answer is None:
        return ()
    if isinstance(answer, (str, bytes, Mapping)) or not hasattr(answer, "__iter__"):
        raise Rejected(f"{kind.hook} returned a {type(answer).__name__}, not a list of {kind.type.__name__}")
    items = tuple(answer)
    names: set[str] = set()
    for item in items:
        check_item(kind, item)
        if item.name in names:
            raise Rejected(f"{kind.hook} returned the {kind.singular} {item.name!r} twice")
        names.add(item.name)
    return items


def check_item(kind: Kind, item: Any, *, reference: bool = False) -> None:
    """Raise Rejected unless the item is sound. `reference`: its name may be one like `openml:31`."""
    if not isinstance(item, kind.type):
        raise Rejected(
            f"{kind.hook} returned a {type(item).__name__} among its items, not a {kind.type.__name__}"
        )
    pattern = _METRIC_NAME if isinstance(item, Metric) else _NAME
    if not isinstance(item.name, str) or not (reference or pattern.fullmatch(item.name)):
        raise Rejected(f"{item.name!r} is no name for a {kind.singular}: letters, digits, '-', '.', '_' only")
    for name in (f.name for f in fields(item)):
        problem = _CHECKS.get(name, _fine)(getattr(item, name))
        if problem:
            raise Rejected(f"{kind.singular} {item.name!r}: {name} {problem}")
    problem = _together(item)
    if problem:
        raise Rejected(f"{kind.singular} {item.name!r}: {problem}")


def _fine(_: Any) -> str:
    return ""


def _text(value: Any) -> str:
    return "" if isinstance(value, str) else f"is a {type(value).__name__}, not a string"


def _text_or_none(value: Any) -> str:
    return "" if value is None else _text(value)


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else f"is {value!r}, not True or False"


def _names(value: Any) -> str:
    if isinstance(value, str):
        return f"is the string {value!r}; write ({value!r},)"
    if not isinstance(value, (tuple, list)) or not all(isinstance(v, str) and v for v in value):
        return f"is {value!r}, not a tuple of names"
    return ""


def _some_names(value: Any) -> str:
    return _names(value) or ("" if value else "is empty")


def _distributions(value: Any) -> str:
    wrong = [] if _names(value) else [v for v in value if not _NAME.fullmatch(v)]
    hint = (
        f"holds {wrong[0]!r}: distribution names only, versions belong into pyproject.toml" if wrong else ""
    )
    return _names(value) or hint


def _implementation(value: Any) -> str:
    if isinstance(value, str) and _IMPLEMENTATION.fullmatch(value):
        return ""
    return f"is {value!r}, not a string like 'package.module:attribute'"


def _implementation_or_none(value: Any) -> str:
    return "" if value is None else _implementation(value)


def _implementations(value: Any) -> str:
    if not isinstance(value, Mapping) or not value:
        return "must map at least one task to a 'package.module:attribute'"
    return next(
        (f"for {task!r} {p}" for task, v in value.items() if (p := _text(task) or _implementation(v))), ""
    )


def _resource(value: Any) -> str:
    if isinstance(value, str) and _RESOURCE.fullmatch(value):
        return ""
    return f"is {value!r}, not a string like 'package:folder/file.toml'"


def _params(value: Any) -> str:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        return "must map parameter names to values"
    try:
        canonical(dict(value))
    except (TypeError, ValueError) as error:
        return f"must hold what JSON can hold ({error})"
    return ""


def _one_of(*words: str) -> Callable[[Any], str]:
    return lambda value: "" if value in words else f"is {value!r}, not one of {', '.join(words)}"


def _number_or_none(value: Any) -> str:
    good = value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
    return "" if good else f"is {value!r}, not a number"


def _together(item: Spec) -> str:
    if isinstance(item, Task):
        if item.primary not in item.metrics:
            return f"primary {item.primary!r} is not among its metrics"
        if item.default_policy not in item.policies:
            return f"default_policy {item.default_policy!r} is not among its policies"
    return ""


_CHECKS: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(("summary", "install", "source", "title"), _text),
    **dict.fromkeys(("tasks", "metrics", "policies"), _some_names),
    **dict.fromkeys(("tags", "baselines"), _names),
    **dict.fromkeys(("requires", "libraries"), _distributions),
    **dict.fromkeys(("deterministic", "deep", "uses_weights"), _flag),
    **dict.fromkeys(("card", "path"), _resource),
    **dict.fromkeys(("best", "worst", "cost"), _number_or_none),
    "task": _text,
    "implementation": _implementation,
    "implementations": _implementations,
    "loader": _implementation_or_none,
    "seed_param": _text_or_none,
    "params": _params,
    "inputs": _one_of(*Inputs),
    "data": _one_of(*DataKind),
    "direction": _one_of("max", "min"),
    "needs": _one_of("response", "proba", "topk"),
}


def check_reference(kind: Kind, answer: Any, hook: str) -> Dataset:
    """A dataset answered by `bakeoff_resolve_dataset`. Raises Rejected."""
    if not isinstance(answer, Dataset):
        raise Rejected(f"{hook} returned a {type(answer).__name__}, not a Dataset")
    check_item(kind, answer, reference=True)
    return answer
