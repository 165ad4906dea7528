"""DSP advertisers: those an agency's profile buys for, which no other kind of profile may list."""

from __future__ import annotations

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply

MOST, LAST = 100, 29_900
KNOWN = {"startIndex", "count", "advertiserIdFilter"}
NAMES = ("Tern & Tide Travel", "Tide Books", "Reef Outdoor")


def list_advertisers(call: Call) -> Response:
    """One page of the agency's advertisers, with how many there are in all."""
    info, query = call.profile["accountInfo"], dict(call.request.query_params)
    if info["type"] != "agency" or info.get("subType") == "AMAZON_ATTRIBUTION":
        raise Refused(403, "User is not authorized to access the resource")
    if unknown := query.keys() - KNOWN:
        raise _unfit(min(unknown), "is not known")
    start, count = _number(query, "startIndex", 0, 0, LAST), _number(query, "count", MOST, 1, MOST)
    wanted = query["advertiserIdFilter"].split(",") if query.get("advertiserIdFilter") else []
    if not all(one.strip().isdecimal() for one in wanted):
        text = "Each advertiserId must be a valid numeric id separated by comma."
        raise _unfit("advertiserIdFilter", text)
    ids = {one.strip() for one in wanted}
    found = [row for row in _advertisers(call.profile) if not ids or row["advertiserId"] in ids]
    return reply({"totalResults": len(found), "response": found[start : start + count]})


def _advertisers(profile: Body) -> list[Body]:
    own = {"country": profile["countryCode"], "currency": profile["currencyCode"]}
    own["timezone"] = profile["timezone"]
    return [
        {"advertiserId": str(57 * 10**16 + number), "name": name, "url": "https://tern.example", **own}
        for number, name in enumerate(NAMES, 1)
    ]


def _number(query: dict[str, str], name: str, usual: int, low: int, high: int) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal() or not low <= int(text) <= high:
        raise _unfit(name, f"must be from {low} to {high}")
    return int(text)


def _unfit(field: str, text: str) -> Refused:
    error = {"errorType": "DSP_INVALID_QUERY_PARAM", "field": field, "message": text}
    return Refused(422, "Validation Error", errors=[error])


OPERATIONS = (Operation("GET", "/dsp/advertisers", list_advertisers),)
