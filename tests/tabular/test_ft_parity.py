"""The network equals the authors' own package, `rtdl_revisiting_models`: outputs, gradients, parameter counts."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from rtdl_revisiting_models import FTTransformer as Reference
from torch import Tensor, nn

from bakeoff_tabular.ft_transformer.model import FTTransformer
from bakeoff_tabular.ft_transformer.settings import FAST, NETWORK, PAPER, Settings

TABLES = {"mixed": (5, (3, 1, 7)), "numeric": (4, ()), "nominal": (0, (2, 9))}
SHAPES = {"one block": (1, 24, 8), "two blocks": (2, 16, 4), "three blocks, one head": (3, 12, 1)}


def pair(table: str, n_blocks: int, d_token: int, n_heads: int, d_out: int = 3) -> tuple[FTTransformer, Any]:
    """Ours and the authors', with the authors' random weights in both, in evaluation mode."""
    n_numeric, levels = TABLES[table]
    ours = FTTransformer(
        n_numeric=n_numeric,
        n_gappy=0,
        levels=levels,
        d_out=d_out,
        d_token=d_token,
        n_blocks=n_blocks,
        n_heads=n_heads,
        ffn_factor=4 / 3,
        attention_dropout=0.2,
        ffn_dropout=0.1,
    )
    theirs = Reference(
        n_cont_features=n_numeric,
        cat_cardinalities=list(levels),
        d_out=d_out,
        n_blocks=n_blocks,
        d_block=d_token,
        attention_n_heads=n_heads,
        attention_dropout=0.2,
        ffn_d_hidden_multiplier=4 / 3,
        ffn_dropout=0.1,
        residual_dropout=0.0,
    )
    with torch.no_grad():
        for p in theirs.parameters():  # biases that start at zero would hide a mistake
            p.uniform_(-0.5, 0.5)
    ours.load_state_dict(translated(theirs.state_dict(), n_numeric, len(levels), d_token))
    return ours.eval(), theirs.eval()


WORDS = {
    "backbone.output.normalization": "head.0",
    "backbone.output.linear": "head.2",
    "backbone.": "",
    "W_q": "query",
    "W_k": "key",
    "W_v": "value",
    "W_out": "out",
    "attention_normalization": "attention_norm",
    "ffn_normalization": "ffn_norm",
    "linear1": "inner",
    "linear2": "outer",
}


def our_name(theirs: str) -> str:
    """Our name of a parameter behind the tokeniser."""
    for old, new in WORDS.items():
        theirs = theirs.replace(old, new)
    return theirs


def translated(theirs: dict[str, Tensor], n_numeric: int, n_nominal: int, d_token: int) -> dict[str, Tensor]:
    """The authors' state under our names; what one side knows and the other lacks makes an error or a rest."""
    rest, none = dict(theirs), torch.empty(0, d_token)
    ours = {"tokenizer.cls": rest.pop("cls_embedding.weight")[None], "tokenizer.missing": none}
    ours["tokenizer.weight"] = rest.pop("cont_embeddings.weight") if n_numeric else none
    biases = [rest.pop("cont_embeddings.bias")] if n_numeric else []
    biases += [rest.pop("cat_embeddings.bias")] if n_nominal else []
    ours["tokenizer.bias"] = torch.cat(biases)
    tables = [rest.pop(f"cat_embeddings.embeddings.{i}.weight") for i in range(n_nominal)]
    ours["tokenizer.levels"] = torch.cat(tables) if tables else none
    return ours | {our_name(name): value for name, value in rest.items()}


def rows(table: str, n: int = 32) -> tuple[tuple[Tensor, ...], tuple[Tensor | None, Tensor | None]]:
    """The same rows as our arguments and as the authors'."""
    n_numeric, levels = TABLES[table]
    generator = torch.Generator().manual_seed(1)
    numbers = torch.randn(n, n_numeric, generator=generator)
    codes = [torch.randint(0, k, (n,), generator=generator) for k in levels]
    block = torch.stack(codes, dim=1) if codes else torch.empty(n, 0, dtype=torch.int64)
    return (numbers, torch.empty(n, 0), block), (numbers if n_numeric else None, block if levels else None)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("table", TABLES)
def test_outputs_are_equal(table: str, shape: str) -> None:
    ours, theirs = pair(table, *SHAPES[shape])
    mine, yours = rows(table)
    torch.testing.assert_close(ours(*mine), theirs(*yours), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_are_equal(shape: str) -> None:
    ours, theirs = pair("mixed", *SHAPES[shape])
    mine, yours = rows("mixed")
    ours(*mine).square().sum().backward()
    theirs(*yours).square().sum().backward()
    wanted = translated({n: p.grad for n, p in theirs.named_parameters()}, 5, 3, SHAPES[shape][1])
    for name, parameter in ours.named_parameters():
        # The last block's key bias cannot change anything: ours never reads it, theirs is zero up to rounding.
        got = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        torch.testing.assert_close(got, wanted[name], rtol=1e-3, atol=1e-3, msg=lambda m, n=name: f"{n}: {m}")


@pytest.mark.parametrize("settings", [FAST, PAPER], ids=["fast", "paper"])
@pytest.mark.parametrize("table", TABLES)
def test_presets_have_as_many_parameters_as_the_authors_network(table: str, settings: Settings) -> None:
    n_numeric, levels = TABLES[table]
    ours = FTTransformer(
        n_numeric=n_numeric, n_gappy=0, levels=levels, d_out=2, **{k: getattr(settings, k) for k in NETWORK}
    )
    # The authors' default for one block is our `fast`, for three blocks it is `paper`.
    theirs = Reference(
        n_cont_features=n_numeric,
        cat_cardinalities=list(levels),
        d_out=2,
        **Reference.get_default_kwargs(settings.n_blocks),
    )
    assert count(ours) == count(theirs)


@pytest.mark.parametrize("settings", [FAST, PAPER], ids=["fast", "paper"])
def test_presets_have_the_authors_dropouts_and_optimiser(settings: Settings) -> None:
    theirs = Reference.get_default_kwargs(settings.n_blocks)
    assert settings.attention_dropout == theirs["attention_dropout"]
    assert settings.ffn_dropout == theirs["ffn_dropout"]
    assert (settings.d_token, settings.n_heads) == (theirs["d_block"], theirs["attention_n_heads"])
    if settings is PAPER:
        defaults = Reference(n_cont_features=1, cat_cardinalities=[], d_out=1, **theirs)
        group = defaults.make_default_optimizer().param_groups[0]
        assert (settings.lr, settings.weight_decay) == (group["lr"], group["weight_decay"])


def test_initial_weights_are_drawn_as_the_authors_draw_them() -> None:
    torch.manual_seed(0)
    n_numeric, levels, d = 60, (40,), 64
    shared = {"n_heads": 8, "ffn_factor": 4 / 3, "attention_dropout": 0.0, "ffn_dropout": 0.0}
    ours = FTTransformer(
        n_numeric=n_numeric, n_gappy=0, levels=levels, d_out=1, d_token=d, n_blocks=2, **shared
    )
    theirs = Reference(
        n_cont_features=n_numeric,
        cat_cardinalities=list(levels),
        d_out=1,
        n_blocks=2,
        d_block=d,
        attention_n_heads=8,
        attention_dropout=0.0,
        ffn_d_hidden_multiplier=4 / 3,
        ffn_dropout=0.0,
        residual_dropout=0.0,
    )
    state = translated(theirs.state_dict(), n_numeric, 1, d)
    for name, mine in ours.state_dict().items():
        if mine.numel() >= 1000:
            assert mine.abs().max() == pytest.approx(float(state[name].abs().max()), rel=0.05), name
        if mine.numel() and not state[name].any():
            assert not mine.any(), name


def test_decay_spares_the_tokeniser_norms_and_biases() -> None:
    ours, theirs = pair("mixed", 2, 16, 4)
    decayed, free = ours.parameter_groups(0.5)
    assert (decayed["weight_decay"], free["weight_decay"]) == (0.5, 0.0)
    assert len(decayed["params"]) + len(free["params"]) == len(list(ours.parameters()))
    names = {id(p): name for name, p in ours.named_parameters()}
    main = {id(p) for p in theirs.make_parameter_groups()[0]["params"]}
    wanted = {our_name(name) for name, p in theirs.named_parameters() if id(p) in main}
    # The authors' code decays the norm of the head, which their paper excepts.
    assert {names[id(p)] for p in decayed["params"]} == wanted - {"head.0.weight"}


def count(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())
