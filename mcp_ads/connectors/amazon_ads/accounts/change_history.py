"""Change history: what changed in Sponsored Products and Brands, when, from what to what."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Json
from mcp_ads.core import ID, TEXT, Column, Context, Entity, Flow, Result, Route, Span, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.runs import in_zone, run_of
from mcp_ads.errors import InvalidParams

from . import history_campaigns, history_events, history_rows
from .history_events import Found
from .history_params import Change, Ids, Kind, When, as_changes, as_kinds
from .history_rows import BUDGETS_LAST, COLUMNS, FILTERS, possible

HISTORY = Route(
    "POST",
    "/history",
    {"Content-Type": "application/json", "Accept": "application/vnd.historyresponse.v1.1+json"},
)
DAYS_BACK, USUAL_DAYS, AT_ONCE, MILLI = 90, 7, 10, 1000
HIDDEN = f"{BUDGETS_LAST}, which every campaign has at midnight too: change_type names it"
OWN_IDS = (
    "ids are Amazon's own here, which other entities do not take, and campaigns have no names: "
    "by_campaign=true asks for each campaign instead, campaign_id for some"
)
NO_AUTHOR = "Amazon does not tell who made a change, neither people nor programs"
WHOLE_DAYS = DAYS_BACK - 2
"""Days before today that lie within Amazon's ninety at any hour of today."""
NAMING = ("campaign_id", "ad_group_id", "entity_id")
ADVERTISER: Json = {"useProfileIdAdvertiser": True}


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
        BeforeValidator(as_kinds),
        Field(exclude=True, min_length=1, description="Of what; all unless said."),
    ] = None
    change_type: Annotated[
        list[Change] | None,
        BeforeValidator(as_changes),
        Field(
            exclude=True, min_length=1, description="budget, bid, status, …; all but IN_BUDGET unless said."
        ),
    ] = None
    campaign_id: Annotated[
        Ids | None, Field(exclude=True, description="Of these campaigns and what is in them.")
    ] = None
    by_campaign: Annotated[
        bool,
        Field(
            exclude=True,
            description="true: of each campaign, which gives their names, and ids that other calls take.",
        ),
    ] = False
    ad_group_id: Annotated[
        Ids | None, Field(exclude=True, description="Of these ad groups and what is in them.")
    ] = None
    entity_id: Annotated[
        Ids | None, Field(exclude=True, description="Of these objects of one entity_type.")
    ] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        named = [name for name in NAMING if getattr(self, name)]
        if self.time_range and (self.since or self.until):
            raise ValueError("time_range: give it, or since and until")
        if named[1:]:
            raise ValueError(f"{named[1]}: give it or {named[0]}, and not both")
        if named and self.by_campaign:
            raise ValueError(
                f"by_campaign: it asks for every campaign; {named[0]} names some, which do have names"
            )
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
        change = history_rows.change_of(event)
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
            "count": history_events.COUNT,
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

    def ids(self) -> list[str]:
        """The objects that are named."""
        return list(dict.fromkeys(self.campaign_id or self.ad_group_id or self.entity_id or ()))

    def parts(self) -> list[Self]:
        """The call for ten objects at a time, which is the most that Amazon takes."""
        ids = self.ids()
        name = next((name for name in NAMING if getattr(self, name)), "")
        tens = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
        return [self.model_copy(update={name: ten}) for ten in tens] or [self]

    def flow(self, context: Context) -> Flow:
        account, names = context.account, dict[str, str]()
        zone, currency = (account.timezone, account.currency) if account else ("UTC", "")
        call, said = self.since_kept(context)
        if self.by_campaign:
            names, more = yield from history_campaigns.every_campaign(self.profile_id)
            call, said = call.model_copy(update={"campaign_id": [*names]}), said + more
        parts = [] if self.by_campaign and not names else call.parts()
        found = (
            (yield from history_events.of_all([part.to_request() for part in parts])) if parts else Found()
        )
        rows, twice = history_rows.rows(filter(call.fits, found.events), currency, zone)
        if "campaignName" in self.columns():
            lacks = {
                str(row["campaignId"]) for row in rows if str(row["campaignId"]).isdigit()
            } - names.keys()
            names |= yield from history_campaigns.names_of(self.profile_id, lacks)
            if unnamed := lacks - names.keys():
                said.append(f"campaignName: none could be read of {', '.join(sorted(unnamed)[:AT_ONCE])}")
            rows = [{**row, "campaignName": names.get(str(row["campaignId"]))} for row in rows]
        coverage = _coverage(found, parts, currency, zone)
        if isinstance(self, AsSent):
            rows = [*filter(call.fits, found.events)]
        said += [f"{coverage}; ask for fewer days or campaigns"] if coverage else []
        said += [f"events that came twice are shown once: {twice}"] if twice else []
        said += [OWN_IDS] if any(not str(row.get("entityId") or 0).isdigit() for row in rows) else []
        if not rows and not coverage:
            said.append("no such changes in these days; since or time_range looks further back")
        meta = {"range": f"{call.since}..{call.until}", "warnings": said}
        meta |= {"coverage": coverage} if coverage else {}
        return Result(rows, {**meta, "hidden": "" if self.change_type else HIDDEN})

    def basis(self) -> str:
        return "Sponsored Products and Brands; Amazon tells neither who made a change nor those of Display"


def _coverage(found: Found, parts: Sequence[HistoryRead], currency: str, zone: str) -> str:
    """What of the changes that were asked for was not answered; empty where everything was."""
    said = []
    if found.cut:
        last = history_rows.row(found.whole_since, currency, zone)["time"]
        said.append(f"only the changes since {last}, and not all older ones: {found.cut}")
    if found.lost:
        ids = [id_ for index in found.lost for id_ in parts[index].ids()]
        more = f" and {len(ids) - AT_ONCE} more" if ids[AT_ONCE:] else ""
        said.append(f"no changes of {', '.join(ids[:AT_ONCE])}{more}: {next(iter(found.lost.values()))}")
    return "; ".join(said)


def _spelled(at: datetime, zone: str) -> str:
    return in_zone(f"{at:%Y-%m-%dT%H:%M:%S%z}", zone)


def _tomorrow(context: Context, zone: str) -> datetime:
    ends = run_of(None, str(context.today), zone).ends
    assert ends
    return ends


class ListChanges(HistoryRead):
    """List what changed, when, from what to what: of the last 7 days, the newest first.

    Sponsored Products and Sponsored Brands only. Amazon does not say who made a change. With by_campaign=true
    each row has its campaign's name.
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
        "event_type_ids": "entity_id", "date_range": "time_range", "names": "by_campaign",
        "by_campaigns": "by_campaign", "campaign_names": "by_campaign",
    }  # fmt: skip
    retired = dict.fromkeys(
        ("user", "user_id", "users", "who", "author", "actor", "changed_by", "email", "source"), NO_AUTHOR
    )

    def kinds(self) -> Mapping[str, Column]:
        ids = dict.fromkeys(("entityId", "campaignId", "adGroupId"), ID)
        return {**dict.fromkeys(COLUMNS, TEXT), **ids, "time": Column("date")}


change_history = Entity(noun="change", list=ListChanges)
