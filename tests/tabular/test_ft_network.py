"""What our network does beyond the authors': the vector for a missing number, no columns at all."""

from __future__ import annotations

import torch

from bakeoff_tabular.ft_transformer.model import Attention, FTTransformer


def network(n_numeric: int = 3, n_gappy: int = 2, levels: tuple[int, ...] = (4,)) -> FTTransformer:
    torch.manual_seed(0)
    return FTTransformer(
        n_numeric=n_numeric,
        n_gappy=n_gappy,
        levels=levels,
        d_out=2,
        d_token=8,
        n_blocks=2,
        n_heads=2,
        ffn_factor=4 / 3,
        attention_dropout=0.1,
        ffn_dropout=0.1,
    ).eval()


def test_a_gap_adds_its_columns_vector_and_nothing_else() -> None:
    tokenizer = network().tokenizer
    numbers, codes = torch.zeros(2, 3), torch.ones(2, 1, dtype=torch.int64)
    tokens = tokenizer(numbers, torch.tensor([[0.0, 0.0], [0.0, 1.0]]), codes)
    difference = tokens[1] - tokens[0]
    # Token 0 is [CLS], then the columns: the second one has the gap.
    torch.testing.assert_close(difference[2], tokenizer.missing[1])
    difference[2] = 0
    assert not difference.any()


def test_each_nominal_column_has_its_own_rows() -> None:
    tokenizer = network(n_numeric=0, n_gappy=0, levels=(3, 2)).tokenizer
    tokens = tokenizer(torch.empty(1, 0), torch.empty(1, 0), torch.tensor([[2, 1]]))[0]
    torch.testing.assert_close(tokens[1], tokenizer.levels[2] + tokenizer.bias[0])
    torch.testing.assert_close(tokens[2], tokenizer.levels[3 + 1] + tokenizer.bias[1])


def test_a_table_without_a_telling_column_has_an_output() -> None:
    nothing = network(n_numeric=0, n_gappy=0, levels=())
    out = nothing(torch.empty(3, 0), torch.empty(3, 0), torch.empty(3, 0, dtype=torch.int64))
    assert out.shape == (3, 2)
    assert torch.isfinite(out).all()


def test_rows_do_not_see_each_other() -> None:
    ours, generator = network(), torch.Generator().manual_seed(0)
    numbers, gaps = torch.randn(6, 3, generator=generator), torch.zeros(6, 2)
    codes = torch.arange(6)[:, None] % 4
    together = ours(numbers, gaps, codes)
    alone = torch.cat([ours(numbers[i : i + 1], gaps[i : i + 1], codes[i : i + 1]) for i in range(6)])
    torch.testing.assert_close(together, alone)


def test_asking_only_the_first_token_gives_what_asking_all_gives() -> None:
    torch.manual_seed(0)
    attention = Attention(12, 3, dropout=0.5).eval()
    with torch.no_grad():
        for p in attention.parameters():
            p.uniform_(-1, 1)
    tokens = torch.randn(4, 7, 12)
    torch.testing.assert_close(attention.first(tokens), attention(tokens)[:, 0])


def test_dropout_of_the_first_tokens_attention_keeps_the_mean() -> None:
    torch.manual_seed(0)
    attention = Attention(8, 2, dropout=0.3).train()
    with torch.no_grad():
        for p in attention.parameters():
            p.uniform_(-1, 1)
    tokens = torch.randn(1, 5, 8)
    many = attention.first(tokens.expand(40_000, -1, -1)).mean(0)
    torch.testing.assert_close(many, attention.eval().first(tokens)[0], atol=0.05, rtol=0)
