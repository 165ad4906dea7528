"""A first clients.toml from the accounts that are seen: grouped by what their names begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mcp_ads.core.currencies import CODES
from mcp_ads.core.folding import folded_name
from mcp_ads.engine.changes.naming import slug

_MARKETS = """
us usa uk gb de at ch fr es it nl be lu pl se no dk fi pt ie cz jp ca au nz br mx in sg ae sa za kr cn tw
eu europe european emea apac latam mena dach nordics benelux iberia global international worldwide intl
america american states kingdom germany german deutschland austria switzerland france french spain italy
netherlands belgium poland sweden norway denmark finland portugal ireland japan japanese canada australia
brazil mexico india singapore china korea north south east west
facebook meta instagram linkedin amazon ads ad account accounts seller vendor test main
"""
MARKETS = frozenset(_MARKETS.split())
"""Words of accounts' names that say where or on which platform, and not whose."""
TOGETHER = 2
"""Words that two names have to begin with alike, to be taken for one client's, unless one is all of it."""
_WORD = re.compile(r"\w+")
HEAD = """\
# A proposal, made of the names of the accounts that were seen: accounts whose names begin alike, without
# countries and platforms, are one client's. Look through it: move accounts to whose they are, fill in
# budgets, and protect what nobody may touch. No agent can write this file.
"""


@dataclass(frozen=True)
class Known:
    """An account that was seen: its id as people write it, its name and currency."""

    id: str
    name: str
    currency: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name that say whose it is; all, where each says where."""
        words = tuple(_WORD.findall(folded_name(self.name)))
        markets = MARKETS | {code.lower() for code in CODES}
        return tuple(word for word in words if word not in markets) or words


def grouped(accounts: Iterable[Known]) -> list[list[Known]]:
    """The accounts by client, as far as names tell; each that has no name by itself."""
    groups: list[list[Known]] = []
    for account in sorted(accounts, key=lambda one: (one.words, one.id)):
        alike = (group for group in groups if account.words and _are_alike(group[0].words, account.words))
        group = next(alike, None)
        if group is None:
            groups.append([account])
        else:
            group.append(account)
    return groups


def _are_alike(known: Sequence[str], words: Sequence[str]) -> bool:
    same = 0
    for one, other in zip(known, words, strict=False):
        if one != other:
            break
        same += 1
    return same > 0 and same >= min(TOGETHER, len(known), len(words))


def proposal(accounts: Iterable[Known]) -> str:
    """The text of a file with these accounts."""
    names: set[str] = set()
    tables = [_table(group, names) for group in grouped(accounts)]
    rates = '# [rates]\n# base = "EUR"\n# USD = 0.92\n# as_of = 2026-11-01\n'
    return "\n".join([HEAD, *tables, rates])


def _table(group: Sequence[Known], names: set[str]) -> str:
    first = group[0]
    plain = slug(" ".join(first.words))[:30].strip("-") or first.id.replace(":", "-")
    name = next(one for one in (plain, *(f"{plain}-{n}" for n in range(2, 10_000))) if one not in names)
    names.add(name)
    currencies = sorted({account.currency for account in group if account.currency})
    amounts = ", ".join(f'"0 {currency}"' for currency in currencies)
    lines = [
        f"[clients.{name}]",
        *([f"title = {_text(title)}"] if (title := _title(first)) else []),
        "accounts = [",
        *(f"    {_text(one.id)},  # {_comment(one)}" for one in group),
        "]",
        f"# monthly_budget = [{amounts}]",
        f"# target_cpa = [{amounts}]",
        '# protected = ["*brand*"]',
        '# naming = "*"',
        "",
    ]
    return "\n".join(lines)


def _title(account: Known) -> str:
    """The client's part of a name, as it is written; empty where it has no letter or digit."""
    left, parts = list(account.words), []
    for part in _printable(account.name).split():
        if not left:
            break
        parts.append(part)
        for word in _WORD.findall(folded_name(part)):
            if left and word == left[0]:
                left.pop(0)
    return " ".join(parts).rstrip(",;:|-")


def _text(text: str) -> str:
    """A text as TOML has it."""
    import tomlkit

    return tomlkit.string(text).as_string()


def _comment(account: Known) -> str:
    return ", ".join(filter(None, [_printable(account.name) or "no name", account.currency]))


def _printable(name: str) -> str:
    """A name on one line, of what a file can have: no control characters, no halves of others."""
    return "".join(char if char.isprintable() else " " for char in name).strip()
