"""Campaign groups and campaigns as they are listed and read, and what holds back those that do not serve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import Get, Search
from mcp_ads.connectors.linkedin_ads.dialect import CURSOR, FINDER
from mcp_ads.connectors.linkedin_ads.types import AccountId, Names, Order
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import GET, Account
from mcp_ads.core.hiding import Hiding

from .record_names import CAMPAIGN, GROUP, OTHER_WORDS

GroupStatus = Literal["ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "CANCELED", "PENDING_DELETION", "REMOVED"]
CampaignStatus = Literal[
    "ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "COMPLETED", "CANCELED", "PENDING_DELETION", "REMOVED",
]  # fmt: skip
Type = Literal["SPONSORED_UPDATES", "TEXT_AD", "SPONSORED_INMAILS", "DYNAMIC"]
GroupId = Annotated[str, Urn("sponsoredCampaignGroup"), Field(examples=["600000001"])]
GroupIds = Annotated[
    str | list[str],
    Urn("sponsoredCampaignGroup", "either"),
    Field(examples=["600000001"], description="One, or a list."),
]
CampaignId = Annotated[str, Urn("sponsoredCampaign"), Field(examples=["300000001"])]
CampaignIds = Annotated[
    str | list[str],
    Urn("sponsoredCampaign", "either"),
    Field(examples=["300000001"], description="One, or a list."),
]
GROUPS, CAMPAIGNS = "/adAccounts/{account_id}/adCampaignGroups", "/adAccounts/{account_id}/adCampaigns"
AUDIENCE = "job title, job function, seniority, company size, industry, skills, targeting, audience, B2B"
WHY = "why does it not deliver, serve, spend; what holds it, on hold, not running"
AD_SETS, UI_CAMPAIGNS = f"ad sets, ad set, {WHY}", f"campaigns in Campaign Manager, {WHY}"
GROUP_LEAN = (
    "id", "name", "status", "serving", "objectiveType", "dailyBudget.amount", "totalBudget.amount",
    "runSchedule.end",
)  # fmt: skip
GROUP_MORE = (
    *GROUP_LEAN, "held_by", "runSchedule.start", "budgetOptimization", "allowedCampaignTypes", "backfilled",
    "test", "changeAuditStamps.lastModified.time",
)  # fmt: skip
LEAN = (
    "id", "name", "status", "serving", "objectiveType", "campaign_group_id", "dailyBudget.amount",
    "totalBudget.amount",
)  # fmt: skip
MORE = (
    *LEAN, "held_by", "type", "format", "costType", "optimizationTargetType", "unitCost.amount",
    "runSchedule.start", "runSchedule.end", "locale", "targetingCriteria", "associatedEntity",
    "offsiteDeliveryEnabled", "audienceExpansionEnabled", "politicalIntent", "creativeSelection", "test",
    "changeAuditStamps.lastModified.time",
)  # fmt: skip
WORDS = {**OTHER_WORDS, "why": "held_by", "reason": "held_by", "hold": "held_by"}
LEVELS = {"ACCOUNT": "the account", "CAMPAIGN_GROUP": "its group", "CAMPAIGN": "it"}
HOLDS = {
    "SERVING_HOLD": "may not serve",
    "TOTAL_BUDGET_HOLD": "has spent its total budget",
    "START_DATE_HOLD": "has not started",
    "END_DATE_HOLD": "has ended",
    "STATUS_HOLD": "is not ACTIVE",
    "AUDIENCE_COUNT_HOLD": "reaches too few members",
}
OTHERS = {
    "RUNNABLE": "",
    "STOPPED": "it is not ACTIVE",
    "BILLING_HOLD": "the account's billing",
    "RESTRICTED_HOLD": "the account is restricted",
    "INTERNAL_HOLD": "LinkedIn itself",
}


def held_by(record: Mapping[str, Any]) -> dict[str, str]:
    """What holds an object back, in words; one that LinkedIn adds to these states is told as it is."""
    states = record.get("servingStatuses")
    if not isinstance(states, list):
        return {}
    return {"held_by": "; ".join(told for state in states if (told := _hold(str(state))))}


def _hold(state: str) -> str:
    for level, whose in LEVELS.items():
        if does := HOLDS.get(state.removeprefix(f"{level}_")):
            return f"{whose} {does}"
    return OTHERS.get(state, state)


class Held(Hiding, Search):
    """Lists what serves, or says what holds it."""

    hidden, told_in = ("REMOVED",), ("status",)

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return super().to_row(record, account) | held_by(record)

    def left_out(self) -> str:
        asked = self.sent()
        named = {"id", "name", "campaignGroup"} & asked.keys()
        return self.unseen() if named else ""

    def unseen(self) -> str:
        return "" if "status" in self.sent() else "REMOVED: status lists them"


class OneHeld(Get):
    """Reads one, with what holds it."""

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        return super().to_row(record, account) | held_by(record)


class ListCampaignGroups(Held):
    """List the campaign groups of one ad account; Campaign Manager calls them campaigns.

    `serving` is RUNNABLE, or what holds it; `held_by` says that in words.
    """

    account_id: AccountId
    campaign_group_id: Annotated[
        list[str] | None, Urn("sponsoredCampaignGroup", "list"), Field(alias="id")
    ] = None
    status: list[GroupStatus] | None = None
    name: Names = None
    test: bool | None = None
    sort_order: Order = None

    http, said = FINDER(GROUPS), UI_CAMPAIGNS
    pages, records, lean = CURSOR, "elements", GROUP_LEAN
    known, alike = GROUP, WORDS


class GetCampaignGroup(OneHeld):
    """Read one campaign group, or several with a list of ids."""

    account_id: AccountId
    campaign_group_id: GroupIds

    http, said = GET(GROUPS + "/{campaign_group_id}"), UI_CAMPAIGNS
    strangers = "campaign_groups list has them; the id of a campaign (an ad set there) goes to campaigns"
    subject, lean = "campaign_group_id", GROUP_MORE
    known, alike = GROUP, WORDS


class ListCampaigns(Held):
    """List the campaigns of one ad account, or of some campaign groups; Campaign Manager: ad sets.

    `serving` is RUNNABLE, or what holds it: its own status, its group's, a budget, a date; `held_by` says
    that in words. Whether it has an ACTIVE creative only creatives list says.
    """

    account_id: AccountId
    campaign_group_id: Annotated[
        list[str] | None, Urn("sponsoredCampaignGroup", "list"), Field(alias="campaignGroup")
    ] = None
    campaign_id: Annotated[list[str] | None, Urn("sponsoredCampaign", "list"), Field(alias="id")] = None
    status: list[CampaignStatus] | None = None
    type: list[Type] | None = None
    name: Names = None
    associated_entity: Annotated[
        list[str] | None, Urn("organization", "list"), Field(description="LinkedIn Pages, ids or URNs.")
    ] = None
    test: bool | None = None
    sort_order: Order = None

    http, said = FINDER(CAMPAIGNS), AD_SETS
    pages, records, lean = CURSOR, "elements", LEAN
    known, alike = CAMPAIGN, WORDS


class GetCampaign(OneHeld):
    """Read one campaign, or several with a list of ids."""

    account_id: AccountId
    campaign_id: CampaignIds

    http, said = GET(CAMPAIGNS + "/{campaign_id}"), f"{AUDIENCE}, {AD_SETS}"
    strangers = (
        "campaigns list has them; the id of a campaign group (a campaign in Campaign Manager) goes to "
        "campaign_groups, that of an ad to creatives"
    )
    subject, lean = "campaign_id", MORE
    known, alike = CAMPAIGN, WORDS
