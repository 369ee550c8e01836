"""The command itself: verbs on demand, errors in one line, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import click
import pytest

from bakeoff import __version__
from bakeoff.cli import main as module
from bakeoff.cli.main import VERBS, main
from bakeoff.cli.options import plugin_options
from bakeoff.discovery import Selection
from bakeoff.model.errors import BakeoffError

Run = Callable[..., Any]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], None]:
    """Make `bakeoff try` run a function: a module of its own in the package, as other verbs are."""

    def add(work: Callable[..., Any]) -> None:
        made = ModuleType("bakeoff.cli.try")
        made.__spec__ = module.__spec__  # find_spec looks whether a module says where it is from
        made.try_ = click.command("try")(plugin_options(work))  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "bakeoff.cli.try", made)
        monkeypatch.setitem(VERBS, "try", "for this test")

    return add


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert isinstance(stop.value.code, int)
    return stop.value.code


def test_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bakeoff.cli.main", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"bakeoff {__version__}"


def test_help_names_every_verb_and_imports_none(capsys: pytest.CaptureFixture[str]) -> None:
    script = (
        "import sys\nfrom bakeoff.cli.main import VERBS, main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([v for v in VERBS if f'bakeoff.cli.{v}' in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    *text, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    for verb in VERBS:
        assert any(line.split()[:1] == [verb] for line in text), verb


def test_a_verb_whose_module_is_missing_is_not_offered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(VERBS, "nowhere", "a verb to come")
    assert code_of("--help") == 0
    assert "nowhere" not in capsys.readouterr().out
    assert code_of("nowhere") == 2


def test_an_unknown_verb_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("plugin") == 2
    assert "no verb 'plugin'. Did you mean 'plugins'?" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("list", "nothing"), ("list",), ("doctor", "--nope"), ("--nope",)])
def test_wrong_words_are_usage_errors(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of(*words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err


def test_an_error_of_the_user_is_one_line_with_what_to_do(
    verb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(selection: Selection) -> None:
        raise BakeoffError("it is\nbroken.", hint="Mend it.")

    verb(work)
    assert code_of("try") == 2
    assert capsys.readouterr() == ("", "Error: it is broken. Mend it.\n")


@pytest.mark.parametrize("words", [("-v", "try"), ("try", "-v"), ("--verbose", "try"), ("try", "--verbose")])
def test_verbose_shows_the_traceback_before_and_after_the_verb(
    verb: Any, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    def work(selection: Selection) -> None:
        raise BakeoffError("broken.")

    verb(work)
    assert code_of(*words) == 2
    error = capsys.readouterr().err
    assert error.startswith("Traceback")
    assert error.endswith("Error: broken.\n")


def test_a_fault_of_ours_keeps_its_traceback(verb: Any) -> None:
    def work(selection: Selection) -> None:
        raise ZeroDivisionError

    verb(work)
    with pytest.raises(ZeroDivisionError):
        main(["try"])


@pytest.mark.parametrize("error", [KeyboardInterrupt, click.Abort])
def test_an_interrupt_ends_with_130(verb: Any, error: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def work(selection: Selection) -> None:
        raise error

    verb(work)
    assert code_of("try") == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 1])
def test_a_verb_decides_its_exit_code(verb: Any, code: int) -> None:
    def work(selection: Selection) -> None:
        click.get_current_context().exit(code)

    verb(work)
    assert code_of("try") == code


@pytest.mark.parametrize(
    ("words", "selection"),
    [
        (["try"], Selection()),
        (["--plugins", "a,b", "try"], Selection(only=("a", "b"))),
        (["try", "-p", "no:a", "-p", "no:b"], Selection(deny=("a", "b"))),
        (["-p", "no:a", "try", "-p", "no:b"], Selection(deny=("a", "b"))),
        (["-p", "no:a", "try", "--plugins", "a"], Selection(only=("a",))),
        (["--no-plugins", "try"], Selection(none=True)),
        (["--strict-plugins", "try", "--no-strict-plugins"], Selection(strict=False)),
        (["--no-strict-plugins", "try"], Selection(strict=False)),
    ],
)
def test_plugin_options_stand_before_and_after_the_verb(
    verb: Any, words: list[str], selection: Selection
) -> None:
    seen: list[Selection] = []
    verb(lambda selection: seen.append(selection))
    assert code_of(*words) == 0
    assert seen == [selection]


def test_every_verb_takes_the_plugin_options_and_verbose() -> None:
    context = click.Context(module.cli)
    for name in module.cli.list_commands(context):
        options = {option for p in module.cli.get_command(context, name).params for option in p.opts}
        assert {"--plugins", "-p", "--no-plugins", "--strict-plugins", "-v"} <= options, name


def test_a_reader_that_goes_away_leaves_no_noise() -> None:
    """The pipe is closed before the first byte is written."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "bakeoff.cli.main", "list", "metrics", "--no-plugins", "--json"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.stderr == ""
    assert done.returncode == 141


def test_another_pipe_that_breaks_is_a_fault_of_ours(verb: Any) -> None:
    def work(selection: Selection) -> None:
        raise BrokenPipeError("to a worker")

    verb(work)
    with pytest.raises(RuntimeError, match="to a worker"):
        main(["try"])


def test_a_listing_in_json_is_json(bakeoff: Run) -> None:
    done = bakeoff("list", "engines", "--no-plugins", "--json")
    assert [row["name"] for row in json.loads(done.stdout)] == ["local"]
