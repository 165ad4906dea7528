"""Conversion events that servers send: /conversionEvents. Each has a verdict, and none of them is kept."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.linkedin_ads import schema
from mcp_ads.sandbox.linkedin_ads.batches import member
from mcp_ads.sandbox.linkedin_ads.errors import ApiError, bad_schema, gateway, legacy
from mcp_ads.sandbox.linkedin_ads.params import text
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import PLATFORM, Answer, Body, Call, now_ms

from .conversions import KIND, STREAMED, rule_of

MOST, OLDEST_MS, LONGEST_ID = 5_000, 90 * 86_400_000, 64
DIGEST = schema.matching("[0-9a-f]{64}", "a SHA-256 in hexadecimal")
IDS = {
    "SHA256_EMAIL": DIGEST,
    "SHA256_IP_ADDRESS": DIGEST,
    "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID": schema.string,
    "ACXIOM_ID": schema.string,
    "ORACLE_MOAT_ID": schema.string,
    "GOOGLE_AID": schema.string,
}
INFO = schema.record(
    {"firstName": schema.string, "lastName": schema.string},
    {
        "title": schema.string,
        "companyName": schema.string,
        "countryCode": schema.matching("[A-Z]{2}", "a country"),
    },
)
ID = schema.record({"idType": schema.enum(*IDS), "idValue": schema.string})
USER = schema.record(
    {},
    {
        "userIds": schema.array(ID),
        "userInfo": INFO,
        "externalIds": schema.array(schema.string),
        "lead": schema.urn_of("leadGenFormResponse"),
    },
)
EVENT = schema.record(
    {
        "conversion": schema.urn_of("llaPartnerConversion"),
        "conversionHappenedAt": schema.millis,
        "user": USER,
    },
    {"conversionValue": schema.MONEY, "eventId": schema.string},
)


def create(call: Call) -> Answer:
    _take(call, call.body)
    return Answer(201, None, {"x-restli-id": "0"})


def batch_create(call: Call) -> Answer:
    events = member(call.body, "elements", list)
    if not 0 < len(events) <= MOST:
        raise legacy(400, f"A batch has 1 to {MOST} events")
    verdicts: list[Body] = []
    for event in events:
        try:
            _take(call, event)
            verdicts.append({"status": 201})
        except ApiError as problem:
            verdicts.append({"status": problem.status, "error": problem.body})
    call.store.journal(PLATFORM, "send events", str(sum(one["status"] == 201 for one in verdicts)), None)
    return Answer(200, {"elements": verdicts})


def _take(call: Call, event: Any) -> None:
    """See that an event can be counted, and note when its rule last counted one."""
    if complaints := list(EVENT(event, "")):
        raise bad_schema(complaints)
    rule = rule_of(call.store, event["conversion"])
    if rule.get("conversionMethod") != STREAMED:
        raise gateway(400, "INVALID_CONVERSION_METHOD", "The conversion does not take streamed events")
    user, now = event["user"], now_ms()
    if not any(user.get(name) for name in ("userIds", "userInfo", "externalIds", "lead")):
        raise gateway(400, "MISSING_FIELD", "The user has nothing to be told by")
    for one in user.get("userIds", ()):
        if complaints := list(IDS[one["idType"]](one["idValue"], "/user/userIds")):
            raise bad_schema(complaints)
    if not now - OLDEST_MS <= event["conversionHappenedAt"] <= now + 60_000:
        raise gateway(
            400, "INVALID_VALUE_FOR_FIELD", "conversionHappenedAt is older than 90 days, or to come"
        )
    if len(event.get("eventId", "")) > LONGEST_ID:
        raise gateway(400, "FIELD_LENGTH_TOO_LONG", "eventId is too long")
    seen = {"lastCallbackAt": now, "latestFirstPartyCallbackAt": now}
    call.store.put(KIND, str(rule["id"]), {**rule, **seen})


EVENTS = Resource("conversionEvents", text, {"CREATE": Method(create), "BATCH_CREATE": Method(batch_create)})
