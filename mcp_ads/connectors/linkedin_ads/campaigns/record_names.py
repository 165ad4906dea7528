"""What LinkedIn's records have, by dotted names; `fields` may name no others.

The plain ids and `serving`, which is servingStatuses as text, are added where rows are shown.
"""

from __future__ import annotations


def _inside(outer: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{outer}.{name}" for name in names)


STAMPS = (
    *_inside("changeAuditStamps", "created.time", "created.actor"),
    *_inside("changeAuditStamps", "lastModified.time", "lastModified.actor"),
)
COMMON = ("id", "name", "status", "test", "serving", "servingStatuses", *STAMPS, "version.versionTag")
HELD = "held_by"
SCHEDULE = _inside("runSchedule", "start", "end")
BUDGETS = (
    *_inside("dailyBudget", "amount", "currencyCode"),
    *_inside("totalBudget", "amount", "currencyCode"),
)
ACCOUNT = (
    *COMMON, "account_id", "type", "currency", "reference", "referenceInfo.*",
    "notifiedOnCampaignOptimization", "notifiedOnCreativeApproval", "notifiedOnCreativeRejection",
    "notifiedOnEndOfCampaign", "notifiedOnNewFeaturesEnabled",
)  # fmt: skip
GROUP = (
    *COMMON, HELD, "account_id", "account", "objectiveType", *BUDGETS, *SCHEDULE,
    *_inside("budgetOptimization", "budgetOptimizationStrategy", "bidStrategy"),
    "allowedCampaignTypes", "backfilled",
)  # fmt: skip
CAMPAIGN = (
    *COMMON, HELD, "account_id", "campaign_group_id", "account", "campaignGroup", "type", "format",
    "objectiveType", "costType", "optimizationTargetType", *_inside("unitCost", "amount", "currencyCode"),
    *BUDGETS, *SCHEDULE, *_inside("locale", "country", "language"), "targetingCriteria.*",
    "associatedEntity", "associatedEntityInfo.*", "offsiteDeliveryEnabled", "offsitePreferences.*",
    "audienceExpansionEnabled", "storyDeliveryEnabled", "connectedTelevisionOnly", "politicalIntent",
    "creativeSelection", "pacingStrategy", "optimizationPreference.*",
)  # fmt: skip
OTHER_WORDS = {
    "group_id": "campaign_group_id",
    "objective": "objectiveType",
    "daily_budget": "dailyBudget.amount",
    "total_budget": "totalBudget.amount",
    "lifetime_budget": "totalBudget.amount",
    "bid": "unitCost.amount",
    "start_date": "runSchedule.start",
    "end_date": "runSchedule.end",
    "serving_status": "serving",
    "effective_status": "serving",
    "targeting": "targetingCriteria",
    "created": "changeAuditStamps.created.time",
    "updated": "changeAuditStamps.lastModified.time",
}
