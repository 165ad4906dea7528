"""The edges of insights, at once or as reports."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges

from . import reports
from .insights import LEVELS

EDGES: Edges = {
    **{f"GET {kind}/insights": reports.at_once for kind in LEVELS},
    **{f"POST {kind}/insights": reports.order for kind in LEVELS},
    "GET run": reports.poll,
    "GET run/insights": reports.results,
}
