"""Conversion events as Facebook takes them: people hashed, and what it would refuse found first.

The rules are those of Meta's pages on the server event, customer information and custom data parameters of
the Conversions API; names of parameters also of facebook-business, adobjects.serverside.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mcp_ads.connectors.facebook_marketing.audiences.people_names import CONTACT, is_called
from mcp_ads.core.private import Private, PrivateRows

from .about_pixels import epoch
from .event_people import TWICE, WHO, short, user_of

DAY = 86_400
OLDEST, AHEAD = 7 * DAY, 600
"""How old an event may be, in seconds, and how far a clock may be ahead."""
LONGEST_NAME = 50
NOW = "now"
"""What may stand for the time of an event that happens now."""
SOURCES = (
    "website", "app", "phone_call", "chat", "email", "physical_store", "system_generated",
    "business_messaging", "other",
)  # fmt: skip
FIELDS = (
    "event_name", "event_time", "action_source", "event_id", "event_source_url", "referrer_url", "opt_out",
    "user_data", "custom_data", "app_data", "data_processing_options", "data_processing_options_country",
    "data_processing_options_state", "messaging_channel", "original_event_data", "attribution_data",
    "advanced_measurement_table",
)  # fmt: skip
IN_STORE = "physical_store"
"""Whose events Facebook tells apart by order_id, or by who it was, and not by event_id."""
OBJECTS = ("user_data", "custom_data", "app_data", "original_event_data", "attribution_data")
MESSAGING = ("LeadSubmitted", "QualifiedLead", "Purchase", "AddToCart", "InitiateCheckout", "ViewContent")
Event = dict[str, Any]


class Events(PrivateRows):
    """Events, each a cell of JSON; what a plan tells of them is counted from these cells."""

    @classmethod
    def told(cls, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:  # noqa: ARG003
        events: list[Event] = [json.loads(row[0]) for row in rows]
        times = [event["event_time"] for event in events]
        worth = dict[str, Decimal]()
        for custom in (event.get("custom_data") or {} for event in events):
            if currency := "value" in custom and custom.get("currency"):
                worth[currency] = worth.get(currency, Decimal()) + Decimal(str(custom["value"]))
        return {
            "names": dict(Counter(event["event_name"] for event in events)),
            "sources": dict(Counter(event["action_source"] for event in events)),
            "people": dict(Counter(key for event in events for key in event["user_data"])),
            "worth": {currency: f"{amount:f}" for currency, amount in worth.items()},
            "first": min(times),
            "last": max(times),
            "without_id": sum(
                "event_id" not in event and event["action_source"] != IN_STORE for event in events
            ),
        }

    def spelled(self, rows: list[list[str]]) -> list[Any]:
        return [json.loads(row[0]) for row in rows]

    def late(self, now: float) -> str:
        """Why Facebook would refuse all of them at this moment, in Unix seconds; empty when it would not."""
        first, last = self["told"]["first"], self["told"]["last"]
        if first < now - OLDEST:
            return (
                f"the oldest event is of {at(first)}: Facebook refuses all where one is older than 7 days; "
                f"leave out those before {at(int(now) - OLDEST)}"
            )
        if last > now + AHEAD:
            return f"an event lies in the future, {at(last)}: write Unix seconds, or ISO 8601 with offset"
        return ""


class PrivateEvents(Private):
    """Marks the parameter whose rows are events, which are about people."""

    kind = Events


def at(seconds: int) -> str:
    """A moment as people read it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%MZ}"


def checked(row: Mapping[str, Any]) -> dict[str, str]:
    """An event as one cell. Raises ValueError naming the fields that are wrong, without their values."""
    event, wrong = _nested(row)
    wrong += [f"{name}: missing, required" for name in ("event_name", "event_time") if name not in event]
    if event.get("action_source") not in SOURCES:
        wrong.append(f"action_source: one of {', '.join(SOURCES)}")
    for name, read in READ.items():
        if name in event:
            try:
                event[name] = read(event[name])
            except ValueError as mistake:
                wrong.append(f"{name}: {mistake}")
    user, more = user_of(event.get("user_data"))
    event["user_data"] = user
    wrong += [*more, *_lacking(event), *_astray(event)]
    if wrong:
        raise ValueError("; ".join(dict.fromkeys(wrong)))
    try:
        cell = json.dumps(event, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError):
        raise ValueError("custom_data: numbers and texts only, no NaN or Infinity") from None
    return {"event": cell.encode(errors="replace").decode()}


def _nested(row: Mapping[str, Any]) -> tuple[Event, list[str]]:
    """The event's own fields; parts may be written apart (user_data.em), and objects as JSON text."""
    event, wrong = Event(), list[str]()
    for number, (key, value) in enumerate(row.items(), 1):
        name, _, part = str(key).strip().partition(".")
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        if name not in FIELDS or (part and name not in OBJECTS):
            wrong.append(f"field {number} is none of {', '.join(FIELDS)}")
        elif value in (None, ""):
            continue
        elif not part:
            found = dict(value) if isinstance(value, dict) else value
            wrong += [f"{name}: {TWICE}"] if event.setdefault(name, found) != found else []
        elif isinstance(parts := event.setdefault(name, {}), dict):
            wrong += [f"{name}: {TWICE}"] if parts.setdefault(part, value) != value else []
        else:
            wrong.append(f"{name}: as one object, or in parts, not both")
    for name in (name for name in OBJECTS if isinstance(event.get(name), str)):
        try:
            event[name] = json.loads(event[name])
        except (ValueError, RecursionError):
            event[name] = None
    wrong += [f"{name}: an object" for name in OBJECTS if not isinstance(event.get(name, {}), dict)]
    return {name: value for name, value in event.items() if value is not None}, wrong


def _name(value: Any) -> str:
    text = str(value).strip()
    fits = isinstance(value, str) and 0 < len(text) <= LONGEST_NAME and text.isprintable()
    if not fits or CONTACT.search(text):
        raise ValueError(f"a text such as Purchase, at most {LONGEST_NAME} characters")
    return text


def _time(value: Any) -> int:
    return int(time.time()) if value == NOW else epoch(value, last=False)


def _address(value: Any) -> str:
    text = str(value).strip()
    if not re.match(r"https?://", text, re.IGNORECASE):
        raise ValueError("an address such as https://shop.example/thanks")
    return text


def _flag(value: Any) -> bool:
    known = {"true": True, "false": False}
    if (found := known.get(str(value).lower())) is None:
        raise ValueError("true or false")
    return found


def _custom(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    custom = {name: part for name, part in value.items() if part not in (None, "")}
    if "value" in custom:
        custom["value"] = _number(custom["value"])
    if "currency" in custom:
        custom["currency"] = str(custom["currency"]).strip().upper()
        if not re.fullmatch(r"[A-Z]{3}", custom["currency"]):
            raise ValueError("currency is three letters, such as USD")
    return custom


def _number(value: Any) -> int | float:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("value is a number, such as 49.90")
    return int(number) if number == int(number) else number


READ: Mapping[str, Callable[[Any], Any]] = {
    "event_name": _name,
    "event_time": _time,
    "event_id": short,
    "event_source_url": _address,
    "referrer_url": _address,
    "opt_out": _flag,
    "custom_data": _custom,
}


def _lacking(event: Event) -> Iterator[str]:
    """What this kind of event has to have beside the rest."""
    custom, name = event.get("custom_data") or {}, event.get("event_name")
    if event.get("action_source") == "website":
        if "event_source_url" not in event:
            yield "event_source_url: missing, a website's event needs it"
        if "client_user_agent" not in event["user_data"]:
            yield "user_data.client_user_agent: missing, a website's event needs it"
    if event.get("action_source") == "business_messaging":
        if name not in MESSAGING and not str(name).startswith("Order"):
            yield f"event_name: business_messaging takes {', '.join(MESSAGING)} and Order… only"
        if "messaging_channel" not in event:
            yield "messaging_channel: missing, business_messaging needs it, such as whatsapp"
    if name == "Purchase" and not {"value", "currency"} <= custom.keys():
        yield "custom_data: a Purchase needs value and currency"


def _astray(event: Event) -> Iterator[str]:
    """People where nothing is hashed: by their values, or by what these are called."""
    for name in event.keys() - {"user_data", "event_name"}:
        value = event[name]
        if any(CONTACT.search(text) or is_called(text) for text in _texts(value)):
            yield (
                f"{name}: it holds an e-mail address or telephone number, and is sent as it is; people "
                "belong in user_data"
            )
        called = {re.sub(r"[\s-]+", "_", text.strip().lower()) for text in _names(value)} & WHO
        if called or (name == "custom_data" and {"name", "external_id"} & value.keys()):
            yield f"{name}: a field of it names a person, and is sent as it is; people belong in user_data"


def _names(value: Any) -> Iterable[str]:
    """What parts of a value are called, however deep, also in the query of an address."""
    if isinstance(value, Mapping):
        return (name for key, inner in value.items() for name in (str(key), *_names(inner)))
    if isinstance(value, list):
        return (name for inner in value for name in _names(inner))
    try:
        query = urlsplit(value).query if isinstance(value, str) else ""
    except ValueError:
        query = value
    return (name for name, _ in parse_qsl(query))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        return (text for pair in value.items() for inner in pair for text in _texts(inner))
    if isinstance(value, list):
        return (text for inner in value for text in _texts(inner))
    return (str(value),)
