"""The invented advertiser "Tern & Tide": accounts, groups, campaigns and creatives, relative to today."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from mcp_ads.sandbox.numbers import between, choice, noise, whole
from mcp_ads.sandbox.store import Store

from . import names
from .state import (
    ACCOUNT,
    CAMPAIGN,
    CREATIVE,
    GROUP,
    MEMBER,
    USER,
    Body,
    audit,
    day_ms,
    today,
    urn,
)

FIRST = {GROUP: 600_000_000, CAMPAIGN: 300_000_000, CREATIVE: 180_000_000}
BARREN_DAYS = 14
ENDED, OVER = "Autumn webinar 2025 (over)", 220
"""A campaign, and how many days ago it ended."""


class Account(NamedTuple):
    """One ad account and how much of everything it has."""

    id: str
    name: str
    currency: str
    organization: int
    usd: float
    geo: int
    groups: tuple[names.GroupPlan, ...]
    campaigns: int
    special: tuple[str, ...]


ACCOUNTS = (
    Account(
        "512345678", "Tern & Tide US", "USD", 2414183, 1.0, 103644278, names.US_GROUPS, 220, names.SPECIAL
    ),
    Account(
        "523456789", "Tern & Tide Europe", "EUR", 2414184, 1.08, 101282230, names.EU_GROUPS, 15, names.EU
    ),
)
FORMS = {"512345678": 3162001, "523456789": 3162004}
"""The lead form that ads of an account open."""
COLLEAGUES = (("urn:li:person:mIra_K", "CAMPAIGN_MANAGER"), ("urn:li:person:0laf-V", "VIEWER"))


def fill(store: Store) -> None:
    """Everything there is before the first change."""
    for account in ACCOUNTS:
        _account(store, account)
        groups = [_group(store, account, plan) for plan in account.groups]
        for number in range(account.campaigns):
            campaign = _campaign(store, account, groups, number)
            for place in range(2 + (noise(campaign["id"], "creatives") > 0.6)):
                _creative(store, account, campaign, place)
    _ended(store, ACCOUNTS[0])


def _ended(store: Store, account: Account) -> None:
    """A campaign that is still ACTIVE although its run is over, for as long as LinkedIn takes to notice."""
    mine = urn("sponsoredAccount", account.id)
    groups = [group for group in store.owned(GROUP, "account", mine) if group["status"] == "ACTIVE"]
    campaign = _campaign(store, account, groups[:1], 0, ENDED)
    _creative(store, account, campaign, 0)


def _account(store: Store, account: Account) -> None:
    body = {
        "id": int(account.id),
        "name": account.name,
        "currency": account.currency,
        "status": "ACTIVE",
        "type": "BUSINESS",
        "reference": urn("organization", account.organization),
        "test": False,
        "servingStatuses": ["RUNNABLE"],
        "notifiedOnCampaignOptimization": True,
        "notifiedOnCreativeApproval": False,
        "notifiedOnCreativeRejection": True,
        "notifiedOnEndOfCampaign": True,
        "notifiedOnNewFeaturesEnabled": False,
        **_marks(900),
    }
    store.put(ACCOUNT, account.id, body)
    for person, role in ((MEMBER, "ACCOUNT_MANAGER"), *COLLEAGUES):
        mine = urn("sponsoredAccount", account.id)
        user = {"account": mine, "user": person, "role": role, "changeAuditStamps": audit(_ago(900))}
        store.put(USER, f"{mine},{person}", user)


def _group(store: Store, account: Account, plan: names.GroupPlan) -> Body:
    key = store.new_id(GROUP, FIRST[GROUP])
    schedule = {"start": _ago(plan.age)}
    body: Body = {
        "id": int(key),
        "account": urn("sponsoredAccount", account.id),
        "name": plan.name,
        "status": plan.status,
        "backfilled": plan.backfilled,
        "test": False,
        "allowedCampaignTypes": ["TEXT_AD", "SPONSORED_UPDATES", "SPONSORED_INMAILS", "DYNAMIC"],
        "runSchedule": schedule,
        **_marks(plan.age),
    }
    if plan.ends is not None:
        schedule["end"] = _ago(-plan.ends)
    if plan.total:
        body["totalBudget"] = _money(plan.total * 100, account)
    if plan.daily:
        body["dailyBudget"] = _money(plan.daily * 100, account)
        body["budgetOptimization"] = names.SHARED_BUDGET
    store.put(GROUP, key, body)
    return body


def _campaign(store: Store, account: Account, groups: list[Body], number: int, over: str = "") -> Body:
    key = store.new_id(CAMPAIGN, FIRST[CAMPAIGN])
    if over:
        name, kind, group, status, age = over, names.KINDS[0], groups[0], "ACTIVE", 260
    elif number < len(account.special):
        usual = [group for group in groups if group["status"] == "ACTIVE"]
        name, kind = account.special[number], names.KINDS[number % 4]
        group, status, age = usual[number % len(usual)], "ACTIVE", 60 + number
    else:
        kind = choice(names.KINDS, key, "kind")
        name = f"{kind.label} | {choice(names.AUDIENCES, key, 'audience')} | {number:03d}"
        group = groups[_weighted(len(groups), key)]
        status, age = names.status_in(group["status"], key), whole(20, 240, key, "age")
    body: Body = {
        "id": int(key),
        "account": urn("sponsoredAccount", account.id),
        "campaignGroup": urn("sponsoredCampaignGroup", group["id"]),
        "name": name,
        "status": status,
        "runSchedule": {"start": _ago(age), "end": _ago(OVER)} if over else _schedule(status, age, key),
        **_setup(account, kind, name, key),
        **_marks(age),
    }
    store.put(CAMPAIGN, key, body)
    return body


def _setup(account: Account, kind: names.Kind, name: str, key: str) -> Body:
    """How a campaign bids, spends and targets."""
    return {
        **kind.settings,
        "unitCost": _money(kind.bid, account),
        "dailyBudget": _money(_budget(name, key), account),
        "locale": {"country": "US" if account.currency == "USD" else "DE", "language": "en"},
        "associatedEntity": urn("organization", account.organization),
        "audienceExpansionEnabled": False,
        "politicalIntent": "NOT_POLITICAL",
        "creativeSelection": "OPTIMIZED",
        "targetingCriteria": _targeting(account, key),
        "test": False,
        "_conversion": True,
        "_kind": kind.performs,
        "_barren": name in names.WASTED,
    }


def _creative(store: Store, account: Account, campaign: Body, place: int) -> None:
    key = store.new_id(CREATIVE, FIRST[CREATIVE])
    started = max(campaign["runSchedule"]["start"], 0)
    status, review = names.creative_status(campaign["status"], place, key)
    body: Body = {
        "id": urn("sponsoredCreative", key),
        "account": campaign["account"],
        "campaign": urn("sponsoredCampaign", campaign["id"]),
        "content": _content(campaign, key),
        "intendedStatus": status,
        "name": f"{choice(names.HOOKS, key)} {chr(65 + place)}",
        "review": review,
        "isTest": False,
        "createdAt": started,
        "createdBy": MEMBER,
        "lastModifiedAt": started,
        "lastModifiedBy": MEMBER,
        "_image": campaign["format"] == names.POST and noise(key, "image") > 0.5,
        "_rate": _rate(account, campaign, key),
        "_windows": _windows(campaign, body_status=status, approved=review["status"] == "APPROVED", id=key),
    }
    if campaign["objectiveType"] == "LEAD_GENERATION":
        form = urn("adForm", FORMS[account.id])
        body["leadgenCallToAction"] = {"destination": form, "label": "SIGN_UP"}
    store.put(CREATIVE, key, body)


def _content(campaign: Body, id: str) -> Body:
    if campaign["type"] == "TEXT_AD":
        headline = choice(names.HOOKS, id)[:25]
        page = "https://ternandtide.example/ads?utm_source=linkedin"
        return {"textAd": {"headline": headline, "description": "Rain gear that lasts", "landingPage": page}}
    if campaign["type"] == "SPONSORED_INMAILS":
        return {"reference": urn("adInMailContent", 90_000_000 + int(id) % 1000)}
    kind = "share" if noise(id, "post") > 0.3 else "ugcPost"
    return {"reference": urn(kind, 7_200_000_000_000_000_000 + int(id))}


def _rate(account: Account, campaign: Body, id: str) -> list[Any]:
    """Fields of metrics.Rate."""
    share = float(campaign["dailyBudget"]["amount"]) * 100 / 3
    barren = today().toordinal() - BARREN_DAYS if campaign["_barren"] else 10**7
    kind = campaign["_kind"]
    return [
        int(share * between(0.75, 0.98, id, "spend")),
        int(between(380, 920, id, "cpc")) if kind != "video" else int(between(160, 320, id, "cpc")),
        between(0.004, 0.011, id, "ctr"),
        between(0.05, 0.14, id, "cvr"),
        int(between(4_000, 19_000, id, "order")),
        kind,
        account.usd,
        barren,
    ]


def _windows(campaign: Body, *, body_status: str, approved: bool, id: str) -> list[list[int | None]]:
    """The days on which a creative delivered, to date."""
    now = today().toordinal()
    start = dt.datetime.fromtimestamp(campaign["runSchedule"]["start"] / 1000, dt.UTC).date().toordinal()
    if not approved or campaign["status"] == "DRAFT":
        return []
    last: int | None = None
    if end := campaign["runSchedule"].get("end"):
        last = dt.datetime.fromtimestamp((end - 1) / 1000, dt.UTC).date().toordinal()
    if campaign["status"] == "PAUSED":
        last = now - whole(3, 15, campaign["id"], "paused")
    if campaign["status"] == "ACTIVE" and body_status == "ACTIVE" and (last is None or last >= now):
        return [[start, None]]
    if body_status != "ACTIVE":
        last = min(last or now, now) - whole(8, 14, id, "stopped")
    return [[start, last]] if last is not None and last >= start else []


def _schedule(status: str, age: int, id: str) -> Body:
    if status == "DRAFT":
        return {"start": _ago(-7 if noise(id, "ahead") > 0.4 else 5)}
    if status == "ARCHIVED":
        return {"start": _ago(age + 50), "end": _ago(whole(41, 60, id, "end"))}
    if status == "COMPLETED":
        return {"start": _ago(age + 30), "end": _ago(whole(2, 20, id, "end"))}
    if status == "ACTIVE" and noise(id, "ends") > 0.7:
        return {"start": _ago(age), "end": _ago(-whole(20, 90, id, "end"))}
    return {"start": _ago(age)}


def _budget(name: str, id: str) -> int:
    """Cents a day; the campaigns that waste money have a lot of it."""
    return 30_000 if name in names.WASTED else whole(2, 36, id, "budget") * 500 + 1_000


def _targeting(account: Account, id: str) -> Body:
    facet = "urn:li:adTargetingFacet"
    where = {f"{facet}:locations": [urn("geo", account.geo)]}
    who = {f"{facet}:seniorities": [urn("seniority", n) for n in (5, 6, 7)[: whole(1, 3, id, "who")]]}
    return {"include": {"and": [{"or": where}, {"or": who}]}}


def _weighted(count: int, id: str) -> int:
    """Most campaigns sit in the first groups."""
    return min(int(count * noise(id, "group") ** 1.3), count - 1)


def _money(cents: int, account: Account) -> Body:
    amount = "0" if not cents else f"{cents // 100}.{cents % 100:02d}"
    return {"amount": amount, "currencyCode": account.currency}


def _marks(age: int) -> Body:
    return {"changeAuditStamps": audit(_ago(age), _ago(max(age // 2, 0))), "version": {"versionTag": "4"}}


def _ago(days: int) -> int:
    return day_ms(today() - dt.timedelta(days=days))
