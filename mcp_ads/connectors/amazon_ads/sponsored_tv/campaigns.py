"""Sponsored TV campaigns: a daily budget, paid by the thousand impressions; ad groups belong to one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.fixes import TV_COUNTRIES
from mcp_ads.connectors.amazon_ads.record_names import WORDS
from mcp_ads.connectors.amazon_ads.sponsored_products import campaign_rules, rules
from mcp_ads.connectors.amazon_ads.types import (
    SHORT,
    CampaignIds,
    DailyBudget,
    Json,
    NewDailyBudget,
    OneOrMore,
    State,
    upper,
)
from mcp_ads.connectors.amazon_ads.writes import Activate, Pause, out_of_order, refuse_past
from mcp_ads.core import Account, Action, Context, Entity, dig
from mcp_ads.core.marks import Found

from . import inside
from .base import TIMES, CampaignId, TvArchive, TvGet, TvList, TvNames, TvRead, TvWrite, routes
from .days import day_in, day_or_moment, first_moment, last_moment, said

ROUTES = routes("campaigns", "stCampaign")
LEAN = ("campaignId", "name", "state", TIMES[0], "budget", "startDate", "endDate")
MORE = (*LEAN, "targetingType", "costType", *TIMES[1:])
KNOWN = (
    "campaignId", "name", "state", "budget", "budgetCurrencyCode", "startDate", "endDate", "startDateTime",
    "endDateTime", "targetingType", "costType", "fullFunnelCampaignId", "tags.*", *TIMES,
)  # fmt: skip
OF_CAMPAIGNS = {**WORDS, "id": "campaignId", "daily_budget": "budget"}
BIDS = {inside.AD_GROUPS: inside.AdGroups}
IGNORED = "Amazon takes no notice of tags since 30 Jun 2025"


def _amount(value: Any) -> Any:
    """Amazon's own object of a budget is the amount in it; raises ValueError for a period that is no day."""
    budget = value.get("budget") if isinstance(value, dict) else None
    if not isinstance(budget, dict):
        return value
    if budget.get("recurrenceType", "DAILY") != "DAILY":
        raise ValueError("recurrenceType is DAILY: campaigns have a budget for each day")
    amount, currency = dig(budget, "budgetValue.amount"), dig(budget, "budgetValue.budgetCurrencyCode")
    return {"amount": amount, "currencyCode": currency} if currency else amount


Name = Annotated[
    str, AfterValidator(rules.trimmed), Field(min_length=1, max_length=128, examples=["Shoes on TV"])
]
Budget = Annotated[DailyBudget, BeforeValidator(_amount)]
NewBudget = Annotated[NewDailyBudget, BeforeValidator(_amount)]
FirstDay = Annotated[
    str | None,
    BeforeValidator(day_or_moment),
    Field(description="YYYY-MM-DD in the profile's time zone, from today on."),
]
LastDay = Annotated[
    str | None,
    BeforeValidator(day_or_moment),
    Field(description="The last day, YYYY-MM-DD in the profile's time zone; or an endDateTime."),
]
DAYS = {"start_date": "startDate", "end_date": "endDate"}


class CampaignRead(TvRead):
    """Budgets and days are shown without the objects and moments that Amazon has them in."""

    known, alike = KNOWN, OF_CAMPAIGNS

    def to_row(self, record: Json, account: Account | None) -> Json:
        row, zone = dict(record), account.timezone if account else "UTC"
        money = dig(row.pop("budgetSettings", None), "budget.budgetValue") or {}
        row |= {"budget": money.get("amount"), "budgetCurrencyCode": money.get("budgetCurrencyCode")}
        for name in ("startDate", "endDate"):
            row[f"{name}Time"] = record.get(name)
            row[name] = day_in(record.get(name), zone)
        return row


class ListCampaigns(CampaignRead, TvList):
    """List Sponsored TV campaigns."""

    campaign_id: CampaignIds = None
    name: TvNames = None

    http, records, total, lean = ROUTES.list, "campaigns", "totalCount", LEAN
    said = "streaming TV ads, connected TV, video on Twitch, CTV"


class GetCampaign(CampaignRead, TvGet):
    """Read one Sponsored TV campaign, or several with a list of ids."""

    campaign_id: Annotated[OneOrMore, Field(alias="campaignIdFilter", examples=["100000000000001"])]

    http, records, lean, subject = ROUTES.list, "campaigns", MORE, "campaign_id"


class CampaignFields(TvWrite):
    """What creating and updating share. Days go over the wire as moments of the profile's zone."""

    name: Name | None = None
    daily_budget: Budget = None
    start_date: FirstDay = None
    end_date: LastDay = None
    moments: Annotated[Json | None, Found(), Field(exclude=True)] = None
    was: Annotated[Json | None, Found(), Field(exclude=True)] = None
    zone: Annotated[str | None, Found(), Field(exclude=True)] = None
    currency: Annotated[str | None, Found(), Field(exclude=True)] = None

    key = "campaigns"
    begins, ends = "startDate", "endDate"
    aliases = {**SHORT, "budgetSettings": "daily_budget"}
    retired = {"tags": IGNORED}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With the moments of what runs already: Amazon takes no end without a begin beside it."""
        live, zone = live or {}, context.account.timezone if context.account else "UTC"
        was = {wire: str(live[f"{wire}Time"]) for wire in DAYS.values() if live.get(f"{wire}Time")}
        given = {name: value for name in DAYS if (value := getattr(self, name))}
        days: dict[str, Any] = {name: day_in(value, zone) for name, value in given.items()}
        exact = {DAYS[name]: value for name, value in given.items() if value != days[name]}
        stays = self.start_date and days["start_date"] == live.get("startDate")
        if stays and len(self.sets()) > 1:
            days["start_date"] = None
        known = {"zone": zone, "was": was, "moments": was | exact, "currency": context.currency or None}
        call = self.model_copy(update=days)
        refuse_past(call, context, *(() if stays else ("start_date",)), "end_date")
        return super(CampaignFields, call).settled(context, live).model_copy(update=known)

    def moment(self, wire: str, day: str) -> str:
        """What goes to Amazon for a day: the moment that is known of it, or its first or last one."""
        zone, known = self.zone or "UTC", (self.moments or {}).get(wire)
        if known and day_in(known, zone) == day:
            return str(known)
        return first_moment(day, zone) if wire == self.begins else last_moment(day, zone)

    def wire(self) -> Json:
        item = self.item()
        if "budget" in item:
            currency = {"budgetCurrencyCode": self.currency} if self.currency else {}
            value = {"amount": item.pop("budget"), **currency}
            item["budgetSettings"] = {"budget": {"budgetValue": value, "recurrenceType": "DAILY"}}
        item |= {wire: self.moment(wire, item[wire]) for wire in DAYS.values() if item.get(wire)}
        if self.end_date:
            item.setdefault("startDate", (self.moments or {}).get("startDate"))
        return {name: value for name, value in item.items() if value is not None}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        mistakes = [
            *campaign_rules.above_nothing(self.daily_budget),
            *out_of_order(*(day and day[:10] for day in (self.start_date, self.end_date))),
        ]
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.end_date and self.zone:
            yield f"it ends at {said(self.moment(self.ends, self.end_date), self.zone)}"

    @classmethod
    def set_back(cls, wire: str, before: Any, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Days go back to the very moments they were."""
        moment = (params.get("was") or {}).get(wire)
        return {name: moment for name, day in DAYS.items() if day == wire and before and moment}


class CreateCampaign(CampaignFields):
    """Create a Sponsored TV campaign. It starts PAUSED, and today unless start_date says otherwise.

    Then come ad groups, creatives, ads, and targets where it is MANUAL. It is in the US, CA, MX, BR and UK.
    """

    name: Name
    daily_budget: NewBudget
    state: State = "PAUSED"
    targeting_type: Annotated[
        Literal["MANUAL", "AUTO_RELEVANT_TO_MY_BUSINESS"] | None,
        BeforeValidator(upper),
        Field(description="MANUAL, with targets of yours, is the default; it never changes."),
    ] = None
    cost_type: Annotated[
        Literal["CPM"] | None,
        BeforeValidator(upper),
        Field(description="CPM, by the thousand impressions, is all there is."),
    ] = None
    elsewhere: Annotated[str | None, Found(), Field(exclude=True)] = None

    http, does, new_id_at, found_by = ROUTES.create, "makes", "campaignId", ("name",)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """An end has a begin beside it, which is today where none is given."""
        call, country = super().settled(context, live), context.account.country if context.account else ""
        begin = call.start_date or (context.today.isoformat() if call.end_date else None)
        elsewhere = country if country and country not in TV_COUNTRIES else None
        return call.model_copy(update={"start_date": begin, "elsewhere": elsewhere})

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from campaign_rules.symbols(self.name)
        if self.elsewhere:
            yield f"this profile is in {self.elsewhere}: Amazon has Sponsored TV in {', '.join(TV_COUNTRIES)}"


class OneCampaign(TvWrite):
    """What changing a campaign takes."""

    campaign_id: CampaignId

    http, key, subject = ROUTES.update, "campaigns", "campaign_id"
    watch = ("name", "state", "budget", "startDate", "endDate")
    begins, ends = "startDate", "endDate"

    def asides(self, account: str) -> Mapping[str, Action]:
        """Where it is switched on: whether anything in it is."""
        if not self.delivers():
            return super().asides(account)
        within = inside.reads(inside.IN_CAMPAIGN, account, campaign_id=self.campaign_id)
        return {**within, **inside.films(account)} if within else {}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.idle(live) if self.delivers() else ()


class UpdateCampaign(OneCampaign, CampaignFields):
    """Change a campaign's name, state, daily budget or dates. An end moves, but never goes."""

    sample = {"daily_budget": "50 USD"}
    retired = {
        **CampaignFields.retired,
        "targeting_type": "it never changes: create another campaign and archive this one",
    }

    state: State | None = None

    def asides(self, account: str) -> Mapping[str, Action]:
        """A budget is held against the default bids of the ad groups."""
        budgeted = BIDS if self.daily_budget is not None else {}
        return {**super().asides(account), **inside.reads(budgeted, account, campaign_id=self.campaign_id)}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if low := campaign_rules.below_bids(self.daily_budget, inside.bidding(live)):
            yield low

    def overdue(self, live: Mapping[str, Any], today: date) -> str:
        return rules.started(live, self.sets(), today)

    def obstacle(self, live: Mapping[str, Any]) -> str:
        days = (self.start_date or live.get("startDate"), self.end_date or live.get("endDate"))
        touched = self.start_date or self.end_date
        late = out_of_order(*(day and day[:10] for day in days)) if touched else ()
        return super().obstacle(live) or next(iter(late), "")


class PauseCampaign(Pause, OneCampaign):
    """Pause campaigns: everything under them stops delivering."""


class ActivateCampaign(Activate, OneCampaign):
    """Enable campaigns: enabled ad groups, ads and targets under them start spending."""


class DeleteCampaign(TvArchive, OneCampaign):
    """Archive campaigns for good, with their ad groups, ads and targets."""

    http = ROUTES.archive

    def asides(self, account: str) -> Mapping[str, Action]:
        return inside.reads(inside.IN_CAMPAIGN, account, campaign_id=self.campaign_id)

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        return inside.lost(live, inside.IN_CAMPAIGN)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from inside.said(live, inside.IN_CAMPAIGN)


sponsored_tv_campaigns = Entity(
    noun="campaign",
    list=ListCampaigns,
    get=GetCampaign,
    create=CreateCampaign,
    update=UpdateCampaign,
    pause=PauseCampaign,
    activate=ActivateCampaign,
    delete=DeleteCampaign,
)
