"""The edges of campaigns, ad sets and ads."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges

from . import ads, adsets, campaigns, volume

EDGES: Edges = {
    "POST account/campaigns": campaigns.create,
    "DELETE account/campaigns": campaigns.delete_many,
    "POST account/adsets": adsets.create,
    "POST account/ads": ads.create,
    "POST campaign": campaigns.update,
    "POST adset": adsets.update,
    "POST ad": ads.update,
    "GET account/ads_volume": volume.volume,
}
