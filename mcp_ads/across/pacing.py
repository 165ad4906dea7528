"""Pacing: how far each client's spend of a month is, against its budget, and what would bring it there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.core import ID, Column, Entity, Result
from mcp_ads.core.columns import MONEY
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads.whom import Named, accounts_named
from mcp_ads.errors import InvalidParams
from mcp_ads.platforms import SHORT

from .columns import BASE
from .listed import Listed, Row
from .pace import Pace, rounded
from .written import NO_RATES, Written, in_cents

if TYPE_CHECKING:
    from mcp_ads.clients import Client
    from mcp_ads.engine.door import Engine

    from .paced import Read

COLUMNS = (
    "client", "account", "currency", "spend", "budget", "budget_from", "forecast", "forecast_weekday",
    "days_left", "daily_needed", "pace", "status",
)  # fmt: skip
MORE = (*COLUMNS, "title", "accounts", "daily_live", "proposal", "why", BASE)
ORDER = ("over", "under", "incomplete", "no budget", "no days yet", "on")
"""What needs somebody comes first."""
STRAIGHT = "fewer than 14 days of spend, so that pace is by the straight line"
ENDLESS = "no budget, as a lifetime budget without an end is live"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
WORDS = {"": 0, "this_month": 0, "mtd": 0, "current": 0, "last_month": 1}
GRAMMAR = "write this_month, last_month, or a month: 2026-11"
APART = "propose: not beside {}, which only chooses what is shown: name clients or accounts in accounts"


def _month(value: Any) -> str:
    """A month as it is written, or a word for one. Raises ValueError."""
    text = "_".join(str(value or "").lower().split())
    if text not in WORDS and not _MONTH.fullmatch(text):
        raise ValueError(GRAMMAR)
    return text


class ListPacing(Listed):
    """Read how each client's spend of a month is paced against its budget, by currency.

    Days count when they are over, by each account's calendar: today is among days_left. budget is that of
    clients.toml, else what live budgets come to. forecast goes on as so far; forecast_weekday weighs weekdays
    as in the last 28 days, and is what pace, in percent of the budget, is made of. Within 5 % is on.
    """

    month: Annotated[
        str,
        BeforeValidator(_month),
        Field(description="this_month, last_month, or such as 2026-11."),
    ] = ""
    by: Annotated[
        Literal["client", "account"],
        Field(description="A row for each client (accounts of none have their own), or each account."),
    ] = "client"
    propose: Annotated[
        bool,
        Field(
            description="Also plan changes of daily budgets that land over- and under-paced clients on "
            "their budgets, a step at a time: at most 20 % on Meta, 30 % elsewhere."
        ),
    ] = False
    fresh: Annotated[bool, Field(description="Order Amazon's reports anew, not those of 6 hours.")] = False

    lean, known = COLUMNS, MORE
    aliases = {"period": "month"}
    said = (
        "budget pacing, on pace, overspend, underspend, overspending, monthly budget, month end forecast, "
        "projected spend, run rate, budget left"
    )
    sample = {"by": "account"}

    def kinds(self) -> Mapping[str, Column]:
        money = ("budget", "forecast", "forecast_weekday", "daily_needed", "daily_live")
        return {
            "account": ID,
            "spend": MONEY,
            **dict.fromkeys(money, Column("money")),
            "days_left": Column("count"),
            "pace": Column("percent"),
            BASE: Column("number", adds=True),
        }

    def shown_by(self, desk: Engine) -> tuple[str, ...]:
        more = ["proposal"] if self.propose else []
        if self.fields:
            return tuple(dict.fromkeys([*self.columns(), *more]))
        return tuple(name for name in [*COLUMNS, *more] if name != "client" or desk.settings.clients)

    def first_day(self, today: date) -> date:
        """The first day of the month that is asked about. Raises InvalidParams for one to come."""
        if self.month not in WORDS:
            first = date.fromisoformat(f"{self.month}-01")
        else:
            first = (today.replace(day=1) - timedelta(days=WORDS[self.month])).replace(day=1)
        if first > today:
            raise InvalidParams(f"month: {first:%Y-%m} is still to come")
        if self.propose and (first.year, first.month) != (today.year, today.month):
            raise InvalidParams("propose: only of this month")
        return first

    async def answered(self, desk: Engine, view: TableView, report: Report | None) -> Result:
        from .again import noted

        chosen = [name for name in ("where", "top", "group_by") if getattr(view, name)]
        if self.propose and chosen:
            raise InvalidParams(APART.format(chosen[0]))
        return await noted(desk, self, view, await super().answered(desk, view, report))

    async def rows(
        self, desk: Engine, view: TableView, report: Report | None
    ) -> tuple[list[Row], Mapping[str, Any]]:
        from .again import GOES_ON
        from .paced import days_of, read

        named = await accounts_named(desk, view.accounts or "all", list(desk.settings.served))
        today = next((session.context(None).today for session, _ in named.accounts), date.max)
        month = days_of(self.first_day(today))
        self.rates(desk, ())  # what is refused asks nothing
        found = await read(desk, named, month, report, fresh=self.fresh)
        paces = self.paces(desk, named, found, month)
        rates = self.rates(desk, paces)
        rows = [in_cents(row) for row in rates.based([_row(pace) for pace in paces])]
        meta: dict[str, Any] = {
            **rates.facts,
            "month": f"{month.first:%Y-%m}, days that are over, in account time",
            "coverage": "; ".join([*found.coverage, *_missing(paces)]),
            "provisional_from": found.provisional,
            GOES_ON: found.asking.partial("{}") if found.asking.short != found.asking.partial("{}") else "",
            "warnings": _warned(paces),
        }
        if self.propose:
            from .proposing import proposed

            said, plan = await proposed(desk, paces, found)
            rows = [{**row, "proposal": said.get(id(pace))} for row, pace in zip(rows, paces, strict=True)]
            meta |= plan
        return rows, meta

    def accounts_in(self, desk: Engine, rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
        labels = [label for row in rows for label in str(row["accounts"] or "").split(", ") if label]
        return super().accounts_in(
            desk, [dict(zip(("platform", "account"), label.split(":", 1), strict=True)) for label in labels]
        )

    def rates(self, desk: Engine, paces: Iterable[Pace]) -> Written:
        """The rates of the clients file, where spend is wanted in their base. Raises InvalidParams."""
        rates = desk.settings.clients.rates
        if BASE not in (self.fields or ()):
            return Written()
        if rates is None:
            raise InvalidParams(NO_RATES)
        worth = {**{currency: str(number) for currency, number in rates.worth.items()}, rates.base: "1"}
        unknown = sorted({pace.currency for pace in paces if pace.currency not in worth})
        return Written({}, worth, rates.base, str(rates.as_of or ""), tuple(unknown))

    def paces(self, desk: Engine, named: Named, found: Read, month: Any) -> list[Pace]:
        """The rows there are, those that need somebody first."""
        clients = desk.settings.clients
        unread = {(share.session.connector.name, share.account.id): share for share in found.unread}
        there, rows = dict[tuple[str, str], Any](), dict[tuple[str, str], Pace]()
        for one in found.accounts:
            key = (one.session.connector.name, one.account.id)
            there[key] = one
            client = clients.of(*key)
            whose = client if client and self.by == "client" else None
            name, title = (whose.name, whose.title) if whose else (one.label, one.account.name)
            pace = rows.get((name, one.currency))
            if pace is None:
                budget = _budgeted(client, key, one.currency, named, whose=bool(whose))
                pace = rows[name, one.currency] = Pace(
                    name, title, one.currency, month, budgeted=budget, client=client.name if client else ""
                )
            pace.accounts.append(one)
        if self.by == "client":
            for client in clients:
                _say_missing(client, rows, there, unread, month)
        return sorted(rows.values(), key=_urgency)


def _urgency(pace: Pace) -> tuple[int, Decimal]:
    off = abs(pace.pace - 100) if pace.pace is not None else Decimal()
    return ORDER.index(pace.status), -off


def _say_missing(
    client: Client,
    rows: dict[tuple[str, str], Pace],
    there: Mapping[tuple[str, str], Any],
    unread: Mapping[tuple[str, str], Any],
    month: Any,
) -> None:
    """Have the rows of a client say of which of its accounts nothing is known; of a currency that is known
    only the row in that.
    """
    own = [pace for (name, _), pace in rows.items() if name == client.name]
    asked = [key for key in client.accounts if key in there or key in unread]
    for key in client.accounts if asked else ():
        if key in there:
            continue
        label = f"{SHORT.get(key[0], key[0])}:{key[1]}"
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


def _budgeted(
    client: Client | None, key: tuple[str, str], currency: str, named: Named, *, whose: bool
) -> Decimal | None:
    """The month's budget of the clients file: of a client, or of its only account in that currency."""
    if client is None or currency not in client.monthly_budget:
        return None
    others = {(session.connector.name, account.id): account.currency for session, account in named.accounts}
    alone = all(others.get(other) not in (None, "", currency) for other in client.accounts if other != key)
    return client.monthly_budget[currency] if whose or alone else None


def _row(pace: Pace) -> Row:
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
        "budget_from": pace.budget_from if whole or pace.budgeted is not None else "",
        **shown,
        "days_left": pace.left if pace.accounts else None,
        "daily_live": _money(pace.a_day if whole else None, pace),
        "pace": _number(round(pace.pace, 1)) if whole and pace.pace is not None else None,
        "status": pace.status,
        "why": "; ".join([*pace.lacks, *(f"{one.label}: {one.short}" for one in pace.accounts if one.short)]),
        "proposal": None,
    }


def _money(amount: Decimal | None, pace: Pace) -> float | int | None:
    return None if amount is None else _number(rounded(amount, pace.currency))


def _number(amount: Decimal) -> float | int:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _missing(paces: Iterable[Pace]) -> list[str]:
    """Which accounts of a client were not asked, or are not there."""
    lacks = [
        f"{pace.client}: {', '.join(said)}"
        for pace in paces
        if (said := [label for label in pace.lacks if label.endswith(")")])
    ]
    return list(dict.fromkeys(lacks))


def _warned(paces: Iterable[Pace]) -> list[str]:
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


pacing = Entity(noun="pacing", list=ListPacing)
