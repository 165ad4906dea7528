"""What pacing has to say of the sandbox's accounts: from its own numbers and records, to the cent."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import truth
from truth import AMAZON, FACEBOOK, LINKEDIN, Whose

from mcp_ads.sandbox.store import Store

DAY = timedelta(days=1)
Body = Mapping[str, Any]


def months(today: date) -> tuple[date, int]:
    """The first day of this month, and how many days it has."""
    return today.replace(day=1), calendar.monthrange(today.year, today.month)[1]


def cents(amount: Decimal, whose: Whose) -> Decimal:
    return amount.quantize(Decimal(1) / whose.unit, ROUND_HALF_UP)


def figures(store: Store, label: str) -> dict[str, Decimal | None]:
    """One account's spend of this month so far, both forecasts, and what its live budgets come to."""
    whose = next(one for one in truth.accounts(store) if one.label == label)
    first, count = months(whose.today)
    found = truth.parts(store, lambda today: (min(first, today - DAY * 28), today - DAY), label)
    days = {day: sums.spend for day, sums in truth.summed(found, lambda part: part.day).items()}
    gone = [first + DAY * number for number in range((whose.today - first).days)]
    spend = sum((days.get(day, Decimal()) for day in gone), Decimal())
    month = [first + DAY * number for number in range(count)]
    lately = [whose.today - DAY * back for back in range(1, 29)]
    usual = {
        weekday: sum((days.get(day, Decimal()) for day in lately if day.weekday() == weekday), Decimal())
        for weekday in range(7)
    }
    weight = sum((usual[day.weekday()] for day in gone), Decimal())
    return {
        "spend": spend,
        "forecast": cents(spend * count / len(gone), whose) if gone else None,
        "forecast_weekday": cents(spend * sum(usual[day.weekday()] for day in month) / weight, whose)
        if weight
        else None,
        "budget": cents(sum(budgets(store, whose, month), Decimal()), whose),
    }


def budgets(store: Store, whose: Whose, month: list[date]) -> Iterator[Decimal]:
    """What each live budget, or those under one limit, may spend in the month."""
    of = {FACEBOOK: _facebook, LINKEDIN: _linkedin, AMAZON: _amazon}[whose.platform]
    together: dict[Decimal, Decimal] = {}
    for daily, whole, begins, ends, limit in of(store, whose):
        runs = [day for day in month if begins <= day <= (ends or date.max)]
        if daily:
            amount = min(daily * len(runs), whole or Decimal("Infinity"))
        else:
            assert ends
            amount = whole * len(runs) / ((ends - begins).days + 1)
        if limit:
            together[limit[0]] = min(limit[1], together.get(limit[0], Decimal()) + amount)
        else:
            yield amount
    yield from together.values()


Live = Iterator[tuple[Decimal, Decimal, date, date | None, Any]]


def _facebook(store: Store, whose: Whose) -> Live:
    now = datetime.now(UTC)

    def runs(row: Body, end: str) -> bool:
        return row["status"] == "ACTIVE" and not (row.get(end) and datetime.fromisoformat(row[end]) <= now)

    def amounts(row: Body, ends: str) -> Any:
        daily, whole = (
            Decimal(row.get(f"{kind}_budget") or 0) / whose.unit for kind in ("daily", "lifetime")
        )
        last = datetime.fromisoformat(ends) - timedelta(seconds=1) if ends else None
        return daily, whole, date.fromisoformat(row["start_time"][:10]), last and last.date(), None

    for campaign in store.all("facebook.campaign"):
        if campaign["account_id"] != whose.id or not runs(campaign, "stop_time"):
            continue
        inside = [row for row in store.all("facebook.adset") if row["campaign_id"] == campaign["id"]]
        inside = [row for row in inside if runs(row, "end_time")]
        if campaign.get("daily_budget") or campaign.get("lifetime_budget"):
            yield amounts(
                campaign,
                campaign.get("stop_time") or max((row.get("end_time", "") for row in inside), default=""),
            )
            continue
        for row in inside:
            yield amounts(row, row.get("end_time") or campaign.get("stop_time") or "")


def _linkedin(store: Store, whose: Whose) -> Live:
    now = int(datetime.now(UTC).timestamp() * 1000)

    def runs(row: Body) -> bool:
        run = row["runSchedule"]
        return row["status"] == "ACTIVE" and bool(run["start"] <= now < run.get("end", now + 1))

    def amount(row: Body, kind: str) -> Decimal:
        return Decimal(row.get(kind, {}).get("amount", 0))

    def last(*rows: Body) -> date | None:
        ends = [row["runSchedule"]["end"] for row in rows if row["runSchedule"].get("end")]
        return datetime.fromtimestamp(min(ends) / 1000 - 1, UTC).date() if ends else None

    for group in store.all("linkedin.group"):
        if group["account"].rpartition(":")[2] != whose.id or not runs(group):
            continue
        own = f"urn:li:sponsoredCampaignGroup:{group['id']}"
        inside = [row for row in store.all("linkedin.campaign") if row["campaignGroup"] == own and runs(row)]
        total = amount(group, "totalBudget")
        if group.get("dailyBudget"):
            begins = datetime.fromtimestamp(group["runSchedule"]["start"] / 1000, UTC).date()
            yield amount(group, "dailyBudget"), total, begins, last(group), None
            continue
        for row in inside:
            begins = datetime.fromtimestamp(row["runSchedule"]["start"] / 1000, UTC).date()
            limit = (own, total) if total else None
            yield amount(row, "dailyBudget"), amount(row, "totalBudget"), begins, last(row, group), limit


def _amazon(store: Store, whose: Whose) -> Live:
    caps = {
        row["portfolioId"]: (row["portfolioId"], Decimal(str(row["budget"]["amount"])))
        for row in store.all("amazon.portfolios")
        if row["budget"]["policy"] == "MONTHLY_RECURRING"
    }
    for kind in ("amazon.campaigns", "amazon.sb.campaigns", "amazon.sd.campaigns"):
        for row in store.all(kind):
            if row["_profile"] != whose.id or row["state"].upper() != "ENABLED":
                continue
            begins, ends = (_day(row.get(name)) for name in ("startDate", "endDate"))
            if begins <= whose.today and (not ends or ends >= whose.today):
                budget, lifetime = row["budget"], str(row.get("budgetType")).upper() == "LIFETIME"
                amount = Decimal(str(budget["budget"] if isinstance(budget, dict) else budget))
                both = (Decimal(), amount) if lifetime else (amount, Decimal())
                yield *both, begins, ends, caps.get(row.get("portfolioId"))


def _day(text: Any) -> Any:
    return date.fromisoformat(text) if text else None
