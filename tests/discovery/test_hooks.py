"""Hooks are checked against their specifications, and every documented example is a plugin that loads."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from bakeoff import hookspecs
from bakeoff.discovery import PluginInfo, discover
from bakeoff.discovery.hooks import SPECS
from bakeoff.discovery.kinds import KINDS
from bakeoff.model.words import PluginState


def one(name: str = "mine") -> PluginInfo:
    (info,) = [info for info in discover().plugins if info.name == name]
    return info


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "@hookimpl\ndef bakeoff_technics(): return []\n",
            "no hook 'bakeoff_technics'; the nearest is 'bakeoff_techniques'",
        ),
        ("def bakeoff_metrix(): return []\n", "the nearest is 'bakeoff_metrics'"),
        ("@hookimpl\ndef techniques(): return []\n", "there is no hook 'techniques'"),
        ("@hookimpl(specname='bakeoff_tsaks')\ndef f(): return []\n", "the nearest is 'bakeoff_tasks'"),
        ("def bakeoff_steps(): return []\n", "bakeoff_steps lacks the @hookimpl decorator"),
        ("bakeoff_steps = []\n", "bakeoff_steps is a list, not a function"),
        (
            "@hookimpl\ndef bakeoff_cell_finished(cell, record): pass\n",
            "bakeoff_cell_finished takes (record), not (cell, record)",
        ),
        ("@hookimpl\ndef bakeoff_steps(x): return []\n", "bakeoff_steps takes (), not (x)"),
        ("@hookimpl(wrapper=True)\ndef bakeoff_steps():\n    return (yield)\n", "is a hook wrapper"),
    ],
)
def test_a_wrong_hook_breaks_its_plugin_with_a_reason(site: Any, body: str, reason: str) -> None:
    site.plugin("mine", body)
    info = one()
    assert info.state is PluginState.BROKEN
    assert reason in info.reason


@pytest.mark.parametrize(
    "body",
    [
        "@hookimpl\ndef bakeoff_cell_finished(): pass\n",
        "@hookimpl(optionalhook=True)\ndef bakeoff_of_a_later_version(): return []\n",
        "@hookimpl(specname='bakeoff_steps')\ndef my_steps(): return []\n",
        "import types\nbakeoff_helpers = types.ModuleType('bakeoff_helpers')\n",
        "bakeoff_constant = 3\n",
        "@hookimpl\ndef bakeoff_steps(): return None\n",
        "@hookimpl\ndef bakeoff_steps(): yield from ()\n",
    ],
)
def test_what_pluggy_allows_and_harms_nobody_is_allowed(site: Any, body: str) -> None:
    site.plugin("mine", body)
    assert one().state is PluginState.ACTIVE, one().reason


def test_a_manifest_may_be_an_object_in_a_module(site: Any) -> None:
    module = site.plugin(
        "spare",
        "class Plugin:\n    BAKEOFF_API = 1\n    @hookimpl\n    def bakeoff_techniques(self):\n"
        "        return [Technique(name='t', implementations={'classification': 'a:B'})]\nplugin = Plugin()\n",
    )
    site.entry("object-dist", f"[bakeoff]\nmine = {module}:plugin\n")
    assert one().provides == {"techniques": 1}


def test_a_missing_attribute_of_the_entry_point_is_broken(site: Any) -> None:
    module = site.plugin("spare")
    site.entry("object-dist", f"[bakeoff]\nmine = {module}:nothing\n")
    assert "has no attribute 'nothing'" in one().reason


def test_every_registration_hook_has_a_kind_and_every_kind_a_hook() -> None:
    others = {name for name in SPECS if not name.endswith("s") or "_run_" in name}
    assert {kind.hook for kind in KINDS} == set(SPECS) - others


@pytest.mark.parametrize("hook", sorted(SPECS))
def test_the_example_in_a_hooks_docstring_is_a_plugin_with_that_hook(site: Any, hook: str) -> None:
    documented = inspect.getdoc(getattr(hookspecs, hook)) or ""
    (example,) = re.findall(r"```python\n(.*?)```", documented, re.DOTALL)
    site.plugin("mine", example, head="")
    info = one()
    assert info.state is PluginState.ACTIVE, info.reason
    kinds = {kind.hook: kind.plural for kind in KINDS}
    kind = kinds.get(hook, "resolvers" if "resolve" in hook else "observers")
    assert info.provides == {kind: 1}
