from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from bakeoff_recsys.manifest import bakeoff_suites, bakeoff_techniques

PACKAGE, _, PATH = bakeoff_suites()[0].path.partition(":")
SUITE = tomllib.loads(files(PACKAGE).joinpath(PATH).read_text(encoding="utf-8"))
BOARDS = [*SUITE["board"], *SUITE["profiles"]["full"]["board"].values()]


def test_the_suite_is_where_the_manifest_says() -> None:
    assert SUITE["name"] == bakeoff_suites()[0].name == "als-vs-bpr"


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_has_the_baselines_and_only_registered_techniques(board: dict[str, list[str]]) -> None:
    params = {t.name: t.params for t in bakeoff_techniques()}
    for written in board.get("techniques", []):
        name, _, settings = written.rstrip("]").partition("[")
        given = {pair.partition("=")[0] for pair in settings.split(",") if pair}
        assert given <= set(params[name]), written
    assert {"popularity", "bpr", "als"} <= set(board["techniques"])


def test_claims_compare_rows_that_every_profile_has() -> None:
    boards = {b["id"]: set(b["techniques"]) for b in SUITE["board"]}
    full = {k: set(v["techniques"]) for k, v in SUITE["profiles"]["full"]["board"].items()}
    for claim in SUITE["claims"]:
        for side in (claim["a"], claim["b"]):
            if side.startswith("board:"):
                assert side.removeprefix("board:") in boards
            else:
                board = claim["where"]["board"]
                assert side in boards[board] & full[board]


def test_claims_are_atomic_and_have_a_margin() -> None:
    ids = [claim["id"] for claim in SUITE["claims"]]
    assert ids == sorted(set(ids))
    assert {"R1a", "R1b"} <= set(ids)
    assert all(isinstance(claim["margin"], float) for claim in SUITE["claims"])
