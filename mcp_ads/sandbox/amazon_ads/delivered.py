"""What a campaign has delivered, by the same numbers as reports have: for budgets and rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from .calls import Body, Call
from .market import today
from .reports.metrics import cells, deliveries

CLICKS, COST, BOUGHT, SALES = 1, 2, 4, 8
"""Places in a delivery's numbers; purchases and sales within seven days."""


def cost(call: Call, campaign: Body, days: Sequence[date]) -> list[float]:
    """What the campaign cost on each of these days, in major units."""
    unit = 1 if call.profile["currencyCode"] == "JPY" else 100
    return [sums[COST] / unit for sums in _sums(call, campaign, days)]


def ratio(call: Call, campaign: Body, metric: str, days: int) -> float | None:
    """ACOS, CTR and CVR in percent and ROAS of the last days; None where it has none."""
    last = [today(call.profile) - timedelta(n) for n in range(1, days + 1)]
    total = [sum(column) for column in zip(*_sums(call, campaign, last), strict=True)]
    above, below, times = {
        "ACOS": (COST, SALES, 100),
        "CTR": (CLICKS, 0, 100),
        "CVR": (BOUGHT, CLICKS, 100),
        "ROAS": (SALES, COST, 1),
    }[metric]
    return times * total[above] / total[below] if total[below] else None


def _sums(call: Call, campaign: Body, days: Sequence[date]) -> list[list[int]]:
    """The campaign's numbers of each day, added up."""
    own = cells(call.store, call.profile, campaign["campaignId"])
    found = []
    for one in days:
        numbers = [delivery.numbers for delivery in deliveries(own, [one])]
        found.append([sum(column) for column in zip(*numbers, strict=True)] or [0] * 13)
    return found
