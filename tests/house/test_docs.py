"""What the pages say is so: commands and targets exist, links lead somewhere, no page knows one machine."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bakeoff.api import API_VERSION, Technique

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("results/**/*.md")])
FENCE = re.compile(r"^```(?:bash|sh|shell|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\((?!https?://|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")


def page_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def shell_lines(page: Path) -> Iterator[str]:
    """Commands in a page's shell fences: continuation lines joined, prompts and comments taken off."""
    for block in FENCE.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\||;", line.removeprefix("$ ")):
                yield " ".join(shlex.split(part, comments=True))


def commands(program: str) -> list[tuple[str, str]]:
    """(page, arguments) of every call of `program` on the pages."""
    return sorted(
        {
            (page_name(page), line.removeprefix(f"{program} "))
            for page in PAGES
            for line in shell_lines(page)
            if line.startswith(f"{program} ")
        }
    )


@cache
def help_of(verb: str) -> tuple[int, str]:
    script = shutil.which("bakeoff", path=sysconfig.get_path("scripts"))
    assert script, "bakeoff is not installed in this environment; `make unit` installs it"
    done = subprocess.run([script, verb, "--help"], capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout


def test_the_readme_shows_how_to_run_the_first_suite() -> None:
    assert ("README.md", "run quick") in commands("bakeoff")


@pytest.mark.parametrize(("page", "arguments"), commands("bakeoff"))
def test_a_command_on_a_page_is_one_the_program_knows(page: str, arguments: str) -> None:
    verb, *rest = arguments.split()
    if verb.startswith("-"):
        verb, rest = "--help", [verb, *rest]
    code, text = help_of(verb)
    assert code == 0, f"{page}: there is no `bakeoff {verb}`"
    known = set(OPTION.findall(text))
    used = {word.split("=")[0] for word in rest if OPTION.fullmatch(word.split("=")[0])}
    assert used <= known, f"{page}: `bakeoff {verb}` has no {sorted(used - known)}"


def test_the_readmes_manifest_is_a_manifest() -> None:
    (snippet,) = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(snippet.splitlines()) <= 20, "the page says twenty lines"
    module: dict[str, Any] = {}
    exec(compile(snippet, "README.md", "exec"), module)
    assert module["BAKEOFF_API"] == API_VERSION
    for technique in module["bakeoff_techniques"]():
        assert isinstance(technique, Technique)
        for dotted in technique.implementations.values():
            path, attribute = dotted.split(":")
            assert callable(getattr(importlib.import_module(path), attribute)(**technique.params).fit)


def test_every_target_on_a_page_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = {(page, line.split()[0]) for page, line in commands("make")}
    assert {target for _, target in used} <= targets


def test_make_help_names_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    explained = re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE)
    assert sorted(phony.split()) == sorted(explained)


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_on_a_page_lead_somewhere(page: Path) -> None:
    lost = [
        link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()
    ]
    assert lost == []


def test_ci_runs_make_test_and_nothing_else() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    does = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert does == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', "exec make test"]


# --- No committed file knows the machine it was written on ---

#: Put together here, so that this file does not contain what it looks for.
HOMES = re.compile(
    r"(?<![\w.~-])/(?:" + "|".join(["work", "root", "tmp", "opt", "home", "Users"]) + r")/[\w.]"
)


def committed() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # compressed data


def test_no_file_names_a_path_of_one_machine() -> None:
    found: dict[str, Any] = {
        path.relative_to(ROOT).as_posix(): hits
        for path in committed()
        if (hits := HOMES.findall(text_of(path)))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("reads " + "/" + "tmp/x", True),
        ('"' + "/" + "home/me/data.csv" + '"', True),
        ("../" + "work/x", False),
        ("https://example.org" + "/" + "work/x", False),
        ("the " + "/" + "tmp folder", False),
    ],
)
def test_the_look_for_machine_paths_sees_them(text: str, caught: bool) -> None:
    assert bool(HOMES.search(text)) is caught
