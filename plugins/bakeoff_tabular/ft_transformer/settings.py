"""Hyperparameters of FT-Transformer and its two presets.

`paper` is the default configuration of Gorishniy et al. 2021 (arXiv:2106.11959): three blocks of 192, eight heads,
AdamW at 1e-4. `fast` is one block of 96 at ten times the step, with averaged weights in place of a longer training:
seconds instead of minutes on one core.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

#: The settings which are arguments of the network.
NETWORK = ("d_token", "n_blocks", "n_heads", "ffn_factor", "attention_dropout", "ffn_dropout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one training needs to know.

    d_token: width of a token; a multiple of n_heads. ffn_factor: hidden width of the feed-forward part / d_token.
    weight_average: decay, a step, of the exponential moving average of the weights which is judged and kept
    (Polyak averaging); 0 keeps the weights themselves. batch_size: rows a step; None chooses by the number of
    rows. patience: epochs without a better validation loss before training stops. validation_fraction: share of
    the training part set aside for that.
    """

    d_token: int
    n_blocks: int
    n_heads: int
    attention_dropout: float
    ffn_dropout: float
    ffn_factor: float
    lr: float
    weight_decay: float
    weight_average: float
    batch_size: int | None
    max_epochs: int
    patience: int
    validation_fraction: float

    def __post_init__(self) -> None:
        for name in ("d_token", "n_blocks", "n_heads", "batch_size", "max_epochs", "patience"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"ft-transformer: {name} is {getattr(self, name)}, and must be at least 1")
        if self.d_token % self.n_heads:
            raise ValueError(
                f"ft-transformer: d_token {self.d_token} is not a multiple of n_heads {self.n_heads}"
            )
        if not 0 < self.validation_fraction < 1:
            raise ValueError(
                f"ft-transformer: validation_fraction is {self.validation_fraction}, not between 0 and 1"
            )
        if not 0 <= self.weight_average < 1:
            raise ValueError(f"ft-transformer: weight_average is {self.weight_average}, not in [0, 1)")

    def rows_a_step(self, n_rows: int) -> int:
        """Return the batch size: as set, else a power of two near n/32, within 32 and 256."""
        if self.batch_size is not None:
            return self.batch_size
        return min(256, max(32, 1 << max(0, n_rows // 32).bit_length()))


PAPER = Settings(
    d_token=192,
    n_blocks=3,
    n_heads=8,
    attention_dropout=0.2,
    ffn_dropout=0.1,
    ffn_factor=4 / 3,
    lr=1e-4,
    weight_decay=1e-5,
    weight_average=0.0,
    batch_size=256,
    max_epochs=200,
    patience=16,
    validation_fraction=0.2,
)
FAST = replace(
    PAPER,
    d_token=96,
    n_blocks=1,
    attention_dropout=0.1,
    ffn_dropout=0.0,
    lr=1e-3,
    weight_average=0.995,
    batch_size=None,
    validation_fraction=0.15,
)
PRESETS = {"fast": FAST, "paper": PAPER}


def settings(preset: str, overrides: dict[str, Any]) -> Settings:
    """Return a preset with some values replaced. ValueError for an unknown preset or name."""
    if preset not in PRESETS:
        raise ValueError(f"ft-transformer: unknown preset {preset!r}; there are {sorted(PRESETS)}")
    unknown = sorted(set(overrides) - {f.name for f in fields(Settings)})
    if unknown:
        raise ValueError(
            f"ft-transformer: unknown parameters {unknown}; there are {[f.name for f in fields(Settings)]}"
        )
    return replace(PRESETS[preset], **overrides)
