"""Suite files: TOML that says a question, boards (datasets x techniques under one protocol), budgets and claims.

This module reads and checks them; it looks no name up and opens no dataset. All mistakes of a file are reported
together. `docs/suites.md` is the format's manual.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bakeoff.model.errors import BakeoffError, SuiteError
from bakeoff.model.keys import content_key
from bakeoff.model.units import parse_size
from bakeoff.run.tasks.base import Policy

#: Larger suite files are refused: they come from strangers.
MAX_BYTES = 1_000_000
SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Datasets x techniques under one protocol: one leaderboard.

    policy None: the task's default. metric None: the task's primary. n_train: cap on training rows.
    """

    id: str
    task: str
    datasets: tuple[str, ...]
    techniques: tuple[str, ...]
    metric: str | None = None
    policy: Policy | None = None
    folds: int | None = None
    repeats: int = 1
    n_train: int | None = None
    baselines: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteConfig:
    """A suite with one profile applied. timeout and budget in seconds, memory in bytes."""

    name: str
    question: str = ""
    profile: str = ""
    boards: tuple[Board, ...] = ()
    seed: int = 0
    timeout: float | None = None
    memory: int | None = None
    budget: float | None = None
    claims: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def claims_hash(self) -> str:
        """Content key of the claims as written; a later edit shows."""
        return content_key(list(self.claims)) if self.claims else ""


_BOARD = {
    "id": str,
    "task": str,
    "metric": str,
    "datasets": list,
    "techniques": list,
    "split": dict,
    "folds": int,
    "repeats": int,
    "n_train": int,
}
_LIMITS = {"seed": int, "timeout": float, "memory": (str, int), "budget": float}
_SPREAD = {"folds": int, "repeats": int, "n_train": int}
_TOP = {
    "schema": int,
    "name": str,
    "question": str,
    "default_profile": str,
    "board": list,
    "profiles": dict,
    "claims": list,
    **_LIMITS,
}
_PROFILE = {"board": dict, **_LIMITS, **_SPREAD}
_CLAIM = {
    "id": str,
    "says": str,
    "kind": str,
    "a": str,
    "b": str,
    "metric": str,
    "margin": float,
    "where": dict,
    "unit": str,
    "test": str,
    "family": str,
}
CLAIM_KINDS = ("superior", "noninferior", "equivalent", "shape", "association", "threshold")


def load_suite(path: Path, profile: str | None = None) -> SuiteConfig:
    """Read a suite file; SuiteError naming the file where it cannot be."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SuiteError(f"suite file {path} is larger than {MAX_BYTES:,} bytes.")
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SuiteError(f"suite file {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SuiteError(f"suite file {path} is not UTF-8 (byte {error.start}).") from error
    return parse_suite(text, str(path), profile)


def parse_suite(text: str, where: str, profile: str | None = None) -> SuiteConfig:
    """Check a suite's text and apply a profile; SuiteError listing every mistake."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SuiteError(f"suite file {where} is not valid TOML: {error}.") from error
    problems = _problems(data)
    if problems:
        more = f" (and {len(problems) - 8} more)" if len(problems) > 8 else ""
        raise SuiteError(f"suite file {where}: {'; '.join(problems[:8])}{more}.", hint="See docs/suites.md.")
    chosen = _choose_profile(data, where, profile)
    try:
        return _build(data, chosen)
    except BakeoffError as error:
        raise SuiteError(f"suite file {where}: {error}") from error


def _choose_profile(data: Mapping[str, Any], where: str, wanted: str | None) -> str:
    known = list(data.get("profiles", {}))
    name = wanted or data.get("default_profile") or ("ci" if "ci" in known else "")
    if name and name not in known:
        hint = f"It has {', '.join(known)}." if known else "It has no profiles."
        raise SuiteError(f"suite file {where} has no profile {name!r}.", hint=hint)
    return str(name)


def _problems(data: Mapping[str, Any]) -> list[str]:
    found = _check(data, _TOP, "the top level")
    if found:
        return found
    if data.get("schema", SCHEMA) != SCHEMA:
        return [f"schema = {data['schema']} is not known (this bakeoff reads {SCHEMA})"]
    found += [f"{key} is missing" for key in ("name", "board") if not data.get(key)]
    ids: list[str] = []
    for number, board in enumerate(data.get("board", []), 1):
        found += _board_problems(board, f"board {number}", compulsory=True)
        ids.append(str(board.get("id", board.get("task"))) if isinstance(board, dict) else "")
    found += [
        f"two boards are called {i!r}; give one an id" for i in sorted({i for i in ids if ids.count(i) > 1})
    ]
    for name, profile in data.get("profiles", {}).items():
        found += _profile_problems(profile, f"profile {name}", ids)
    for number, claim in enumerate(data.get("claims", []), 1):
        found += _claim_problems(claim, f"claim {number}")
    return found


def _profile_problems(profile: Any, where: str, ids: list[str]) -> list[str]:
    found = _check(profile, _PROFILE, where)
    if found:
        return found
    for board, overrides in profile.get("board", {}).items():
        if board not in ids:
            found.append(
                f"{where} speaks of board {board!r}, which does not exist (boards: {', '.join(ids)})"
            )
        else:
            found += _board_problems(overrides, f"{where}, board {board}", compulsory=False)
    return found + _positive(profile, where)


def _board_problems(board: Any, where: str, *, compulsory: bool) -> list[str]:
    found = _check(board, _BOARD, where)
    if found:
        return found
    if compulsory:
        found += [f"{where}: {k} is missing" for k in ("task", "datasets", "techniques") if k not in board]
    for key in ("datasets", "techniques"):
        values = board.get(key)
        if values is not None and (not values or not all(isinstance(v, str) and v for v in values)):
            found.append(f"{where}: {key} must be a list of at least one name (an empty grid has no cells)")
    split = board.get("split")
    if split is not None and not isinstance(split.get("policy"), str):
        found.append(
            f'{where}: split needs a policy, e.g. split = {{ policy = "stratified-kfold", folds = 5 }}'
        )
    return found + _positive(board, where)


def _claim_problems(claim: Any, where: str) -> list[str]:
    found = _check(claim, _CLAIM, where)
    if found:
        return found
    found += [f"{where}: {k} is missing" for k in ("id", "says", "kind") if k not in claim]
    if claim.get("kind") not in (None, *CLAIM_KINDS):
        found.append(f"{where}: kind {claim['kind']!r} is none of {', '.join(CLAIM_KINDS)}")
    return found


def _positive(table: Mapping[str, Any], where: str) -> list[str]:
    numbers = {k: table[k] for k in ("folds", "repeats", "n_train", "timeout", "budget") if k in table}
    return [f"{where}: {k} must be positive, not {v}" for k, v in numbers.items() if v <= 0]


def _check(table: Any, schema: Mapping[str, Any], where: str) -> list[str]:
    """Unknown keys (with the nearest) and wrong types of one table."""
    if not isinstance(table, dict):
        return [f"{where} must be a table"]
    found = []
    for key, value in table.items():
        if key not in schema:
            near = get_close_matches(key, schema, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f" (known: {', '.join(schema)})"
            found.append(f"{where}: unknown key {key!r}{hint}")
        elif not _fits(value, schema[key]):
            found.append(f"{where}: {key} must be {_type_name(schema[key])}, not {_type_name(type(value))}")
    return found


def _fits(value: Any, kind: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float) if kind is float else kind)


def _type_name(kind: Any) -> str:
    names = {
        str: "text",
        int: "a whole number",
        float: "a number",
        list: "a list",
        dict: "a table",
        bool: "a boolean",
    }
    return " or ".join(_type_name(k) for k in kind) if isinstance(kind, tuple) else names.get(kind, str(kind))


def _build(data: Mapping[str, Any], profile: str) -> SuiteConfig:
    chosen = data.get("profiles", {}).get(profile, {})
    limits = {k: v for k, v in {**data, **chosen}.items() if k in _LIMITS}
    spread = {k: chosen[k] for k in _SPREAD if k in chosen}
    overrides = chosen.get("board", {})
    boards = tuple(
        _board({**b, **spread, **overrides.get(b.get("id", b["task"]), {})}) for b in data["board"]
    )
    return SuiteConfig(
        name=data["name"],
        question=data.get("question", ""),
        profile=profile,
        boards=boards,
        seed=int(limits.get("seed", 0)),
        timeout=_float(limits.get("timeout")),
        memory=parse_size(limits["memory"]) if "memory" in limits else None,
        budget=_float(limits.get("budget")),
        claims=tuple(data.get("claims", ())),
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _board(table: Mapping[str, Any]) -> Board:
    split = dict(table.get("split", {}))
    name = split.pop("policy", None)
    for key, value in split.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BakeoffError(f"split parameter {key} = {value!r} is not a number.")
    return Board(
        id=table.get("id", table["task"]),
        task=table["task"],
        datasets=tuple(dict.fromkeys(table["datasets"])),
        techniques=tuple(dict.fromkeys(table["techniques"])),
        metric=table.get("metric"),
        policy=Policy(name, split) if name else None,
        folds=table.get("folds"),
        repeats=table.get("repeats", 1),
        n_train=table.get("n_train"),
    )


def override(config: SuiteConfig, *, boards: Mapping[str, Any], limits: Mapping[str, Any]) -> SuiteConfig:
    """Apply the command line's words over a suite's own.

    boards: folds, repeats, metric for every board; limits: seed, timeout, memory, budget. None changes nothing.
    """
    spread = {k: v for k, v in boards.items() if v is not None}
    given = {k: v for k, v in limits.items() if v is not None}
    return replace(config, boards=tuple(replace(b, **spread) for b in config.boards), **given)
