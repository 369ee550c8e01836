"""The rules of recommendation: matrices, cold users and items, REC-01 to REC-06."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bakeoff.metrics.specs import RECOMMENDATION
from bakeoff.model.errors import InvalidOutput, Refusal
from bakeoff.model.specs import Metric, Technique
from bakeoff.run.data.types import InteractionSplit
from bakeoff.run.tasks.base import Policy, TaskRules
from bakeoff.run.tasks.matrices import evaluated, refuse_cold
from bakeoff.run.tasks.recommendation import K, Recommendation, policy_note, recommendation, weights_ignored

TIMELINE, RANDOM, LAST = Policy("global-timeline"), Policy("user-random"), Policy("leave-last-out")


def popular(split: InteractionSplit, users: np.ndarray) -> np.ndarray:
    """Unseen items by popularity, padded with -1."""
    scores = np.tile(np.bincount(split.train.indices, minlength=split.train.shape[1]) + 1.0, (len(users), 1))
    scores[split.train[users].toarray() > 0] = 0
    order = np.argsort(-scores, axis=1, kind="stable")[:, :K]
    return np.where(np.take_along_axis(scores, order, axis=1) > 0, order, -1)


def answered(data, policy=TIMELINE):
    split = recommendation.split(data, policy, 0, 0, 0)
    return split, {"items": popular(split, recommendation.question(data, split)["users"])}


def keys(matrix: csr_matrix) -> set[tuple[int, int]]:
    return set(zip(*(part.tolist() for part in matrix.nonzero()), strict=True))


def test_the_object_is_small_and_frozen() -> None:
    rules: TaskRules = recommendation
    assert rules == Recommendation()
    assert rules.indices(TIMELINE, 3) == rules.indices(LAST, 3) == [(0, 0)]
    assert rules.indices(RANDOM, 3) == [(0, 0), (1, 0), (2, 0)]


@pytest.mark.parametrize("policy", [TIMELINE, RANDOM, LAST], ids=lambda p: p.name)
def test_no_held_out_pair_is_known_and_repeats_are_summed(plays, policy) -> None:
    split = recommendation.split(plays, policy, 0, 0, 0)
    assert not keys(split.train) & keys(split.test)
    assert split.train.dtype == split.test.dtype == np.float32
    assert split.train.shape == split.test.shape == (30, 40)
    assert split.train.has_canonical_format
    every = csr_matrix((plays.weights, (plays.users, plays.items)), shape=(30, 40))
    if policy is RANDOM:
        assert (split.train + split.test != every).nnz == 0
    assert split.train.max() > 1


def test_the_timeline_holds_the_validation_events_back_from_both_sides(plays) -> None:
    split = recommendation.split(plays, TIMELINE, 0, 0, 0)
    assert split.train.sum() == 1200
    whole = recommendation.split(plays, Policy("global-timeline", {"validation": 0.0}), 0, 0, 0)
    assert whole.train.sum() == 1350


def test_the_training_cap_is_nested_and_leaves_the_test_part_alone(plays) -> None:
    full = recommendation.split(plays, RANDOM, 0, 0, 5)
    small = recommendation.split(plays, RANDOM, 0, 0, 5, n_train=100)
    large = recommendation.split(plays, RANDOM, 0, 0, 5, n_train=200)
    assert (small.train.nnz, large.train.nnz) == (100, 200)
    assert keys(small.train) < keys(large.train) < keys(full.train)
    assert keys(small.test) == keys(full.test)


def test_messages_hold_the_training_matrix_and_the_question_no_held_out_pair(plays) -> None:
    split = recommendation.split(plays, TIMELINE, 0, 0, 0)
    message = recommendation.message(plays, split)
    parts = (message["values"], message["indices"], message["indptr"])
    assert (csr_matrix(parts, shape=tuple(message["shape"])) != split.train).nnz == 0
    question = recommendation.question(plays, split)
    assert set(question) == {"users", "k"}
    assert question["k"].tolist() == [K] == [20]


COLD = [
    # training: users 0..2 on items 0..3; later: user 3 is new, item 5 is new, user 1 only takes item 5
    (0, 0, 1.0), (0, 1, 1.1), (0, 2, 1.2), (1, 0, 1.3), (1, 1, 1.4), (2, 0, 1.5), (2, 3, 1.6), (2, 1, 1.7),
    (0, 3, 9.0), (0, 5, 9.1), (1, 5, 9.2), (3, 0, 9.3),
]  # fmt: skip


@pytest.fixture
def cold(make_events):
    return make_events(COLD, 4, 6)


COLD_POLICY = Policy("global-timeline", {"validation": 0.0, "test": 4 / 12})


def test_cold_users_and_items_are_kept_apart_and_counted(cold) -> None:
    split = recommendation.split(cold, COLD_POLICY, 0, 0, 0)
    who = evaluated(split.train, split.test)
    assert who.users.tolist() == [0]  # user 1 holds only an item nobody can know
    assert keys(who.relevant) == {(0, 3)}
    assert who.cold.tolist() == [3]
    assert recommendation.question(cold, split)["k"].tolist() == [6]
    items = np.array([[4, 3, -1, -1, -1, -1]])
    scores = recommendation.score(
        cold, split, recommendation.validate(cold, split, {"items": items}), RECOMMENDATION
    )
    assert scores.n_test == 1
    assert scores.metrics["mrr@10"] is None  # a catalogue of 6 has no 10 candidates
    assert scores.diagnostics == {
        "cold_users": 1.0,
        "cold_user_share": pytest.approx(1 / 3),
        "cold_item_share": 0.5,
        "cold_ndcg@10": None,
    }


def test_cold_users_get_the_popularity_fallback_as_a_diagnostic(make_events) -> None:
    data = make_events(COLD, 4, 12)
    split = recommendation.split(data, COLD_POLICY, 0, 0, 0)
    output = {"items": popular(split, np.array([0]))}
    scores = recommendation.score(data, split, recommendation.validate(data, split, output), RECOMMENDATION)
    assert scores.diagnostics["cold_ndcg@10"] == 1.0  # item 0 is the most popular one
    assert scores.metrics["mrr@10"] == 1.0  # item 3 is the only known item user 0 has not seen
    assert scores.metrics["recall@10"] == 1.0


def test_cold_users_never_change_a_metric(plays) -> None:
    split, output = answered(plays)
    before = recommendation.score(plays, split, output, RECOMMENDATION)
    newcomers = csr_matrix((np.ones(5, dtype=np.float32), (np.arange(5), np.arange(5))), shape=(5, 40))
    from scipy.sparse import vstack

    wider = InteractionSplit(
        0,
        0,
        vstack([split.train, csr_matrix((5, 40), dtype=np.float32)]).tocsr(),
        vstack([split.test, newcomers]).tocsr(),
    )
    after = recommendation.score(plays, wider, output, RECOMMENDATION)
    assert after.metrics == before.metrics
    assert after.diagnostics["cold_users"] == 5 + before.diagnostics["cold_users"]


def test_rec_04_cold_users_are_never_asked_for(plays, cold) -> None:
    for data, policy in ((plays, TIMELINE), (cold, COLD_POLICY)):
        split = recommendation.split(data, policy, 0, 0, 0)
        users = recommendation.question(data, split)["users"]
        assert (np.diff(split.train.indptr)[users] > 0).all()


def test_rec_04_fires_when_somebody_asks() -> None:
    train = csr_matrix(np.array([[1, 0], [0, 0], [0, 0]]))
    refuse_cold(train, np.array([0]), "toy")
    with pytest.raises(Refusal, match="2 of 3 users have no training event, the first is user 1") as caught:
        refuse_cold(train, np.arange(3), "toy")
    assert caught.value.code == "REC-04"


def test_scores_have_every_metric_and_the_tie_rate(plays) -> None:
    split, output = answered(plays)
    output["tie_rate"] = np.array([0.25])
    scores = recommendation.score(plays, split, recommendation.validate(plays, split, output), RECOMMENDATION)
    assert list(scores.metrics) == [m.name for m in RECOMMENDATION]
    assert all(value is not None for value in scores.metrics.values())
    assert scores.diagnostics["tie_rate"] == 0.25
    assert scores.n_test == len(output["items"])
    assert recommendation.kept(output)["items"].dtype == np.int32
    targets = recommendation.targets(plays, split)
    relevant = csr_matrix(
        (np.ones(len(targets["indices"])), targets["indices"], targets["indptr"]), shape=(scores.n_test, 40)
    )
    first = (relevant.toarray()[np.arange(scores.n_test), output["items"][:, 0]] > 0).mean()
    assert 0 < first <= scores.metrics["mrr@10"]


def test_an_oracle_reaches_one(plays) -> None:
    split, output = answered(plays, RANDOM)
    users = recommendation.question(plays, split)["users"]
    held = split.test[users].toarray() > 0
    order = np.argsort(~held, axis=1, kind="stable")[:, :K]
    seen = np.take_along_axis(split.train[users].toarray() > 0, order, axis=1)
    best = np.array([np.append(row[~s], np.full(s.sum(), -1)) for row, s in zip(order, seen, strict=True)])
    output = recommendation.validate(plays, split, {"items": best})
    scores = recommendation.score(plays, split, output, RECOMMENDATION)
    for name in ("ndcg@10", "recall_min@10", "map@10", "mrr@10", "hit@10"):
        assert scores.metrics[name] == pytest.approx(1), name


def put(at: tuple[int, int], value: int):
    return lambda items, split, users: items.__setitem__(at, value)


def put_seen(items, split, users) -> None:
    items[2, 0] = split.train[users[2]].indices[0]


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (put((0, 0), 40), "REC-05", r"outside the catalogue of 40 items, for 1 of \d+ users \(first: 40\)"),
        (put((0, 0), -2), "REC-05", "outside the catalogue"),
        (put((1, 3), -1), "REC-05", "items after a -1"),
        (lambda i, s, u: i.__setitem__((1, 1), i[1, 0]), "REC-05", "an item twice"),
        (put_seen, "REC-05", "items the user has in training"),
    ],
)
def test_rec_05_fires_on_lists_that_are_no_recommendation(plays, change, code: str, says: str) -> None:
    split, output = answered(plays)
    users = recommendation.question(plays, split)["users"]
    recommendation.validate(plays, split, output)
    change(output["items"], split, users)
    with pytest.raises(InvalidOutput, match=says) as caught:
        recommendation.validate(plays, split, output)
    assert caught.value.code == code


def test_rec_05_takes_lists_that_end_early(plays) -> None:
    split, output = answered(plays)
    output["items"][:, 4:] = -1
    output["items"][0] = -1
    assert recommendation.validate(plays, split, output)["items"].dtype == np.int64


@pytest.mark.parametrize(
    "change",
    [
        lambda items: items.T,
        lambda items: items[:, :10],
        lambda items: items[:-1],
        lambda items: items.astype(np.float64),
    ],
)
def test_rec_01_fires_on_the_wrong_shape_or_type(plays, change) -> None:
    split, output = answered(plays)
    with pytest.raises(InvalidOutput) as caught:
        recommendation.validate(plays, split, {"items": change(output["items"])})
    assert caught.value.code == "REC-01"


def test_rec_01_fires_on_a_transposed_catalogue_and_not_on_a_sound_one(plays) -> None:
    assert recommendation.check(plays) == ()
    exchanged = replace(plays, users=plays.items, items=plays.users)
    with pytest.raises(Refusal, match="user codes reach 39, but there are 30 users") as caught:
        recommendation.check(exchanged)
    assert caught.value.code == "REC-01"


EVENTS = [(u, i, float(u + i)) for u in range(3) for i in range(4)]


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf"), 0.0])
def test_rec_02_fires_on_weights_that_are_no_confidence(make_events, bad: float) -> None:
    data = make_events(EVENTS, 3, 4, weights=[1.0] * 11 + [bad], weight="w", threshold=0.0)
    with pytest.raises(Refusal, match="1 of 12 weights") as caught:
        recommendation.check(data)
    assert caught.value.code == "REC-02"


def test_rec_02_fires_on_stars_without_a_threshold(make_events) -> None:
    stars = [1.0, 2, 3, 4, 4, 4, 5, 5, 4, 3, 4, 5]
    with pytest.raises(Refusal, match="look like stars \\(1 to 5\\)") as caught:
        recommendation.check(make_events(EVENTS, 3, 4, weights=stars, weight="rating"))
    assert caught.value.code == "REC-02"
    recommendation.check(make_events(EVENTS, 3, 4, weights=stars, weight="rating", threshold=3.0))


@pytest.mark.parametrize(
    "counts", [[1.0, 1, 1, 1, 2, 2, 3, 1, 1, 5, 1, 1], [40.0, 3, 17, 1, 2, 2, 3, 1, 9, 5, 8, 1], [1.0] * 12]
)
def test_rec_02_lets_counts_pass(make_events, counts: list[float]) -> None:
    recommendation.check(make_events(EVENTS, 3, 4, weights=counts, weight="plays"))


def technique(uses_weights: bool) -> Technique:
    return Technique(name="t", implementations={"recommendation": "m:C"}, uses_weights=uses_weights)


def test_rec_03_fires_where_differing_weights_are_ignored_and_only_there(make_events, binary) -> None:
    counts = [1.0] * 11 + [5.0]
    weighted = make_events(EVENTS, 3, 4, weights=counts, weight="plays")
    found = weights_ignored(technique(False), weighted)
    assert found is not None
    assert found.code == "REC-03"
    assert "`t` ignores the weights in column 'plays'" in str(found)
    assert weights_ignored(technique(True), weighted) is None
    assert weights_ignored(technique(False), make_events(EVENTS, 3, 4)) is None
    assert weights_ignored(technique(False), make_events(EVENTS, 3, 4, weight="plays")) is None
    assert weights_ignored(technique(False), binary) is None


def test_rec_06_refuses_sampled_metrics_at_scoring_too(plays) -> None:
    split, output = answered(plays)
    sampled = replace(RECOMMENDATION[0], name="ndcg@10:sampled100")
    with pytest.raises(Refusal) as caught:
        recommendation.score(plays, split, output, (sampled,))
    assert caught.value.code == "REC-06"


def test_plugin_metrics_get_judged_lists_and_their_k(plays, monkeypatch) -> None:
    import sys
    import types

    module = types.ModuleType("bakeoff_test_topk")
    module.first = lambda lists, k: lists.hits[:, 0].mean()
    module.depth = lambda lists, k: k
    monkeypatch.setitem(sys.modules, "bakeoff_test_topk", module)
    metrics = [
        Metric(
            name=name,
            tasks=("recommendation",),
            implementation=f"bakeoff_test_topk:{function}",
            direction="max",
            needs="topk",
        )
        for name, function in (("first", "first"), ("depth@7", "depth"), ("depth", "depth"), ("x@3", "gone"))
    ]
    split, output = answered(plays)
    scores = recommendation.score(plays, split, output, metrics)
    assert scores.metrics["depth@7"] == 7
    assert scores.metrics["depth"] == K
    assert scores.metrics["x@3"] is None
    mrr1 = replace(RECOMMENDATION[0], name="ndcg@1")
    assert scores.metrics["first"] == recommendation.score(plays, split, output, [mrr1]).metrics["ndcg@1"]


def test_a_split_that_evaluates_nobody_is_refused(make_events) -> None:
    data = make_events([(0, 0, 1.0), (0, 1, 2.0), (1, 2, 3.0), (1, 3, 4.0)], 2, 4)
    with pytest.raises(Refusal, match="no user has both") as caught:
        recommendation.split(data, Policy("global-timeline", {"validation": 0.0, "test": 0.5}), 0, 0, 0)
    assert caught.value.code == "SPLIT-04"


def test_policies_that_leak_the_future_say_so() -> None:
    assert policy_note(TIMELINE) == ""
    for policy in (RANDOM, LAST):
        assert policy.name in policy_note(policy)
        assert "leaks the future" in policy_note(policy)


def test_facts_and_the_warning_of_a_small_catalogue(plays, cold) -> None:
    facts = recommendation.facts(plays)
    assert (facts["rows"], facts["users"], facts["items"]) == (1500, 30, 40)
    assert facts["density"] == pytest.approx(facts["pairs"] / 1200, abs=1e-6)
    assert facts["days"] == pytest.approx(1499 / 24, abs=0.01)
    assert recommendation.check(cold) == ("plays: 6 items only; lists of 20 cannot be filled",)
