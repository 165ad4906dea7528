"""What stands in an account's log from the beginning: who cut a budget, who paused an ad set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from mcp_ads.sandbox.agency.campaigns import campaign, groups
from mcp_ads.sandbox.agency.clients import FACEBOOK, Account, accounts
from mcp_ads.sandbox.agency.ids import Place
from mcp_ads.sandbox.agency.stories import CUT, PAUSED, PERSON, Story, by_account
from mcp_ads.sandbox.facebook_marketing.params import instant, stamp

from .spelling import at, id_of

Body = dict[str, Any]
FIRST = 7_000
ACTOR = "10158000000000077"


def activities(began: int, account: Account) -> Iterator[Body]:
    """The entries of an account from the beginning; declined ads are told by the ads themselves."""
    for place, story in enumerate(by_account().get(account.number, ())):
        if story.kind in (CUT, PAUSED):
            yield _entry(began, account, FIRST + account.number * 10 + place, story)


def activity(began: int, id: str) -> Body | None:
    """One of these entries."""
    number = int(id) - FIRST if id.isdigit() else 0
    if not 10 <= number < 10 * (len(accounts()) + 1):
        return None
    account = accounts()[number // 10 - 1]
    rows = activities(began, account) if account.platform == FACEBOOK else iter(())
    return next((row for row in rows if row["id"] == id), None)


def _entry(began: int, account: Account, number: int, story: Story) -> Body:
    one = campaign(began, account.number, story.campaign)
    day = instant(at(began - story.since, account.zone, 10)).astimezone(UTC)
    common = {
        "id": str(number),
        "account_id": account.id,
        "actor_id": ACTOR,
        "actor_name": PERSON,
        "application_id": "119211728144504",
        "application_name": "Power Editor",
        "event_time": stamp(day),
        "_n": number,
    }
    if story.kind == CUT:
        return common | {
            "_kind": "campaign",
            "_category": "BUDGET",
            "event_type": "update_campaign_budget",
            "translated_event_type": "Campaign budget updated",
            "object_type": "CAMPAIGN_GROUP",
            "object_id": id_of("campaign", Place(account.number, one.number)),
            "object_name": one.name,
            "extra_data": json.dumps(
                {
                    "old_value": {"old_value": one.before, "type": "Per day"},
                    "new_value": {"new_value": one.budget, "type": "Per day"},
                }
            ),
        }
    group = next(group for group in groups(began, one) if group.place == story.group)
    return common | {
        "_kind": "adset",
        "_category": "STATUS",
        "event_type": "update_ad_set_run_status",
        "translated_event_type": "Ad set status updated",
        "object_type": "CAMPAIGN",
        "object_id": id_of("adset", Place(account.number, one.number, group.place)),
        "object_name": group.name,
        "extra_data": json.dumps({"old_value": "Active", "new_value": "Inactive"}),
    }
