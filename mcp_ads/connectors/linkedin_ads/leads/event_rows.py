"""Conversion events as LinkedIn takes them: e-mail addresses hashed, and what it would refuse found first.

The rules are those of LinkedIn's pages on the Conversions API and its schema.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mcp_ads.connectors.linkedin_ads import schedule
from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.core.money import parse, plain
from mcp_ads.core.private import Private, PrivateRows
from mcp_ads.core.runs import moment

from .decimals import in_whole
from .event_people import TWICE, contact, lower, short, user_of

DAY_MS = 86_400_000
OLDEST_DAYS, AHEAD_MS = 90, 60_000
"""How old an event may be, and how far a clock may be ahead."""
LONGEST_ID = 64
NOW = "now"
"""What may stand for the time of an event that happens now."""
FIELDS = {
    "conversion": "conversion",
    "conversion_id": "conversion",
    "conversion_happened_at": "conversionHappenedAt",
    "happened_at": "conversionHappenedAt",
    "event_time": "conversionHappenedAt",
    "conversion_value": "conversionValue",
    "value": "conversionValue",
    "event_id": "eventId",
    "user": "user",
}
"""What an event's own fields are called -> what LinkedIn calls them; all others say who it was."""
RULE = re.compile(r"(?:urn:lla:llaPartnerConversion:)?([0-9]{1,20})")
Event = dict[str, Any]


class Events(PrivateRows):
    """Events, each a cell of JSON; what a plan tells of them is counted from these cells."""

    @classmethod
    def told(cls, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:  # noqa: ARG003
        events: list[Event] = [json.loads(row[0]) for row in rows]
        times = [event["conversionHappenedAt"] for event in events]
        worth = dict[str, Decimal]()
        for value in (event["conversionValue"] for event in events if "conversionValue" in event):
            currency = value["currencyCode"]
            worth[currency] = worth.get(currency, Decimal()) + Decimal(value["amount"])
        return {
            "people": dict(Counter(kind for event in events for kind in _kinds(event["user"]))),
            "rules": dict(Counter(tail(event["conversion"]) for event in events if "conversion" in event)),
            "worth": {currency: f"{amount:f}" for currency, amount in worth.items()},
            "first": min(times),
            "last": max(times),
            "without_id": sum("eventId" not in event for event in events),
        }

    def spelled(self, rows: list[list[str]]) -> list[Any]:
        return [{**self.get("beside", {}), **json.loads(row[0])} for row in rows]

    def late(self, now: float) -> str:
        """Why LinkedIn would refuse some of them at this moment, in Unix seconds; empty when it would not."""
        first, last, ms = self["told"]["first"], self["told"]["last"], int(now * 1000)
        if first < (oldest := ms - OLDEST_DAYS * DAY_MS):
            return (
                f"the oldest event is of {at(first)}: LinkedIn takes none older than {OLDEST_DAYS} days; "
                f"leave out those before {at(oldest)}"
            )
        if last > ms + AHEAD_MS:
            return f"an event lies in the future, {at(last)}: write ISO 8601 in UTC, or epoch milliseconds"
        return ""


class PrivateEvents(Private):
    """Marks the parameter whose rows are events, which are about people."""

    kind = Events


def at(ms: int) -> str:
    """A moment as people read it."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%dT%H:%MZ}"


def checked(row: Mapping[str, Any]) -> dict[str, str]:
    """An event as one cell. Raises ValueError naming the fields that are wrong, without their values."""
    event, who, wrong = Event(), list[tuple[str, Any]](), list[str]()
    for key, value in row.items():
        name = lower(key)
        if value in (None, ""):
            continue
        if (ours := FIELDS.get(name)) is None:
            who.append((name.removeprefix("user."), value))
            continue
        try:
            found = READ[ours](value) if ours in READ else value
            if event.setdefault(ours, found) != found:
                wrong.append(f"{ours}: {TWICE}")
        except ValueError as mistake:
            event[ours] = None
            wrong.append(f"{ours}: {mistake}")
    if "conversionHappenedAt" not in event:
        wrong.append("happened_at: missing, required")
    event["user"], more = user_of(event.get("user"), who)
    if wrong := [*wrong, *more]:
        raise ValueError("; ".join(dict.fromkeys(wrong)))
    return {"event": json.dumps(event, ensure_ascii=False, separators=(",", ":"))}


def _kinds(user: Mapping[str, Any]) -> Iterator[str]:
    """By what an event says who it was."""
    yield from sorted({one["idType"] for one in user.get("userIds", ())})
    yield from (name for name in ("userInfo", "externalIds", "lead") if name in user)


def _rule(value: Any) -> str:
    found = RULE.fullmatch(str(value).strip())
    if not found:
        raise ValueError("digits, or urn:lla:llaPartnerConversion:…")
    return f"urn:lla:llaPartnerConversion:{found[1]}"


def _time(value: Any) -> int:
    if value == NOW:
        return int(time.time() * 1000)
    text, found = str(value).strip(), None
    if not isinstance(value, bool) and not (text.isdecimal() and int(text[:20]) < schedule.FIRST_MS):
        try:
            found = moment(text, "UTC", last=False)
        except (ValueError, OverflowError, OSError):
            found = None
    if found is None:
        raise ValueError("write 2026-11-20T09:00:00Z, 2026-11-20 or epoch milliseconds")
    return int(found.timestamp() * 1000)


def _worth(value: Any) -> dict[str, str]:
    try:
        amount = parse(value)
    except ValueError:
        amount = None
    if (
        amount is None
        or amount.relative
        or amount.number < 0
        or not re.fullmatch(r"[A-Z]{3}", amount.currency)
    ):
        raise ValueError('an amount with its currency, such as "49.90 USD"')
    in_whole(amount.number, amount.currency)
    return {"currencyCode": amount.currency, "amount": plain(amount.number, amount.currency)}


def _event_id(value: Any) -> str:
    return contact(short(value, LONGEST_ID))


READ = {
    "conversion": _rule,
    "conversionHappenedAt": _time,
    "conversionValue": _worth,
    "eventId": _event_id,
}
