"""The edges of campaigns, ad sets and ads."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges

from . import activities, ads, adsets, campaigns, copies, labels, schedules

EDGES: Edges = {
    "POST account/campaigns": labels.labelled(campaigns.create),
    "DELETE account/campaigns": campaigns.delete_many,
    "POST account/adsets": labels.labelled(adsets.create),
    "POST account/ads": labels.labelled(ads.create),
    "GET account/activities": activities.listed,
    "POST campaign": labels.labelled(campaigns.update),
    "POST adset": labels.labelled(adsets.update),
    "POST ad": labels.labelled(ads.update),
    "DELETE label": labels.delete,
    "GET account/minimum_budgets": labels.minimum_budgets,
    **{f"GET {kind}/budget_schedules": schedules.listed for kind in ("campaign", "adset")},
    **{f"POST {kind}/budget_schedules": schedules.create for kind in ("campaign", "adset")},
    **{f"POST {kind}/copies": copies.copy for kind in ("campaign", "adset", "ad")},
}
