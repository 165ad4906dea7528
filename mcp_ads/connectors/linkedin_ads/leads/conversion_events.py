"""Conversion events: what happened on a site, in a CRM or on the phone, sent by the Conversions API."""

import time
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinWrite
from mcp_ads.connectors.linkedin_ads.dialect import METHOD
from mcp_ads.core import POST, Entity, dig

from . import rules
from .base import CONVERSION, ConversionId
from .event_people import PLAIN
from .event_rows import DAY_MS, NOW, OLDEST_DAYS, Events, PrivateEvents, at, checked

MOST_EVENTS = 5_000
"""Events in one request."""
EXAMPLE = {"happened_at": NOW, "event_id": "crm-4711", "value": "49.90 USD", "email": "mary@example.com"}
MADE = 201
THROUGH_THE_MODEL = (
    "events that stand in the call have passed through the model: a .csv inside MCP_ADS_FILES does not"
)
TWICE = (
    "LinkedIn drops an event where its Insight Tag has sent one with the same event_id to a rule on the same "
    "campaigns, and documents nothing of one that is sent here twice"
)
SOON_DAYS = 7
"""The oldest event is spoken of when it will be too old in so many days."""
EventRows = Annotated[
    Events,
    PrivateEvents(checked, MOST_EVENTS),
    Field(
        alias="elements",
        description="At most 5,000 {happened_at (ISO, epoch ms or now), event_id, value, email, li_fat_id, "
        "ip_address, first_name and last_name, title, company_name, country_code, external_id, lead}, or "
        "LinkedIn's own shape; or a .csv file inside MCP_ADS_FILES with such columns.",
    ),
]


class EventsWrite(LinkedinWrite):
    """Sends events to one rule, which counts them; what LinkedIn says of people is never repeated."""

    conversion_id: ConversionId
    events: EventRows

    does, private = "acts", True
    parents = {"conversion_id": "conversions"}
    parent_fields = ("name", "type", "conversionMethod", "enabled", "campaigns", "lastCallbackAt")
    aliases = {"conversion": "conversion_id", "data": "events"}

    @model_validator(mode="before")
    @classmethod
    def _by_its_rule(cls, given: Any) -> Any:
        """The rule may stand in the events alone, as in LinkedIn's own shape."""
        if not isinstance(given, dict) or given.get("conversion_id") is not None:
            return given
        named = list(dig(given, "events.told.rules") or ())
        return given | ({"conversion_id": named[0]} if len(named) == 1 else {})

    @model_validator(mode="after")
    def _all_of_one_rule(self) -> Any:
        if others := sorted(self.events["told"]["rules"].keys() - {self.conversion_id}):
            raise ValueError(
                f"conversion_id: some events are of rule {others[0]}; send each rule's by themselves"
            )
        return self

    def to_body(self) -> Mapping[str, Any]:
        return {
            "elements": Events(
                {**self.events, "beside": {"conversion": CONVERSION.spell(self.conversion_id)}}
            )
        }

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        return f"sends {told(self.events, self.conversion_id)}"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        method = parents.get("conversion_id", {}).get("conversionMethod")
        if method != rules.STREAMED:
            yield (
                f"conversion_id: rule {self.conversion_id} counts by {method or 'its pages'}; events "
                f"count only under a rule of conversion_method {rules.STREAMED}"
            )

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        rule = parents.get("conversion_id", {})
        yield f"the conversion rule is {rules.quoted(rule.get('name'))}, type {rule.get('type')}"
        yield from rules.said_of_rules(rule)
        if not rule.get("campaigns"):
            yield "no campaign has the rule: its conversions are attributed to nothing"

    def overdue(self, live: Mapping[str, Any], today: date) -> str:  # noqa: ARG002
        return self.events.late(time.time())

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        seen = self.events["told"]
        end = at(seen["first"] + OLDEST_DAYS * DAY_MS)
        if seen["first"] + (OLDEST_DAYS - SOON_DAYS) * DAY_MS < time.time() * 1000:
            yield f"after {end} LinkedIn refuses the oldest: apply the plan before"
        plain = [PLAIN[name] for name in seen["people"] if name in PLAIN]
        but = f", but for {', '.join(plain)}, which LinkedIn takes as they are" if plain else ""
        yield f"e-mail and IP addresses are hashed here (SHA-256) before anything is kept or sent{but}"
        if self.events.get("inline"):
            yield THROUGH_THE_MODEL
        if without := seen["without_id"]:
            yield f"{without:,} of {self.events.rows:,} have no event_id: sent again they count twice"
        yield TWICE

    def doubt(self, answer: Any) -> str:
        """The answer has a status for each event."""
        told_of = answer.get("elements") if isinstance(answer, dict) else None
        statuses = [one.get("status") for one in told_of or () if isinstance(one, dict)]
        done = len(statuses) == self.events.rows and {*statuses} == {MADE}
        return "" if done else "it does not say of each event that it has come"

    def remark(self, answer: Any) -> str:  # noqa: ARG002
        return f"LinkedIn has received {self.events.rows:,}"


class CreateConversionEvents(EventsWrite):
    """Send conversion events of the last 90 days to a rule of conversion_method CONVERSIONS_API. No undo.

    E-mail and IP addresses are hashed here; names, titles and companies go as they are, as LinkedIn wants.
    """

    said = (
        "conversions api, capi, offline conversions, upload conversions, send a lead or purchase, crm events"
    )

    http = POST("/conversionEvents", **{METHOD: "BATCH_CREATE"})
    sample = {"events": [EXAMPLE]}


def told(events: Events, conversion_id: str) -> str:
    """How many events, when, worth what, by which kinds of ids; nobody's values."""
    seen, same = events["told"], events.get("same", 0)
    worth = [f"{amount} {currency}" for currency, amount in seen["worth"].items()]
    parts = [
        f"{at(seen['first'])} to {at(seen['last'])}",
        *([f"worth {' and '.join(worth)}"] if worth else []),
        "people by " + ", ".join(f"{count:,} {kind}" for kind, count in seen["people"].items()),
        *([f"{same:,} given more than once sent once"] if same else []),
    ]
    what = "conversion event" if events.rows == 1 else "conversion events"
    return f"{events.rows:,} {what} to rule {conversion_id}: {'; '.join(parts)}"


conversion_events = Entity(noun="event", create=CreateConversionEvents)
