"""Allow and deny: one vocabulary, decided before anything is imported."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.discovery import Selection, discover
from bakeoff.model.errors import BakeoffError, PluginError, UnknownName
from bakeoff.model.words import PluginState

NAMES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4, unique=True).map(tuple)


def states(selection: Selection) -> dict[str, PluginState]:
    return {info.name: info.state for info in discover(selection).plugins}


def test_words_are_read_alike_from_commas_and_repetitions() -> None:
    assert Selection.parse(["a, no:b", "", "c"]) == Selection(only=("a", "c"), deny=("b",))


def test_no_without_a_name_is_refused() -> None:
    with pytest.raises(BakeoffError, match="names no plugin"):
        Selection.parse(["no:"])


@given(NAMES, NAMES, NAMES, NAMES)
def test_the_later_wish_wins(only: Any, deny: Any, later_only: Any, later_deny: Any) -> None:
    both = Selection(only, deny).merged(Selection(later_only, later_deny))
    assert both.only == (later_only or only)
    assert set(later_deny) <= set(both.deny)
    assert not (set(both.deny) - set(later_deny)) & set(later_only)


def test_denied_plugins_are_disabled_and_not_imported(site: Any) -> None:
    module = site.plugin("loud", "raise RuntimeError")
    site.plugin("calm")
    assert states(Selection(deny=("loud",))) == {
        "core": PluginState.ACTIVE,
        "calm": PluginState.ACTIVE,
        "loud": PluginState.DISABLED,
    }
    assert module not in sys.modules


def test_only_these_means_only_these_and_the_core(site: Any) -> None:
    site.plugin("one")
    site.plugin("two")
    found = states(Selection(only=("two",)))
    assert found == {
        "core": PluginState.ACTIVE,
        "one": PluginState.DISABLED,
        "two": PluginState.ACTIVE,
    }


def test_no_plugins_leaves_the_core_whatever_else_was_said(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.plugin("one", "raise RuntimeError")
    monkeypatch.setenv("BAKEOFF_PLUGINS", "no-such-plugin,no:")
    catalog = discover(Selection(none=True, only=("nor-this",)))
    assert [info.name for info in catalog.plugins if info.state is PluginState.ACTIVE] == ["core"]
    assert catalog.engines


def test_the_environment_speaks_the_same_words(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.plugin("one")
    site.plugin("two")
    monkeypatch.setenv("BAKEOFF_PLUGINS", "no:one")
    assert states(Selection())["one"] is PluginState.DISABLED
    assert states(Selection(only=("one",)))["one"] is PluginState.ACTIVE


def test_a_plugin_can_be_named_by_its_distribution(site: Any) -> None:
    site.plugin("one", distribution="Some_Dist")
    assert states(Selection(deny=("some-dist",)))["one"] is PluginState.DISABLED


@pytest.mark.parametrize("selection", [Selection(only=("onee",)), Selection(deny=("onee",))])
def test_an_unknown_name_is_an_error_with_the_nearest(site: Any, selection: Selection) -> None:
    site.plugin("one")
    with pytest.raises(UnknownName, match=r"unknown plugin 'onee'.*'one'"):
        discover(selection)


def test_the_core_cannot_be_switched_off() -> None:
    with pytest.raises(BakeoffError, match="'core' cannot be switched off"):
        discover(Selection(deny=("core",)))


@pytest.mark.parametrize(("value", "strict"), [("true", True), ("1", True), ("", False), ("false", False)])
def test_ci_makes_it_strict_unless_told_otherwise(value: str, strict: bool) -> None:
    assert Selection().with_environment({"CI": value}).strict is strict
    assert Selection(strict=False).with_environment({"CI": value}).strict is False
    assert Selection(strict=True).with_environment({"CI": value}).strict is True


def test_a_name_that_two_distributions_use_goes_to_the_first(site: Any) -> None:
    site.plugin("same", distribution="aaa")
    module = site.plugin("same", distribution="bbb", version="3.1")
    first, second = [info for info in discover().plugins if info.name == "same"]
    assert (first.distribution, first.state) == ("aaa", PluginState.ACTIVE)
    assert (second.distribution, second.state) == ("bbb", PluginState.SHADOWED)
    assert "aaa 1.0" in second.reason
    assert "bbb 3.1" in second.reason
    assert module not in sys.modules


def test_denying_the_winners_distribution_settles_the_clash(site: Any) -> None:
    site.plugin("same", distribution="aaa")
    site.plugin("same", distribution="bbb")
    first, second = [info for info in discover(Selection(deny=("aaa",))).plugins if info.name == "same"]
    assert (first.state, second.state) == (PluginState.DISABLED, PluginState.ACTIVE)


def test_nobody_takes_the_cores_name(site: Any) -> None:
    site.plugin("core", distribution="aaa")
    core, stranger = discover().plugins
    assert (core.distribution, core.state) == ("bakeoff", PluginState.ACTIVE)
    assert stranger.state is PluginState.SHADOWED


def test_a_broken_plugin_that_was_asked_for_is_an_error(site: Any) -> None:
    from bakeoff.discovery import load_catalog

    site.plugin("bad", "raise RuntimeError('why')")
    with pytest.raises(PluginError, match=r"'bad' .* is broken: .*RuntimeError: why.*no:bad"):
        load_catalog(Selection(only=("bad",)))
