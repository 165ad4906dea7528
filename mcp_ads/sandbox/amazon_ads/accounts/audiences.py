"""Audiences of Amazon's: shoppers to target, with how many of them a day brings."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.items import shown

MOST, USUAL = 250, 10
QUERY = {"advertiserId", "canTarget", "nextToken", "maxResults"}
BODY, TAXONOMY = {"adType", "countries", "filters"}, {"adType", "countries", "categoryPath"}
FIELDS = ("audienceName", "category", "categoryPath", "audienceId", "status")
# Name, path in the taxonomy, status; the ids count from 400000000000000001 on.
ROWS = (
    ("IM - Beach Towels", ("In-market", "Home"), "Active"),
    ("IM - Camping & Hiking", ("In-market", "Sports"), "Active"),
    ("IM - Snorkeling Equipment", ("In-market", "Sports", "Diving"), "Active"),
    ("IM - Sun Hats", ("In-market", "Clothing, Shoes & Jewelry"), "Active"),
    ("LS - Beach Goers", ("Lifestyle", "Travel"), "Active"),
    ("LS - Outdoor Enthusiasts", ("Lifestyle", "Sports"), "Active"),
    ("LS - Parents of Young Children", ("Lifestyle", "Family"), "Active"),
    ("Interest - Water Sports", ("Interest", "Sports"), "Active"),
    ("Interest - Picnics", ("Interest", "Food"), "Active"),
    ("Interest - Surfing", ("Interest", "Sports"), "Pending"),
    ("LE - New Homeowners", ("Life event", "Home"), "Active"),
    ("IM - Steel Bottles (old)", ("In-market", "Home"), "Deprecated"),
)
FIRST = 400_000_000_000_000_001


@cache
def known() -> tuple[Body, ...]:
    """Every audience, the oldest first."""
    return tuple(_audience(number, *row) for number, row in enumerate(ROWS))


def targetable(id: str) -> bool:
    """Whether there is an audience of that id, and ads may be shown to it."""
    return any(one["audienceId"] == id and one["status"] == "Active" for one in known())


def _audience(number: int, name: str, path: tuple[str, ...], status: str) -> Body:
    low = numbers.whole(2, 90, "audience", name) * 10_000
    reach = {"lowerBoundInclusive": low, "upperBoundExclusive": low * 2}
    return {
        "audienceId": str(FIRST + number),
        "audienceName": name,
        "category": path[0],
        "subCategory": path[1],
        "_path": path,
        "description": f"Shoppers: {name}",
        "status": status,
        "createDate": f"2024-{number + 1:02}-03T00:00:00Z",
        "updateDate": "2026-10-01T00:00:00Z",
        "forecasts": {"inventoryForecasts": {"all": {"dailyReach": reach}}},
    }


def list_audiences(call: Call) -> Response:
    """One page of those that all filters let through."""
    body = _checked(call, BODY)
    query, start, size = _paged(call, QUERY)
    if not all(map(_is_filter, body.get("filters", ()))):
        raise Refused(400, f"filters: a field of {', '.join(FIELDS)}, EQ or NOT_EQ, and values")
    found = [one for one in known() if all(_passes(one, asked) for asked in body.get("filters", ()))]
    if query.get("canTarget") == "true":
        found = [one for one in found if one["status"] == "Active"]
    rows = [shown(one) for one in found[start : start + size]]
    return _page({"audiences": rows, "matchCount": len(found)}, start + size, len(found))


def list_categories(call: Call) -> Response:
    """What is right below a path of the taxonomy, with how many audiences are anywhere below each."""
    body, (_, start, size) = _checked(call, TAXONOMY), _paged(call, QUERY - {"canTarget"})
    path = tuple(body.get("categoryPath", ()))
    depth = len(path)
    below = [one["_path"] for one in known() if one["status"] == "Active" and one["_path"][:depth] == path]
    counts = Counter(found[depth] for found in below if len(found) > depth)
    rows = [{"category": name, "audienceCount": count} for name, count in counts.items()]
    answer: Body = {"categoryPath": [*path], "categories": rows[start : start + size]}
    return _page(answer, start + size, len(rows))


def _paged(call: Call, known: set[str]) -> tuple[dict[str, str], int, int]:
    """The query, where its page begins, and how many entries that has."""
    query = dict(call.request.query_params)
    size, start = query.get("maxResults", str(USUAL)), query.get("nextToken", "0")
    if unknown := query.keys() - known:
        raise Refused(400, f"Invalid query parameter {min(unknown)}")
    if not size.isdecimal() or not 1 <= int(size) <= MOST:
        raise Refused(400, f"maxResults must be 1 to {MOST}")
    if not start.isdecimal():
        raise Refused(400, "Invalid nextToken")
    if call.body.get("adType") == "DSP" and not query.get("advertiserId"):
        raise Refused(400, "advertiserId is required for the adType DSP")
    return query, int(start), int(size)


def _page(answer: Body, after: int, count: int) -> Response:
    return reply(answer | ({"nextToken": str(after)} if after < count else {}))


def _checked(call: Call, known: set[str]) -> Body:
    body = call.body
    if not isinstance(body, dict) or (unknown := body.keys() - known):
        raise Refused(400, f"Unrecognized field at $.{min(unknown) if isinstance(body, dict) else ''}")
    if body.get("adType", "SD") not in {"SD", "DSP", "ST"}:
        raise Refused(400, "adType must be one of DSP, SD, ST")
    countries = body.get("countries", ["US"])
    if not isinstance(countries, list) or len(countries) != 1:
        raise Refused(400, "countries must have one country")
    for name in known & {"filters", "categoryPath"}:
        if not isinstance(body.get(name, []), list):
            raise Refused(400, f"{name} must be an array")
    return body


def _is_filter(given: Any) -> bool:
    if not isinstance(given, dict) or given.keys() - {"field", "operator", "values"}:
        return False
    values, operator = given.get("values"), given.get("operator", "EQ")
    texts = isinstance(values, list) and all(isinstance(value, str) for value in values)
    return texts and given.get("field") in FIELDS and operator in {"EQ", "NOT_EQ"}


def _passes(one: Body, asked: Body) -> bool:
    """A name fits where a part of any of those given is in it, or where it is *; a path is one of levels in
    order, of what is right below it; of the rest any may be it whole.
    """
    name, values = asked["field"], [value.casefold() for value in asked["values"]]
    if name == "categoryPath":
        fits = [level.casefold() for level in one["_path"]] == values
    elif name == "audienceName":
        fits = any(text == "*" or text in one[name].casefold() for text in values)
    else:
        fits = str(one[name]).casefold() in values
    return bool(fits == (asked.get("operator", "EQ") == "EQ"))


OPERATIONS = (
    Operation("POST", "/audiences/list", list_audiences, takes="application/json"),
    Operation("POST", "/audiences/taxonomy/list", list_categories, takes="application/json"),
)
