"""The edges of campaigns, ad sets and ads."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, updating

from . import ad_rules, ad_studies, ads, adsets, campaigns

EDGES: Edges = {
    "POST account/campaigns": campaigns.create,
    "DELETE account/campaigns": campaigns.delete_many,
    "POST account/adsets": adsets.create,
    "POST account/ads": ads.create,
    "POST campaign": campaigns.update,
    "POST adset": adsets.update,
    "POST ad": ads.update,
    "POST account/adrules_library": creating("rule", rule=ad_rules.check),
    "POST rule": updating(ad_rules.check),
    "GET account/impacting_ad_studies": ad_studies.impacting,
    "POST business/ad_studies": ad_studies.create,
    "POST me/ad_studies": ad_studies.create,
    **{f"GET cell/{edge}": ad_studies.inside(kind) for edge, kind in ad_studies.INSIDE.items()},
}
