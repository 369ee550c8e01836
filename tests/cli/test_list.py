"""`bakeoff list`: what is registered, on a terminal, in a pipe and for machines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.api import Dataset, Suite, Technique
from bakeoff.cli import rows, tables
from bakeoff.cli.main import cli
from bakeoff.discovery import Catalog, PluginInfo, Registered
from bakeoff.discovery.kinds import KINDS
from bakeoff.model.words import PluginState

Run = Callable[..., Any]

PLUGIN = PluginInfo(name="p", state=PluginState.ACTIVE, distribution="d", version="1", module="p.manifest")


def catalog(**items: Any) -> Catalog:
    return Catalog(
        plugins=(PLUGIN,),
        **{kind: {i.name: Registered(i, PLUGIN) for i in found} for kind, found in items.items()},
    )


@pytest.mark.parametrize("kind", [*(kind.plural for kind in KINDS), "plugins"])
def test_every_kind_has_a_listing_and_its_json(kind: str) -> None:
    """With the core alone, whose items need no other plugin to be sound."""
    table = CliRunner().invoke(cli, ["list", kind, "--no-plugins"], catch_exceptions=False)
    assert table.exit_code == 0
    found = json.loads(CliRunner().invoke(cli, ["list", kind, "--no-plugins", "--json"]).stdout)
    assert isinstance(found, list)
    for row in found:
        assert row["name"] in table.stdout


def test_a_technique_shows_tasks_tags_and_yes_or_its_install_line() -> None:
    sound = Technique(
        name="a", implementations={"t1": "x:Y", "t2": "x:Z"}, tags=("one", "two"), summary="sum"
    )
    lacking = Technique(
        name="b", implementations={"t": "x:Y"}, requires=("not-installed",), install="pip install 'me[b]'"
    )
    first, second = rows.describe("techniques", catalog(techniques=[sound, lacking]))
    assert [rows.cell(first, c) for c in rows.COLUMNS["techniques"]] == [
        "a",
        "t1, t2",
        "yes",
        "one, two",
        "sum",
    ]
    assert rows.cell(second, "available") == "pip install 'me[b]'"
    assert (second["available"], second["missing"]) == (False, ["not-installed"])
    assert (first["plugin"], first["distribution"], first["version"]) == ("p", "d", "1")


def test_an_empty_listing_says_where_to_look() -> None:
    done = CliRunner().invoke(cli, ["list", "techniques", "--no-plugins"])
    assert done.exit_code == 0
    assert "No techniques. `bakeoff plugins`" in done.stderr


@pytest.fixture
def package(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    folder = tmp_path / f"package_{tmp_path.name}"  # a name of its own: Python remembers what it imported
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_a_dataset_shows_what_its_card_says(package: Any) -> None:
    (package / "c.toml").write_text('name="d"\ntask="regression"\ntarget="y"\nrows=1234\nlicence="CC0-1.0"\n')
    spec = Dataset(name="d", task="regression", card=f"{package.name}:c.toml", summary="about d")
    (row,) = rows.describe("datasets", catalog(datasets=[spec]))
    shown = [rows.cell(row, column) for column in rows.COLUMNS["datasets"]]
    assert shown == ["d", "regression", "1,234", "yes", "about d", "CC0-1.0"]


@pytest.mark.parametrize("text", [None, "not toml [", "task = 3", "\udcff"])
def test_a_bad_card_is_told_in_its_row_and_stops_nobody(package: Any, text: str | None) -> None:
    if text is not None:
        (package / "c.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    good = Dataset(name="good", task="x", card="nowhere_at_all:c.toml")
    bad = Dataset(name="bad", task="regression", card=f"{package.name}:c.toml")
    found = rows.describe("datasets", catalog(datasets=[bad, good]))
    assert [row["name"] for row in found] == ["bad", "good"]
    assert "unreadable card" in rows.cell(found[0], "summary")
    assert found[0]["problem"]


def test_a_suite_shows_its_question_and_profiles(package: Any) -> None:
    (package / "s.toml").write_text('question = "A or B?"\n[profiles.ci]\n[profiles.full]\n')
    (package / "bad.toml").write_text("question = \n")
    specs = [Suite(name=n, path=f"{package.name}:{n}.toml", summary="said") for n in ("s", "bad")]
    good, bad = rows.describe("suites", catalog(suites=specs))
    assert (good["question"], good["profiles"]) == ("A or B?", ["ci", "full"])
    assert "unreadable suite file" in bad["question"]


# --- Tables ---

WORDS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30).map(lambda s: s.strip())


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=6))
def test_a_plain_table_cuts_nothing_and_aligns_its_columns(found: list[tuple[str, str, str]]) -> None:
    lines = tables.plain_table(("one", "two", "three"), found).split("\n")
    assert len(lines) == len(found) + 1
    starts = [lines[0].index("two"), lines[0].index("three")]
    for line, row in zip(lines[1:], found, strict=True):
        flat = [" ".join(cell.split()) for cell in row]
        padded = line.ljust(starts[1])
        assert padded[: starts[0]].rstrip() == flat[0]
        assert padded[starts[0] : starts[1]].rstrip() == flat[1]
        assert padded[starts[1] :] == flat[2]


def test_on_a_terminal_square_brackets_are_text_and_long_cells_fold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    tables.show_table(("name", "available"), [("t", "pip install 'bakeoff[text]'"), ("u" * 60, "yes")])
    shown = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert "'bakeoff[text]'" in shown
    assert shown.count("u") == 60
    assert max(map(len, shown.splitlines())) <= 40


def test_a_pipe_gets_whole_lines_and_no_colour(bakeoff: Run) -> None:
    done = bakeoff("list", "metrics", "--no-plugins", env={"COLUMNS": "40", "FORCE_COLOR": "1"})
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) > 40


@pytest.mark.parametrize("words", [["list", "datasets"], ["plugins"], ["doctor"], ["--help"]])
def test_listings_load_nothing_numerical(words: list[str]) -> None:
    script = (
        f"import sys\nfrom bakeoff.cli.main import main\ntry: main({words!r})\nexcept SystemExit: pass\n"
        "print()\nprint(*[m for m in ('numpy', 'pandas', 'sklearn', 'torch', 'xgboost', 'scipy', 'rich')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == ""
