"""What an ACTIVE campaign waits for: its group, an audience, an ACTIVE creative, a conversion.

Nothing is spent until group, creative and campaign are ACTIVE; LinkedIn refuses some of it, and is silent on
the rest. What a daily budget means is told by LinkedIn Help, Campaign and ad set budgets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.connectors.linkedin_ads.creatives.reads import ListCreatives
from mcp_ads.connectors.linkedin_ads.leads.campaign_conversions import ListCampaignConversions
from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.core import Action

from . import rules, sizing
from .reads import GetCampaignGroup

Values = Mapping[str, Any]
SERVED, TOO_FEW = ("ACTIVE", "PAUSED"), "CAMPAIGN_AUDIENCE_COUNT_HOLD"
GROUP, CREATIVES, CONVERSIONS = "group", "creatives", "conversions"


def reads(account: str, campaign_id: str, campaign: Values) -> Mapping[str, Action]:
    """What to read of a campaign that is to be switched on: its group only where LinkedIn says that it holds
    it, its audience unless LinkedIn has counted that.
    """
    states = campaign.get("servingStatuses")
    unsure = not isinstance(states, list) or campaign.get("status") not in SERVED or TOO_FEW in states
    held = not isinstance(states, list) or "CAMPAIGN_GROUP_STATUS_HOLD" in states
    ask, attached = ListCreatives.model_construct, ListCampaignConversions.model_construct
    wanted = campaign.get("objectiveType") == "WEBSITE_CONVERSION"
    return {
        CREATIVES: ask(account_id=account, campaign_id=[campaign_id], intended_statuses=["ACTIVE"]),
        **(group_of(account, campaign) if held else {}),
        **({CONVERSIONS: attached(account_id=account, campaign_id=[campaign_id])} if wanted else {}),
        **(sizing.counted(campaign) if unsure else {}),
    }


def group_of(account: str, campaign: Values) -> Mapping[str, Action]:
    """The read of its campaign group."""
    group = tail(campaign.get("campaignGroup") or "")
    read = GetCampaignGroup.model_construct(account_id=account, campaign_group_id=group)
    return {GROUP: read} if group else {}


def keeping(account: str, campaign: Values) -> Mapping[str, Action]:
    """What to read of a campaign that is to be archived: of a draft, its group."""
    return group_of(account, campaign) if campaign.get("status") == "DRAFT" else {}


def kept(campaign: Values) -> str:
    """Why LinkedIn does not archive it."""
    in_draft = (campaign.get(GROUP) or {}).get("status") == "DRAFT"
    return (
        "its campaign group is a DRAFT, in which LinkedIn archives nothing: delete it instead"
        if in_draft
        else ""
    )


def refused(campaign: Values) -> str:
    """Why LinkedIn does not take it as ACTIVE."""
    state = (campaign.get(GROUP) or {}).get("status")
    if state == "DRAFT":
        return "its campaign group is a DRAFT, so it is one too: activate the group first"
    if state in rules.OVER or state == "ARCHIVED":
        return f"its campaign group is {state}"
    targeting = campaign.get("targetingCriteria")
    return (
        sizing.too_small(campaign, targeting)
        if targeting
        else "it has no targeting_criteria: give it some first"
    )


def waits(campaign: Values) -> Iterable[str]:
    """What still keeps it from delivering."""
    group = campaign.get(GROUP) or {}
    if group.get("status") not in (None, "ACTIVE", "DRAFT"):
        yield f"its campaign group is {group['status']}: nothing is delivered until that is activated"
    if campaign.get(CONVERSIONS) == []:
        yield (
            "no conversion counts for it, and LinkedIn takes no such campaign as ACTIVE: "
            "campaign_conversions.create attaches one"
        )
    if campaign.get(CREATIVES) == []:
        yield "it has no ACTIVE creative: nothing is delivered until one is activated, and reviewed"
    yield from sizing.told(campaign, campaign.get("targetingCriteria") or {})
    if campaign.get("dailyBudget"):
        yield "a daily budget is an average: on single days LinkedIn may spend half as much again"
