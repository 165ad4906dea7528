"""Change history: of Sponsored Products and Brands, never of Display, and without saying by whom."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.agency import log as agency
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.changes import TYPES, event
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.items import owned

MEDIA = "application/vnd.historyresponse.v1.1+json"
KNOWN = {"fromDate": int, "toDate": int, "eventTypes": dict, "count": int, "nextToken": str}
KNOWN |= {"pageOffset": int, "sort": dict}
FILTERS = {"BID_AMOUNT", "BUDGET_AMOUNT", "END_DATE", "IN_BUDGET", "NAME", "PLACEMENT_GROUP"}
FILTERS |= {"SMART_BIDDING_STRATEGY", "START_DATE", "STATUS"}
DAYS, MOST, USUAL, LEAST, LARGEST = 90, 10, 100, 50, 200
DAY = 86_400_000
LAST = 10_000


def list_changes(call: Call) -> Response:
    """One page; the filters do not filter, and the first event of a page comes twice."""
    accepts = call.request.headers.get("accept", "*/*")
    if not any(media in accepts for media in (MEDIA, "application/json", "*/*")):
        raise Refused(406, f"Accept must be {MEDIA}")
    body = _checked(call.body, new=MEDIA in accepts)
    found = [known for known in _events(call) if _asked(known, body)]
    down = body.get("sort", {}).get("direction", "DESC") == "DESC"
    found.sort(key=lambda known: known["timestamp"], reverse=down)
    size, offset = body.get("count", USUAL), body.get("pageOffset", int(body.get("nextToken", "0")))
    page = found[offset * size : (offset + 1) * size]
    shown = [_shown(known, body) for known in [*page[:1], *page]]
    answer: Body = {"events": shown, "totalRecords": len(found)}
    last = max(0, (len(found) - 1) // size)
    if "pageOffset" in body or call.region == "FE":  # the form without tokens
        answer |= {"pageSize": size, "pageOffset": offset, "maxPageNumber": last}
    elif offset < last:
        answer["nextToken"] = str(offset + 1)
    return reply(answer, media=MEDIA if MEDIA in accepts else "application/json")


def _checked(body: Any, *, new: bool) -> Body:
    if not isinstance(body, dict):
        raise Refused(400, "Invalid request: the body must be an object")
    if missing := {"fromDate", "toDate", "eventTypes"} - set(body):
        raise Refused(400, f"Invalid request: {min(missing)} is required")
    for name, value in body.items():
        if name not in KNOWN or type(value) is not KNOWN[name]:
            raise Refused(400, f"Invalid request: {name}")
    if {"nextToken", "pageOffset"} <= set(body):
        raise Refused(400, "Invalid request: nextToken and pageOffset are mutually exclusive")
    size = body.get("count", USUAL)
    if not LEAST <= size <= LARGEST or (body.get("pageOffset", 0) + 1) * size > LAST:
        raise Refused(400, f"Invalid request: count must be {LEAST} to {LARGEST}, and results at most {LAST}")
    if not body.get("nextToken", "0").isdecimal():
        raise Refused(400, "Invalid request: nextToken")
    if body["fromDate"] < (time.time() * 1000) - DAYS * DAY or body["fromDate"] >= body["toDate"]:
        raise Refused(400, f"Invalid request: fromDate must be within the last {DAYS} days and before toDate")
    for kind, asked in body["eventTypes"].items():
        _check_type(kind, asked, new=new)
    return body


def _check_type(kind: str, asked: Any, *, new: bool) -> None:
    if kind not in {*TYPES.values(), "THEME"} or (kind == "THEME" and not new):
        text = f"Invalid request: Error: Key in HistoryEventTypes: {kind} is not supported."
        raise Refused(400, text)
    lists = {"filters": str, "parents": dict, "eventTypeIds": str}
    for name, value in asked.items() if isinstance(asked, dict) else [(kind, asked)]:
        if name not in lists or not isinstance(value, list) or len(value) > MOST:
            raise Refused(400, f"Invalid request: {kind}.{name}")
        if not all(isinstance(part, lists[name]) for part in value):
            raise Refused(400, f"Invalid request: {kind}.{name}")
    if bad := set(asked.get("filters", ())) - FILTERS:
        raise Refused(400, f"Invalid request: {kind}.filters: {min(bad)}")


def _asked(known: Body, body: Body) -> bool:
    """Whether an event is of a type that is asked for, and of what is named; without names nothing is."""
    asked = body["eventTypes"].get(known["entityType"])
    if asked is None or not body["fromDate"] <= known["timestamp"] <= body["toDate"]:
        return False
    ids = {known["entityId"], *_own(known["entityId"])}
    if ids & set(asked.get("eventTypeIds", ())):
        return True
    return any(_below(known["metadata"], parent) for parent in asked.get("parents", ()))


def _below(metadata: Body, parent: Body) -> bool:
    if parent.get("useProfileIdAdvertiser"):
        return True
    return any(
        parent.get(name) in {metadata[name], *_own(metadata[name])} for name in parent if name in metadata
    )


def _own(id: str) -> list[str]:
    """Amazon's own alphanumeric id of an object."""
    return [f"A0{hashlib.sha256(id.encode()).hexdigest()[:18].upper()}"]


def _shown(known: Body, body: Body) -> Body:
    """Numeric ids come back only to those who sent some."""
    if any(part.isdecimal() for part in json.dumps(body["eventTypes"]).split('"')):
        return known
    ids = {name: _own(value)[0] for name, value in known["metadata"].items() if name.endswith("Id")}
    return {**known, "entityId": _own(known["entityId"])[0], "metadata": {**known["metadata"], **ids}}


def _events(call: Call) -> list[Body]:
    """What was changed here, and what was changed before anybody came."""
    noted = [found["event"] for found in owned(call, "amazon.change")]
    before = agency.changes(call) if call.store.world else _before(call)
    return [*noted, *before]


def _before(call: Call) -> Iterator[Body]:
    """Budgets that were raised, bids that were lowered, and budgets that did not last."""
    zone = ZoneInfo(call.profile["timezone"])
    midnight = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    for number, found in enumerate(owned(call, "amazon.campaigns")[:60]):
        days = numbers.whole(1, 40, "budget change", found["campaignId"])
        at, budget = midnight - timedelta(days, hours=-10), found["budget"]["budget"]
        yield _at(at, event("campaigns", found, "BUDGET_AMOUNT", round(budget * 0.8, 2), budget))
        for day in range(1, 8 if number < 5 else 1):
            yield _at(
                midnight - timedelta(day, hours=-20), event("campaigns", found, "IN_BUDGET", True, False)
            )
            yield _at(midnight - timedelta(day - 1), event("campaigns", found, "IN_BUDGET", False, True))
    for found in owned(call, "amazon.keywords")[:200]:
        if found.get("bid"):
            at = midnight - timedelta(numbers.whole(1, 60, "bid change", found["keywordId"]), hours=-9)
            yield _at(at, event("keywords", found, "BID_AMOUNT", round(found["bid"] * 1.1, 2), found["bid"]))


def _at(moment: datetime, known: Body) -> Body:
    return {**known, "timestamp": int(moment.astimezone(UTC).timestamp() * 1000)}


OPERATIONS = (Operation("POST", "/history", list_changes, takes="application/json"),)
