"""Campaigns: /adAccounts/{account}/adCampaigns."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from types import ModuleType
from typing import ClassVar

from mcp_ads.sandbox.linkedin_ads import delivery, schema
from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import Fault
from mcp_ads.sandbox.linkedin_ads.params import (
    enum,
    urn_of,
    values,
)
from mcp_ads.sandbox.linkedin_ads.searching import search_filters
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, GROUP, Body, Call, public, tail, urn
from mcp_ads.sandbox.store import Store

from . import ad_segments, bidding, rules, targeting
from .groups import OBJECTIVES, delete_creatives
from .statuses import transition

STATUSES = (
    "ACTIVE",
    "PAUSED",
    "DRAFT",
    "ARCHIVED",
    "COMPLETED",
    "CANCELED",
    "PENDING_DELETION",
    "REMOVED",
)
TYPES = ("TEXT_AD", "SPONSORED_UPDATES", "SPONSORED_INMAILS", "DYNAMIC")
FORMATS = (
    "STANDARD_UPDATE",
    "SINGLE_VIDEO",
    "CAROUSEL",
    "SPONSORED_UPDATE_NATIVE_DOCUMENT",
    "SPONSORED_UPDATE_EVENT",
    "SPONSORED_UPDATE_NATIVE_CAROUSEL",
    "TEXT_AD",
    "TEXT",
    "SPOTLIGHT",
    "FOLLOW_COMPANY",
    "JOBS",
    "SPONSORED_INMAIL",
    "SPONSORED_MESSAGE",
)
FROZEN = {
    "type": "FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS",
    "format": "FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS",
    "campaignGroup": "FIELD_IMMUTABLE_FOR_NON_DRAFT_CAMPAIGNS",
    "objectiveType": "IMMUTABLE_CAMPAIGN_OBJECTIVE_TYPE",
    "associatedEntity": "IMMUTABLE_ASSOCIATED_ENTITY",
}


class Campaigns(Collection):
    """Campaigns, which the advertiser's own pages call ad sets."""

    path = "adAccounts/{account}/adCampaigns"
    noun, kind, urn_kind, first_id = "campaign", CAMPAIGN, "sponsoredCampaign", 300_000_000
    fields: ClassVar = {
        "account": schema.urn_of("sponsoredAccount"),
        "campaignGroup": schema.urn_of("sponsoredCampaignGroup"),
        "name": schema.string,
        "type": schema.enum(*TYPES),
        "objectiveType": schema.enum(*OBJECTIVES),
        "format": schema.enum(*FORMATS),
        "costType": schema.enum(*bidding.COST_TYPES),
        "optimizationTargetType": schema.enum(*bidding.TARGETS),
        "unitCost": schema.MONEY,
        "dailyBudget": schema.MONEY,
        "totalBudget": schema.MONEY,
        "runSchedule": schema.SCHEDULE,
        "locale": schema.LOCALE,
        "targetingCriteria": targeting.CRITERIA,
        "targeting": schema.anything,
        "associatedEntity": schema.urn_of("organization", "person"),
        "offsiteDeliveryEnabled": schema.boolean,
        "offsitePreferences": schema.anything,
        "audienceExpansionEnabled": schema.boolean,
        "politicalIntent": schema.enum("NOT_POLITICAL", "POLITICAL", "NOT_DECLARED"),
        "creativeSelection": schema.enum("OPTIMIZED", "ROUND_ROBIN"),
        "pacingStrategy": schema.enum("LIFETIME", "ACCELERATED"),
        "connectedTelevisionOnly": schema.boolean,
        "storyDeliveryEnabled": schema.boolean,
        "optimizationPreference": schema.anything,
        "status": schema.enum(*STATUSES),
    }
    required = (
        "account",
        "name",
        "type",
        "costType",
        "locale",
        "runSchedule",
        "offsiteDeliveryEnabled",
        "politicalIntent",
    )
    read_only = ("id", "servingStatuses", "test", "changeAuditStamps", "version")
    defaults: ClassVar = {"status": "DRAFT", "test": False, "audienceExpansionEnabled": False}
    filters: ClassVar = search_filters(
        "sponsoredCampaign",
        STATUSES,
        campaignGroup=values(urn_of("sponsoredCampaignGroup")),
        type=values(enum(*TYPES)),
        associatedEntity=values(urn_of("organization", "person")),
    )

    def faults(self, call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
        yield from chain(
            rules.same_account(call, new),
            rules.name(new, 255),
            rules.money(call, new, "dailyBudget", "totalBudget", "unitCost"),
            rules.schedule(new, old),
            rules.total_needs_end(new),
            rules.revival(new, old),
            rules.frozen(new, old, FROZEN),
            transition(old["status"] if old else None, new["status"]),
            bidding.faults(new),
            targeting.faults(new),
            ad_segments.faults(call.store, new.get("targetingCriteria")),
            ad_segments.absent(
                call.store,
                new.get("targetingCriteria"),
                new.get("account", ""),
                (old or {}).get("targetingCriteria"),
            ),
            _group(call, new),
            _activation(call, new, old),
            _floor(new),
        )
        if old and new.get("pacingStrategy") != old.get("pacingStrategy"):
            yield Fault("FIELD_NOT_EDITABLE", "/pacingStrategy", "The pacing is set when a campaign is made")
        if "targeting" in new:
            yield Fault("TARGETING_FIELD_DEPRECATED", "/targeting", "Use targetingCriteria")

    def deleted(self, call: Call, old: Body) -> None:
        delete_creatives(call.store, old)

    def changed(self, call: Call, new: Body) -> None:
        delivery.refresh(call.store, call.keys["account"], urn("sponsoredCampaign", new["id"]))

    def view(self, store: Store, body: Body) -> Body:
        return {**public(body), "servingStatuses": list(_serving(store, body))}


def _group(call: Call, new: Body) -> Iterator[Fault]:
    """The group exists, a draft group holds drafts only, and its budget may stand in for the campaign's."""
    path, given = "/campaignGroup", new.get("campaignGroup")
    if given is None:
        yield Fault("MISSING_CAMPAIGN_GROUP_ID", path, "The account has several campaign groups; name one")
        return
    group = call.store.get(GROUP, tail(given))
    if group is None or tail(group["account"]) != call.keys["account"]:
        yield Fault("FIELD_VALUE_DOES_NOT_EXIST", path, "No such campaign group in this account", given)
        return
    if group["status"] == "DRAFT" and new["status"] == "ARCHIVED":
        yield Fault(
            "INVALID_STATUS_TRANSITION", "/status", "The campaign's group is still a draft", "ARCHIVED"
        )
    elif group["status"] == "DRAFT" and new["status"] != "DRAFT":
        code = "ONLY_DRAFT_CAMPAIGNS_ALLOWED_IN_DRAFT_CAMPAIGN_GROUPS"
        yield Fault(code, "/status", "The campaign's group is still a draft", new["status"])
    if group.get("objectiveType") not in (None, new.get("objectiveType")):
        text = f"The campaign group's objective is {group['objectiveType']}"
        yield Fault("MISMATCH_FIELDS", "/objectiveType", text, new.get("objectiveType"))
    yield from _budget(new, group)


def _budget(new: Body, group: Body) -> Iterator[Fault]:
    daily, total = new.get("dailyBudget"), new.get("totalBudget")
    if new.get("type") == "DYNAMIC" and not (daily and total):
        text = "A dynamic campaign needs both a daily and a total budget"
        yield Fault("CONDITIONAL_MISSING_FIELD", "/totalBudget" if daily else "/dailyBudget", text)
    elif not (daily or total or group.get("budgetOptimization")):
        text = "Either dailyBudget or totalBudget is required"
        yield Fault("CONDITIONAL_MISSING_FIELD", "/dailyBudget", text)


def _activation(call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
    if new["status"] != "ACTIVE" or (old and old["status"] == "ACTIVE"):
        return
    if not new.get("targetingCriteria"):
        text = "A campaign needs targeting to become ACTIVE"
        yield Fault("CONDITIONAL_MISSING_FIELD", "/targetingCriteria", text)
    elif estimates().too_few(call.store, new["targetingCriteria"]):
        yield Fault("AUDIENCE_SIZE_TOO_SMALL", "/targetingCriteria", "Fewer than 300 members")
    if new.get("objectiveType") == "WEBSITE_CONVERSION" and not _converts(call, new):
        code = "CONVERSION_CAMPAIGN_MISSING_ASSOCIATED_CONVERSION"
        yield Fault(code, "/objectiveType", "No conversion is associated with the campaign")


def _converts(call: Call, new: Body) -> bool:
    """Whether a conversion counts for the campaign; for those of the seed one always has."""
    from mcp_ads.sandbox.linkedin_ads.leads.conversions import KIND

    mine = urn("sponsoredCampaign", new.get("id"))
    return new.get("_conversion") or any(mine in rule["campaigns"] for rule in call.store.all(KIND))


def _floor(new: Body) -> Iterator[Fault]:
    """The least bid, which sponsored content may go below."""
    if not {"costType", "type", "unitCost"} <= new.keys():
        return
    least, bid = estimates().least_bid(new["costType"]), Decimal(new["unitCost"]["amount"])
    if 0 < bid < least and new["type"] != "SPONSORED_UPDATES":
        yield Fault("FIELD_VALUE_TOO_LOW", "/unitCost/amount", f"The least bid is {least}", str(bid))


def estimates() -> ModuleType:
    """The module that counts audiences, which knows the kinds of campaigns from here."""
    from mcp_ads.sandbox.linkedin_ads.audiences import estimates as module

    return module


def _serving(store: Store, campaign: Body) -> Iterator[str]:
    """What holds a campaign back, RUNNABLE when nothing does; its own status says STOPPED."""
    holds = list(_holds(store, campaign))
    yield from holds or ["RUNNABLE"]


def _holds(store: Store, campaign: Body) -> Iterator[str]:
    if campaign["status"] != "ACTIVE":
        yield "STOPPED"
    group, schedule = store.get(GROUP, tail(campaign["campaignGroup"])), campaign["runSchedule"]
    yield from (f"CAMPAIGN_{hold}" for hold in delivery.date_holds(schedule))
    if group:
        if group["status"] != "ACTIVE":
            yield "CAMPAIGN_GROUP_STATUS_HOLD"
        yield from (f"CAMPAIGN_GROUP_{hold}" for hold in delivery.date_holds(group["runSchedule"]))
