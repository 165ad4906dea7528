"""Pacing: how far each client's spend of a month is, against its budget, and what would bring it there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.core import ID, Column, Entity, Result
from mcp_ads.core.columns import DAY, MONEY
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView
from mcp_ads.engine.reads.whom import accounts_named
from mcp_ads.errors import InvalidParams

from .columns import BASE
from .listed import Listed, Row
from .pace import Pace
from .pacing_rows import astray, missing, paces_of, row_of, unwritten, warned, warned_of_live
from .written import NO_RATES, Written, in_cents

if TYPE_CHECKING:
    from mcp_ads.core.budgets import Days
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.reads.whom import Named

    from .paced import Live


COLUMNS = (
    "client", "account", "currency", "spend", "budget", "budget_from", "forecast", "forecast_weekday",
    "days_left", "daily_needed", "pace", "status",
)  # fmt: skip
MORE = (*COLUMNS, "title", "accounts", "daily_live", "provisional_from", "proposal", "why", BASE)
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

    lean, known, telling = COLUMNS, MORE, ("client", "account", "currency")
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
            "provisional_from": DAY,
            BASE: Column("number", adds=True),
        }

    def shown_by(self, desk: Engine) -> tuple[str, ...]:
        shown = dict.fromkeys([*self.named(), *(["proposal"] if self.propose else [])])
        named = "client" in (self.fields or ())
        return tuple(name for name in shown if name != "client" or named or desk.settings.clients)

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
        from .paced import days_of, read, read_budgets

        named = await accounts_named(desk, view.accounts or "all", list(desk.settings.served))
        today = next((session.context(None).today for session, _ in named.accounts), date.max)
        month = days_of(self.first_day(today))
        self.rates(desk, ())  # what is refused asks nothing
        found = await read(
            desk, named, month, report, fresh=self.fresh, live=self.wanted(desk, named, month, today)
        )
        paces = paces_of(desk.settings.clients, named, found, month, by_client=self.by == "client")
        if self.propose:
            await read_budgets(desk, [one for pace in paces if pace.off for one in pace.accounts])
        rates = self.rates(desk, paces)
        rows = [in_cents(row) for row in rates.based([row_of(pace) for pace in paces])]
        meta: dict[str, Any] = {
            **rates.facts,
            "month": f"{month.first:%Y-%m}, days that are over, in account time",
            "coverage": "; ".join([*found.coverage, *missing(paces)]),
            "provisional_from": found.provisional(month),
            GOES_ON: found.goes_on,
            "warnings": [
                *warned(paces),
                *warned_of_live(desk.settings.clients, paces),
                *astray(desk.settings.clients, found),
            ],
        }
        if self.propose:
            from .proposing import proposed

            said, plan = await proposed(desk, paces, found)
            rows = [{**row, "proposal": said.get(id(pace))} for row, pace in zip(rows, paces, strict=True)]
            meta |= plan
        return rows, meta

    def wanted(self, desk: Engine, named: Named, month: Days, today: date) -> Live | None:
        """Whose live budgets it takes: where the file has none, or they are to be shown; of this month."""
        if month.first != today.replace(day=1):
            return None
        lacks = unwritten(desk.settings.clients, named, by_client=self.by == "client")
        return (lambda _: True) if "daily_live" in (self.fields or ()) else lacks

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


pacing = Entity(noun="pacing", list=ListPacing)
