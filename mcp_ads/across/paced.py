"""What pacing is made of, read: each account's spend by day, as performance reads it, and its budgets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from mcp_ads.core import Account
from mcp_ads.core.budgets import BudgetList, Days
from mcp_ads.core.facts import Asked, Grain, exact
from mcp_ads.core.recipe import Report
from mcp_ads.engine.reads.fanout import Ask, Heard, heard_of
from mcp_ads.engine.reads.whom import Named
from mcp_ads.errors import AuthError, RateLimited

from .asking import Asking
from .pace import DAY, WINDOW, Paced, Told, Untold
from .performance import ListPerformance
from .shares import Share
from .stated import coverage, grouped

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine
    from mcp_ads.engine.session.session import Session

Live = Callable[[Share], bool]
"""Whether the live budgets of an account are wanted."""


@dataclass
class Read:
    """What was read: the accounts there are numbers of, and the question that has said what is missing."""

    asking: Asking
    accounts: list[Paced] = field(default_factory=list)

    @property
    def unread(self) -> list[Share]:
        """The accounts of which there are no numbers."""
        return [share for share in self.asking.shares if not share.outcome.read]

    @property
    def coverage(self) -> list[str]:
        """What is missing of the accounts that were asked, and why."""
        said = coverage(self.asking.shares, self.asking.gaps)
        unknown = [(one.label, one.budgets.why) for one in self.accounts if isinstance(one.budgets, Untold)]
        budgets = [f"budgets not read: {grouped(unknown)}"] if unknown else []
        return [*([said] if said else []), *budgets]

    @property
    def goes_on(self) -> str:
        """What the answer lacks that may come, with {} for the result's name; empty where there is none."""
        short, partial = self.asking.short, self.asking.partial("{}")
        if short != partial:
            return partial
        again = [one for one in self.accounts if isinstance(one.budgets, Untold) and one.budgets.again]
        said = f'live budgets of {len(again)} of {len(self.accounts)} accounts not read; from: "{{}}" does'
        return "; ".join(filter(None, [short, said])) if again else ""

    def provisional(self, month: Days) -> str:
        """From which day of a month on a platform may still correct spend."""
        firsts: dict[str, date] = {}
        for one in self.accounts:
            if first := one.provisional(month):
                firsts[one.share.place] = min(first, firsts.get(one.share.place, first))
        return ", ".join(f"{place} {first}" for place, first in firsts.items())


async def read(
    desk: Engine, named: Named, month: Days, report: Report | None, *, fresh: bool, live: Live | None
) -> Read:
    """The accounts in a month, and the budgets that are `live` of those it is true of; None for a month that
    is over. Raises AdsError where nothing can be told of any.
    """
    grain: Grain = "day" if live else "month"
    call = ListPerformance.model_validate({"level": "account", "by": [grain]})
    shares = [share for pair in named.accounts if (share := _share(*pair, month, grain, fresh=fresh))]
    silent = [session.connector.name for session, _ in named.accounts if session.connector.facts is None]
    gaps = [*named.gaps, *(f"{name}: tells nothing to all" for name in dict.fromkeys(silent))]
    found = Read(Asking(desk, call, shares, gaps))
    told = await _both(found.asking, desk, [share for share in shares if live and live(share)], report)
    try:
        spent: dict[tuple[str, str], dict[date, Decimal]] = {}
        for row in found.asking.rows():
            day = row["date"] if live else f"{row['month']}-01"
            days = spent.setdefault((row["platform"], row["account"]), {})
            days[date.fromisoformat(day)] = exact(row["spend"]) or Decimal()
    finally:
        for share in shares:
            share.close()
    for share in shares:
        if share.outcome.read:
            days = spent.get((share.facts.platform, share.account.id), {})
            moving = share.facts.final_after(share.asked[0]).get("delivery", 0)
            one = Paced(share, days, told.get(id(share)), _short(share, month), moving)
            found.accounts.append(one)
    return found


async def read_budgets(desk: Engine, accounts: Iterable[Paced]) -> None:
    """Have accounts know their live budgets that were not asked for yet."""
    asked = [one for one in accounts if one.budgets is None]
    told = await _budgets_of(desk, [one.share for one in asked])
    for one in asked:
        one.budgets = told.get(id(one.share))


async def _both(
    asking: Asking, desk: Engine, shares: Sequence[Share], report: Report | None
) -> Mapping[int, Told]:
    """Spend, and the budgets of these, asked at once; the latter by share. Raises AdsError."""
    budgets = asyncio.create_task(_budgets_of(desk, shares))
    try:
        await asking.read(report)
        return await budgets
    except BaseException:
        budgets.cancel()
        await asyncio.gather(budgets, return_exceptions=True)
        for share in asking.shares:
            share.close()
        raise


async def _budgets_of(desk: Engine, shares: Sequence[Share]) -> Mapping[int, Told]:
    """The live budgets of these, by share, or why they are not known."""
    asks = [(share, known, _ask(share, known)) for share in shares for known in _lists(share)]
    heard = await heard_of(desk, [ask for _, _, ask in asks])
    found = dict[int, Told]()
    try:
        for share in shares:
            own = [(known, one) for (of, known, _), one in zip(asks, heard, strict=True) if of is share]
            if share.facts.budgets:
                found[id(share)] = _told(share, own)
    finally:
        for one in heard:
            one.close()
    return found


def _share(session: Session, account: Account, month: Days, grain: Grain, *, fresh: bool) -> Share | None:
    """What an account is asked: of this month its days that are over and those that weigh its weekdays, of an
    earlier one what there was in all.
    """
    if (facts := session.connector.facts) is None:
        return None
    today = session.context(account if facts.zone == "account" else None).today
    since = min(month.first, today - DAY * WINDOW) if grain == "day" else month.first
    asked = Asked("account", since, min(month.last, today - DAY), grain, today=today)
    share = Share(session, account, facts, [asked], today)
    share.plan(fresh=fresh)
    if not share.items:
        share.settle()
    return share


def _lists(share: Share) -> Sequence[BudgetList]:
    """The lists that tell its live budgets."""
    told = share.facts.budgets
    return [known for known in told.lists if known.there(share.account)] if told else ()


def _ask(share: Share, known: BudgetList) -> Ask:
    return Ask(share.session, known.entity, "list", known.params, share.account)


def _short(share: Share, month: Days) -> str:
    """Why the numbers of an account that was read are not whole; empty where they are."""
    late = [reading.begins for reading in share.readings if reading.begins and reading.begins > month.first]
    lost = [f"{product}: {why}" for product, why in share.outcome.lost.items()]
    return "; ".join([*lost, *filter(None, [share.outcome.cut]), *(f"kept from {day} on" for day in late)])


def _told(share: Share, answers: Sequence[tuple[BudgetList, Heard]]) -> Told:
    """The live budgets of an account, or why they are not known."""
    facts, rows = share.facts.budgets, {}
    for known, heard in answers:
        if why := _unread(known, heard):
            return Untold(why, again=heard.late or heard.pending or isinstance(heard.error, RateLimited))
        rows[known.entity] = [*heard.rows()] if heard.read else []
    return [*facts.live(rows, share.account, datetime.now(UTC))] if facts and answers else []


def _unread(known: BudgetList, heard: Heard) -> str:
    """Why a list is not whole; empty where it is, or the account has none of it."""
    if known.absent and isinstance(heard.error, AuthError) and not heard.error.sign_in:
        return ""
    meta = heard.whole.result.meta if heard.whole else {}
    return heard.unread or str(meta.get("coverage", ""))


def days_of(month: date) -> Days:
    """The days of the month that a day is in."""
    first = month.replace(day=1)
    after = (first + DAY * 32).replace(day=1)
    return Days(first, after - DAY)
