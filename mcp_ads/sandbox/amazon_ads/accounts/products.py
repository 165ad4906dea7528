"""The advertiser's products: what they are, and whether they may be advertised."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.catalogue import goods, price_of
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.market import major

MOST, MOST_ITEMS, MOST_CHECKED, ASIN, SEARCH = 300, 10_000, 50, 10, 200
TAKES = "application/vnd.productmetadatarequest.v1+json"
GIVES = "application/vnd.productmetadataresponse.v1+json"
FIELDS = {"asins": list, "skus": list, "searchStr": str, "adType": str, "checkEligibility": bool}
FIELDS |= {"checkItemDetails": bool, "sortBy": str, "sortOrder": str, "pageIndex": int, "pageSize": int}
FIELDS |= {"locale": str, "cursorToken": str, "isGlobalStoreSelection": bool}
VALUES = {
    "adType": ("SP", "SB", "SD"),
    "sortBy": ("CREATED_DATE", "SUGGESTED"),
    "sortOrder": ("ASC", "DESC"),
}
# What stands against advertising one.
AGAINST = {
    "B0TERN0011": ("OUT_OF_STOCK", "INELIGIBLE", "This product is out of stock."),
    "B0TERN0012": ("NOT_IN_BUYBOX", "ELIGIBLE_WITH_WARNING", "This product is not in the featured offer."),
}


def list_products(call: Call) -> Response:
    """One page; suggested ones go on by a token."""
    body = _checked(call.body)
    seller = call.profile["accountInfo"]["type"] == "seller"
    if ({"skus", "sortBy"} & set(body)) and not (seller and body.get("adType", "SP") == "SP"):
        raise Refused(400, "skus and sortBy are supported for Sponsored Products of sellers only")
    found = [good for good in goods(call.profile) if _wanted(good, body)]
    suggested, size = body.get("sortBy") == "SUGGESTED", body["pageSize"]
    index = int(body.get("cursorToken") or 0) if suggested else body["pageIndex"]
    page = found[index * size : (index + 1) * size]
    answer: Body = {"ProductMetadataList": [_shown(call, good, body, seller=seller) for good in page]}
    if suggested and (index + 1) * size < len(found):
        answer["cursorToken"] = str(index + 1)
    return reply(answer, media=GIVES)


def _checked(body: Any) -> Body:
    if not isinstance(body, dict):
        raise Refused(400, "The body must be an object")
    for name, value in body.items():
        if name not in FIELDS or type(value) is not FIELDS[name]:
            raise Refused(400, f"Invalid value for {name}")
        if name in VALUES and value not in VALUES[name]:
            raise Refused(400, f"{name} must be one of {', '.join(VALUES[name])}")
    if not {"pageIndex", "pageSize"} <= set(body) or not 1 <= body["pageSize"] <= MOST:
        raise Refused(400, f"pageIndex and pageSize, 1 to {MOST}, are required")
    if body["pageIndex"] < 0 or (body["pageIndex"] + 1) * body["pageSize"] > MOST_ITEMS:
        raise Refused(400, f"Results are capped at {MOST_ITEMS}")
    _check_names(body)
    return body


def _check_names(body: Body) -> None:
    if len({"asins", "skus", "searchStr"} & set(body)) > 1:
        raise Refused(400, "asins, skus and searchStr cannot be used together")
    if any(len(body.get(name, ())) > MOST for name in ("asins", "skus")):
        raise Refused(400, f"At most {MOST} asins or skus")
    if any(len(asin) != ASIN for asin in body.get("asins", ())) or len(body.get("searchStr", "")) > SEARCH:
        raise Refused(400, f"An asin has {ASIN} characters, searchStr at most {SEARCH}")
    if body.get("checkEligibility") and "adType" not in body:
        raise Refused(400, "adType is required with checkEligibility")
    if body.get("sortBy") == "SUGGESTED" and body.get("sortOrder") == "ASC":
        raise Refused(400, "sortOrder has to be DESC for SUGGESTED")


def _wanted(good: Body, body: Body) -> bool:
    return (
        good["asin"] in body.get("asins", (good["asin"],))
        and good["sku"] in body.get("skus", (good["sku"],))
        and body.get("searchStr", "").lower() in good["title"].lower()
    )


def _shown(call: Call, good: Body, body: Body, *, seller: bool) -> Body:
    row: Body = {"asin": good["asin"], **({"sku": good["sku"]} if seller else {})}
    currency = call.profile["currencyCode"]
    code, severity, why = AGAINST.get(good["asin"], ("", "ELIGIBLE", ""))
    if body.get("checkItemDetails"):
        amount = major(price_of(good, currency), currency)
        row |= {
            "title": good["title"],
            "brand": call.profile.get("_brand", "Tern & Tide"),
            "category": call.profile.get("_category", "Beach"),
            "availability": "OUT_OF_STOCK" if code == "OUT_OF_STOCK" else "IN_STOCK",
            "priceToPay": {"amount": amount, "currency": currency},
            "bestSellerRank": str(100 + len(good["title"])),
            "createdDate": "Jul 1, 2021",
            "imageUrl": f"https://m.media-amazon.com/images/I/{good['asin']}.jpg",
        }
    if body.get("checkEligibility"):
        refused = severity == "INELIGIBLE"
        row["eligibilityStatus"] = severity if refused else "ELIGIBLE"
        row |= {"ineligibilityCodes": [code], "ineligibilityReasons": [why]} if refused else {}
    return row


def check_products(call: Call) -> Response:
    """Whether products may be advertised; one that is nobody's refuses them all."""
    body = call.body
    if not isinstance(body, dict) or set(body) - {"productDetailsList", "adType", "locale"}:
        raise Refused(400, "Invalid request body")
    asked = body.get("productDetailsList")
    if not isinstance(asked, list) or not 1 <= len(asked) <= MOST_CHECKED:
        raise Refused(422, f"productDetailsList must have 1 to {MOST_CHECKED} items")
    if body.get("adType", "sp") not in {"sp", "sb", "sd", "dsp"}:
        raise Refused(422, "adType must be one of dsp, sb, sd, sp")
    known = {good["asin"]: good for good in goods(call.profile)}
    found = []
    for details in asked:
        if not isinstance(details, dict) or set(details) - {"asin", "sku", "globalStoreSetting"}:
            raise Refused(422, "productDetailsList has objects with an asin and a sku")
        good = known.get(str(details.get("asin")))
        if good is None or details.get("sku", good["sku"]) != good["sku"]:
            raise Refused(404, "Cannot find requested entity")
        found.append(_verdict(good))
    return reply({"productResponseList": found})


def _verdict(good: Body) -> Body:
    code, severity, why = AGAINST.get(good["asin"], ("", "ELIGIBLE", ""))
    help_url = f"https://advertising.amazon.com/help?{code}"
    reason = {"name": code, "severity": severity, "message": why, "helpUrl": help_url}
    return {
        "productDetails": {"asin": good["asin"], "sku": good["sku"]},
        "overallStatus": severity,
        "eligibilityStatusList": [reason] if code else [],
    }


OPERATIONS = (
    Operation("POST", "/product/metadata", list_products, takes=TAKES, gives=GIVES),
    Operation("POST", "/eligibility/product/list", check_products, takes="application/json"),
)
