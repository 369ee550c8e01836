"""From leaderboards to text where the user wants it: a registered reporter, standard output, or a file at once.

Nothing numerical is imported at module level: verbs import this when `--help` is asked for.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.model.errors import BakeoffError, PluginError

if TYPE_CHECKING:
    from bakeoff.discovery import Catalog
    from bakeoff.read import Leaderboard
    from bakeoff.read.reports.options import ReportOptions

#: What the terminal format uses beyond ASCII, for streams that cannot carry it.
_PLAIN = str.maketrans({"↑": "^", "↓": "v", "±": "+-", "·": "-", "…": "...", "─": "-", "×": "x"})


def render(boards: Sequence[Leaderboard], name: str, catalog: Catalog, options: ReportOptions) -> str:
    """Render with the reporter `name`: UnknownName if there is none, PluginError if it raises or returns no text."""
    found = catalog.find("reporters", name, where="--format")
    who = f"the reporter {name!r} of {found.plugin.origin}"
    module, _, attribute = found.spec.implementation.partition(":")
    try:
        text = getattr(importlib.import_module(module), attribute)(tuple(boards), options)
    except BakeoffError:
        raise
    except Exception as error:
        hint = "Another --format does not need it; -v shows where."
        raise PluginError(f"{who} failed: {type(error).__name__}: {error}.", hint=hint) from error
    if not isinstance(text, str):
        raise PluginError(f"{who} returned {type(text).__name__}, not text.", hint="Choose another --format.")
    return text


def options_for_stdout(*, per_dataset: bool) -> ReportOptions:
    """Width and colours of standard output: those of a terminal, else the reporters' default without colours."""
    from bakeoff.read.reports.options import ReportOptions

    if not sys.stdout.isatty():
        return ReportOptions(per_dataset=per_dataset)
    color = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return ReportOptions(per_dataset, shutil.get_terminal_size((100, 24)).columns, color)


def sayable(text: str, encoding: str | None) -> str:
    """Return `text` in characters that `encoding` has: plainer signs first, escapes for the rest."""
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        plain = text.translate(_PLAIN)
        return plain.encode(encoding or "utf-8", "backslashreplace").decode(encoding or "utf-8")
    return text


def write(text: str, path: Path) -> None:
    """Put `text` (UTF-8) where `path` is, all or nothing; BakeoffError where that cannot be done."""
    target = path.resolve()
    if target.is_dir():
        raise BakeoffError(f"--output {path} is a folder.", hint="Name a file in it.")
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")  # a pipe or device: nothing to replace
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            draft.write_text(text, encoding="utf-8", newline="")
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BakeoffError(f"cannot write {path}: {reason}.", hint="Choose another --output.") from error
