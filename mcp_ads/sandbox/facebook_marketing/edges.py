"""Everything this Graph answers: `METHOD kind[/edge]` to the function that does, family by family.

A new edge is one line in its family's table; its parameters and its nodes' fields are in fields.json.
"""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.access.edges import EDGES as ACCESS
from mcp_ads.sandbox.facebook_marketing.creative.edges import EDGES as CREATIVE
from mcp_ads.sandbox.facebook_marketing.delivery.edges import EDGES as DELIVERY
from mcp_ads.sandbox.facebook_marketing.measuring.edges import EDGES as MEASURING

from .objects import Edges

EDGES: Edges = {**ACCESS, **DELIVERY, **CREATIVE, **MEASURING}
