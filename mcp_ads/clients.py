"""An agency's clients: their accounts, budgets, targets and what of theirs is never to be touched. Values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


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
