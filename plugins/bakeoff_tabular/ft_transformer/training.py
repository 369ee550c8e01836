"""The training loop: AdamW, early stopping on an inner validation part, the best weights restored.

One thread, the CPU, and torch's generators as they were before: a fit under a seed gives the same weights to the bit,
and leaves no trace in the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor

from bakeoff_tabular.ft_transformer.model import FTTransformer
from bakeoff_tabular.ft_transformer.preprocessing import Arrays
from bakeoff_tabular.ft_transformer.settings import Settings

# torch imports its compiler when the first optimiser is made, a second of work that is no part of any fit.
torch.optim.SGD([torch.zeros(1)])

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
    return History(epoch, best_epoch, best_loss, 0 < best_epoch <= epoch - s.patience)


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
