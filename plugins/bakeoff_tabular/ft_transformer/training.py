"""The training loop: AdamW, early stopping on an inner validation part, the best weights restored.

One thread, the CPU, and torch's generators as they were before: a fit under a seed gives the same weights to the bit,
and leaves no trace in the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from bakeoff_tabular.ft_transformer.model import FTTransformer
from bakeoff_tabular.ft_transformer.preprocessing import Arrays
from bakeoff_tabular.ft_transformer.settings import Settings

#: Floats of one intermediate result that may be held at a time (32 MiB); more rows go through in pieces.
MAX_FLOATS = 1 << 23

#: Outputs (n, d_out) and targets (n,) to the mean loss.
Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class History:
    """How training went. converged: patience ended it, not the number of epochs."""

    n_epochs: int
    best_epoch: int
    best_loss: float
    converged: bool


@contextmanager
def isolated(seed: int) -> Iterator[None]:
    """One thread and a seeded CPU generator inside; both as before afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)


def split_rows(
    strata: np.ndarray | None, n: int, fraction: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from and rows to stop by, both ascending.

    strata: class codes (n,), each of which keeps a row to learn from; None for no strata. With fewer than four
    rows all of them do both.
    """
    if n < 4:
        return np.arange(n), np.arange(n)
    order = np.random.default_rng(seed).permutation(n)
    groups = np.zeros(n, dtype=np.int64) if strata is None else np.asarray(strata)
    order = order[np.argsort(groups[order], kind="stable")]
    position = np.arange(n) - np.searchsorted(groups[order], groups[order])
    # Down the line of sorted rows, each time the running share passes a whole number a row is set aside.
    due = np.diff(np.floor(np.arange(n + 1) * fraction + 0.5)) > 0
    aside = due & (position > 0)
    if not aside.any():
        aside[np.flatnonzero(position > 0)[-1:] if (position > 0).any() else [-1]] = True
    return np.sort(order[~aside]), np.sort(order[aside])


def train(
    network: FTTransformer,
    data: Arrays,
    target: Tensor,
    parts: tuple[Tensor, Tensor],
    loss: Loss,
    s: Settings,
) -> History:
    """Train in place on the rows `parts[0]`, stop by the rows `parts[1]`. Call it within `isolated`."""
    rows, held = parts
    optimizer = torch.optim.AdamW(network.parameter_groups(s.weight_decay), lr=s.lr)
    judged = deepcopy(network) if s.weight_average else network
    validation, wanted = data.take(held), target[held]
    best_loss, best_epoch, best = float("inf"), 0, _weights(judged)
    n_steps = 0
    for epoch in range(1, s.max_epochs + 1):
        for batch in torch.split(rows[torch.randperm(len(rows))], s.rows_a_step(len(rows))):
            _step(network, optimizer, data, target, batch, loss)
            n_steps += 1
            if judged is not network:
                # Early on the average must forget the initial weights faster than it will later.
                _follow(judged, network, min(s.weight_average, (1 + n_steps) / (10 + n_steps)))
        now = float(loss(outputs(judged, validation), wanted))
        if now < best_loss:
            best_loss, best_epoch, best = now, epoch, _weights(judged)
        if epoch - best_epoch >= s.patience:
            break
    network.load_state_dict(best)
    return History(epoch, best_epoch, best_loss, epoch - best_epoch >= s.patience)


def outputs(network: FTTransformer, data: Arrays) -> Tensor:
    """Return (n, d_out) in evaluation mode, a bounded number of rows at a time."""
    network.eval()
    with torch.inference_mode():
        size = _rows_at_once(network)
        pieces = [network(*data.rows(slice(i, i + size))) for i in range(0, len(data), size)]
        return torch.cat(pieces)


def _step(
    network: FTTransformer,
    optimizer: torch.optim.Optimizer,
    data: Arrays,
    target: Tensor,
    batch: Tensor,
    loss: Loss,
) -> None:
    network.train()
    optimizer.zero_grad()
    for piece in torch.split(batch, _rows_at_once(network)):
        share = len(piece) / len(batch)
        (loss(network(*data.rows(piece)), target[piece]) * share).backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def _follow(average: FTTransformer, network: FTTransformer, decay: float) -> None:
    with torch.no_grad():
        for mean, value in zip(average.parameters(), network.parameters(), strict=True):
            mean.lerp_(value, 1 - decay)


def _rows_at_once(network: FTTransformer) -> int:
    tokens, width = network.tokenizer.n_tokens, network.tokenizer.cls.shape[1]
    # Full attention (all blocks but the last) holds a square of tokens per head; the widest layer is the ReGLU.
    full = len(network.blocks) > 1
    floats = tokens * (max(3 * width, network.n_heads * tokens) if full else width)
    return max(1, MAX_FLOATS // floats)


def _weights(network: FTTransformer) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in network.state_dict().items()}
