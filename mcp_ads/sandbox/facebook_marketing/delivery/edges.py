"""The edges of campaigns, ad sets and ads."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, updating

from . import activities, ad_rules, ad_studies, ads, adsets, campaigns, copies, labels, schedules, volume

EDGES: Edges = {
    "POST account/campaigns": labels.labelled(campaigns.create),
    "DELETE account/campaigns": campaigns.delete_many,
    "POST account/adsets": labels.labelled(adsets.create),
    "POST account/ads": labels.labelled(ads.create),
    "GET account/activities": activities.listed,
    "GET account/ads_volume": volume.volume,
    "POST campaign": labels.labelled(campaigns.update),
    "POST adset": labels.labelled(adsets.update),
    "POST ad": labels.labelled(ads.update),
    "DELETE label": labels.delete,
    "GET account/minimum_budgets": labels.minimum_budgets,
    **{f"GET {kind}/budget_schedules": schedules.listed for kind in ("campaign", "adset")},
    **{f"POST {kind}/budget_schedules": schedules.create for kind in ("campaign", "adset")},
    **{f"POST {kind}/copies": copies.copy for kind in ("campaign", "adset", "ad")},
    "POST account/adrules_library": creating("rule", rule=ad_rules.check),
    "POST rule": updating(ad_rules.check),
    "GET account/impacting_ad_studies": ad_studies.impacting,
    "POST business/ad_studies": ad_studies.create,
    "POST me/ad_studies": ad_studies.create,
    **{f"GET cell/{edge}": ad_studies.inside(kind) for edge, kind in ad_studies.INSIDE.items()},
}
