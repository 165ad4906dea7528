"""A look at rows in memory, chosen as kept rows are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mcp_ads.engine.reads.looks import choose
from mcp_ads.engine.tables.look import Look


@dataclass
class Chosen:
    """The rows asked for, of how many that fit, what all that fit come to, and what to say of them."""

    rows: list[dict[str, Any]]
    total: int
    totals: dict[str, Any]
    warnings: list[str]


def apply(rows: Iterable[dict[str, Any]], look: Look) -> Chosen:
    """The rows a look asks for."""
    every = list(rows)
    found = choose(enumerate(every), look)
    chosen = [every[at] for at in found.ids]
    return Chosen(chosen, found.facts["total"], look.totals, look.warnings())
