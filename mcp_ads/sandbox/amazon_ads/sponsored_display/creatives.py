"""Sponsored Display creatives: what they may show, and that each change is reviewed."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields, Verb, check_shape, problems
from mcp_ads.sandbox.amazon_ads.items import FIRST_ID, owned, shown
from mcp_ads.sandbox.store import Store

KIND, MOST, CREATIVE = "amazon.sd.creatives", 100, 5 * 10**13
AWAY = ("OFF_AMAZON_LINK", "STORE", "MOMENT")
TOGETHER = ("headline", "brandLogo", "rectCustomImage", "squareCustomImage")
VIDEOS = ("video", "squareVideos", "horizontalVideos", "verticalVideos")
PIXELS = Field("int", need=True, low=0)
IMAGE: Fields = {
    "assetId": Field(need=True),
    "assetVersion": Field(need=True),
    "croppingCoordinates": Field("object", of=dict.fromkeys(("top", "left", "width", "height"), PIXELS)),
}
VIDEO: Fields = {name: IMAGE[name] for name in ("assetId", "assetVersion")}
PROPERTIES: Fields = {
    "headline": Field(high=50),
    "hasTermsAndConditions": Field("bool"),
    **dict.fromkeys(("brandLogo", "rectCustomImage", "squareCustomImage"), Field("object", of=IMAGE)),
    **dict.fromkeys(("squareImages", "horizontalImages", "verticalImages"), Field("list", of=IMAGE)),
    "video": Field("object", of=VIDEO),
    **dict.fromkeys(VIDEOS[1:], Field("list", of=VIDEO, high=1)),
    "backgrounds": Field("list", of={"color": Field()}),
}
FIELDS: Fields = {
    "adGroupId": Field("int", need=True, on="create"),
    "creativeType": Field("enum", values=("IMAGE", "VIDEO")),
    "properties": Field("object", need=True, of=PROPERTIES),
    "consentToTranslate": Field("bool", on="create"),
}
LOCALES = ("en-US", "en-GB", "en-CA", "de-DE", "fr-FR", "es-ES", "es-MX", "it-IT", "ja-JP", "zh-CN")


def _list(call: Call) -> Response:
    return reply([shown(row) for row in _found(call, {"adGroupIdFilter", "creativeIdFilter"})])


def _moderation(call: Call) -> Response:
    """What the review found of each."""
    if call.request.query_params.get("language") not in LOCALES:
        raise Refused(422, f"language must be one of {', '.join(LOCALES)}")
    rows = _found(call, {"adGroupIdFilter", "creativeIdFilter", "language"})
    return reply([_reviewed(row) for row in rows])


def _reviewed(row: Body) -> Body:
    kept = {name: row[name] for name in ("creativeId", "creativeType", "moderationStatus")}
    rejected = row["moderationStatus"] == "REJECTED"
    why = {"policyDescription": "Your headline contains a claim without proof."}
    return {**kept, "etaForModeration": row["_updated"], "policyViolations": [why] if rejected else []}


def _found(call: Call, known: set[str]) -> list[Body]:
    query = dict(call.request.query_params)
    start, size = query.get("startIndex", "0"), query.get("count", str(MOST))
    if unknown := query.keys() - known - {"startIndex", "count"}:
        raise Refused(400, f"Invalid query parameter {min(unknown)}")
    if {"adGroupIdFilter", "creativeIdFilter"} <= query.keys():
        raise Refused(400, "creativeIdFilter cannot be used in conjunction with adGroupIdFilter")
    if not (start.isdecimal() and size.isdecimal() and 1 <= int(size) <= MOST):
        raise Refused(422, f"startIndex is a number, count 1 to {MOST}")
    ids = {name.removesuffix("Filter"): text.split(",") for name, text in query.items() if "Filter" in name}
    rows = [row for row in owned(call, KIND) if all(str(row[name]) in wanted for name, wanted in ids.items())]
    return rows[int(start) : int(start) + int(size)]


def _create(call: Call) -> Response:
    return _write(call, "create")


def _update(call: Call) -> Response:
    return _write(call, "update")


def _write(call: Call, verb: Verb) -> Response:
    sent = call.body
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST:
        raise Refused(400, f"The body must be an array of 1 to {MOST} creatives")
    for index, item in enumerate(sent):
        rest = item
        if verb == "update" and isinstance(item, dict):
            rest = {name: value for name, value in item.items() if name != "creativeId"}
            if type(item.get("creativeId")) is not int:
                raise Refused(400, f"$[{index}].creativeId must be a number")
        check_shape(rest, FIELDS, verb, f"$[{index}]")
    with call.store.transaction():
        return reply([_told(call, verb, item) for item in sent], 207)


def _told(call: Call, verb: Verb, item: Body) -> Body:
    old = call.store.get(KIND, str(item.get("creativeId"))) if verb == "update" else None
    if verb == "update" and (old is None or old["_profile"] != call.profile_id):
        return {"code": "NOT_FOUND", "description": "Could not find creative"}
    rest = {name: value for name, value in item.items() if name != "creativeId"}
    if found := next(problems(rest, FIELDS, verb, "$"), None):
        return {"code": "INVALID_ARGUMENT", "description": f"{found.location} {found.message}"}
    new = {**(old or {}), **rest}
    if wrong := next(_unfit(call, new), ""):
        return {"code": "INVALID_ARGUMENT", "description": wrong}
    own = item["creativeId"] if old else int(call.store.new_id("amazon.id", FIRST_ID))
    kept = {"creativeId": own, "creativeType": "IMAGE", **new, "moderationStatus": "PENDING_REVIEW"}
    kept.pop("consentToTranslate", None)
    moment = {"_profile": call.profile_id, "_updated": "2026-12-01T00:00:00.000Z"}
    call.store.put(KIND, str(own), {**kept, **moment})
    call.store.journal("amazon_ads", f"{verb} display creative", str(own), item)
    return {"creativeId": own, "code": "SUCCESS"}


def _unfit(call: Call, new: Body) -> Iterator[str]:
    """What does not go with the ad group, or with the ads in it."""
    group = call.store.get("amazon.sd.adGroups", str(new["adGroupId"]))
    if group is None or group["_profile"] != call.profile_id:
        yield "adGroupId: no such ad group"
        return
    kind, has = new.get("creativeType") or "IMAGE", new["properties"]
    if kind != (group.get("creativeType") or "IMAGE"):
        yield f"creativeType: the ad group takes {group.get('creativeType') or 'IMAGE'}"
    if (kind == "VIDEO") != bool(has.keys() & {*VIDEOS}):
        yield "a VIDEO creative must have a video, and no other"
    if not has:
        yield "properties must not be empty"
    ads = (ad for ad in owned(call, "amazon.sd.productAds") if ad["adGroupId"] == new["adGroupId"])
    if any(ad.get("landingPageType") in AWAY for ad in ads) and not {*TOGETHER} <= has.keys():
        yield f"{', '.join(TOGETHER)} are required all together"


OPERATIONS = (
    Operation("GET", "/sd/creatives", _list),
    Operation("GET", "/sd/moderation/creatives", _moderation),
    Operation("POST", "/sd/creatives", _create, takes="application/json"),
    Operation("PUT", "/sd/creatives", _update, takes="application/json"),
)


def fill(store: Store, profile: Body) -> None:
    """A headline and a logo in the first ad groups; the review let the second one not through."""
    owner = str(profile["profileId"])
    groups = store.owned("amazon.sd.adGroups", "_profile", owner)
    lines = ("Towels that dry fast", "The best towels ever", "Made for salt water")
    for group, line, status in zip(groups, lines, ("APPROVED", "REJECTED", "APPROVED"), strict=False):
        own = group["campaignId"] + CREATIVE
        logo = {"assetId": f"amzn1.assetlibrary.asset1.logo{own % 10}", "assetVersion": "version_v1"}
        body = {"creativeId": own, "adGroupId": group["adGroupId"], "creativeType": "IMAGE"}
        body |= {"properties": {"headline": line, "brandLogo": logo}, "moderationStatus": status}
        store.put(KIND, str(own), {**body, "_profile": owner, "_updated": group["_updated"]})
