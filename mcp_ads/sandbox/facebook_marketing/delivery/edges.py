"""The edges of campaigns, ad sets and ads."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing import writes
from mcp_ads.sandbox.facebook_marketing.objects import Edges, creating, listing, node, updating

from . import ads, adsets, campaigns

EDGES: Edges = {
    "GET account/adlabels": listing("label"),
    "POST account/adlabels": creating("label", "name"),
    "GET label": node,
    "POST label": updating(),
    "DELETE label": writes.erase,
    "GET account/campaigns": listing("campaign"),
    "POST account/campaigns": campaigns.create,
    "DELETE account/campaigns": campaigns.delete_many,
    "GET account/adsets": listing("adset"),
    "POST account/adsets": adsets.create,
    "GET account/ads": listing("ad"),
    "POST account/ads": ads.create,
    "GET campaign": node,
    "POST campaign": campaigns.update,
    "DELETE campaign": writes.remove,
    "GET campaign/adsets": listing("adset"),
    "GET campaign/ads": listing("ad"),
    "GET adset": node,
    "POST adset": adsets.update,
    "DELETE adset": writes.remove,
    "GET adset/ads": listing("ad"),
    "GET ad": node,
    "POST ad": ads.update,
    "DELETE ad": writes.remove,
}
