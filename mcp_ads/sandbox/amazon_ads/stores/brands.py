"""The advertiser's one brand, and its Store of four pages."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply

BRAND = "application/vnd.brand.v3+json"
PAGES = ("Home", "Towels", "Bags", "On the water")
SITES = {"US": "com", "DE": "de", "JP": "co.jp"}


def entity_of(profile: Body) -> str:
    """What campaigns and Stores call a profile's brand."""
    return f"ENTITYB{str(profile['profileId'])[:6]}"


def pages_of(profile: Body) -> list[Body]:
    """The pages of the profile's Store."""
    site = f"https://www.amazon.{SITES[profile['countryCode']]}/stores/page"
    ids = [str(uuid5(NAMESPACE_URL, f"{profile['profileId']} {name}")).upper() for name in PAGES]
    return [
        {"storePageId": id_, "storePageUrl": f"{site}/{id_}", "storePageName": name}
        for id_, name in zip(ids, PAGES, strict=True)
    ]


def list_brands(call: Call) -> Response:
    """Registered ones; only sellers' have an entity's id."""
    query = dict(call.request.query_params)
    asked = query.pop("brandTypeFilter", "brandRegistry").split(",")
    if query or {*asked} - {"brandRegistry", "bookAuthor"}:
        raise Refused(400, f"Invalid query parameter {min(query, default='brandTypeFilter')}")
    own: Body = {"brandId": f"AMZNBRAND{str(call.profile_id)[:4]}", "brandRegistryName": "Tern & Tide"}
    if call.profile["accountInfo"]["type"] == "seller":
        own["brandEntityId"] = entity_of(call.profile)
    return reply([own] if "brandRegistry" in asked else [], media=BRAND)


def list_stores(call: Call) -> Response:
    """All of them, each with its pages."""
    own = {"code": "SUCCESS", "entityId": call.profile["accountInfo"]["id"], "storeName": "Tern & Tide"}
    more = {"brandEntityId": entity_of(call.profile), "storePageInfo": pages_of(call.profile)}
    return reply([own | more])


OPERATIONS = (
    Operation("GET", "/brands", list_brands, gives=BRAND),
    Operation("GET", "/v2/stores", list_stores),
)
