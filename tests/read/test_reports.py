"""Every format of a little hand-made result set, whole; and that foreign text cannot break out of its cell."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bakeoff.model.words import Status
from bakeoff.read import DatasetResult, Leaderboard, Row, leaderboards
from bakeoff.read.reports import json as json_report
from bakeoff.read.reports import markdown, table, terminal
from bakeoff.read.reports.options import ReportOptions
from bakeoff.read.reports.text import clean, number, seconds, span

GOLDEN = Path(__file__).parent / "golden"
ALL = ReportOptions(per_dataset=True)
RENDERERS: dict[str, Callable[..., str]] = {
    "terminal.txt": terminal.render,
    "board.md": markdown.render,
    "long.csv": table.render_long,
    "wide.csv": table.render_wide,
    "board.json": json_report.render,
}

NASTY = (
    "=HYPERLINK(1)",
    "a|b",
    "<img src=x onerror=1>",
    "back`tick`",
    "two\nlines\r\nand\ttab",
    "[red]x[/red]",
    "\x1b[31mred",
    "\u202egnp.exe",
    "[text](https://example.org)",
    "@everyone #1",
    "\\",
    "**bold**_",
    "中文 ✓",
)


@pytest.mark.parametrize("name", RENDERERS)
def test_a_little_result_set_looks_as_agreed(little: Any, name: str, tmp_path: Path) -> None:
    """After a wanted change: look at the file that the message names, and copy it over the golden one."""
    text = RENDERERS[name](leaderboards(little.results()), ALL)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert text == (GOLDEN / name).read_text(encoding="utf-8"), f"now: {tmp_path / name}"


@pytest.mark.parametrize("render", [terminal.render, markdown.render], ids=["terminal", "markdown"])
def test_techniques_that_ended_alike_share_a_line(world: Any, render: Callable[..., str]) -> None:
    world.ok("prior", "d", [0.5])
    for t in ("mlp", "xgboost"):
        world.bad(t, "d", [0], Status.UNAVAILABLE, "pip install it")
    text = render(leaderboards(world.results()), ReportOptions())
    assert "mlp, xgboost each: 1 of 1 cells not ok (1 unavailable). First reason: pip install it" in text


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
def test_no_boards_are_no_crash(render: Callable[..., str]) -> None:
    assert render((), ReportOptions()).endswith("\n")


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
def test_failures_are_hidden_in_no_format(little: Any, render: Callable[..., str]) -> None:
    text = render(leaderboards(little.results()), ReportOptions())
    assert "gbm" in text
    assert "forest" in text


def test_the_best_is_marked_among_the_ranked_only(make_world: Any) -> None:
    world = make_world()
    for t, value in (("a", 0.6), ("b", 0.7), ("picky", 0.9)):
        world.ok(t, "d", [value] * 2)
        world.ok(t, "e", [value] * (1 if t == "picky" else 2))
    world.bad("picky", "e", [1], Status.FAILED)
    text = markdown.render(leaderboards(world.results()), ReportOptions())
    assert "**0.7000 ±0.0000**" in text
    assert " (0.9000 ±0.0000) |" in text


def hostile(make_world: Any, name: str) -> tuple[Leaderboard, ...]:
    world = make_world(question=name, suite=name)
    world.ok(name, name, [{"roc_auc": 0.5, name: 0.1}, {"roc_auc": 0.6, name: 0.2}], flags=(name,))
    world.ok("other", name, [{"roc_auc": 0.4}] * 2)
    world.bad(name, name, [2], Status.FAILED, name)
    return leaderboards(replace(world.results(), problems=(name,)))


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_name_stays_in_its_markdown_cell(make_world: Any, name: str) -> None:
    text = markdown.render(hostile(make_world, name), ALL)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    widths = [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in rows]
    assert widths == [widths[0]] * 4 + [4] * 3
    assert not re.search(r"<(?!br)|https?://|(?<!\w)@|\x1b|\u202e", text)
    assert not re.search(r"(?<!\\)(\\\\)*`", text)


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_name_does_nothing_to_a_terminal(make_world: Any, name: str) -> None:
    text = terminal.render(hostile(make_world, name), replace(ALL, width=200))
    assert not [c for c in text if c != "\n" and not c.isprintable()]
    assert clean(name).replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_name_comes_back_from_csv_as_harmless_text(make_world: Any, name: str) -> None:
    for render in (table.render_long, table.render_wide):
        rows = list(csv.reader(io.StringIO(render(hostile(make_world, name), ALL))))
        assert len({len(row) for row in rows}) == 1
        assert {row[5] for row in rows[1:]} == {("'" if name[0] in "=+-@" else "") + clean(name), "other"}


@given(text=st.text())
def test_clean_text_is_one_line_without_control_characters(text: str) -> None:
    shown = clean(text, limit=50)
    assert len(shown) <= 50
    assert shown.splitlines() in ([], [shown])
    shown.encode("utf-8")
    assert "\x1b" not in shown


@given(text=st.text(alphabet="=+-@\t\r\n '\"a,;", min_size=1))
def test_no_csv_cell_starts_a_formula(text: str) -> None:
    shown = table._shown(text)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert table._shown(-0.5) == "-0.5"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=30))
def test_any_name_keeps_the_markdown_table_whole(make_world: Any, name: str) -> None:
    world = make_world()
    world.ok(name, "d", [0.5, 0.6])
    text = markdown.render(leaderboards(world.results()), ReportOptions())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 3
    assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in rows}) == 1


def many_metrics(make_world: Any) -> tuple[Leaderboard, ...]:
    world = make_world()
    names = [f"metric_{i}" for i in range(12)]
    world.metrics |= {m: {"direction": "max"} for m in names}
    for t in ("logistic", "histogram-gradient-boosting"):
        world.ok(t, "d1", [{"roc_auc": 0.5 + i / 10} | dict.fromkeys(names, 0.5) for i in range(3)])
        world.ok(t, "d2", [{"roc_auc": 0.5 + i / 10} | dict.fromkeys(names, 0.5) for i in range(3)])
    return leaderboards(world.results())


@pytest.mark.parametrize("width", [100, 130, 160])
def test_extra_metrics_give_way_last_first_and_lines_fit(make_world: Any, width: int) -> None:
    text = terminal.render(many_metrics(make_world), ReportOptions(width=width))
    assert max(map(cell_len, text.splitlines())) <= width
    (left_out,) = re.findall(r"Not shown for want of width: ((?:.|\n)*?)\.\n", text)
    dropped = left_out.replace("\n ", "").split(", ")
    kept = 12 - len(dropped)
    assert dropped == [f"metric_{i}".strip() for i in sorted(range(12), key=str) if f"metric_{i}" in dropped]
    assert text.count("metric_") == 12
    assert kept == len(re.findall(r"metric_", text.split("──")[0]))


def test_a_hundred_characters_are_the_default_and_enough_for_everything_but_extra_metrics(
    make_world: Any,
) -> None:
    boards = many_metrics(make_world)
    default = terminal.render(boards, ReportOptions())
    assert default == terminal.render(boards, ReportOptions(width=100))
    for heading in ("Rank", "Technique", "Mean", "Fit", "Predict", "Peak", "Cells", "Data"):
        assert heading in default


def test_a_narrow_terminal_cuts_no_value_and_no_name(little: Any) -> None:
    text = terminal.render(leaderboards(little.results()), ReportOptions(per_dataset=True, width=50))
    for word in ("0.9500 ±0.0054*", "logistic !", "gbm|x", "(0.9700, 2/3)"):
        assert word in text


def test_colour_is_only_where_asked_for(little: Any) -> None:
    boards = leaderboards(little.results())
    plain = terminal.render(boards, ReportOptions())
    coloured = terminal.render(boards, ReportOptions(color=True))
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    strip = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()]
    assert strip == plain.splitlines()


def test_json_has_every_field_by_its_name_and_nothing_that_is_not_finite(little: Any) -> None:
    boards = leaderboards(little.results())
    broken = replace(
        boards[0], rows=(replace(boards[0].rows[0], fit_seconds=float("nan")), *boards[0].rows[1:])
    )
    document = json.loads(json_report.render((broken,), ReportOptions()), parse_constant=pytest.fail)
    assert (document["format"], document["version"]) == ("bakeoff-leaderboards", 1)
    (board,) = document["leaderboards"]
    assert set(board) == {f.name for f in fields(Leaderboard)}
    assert set(board["rows"][0]) == {f.name for f in fields(Row)}
    assert set(board["rows"][0]["datasets"][0]) == {f.name for f in fields(DatasetResult)}
    assert board["rows"][0]["fit_seconds"] is None


def test_documented_json_fields_are_the_real_ones() -> None:
    page = (Path(__file__).parents[2] / "docs" / "leaderboards.md").read_text(encoding="utf-8")
    for kind in (Leaderboard, Row, DatasetResult):
        missing = [f.name for f in fields(kind) if f"`{f.name}`" not in page]
        assert missing == []


def test_numbers_keep_about_four_digits() -> None:
    shown = [number(x) for x in (0.93124, -0.5, 12.345, 537.68, 123456.0, 0.00001234, 0.0, None)]
    assert shown == ["0.9312", "-0.5000", "12.35", "537.7", "1.23e+05", "1.23e-05", "0.0000", "-"]
    assert [seconds(x) for x in (0.0123, 2.345, 23.45, 234.5, 0.0001, None)] == [
        "0.012",
        "2.35",
        "23.4",
        "234",
        "<0.001",
        "-",
    ]
    assert [span(1, 3), span(2, 2), span(None, None)] == ["1-3", "2", "-"]
