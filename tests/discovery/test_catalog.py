"""The catalogue: whole plugins or nothing, names that help, observers that cannot do harm."""

from __future__ import annotations

from typing import Any

import pytest

from bakeoff.api import Metric, Step, Technique
from bakeoff.discovery import Selection, discover, install_line, missing_requirements
from bakeoff.model.errors import DatasetError, UnknownName
from bakeoff.model.words import PluginState


def state_of(name: str) -> tuple[PluginState, str]:
    (info,) = [info for info in discover().plugins if info.name == name]
    return info.state, info.reason


def test_items_come_with_their_plugin(site: Any) -> None:
    site.plugin("mine", site.technique("one", "two"), version="3.0")
    found = discover().find("techniques", "two")
    assert (found.spec.name, found.plugin.name, found.plugin.version) == ("two", "mine", "3.0")
    assert found.plugin.provides == {"techniques": 2}


def test_nothing_of_a_plugin_is_registered_when_one_item_is_wrong(site: Any) -> None:
    site.plugin("mine", site.technique("sound") + "@hookimpl\ndef bakeoff_steps():\n    return [3]\n")
    assert state_of("mine")[0] is PluginState.BROKEN
    assert "sound" not in discover().techniques


@pytest.mark.parametrize("late", ["raise RuntimeError('mid')", "return [].x"])
def test_a_hook_that_raises_breaks_its_plugin_alone(site: Any, late: str) -> None:
    site.plugin("bad", f"@hookimpl\ndef bakeoff_steps():\n    yield from ()\n    {late}\n")
    site.plugin("good", site.technique("fine"))
    assert state_of("bad")[0] is PluginState.BROKEN
    assert "bakeoff_steps" in state_of("bad")[1]
    assert "fine" in discover().techniques


def test_an_item_clash_goes_to_the_plugin_that_sorts_first(site: Any) -> None:
    site.plugin("zeta", site.technique("same"), version="2.0")
    site.plugin("alpha", site.technique("same"), version="1.5")
    catalog = discover()
    assert catalog.techniques["same"].plugin.name == "alpha"
    state, reason = state_of("zeta")
    assert state is PluginState.BROKEN
    for part in ("technique 'same'", "dist-zeta 2.0", "'alpha'", "dist-alpha 1.5"):
        assert part in reason


def test_a_built_in_keeps_its_name_against_a_plugin_that_sorts_before(site: Any) -> None:
    body = "@hookimpl\ndef bakeoff_engines():\n    return [Engine(name='local', implementation='a:B')]\n"
    site.plugin("aaa", body)
    assert state_of("aaa")[0] is PluginState.BROKEN
    assert discover().engines["local"].plugin.name == "core"


def test_one_name_for_things_of_two_kinds_is_no_clash(site: Any) -> None:
    step = "Step(name='same', implementation='a:B', tasks=('classification',))"
    site.plugin("one", site.technique("same"))
    site.plugin("two", f"@hookimpl\ndef bakeoff_steps():\n    return [{step}]\n")
    assert state_of("one")[0] is state_of("two")[0] is PluginState.ACTIVE


def test_an_unknown_name_offers_the_nearest_and_where_it_may_have_gone(site: Any) -> None:
    site.plugin("fine", site.technique("forest"))
    site.plugin("bad", "raise ValueError\n")
    site.plugin("off")
    with pytest.raises(UnknownName) as caught:
        discover(Selection(deny=("off",))).find("techniques", "forrest", where="suite x")
    text = str(caught.value)
    assert "unknown technique 'forrest' in suite x" in text
    assert "'forest'" in text
    assert "bad (broken), off (disabled)" in text


def test_without_trouble_an_unknown_name_speaks_of_no_plugin(site: Any) -> None:
    with pytest.raises(UnknownName) as caught:
        discover().find("engines", "locall")
    assert "Not active" not in str(caught.value)


# --- Requirements: metadata only ---


def test_what_is_not_installed_is_missing_and_the_rest_is_not(site: Any) -> None:
    site.entry("there", "")
    spec = Technique(name="t", implementations={"x": "a:b"}, requires=("there", "not-there", "nor.this"))
    assert missing_requirements(spec) == ("not-there", "nor.this")
    assert install_line(spec) == "pip install not-there nor.this"


def test_the_authors_install_line_is_used() -> None:
    spec = Step(
        name="s", implementation="a:b", tasks=("x",), requires=("nope",), install="pip install 'me[x]'"
    )
    assert install_line(spec) == "pip install 'me[x]'"


def test_specs_without_requirements_miss_nothing() -> None:
    metric = Metric(name="m", tasks=("x",), implementation="a:b", direction="max", needs="proba")
    assert missing_requirements(metric) == ()


# --- References ---

RESOLVER = "@hookimpl\ndef bakeoff_resolve_dataset(ref):\n"


def test_the_first_plugin_that_answers_a_reference_wins(site: Any) -> None:
    site.plugin("a", RESOLVER + "    return None\n")
    site.plugin(
        "b", RESOLVER + "    return Dataset(name=ref, task='regression', card='p:c.toml', summary='b')\n"
    )
    site.plugin(
        "c", RESOLVER + "    return Dataset(name=ref, task='regression', card='p:c.toml', summary='c')\n"
    )
    found = discover().resolve_dataset("lab:1")
    assert found is not None
    assert (found.spec.name, found.spec.summary, found.plugin.name) == ("lab:1", "b", "b")


def test_nobodys_reference_is_none(site: Any) -> None:
    site.plugin("a", RESOLVER + "    return None\n")
    assert discover().resolve_dataset("lab:1") is None


def test_a_raising_resolver_does_not_keep_another_from_answering(site: Any) -> None:
    site.plugin("a", RESOLVER + "    raise OSError('no net')\n")
    site.plugin(
        "b", RESOLVER + "    return Dataset(name=ref, task='x', card='p:c.toml') if ref == 'b:1' else None\n"
    )
    catalog = discover()
    assert catalog.resolve_dataset("b:1") is not None
    with pytest.raises(DatasetError, match=r"'lab:1'.*'a' \(dist-a 1.0\).*OSError: no net"):
        catalog.resolve_dataset("lab:1")


def test_a_resolvers_own_error_reaches_the_user_as_it_is(site: Any) -> None:
    site.plugin("a", RESOLVER + "    raise DatasetError('lab 1 is closed.', hint='Ask the lab.')\n")
    with pytest.raises(DatasetError, match=r"^lab 1 is closed. Ask the lab.$"):
        discover().resolve_dataset("lab:1")


@pytest.mark.parametrize("answer", ["'text'", "Dataset(name=ref, task='x', card='nowhere')"])
def test_an_answer_that_is_no_sound_dataset_is_refused(site: Any, answer: str) -> None:
    site.plugin("a", RESOLVER + f"    return {answer}\n")
    with pytest.raises(DatasetError, match="'lab:1'"):
        discover().resolve_dataset("lab:1")


# --- Observers ---

OBSERVER = "@hookimpl\ndef bakeoff_cell_finished(record):\n"


def test_every_observer_is_told_and_none_can_change_what_the_others_see(site: Any) -> None:
    site.plugin("a", OBSERVER + "    record['metrics']['x'] = 'changed'\n    record.clear()\n")
    site.plugin("b", OBSERVER + "    print(record)\n")
    record = {"metrics": {"x": 1}}
    catalog = discover()
    catalog.notify("bakeoff_cell_finished", record=record)
    assert record == {"metrics": {"x": 1}}


def test_observers_write_to_standard_error(site: Any, capsys: pytest.CaptureFixture[str]) -> None:
    site.plugin("b", OBSERVER + "    print(record)\n")
    discover().notify("bakeoff_cell_finished", record={"metrics": {"x": 1}})
    assert capsys.readouterr() == ("", "{'metrics': {'x': 1}}\n")


def test_a_raising_observer_is_named_once_and_stops_nobody(
    site: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    site.plugin("a", "import sys\n" + OBSERVER + "    sys.exit('no more')\n")
    site.plugin("b", OBSERVER + "    print('told')\n")
    catalog = discover()
    for _ in range(3):
        catalog.notify("bakeoff_cell_finished", record={})
    lines = capsys.readouterr().err.splitlines()
    assert lines.count("told") == 3
    (warning,) = [line for line in lines if line != "told"]
    assert "'a' (dist-a 1.0)" in warning
    assert "sys.exit('no more')" in warning


def test_observers_are_counted_in_what_a_plugin_provides(site: Any) -> None:
    site.plugin("a", OBSERVER + "    pass\n" + RESOLVER + "    return None\n")
    (info,) = [info for info in discover().plugins if info.name == "a"]
    assert info.provides == {"observers": 1, "resolvers": 1}
