"""Change history: what changed in Sponsored Products and Brands, when, from what to what."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.filters import listed, words
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Json
from mcp_ads.core import ID, TEXT, Column, Context, Entity, Flow, Result, Route, Span, Wait, dig
from mcp_ads.core.outline import Steps
from mcp_ads.core.runs import in_zone, run_of
from mcp_ads.core.synonyms import bare
from mcp_ads.errors import InvalidParams, RateLimited

from . import history_rows
from .history_rows import BUDGETS_LAST, COLUMNS, FILTERS, PATIENCE, SLOW, possible

HISTORY = Route(
    "POST",
    "/history",
    {"Content-Type": "application/json", "Accept": "application/vnd.historyresponse.v1.1+json"},
)
DAYS_BACK, USUAL_DAYS, MOST_IDS, MILLI = 90, 7, 10, 1000
HIDDEN = f"{BUDGETS_LAST}, which every campaign has at midnight too: change_type names it"
OWN_IDS = "ids are Amazon's own here, which other entities do not take; name campaign_id to get those"
WHOLE_DAYS = DAYS_BACK - 2
"""Days before today that lie within Amazon's ninety at any hour of today."""
FIRST_EPOCH = 10**9
ADVERTISER: Json = {"useProfileIdAdvertiser": True}
Kind = Literal[
    "CAMPAIGN", "AD_GROUP", "AD", "KEYWORD", "NEGATIVE_KEYWORD", "PRODUCT_TARGETING", "THEME"
]  # fmt: skip
Change = Literal[
    "STATUS", "BUDGET_AMOUNT", "BID_AMOUNT", "NAME", "START_DATE", "END_DATE", "SMART_BIDDING_STRATEGY",
    "PLACEMENT_GROUP", "IN_BUDGET", "CREATED", "PORTFOLIO", "RULE_BASED_BUDGET_VALUE", "APPLICABLE_RULE_NAME",
]  # fmt: skip
KINDS = {
    **{bare(kind): kind for kind in FILTERS}, "productad": "AD", "target": "PRODUCT_TARGETING",
    "targeting": "PRODUCT_TARGETING", "producttarget": "PRODUCT_TARGETING",
}  # fmt: skip
CHANGES = {
    "budget": "BUDGET_AMOUNT", "bid": "BID_AMOUNT", "defaultbid": "BID_AMOUNT", "state": "STATUS",
    "start": "START_DATE", "end": "END_DATE", "bidding": "SMART_BIDDING_STRATEGY",
    "biddingstrategy": "SMART_BIDDING_STRATEGY", "placement": "PLACEMENT_GROUP",
    "outofbudget": BUDGETS_LAST, "budgetrule": "RULE_BASED_BUDGET_VALUE", "rule": "APPLICABLE_RULE_NAME",
}  # fmt: skip


def _kinds(value: Any) -> Any:
    found = words(value)
    return [KINDS.get(bare(str(word)), word) for word in found] if isinstance(found, list) else found


def _changes(value: Any) -> Any:
    found = words(value)
    return [CHANGES.get(bare(str(word)), word) for word in found] if isinstance(found, list) else found


def _ids(value: Any) -> Any:
    given = listed(value)
    return [part.strip() for part in given.split(",")] if isinstance(given, str) else given


def _when(value: str) -> str:
    """A day or a moment. Raises ValueError for the names of several days, and what is no time."""
    if run_of(value, None, "UTC").begins is None or (value.isdecimal() and int(value) < FIRST_EPOCH):
        raise ValueError("write 2026-11-20 or 2026-11-20T09:00; time_range takes last_week, mtd and the like")
    return value


Ids = Annotated[
    list[Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,40}$")]],
    BeforeValidator(_ids),
    Field(min_length=1, max_length=MOST_IDS),
]
When = Annotated[str, AfterValidator(_when)]


class HistoryRead(AmazonRead):
    """What asking the history takes: days, types, whose changes; and what is left out here."""

    time_range: Annotated[
        Span | None, Field(exclude=True, description="yesterday, last_week, mtd: instead of since and until.")
    ] = None
    since: Annotated[
        When | None, Field(exclude=True, description="From this day or moment on; 7 days ago by default.")
    ] = None
    until: Annotated[
        When | None, Field(exclude=True, description="Up to and with this day, or until then.")
    ] = None
    entity_type: Annotated[
        list[Kind] | None,
        BeforeValidator(_kinds),
        Field(exclude=True, min_length=1, description="Of what; all unless said."),
    ] = None
    change_type: Annotated[
        list[Change] | None,
        BeforeValidator(_changes),
        Field(
            exclude=True, min_length=1, description="budget, bid, status, …; all but IN_BUDGET unless said."
        ),
    ] = None
    campaign_id: Annotated[
        Ids | None, Field(exclude=True, description="Of these campaigns and what is in them; at most 10.")
    ] = None
    ad_group_id: Annotated[
        Ids | None, Field(exclude=True, description="Of these ad groups and what is in them; at most 10.")
    ] = None
    entity_id: Annotated[
        Ids | None, Field(exclude=True, description="Of these objects of one entity_type; at most 10.")
    ] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        named = [name for name in ("campaign_id", "ad_group_id", "entity_id") if getattr(self, name)]
        if self.time_range and (self.since or self.until):
            raise ValueError("time_range: give it, or since and until")
        if named[1:]:
            raise ValueError(f"{named[1]}: give it or {named[0]}, and not both")
        if self.entity_id and len(self.entity_type or ()) != 1:
            raise ValueError("entity_type: give the one type that entity_id is of")
        if wrong := [kind for kind in self.entity_type or () if kind not in self.types()]:
            raise ValueError(f"change_type: of {wrong[0]} there are {', '.join(possible(wrong[0]))}")
        if not self.types():
            raise ValueError("change_type: nothing in an ad group changes like this; give campaign_id")
        return self

    def types(self) -> list[str]:
        """The types of entities that are asked for, as far as they can change so."""
        kinds = [str(kind) for kind in self.entity_type or FILTERS]
        if self.ad_group_id and not self.entity_type:
            kinds.remove("CAMPAIGN")
        return [kind for kind in kinds if not self.change_type or {*self.change_type} & {*possible(kind)}]

    def changes(self, kind: str) -> list[str]:
        """What may have changed of a type."""
        usual = [name for name in FILTERS[kind] if name != BUDGETS_LAST]
        return [name for name in self.change_type or usual if name in possible(kind)]

    def fits(self, event: Mapping[str, Any]) -> bool:
        """Whether an event was asked for: Amazon also sends others."""
        change = str(event.get("changeType"))
        known = history_rows.SAME.get(change, change)
        wanted = known in self.change_type if self.change_type else known != BUDGETS_LAST
        return event.get("entityType") in self.types() and wanted and self.is_inside(event)

    def is_inside(self, event: Mapping[str, Any]) -> bool:
        """Whether an event is of the campaigns named, as far as it says."""
        of = dig(dict(event), "metadata.campaignId")
        campaign = event.get("entityId") if event.get("entityType") == "CAMPAIGN" else of
        return not self.campaign_id or campaign is None or str(campaign) in self.campaign_id

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """Days are the profile's own, whole ones. Raises InvalidParams for a range that has none."""
        zone = context.account.timezone if context.account else "UTC"
        call, first = super().settled(context, live), context.today - timedelta(days=USUAL_DAYS)
        since, until = call.since or str(first), call.until or str(context.today)
        if call.time_range:
            since, until = map(str, call.time_range.days)
        run = run_of(since, until, zone)
        assert run.begins
        assert run.ends
        if run.begins >= run.ends or run.begins >= _tomorrow(context, zone):
            raise InvalidParams(f"since: {since} has to be before until, {until}, and not after today")
        given = {"since": _spelled(run.begins, zone), "until": _spelled(run.ends, zone), "time_range": None}
        return call.model_copy(update=given)

    def earliest(self, today: date) -> date:
        return today - timedelta(days=WHOLE_DAYS)

    def to_body(self) -> Json:
        run = run_of(self.since, self.until, "UTC")
        assert run.begins
        assert run.ends
        until = min(run.ends.timestamp(), time.time())
        return {
            "fromDate": int(run.begins.timestamp() * MILLI),
            "toDate": int(until * MILLI),
            "eventTypes": {kind: self.asked(kind) for kind in self.types()},
            "count": history_rows.COUNT,
            "sort": {"key": "DATE", "direction": "DESC"},
        }

    def asked(self, kind: str) -> Json:
        """Whose changes of one type, and which: without ids and parents Amazon answers with nothing."""
        found = history_rows.filters(kind, self.changes(kind))
        own = {"CAMPAIGN": self.campaign_id, "AD_GROUP": self.ad_group_id}.get(kind) or self.entity_id
        name, ids = "campaignId" if self.campaign_id else "adGroupId", self.campaign_id or self.ad_group_id
        parents: list[Json] = [{name: id_} for id_ in ids or ()] or [ADVERTISER]
        whose = {"eventTypeIds": own} if own else {"parents": parents}
        return {**({"filters": found} if found else {}), **whose}

    def since_kept(self, context: Context) -> tuple[Self, list[str]]:
        """The call from the first day on that Amazon keeps, and what to say of that."""
        zone = context.account.timezone if context.account else "UTC"
        first = run_of(str(self.earliest(context.today)), None, zone).begins
        begins = run_of(self.since, None, zone).begins
        assert first
        if begins is None or begins >= first:
            return self, []
        said = (
            f"since: Amazon keeps changes for {DAYS_BACK} days, so these are from {_spelled(first, zone)} on"
        )
        return self.model_copy(update={"since": _spelled(first, zone)}), [said]

    def events(self) -> Steps[tuple[list[Json], str]]:
        """All events; where Amazon asks to slow down at once, asked for again after a pause."""
        request = self.to_request()
        try:
            return (yield from history_rows.every_event(request))
        except RateLimited as error:
            yield Wait(max(PATIENCE, error.retry_after))
        try:
            return (yield from history_rows.every_event(request))
        except RateLimited as error:
            error.fix = "; ".join(filter(None, [SLOW, error.fix]))
            raise

    def flow(self, context: Context) -> Flow:
        account = context.account
        zone, currency = (account.timezone, account.currency) if account else ("UTC", "")
        call, said = self.since_kept(context)
        events, cut = yield from call.events()
        rows, twice = history_rows.rows(filter(call.fits, events), currency, zone)
        if cut:
            last = history_rows.row(events[-1], currency, zone)["time"]
            said.append(f"only the changes since {last}, and no older ones: {cut}; ask for fewer days")
        if twice:
            said.append(f"{twice} events that came twice are shown once")
        if any(not str(row["entityId"] or 0).isdigit() for row in rows):
            said.append(OWN_IDS)
        if not rows:
            said.append("no such changes in these days; since or time_range looks further back")
        hidden = "" if self.change_type else HIDDEN
        return Result(rows, {"range": f"{call.since}..{call.until}", "hidden": hidden, "warnings": said})

    def basis(self) -> str:
        return "Sponsored Products and Brands; Amazon tells neither who made a change nor those of Display"


def _spelled(at: datetime, zone: str) -> str:
    return in_zone(f"{at:%Y-%m-%dT%H:%M:%S%z}", zone)


def _tomorrow(context: Context, zone: str) -> datetime:
    ends = run_of(None, str(context.today), zone).ends
    assert ends
    return ends


class ListChanges(HistoryRead):
    """List what changed, when, from what to what: of the last 7 days, the newest first.

    Sponsored Products and Sponsored Brands only. Amazon does not say who made a change.
    """

    said = (
        "who changed the budget, who changed, audit log, change log, activity, budget changes, bid changes, "
        "what happened, who paused, history of a campaign"
    )

    http, spooled, reused, known = HISTORY, True, False, COLUMNS
    lean = tuple(name for name in COLUMNS if name != "adGroupId")
    alike = {
        "date": "time", "when": "time", "timestamp": "time", "what": "changeType", "before": "previousValue",
        "after": "newValue", "old_value": "previousValue", "id": "entityId", "type": "entityType",
    }  # fmt: skip
    aliases = {
        **ACCOUNT, "from_date": "since", "to_date": "until", "start_date": "since", "end_date": "until",
        "event_types": "entity_type", "event_type": "entity_type", "filters": "change_type",
        "event_type_ids": "entity_id", "date_range": "time_range",
    }  # fmt: skip

    def kinds(self) -> Mapping[str, Column]:
        ids = dict.fromkeys(("entityId", "campaignId", "adGroupId"), ID)
        return {**dict.fromkeys(COLUMNS, TEXT), **ids, "time": Column("date")}


change_history = Entity(noun="change", list=ListChanges)
