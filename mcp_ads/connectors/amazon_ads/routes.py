"""The four routes of an entity that is listed and changed by POST and PUT, under one media type."""

from __future__ import annotations

from typing import NamedTuple

from mcp_ads.core import POST, PUT, Route

from .dialect import vendor


class Routes(NamedTuple):
    """The routes of one entity; it has no others, and creatives of Sponsored TV have none that archives."""

    list: Route
    create: Route
    update: Route
    archive: Route


def routes_at(path: str, media: str) -> Routes:
    """The routes below a path such as /sp/campaigns, all under one media type, such as spCampaign.v3."""
    places = ((POST, "/list"), (POST, ""), (PUT, ""), (POST, "/delete"))
    return Routes(*(vendor(verb, f"{path}{rest}", media) for verb, rest in places))
