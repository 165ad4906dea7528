"""What stands in a profile's change history from the beginning: a budget that was cut, an ad group paused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from mcp_ads.sandbox.agency.campaigns import campaign
from mcp_ads.sandbox.agency.clients import AMAZON, by_id
from mcp_ads.sandbox.agency.ids import Place
from mcp_ads.sandbox.agency.stories import CUT, PAUSED, by_account
from mcp_ads.sandbox.agency.world import began
from mcp_ads.sandbox.amazon_ads.calls import Body, Call
from mcp_ads.sandbox.amazon_ads.changes import event
from mcp_ads.sandbox.amazon_ads.market import major

from .spelling import id_of


def changes(call: Call) -> Iterator[Body]:
    """The events of the call's profile, with their times in milliseconds."""
    account, day = by_id(AMAZON)[call.profile_id], began(call.store)
    for story in by_account().get(account.number, ()):
        if story.kind not in (CUT, PAUSED):
            continue
        place = Place(account.number, story.campaign, story.group)
        if story.kind == CUT:
            one = campaign(day, account.number, story.campaign)
            budgets = (major(amount, account.currency) for amount in (one.before, one.budget))
            known = event("campaigns", {"campaignId": id_of("campaigns", place)}, "BUDGET_AMOUNT", *budgets)
        else:
            found = call.store.get("amazon.adGroups", id_of("adGroups", place)) or {}
            known = event("adGroups", found, "STATUS", "ENABLED", "PAUSED")
        at = datetime.combine(date.fromordinal(day - story.since), time(10), ZoneInfo(account.zone))
        yield known | {"timestamp": int(at.astimezone(UTC).timestamp() * 1000)}
