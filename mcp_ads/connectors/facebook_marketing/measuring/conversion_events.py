"""Conversion events: what happened on a site, in a shop or on the phone, sent by the Conversions API."""

import json
import re
import time
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.core import POST, Entity
from mcp_ads.core.synonyms import closest_of

from .about_pixels import PixelWrite
from .event_people import PLAIN
from .event_rows import MESSAGING, NOW, OLDEST, Events, PrivateEvents, at, checked
from .pixel_quality import STANDARD

PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+")
MOST_EVENTS = 1_000
"""Events in one request."""
EXAMPLE = {
    "event_name": "Lead",
    "event_time": NOW,
    "action_source": "phone_call",
    "event_id": "crm-4711",
    "user_data": {"em": "mary@example.com"},
}


EventRows = Annotated[
    Events,
    PrivateEvents(checked, MOST_EVENTS),
    Field(
        alias="data",
        description="At most 1,000 {event_name, event_time (Unix, ISO or now), action_source, event_id, "
        "event_source_url, user_data: {em, ph, fn, ln, ct, st, zp, country, external_id, client_ip_address, "
        "client_user_agent, fbc, fbp, …}, custom_data: {value, currency, …}}; or a .csv file inside "
        "MCP_ADS_FILES with columns such as user_data.em.",
    ),
]
TestCode = Annotated[
    str | None,
    Field(
        pattern=r"^[A-Za-z0-9]{1,40}$", description="Shows them under Test events; they count all the same."
    ),
]


class CreateConversionEvents(PixelWrite):
    """Send conversion events of the last 7 days to a pixel: purchases, leads, … There is no undo.

    People in user_data are hashed here. Events sent twice count twice unless they have an event_id.
    """

    events: EventRows
    test_event_code: TestCode = None
    partner_agent: Annotated[str | None, Field(max_length=23)] = None

    http, does, private = POST("/{pixel_id}/events"), "acts", True
    watch, sample = (), {"events": [EXAMPLE]}
    said = "conversions api, capi, server events, offline conversions, send a purchase, upload conversions"

    def to_body(self) -> Mapping[str, Any]:
        return {**self.sent(), "data": self.events}

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        return f"sends {said(self.events, self.pixel_id)}"

    def overdue(self, live: Mapping[str, Any], today: date) -> str:  # noqa: ARG002
        return self.events.late(time.time())

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from cautions(self.events, self.test_event_code)

    def doubt(self, answer: Any) -> str:
        """The answer says how many events have come; one bad event makes it refuse all."""
        come = answer.get("events_received") if isinstance(answer, dict) else None
        if type(come) is not int:
            return "it does not say how many events have come"
        return (
            "" if come == self.events.rows else f"it says that {come} of {self.events.rows} events have come"
        )

    def remark(self, answer: Any) -> str:
        said = answer.get("messages")
        more = (
            f", with {len(said)} messages: Events Manager shows them"
            if isinstance(said, list) and said
            else ""
        )
        return f"Facebook has received {self.events.rows:,}{more}"


def said(events: Events, pixel_id: str) -> str:
    """How many events of which sort, when, worth what, by which keys people are matched; nobody's values."""
    told, same = events["told"], events.get("same", 0)
    worth = [f"{amount} {currency}" for currency, amount in told["worth"].items()]
    parts = [
        _counts(told["names"]),
        f"by {_counts(told['sources'])}",
        f"{at(told['first'])} to {at(told['last'])}",
        *([f"worth {' and '.join(worth)}"] if worth else []),
        f"people by {_counts(told['people'])}",
        *([f"{same:,} given more than once sent once"] if same else []),
    ]
    what = "conversion event" if events.rows == 1 else "conversion events"
    return f"{events.rows:,} {what} to pixel {pixel_id}: {'; '.join(parts)}"


def cautions(events: Events, test_event_code: str | None) -> Iterable[str]:
    """What to know before these are sent."""
    yield f"after {at(events['told']['first'] + OLDEST)} Facebook refuses all of them: apply the plan before"
    plain = [key for key in events["told"]["people"] if key in PLAIN]
    but = f", but for {', '.join(plain)}, which Facebook takes as they are" if plain else ""
    yield f"people are hashed here (SHA-256) before anything is kept or sent{but}"
    if without := events["told"]["without_id"]:
        yield (
            f"{without:,} of {events.rows:,} have no event_id: sent again, or by the site's pixel too, they "
            "count twice"
        )
    for name in sorted(events["told"]["names"].keys() - {*STANDARD.values(), *MESSAGING}):
        if PLAIN_NAME.fullmatch(name):
            near = closest_of(name, STANDARD.values())
            yield f"{name} is none of the standard events{near}; Facebook counts it as one of your own"
    if test_event_code:
        yield "test_event_code does not hold them back: they count in reports and steer delivery"


def _counts(numbers: Mapping[str, int]) -> str:
    return ", ".join(
        f"{number:,} {name if PLAIN_NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)}"
        for name, number in numbers.items()
    )


conversion_events = Entity(noun="event", create=CreateConversionEvents)
