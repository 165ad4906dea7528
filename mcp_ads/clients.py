"""An agency's clients: their accounts, budgets, targets and what of theirs is never to be touched. Values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from .platforms import SHORT

MINUS = "\u2212"
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)
"""Characters that are not seen, beside those of Unicode's categories for it."""


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

    Case means nothing, nor do characters that look the same: full-width letters are letters, every dash is a
    hyphen, any run of blanks is one, and what is not seen is not there.
    """
    return _compiled(pattern).fullmatch(folded(name)) is not None


def folded(text: str) -> str:
    """A text as names are compared: without what cannot be told apart by looking at it."""
    plain = unicodedata.normalize("NFKC", UNSEEN.sub("", text)).casefold()
    plain = "".join("-" if unicodedata.category(char) == "Pd" or char == MINUS else char for char in plain)
    seen = "".join(char for char in plain if char.isspace() or unicodedata.category(char) not in ("Cf", "Cc"))
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def odd_character(text: str) -> str:
    """A character of a pattern that is easily taken for another one, and what to write; empty for none."""
    for char in text:
        kind = unicodedata.category(char)
        name = f"U+{ord(char):04X} ({unicodedata.name(char, 'a control character')})"
        if kind in ("Zs", "Zl", "Zp") and char != " ":
            return f"{name}: write a plain blank, which fits every blank"
        if char == MINUS or (kind == "Pd" and char != "-"):
            return f"{name}: write -, which fits every dash"
        if kind in ("Cf", "Cc") or UNSEEN.match(char):
            return f"{name}, which is not seen: leave it out"
    return ""


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str]:
    words = re.escape(folded(pattern)).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(words, re.DOTALL)
