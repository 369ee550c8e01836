"""Options that several verbs share: which plugins to load, `-v`, and where results lie."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from bakeoff.discovery.selection import Selection

F = TypeVar("F", bound=Callable[..., Any])

_WORDS = "NAME[,no:NAME...]"


@dataclass(slots=True)
class Settings:
    """What was said before the verb; the context object of the whole command."""

    verbose: bool = False
    selection: Selection = field(default_factory=Selection)


def plugin_options(command: F) -> F:
    """Add --plugins, -p, --no-plugins and --strict-plugins; the command receives `selection: Selection`.

    What stands after the verb is added to what stood before it, and wins where the two contradict.
    """

    @functools.wraps(command)
    def wrapper(
        *args: Any,
        plugins: str,
        plugin: tuple[str, ...],
        no_plugins: bool,
        strict_plugins: bool | None,
        **options: Any,
    ) -> Any:
        own = Selection.parse([plugins, *plugin], none=no_plugins, strict=strict_plugins)
        selection = _said_before().merged(own)
        return command(*args, selection=selection, **options)

    add = (
        click.option("--plugins", default="", metavar=_WORDS, help="Load only these plugins."),
        click.option("-p", "plugin", multiple=True, metavar="no:NAME", help="Leave a plugin out."),
        click.option("--no-plugins", is_flag=True, help="Load the core alone."),
        click.option(
            "--strict-plugins/--no-strict-plugins",
            default=None,
            help="Make a broken plugin an error (default where CI is set).",
        ),
    )
    decorated: Any = functools.reduce(lambda inner, option: option(inner), reversed(add), wrapper)
    return decorated  # type: ignore[no-any-return]


def _said_before() -> Selection:
    settings = click.get_current_context().find_root().obj
    return settings.selection if isinstance(settings, Settings) else Selection()


def verbose_option() -> click.Option:
    """`-v`, which works before and after the verb; it prints tracebacks."""
    return click.Option(
        ["-v", "--verbose"],
        is_flag=True,
        expose_value=False,
        callback=_note_verbose,
        help="Show tracebacks of errors.",
    )


def _note_verbose(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    settings = ctx.find_root().obj
    if value and isinstance(settings, Settings):
        settings.verbose = True


def default_results() -> Path:
    """Where results go and are looked for: $BAKEOFF_RESULTS, else `bakeoff-results` here."""
    return Path(os.environ.get("BAKEOFF_RESULTS") or "bakeoff-results")


def results_folder(chosen: Path | None) -> Path:
    """The folder of `--results`, else the default one."""
    return chosen or default_results()
