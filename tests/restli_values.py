"""Values for Rest.li, made anew in each run and the same in all: nested lists and records of awkward text."""

from __future__ import annotations

import random
from typing import Any

AWKWARD = (
    "", " ", "a", "List(a)", "(a:b)", "''", "'", "it's", "a,b", "a:b", "100%", "%25", "%2C", "a+b", "a b",
    "R&D (EU), 100%'s", "urn:li:sponsoredCampaign:1", "urn:li:staffCountRange:(51,200)", "urn:li:", "List(",
    "urn%3Ali%3Ageo%3A1", ")", ",", "&=#?", "\n", "\x00", "é", "日本", "~.-_", "true", "0", "null", "\\",
)  # fmt: skip
LETTERS = "ab0 ,:()'%&=+~._-/é日😀List\n"
SEEDS = range(200)


def text(chance: random.Random) -> str:
    if chance.random() < 0.6:
        return chance.choice(AWKWARD)
    return "".join(chance.choice(LETTERS) for _ in range(chance.randrange(12)))


def value(chance: random.Random, depth: int = 4) -> Any:
    """A text, or a list or a record of values."""
    shape = chance.choice(("list", "record", "text", "text")) if depth else "text"
    if shape == "list":
        return [value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if shape == "record":
        names = dict.fromkeys(text(chance) or "k" for _ in range(chance.randrange(4)))
        return {name: value(chance, depth - 1) for name in sorted(names)}
    return text(chance)


def container(seed: int) -> Any:
    """A list or a record."""
    chance = random.Random(seed)
    while not isinstance(made := value(chance), list | dict):
        pass
    return made
