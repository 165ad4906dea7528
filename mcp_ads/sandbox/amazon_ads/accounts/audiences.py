"""Audiences of Amazon's: shoppers to target, with how many of them a day brings."""

from __future__ import annotations

from functools import cache
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply

MOST, USUAL = 250, 10
QUERY, BODY = {"advertiserId", "canTarget", "nextToken", "maxResults"}, {"adType", "countries", "filters"}
FIELDS = ("audienceName", "category", "categoryPath", "audienceId", "status")
# Name, category, sub-category, status; the ids count from 400000000000000001 on.
ROWS = (
    ("IM - Beach Towels", "In-market", "Home", "Active"),
    ("IM - Camping & Hiking", "In-market", "Sports", "Active"),
    ("IM - Snorkeling Equipment", "In-market", "Sports", "Active"),
    ("IM - Sun Hats", "In-market", "Apparel", "Active"),
    ("LS - Beach Goers", "Lifestyle", "Travel", "Active"),
    ("LS - Outdoor Enthusiasts", "Lifestyle", "Sports", "Active"),
    ("LS - Parents of Young Children", "Lifestyle", "Family", "Active"),
    ("Interest - Water Sports", "Interest", "Sports", "Active"),
    ("Interest - Picnics", "Interest", "Food", "Active"),
    ("Interest - Surfing", "Interest", "Sports", "Pending"),
    ("LE - New Homeowners", "Life event", "Home", "Active"),
    ("IM - Steel Bottles (old)", "In-market", "Home", "Deprecated"),
)
FIRST = 400_000_000_000_000_001


@cache
def known() -> tuple[Body, ...]:
    """Every audience, the oldest first."""
    return tuple(_audience(number, *row) for number, row in enumerate(ROWS))


def targetable(id: str) -> bool:
    """Whether there is an audience of that id, and ads may be shown to it."""
    return any(one["audienceId"] == id and one["status"] == "Active" for one in known())


def _audience(number: int, name: str, category: str, below: str, status: str) -> Body:
    low = numbers.whole(2, 90, "audience", name) * 10_000
    reach = {"lowerBoundInclusive": low, "upperBoundExclusive": low * 2}
    return {
        "audienceId": str(FIRST + number),
        "audienceName": name,
        "category": category,
        "subCategory": below,
        "description": f"Shoppers: {name}",
        "status": status,
        "createDate": f"2024-{number + 1:02}-03T00:00:00Z",
        "updateDate": "2026-10-01T00:00:00Z",
        "forecasts": {"inventoryForecasts": {"all": {"dailyReach": reach}}},
    }


def list_audiences(call: Call) -> Response:
    """One page of those that all filters let through."""
    query, body = dict(call.request.query_params), _checked(call)
    size, start = query.get("maxResults", str(USUAL)), query.get("nextToken", "0")
    if unknown := query.keys() - QUERY:
        raise Refused(400, f"Invalid query parameter {min(unknown)}")
    if not size.isdecimal() or not 1 <= int(size) <= MOST:
        raise Refused(400, f"maxResults must be 1 to {MOST}")
    if not start.isdecimal():
        raise Refused(400, "Invalid nextToken")
    if body.get("adType") == "DSP" and not query.get("advertiserId"):
        raise Refused(400, "advertiserId is required for the adType DSP")
    found = [one for one in known() if all(_passes(one, asked) for asked in body.get("filters", ()))]
    if query.get("canTarget") == "true":
        found = [one for one in found if one["status"] == "Active"]
    after = int(start) + int(size)
    answer: Body = {"audiences": found[int(start) : after], "matchCount": len(found)}
    return reply(answer | ({"nextToken": str(after)} if after < len(found) else {}))


def _checked(call: Call) -> Body:
    body = call.body
    if not isinstance(body, dict) or (unknown := body.keys() - BODY):
        raise Refused(400, f"Unrecognized field at $.{min(unknown) if isinstance(body, dict) else ''}")
    if body.get("adType", "SD") not in {"SD", "DSP", "ST"}:
        raise Refused(400, "adType must be one of DSP, SD, ST")
    countries, filters = body.get("countries", ["US"]), body.get("filters", [])
    if not isinstance(countries, list) or len(countries) != 1:
        raise Refused(400, "countries must have one country")
    if not isinstance(filters, list) or not all(map(_is_filter, filters)):
        raise Refused(400, f"filters: a field of {', '.join(FIELDS)}, EQ or NOT_EQ, and values")
    return body


def _is_filter(given: Any) -> bool:
    if not isinstance(given, dict) or given.keys() - {"field", "operator", "values"}:
        return False
    values, operator = given.get("values"), given.get("operator", "EQ")
    texts = isinstance(values, list) and all(isinstance(value, str) for value in values)
    return texts and given.get("field") in FIELDS and operator in {"EQ", "NOT_EQ"}


def _passes(one: Body, asked: Body) -> bool:
    """A name fits where a part of it is given; the rest is compared whole."""
    name, values = asked["field"], [value.casefold() for value in asked["values"]]
    path = f"{one['category']}/{one['subCategory']}"
    value = path if name == "categoryPath" else str(one[name])
    same = value.casefold() in values
    part = name == "audienceName" and any(text in value.casefold() for text in values)
    return bool((same or part) == (asked.get("operator", "EQ") == "EQ"))


OPERATIONS = (Operation("POST", "/audiences/list", list_audiences, takes="application/json"),)
