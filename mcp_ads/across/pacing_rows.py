"""Rows of pacing: whose accounts share one, what the file says of their month, and how each is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from mcp_ads.clients import Client, Clients
from mcp_ads.core.budgets import Days
from mcp_ads.core.facts import Row
from mcp_ads.engine.reads.whom import Named
from mcp_ads.engine.wire.authority import authority
from mcp_ads.platforms import SHORT

from .pace import LIVE, Pace, Paced, rounded

if TYPE_CHECKING:
    from .paced import Read
    from .shares import Share

ORDER = ("over", "under", "incomplete", "no budget", "no days yet", "on")
"""What needs somebody comes first."""
OTHER = "another account"
"""What is said of one that whoever calls may not know of."""
STRAIGHT = "fewer than 14 days of spend, so that pace is by the straight line"
UNWRITTEN = (
    "no budget is written down (clients.toml names no client; mcp-ads clients init makes it): budget is what "
    "live budgets come to"
)
ENDLESS = "no budget, as a lifetime budget without an end is live"


def paces_of(clients: Clients, named: Named, found: Read, month: Days, *, by_client: bool) -> list[Pace]:
    """The rows there are, those that need somebody first."""
    unread = {(share.session.connector.name, share.account.id): share for share in found.unread}
    there, rows = dict[tuple[str, str], Paced](), dict[tuple[str, str], Pace]()
    for one in found.accounts:
        key = (one.session.connector.name, one.account.id)
        there[key] = one
        client = clients.of(*key)
        whose = client if client and by_client else None
        name, title = (whose.name, whose.title) if whose else (one.label, one.account.name)
        pace = rows.get((name, one.currency))
        if pace is None:
            budget = _budgeted(client, key, one.currency, named, whose=bool(whose))
            pace = rows[name, one.currency] = Pace(
                name, title, one.currency, month, budgeted=budget, client=client.name if client else ""
            )
            pace.apart = budget is None and _has_budget(client, one.currency)
        pace.accounts.append(one)
    if by_client:
        for client in clients:
            _say_missing(client, rows, there, unread, month)
    return sorted(rows.values(), key=_urgency)


def _urgency(pace: Pace) -> tuple[int, Decimal]:
    off = abs(pace.pace - 100) if pace.pace is not None else Decimal()
    return ORDER.index(pace.status), -off


def _say_missing(
    client: Client,
    rows: dict[tuple[str, str], Pace],
    there: Mapping[tuple[str, str], Paced],
    unread: Mapping[tuple[str, str], Share],
    month: Days,
) -> None:
    """Have the rows of a client say of which of its accounts nothing is known; of a currency that is known
    only the row in that.
    """
    own = [pace for (name, _), pace in rows.items() if name == client.name]
    asked = [key for key in client.accounts if key in there or key in unread]
    for key in client.accounts if asked else ():
        if key in there:
            continue
        label = f"{SHORT.get(key[0], key[0])}:{key[1]}" if authority().covers([key]) else OTHER
        currency = unread[key].account.currency if key in unread else ""
        hit = [pace for pace in own if not currency or pace.currency == currency]
        if not hit:
            budget = client.monthly_budget.get(currency)
            pace = Pace(client.name, client.title, currency, month, budgeted=budget, client=client.name)
            rows[client.name, currency] = pace
            own.append(pace)
            hit = [pace]
        for pace in hit:
            pace.lacks.append(label if key in unread else f"{label} (not asked)")


def unwritten(clients: Clients, named: Named, *, by_client: bool) -> Callable[[Share], bool]:
    """Whether the file has no budget for the row of an account, nor for several together."""

    def lacks(share: Share) -> bool:
        key, currency = (share.session.connector.name, share.account.id), share.account.currency
        client = clients.of(*key)
        budget = _budgeted(client, key, currency, named, whose=by_client)
        return budget is None and not _has_budget(client, currency)

    return lacks


def _budgeted(
    client: Client | None, key: tuple[str, str], currency: str, named: Named, *, whose: bool
) -> Decimal | None:
    """The month's budget of the clients file: of a client, or of its only account in that currency."""
    if client is None or currency not in client.monthly_budget:
        return None
    others = {(session.connector.name, account.id): account.currency for session, account in named.accounts}
    alone = all(others.get(other) not in (None, "", currency) for other in client.accounts if other != key)
    return client.monthly_budget[currency] if whose or alone else None


def _has_budget(client: Client | None, currency: str) -> bool:
    return client is not None and currency in client.monthly_budget


def row_of(pace: Pace) -> Row:
    """A row as it is shown; of what is not whole only the spend that is known."""
    whole = pace.whole
    whose = {"client": pace.client or None, "account": None if pace.name == pace.client else pace.name}
    figures = {
        "forecast": pace.straight, "forecast_weekday": pace.weighted, "daily_needed": pace.needed,
    }  # fmt: skip
    shown = {name: _money(value if whole else None, pace) for name, value in figures.items()}
    return {
        **whose,
        "title": pace.title or None,
        "accounts": ", ".join(one.label for one in pace.accounts) or None,
        "currency": pace.currency or None,
        "spend": _money(pace.spend if pace.accounts else None, pace),
        "budget": _money(pace.budget if whole or pace.budgeted is not None else None, pace),
        "budget_from": pace.budget_from if whole or pace.budgeted is not None or pace.apart else "",
        **shown,
        "days_left": pace.left if pace.accounts else None,
        "daily_live": _money(pace.a_day if whole else None, pace),
        "pace": _number(round(pace.pace, 1)) if whole and pace.pace is not None else None,
        "status": pace.status,
        "provisional_from": str(pace.provisional) if pace.provisional else None,
        "why": "; ".join(
            [
                *pace.lacks,
                *(f"{one.label}: {one.short}" for one in pace.accounts if one.short),
                *(f"{label}: budgets not read ({why})" for label, why in pace.untold.items()),
            ]
        ),
        "proposal": None,
    }


def _money(amount: Decimal | None, pace: Pace) -> float | int | None:
    return None if amount is None else _number(rounded(amount, pace.currency))


def _number(amount: Decimal) -> float | int:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def missing(paces: Iterable[Pace]) -> list[str]:
    """Which accounts of a client were not asked, or are not there."""
    lacks = [
        f"{pace.client}: {', '.join(said)}"
        for pace in paces
        if (said := [label for label in pace.lacks if label.endswith(")")])
    ]
    return list(dict.fromkeys(lacks))


def warned(paces: Iterable[Pace]) -> list[str]:
    """What cannot be seen in the rows: why there is no budget, or no weekday forecast."""
    found = list[str]()
    whole = [pace for pace in paces if pace.whole]
    straight = [pace for pace in whole if pace.left and pace.weighted is None and pace.straight]
    endless = [pace for pace in whole if pace.unknown and pace.budget is None]
    for said, some in ((STRAIGHT, straight), (ENDLESS, endless)):
        if some:
            named = ", ".join(f"{pace.name} {pace.currency}" for pace in some[:5])
            found.append(f"{said}: {named}{f' and {len(some) - 5} more' if some[5:] else ''}")
    return found


def warned_of_live(clients: Clients, paces: Iterable[Pace]) -> list[str]:
    """That nobody wrote a budget down, where there is no client at all; else each row says it."""
    live = not clients and any(pace.budget_from == LIVE for pace in paces)
    return [UNWRITTEN] if live else []


def astray(clients: Clients, found: Read) -> list[str]:
    """Budgets of the file in a currency that no account of the client has, which no row is held against."""
    known = {
        (one.session.connector.name, one.account.id): one.account.currency for one in found.asking.shares
    }
    lines = list[str]()
    for client in clients:
        currencies = {known.get(key, "") for key in client.accounts}
        if "" in currencies:
            continue
        if lost := [code for code in client.monthly_budget if code not in currencies]:
            has = ", ".join(sorted(currencies)) or "none"
            lines.append(
                f"clients.toml: {client.name} has a monthly_budget in {', '.join(lost)}, which none of its "
                f"accounts has ({has}): no row is held against it"
            )
    return lines
