"""Errors a user can cause. Each says what, where and what to do next; the command line prints one line."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class BakeoffError(Exception):
    """A mistake of the caller (exit code 2).

    `message` says what is wrong and where; `hint` names the nearest legal action.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UnknownName(BakeoffError):
    """A name that nothing registered; the message offers the nearest ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        choices = sorted(known)
        near = get_close_matches(name, choices, n=3, cutoff=0.5)
        if near:
            hint = f"Did you mean {' or '.join(repr(n) for n in near)}?"
        elif choices:
            shown = ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")
            hint = f"Known: {shown}."
        else:
            hint = f"No {kind} is registered; `bakeoff plugins` shows why."
        place = f" in {where}" if where else ""
        super().__init__(f"unknown {kind} {name!r}{place}.", hint=hint)
        self.kind = kind
        self.name = name


class DatasetError(BakeoffError):
    """A dataset that cannot be opened: damaged, missing column, constant target, not to be had."""


class DatasetUnavailable(DatasetError):
    """A registered dataset that cannot be had here and now (no network, extra not installed): its cells end
    `unavailable` with this reason, the others run."""


class SuiteError(BakeoffError):
    """A suite file that does not say what a suite must say."""


class StoreError(BakeoffError):
    """A results folder that cannot be read or written."""


class PluginError(BakeoffError):
    """Broken plugins under `--strict-plugins`, or a request that names a broken plugin."""


class Refusal(BakeoffError):
    """A comparison that Bakeoff refuses to make, with a stable code such as `REC-02` (exit code 2 when it
    concerns the whole request; a `refused` record when it concerns one cell).

    `message` says what, where (dataset, column, label, fold) and how many; `hint` the nearest legal action.
    """

    def __init__(self, code: str, message: str, *, hint: str = "") -> None:
        super().__init__(f"{code}: {message}", hint=hint)
        self.code = code


class InvalidOutput(Exception):
    """A technique returned something that is not a prediction: wrong shape, NaN, unknown class or item."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code
