"""An agency's clients: their accounts, budgets, targets and what of theirs is never to be touched. Values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from .core.folding import BLANK, folded_name, is_dash, is_unseen
from .platforms import SHORT

FILE = "clients.toml"
"""Where a person writes them down, in the home."""


@dataclass(frozen=True)
class Client:
    """One client as clients.toml has it.

    `accounts` are pairs of a connector and an id, plain. Budgets and targets are in major units by currency:
    `monthly_budget` for a calendar month over all accounts in that currency, `target_cpa` for a conversion;
    `target_acos` is in percent, `target_roas` a quotient. `protected` are names of campaigns, with * and ?,
    whose case means nothing, or their ids: what touches one of these is refused. `naming` is the pattern that
    names of new campaigns have to fit, in the same words; empty for any.
    """

    name: str
    accounts: tuple[tuple[str, str], ...]
    title: str = ""
    monthly_budget: Mapping[str, Decimal] = field(default_factory=dict)
    target_cpa: Mapping[str, Decimal] = field(default_factory=dict)
    target_roas: Decimal | None = None
    target_acos: Decimal | None = None
    protected: tuple[str, ...] = ()
    naming: str = ""

    @property
    def ids(self) -> list[str]:
        """Its accounts as people write them: facebook:123."""
        return [f"{SHORT.get(connector, connector)}:{account_id}" for connector, account_id in self.accounts]

    def guards(self, connector: str) -> bool:
        """Whether anything of a platform may be protected: by a name, or an id that is of no other one."""
        places = {f"{SHORT.get(name, name)}": name for name, _ in self.accounts}
        return any(places.get(known.partition(":")[0], connector) == connector for known in self.protected)


@dataclass(frozen=True)
class Rates:
    """What one unit of each currency is worth in `base`, as a person wrote it down on a day."""

    base: str
    worth: Mapping[str, Decimal]
    as_of: date | None = None


@dataclass(frozen=True)
class Clients:
    """All clients, by the name that `client:name` has, in the order of the file."""

    named: Mapping[str, Client] = field(default_factory=dict)
    rates: Rates | None = None

    def __bool__(self) -> bool:
        return bool(self.named)

    def __iter__(self) -> Iterator[Client]:
        return iter(self.named.values())

    def of(self, connector: str, account_id: str) -> Client | None:
        """The client whose account this is; None for nobody's. No account is of two."""
        return next((client for client in self if (connector, account_id) in client.accounts), None)


def fits(pattern: str, name: str) -> bool:
    """Whether a name is one of a pattern's: * is any text, ? any one character, everything else itself.

    Names are compared as `folded_name` has them, and every part between two * is looked for once, in order:
    the longest name takes no longer than its letters.
    """
    (first, *others), ending = _parts(pattern)
    text = folded_name(name)
    if not others:
        return first.fullmatch(text) is not None
    *inner, last = others
    begun, end = first.match(text), len(text) - ending
    if begun is None or end < begun.end() or not last.match(text, end):
        return False
    at = begun.end()
    for part in inner:
        found = part.search(text, at, end)
        if found is None:
            return False
        at = found.end()
    return True


def odd_character(text: str) -> str:
    """A character of a pattern that is easily taken for another one, and what to write; empty for none."""
    for char in text:
        name = f"U+{ord(char):04X} ({unicodedata.name(char, 'a control character')})"
        if (unicodedata.category(char) in ("Zs", "Zl", "Zp") and char != " ") or char in BLANK:
            return f"{name}: write a plain blank, which fits every blank"
        if is_dash(char) and char != "-":
            return f"{name}: write -, which fits every dash"
        if is_unseen(char):
            return f"{name}, which is not seen: leave it out"
    return ""


@lru_cache(maxsize=1000)
def _parts(pattern: str) -> tuple[list[re.Pattern[str]], int]:
    """What stands between the * of a pattern, in order, and how long the last of it is."""
    parts = folded_name(pattern).split("*")
    return [re.compile(re.escape(part).replace(r"\?", "."), re.DOTALL) for part in parts], len(parts[-1])
