"""What rules make of campaigns' daily budgets, for a plan: from what to what at most, in money."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from mcp_ads.core.synonyms import cut
from mcp_ads.core.write import Brought

from . import raises
from .raises import Json

CAMPAIGNS = "sponsored_product_campaigns"
LIVE = "ENABLED"
MOST_SAID = 10


def rise_of(
    campaign: Mapping[str, Any],
    rules: tuple[Iterable[Json], Sequence[Json], Sequence[Json]],
    today: date,
    currency: str,
) -> Json | None:
    """What rules make of a campaign's budget: `rules` are its others, and those before and after.

    None where the campaign has no budget that could be read.
    """
    amount = (campaign.get("budget") or {}).get("budget")
    if amount is None:
        return None
    daily = Decimal(str(amount))
    sums = raises.steepest(*rules, today)
    before, after = (raises.raised(daily, percent, currency) for percent in sums)
    kept = {name: campaign.get(name) for name in ("campaignId", "name", "state")}
    return {**kept, "daily": str(daily), "before": str(before), "after": str(after), "currency": currency}


def brought(rises: Iterable[Json]) -> Iterator[Brought]:
    """Each campaign's budget as it is on that day, and as it will be."""
    for rise in rises:
        before, after = (
            [{"state": LIVE, "budget": {"budget": float(rise[name])}}] for name in ("before", "after")
        )
        live, id_ = rise["state"] == LIVE, str(rise["campaignId"])
        yield Brought(CAMPAIGNS, before, after, live, of=f"campaign {id_}", owner=id_)


def lines(rises: Sequence[Json]) -> Iterator[str]:
    """A line for each campaign whose budget changes on some day."""
    changed = [rise for rise in rises if rise["before"] != rise["after"]]
    for rise in changed[:MOST_SAID]:
        yield f"the daily budget of campaign {rise['campaignId']} {quoted(rise['name'])}: {said(rise)}"
    if len(changed) > MOST_SAID:
        yield f"and the daily budgets of {len(changed) - MOST_SAID} more campaigns"


def quoted(name: Any) -> str:
    """A name somebody chose, as data on one line."""
    return json.dumps(cut(name), ensure_ascii=False)


def said(rise: Json) -> str:
    """From what to what, on the day on which it is most; a rule may hold or not."""
    before, after = Decimal(rise["before"]), Decimal(rise["after"])
    most = "up to " if after > Decimal(rise["daily"]) else ""
    return f"{raises.shown(before, rise['currency'])} → {most}{raises.shown(after, rise['currency'])} a day"
