"""The network: a feature tokeniser, a pre-norm Transformer over the tokens, a head on the [CLS] token.

Written from the paper (Gorishniy et al. 2021, arXiv:2106.11959, section 3.3); equal to the authors' package
`rtdl_revisiting_models` up to rounding, which a test checks. The one addition is a learned vector for a missing
number.

Only the [CLS] token is read from the last block, so there only its query is asked. With a single query, keys and
values need not be formed for every token: q.(W t) = (W'q).t and sum p (W t) = W (sum p t). That is the same
function at a fraction of the work, and with one block it is most of the network.
"""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional


class Tokenizer(nn.Module):
    """Numbers and codes to tokens: [CLS], one for each of p numeric columns, one for each of q nominal ones.

    n_gappy: the first m <= p numeric columns have a vector which is added where the number is missing.
    levels: rows of each nominal column's embedding table.
    """

    def __init__(self, n_numeric: int, n_gappy: int, levels: tuple[int, ...], d_token: int) -> None:
        super().__init__()
        self.n_gappy = n_gappy
        self.n_tokens = 1 + n_numeric + len(levels)
        self.cls = _vectors(1, d_token)
        self.weight = _vectors(n_numeric, d_token)
        self.missing = _vectors(n_gappy, d_token)
        self.levels = _vectors(sum(levels), d_token)
        self.bias = _vectors(n_numeric + len(levels), d_token)
        self.offsets: Tensor
        starts = torch.tensor((0, *levels), dtype=torch.int64).cumsum(0)[:-1]
        self.register_buffer("offsets", starts, persistent=False)

    def forward(self, numbers: Tensor, gaps: Tensor, codes: Tensor) -> Tensor:
        """Return (n, 1 + p + q, d) from numbers (n, p), gaps (n, m) of 0 and 1, codes (n, q) of int64."""
        numeric = numbers.unsqueeze(-1) * self.weight
        if self.n_gappy:
            shift = gaps.unsqueeze(-1) * self.missing
            numeric = torch.cat([numeric[:, : self.n_gappy] + shift, numeric[:, self.n_gappy :]], dim=1)
        nominal = functional.embedding(codes + self.offsets, self.levels)
        features = torch.cat([numeric, nominal], dim=1) + self.bias
        return torch.cat([self.cls.expand(len(features), 1, -1), features], dim=1)


class Attention(nn.Module):
    """Multi-head self-attention (Vaswani et al. 2017) with dropout on the attention weights."""

    def __init__(self, d_token: int, n_heads: int, dropout: float) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.dropout = dropout
        self.query = nn.Linear(d_token, d_token)
        self.key = nn.Linear(d_token, d_token)
        self.value = nn.Linear(d_token, d_token)
        self.out = nn.Linear(d_token, d_token) if n_heads > 1 else nn.Identity()
        for part in (self.query, self.key, self.value, self.out):
            if isinstance(part, nn.Linear):
                nn.init.zeros_(part.bias)

    def forward(self, tokens: Tensor) -> Tensor:
        """Every token asks all tokens: (n, t, d) to (n, t, d)."""
        query, key, value = (self._split(part(tokens)) for part in (self.query, self.key, self.value))
        dropout = self.dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(query, key, value, dropout_p=dropout)
        out: Tensor = self.out(mixed.transpose(1, 2).flatten(2))
        return out

    def first(self, tokens: Tensor) -> Tensor:
        """Only the first token asks: (n, t, d) to (n, d); equal to `forward(tokens)[:, 0]`."""
        heads, d_head = self.n_heads, tokens.shape[-1] // self.n_heads
        query = self.query(tokens[:, 0]).reshape(-1, heads, d_head)
        asked = torch.einsum("nhe,hed->nhd", query, self.key.weight.reshape(heads, d_head, -1))
        # The key's bias adds the same number to every token's logit, and softmax does not see it.
        weights = functional.softmax(asked @ tokens.transpose(1, 2) / sqrt(d_head), dim=-1)
        weights = functional.dropout(weights, self.dropout, self.training)
        value = self.value.weight.reshape(heads, d_head, -1)
        mixed = torch.einsum("nhd,hed->nhe", weights @ tokens, value)
        # After dropout the weights need not sum to one, so the value's bias is weighted too.
        mixed = mixed + weights.sum(-1, keepdim=True) * self.value.bias.reshape(heads, d_head)
        out: Tensor = self.out(mixed.flatten(1))
        return out

    def _split(self, tokens: Tensor) -> Tensor:
        n, t, d = tokens.shape
        return tokens.reshape(n, t, self.n_heads, d // self.n_heads).transpose(1, 2)


class FeedForward(nn.Module):
    """Linear, ReGLU (a * relu(b), Shazeer 2020), dropout, linear."""

    def __init__(self, d_token: int, d_hidden: int, dropout: float) -> None:
        super().__init__()
        self.inner = nn.Linear(d_token, 2 * d_hidden)
        self.outer = nn.Linear(d_hidden, d_token)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(..., d) to (..., d)."""
        value, gate = self.inner(x).chunk(2, dim=-1)
        out: Tensor = self.outer(self.dropout(value * functional.relu(gate)))
        return out


class Block(nn.Module):
    """Pre-norm attention and feed-forward, each added to its input. The network's first block does not
    normalise before attention, as the paper found necessary."""

    def __init__(
        self, d_token: int, d_hidden: int, n_heads: int, dropouts: tuple[float, float], *, first: bool
    ):
        super().__init__()
        self.attention_norm = nn.Identity() if first else nn.LayerNorm(d_token)
        self.attention = Attention(d_token, n_heads, dropouts[0])
        self.ffn_norm = nn.LayerNorm(d_token)
        self.ffn = FeedForward(d_token, d_hidden, dropouts[1])

    def forward(self, tokens: Tensor) -> Tensor:
        """(n, t, d) to (n, t, d)."""
        tokens = tokens + self.attention(self.attention_norm(tokens))
        out: Tensor = tokens + self.ffn(self.ffn_norm(tokens))
        return out

    def first(self, tokens: Tensor) -> Tensor:
        """(n, t, d) to (n, d): what `forward` makes of the first token."""
        token = tokens[:, 0] + self.attention.first(self.attention_norm(tokens))
        out: Tensor = token + self.ffn(self.ffn_norm(token))
        return out


class FTTransformer(nn.Module):
    """Tokeniser, blocks and head (norm, ReLU, linear). Output: (n, d_out)."""

    def __init__(
        self,
        *,
        n_numeric: int,
        n_gappy: int,
        levels: tuple[int, ...],
        d_out: int,
        d_token: int,
        n_blocks: int,
        n_heads: int,
        ffn_factor: float,
        attention_dropout: float,
        ffn_dropout: float,
    ) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.tokenizer = Tokenizer(n_numeric, n_gappy, levels, d_token)
        dropouts = (attention_dropout, ffn_dropout)
        self.blocks = nn.ModuleList(
            Block(d_token, int(d_token * ffn_factor), n_heads, dropouts, first=i == 0)
            for i in range(n_blocks)
        )
        self.head = nn.Sequential(nn.LayerNorm(d_token), nn.ReLU(), nn.Linear(d_token, d_out))

    def forward(self, numbers: Tensor, gaps: Tensor, codes: Tensor) -> Tensor:
        """Return (n, d_out); arguments as for `Tokenizer.forward`."""
        tokens = self.tokenizer(numbers, gaps, codes)
        for block in self.blocks[:-1]:
            tokens = block(tokens)
        last = self.blocks[-1]
        assert isinstance(last, Block)
        out: Tensor = self.head(last.first(tokens))
        return out

    def parameter_groups(self, weight_decay: float) -> list[dict[str, object]]:
        """Groups for AdamW: no decay on the tokeniser, norms and biases, as in the paper."""
        kept = {id(p) for p in self.tokenizer.parameters()}
        for module in self.modules():
            if isinstance(module, nn.LayerNorm):
                kept |= {id(p) for p in module.parameters()}
        kept |= {id(p) for name, p in self.named_parameters() if name.endswith(".bias")}
        decayed = [p for p in self.parameters() if id(p) not in kept]
        free = [p for p in self.parameters() if id(p) in kept]
        return [{"params": decayed, "weight_decay": weight_decay}, {"params": free, "weight_decay": 0.0}]


def _vectors(n: int, d_token: int) -> nn.Parameter:
    """n vectors, uniform within 1/sqrt(d), as the paper initialises its tokeniser."""
    bound = 1 / sqrt(d_token)
    return nn.Parameter(torch.empty(n, d_token).uniform_(-bound, bound))
