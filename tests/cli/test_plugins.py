"""`bakeoff plugins` on a few made-up plugins; whole distributions are tried in tests/plugins."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bakeoff.api import Technique
from bakeoff.cli import plugins as verb
from bakeoff.cli.main import cli
from bakeoff.discovery import Catalog, PluginInfo, Registered
from bakeoff.model.errors import PluginError, UnknownName
from bakeoff.model.words import PluginState

GOOD = PluginInfo(
    name="good",
    state=PluginState.ACTIVE,
    distribution="good-dist",
    version="1.0",
    module="good.manifest",
    provides={"techniques": 2, "observers": 1},
)
BAD = PluginInfo(
    name="bad",
    state=PluginState.BROKEN,
    distribution="bad-dist",
    version="0.1",
    module="bad.manifest",
    reason="importing bad.manifest raised ValueError",
    traceback="Traceback\n  ValueError\n",
)
LACKING = Technique(name="t", implementations={"x": "a:b"}, requires=("not-installed-at-all",))


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(plugins=(GOOD, BAD), techniques={"t": Registered(LACKING, GOOD)})
    monkeypatch.setattr(verb, "discover", lambda selection: catalog)


def test_the_table_names_state_origin_what_is_provided_and_why() -> None:
    lines = CliRunner().invoke(cli, ["plugins"]).stdout.splitlines()
    assert lines[0].split() == ["name", "state", "distribution", "version", "provides", "reason"]
    assert "2 techniques, 1 observer" in lines[1]
    assert "t unavailable: pip install not-installed-at-all" in lines[1]
    assert lines[2].split()[:4] == ["bad", "broken", "bad-dist", "0.1"]
    assert "raised ValueError" in lines[2]


def test_json_holds_the_same() -> None:
    good, bad = json.loads(CliRunner().invoke(cli, ["plugins", "--json"]).stdout)
    assert good["unavailable"] == {"t": "pip install not-installed-at-all"}
    assert good["provides"] == {"techniques": 2, "observers": 1}
    assert (bad["state"], bad["reason"]) == ("broken", BAD.reason)


def test_list_plugins_is_the_same_table() -> None:
    assert CliRunner().invoke(cli, ["list", "plugins"]).stdout == CliRunner().invoke(cli, ["plugins"]).stdout


def test_why_explains_one_plugin_with_its_traceback() -> None:
    shown = CliRunner().invoke(cli, ["plugins", "--why", "bad"]).stdout
    assert "plugin 'bad' (bad-dist 0.1) is broken" in shown
    assert BAD.reason in shown
    assert "  ValueError" in shown
    assert "good" not in shown


def test_why_of_a_sound_plugin_says_what_it_provides() -> None:
    shown = CliRunner().invoke(cli, ["plugins", "--why", "good"]).stdout
    assert "is active" in shown
    assert "provides: 2 techniques, 1 observer" in shown
    assert "Traceback" not in shown


def test_why_as_json_has_the_traceback() -> None:
    (row,) = json.loads(CliRunner().invoke(cli, ["plugins", "--why", "bad", "--json"]).stdout)
    assert row["traceback"] == BAD.traceback


def test_why_of_nobody_offers_the_nearest() -> None:
    done = CliRunner().invoke(cli, ["plugins", "--why", "bda"])
    assert isinstance(done.exception, UnknownName)
    assert "'bad'" in str(done.exception)


def test_strict_raises_after_the_table_was_printed() -> None:
    done = CliRunner().invoke(cli, ["plugins", "--strict-plugins"])
    assert isinstance(done.exception, PluginError)
    assert "bad-dist" in done.stdout
