"""Campaign groups: /adAccounts/{account}/adCampaignGroups."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar

from mcp_ads.sandbox.linkedin_ads import delivery, schema
from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import Fault
from mcp_ads.sandbox.linkedin_ads.searching import search_filters
from mcp_ads.sandbox.linkedin_ads.state import (
    CAMPAIGN,
    CREATIVE,
    GROUP,
    Body,
    Call,
    public,
    tail,
    urn,
)
from mcp_ads.sandbox.store import Store

from . import rules
from .statuses import transition

STATUSES = ("ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "CANCELED", "PENDING_DELETION", "REMOVED")
OBJECTIVES = (
    "BRAND_AWARENESS",
    "ENGAGEMENT",
    "WEBSITE_VISIT",
    "WEBSITE_CONVERSION",
    "LEAD_GENERATION",
    "VIDEO_VIEW",
    "JOB_APPLICANT",
    "TALENT_LEAD",
    "WEBSITE_TRAFFIC",
    "CREATIVE_ENGAGEMENT",
    "CONVERSATION_STARTER",
)
BUDGET_OPTIMIZATION = schema.record(
    {"budgetOptimizationStrategy": schema.enum("DYNAMIC")},
    {"bidStrategy": schema.enum("MAXIMUM_DELIVERY", "MANUAL", "COST_CAP")},
)


class Groups(Collection):
    """Campaign groups, which the advertiser's own pages call campaigns."""

    path = "adAccounts/{account}/adCampaignGroups"
    noun, kind, urn_kind, first_id = "campaign group", GROUP, "sponsoredCampaignGroup", 600_000_000
    fields: ClassVar = {
        "account": schema.urn_of("sponsoredAccount"),
        "name": schema.string,
        "status": schema.enum(*STATUSES),
        "runSchedule": schema.SCHEDULE,
        "totalBudget": schema.MONEY,
        "dailyBudget": schema.MONEY,
        "budgetOptimization": BUDGET_OPTIMIZATION,
        "objectiveType": schema.enum(*OBJECTIVES),
    }
    required = ("account", "name", "runSchedule")
    read_only = (
        "id", "backfilled", "servingStatuses", "test", "allowedCampaignTypes", "changeAuditStamps", "version",
    )  # fmt: skip
    defaults: ClassVar = {"status": "DRAFT", "test": False, "backfilled": False}
    filters: ClassVar = search_filters("sponsoredCampaignGroup", STATUSES)

    def faults(self, call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
        if old and old["backfilled"]:
            text = "The default campaign group cannot be changed"
            yield Fault("CANNOT_UPDATE_BACKFILLED_CAMPAIGN_GROUPS", "/", text)
            return
        yield from chain(
            rules.same_account(call, new),
            rules.name(new, 100),
            rules.money(call, new, "dailyBudget", "totalBudget"),
            rules.schedule(new, old),
            rules.total_needs_end(new),
            _optimization(new),
            transition(old["status"] if old else None, new["status"]),
        )
        if new["status"] == "PENDING_DELETION":
            yield from self._kept(call)
        if old and call.account["type"] == "ENTERPRISE":
            for field in self.fields.keys() - {"name", "status"}:
                if new.get(field) != old.get(field):
                    text = "Only name and status of an enterprise account's campaign groups are editable"
                    yield Fault("FIELD_NOT_ALLOWED_FOR_ENTERPRISE_LMS_ACCOUNTS", f"/{field}", text)
        if old and new.get("objectiveType") != old.get("objectiveType"):
            yield Fault("OBJECTIVE_CHANGE_NOT_ALLOWED", "/objectiveType", "The objective is fixed")

    def undeletable(self, call: Call, old: Body) -> Iterator[Fault]:
        yield from super().undeletable(call, old)
        yield from self._kept(call)

    def _kept(self, call: Call) -> Iterator[Fault]:
        if call.account["type"] == "ENTERPRISE":
            code = "NO_DELETE_ON_LMS_ENTERPRISE_CAMPAIGN_GROUPS"
            yield Fault(code, "/status", "Campaign groups of an enterprise account are not deleted")

    def deleted(self, call: Call, old: Body) -> None:
        for member in _members(call.store, old):
            delete_creatives(call.store, member)
            call.store.delete(CAMPAIGN, str(member["id"]))

    def changed(self, call: Call, new: Body) -> None:
        if new["status"] in ("ARCHIVED", "PENDING_DELETION"):
            for member in _members(call.store, new):
                if member["status"] not in ("CANCELED", "PENDING_DELETION", "REMOVED"):
                    call.store.put(CAMPAIGN, str(member["id"]), {**member, "status": new["status"]})
        delivery.refresh(call.store, call.keys["account"])

    def view(self, store: Store, body: Body) -> Body:
        del store
        stopped = [] if body["status"] == "ACTIVE" else ["STOPPED"]
        dates = [f"CAMPAIGN_GROUP_{hold}" for hold in delivery.date_holds(body["runSchedule"])]
        return {**public(body), "servingStatuses": [*stopped, *dates] or ["RUNNABLE"]}


def delete_creatives(store: Store, campaign: Body) -> None:
    """Removes what a deleted campaign held."""
    mine = urn("sponsoredCampaign", campaign["id"])
    for creative in store.owned(CREATIVE, "campaign", mine):
        store.delete(CREATIVE, tail(creative["id"]))


def _optimization(new: Body) -> Iterator[Fault]:
    if new.get("dailyBudget") and not new.get("budgetOptimization"):
        text = "A daily budget of a group needs the budget optimization DYNAMIC"
        yield Fault("CONDITIONAL_FIELD_NOT_ALLOWED", "/dailyBudget", text)


def _members(store: Store, group: Body) -> list[Body]:
    return store.owned(CAMPAIGN, "campaignGroup", urn("sponsoredCampaignGroup", group["id"]))
