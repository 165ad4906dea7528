"""Activities: who changed what in an ad account, and when.

Facebook's log uses old words: an ad set is a campaign there, a campaign a campaign group, an ad an ad group.
Which of them an entry is about follows from its event. Facts: AdActivity of Meta's client; the shapes of
extra_data are those that public clients of the edge have met.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, Id, moment
from mcp_ads.core import GET, Account, Column, Context, Entity, Span
from mcp_ads.core.money import offset
from mcp_ads.core.runs import in_zone, run_of
from mcp_ads.errors import InvalidParams

LEAN = (
    "event_time", "actor_name", "translated_event_type", "object_type", "object_name", "object_id",
    "extra_data",
)  # fmt: skip
Category = Literal[
    "ACCOUNT", "AD", "AD_KEYWORDS", "AD_SET", "AUDIENCE", "BID", "BUDGET", "CAMPAIGN", "DATE", "STATUS",
    "TARGETING",
]  # fmt: skip
OF_AD_SETS = frozenset(
    f"update_campaign_{what}"
    for what in (
        "ad_scheduling", "delivery_destination", "delivery_type", "schedule", "high_demand_periods",
        "budget_scheduling_state", "conversion_goal", "value_adjustment_rule",
    )
)  # fmt: skip
"""Events that say campaign and are about an ad set."""
WORDS = (
    ("audience", "audience"), ("account", "account"), ("billing", "account"), ("funding", "account"),
    ("ad_set", "ad set"), ("campaign", "campaign"), ("adgroup", "ad"), ("ad_review", "ad"), ("_ad", "ad"),
)  # fmt: skip
ALIKE = {
    "time": "event_time", "who": "actor_name", "what": "translated_event_type", "change": "extra_data",
    "level": "object_type", "name": "object_name",
}  # fmt: skip
YEARS = range(2004, 3000)
"""Those a moment of a log can be in."""


def _when(value: Any) -> Any:
    """A day or a time. Raises ValueError for the name of several days, and what is no time."""
    wrong = (
        "write a day or a time, such as 2026-11-20 or 2026-11-20T09:00:00; time_range takes last_week, "
        "last_7d, mtd and the like"
    )
    try:
        text = moment(value)
    except ValueError:
        raise ValueError(wrong) from None
    begins = run_of(text, None, "UTC").begins
    if begins is None or begins.year not in YEARS:
        raise ValueError(wrong)
    return text


When = Annotated[str | None, BeforeValidator(_when)]
TYPES = {"CAMPAIGN_GROUP": "campaign", "CAMPAIGN": "ad set", "ADGROUP": "ad"}
AMOUNTS = re.compile(r"_(budget|spend_limit|spend_cap|spend_target)$|_billing_(charge|refund|decline)")
"""Events whose numbers are money; of others they are where a currency stands beside them."""
DAYS = 7


class ListActivities(GraphRead):
    """List who changed what in an ad account, and when: the newest first, the last 7 days by default.

    extra_data is what it was and what it became, object_type what people call it (campaign, ad set, ad).
    """

    said = "change history, audit log, who changed, who paused, budget changes, what happened"

    account_id: AdAccountId
    time_range: Annotated[
        Span | None, Field(exclude=True, description="today, last_7d, last_week, mtd: instead of since.")
    ] = None
    since: Annotated[When, Field(description="From this day or time on; 7 days ago by default.")] = None
    until: Annotated[When, Field(description="Up to this day or time; now by default.")] = None
    category: Annotated[Category | None, Field(description="Only changes of this kind.")] = None
    oid: Annotated[Id | None, Field(description="Only about this object; add_children: or below it.")] = None
    add_children: bool | None = None
    uid: Annotated[Id | None, Field(description="Only by this person.")] = None

    http = GET("/act_{account_id}/activities")
    node, pages, records, lean = "AdActivity", CURSOR, "data", LEAN
    aliases = {
        "object_id": "oid", "start_time": "since", "end_time": "until", "actor_id": "uid",
        "date_preset": "time_range", "date_range": "time_range",
    }  # fmt: skip
    alike = ALIKE

    @model_validator(mode="after")
    def _one_range(self) -> Self:
        if self.time_range and (self.since or self.until):
            raise ValueError("time_range: give it, or since and until")
        return self

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """Days are the account's own, whole ones. Raises InvalidParams for a range that has none."""
        zone = context.account.timezone if context.account else "UTC"
        call = super().settled(context, live)
        if call.time_range:
            days = {"since": str(call.time_range.days[0]), "until": str(call.time_range.days[1])}
            call = call.model_copy(update=days)
        run = run_of(call.since, call.until or str(context.today), zone)
        assert run.ends
        begins = run.begins or run.ends - timedelta(days=DAYS + 1)
        if begins >= run.ends:
            why = f"has to be before until, {call.until}" if call.until else "is in the future"
            raise InvalidParams(f"since: {call.since} {why}")
        ends = {"since": begins, **({"until": run.ends} if call.until else {})}
        given = {name: in_zone(f"{end:%Y-%m-%dT%H:%M:%S%z}", zone) for name, end in ends.items()}
        return call.model_copy(update=given)

    def basis(self) -> str:
        """The days, where one account's zone says which they are."""
        since = self.since or (self.time_range and str(self.time_range.days[0])) or f"{DAYS} days ago"
        until = self.until or (self.time_range and str(self.time_range.days[1])) or "now"
        return f"changes from {since} to {until}"

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Nothing found is nothing in these days."""
        hint = f"no {self.basis()}: since, or time_range such as last_30d, looks further back"
        return {} if records else {"warnings": [hint]}

    def kinds(self) -> Mapping[str, Column]:
        return {"event_time": Column("date")}

    def to_query(self) -> Mapping[str, Any]:
        """The event says what an entry is about and whether its numbers are money, so it is read along."""
        wanted = dict.fromkeys([*self.columns(), "event_type", "object_type"])
        return {**self.sent(), "fields": ",".join(wanted)}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        change = change_of(record, account.currency if account else "")
        at = in_zone(str(record.get("event_time") or ""), account.timezone if account else "UTC")
        shown = {**record, "event_time": at, "object_type": level_of(record), "extra_data": change}
        return {name: shown.get(name) for name in self.columns()}


def level_of(record: Mapping[str, Any]) -> str:
    """What an entry is about, as people call it."""
    event, old = str(record.get("event_type") or ""), str(record.get("object_type") or "").upper()
    if event in OF_AD_SETS:
        return "ad set"
    found = next((word for part, word in WORDS if part in event), "")
    return found or TYPES.get(old, old.lower().replace("_", " "))


def change_of(record: Mapping[str, Any], currency: str) -> str:
    """What something was and what it became, money in major units with its currency."""
    text = record.get("extra_data")
    try:
        about = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return str(text)
    if not isinstance(about, dict):
        return "" if about in (None, []) else json.dumps(about, ensure_ascii=False)
    before, after = (_inner(about.get(name), name) for name in ("old_value", "new_value"))
    if before is None and after is None:
        rest = {name: value for name, value in about.items() if value not in (None, "", [], {})}
        return json.dumps(rest, ensure_ascii=False) if rest else ""
    known, event = str(about.get("currency") or _part(about, "currency")), str(record.get("event_type"))
    money = known or (currency if AMOUNTS.search(event) else "")
    said = [_said(value, money) for value in (before, after)]
    period = _part(about, "additional_value") or (_part(about, "type") if money else "")
    return f"{said[0]} → {said[1]}{f' ({period})' if period else ''}"


def _part(about: Mapping[str, Any], name: str) -> str:
    """What the values say of themselves, such as the currency, or "Per day"."""
    sides = (about.get("new_value"), about.get("old_value"))
    found = next((side[name] for side in sides if isinstance(side, dict) and side.get(name)), "")
    return str(found)[:30]


def _inner(value: Any, name: str) -> Any:
    """A value that stands by itself, or inside an object of its own."""
    return value.get(name) if isinstance(value, dict) and name in value else value


def _said(value: Any, currency: str) -> str:
    if value in (None, ""):
        return "none"
    if currency and str(value).isdecimal():
        per = offset(currency)
        return f"{Decimal(str(value)) / per:.{len(str(per)) - 1}f} {currency}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


activities = Entity(noun="activity", list=ListActivities)
