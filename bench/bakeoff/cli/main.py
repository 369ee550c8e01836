"""The `bakeoff` command: verbs by name, each imported only when asked for, and errors in one line.

It does no work of its own. Exit codes: 0 all well; 1 it ran, and something is not well; 2 wrong use; 130
interrupted.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import click

from bakeoff import __version__
from bakeoff.cli.options import Settings, plugin_options, verbose_option
from bakeoff.discovery.selection import Selection
from bakeoff.model.errors import BakeoffError

#: verb -> its line in `bakeoff --help`. The module is `bakeoff.cli.<verb>`, the command in it `<verb>`, or
#: `<verb>_` where Python has that word already.
VERBS = {
    "run": "Run suites, or techniques on datasets of your own.",
    "leaderboard": "Sum up results as leaderboards.",
    "list": "List techniques, datasets, suites and more.",
    "plugins": "Show what was found, and what is wrong with it.",
    "doctor": "Check this installation.",
}

EXIT_WRONG_USE = 2
EXIT_INTERRUPTED = 130
#: A reader that went away is no failure of the run, but no success either; shells say 128 + SIGPIPE.
EXIT_BROKEN_PIPE = 141


class ReaderGone(Exception):
    """Standard output was closed by its reader. No OSError: click would take that for its own and end with 1."""


class Verbs(click.Group):
    """A group whose commands are modules that are imported when they are called."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; a pipe that breaks elsewhere than on standard output is a fault and stays one."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            if _stdout_is_open():
                raise RuntimeError(f"a pipe broke that is not standard output: {error}") from error
            raise ReaderGone from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Verbs whose module is there."""
        return [verb for verb in VERBS if importlib.util.find_spec(f"bakeoff.cli.{verb}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Import one verb; a word that is none is a usage error that names the nearest."""
        verbs = self.list_commands(ctx)
        if cmd_name not in verbs:
            near = get_close_matches(cmd_name, verbs, n=1)
            ctx.fail(
                f"no verb {cmd_name!r}. "
                + (f"Did you mean {near[0]!r}?" if near else f"Verbs: {', '.join(verbs)}.")
            )
        module = importlib.import_module(f"bakeoff.cli.{cmd_name}")
        command = getattr(module, cmd_name, None)
        if not isinstance(command, click.Command):
            command = getattr(module, f"{cmd_name}_")
        if not any(parameter.name == "verbose" for parameter in command.params):
            command.params.append(verbose_option())
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs from the table above: click's own would import them all."""
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, VERBS[verb]) for verb in self.list_commands(ctx)])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="bakeoff", message="%(prog)s %(version)s")
@plugin_options
@click.pass_context
def cli(ctx: click.Context, selection: Selection) -> None:
    """Settle "technique A or technique B?" with numbers."""
    if isinstance(ctx.obj, Settings):
        ctx.obj.selection = selection


cli.params.append(verbose_option())


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the console script. Ends the process with the exit code."""
    settings = Settings()
    try:
        code = _run(arguments, settings)
        sys.stdout.flush()
    except (BrokenPipeError, ReaderGone):
        code = _quiet_pipe()
    sys.exit(code)


def _run(arguments: Sequence[str] | None, settings: Settings) -> int:
    try:
        answer = cli.main(args=arguments, prog_name="bakeoff", standalone_mode=False, obj=settings)
        return answer if isinstance(answer, int) else 0
    except BakeoffError as error:
        if settings.verbose:
            traceback.print_exc()
        _say(f"Error: {_one_line(str(error))}")
        return EXIT_WRONG_USE
    except click.ClickException as error:
        error.show()
        return EXIT_WRONG_USE
    except (KeyboardInterrupt, click.Abort):
        if settings.verbose:
            traceback.print_exc()
        _say("Interrupted.")
        return EXIT_INTERRUPTED


def _one_line(text: str) -> str:
    """Whatever a path or a message of a library holds, an error is one line."""
    return " ".join(text.split())


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody reads standard error: the exit code must do
        print(line, file=sys.stderr)


def _stdout_is_open() -> bool:
    try:
        print(flush=True)  # only a byte tells: what failed before may have left the buffers empty
    except BrokenPipeError:
        return False
    return True


def _quiet_pipe() -> int:
    """`bakeoff list techniques | head`: give Python nothing to complain about when it flushes at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
    return EXIT_BROKEN_PIPE


if __name__ == "__main__":
    main()
