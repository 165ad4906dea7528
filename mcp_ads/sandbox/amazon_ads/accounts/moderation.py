"""What the review of ads found: of Sponsored Brands by version, of what else there is that all is well."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.items import owned

TAKES = "application/vnd.moderationresultsrequest.v4.1+json"
GIVES = "application/vnd.moderationresultsresponse.v4.0+json"
PLAIN = {"SPONSORED_PRODUCTS": "amazon.productAds", "SPONSORED_DISPLAY": "amazon.sd.productAds"}
BRANDS = {
    "SB_PRODUCT_COLLECTION": ("PRODUCT_COLLECTION",),
    "SB_STORE_SPOTLIGHT": ("STORE_SPOTLIGHT",),
    "SB_VIDEO": ("VIDEO", "BRAND_VIDEO"),
}
STATUSES = {
    **dict.fromkeys(("PUBLISHED", "APPROVED_BY_MODERATION"), "APPROVED"),
    "REJECTED_BY_MODERATION": "REJECTED",
}
OF_CREATIVES = {"REJECTED": "REJECTED", "PENDING_REVIEW": "IN_PROGRESS"}
"""Of display creatives, the worst first."""
NEEDED = {"id": str, "idType": str, "adProgramType": str, "maxResults": int}
OTHERS = {"nextToken": str, "moderationStatusFilter": list, "versionIdFilter": list}
MOST = 10
BROKEN = {
    "policyDescription": "Claims have to be supported.",
    "policyLinkUrl": "https://advertising.amazon.com/resources/ad-policy/sponsored-ads-policies",
    "violatingTextContents": [
        {
            "moderatedComponent": "HEADLINE",
            "reviewedText": "The best towel ever",
            "violatingTextEvidences": [{"violatingText": "best"}],
        }
    ],
}


def results(call: Call) -> Response:
    """One page of the versions of one ad, the newest first."""
    body = _checked(call.body)
    found = [*_results(call, body)]
    if not found:
        raise Refused(404, f"No moderation results for {body['id']}")
    chosen, versions = body.get("moderationStatusFilter"), body.get("versionIdFilter")
    rows = [
        one
        for one in found
        if (not chosen or one["moderationStatus"] in chosen)
        and (not versions or one["versionId"] in versions)
    ]
    start, size = int(body.get("nextToken") or 0), body["maxResults"]
    answer: Body = {"moderationResults": rows[start : start + size]}
    if start + size < len(rows):
        answer["nextToken"] = str(start + size)
    return reply(answer, media=GIVES)


def _checked(body: Any) -> Body:
    if not isinstance(body, dict) or set(body) - {*NEEDED, *OTHERS} or set(NEEDED) - set(body):
        raise Refused(400, f"The body must have {', '.join(NEEDED)}")
    for name, value in body.items():
        if not isinstance(value, {**NEEDED, **OTHERS}[name]):
            raise Refused(400, f"Invalid value for {name}")
    if body["idType"] != "AD_ID" or body["adProgramType"] not in {**PLAIN, **BRANDS}:
        raise Refused(400, "Invalid idType or adProgramType")
    if not 1 <= body["maxResults"] <= MOST or not str(body.get("nextToken") or 0).isdecimal():
        raise Refused(400, f"maxResults must be 1 to {MOST}")
    return body


def _results(call: Call, body: Body) -> list[Body]:
    program, ad = body["adProgramType"], body["id"]
    if kind := PLAIN.get(program):
        there = call.store.get(kind, ad)
        there = there if there and there["_profile"] == call.profile_id else None
        return [_result(ad, "1", _reviewed(call, there))] if there else []
    found = [row for row in owned(call, "amazon.sb.creatives") if row["adId"] == ad]
    fitting = [row for row in found if row["creativeType"] in BRANDS[program]]
    fitting.sort(key=lambda row: -int(row["creativeVersion"]))
    return [
        _result(ad, row["creativeVersion"], STATUSES.get(row["creativeStatus"], "IN_PROGRESS"))
        for row in fitting
    ]


def _reviewed(call: Call, ad: Body) -> str:
    """What the review made of the creatives beside an ad, the worst of it; without any all is well."""
    if ad.get("_review"):
        return "REJECTED"
    beside = [one for one in owned(call, "amazon.sd.creatives") if one["adGroupId"] == ad["adGroupId"]]
    found = {one["moderationStatus"] for one in beside}
    return next((OF_CREATIVES[word] for word in OF_CREATIVES if word in found), "APPROVED")


def _result(ad: str, version: str, status: str) -> Body:
    own: Body = {"id": ad, "idType": "AD_ID", "versionId": version, "moderationStatus": status}
    if status == "REJECTED":
        own["policyViolations"] = [BROKEN]
    if status == "IN_PROGRESS":
        own["etaForModeration"] = "2030-01-01T09:00:00Z"
    return own


OPERATIONS = (Operation("POST", "/moderation/results", results, takes=TAKES, gives=GIVES),)
