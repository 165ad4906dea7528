"""How many members criteria reach and what they cost: made up, and the same at every call."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from mcp_ads.sandbox.linkedin_ads.campaigns import ad_segments, targeting
from mcp_ads.sandbox.linkedin_ads.campaigns.ad_segments import AD_SEGMENT
from mcp_ads.sandbox.linkedin_ads.campaigns.bidding import TARGETS
from mcp_ads.sandbox.linkedin_ads.campaigns.campaigns import TYPES
from mcp_ads.sandbox.linkedin_ads.campaigns.groups import OBJECTIVES
from mcp_ads.sandbox.linkedin_ads.errors import Fault, invalid, no_access
from mcp_ads.sandbox.linkedin_ads.params import ParamError, Params, enum, number_key, record, text, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.schema import DECIMAL
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, Answer, Body, Call, tail, urn_kind
from mcp_ads.sandbox.numbers import between
from mcp_ads.sandbox.store import Store

from . import catalog

EVERYBODY, FEWEST = 1_000_000_000, 300
PLACES = ("geo", "country", "state", "region")
OFTEN = {
    "seniority": (0.04, 0.3), "function": (0.03, 0.1), "industry": (0.01, 0.08), "locale": (0.1, 0.8),
    "staffCountRange": (0.06, 0.2), "gender": (0.4, 0.5), "ageRange": (0.1, 0.4), "skill": (0.01, 0.08),
    "title": (0.0005, 0.01), "organization": (0.00001, 0.0004), "interest": (0.02, 0.2),
}  # fmt: skip
"""Which part of the members has a value of each kind, from and to."""
RARE = (0.001, 0.01)
CENTS_A_CLICK, BY_BID = (480, 1450), {"CPC": Decimal(1), "CPM": Decimal("4.4"), "CPV": Decimal("0.02")}
DAILY = {"min": "10.00", "max": "500000.00", "default": "100.00"}
"""Limits of a daily budget, in any currency."""


def criteria(value: Any) -> Body:
    """Targeting criteria as a parameter; which facets go together is looked at later."""
    for path, complaint in targeting.CRITERIA(value, ""):
        raise ParamError(complaint, path)
    return dict(value)


def money(value: Any) -> Body:
    found: Body = record(("amount", "currencyCode"), amount=text, currencyCode=text)(value)
    if not DECIMAL.fullmatch(found["amount"]):
        raise ParamError(f"{found['amount']!r} is not a decimal number", "/amount")
    return found


def check(store: Store, wanted: Body) -> None:
    """Refuse facets that do not go together; members anywhere can be counted."""
    segments = [*ad_segments.faults(store, wanted), *ad_segments.absent(store, wanted)]
    faults = [*targeting.faults({"targetingCriteria": wanted}), *segments]
    if found := [fault for fault in faults if fault.code != "MISSING_POSITIVE_OPTION"]:
        raise invalid(found)


def account_of(call: Call) -> Body:
    """The account that a parameter names; every amount of the call is in its currency."""
    found = call.store.get(ACCOUNT, tail(call.query["account"]))
    if found is None:
        raise no_access(call.query["account"])
    for name, value in call.query.items():
        if isinstance(value, dict) and value.get("currencyCode", found["currency"]) != found["currency"]:
            raise invalid([Fault("CURRENCY_MISMATCH", f"/{name}", f"The account is in {found['currency']}")])
    return found


def reach(store: Store, wanted: Body) -> int:
    """How many members criteria include and do not exclude."""
    total: float = EVERYBODY
    for clause in wanted.get("include", {}).get("and", ()):
        total *= min(sum(_part(store, urn) for urns in clause["or"].values() for urn in urns), 1)
    for urns in wanted.get("exclude", {}).get("or", {}).values():
        total *= max(1 - sum(_part(store, urn) for urn in urns), 0)
    return int(total)


def _part(store: Store, urn: str) -> float:
    kind = urn_kind(urn) or ""
    if kind in PLACES:
        return (catalog.members_in(urn) or between(200_000, 9_000_000, urn)) / EVERYBODY
    if kind == "adSegment" and (segment := store.get(AD_SEGMENT, tail(urn))):
        return int(segment["_members"]) / EVERYBODY
    return between(*OFTEN.get(kind, RARE), urn)


def rounded(number: int) -> int:
    """Its first two digits; 0 where there are fewer members than may be told."""
    unit = 10 ** max(len(str(number)) - 2, 1)
    return number // unit * unit if number >= FEWEST else 0


def too_few(store: Store, wanted: Body) -> bool:
    """Whether an audience is too small to be served; of retargeting nobody knows."""
    hidden = f"{targeting.FACET}dynamicSegments" in json.dumps(wanted)
    return not hidden and reach(store, wanted) < FEWEST


def least_bid(cost: str) -> Decimal:
    return 2 * BY_BID[cost]


def counts(call: Call) -> Answer:
    """Members of the criteria, and 0 for those of retargeting."""
    wanted = call.query["targetingCriteria"]
    check(call.store, wanted)
    hidden = f"{targeting.FACET}dynamicSegments" in json.dumps(wanted)
    total = 0 if hidden else rounded(reach(call.store, wanted))
    return Answer(200, _elements({"active": 0, "total": total}))


def pricing(call: Call) -> Answer:
    """What to bid and spend at least; nothing where there is too little of an audience."""
    account, wanted = account_of(call), call.query["targetingCriteria"]
    check(call.store, wanted)
    if reach(call.store, wanted) < FEWEST:
        return Answer(200, _elements())
    times = BY_BID[call.query["bidType"]]
    usual = Decimal(int(between(*CENTS_A_CLICK, json.dumps(wanted, sort_keys=True)))) / 100 * times

    def shown(**amounts: Decimal | str) -> Body:
        currency = account["currency"]
        return {
            name: {"amount": f"{Decimal(n):.2f}", "currencyCode": currency} for name, n in amounts.items()
        }

    return Answer(
        200,
        _elements({
            "suggestedBid": shown(default=usual, min=usual * Decimal("0.7"), max=usual * Decimal("1.6")),
            "bidLimits": shown(min=least_bid(call.query["bidType"]), max=1000 * times),
            "dailyBudgetLimits": shown(**DAILY),
        }),
    )  # fmt: skip


def _elements(*elements: Body) -> Body:
    return {"paging": {"start": 0, "count": 10, "links": []}, "elements": list(elements)}


OF_COUNTS = Params({"q": text, "fields": text, "targetingCriteria": criteria}, ("targetingCriteria",))
OF_PRICES = Params(
    {
        **OF_COUNTS.known,
        "account": urn_of("sponsoredAccount"),
        "campaignType": enum(*TYPES),
        "bidType": enum(*BY_BID),
        "matchType": enum("EXACT", "AUDIENCE_EXPANDED"),
        "objectiveType": enum(*OBJECTIVES),
        "optimizationTargetType": enum(*TARGETS),
        "dailyBudget": money,
    },
    ("account", "campaignType", "bidType", "matchType", "targetingCriteria"),
)
RESOURCES = (
    Resource("audienceCounts", number_key, {"FINDER targetingCriteriaV2": Method(counts, OF_COUNTS)}),
    Resource("adBudgetPricing", number_key, {"FINDER criteriaV2": Method(pricing, OF_PRICES)}),
)
