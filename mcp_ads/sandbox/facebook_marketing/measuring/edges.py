"""The edges of insights, at once or as reports."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges

from . import reports

EDGES: Edges = {
    "GET account/insights": reports.at_once,
    "POST account/insights": reports.order,
    "GET campaign/insights": reports.at_once,
    "POST campaign/insights": reports.order,
    "GET adset/insights": reports.at_once,
    "POST adset/insights": reports.order,
    "GET ad/insights": reports.at_once,
    "POST ad/insights": reports.order,
    "GET run": reports.poll,
    "GET run/insights": reports.results,
}
