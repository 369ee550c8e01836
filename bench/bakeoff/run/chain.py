"""Chains: `smote[k_neighbors=3]+xgboost[max_depth=4]`, read from text and resolved against the catalog.

Any number of steps, then one technique. A technique may also be a local file, `./mine.py:Model`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bakeoff.discovery import Catalog, PluginInfo, missing_requirements
from bakeoff.model.errors import BakeoffError
from bakeoff.model.specs import Step, Technique
from bakeoff.run import identity
from bakeoff.run.engines.base import Link
from bakeoff.run.localfile import is_local, local_technique

_BARE = re.compile(r"[A-Za-z_][\w./-]*")


@dataclass(frozen=True, slots=True)
class LinkText:
    """One link as written: a name and explicit parameters."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.params:
            return self.name
        inner = ",".join(f"{k}={_shown(v)}" for k, v in sorted(self.params.items()))
        return f"{self.name}[{inner}]"


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain resolved for one task.

    parts: what the content key covers, by link. versions: distributions for the record.
    unavailable: why it cannot run here ("" if it can), ending in the install line.
    """

    name: str
    links: tuple[Link, ...]
    technique: Technique
    parts: tuple[Mapping[str, Any], ...]
    params: Mapping[str, Mapping[str, Any]]
    versions: Mapping[str, str]
    unavailable: str = ""
    flags: tuple[str, ...] = ()


def split_outside(text: str, separator: str) -> list[str]:
    """Split at `separator` outside brackets and quotes; parts are stripped, empty ones dropped."""
    parts, depth, quote, start, escaped = [], 0, "", 0, False
    for at, char in enumerate(text):
        if quote:
            ends = char == quote and not escaped
            escaped = char == "\\" and quote == '"' and not escaped
            quote = "" if ends else quote
        elif char in "\"'":
            quote = char
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
        elif char == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return [p.strip() for p in parts if p.strip()]


def parse_chain(text: str) -> tuple[LinkText, ...]:
    """Read a chain; BakeoffError where the brackets or parameters are malformed."""
    links = tuple(_parse_link(part, text) for part in split_outside(text, "+"))
    if not links:
        raise BakeoffError(f"{text!r} names no technique.", hint="Write e.g. xgboost or smote+xgboost.")
    return links


def canonical(text: str) -> str:
    """The chain in its canonical spelling: parameters sorted, no spaces."""
    return "+".join(str(link) for link in parse_chain(text))


def _parse_link(text: str, whole: str) -> LinkText:
    name, bracket, rest = text.partition("[")
    if not bracket:
        return LinkText(text)
    if not rest.endswith("]") or not name.strip():
        raise BakeoffError(
            f"malformed technique {whole!r}.", hint="Write name[parameter=value,parameter=value]."
        )
    params: dict[str, Any] = {}
    for assignment in split_outside(rest[:-1], ","):
        key, equals, value = assignment.partition("=")
        if not equals or not key.strip():
            raise BakeoffError(
                f"malformed parameter {assignment!r} in {whole!r}.", hint="Write parameter=value."
            )
        params[key.strip()] = _value(value.strip())
    return LinkText(name.strip(), params)


def _value(text: str) -> Any:
    """A TOML value, else the bare word itself (`preset=paper`); `none` is None."""
    if text.lower() == "none":
        return None
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text


def _shown(value: Any) -> str:
    """As `_value` reads it back: a bare word where that is safe, else a TOML literal."""
    if isinstance(value, str) and _BARE.fullmatch(value) and _value(value) == value:
        return value
    if value is None:
        return "none"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def resolve(text: str, task: str, catalog: Catalog, *, where: str = "") -> Chain:
    """Look every link up and check that the chain fits the task (BakeoffError otherwise)."""
    texts = parse_chain(text)
    steps = [_step(t, task, catalog, where) for t in texts[:-1]]
    last = _technique(texts[-1], task, catalog, where)
    resolved = [*steps, last]
    missing = [_missing(r.spec) for r in resolved if missing_requirements(r.spec)]
    versions = _versions(resolved)
    flags = tuple(["local file"] if is_local(texts[-1].name) else [])
    return Chain(
        name="+".join(str(t) for t in texts),
        links=tuple(r.link for r in resolved),
        technique=last.spec,
        parts=tuple(_part(r) for r in resolved),
        params={r.link.name: dict(r.link.params) for r in resolved},
        versions=versions,
        unavailable="; ".join(missing),
        flags=flags,
    )


@dataclass(frozen=True, slots=True)
class _Resolved:
    spec: Any
    plugin: PluginInfo
    link: Link


def _technique(text: LinkText, task: str, catalog: Catalog, where: str) -> _Resolved:
    if is_local(text.name):
        found, plugin = local_technique(text.name, task)
    else:
        registered = catalog.find("techniques", text.name, where)
        found, plugin = registered.spec, registered.plugin
    if task not in found.implementations:
        offered = ", ".join(sorted(found.implementations))
        raise BakeoffError(
            f"technique {text.name!r} is for {offered}, not for {task}.",
            hint=f"`bakeoff list techniques` shows which ones do {task}.",
        )
    return _Resolved(found, plugin, _link(text, found, found.implementations[task]))


def _step(text: LinkText, task: str, catalog: Catalog, where: str) -> _Resolved:
    if text.name in catalog.techniques and text.name not in catalog.steps:
        raise BakeoffError(
            f"{text.name!r} is a technique and stands before another one.", hint="Put it last."
        )
    registered = catalog.find("steps", text.name, where)
    spec: Step = registered.spec
    if task not in spec.tasks:
        raise BakeoffError(f"step {text.name!r} is for {', '.join(spec.tasks)}, not for {task}.")
    return _Resolved(spec, registered.plugin, _link(text, spec, spec.implementation))


def _link(text: LinkText, spec: Technique | Step, implementation: str) -> Link:
    params = {**spec.params, **text.params}
    return Link(text.name, implementation, params, str(spec.inputs), spec.seed_param)


def _missing(spec: Technique | Step) -> str:
    names = ", ".join(missing_requirements(spec))
    return f"{spec.name} needs {names}: {spec.install or 'pip install ' + names}"


def _part(resolved: _Resolved) -> dict[str, Any]:
    """What the key covers of a link: identity, parameters, code, versions of the libraries behind it."""
    link, plugin = resolved.link, resolved.plugin
    module = link.implementation.rpartition(":")[0]
    top = module.split(".")[0]
    own = module.startswith("file:") or top == plugin.module.split(".")[0]
    names = (*resolved.spec.requires, *resolved.spec.libraries, *(() if own else (identity.owner(top),)))
    return {
        "id": Path(link.name.partition(":")[0]).name if module.startswith("file:") else link.name,
        "implementation": link.implementation.rpartition(":")[2] if own else link.implementation,
        "inputs": link.inputs,
        "params": dict(link.params),
        "code": identity.code_hash(module) if own else "",
        "libraries": identity.library_versions(tuple(n for n in names if n)),
    }


def _versions(resolved: list[_Resolved]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in resolved:
        if item.plugin.distribution and item.plugin.version:
            found[item.plugin.distribution] = item.plugin.version
        found |= _part(item)["libraries"]
    return found


__all__ = ["Chain", "LinkText", "canonical", "parse_chain", "resolve", "split_outside"]
