"""The edges of creatives."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, listing, node

from . import creatives

EDGES: Edges = {
    "GET account/adcreatives": listing("creative"),
    "POST account/adcreatives": creatives.create,
    "GET ad/adcreatives": creatives.of_ad,
    "GET creative": node,
    "POST creative": creatives.update,
    "DELETE creative": creatives.delete,
}
