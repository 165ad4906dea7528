"""The library: a logo, a picture, and two videos, of which one is still processed."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply

FOUND = "application/vnd.creativeassetssearchassetsresponse.v3+json"
ONE = "application/vnd.creativeassetsgetresponse.v3+json"
# name, type, sub-type, width, height, seconds, status
ROWS = (
    ("logo.png", "IMAGE", "LOGO", 600, 600, None, "ACTIVE"),
    ("beach.jpg", "IMAGE", "LIFESTYLE_IMAGE", 1200, 628, None, "ACTIVE"),
    ("towels.mp4", "VIDEO", "BACKGROUND_VIDEO", 1920, 1080, 20.0, "ACTIVE"),
    ("autumn.mp4", "VIDEO", "BACKGROUND_VIDEO", 1080, 1920, 15.0, "PROCESSING"),
)
FIRST, LATER = 1_750_000_000_000, 86_400_000
FIELDS = {"text": str, "filterCriteria": dict, "sortCriteria": dict, "pageCriteria": dict}
VALUES = (
    *("TAG", "ASIN", "CAMPAIGN_NAME", "CAMPAIGN_ID", "PROGRAM", "ASSET_TYPE", "ASSET_SUB_TYPE"),
    *("APPROVED_AD_POLICY", "ASSET_EXTENSION"),
)
MOST, USUAL = 500, 25


def assets_of(profile: Body) -> list[Body]:
    """The profile's assets, the oldest first."""
    return [_asset(str(profile["profileId"]), number, row) for number, row in enumerate(ROWS)]


def asset_id(owner: str, number: int) -> str:
    return f"amzn1.assetlibrary.asset1.{sha256(f'{owner} {number}'.encode()).hexdigest()[:16]}"


def _asset(owner: str, number: int, row: tuple[Any, ...]) -> Body:
    name, kind, sub_type, width, height, seconds, status = row
    figures = {"width": width, "height": height, "fileSize": 120_000 * (number + 1)}
    file = {**figures, "extension": name.rpartition(".")[2], **({"duration": seconds} if seconds else {})}
    at = FIRST + number * LATER
    programs = ["SPONSORED_BRANDS_VIDEO", "SPONSORED_TV"] if kind == "VIDEO" and status == "ACTIVE" else []
    return {
        "assetId": asset_id(owner, number),
        "version": "version_v1",
        "name": name,
        "assetType": kind,
        "assetSubTypes": [sub_type],
        "status": status,
        "fileMetadata": file,
        "tags": ["summer"] if number == 1 else [],
        "specCheckApprovedPrograms": programs,
        "storageLocationUrls": {"defaultUrl": f"https://library.s3.amazonaws.com/{number}?X-Amz-Signature=a"},
        "creationTime": at,
        "lastUpdatedTime": at,
    }


def search(call: Call) -> Response:
    """One page, and a token while there is another."""
    body = _checked(call.body)
    found = [asset for asset in assets_of(call.profile) if _passes(asset, body)]
    order = body.get("sortCriteria") or {}
    keys = {"NAME": "name", "CREATED_TIME": "creationTime"}
    found.sort(key=lambda one: one[keys.get(order.get("field", ""), "creationTime")])
    if order.get("order") == "DESC":
        found.reverse()
    page = body.get("pageCriteria") or {}
    start, size = _start((page.get("identifier") or {}).get("token")), page.get("size", USUAL)
    answer: Body = {"assetList": found[start : start + size], "totalRecords": len(found)}
    if start + size < len(found):
        answer["token"] = base64.b64encode(f"at {start + size}".encode()).decode()
    return reply(answer, media=FOUND)


def _checked(body: Any) -> Body:
    if not isinstance(body, dict):
        raise Refused(400, "The body must be an object")
    for name, value in body.items():
        if name not in FIELDS or not isinstance(value, FIELDS[name]):
            raise Refused(400, f"Invalid value for {name}")
    criteria = body.get("filterCriteria") or {}
    for chosen in criteria.get("valueFilters") or []:
        if set(chosen) - {"valueField", "values"} or chosen.get("valueField") not in VALUES:
            raise Refused(400, f"Invalid valueField {chosen.get('valueField')}")
    size = (body.get("pageCriteria") or {}).get("size", USUAL)
    if not isinstance(size, int) or not 1 <= size <= MOST:
        raise Refused(400, f"size must be 1 to {MOST}")
    return body


def _start(token: str | None) -> int:
    try:
        return int(base64.b64decode(token).decode().removeprefix("at ")) if token else 0
    except ValueError:
        raise Refused(400, "Invalid token") from None


def _passes(asset: Body, body: Body) -> bool:
    having = {
        "ASSET_TYPE": [asset["assetType"]],
        "ASSET_SUB_TYPE": asset["assetSubTypes"],
        "TAG": asset["tags"],
        "PROGRAM": ["SB"],
        "ASSET_EXTENSION": [asset["fileMetadata"]["extension"].upper()],
    }
    chosen = (body.get("filterCriteria") or {}).get("valueFilters") or []
    if any(not {*one["values"]} & {*having.get(one["valueField"], [])} for one in chosen):
        return False
    text = str(body.get("text") or "").lower()
    return text in asset["name"].lower() or text in asset["tags"]


def get(call: Call) -> Response:
    """One asset with its versions."""
    query = dict(call.request.query_params)
    found = next((one for one in assets_of(call.profile) if one["assetId"] == query.get("assetId")), None)
    if found is None or query.get("version", found["version"]) != found["version"]:
        raise Refused(404, "Requested resource not found")
    own = {name: found[name] for name in ("assetId", "assetType")}
    version = {
        name: value for name, value in found.items() if name not in {*own, "version", "status", "tags"}
    }
    named = {"assetIdentifier": {"assetId": found["assetId"], "version": found["version"]}}
    answer = {"assetGlobal": own, "assetVersionList": [{**version, **named, "assetStatus": found["status"]}]}
    return reply(answer, media=ONE)


OPERATIONS = (
    Operation("POST", "/assets/search", search, takes="application/json", gives=FOUND),
    Operation("GET", "/assets", get, gives=ONE),
)
