"""Versions of what Sponsored Brands ads show: a new one waits for its review, and the ad stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Problem, Refused, reply
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields, check_shape, problems
from mcp_ads.sandbox.amazon_ads.items import owned, shown

from .ads import BRAND as OF_AD
from .ads import COLLECTION, CREATIVES, SPOTLIGHT, VIDEO, WORDS, unfit, unled

MEDIA = "application/vnd.sbAdCreativeResource.v4+json"
OF_ADS = "application/vnd.sbadresource.v4+json"
KIND, MOST = "amazon.sb.creatives", 100
FILTERS = {
    "creativeStatusFilter": "creativeStatus",
    "creativeTypeFilter": "creativeType",
    "creativeVersionFilter": "creativeVersion",
}
STATES = (
    *("SUBMITTED_FOR_MODERATION", "PENDING_TRANSLATION", "PENDING_MODERATION_REVIEW"),
    *("APPROVED_BY_MODERATION", "REJECTED_BY_MODERATION", "PUBLISHED"),
)
LISTED: Fields = {
    "creativeStatusFilter": Field("list", values=STATES),
    "creativeTypeFilter": Field("list", values=(COLLECTION, *WORDS.values())),
    "creativeVersionFilter": Field("list", high=MOST),
}
PAGE: Fields = {"type": Field(need=True), "url": Field(), "asins": Field("list", low=3, high=100)}
BRAND: Fields = {
    **{name: field for name, field in OF_AD.items() if name != "brandLogoAssetID"},
    "brandLogoAssetId": Field(need=True),
    "landingPage": Field("object", of=PAGE),
}
VERSIONS: Mapping[str, Fields] = {
    "video": VIDEO,
    "brandVideo": {**BRAND, **VIDEO, "asins": Field("list", need=True, high=3)},
    "storeSpotlight": {**SPOTLIGHT, **BRAND},
}
"""What a new version has, of the types that are sent one by one."""


def _list(call: Call) -> Response:
    body = call.body
    if not isinstance(body, dict) or not isinstance(body.get("adId"), str):
        raise Refused(400, "adId is required")
    if unknown := set(body) - {"adId", "maxResults", "nextToken", *FILTERS}:
        raise Refused(400, f"Unrecognized field at $.{min(unknown)}")
    chosen = {name: value for name, value in body.items() if name in FILTERS}
    check_shape(chosen, LISTED, "create", "$")
    if wrong := [*problems(chosen, LISTED, "create", "$")]:
        raise Refused(400, f"{wrong[0].location}: {wrong[0].message}")
    size, start = body.get("maxResults", MOST), str(body.get("nextToken") or 0)
    if not isinstance(size, int) or not 1 <= size <= MOST or not start.isdecimal():
        raise Refused(400, f"maxResults must be 1 to {MOST}")
    _ad(call, body["adId"])
    found = [row for row in owned(call, KIND) if row["adId"] == body["adId"]]
    for name in chosen:
        found = [row for row in found if row[FILTERS[name]] in body[name]]
    found.sort(key=lambda row: -int(row["creativeVersion"]))
    first = int(start)
    page = [shown(row) for row in found[first : first + size]]
    answer: Body = {"creatives": page, "totalResults": len(found)}
    if first + size < len(found):
        answer["nextToken"] = str(first + size)
    return reply(answer, media=MEDIA)


def _ad(call: Call, ad_id: Any) -> Body:
    found = call.store.get("amazon.sb.ads", str(ad_id))
    if found is None or found["_profile"] != call.profile_id:
        raise Refused(400, f"Ad {ad_id} not found")
    return found


def _wrong(kind: str, call: Call, ad: Body, creative: Body, fields: Fields) -> list[Problem]:
    at = "$.creative"
    found = [*problems(creative, fields, "create", at)]
    if ad["state"] == "ARCHIVED" or ad["_type"] != kind:
        found.append(Problem("otherError", "INVALID_ARGUMENT", f"the ad takes no {kind} creative", "$.adId"))
    page = creative.get("landingPage")
    led = [*unled(page)] if page is not None and kind in VERSIONS else []
    for where, why in () if found else (*unfit(call.profile, creative, page or {}), *led):
        found.append(Problem("otherError", "INVALID_ARGUMENT", why, f"{at}.{where}"))
    return found


def _keep(call: Call, ad: Body, creative: Body) -> str:
    """The new version's number; it waits for its review."""
    number = 1 + sum(row["adId"] == ad["adId"] for row in owned(call, KIND))
    at = round(call.store.clock.now() * 1000)
    own = {"adId": ad["adId"], "creativeVersion": str(number), "_profile": call.profile_id}
    told = {"creativeType": ad["creative"]["type"], "creativeStatus": "PENDING_MODERATION_REVIEW"}
    times = {"creationTime": at, "lastUpdateTime": at}
    row = {**own, **told, "creativeProperties": creative, **times}
    call.store.put(KIND, f"{ad['adId']} {number}", row)
    call.store.journal("amazon_ads", "create creative", ad["adId"], creative)
    return str(number)


def _one(kind: str, call: Call) -> Response:
    body = call.body
    if not isinstance(body, dict) or set(body) != {"adId", "creative"}:
        raise Refused(400, "The body must have adId and creative")
    check_shape(body["creative"], VERSIONS[kind], "create", "$.creative")
    ad = _ad(call, body["adId"])
    if wrong := _wrong(kind, call, ad, body["creative"], VERSIONS[kind]):
        raise Refused(400, f"{wrong[0].location}: {wrong[0].message}")
    with call.store.transaction():
        version = _keep(call, ad, body["creative"])
    return reply({"adId": ad["adId"], "creativeVersion": version}, media=MEDIA)


def _collections(kind: str, call: Call) -> Response:
    body = call.body
    ads = body.get("ads") if isinstance(body, dict) and set(body) == {"ads"} else None
    if not isinstance(ads, list) or not 1 <= len(ads) <= 10:
        raise Refused(400, "The body must have 1 to 10 ads")
    fields: Fields = {"adId": Field("id", need=True), "creative": Field("object", of=CREATIVES[kind])}
    for index, item in enumerate(ads):
        check_shape(item, fields, "create", f"$.ads[{index}]")
    done: list[Body] = []
    failed: list[Body] = []
    with call.store.transaction():
        for index, item in enumerate(ads):
            ad = _ad(call, item["adId"])
            if wrong := _wrong(kind, call, ad, item["creative"], CREATIVES[kind]):
                failed.append({"index": index, "errors": [one.coded() for one in wrong]})
            else:
                version = _keep(call, ad, item["creative"])
                done.append({"index": index, "adId": ad["adId"], "creativeVersion": version})
    return reply({"creatives": {"success": done, "error": failed}}, 207, OF_ADS)


PATH = "/sb/ads/creatives"
OPERATIONS: tuple[Operation, ...] = (
    Operation("POST", f"{PATH}/list", _list, takes=MEDIA, gives=MEDIA),
    *(
        Operation("POST", f"{PATH}/{kind}", partial(_one, kind), takes=MEDIA, gives=MEDIA)
        for kind in VERSIONS
    ),
    *(
        Operation("POST", f"{PATH}/{kind}", partial(_collections, kind), takes=OF_ADS, gives=OF_ADS)
        for kind in ("manualCollection", "autoCollection")
    ),
)
