"""What clients.toml adds to rows of performance: whose account it is, and spend in one currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mcp_ads.clients import Clients
from mcp_ads.core.facts import Row, exact
from mcp_ads.errors import InvalidParams

from .columns import BASE, CLIENT

if TYPE_CHECKING:
    from mcp_ads.engine.reads.whom import Named

    from .performance import ListPerformance

TOTALS, RATES = "totals_base", "rates"
NO_CLIENTS = "by: client: there are no clients here; a person writes clients.toml"
NO_RATES = f"fields: {BASE}: there are no rates here; a person writes [rates] in clients.toml"
MILLIONTHS, CENTS = 6, 2


@dataclass(frozen=True)
class Written:
    """What the file says of the accounts of one question, as it was when that was asked: plain values.

    `clients` are names by "connector:account", `worth` what a unit of each currency is in `base`.
    """

    clients: Mapping[str, str] = field(default_factory=dict)
    worth: Mapping[str, str] = field(default_factory=dict)
    base: str = ""
    as_of: str = ""
    unknown: tuple[str, ...] = ()
    """Currencies of its accounts that have no rate."""

    def whose(self, connector: str, account: str) -> str:
        """The client of an account; empty for nobody's."""
        return self.clients.get(f"{connector}:{account}", "")

    def based(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows with their spend in the base; empty where its currency has no rate."""
        return (row | {BASE: self._in_base(row)} for row in rows) if self.base else rows

    def _in_base(self, row: Row) -> float | None:
        worth, spend = self.worth.get(str(row["currency"])), exact(row.get("spend"))
        return None if worth is None or spend is None else float(round(spend * Decimal(worth), MILLIONTHS))

    @property
    def facts(self) -> dict[str, str]:
        """What an answer says of the rates."""
        if not self.base:
            return {}
        lacks = f"; none for {', '.join(self.unknown)}, where {BASE} is empty" if self.unknown else ""
        return {RATES: f"{BASE} in {self.base}, by rates of {self.as_of or 'an unknown day'}{lacks}"}


def written(call: ListPerformance, clients: Clients, named: Named) -> Written:
    """What a question takes from the file. Raises InvalidParams where the file does not have it."""
    if CLIENT in call.by and not clients:
        raise InvalidParams(NO_CLIENTS)
    if call.in_base and clients.rates is None:
        raise InvalidParams(NO_RATES)
    accounts = [(session.connector.name, account) for session, account in named.accounts]
    whose = {f"{name}:{account.id}": clients.of(name, account.id) for name, account in accounts}
    known = {account: client.name for account, client in whose.items() if client} if CLIENT in call.by else {}
    rates = clients.rates if call.in_base else None
    if rates is None:
        return Written(known)
    worth = {currency: str(number) for currency, number in rates.worth.items()}
    unknown = sorted({account.currency for _, account in accounts if account.currency not in worth})
    return Written(known, worth, rates.base, str(rates.as_of or ""), tuple(unknown))


def in_cents(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is shown: what is in the base rounded to hundredths, and never before."""
    known = row.get(BASE)
    return {**row, BASE: round(known, CENTS)} if isinstance(known, float) else dict(row)


def totals_of(totals: Mapping[str, Any]) -> dict[str, Any]:
    """Totals as they are shown, and the sum of several currencies in the base, with those it is without."""
    apart = {currency: sums for currency, sums in totals.items() if isinstance(sums, Mapping)}
    shown = in_cents({**totals, **{currency: in_cents(sums) for currency, sums in apart.items()}})
    known = [Decimal(str(sums[BASE])) for sums in apart.values() if sums.get(BASE) is not None]
    if not known:
        return {"totals": shown}
    lacks = [currency for currency, sums in apart.items() if sums.get(BASE) is None and sums.get("spend")]
    without = {"without": ", ".join(lacks)} if lacks else {}
    return {"totals": shown, TOTALS: {BASE: float(round(sum(known, Decimal()), CENTS)), **without}}
