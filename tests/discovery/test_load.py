"""Whatever a manifest does, the others are loaded, and a reason says what it did."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from bakeoff.discovery import PluginInfo, Selection, discover, load_catalog
from bakeoff.model.errors import PluginError
from bakeoff.model.words import PluginState


def one(name: str) -> PluginInfo:
    (info,) = [info for info in discover().plugins if info.name == name]
    return info


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("def broken(:\n", "raised SyntaxError"),
        ("import not_there_at_all\n", "ModuleNotFoundError: No module named 'not_there_at_all'"),
        ("raise SystemExit(3)\n", "called sys.exit(3)"),
        ("import sys; sys.exit()\n", "called sys.exit()"),
        ("raise BaseException('bare')\n", "BaseException: bare"),
        ("raise ValueError('two\\nlines')\n", "ValueError: two lines"),
        ("class E(Exception):\n    def __str__(self): return 1 / 0\nraise E\n", "raised E"),
        ("def f(): f()\nf()\n", "RecursionError"),
        ("del BAKEOFF_API\n", "write 'BAKEOFF_API = 1'"),
        ("from bakeoff.api import NotYetThere\n", "may be made for another bakeoff"),
    ],
)
def test_a_manifest_that_cannot_be_imported_is_broken(site: Any, body: str, reason: str) -> None:
    site.plugin("bad", body)
    site.plugin("zgood", site.technique("good"))
    info = one("bad")
    assert info.state is PluginState.BROKEN
    assert reason in info.reason
    assert "\n" not in info.reason
    assert one("zgood").state is PluginState.ACTIVE


def test_the_traceback_is_kept(site: Any) -> None:
    site.plugin("bad", "raise ValueError('here')\n")
    assert "raise ValueError('here')" in one("bad").traceback


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit])
def test_an_interrupt_is_the_users_and_passes(site: Any, error: type[BaseException]) -> None:
    site.plugin("bad", f"raise {error.__name__}\n")
    with pytest.raises(error):
        discover()


@pytest.mark.parametrize("number", ["2", "0", "'1'", "True", "1.5"])
def test_another_api_number_is_incompatible(site: Any, number: str) -> None:
    site.plugin("other", f"BAKEOFF_API = {number}\n")
    info = one("other")
    assert info.state is PluginState.INCOMPATIBLE
    assert f"plugin API {number}" in info.reason


def test_what_a_manifest_prints_is_kept_off_standard_output(
    site: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    site.plugin(
        "chatty", "print('hello')\n@hookimpl\ndef bakeoff_steps():\n    print('again')\n    return []\n"
    )
    assert one("chatty").state is PluginState.ACTIVE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.split() == ["hello", "again"]


# --- Light ---


@pytest.fixture
def heavy(site: Any) -> Any:
    """A library of the heavy list, in a file of two lines."""
    (site.folder / "catboost.py").write_text("x = 1\n")
    site.modules.append("catboost")
    return site


@pytest.mark.parametrize("body", ["import catboost\n", "from catboost import x\n", "import helper_of_ours\n"])
def test_a_manifest_that_pulls_in_a_heavy_library_is_broken(heavy: Any, body: str) -> None:
    (heavy.folder / "helper_of_ours.py").write_text("def f():\n    import catboost\nf()\n")
    heavy.modules.append("helper_of_ours")
    heavy.plugin("fat", body)
    info = one("fat")
    assert info.state is PluginState.BROKEN
    assert "not light" in info.reason
    assert "catboost" in info.reason


def test_a_heavy_manifest_is_broken_too_when_somebody_imported_the_library_before(heavy: Any) -> None:
    heavy.plugin("fat1", "import catboost\n")
    heavy.plugin("fat2", "import catboost\n")
    assert {one("fat1").state, one("fat2").state} == {PluginState.BROKEN}
    assert "catboost" in sys.modules
    assert one("fat1").state is PluginState.BROKEN, "and at a second look in the same process"


def test_a_manifest_may_name_heavy_libraries_and_import_them_later(heavy: Any) -> None:
    heavy.plugin(
        "slim",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import catboost\n"
        "def later():\n    import catboost\n",
    )
    assert one("slim").state is PluginState.ACTIVE
    assert "catboost" not in sys.modules


def test_importing_is_as_before_after_the_watch(site: Any) -> None:
    import builtins

    before = builtins.__import__
    site.plugin("bad", "raise SystemExit\n")
    discover()
    assert builtins.__import__ is before


# --- Who is told ---


def test_a_broken_plugin_is_one_warning_line_locally(site: Any, capsys: pytest.CaptureFixture[str]) -> None:
    site.plugin("bad", "raise ValueError('why')\n", version="4.2")
    load_catalog()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Warning: plugin 'bad' (dist-bad 4.2) is broken:")
    assert "ValueError: why" in line
    assert "bakeoff plugins --why bad" in line


def test_strict_names_every_broken_plugin_at_once(site: Any) -> None:
    site.plugin("bad1", "raise ValueError\n")
    site.plugin("bad2", "BAKEOFF_API = 9\n")
    with pytest.raises(PluginError, match=r"'bad1'.*broken.*'bad2'.*incompatible.*-p no:bad1 -p no:bad2"):
        load_catalog(Selection(strict=True))
    assert load_catalog(Selection(strict=True, deny=("bad1", "bad2"))).engines
