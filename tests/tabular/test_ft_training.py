"""The training loop and the estimators: stopping, restored weights, isolation, bounded memory, settings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.model_selection import cross_val_score

from bakeoff_tabular.ft_transformer import training
from bakeoff_tabular.ft_transformer.estimator import FTTransformerClassifier, FTTransformerRegressor
from bakeoff_tabular.ft_transformer.settings import FAST, PAPER

TINY = {"d_token": 16, "n_heads": 2, "max_epochs": 6}


def test_training_stops_when_nothing_gets_better_and_says_so() -> None:
    rng = np.random.default_rng(0)
    X, noise = rng.normal(size=(200, 3)), rng.normal(size=200)
    learner = FTTransformerRegressor(**TINY | {"max_epochs": 500, "patience": 3}).fit(X, noise)
    d = learner.diagnostics_
    assert d["converged"] == 1
    assert d["n_epochs"] == d["best_epoch"] + 3 < 500


def test_running_out_of_epochs_is_not_convergence(mixed, numbers) -> None:
    d = FTTransformerRegressor(**TINY | {"max_epochs": 2}).fit(mixed, numbers).diagnostics_
    assert (d["converged"], d["n_epochs"]) == (0, 2)


@pytest.mark.parametrize("average", [0.0, 0.9])
def test_the_best_weights_are_restored(average: float, mixed, numbers) -> None:
    """A training that got worse ends with the weights of its best epoch, as if it had stopped there."""
    params = TINY | {"lr": 0.02, "weight_average": average, "random_state": 1}
    long = FTTransformerRegressor(**params | {"max_epochs": 60, "patience": 10}).fit(mixed, numbers)
    best = int(long.diagnostics_["best_epoch"])
    assert best < long.diagnostics_["n_epochs"]
    short = FTTransformerRegressor(**params | {"max_epochs": best, "patience": 60}).fit(mixed, numbers)
    np.testing.assert_array_equal(short.predict(mixed), long.predict(mixed))


def test_averaged_weights_differ_from_the_last_ones(mixed, numbers) -> None:
    plain, averaged = (
        FTTransformerRegressor(**TINY | {"weight_average": a}).fit(mixed, numbers).predict(mixed)
        for a in (0.0, 0.9)
    )
    assert not np.allclose(plain, averaged)


def test_a_fit_leaves_torch_as_it_was(mixed, labels) -> None:
    torch.manual_seed(7)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        learner = FTTransformerClassifier(**TINY).fit(mixed, labels)
        learner.predict_proba(mixed)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(torch.get_rng_state(), before)


def test_torchs_state_before_does_not_matter(mixed, labels) -> None:
    answers = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        np.random.seed(seed)
        answers.append(FTTransformerClassifier(**TINY).fit(mixed, labels).predict_proba(mixed))
    np.testing.assert_array_equal(*answers)


def test_rows_go_through_in_pieces_without_changing_the_result(mixed, numbers, monkeypatch) -> None:
    params = TINY | {"attention_dropout": 0.0, "ffn_dropout": 0.0}
    whole = FTTransformerRegressor(**params).fit(mixed, numbers).predict(mixed)
    monkeypatch.setattr(training, "MAX_FLOATS", 16 * 5 * 7)  # seven rows at a time
    pieces = FTTransformerRegressor(**params).fit(mixed, numbers).predict(mixed)
    np.testing.assert_allclose(pieces, whole, rtol=1e-4)


@pytest.mark.parametrize("n_blocks", [1, 3])
def test_no_intermediate_result_is_larger_than_allowed(n_blocks: int, monkeypatch) -> None:
    monkeypatch.setattr(training, "MAX_FLOATS", 40_000)
    largest = 0

    def watch(module: object, args: object, output: torch.Tensor) -> None:
        nonlocal largest
        largest = max(largest, output.numel())

    frame = np.random.default_rng(0).normal(size=(300, 40))
    learner = FTTransformerRegressor(**TINY | {"n_blocks": n_blocks, "max_epochs": 1}).fit(frame, frame[:, 0])
    for module in learner._fitted.network.modules():
        module.register_forward_hook(watch)
    learner.predict(frame)
    assert 0 < largest <= 40_000


def test_diagnostics_count_the_parameters(mixed, labels) -> None:
    learner = FTTransformerClassifier(**TINY | {"n_blocks": 1, "ffn_factor": 1.0}).fit(mixed, labels)
    d, heads, outputs = 16, 4, 3
    tokens = 1 + 2 + 1 + (4 + 3) + (2 + 2)  # [CLS]; weights; one gap; levels + 1 of each; biases
    attention, ffn, norms = heads * (d * d + d), (d * 2 * d + 2 * d) + (d * d + d), 2 * 2 * d
    assert (
        learner.diagnostics_["n_parameters"] == tokens * d + attention + ffn + norms + d * outputs + outputs
    )


def test_two_classes_have_one_output_and_more_have_one_each(mixed, labels) -> None:
    two = FTTransformerClassifier(**TINY).fit(mixed, np.minimum(labels, 1))
    three = FTTransformerClassifier(**TINY).fit(mixed, labels)
    assert [m._fitted.outputs(mixed).shape[1] for m in (two, three)] == [1, 3]


def test_presets_are_the_papers_and_a_fast_one() -> None:
    assert (PAPER.d_token, PAPER.n_blocks, PAPER.n_heads, PAPER.lr) == (192, 3, 8, 1e-4)
    assert (PAPER.attention_dropout, PAPER.ffn_dropout, PAPER.ffn_factor) == (0.2, 0.1, 4 / 3)
    assert (FAST.d_token, FAST.n_blocks, FAST.lr) == (96, 1, 1e-3)


def test_the_paper_preset_trains(mixed, labels) -> None:
    learner = FTTransformerClassifier(preset="paper", max_epochs=1).fit(mixed[:40], labels[:40])
    assert np.isfinite(learner.predict_proba(mixed)).all()
    assert learner.diagnostics_["n_parameters"] > 800_000


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"preset": "quick"}, r"unknown preset 'quick'; there are \['fast', 'paper'\]"),
        ({"d_token": 10, "n_heads": 4}, "d_token 10 is not a multiple of n_heads 4"),
        ({"n_blocks": 0}, "n_blocks is 0, and must be at least 1"),
        ({"batch_size": 0}, "batch_size is 0, and must be at least 1"),
        ({"validation_fraction": 1.0}, "validation_fraction is 1.0, not between 0 and 1"),
        ({"weight_average": 1.0}, r"weight_average is 1.0, not in \[0, 1\)"),
    ],
)
def test_wrong_settings_say_what_is_wrong(params: dict[str, object], message: str, mixed, labels) -> None:
    with pytest.raises(ValueError, match=message):
        FTTransformerClassifier(**params).fit(mixed, labels)


def test_it_is_an_estimator_to_scikit_learn(mixed, labels, numbers) -> None:
    classifier, regressor = FTTransformerClassifier(**TINY), FTTransformerRegressor(**TINY)
    assert is_classifier(classifier)
    assert is_regressor(regressor)
    assert clone(classifier).get_params() == classifier.get_params()
    assert len(cross_val_score(clone(regressor), mixed, numbers, cv=2)) == 2
    assert classifier.fit(mixed, labels).score(mixed, labels) > 0.5


def test_batches_grow_with_the_table() -> None:
    sizes = [FAST.rows_a_step(n) for n in (2, 500, 2000, 4000, 50_000)]
    assert sizes == [32, 32, 64, 128, 256]


def test_divergence_is_not_convergence() -> None:
    X = np.random.default_rng(0).normal(size=(64, 2))
    learner = FTTransformerRegressor(**TINY | {"lr": 1e30, "weight_average": 0.0, "max_epochs": 30})
    learner.fit(X, X[:, 0])
    assert learner.diagnostics_["best_epoch"] == 0
    assert learner.diagnostics_["converged"] == 0
    assert np.isfinite(learner.predict(X)).all()


def test_an_array_is_taken_as_numbers(numbers) -> None:
    X = np.column_stack([numbers, -numbers])
    learner = FTTransformerRegressor(**TINY).fit(X, numbers)
    np.testing.assert_array_equal(learner.predict(X), learner.predict(pd.DataFrame(X)))
