"""Leaderboards: what is averaged, who is ranked, what is counted, and the traps others fell into."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bakeoff.model.errors import UnknownName
from bakeoff.model.words import Status, Track
from bakeoff.read import Leaderboard, Row, leaderboards
from bakeoff.read.headers import policy_ratio

SCORES = st.integers(0, 1000).map(lambda n: n / 1000)


def only(boards: tuple[Leaderboard, ...]) -> Leaderboard:
    (board,) = boards
    return board


def by_name(board: Leaderboard) -> dict[str, Row]:
    return {row.technique: row for row in board.rows}


def note(board: Leaderboard, word: str) -> str:
    (found,) = [n for n in board.notes if word in n]
    return found


def mean(row: Row, metric: str = "roc_auc") -> float:
    estimate = row.metrics[metric]
    assert estimate is not None
    return estimate.mean


def test_a_dataset_weighs_the_same_whatever_its_number_of_folds(world: Any) -> None:
    world.ok("a", "small", [0.5, 0.7])
    world.ok("a", "large", [0.9] * 8)
    assert mean(by_name(only(leaderboards(world.results())))["a"]) == pytest.approx((0.6 + 0.9) / 2)


def test_the_error_within_a_dataset_uses_the_records_own_sizes(world: Any) -> None:
    world.ok("a", "d", [0.7, 0.8, 0.9], n_train=100, n_test=50)
    world.ok("b", "d", [0.7, 0.8, 0.9], n_train=100, n_test=10)
    rows = by_name(only(leaderboards(world.results())))
    assert rows["a"].metrics["roc_auc"].se == pytest.approx((0.01 * (1 / 3 + 0.5)) ** 0.5)
    assert rows["b"].metrics["roc_auc"].se == pytest.approx((0.01 * (1 / 3 + 0.1)) ** 0.5)


def test_a_cap_of_the_training_part_does_not_inflate_the_error(world: Any) -> None:
    """3 folds of 3,000 rows, trained on 100: folds share no more than with all 2,000, ratio 1/2 and not 10."""
    capped = world.protocol.replace("5", "3") + " n_train<=100"
    for fold, value in enumerate((0.7, 0.8, 0.9)):
        world.add(
            "a", "d", f"r0f{fold}", protocol=capped, n_train=100, n_test=1000, metrics={"roc_auc": value}
        )
        world.cells[-1]["protocol"] = capped
    row = only(leaderboards(world.results())).rows[0]
    assert row.metrics["roc_auc"].se == pytest.approx((0.01 * (1 / 3 + 0.5)) ** 0.5)


@pytest.mark.parametrize(
    ("protocol", "ratio"),
    [
        ("stratified-kfold(folds=5,seed=0)", 0.25),
        ("kfold(folds=10,seed=3) n_train<=50", 1 / 9),
        ("holdout(test=0.2,validation=0.16,seed=0)", 0.2 / 0.64),
        ("user-random(test=0.2,seed=0)", 0.25),
        ("leave-last-out(seed=0)", None),
        ("kfold(folds=1,seed=0)", None),
        ("odd(latest=0.5)", None),
        ("odd(test=..)", None),
        ("holdout(test=0.6,validation=0.4)", None),
    ],
)
def test_a_policy_tells_how_much_of_the_data_is_tested(protocol: str, ratio: float | None) -> None:
    assert policy_ratio(protocol) == (None if ratio is None else pytest.approx(ratio))


def test_the_error_of_the_mean_over_datasets_is_noise_within_them(world: Any) -> None:
    world.ok("a", "d", [0.7, 0.8, 0.9], n_train=100, n_test=50)
    world.ok("a", "e", [0.3, 0.4, 0.5], n_train=100, n_test=50)
    se = (0.01 * (1 / 3 + 0.5)) ** 0.5
    row = by_name(only(leaderboards(world.results())))["a"]
    assert row.metrics["roc_auc"].se == pytest.approx((2 * se**2) ** 0.5 / 2)


def test_one_split_has_no_error_and_separates_nothing(world: Any) -> None:
    world.ok("a", "d", [0.9])
    world.ok("b", "d", [0.1])
    board = only(leaderboards(world.results()))
    assert [(r.rank_low, r.rank_high) for r in board.rows] == [(1, 2), (1, 2)]
    assert board.rows[0].metrics["roc_auc"].se is None
    assert note(board, "one split")


@pytest.mark.parametrize(
    ("protocol", "ratio"), [("user-random(test=0.2,seed=0)", 0.25), ("global-timeline(seed=0)", None)]
)
def test_users_are_never_divided_by_interactions(world: Any, protocol: str, ratio: float | None) -> None:
    world.task = "recommendation"
    for fold, value in enumerate((0.1, 0.2, 0.3)):
        world.add(
            "ease", "ml", f"r{fold}f0", protocol=protocol, metrics={"ndcg@10": value}, n_train=9000, n_test=90
        )
    for cell in world.cells:
        cell["protocol"] = protocol
    world.metrics = {"ndcg@10": {"direction": "max"}}
    world.tasks = {"recommendation": {"primary": "ndcg@10", "metrics": ["ndcg@10"], "baselines": []}}
    estimate = only(leaderboards(world.results())).rows[0].metrics["ndcg@10"]
    assert estimate.se == (None if ratio is None else pytest.approx((0.01 * (1 / 3 + ratio)) ** 0.5))


def test_a_split_that_leaks_the_future_says_so(world: Any) -> None:
    world.add("ease", "ml", "r0f0", protocol="leave-last-out(seed=0)", key="other")
    assert note(leaderboards(world.results())[0], "leaks the future").startswith("leave-last-out")


def test_a_failed_fold_is_never_averaged_away_or_imputed(world: Any) -> None:
    world.ok("steady", "d", [0.6, 0.6, 0.6])
    world.ok("baseline", "d", [0.5, 0.5, 0.5])
    world.ok("brittle", "d", [0.9, 0.9])
    world.bad("brittle", "d", [2], Status.CRASHED, "killed by signal 6")
    board = only(leaderboards(world.results()))
    row = by_name(board)["brittle"]
    assert not row.ranked
    assert row.metrics["roc_auc"] is None
    assert row.mean_rank is None
    assert (row.ok, row.planned, row.failures) == (2, 3, {"crashed": 1})
    assert row.reason == "killed by signal 6 (d r0f2)"
    assert (row.datasets[0].n_folds, row.datasets[0].n_shared, row.datasets[0].complete) == (2, 3, False)
    assert [r.technique for r in board.rows] == ["steady", "baseline", "brittle"]
    assert {t: r.mean_rank for t, r in by_name(board).items() if r.ranked} == {"steady": 1.0, "baseline": 2.0}


def test_ranks_never_stand_on_different_sets_of_datasets(world: Any) -> None:
    """`picky` wins where it ran and skipped the rest: it has no rank, and does not move the others'."""
    for dataset, a, b in (("d1", 0.8, 0.7), ("d2", 0.6, 0.7), ("d3", 0.8, 0.7)):
        world.ok("a", dataset, [a] * 3)
        world.ok("b", dataset, [b] * 3)
    without = by_name(only(leaderboards(world.results())))
    world.ok("picky", "d1", [0.99] * 3)
    world.bad("picky", "d2", range(3), Status.REFUSED, "RES-02: too few")
    world.bad("picky", "d3", range(3), Status.REFUSED, "RES-02: too few")
    board = only(leaderboards(world.results()))
    rows = by_name(board)
    assert (rows["picky"].ranked, rows["picky"].mean_rank, rows["picky"].rank_low) == (False, None, None)
    assert (rows["picky"].datasets_complete, rows["picky"].datasets_planned) == (1, 3)
    assert mean(rows["picky"]) == pytest.approx(0.99)
    assert note(board, "parentheses")
    for t in ("a", "b"):
        assert rows[t].mean_rank == without[t].mean_rank
        assert mean(rows[t]) == mean(without[t])
    assert without["a"].mean_rank == pytest.approx(4 / 3)


def test_a_seed_without_a_value_is_not_averaged_away(world: Any) -> None:
    for seed, value in enumerate((0.2, None)):
        world.add("net", "d", "r0f0", version=f"s{seed}", seed=seed, metrics={"roc_auc": value})
    assert only(leaderboards(world.results())).rows[0].datasets[0].metrics["roc_auc"] is None


def test_a_technique_that_only_failed_does_not_decide_what_is_compared(world: Any) -> None:
    world.ok("a", "d", [0.5, 0.6])
    world.bad("dead", "d", [0], Status.FAILED)
    world.plan("dead", "d", "r0f1")
    assert by_name(only(leaderboards(world.results())))["a"].datasets[0].n_shared == 2


def test_the_reason_shown_is_a_failure_before_anything_milder(world: Any) -> None:
    world.bad("a", "d", [0], Status.NOT_RUN, "the budget was spent")
    world.bad("a", "d", [1], Status.REFUSED, "RES-02")
    world.bad("a", "d", [2], Status.OUT_OF_MEMORY, "needed 3 GiB")
    assert only(leaderboards(world.results())).rows[0].reason == "needed 3 GiB (d r0f2)"


def test_a_technique_without_any_result_has_a_row(world: Any) -> None:
    world.ok("a", "d", [0.5, 0.6])
    world.bad("xgboost", "d", range(2), Status.UNAVAILABLE, "pip install 'bakeoff[tabular]'")
    row = only(leaderboards(world.results())).rows[-1]
    assert (row.technique, row.ok, row.failures) == ("xgboost", 0, {"unavailable": 2})
    assert row.reason == "pip install 'bakeoff[tabular]'"
    assert all(value is None for value in row.metrics.values())


def test_nobody_with_a_result_is_no_table_of_ranks(world: Any) -> None:
    world.bad("a", "d", range(2), Status.TIMEOUT, "after 2 s")
    board = only(leaderboards(world.results()))
    assert board.rows[0].failures == {"timeout": 2}
    assert note(board, "No technique has a result")


def test_a_dataset_that_nobody_completed_counts_nowhere(world: Any) -> None:
    world.ok("a", "d", [0.5, 0.6])
    world.ok("b", "d", [0.4, 0.6])
    for t in "ab":
        world.bad(t, "broken", range(2), Status.REFUSED, "EDA-01: constant target")
    board = only(leaderboards(world.results()))
    assert all(r.ranked for r in board.rows)
    assert [(d.name, d.compared) for d in board.datasets] == [("d", True), ("broken", False)]
    assert note(board, "No technique completed broken")


def test_a_planned_cell_without_a_record_is_missing_and_said(world: Any) -> None:
    world.ok("a", "d", [0.5, 0.6])
    world.ok("b", "d", [0.5])
    world.plan("b", "d", "r0f1")
    world.plan("ghost", "d", "r0f0")
    board = only(leaderboards(world.results()))
    rows = by_name(board)
    assert rows["b"].failures == {"missing": 1}
    assert rows["ghost"].failures == {"missing": 1}
    assert (board.planned, board.finished, board.ok) == (5, 3, 3)
    assert note(board, "2 planned cells have no record")


def test_an_unfinished_run_compares_what_all_have_tried(world: Any) -> None:
    """Waves: every technique has fold 0, only the quick one has fold 1. Fold 1 must not decide."""
    world.ok("quick", "d", [0.6, 0.9])
    world.ok("slow", "d", [0.7])
    world.plan("slow", "d", "r0f1")
    board = only(leaderboards(world.results()))
    assert [(r.technique, mean(r)) for r in board.rows] == [("slow", 0.7), ("quick", 0.6)]
    assert note(board, "Unfinished").startswith("Unfinished: figures are over the 1 of 2 splits")


def test_one_technique_far_behind_does_not_empty_the_table(world: Any) -> None:
    for t, value in (("a", 0.8), ("b", 0.7), ("c", 0.6)):
        world.ok(t, "d", [value] * 5)
    world.ok("late", "d", [0.9])
    for i in range(1, 5):
        world.plan("late", "d", f"r0f{i}")
    rows = by_name(only(leaderboards(world.results())))
    assert [t for t, r in rows.items() if r.ranked] == ["a", "b", "c"]
    assert rows["late"].metrics["roc_auc"] is None
    assert rows["a"].datasets[0].n_shared == 5


def test_cells_that_a_spent_budget_left_out_are_pending_not_failed(world: Any) -> None:
    world.ok("a", "d", [0.5, 0.6])
    world.ok("b", "d", [0.55])
    world.bad("b", "d", [1], Status.NOT_RUN, "the budget was spent")
    board = only(leaderboards(world.results()))
    assert all(r.ranked for r in board.rows)
    assert (by_name(board)["b"].finished, by_name(board)["b"].planned) == (1, 2)


def test_a_metric_that_is_null_in_one_fold_has_no_mean(world: Any) -> None:
    world.ok("a", "d", [{"roc_auc": 0.9, "log_loss": 0.1}, {"roc_auc": None, "log_loss": 0.2}])
    world.ok("b", "d", [{"roc_auc": 0.5, "log_loss": 0.7}] * 2)
    rows = by_name(only(leaderboards(world.results())))
    assert rows["a"].metrics == {"roc_auc": None, "log_loss": None}
    assert rows["a"].datasets[0].metrics["roc_auc"] is None
    assert rows["a"].datasets[0].metrics["log_loss"].mean == pytest.approx(0.15)
    assert not rows["a"].ranked


def test_protocols_tracks_and_tasks_never_share_a_table(world: Any) -> None:
    world.ok("a", "d", [0.5])
    other = world.protocol + " n_train<=100"
    for changed in ({"protocol": other}, {"track": Track.TUNED}, {"task": "regression"}):
        record = world.add("a", "d", "r0f0", version=str(changed), **changed)
        world.cells[-1] |= {k: str(getattr(record, k)) for k in ("protocol", "track", "task")}
    boards = leaderboards(world.results())
    assert len(boards) == 4
    assert len({(b.task, b.protocol, b.track) for b in boards}) == 4


def test_seeds_of_one_split_are_averaged_before_folds_are_counted(world: Any) -> None:
    for seed, value in enumerate((0.2, 0.4)):
        world.add("net", "d", "r0f0", version=f"s{seed}", seed=seed, metrics={"roc_auc": value})
    world.add("net", "d", "r0f1", metrics={"roc_auc": 0.9})
    result = only(leaderboards(world.results())).rows[0].datasets[0]
    assert result.n_folds == 2
    assert result.metrics["roc_auc"].mean == pytest.approx((0.3 + 0.9) / 2)


def test_separated_techniques_have_ranges_of_their_own_on_one_dataset(world: Any) -> None:
    noise = (0.000, 0.004, -0.003, 0.002, -0.001)
    world.ok("best", "d", [0.90 + e for e in noise])
    world.ok("same", "d", [0.90 - e for e in noise])
    world.ok("worst", "d", [0.50 + e / 2 for e in noise])
    board = only(leaderboards(world.results()))
    ranges = {r.technique: (r.rank_low, r.rank_high) for r in board.rows}
    assert ranges == {"best": (1, 2), "same": (1, 2), "worst": (3, 3)}
    assert "alone" in note(board, "corrected resampled t-test")


def test_few_datasets_separate_nothing_and_say_how_many_would(world: Any) -> None:
    for i in range(6):
        for t, value in (("a", 0.9), ("b", 0.7), ("c", 0.5)):
            world.ok(t, f"d{i}", [value + i / 100, value - i / 100])
    board = only(leaderboards(world.results()))
    assert {(r.rank_low, r.rank_high) for r in board.rows} == {(1, 3)}
    assert (board.units, board.units_needed) == (6, 7)
    assert "6 here, and 7 are the least" in note(board, "Not enough datasets to tell")


def test_enough_datasets_separate_and_name_the_test(world: Any) -> None:
    for i in range(7):
        for t, value in (("a", 0.9), ("b", 0.7), ("c", 0.5)):
            world.ok(t, f"d{i}", [value + i / 100, value - i / 200])
    board = only(leaderboards(world.results()))
    assert [(r.technique, r.rank_low, r.rank_high) for r in board.rows] == [
        ("a", 1, 1),
        ("b", 2, 2),
        ("c", 3, 3),
    ]
    assert "Wilcoxon" in board.test
    assert board.test in note(board, "unless 7 datasets separate")


def test_datasets_of_one_origin_count_once(world: Any) -> None:
    for i in range(7):
        for t, value in (("a", 0.9), ("b", 0.7), ("c", 0.5)):
            world.ok(t, f"d{i}", [value + i / 100, value - i / 200])
    world.facts = {f"d{i}": {"origin": "adult"} for i in range(2)}
    board = only(leaderboards(world.results()))
    assert board.units == 6
    assert {(r.rank_low, r.rank_high) for r in board.rows} == {(1, 3)}
    assert note(board, "7 datasets of 6 origins")


def test_a_metric_to_be_small_ranks_the_smallest_first(world: Any) -> None:
    world.ok("a", "d", [{"roc_auc": 0.9, "log_loss": 0.9}] * 2)
    world.ok("b", "d", [{"roc_auc": 0.1, "log_loss": 0.1}] * 2)
    assert [r.technique for r in only(leaderboards(world.results())).rows] == ["a", "b"]
    board = only(leaderboards(world.results(), metric="log_loss"))
    assert (board.metric, board.direction, [r.technique for r in board.rows]) == (
        "log_loss",
        "min",
        ["b", "a"],
    )


def test_a_metric_of_unknown_direction_ranks_nobody(world: Any) -> None:
    world.ok("a", "d", [{"roc_auc": 0.9, "odd": 1.0}] * 2)
    world.ok("b", "d", [{"roc_auc": 0.1, "odd": 2.0}] * 2)
    board = only(leaderboards(world.results(), metric="odd"))
    assert not any(r.ranked for r in board.rows)
    assert note(board, "no header says whether odd")


def test_not_better_than_the_baseline_is_flagged_per_dataset(world: Any) -> None:
    for dataset, value in (("d1", 0.9), ("d2", 0.5), ("d3", 0.4)):
        world.ok("prior", dataset, [0.5, 0.5])
        world.ok("net", dataset, [value, value], flags=("not better than the baseline",))
    rows = by_name(only(leaderboards(world.results())))
    (flag,) = rows["net"].flags
    assert (flag.name, flag.count, flag.total, flag.unit) == (
        "not better than the baseline",
        2,
        3,
        "datasets",
    )
    assert rows["prior"].flags == ()
    assert [d.beats_baseline for d in rows["net"].datasets] == [True, False, False]


def test_flags_of_records_are_counted_in_cells(world: Any) -> None:
    world.ok("net", "d", [0.5, 0.6], flags=("did not converge",))
    world.add("net", "d", "r0f2", metrics={"roc_auc": 0.7})
    (flag,) = only(leaderboards(world.results())).rows[0].flags
    assert (flag.name, flag.count, flag.total, flag.unit) == ("did not converge", 2, 3, "cells")


def test_a_missing_compulsory_baseline_is_said_and_a_present_one_is_not(world: Any) -> None:
    world.ok("a", "d", [0.5, 0.6])
    world.bad("prior", "d", range(2), Status.FAILED)
    assert "prior" in note(only(leaderboards(world.results())), "PUB-01")
    world.ok("prior", "e", [0.5, 0.5])
    assert not [n for n in only(leaderboards(world.results())).notes if "PUB-01" in n]


def test_a_record_of_an_earlier_plan_of_the_same_cell_is_left_out(world: Any, make_world: Any) -> None:
    world.add("a", "d", "r0f0", version="old code", metrics={"roc_auc": 0.1})
    newer = make_world(created_at="2026-02-01T00:00:00")
    newer.add("a", "d", "r0f0", version="new code", metrics={"roc_auc": 0.9})
    for results in (world.results(newer), newer.results(world)):
        board = only(leaderboards(results))
        assert mean(board.rows[0]) == 0.9
        assert board.planned == 1
        assert note(board, "1 records of an earlier plan")


def test_an_earlier_record_does_not_stand_in_for_a_new_plan_without_one(world: Any, make_world: Any) -> None:
    world.add("a", "d", "r0f0", version="old code", metrics={"roc_auc": 0.1})
    newer = make_world(created_at="2026-02-01T00:00:00")
    newer.plan("a", "d", "r0f0", "new code")
    assert only(leaderboards(world.results(newer))).rows[0].failures == {"missing": 1}


def test_two_contents_of_one_dataset_are_not_mixed(world: Any) -> None:
    world.ok("a", "d", [0.9, 0.9], dataset_hash="before", started_at="2026-01-01")
    world.ok("b", "d", [0.5, 0.5], dataset_hash="after", started_at="2026-01-02")
    board = only(leaderboards(world.results()))
    assert by_name(board)["a"].failures == {"missing": 2}
    assert note(board, "2 records of an earlier content")


def test_a_record_made_for_another_suite_counts_where_its_key_is_planned(world: Any, make_world: Any) -> None:
    other = make_world(suite="gbm-vs-transformer")
    world.ok("a", "d", [0.5, 0.6])
    other.cells = list(world.cells)
    boards = leaderboards(world.results(other))
    assert [(b.suite, b.ok) for b in boards] == [("gbm-vs-transformer", 2), ("quick", 2)]


def test_a_record_that_comes_twice_counts_once(world: Any) -> None:
    world.ok("a", "d", [0.5, 0.6])
    copies = [replace(r, suite="other", metrics={"roc_auc": 0.0}) for r in world.records]
    results = world.results()
    for records in ((*results.records, *copies), (*copies, *results.records)):
        board = leaderboards(replace(results, records=records), suites=("quick",))
        assert (only(board).ok, only(board).rows[0].metrics["roc_auc"].mean) == (2, pytest.approx(0.55))


def test_times_of_several_machines_are_marked(world: Any, make_world: Any) -> None:
    other = make_world(environment={"platform": "Darwin", "cpus": 8})
    world.ok("a", "d", [0.5])
    other.ok("b", "d", [0.6])
    board = only(leaderboards(world.results(other)))
    assert board.machines == ("Darwin, 8 cpus", "Linux, 2 cpus")
    assert note(board, "Times (!)")
    assert only(leaderboards(world.results())).machines == ("Linux, 2 cpus",)


def test_times_of_different_thread_counts_are_marked(world: Any) -> None:
    world.ok("a", "d", [0.5], threads=1)
    world.ok("b", "d", [0.5], threads=4)
    assert note(only(leaderboards(world.results())), "numbers of threads: 1, 4")


def test_times_are_the_mean_over_datasets_of_the_median_fold(world: Any) -> None:
    for fold, seconds in enumerate((1.0, 2.0, 99.0)):
        world.add("a", "d", f"r0f{fold}", fit_seconds=seconds, peak_memory_bytes=fold)
    world.add("a", "e", "r0f0", fit_seconds=4.0, peak_memory_bytes=1)
    row = only(leaderboards(world.results())).rows[0]
    assert (row.fit_seconds, row.peak_memory_bytes) == (3.0, 2)


def test_records_without_a_header_still_make_a_table(world: Any) -> None:
    world.ok("a", "d", [0.5, 0.6])
    board = only(leaderboards(replace(world.results(), headers=())))
    assert (board.title, board.direction, board.planned) == ("classification", "", 2)
    assert board.rows[0].metrics["roc_auc"].mean == pytest.approx(0.55)


def test_an_unknown_suite_names_the_nearest(world: Any) -> None:
    world.ok("a", "d", [0.5])
    with pytest.raises(UnknownName, match=r"unknown suite 'quik'.*'quick'"):
        leaderboards(world.results(), suites=("quik",))


def test_an_unknown_metric_names_the_nearest(world: Any) -> None:
    world.ok("a", "d", [0.5])
    with pytest.raises(UnknownName, match=r"unknown metric 'rocauc'.*'roc_auc'"):
        leaderboards(world.results(), metric="rocauc")


def test_boards_without_the_metric_asked_for_are_left_out(world: Any, make_world: Any) -> None:
    other = make_world(suite="other", metrics={}, tasks={})
    world.ok("a", "d", [0.5])
    other.ok("a", "e", [{"rmse": 0.5}])
    assert [b.suite for b in leaderboards(world.results(other), metric="rmse")] == ["other"]


def test_only_the_suites_asked_for_are_shown(world: Any, make_world: Any) -> None:
    other = make_world(suite="slow")
    world.ok("a", "d", [0.5])
    other.ok("a", "e", [0.5])
    assert [b.suite for b in leaderboards(world.results(other), suites=("slow",))] == ["slow"]


def without_names(board: Leaderboard, names: dict[str, str]) -> list[tuple[object, ...]]:
    rows = [
        (names.get(r.technique, r.technique), r.mean_rank, r.rank_low, r.rank_high, r.metrics, r.ok, r.ranked)
        for r in board.rows
    ]
    return sorted(rows, key=lambda r: str(r[0]))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_neither_order_nor_spelling_changes_anything(make_world: Any, data: st.DataObject) -> None:
    world, spelt = make_world(), make_world()
    rename = {"a": "zeta", "b": "Alpha", "c": "m"}
    for technique in "abc":
        for dataset in ("d1", "d2"):
            for fold in range(3):
                fate = data.draw(st.sampled_from(["ok", "ok", "ok", "failed", "missing"]))
                value = data.draw(SCORES)
                for w, name in ((world, technique), (spelt, rename[technique])):
                    if fate == "missing":
                        w.plan(name, dataset, f"r0f{fold}")
                    else:
                        status = Status.OK if fate == "ok" else Status.FAILED
                        metrics = {"roc_auc": value} if fate == "ok" else {}
                        w.add(name, dataset, f"r0f{fold}", status=status, metrics=metrics)
    results = world.results()
    order = data.draw(st.permutations(range(len(results.records))))
    turned = replace(
        results, records=tuple(results.records[i] for i in order), headers=tuple(reversed(results.headers))
    )
    assert leaderboards(turned) == leaderboards(results)
    back = {new: old for old, new in rename.items()}
    (before,), (after,) = leaderboards(results), leaderboards(spelt.results())
    assert without_names(after, back) == without_names(before, {})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.lists(SCORES, min_size=4, max_size=4), min_size=2, max_size=5))
def test_every_range_holds_a_place_and_ranks_add_up(make_world: Any, values: list[list[float]]) -> None:
    world = make_world()
    for i, (w, x, y, z) in enumerate(values):
        world.ok(f"t{i}", "d1", [w, x])
        world.ok(f"t{i}", "d2", [y, z])
    board = only(leaderboards(world.results()))
    n = len(values)
    ranks = [r.mean_rank for r in board.rows]
    assert ranks == sorted(ranks)
    assert sum(ranks) == pytest.approx(n * (n + 1) / 2)
    assert all(1 <= r.rank_low <= r.rank_high <= n for r in board.rows)
