"""Conversion events as Facebook takes them: people hashed, and what it would refuse found first.

The rules are those of Meta's pages on the server event, customer information and custom data parameters of
the Conversions API; names of parameters also of facebook-business, adobjects.serverside.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mcp_ads.connectors.facebook_marketing.audiences import people
from mcp_ads.core.private import Private, PrivateRows

from .base import epoch

DAY = 86_400
OLDEST, AHEAD = 7 * DAY, 600
"""How old an event may be, in seconds, and how far a clock may be ahead."""
LONGEST_NAME, SHORT = 50, 200
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
OBJECTS = ("user_data", "custom_data", "app_data", "original_event_data", "attribution_data")
HASHED = {
    "em": "EMAIL", "ph": "PHONE", "fn": "FN", "ln": "LN", "ge": "GEN", "ct": "CT", "st": "ST", "zp": "ZIP",
    "country": "COUNTRY", "fi": "FI", "doby": "DOBY", "dobm": "DOBM", "dobd": "DOBD", "db": "",
}  # fmt: skip
"""What Facebook takes hashed only -> what customer files call it."""
PLAIN = (
    "external_id", "client_ip_address", "client_user_agent", "fbc", "fbp", "lead_id", "subscription_id",
    "fb_login_id", "madid", "anon_id", "ctwa_clid", "page_id",
)  # fmt: skip
"""What it takes as it is; an external_id also hashed."""
ALSO = {
    "email": "em", "phone": "ph", "first_name": "fn", "last_name": "ln", "gender": "ge", "gen": "ge",
    "date_of_birth": "db", "dob": "db", "birthday": "db", "city": "ct", "state": "st", "zip": "zp",
    "zip_code": "zp", "postcode": "zp", "ip": "client_ip_address", "user_agent": "client_user_agent",
}  # fmt: skip
MESSAGING = ("LeadSubmitted", "QualifiedLead", "Purchase", "AddToCart", "InitiateCheckout", "ViewContent")
CONTACT = re.compile(r"[^\s@/?&=]{1,64}(?:@|%40)[^\s@/?&=]+\.[a-z]{2,}", re.IGNORECASE)
"""An e-mail address, also as addresses of pages spell it."""
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
            "without_id": sum("event_id" not in event for event in events),
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
    user, more = _hashed(event.get("user_data"))
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
            event[name] = dict(value) if isinstance(value, dict) else value
        elif isinstance(parts := event.setdefault(name, {}), dict):
            parts[part] = value
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


def _short(value: Any) -> str:
    text = str(value).strip()
    if isinstance(value, bool | float | dict | list) or not 0 < len(text) <= SHORT:
        raise ValueError(f"a text of at most {SHORT} characters")
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
    "event_id": _short,
    "event_source_url": _address,
    "referrer_url": _short,
    "opt_out": _flag,
    "custom_data": _custom,
}


def _hashed(user: Any) -> tuple[Event, list[str]]:
    """Who it was, by Facebook's keys: a list of hashes for each that it takes hashed only."""
    found, wrong = Event(), list[str]()
    given = user if isinstance(user, dict) else {}
    country = next((value for key, value in given.items() if key == "country" and isinstance(value, str)), "")
    for number, (key, value) in enumerate(given.items(), 1):
        name = ALSO.get(str(key).strip().lower(), str(key).strip().lower())
        several = value if isinstance(value, list) else [value]
        values = [one for one in several if one not in (None, "")]
        if name not in HASHED and name not in PLAIN:
            wrong.append(f"user_data: key {number} is none of {', '.join([*HASHED, *PLAIN])}")
            continue
        try:
            parts = [_person(name, one, country) for one in values]
        except ValueError as mistake:
            wrong.append(f"user_data.{name}: {mistake}")
            continue
        if kept := list(dict.fromkeys(part for part in parts if part)):
            found[name] = kept if name in HASHED or name == "external_id" else kept[0]
    if not found and not wrong:
        wrong.append(
            "user_data: it has to say who it was by at least one of em, ph, fbc, fbp, external_id, …"
        )
    return found, wrong


def _person(name: str, value: Any, country: str) -> str:
    if name == "db":
        return _birthday(_short(value))
    if name in PLAIN:
        text = _short(value) if name != "client_user_agent" else str(value).strip()
        if name != "client_user_agent" and CONTACT.search(text):
            raise ValueError("holds an e-mail address, and is sent as it is; give it as em, which is hashed")
        return text
    key = HASHED[name]
    try:
        row = {key: value} if key in ("COUNTRY", "PHONE") or not country else {key: value, "COUNTRY": country}
        return people.hashed(row)[key]
    except ValueError as mistake:
        raise ValueError(str(mistake).partition(" ")[2]) from None


def _birthday(text: str) -> str:
    if people.HASHED.fullmatch(text):
        return text.lower()
    digits = re.sub(r"[\s./-]", "", text)
    if not re.fullmatch(r"(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])", digits):
        raise ValueError("is no day of birth as 19800131")
    return hashlib.sha256(digits.encode()).hexdigest()


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
    """People where nothing is hashed."""
    for name in event.keys() - {"user_data", "event_name"}:
        if any(CONTACT.search(text) for text in _texts(event[name])):
            yield f"{name}: it holds an e-mail address, and is sent as it is; people belong in user_data"


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        return (text for pair in value.items() for inner in pair for text in _texts(inner))
    if isinstance(value, list):
        return (text for inner in value for text in _texts(inner))
    return (str(value),)
