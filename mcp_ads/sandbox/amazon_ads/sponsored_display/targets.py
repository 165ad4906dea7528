"""Sponsored Display targets and negative targets: what an expression may hold, and those that are there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.accounts.audiences import FIRST, targetable
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.catalogue import RIVALS
from mcp_ads.sandbox.amazon_ads.errors import Problem, reply
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields
from mcp_ads.sandbox.amazon_ads.items import owned
from mcp_ads.sandbox.amazon_ads.market import limits, rounded
from mcp_ads.sandbox.amazon_ads.resources import Draft, Filter, Resource
from mcp_ads.sandbox.store import Store

from .serving import serving

TARGET, NEGATIVE = 3 * 10**13, 4 * 10**13
"""What is added to a campaign's number for that of its target, and of its negative target."""
NUMBER, RATING = r"\d+(\.\d+)?", r"[0-5](\.\d+)?"
REFINEMENTS = {
    "asinBrandSameAs": r"\d{1,20}",
    "asinPriceBetween": f"{NUMBER}-{NUMBER}",
    "asinPriceGreaterThan": NUMBER,
    "asinPriceLessThan": NUMBER,
    "asinReviewRatingLessThan": RATING,
    "asinReviewRatingGreaterThan": RATING,
    "asinReviewRatingBetween": f"{RATING}-{RATING}",
    "asinIsPrimeShippingEligible": "true|false",
    "asinAgeRangeSameAs": r"\d{1,20}",
    "asinGenreSameAs": r"\d{1,20}",
}
CATEGORY = {"asinCategorySameAs": r"\d{1,20}", **REFINEMENTS}
BESIDE = {
    **CATEGORY, "asinSameAs": r"[A-Z0-9]{10}", "similarProduct": "",
    "contentCategorySameAs": r"amzn1\.iab-content\.\w+",
}  # fmt: skip
INSIDE = {
    **CATEGORY, "similarProduct": "", "exactProduct": "", "relatedProduct": "", "negative": "",
    "lookback": "7|14|30|60|90|180|365", "audienceSameAs": r"\d{1,30}",
}  # fmt: skip
EVENTS = ("views", "purchases", "audience")
ALONE = ("asinSameAs", "similarProduct", "contentCategorySameAs", *EVENTS)
NEGATED = {"asinSameAs": r"[A-Z0-9]{10}", "asinBrandSameAs": r"\d{1,20}"}
STATE = Field("enum", need=True, values=("enabled", "paused", "archived"))
IN_GROUP: Fields = {
    "adGroupId": Field("int", need=True, on="create"),
    "state": STATE,
    "expressionType": Field("enum", need=True, on="create", values=("manual", "auto")),
    "expression": Field("list", need=True, on="create", low=1),
}
GROUP_PARENT = {"adGroupId": "amazon.sd.adGroups"}
FILTERS = {
    "adGroupIdFilter": Filter("include", "adGroupId"),
    "campaignIdFilter": Filter("include", "campaignId"),
}
RULES_KIND = "amazon.sd.optimizationRules"


def expression(draft: Draft) -> Iterator[Problem]:
    """What is targeted: goods for contextual campaigns, what shoppers did for the others too."""
    if draft.old:
        return
    group, parts = draft.parent("adGroupId") or {}, draft.item["expression"]
    if group.get("tactic") == "T00020" and draft.item["expressionType"] != "manual":
        yield _wrong(draft, "contextual ad groups take manual targeting only", "expressionType")
    elif group.get("tactic") == "T00020" and any(_type(part) in EVENTS for part in parts):
        yield _wrong(draft, "audience targeting is not supported for the tactic T00020")
    elif wrong := next(_mistakes(parts, BESIDE), ""):
        yield _wrong(draft, wrong)


def _wrong(draft: Draft, text: str, name: str = "expression") -> Problem:
    return draft.problem("targetingClauseSetupError", "OTHER_ERROR", text, name)


def _type(part: Any) -> str:
    return str(part.get("type")) if isinstance(part, dict) else ""


def _mistakes(parts: Any, known: dict[str, str]) -> Iterator[str]:
    """What is wrong with the predicates of one list."""
    if not isinstance(parts, list) or not parts:
        yield "an expression is a list of predicates"
        return
    kinds = Counter(map(_type, parts))
    for part in parts:
        yield from _mistake(part, known)
    if len(parts) > 1 and (alone := [kind for kind in kinds if kind in ALONE and known is BESIDE]):
        yield f"{alone[0]} cannot be combined with other predicates"
    if {*kinds} & {*REFINEMENTS} and "asinCategorySameAs" not in kinds:
        yield "refinements may only be specified if a category is also specified"
    if twice := [kind for kind, count in kinds.items() if count > 1]:
        yield f"only one {twice[0]} may be specified"


def _mistake(part: Any, known: dict[str, str]) -> Iterator[str]:
    kind, value = _type(part), part.get("value") if isinstance(part, dict) else None
    if kind in EVENTS and known is BESIDE:
        yield from _mistakes(value, INSIDE)
        yield from _behaviour(kind, [_type(inner) for inner in value or ()])
    elif kind not in known:
        yield f"{kind or part} is not a valid predicate"
    elif not known[kind] and value is not None:
        yield f"{kind} does not take a value"
    elif known[kind] and not re.fullmatch(known[kind], str(value)):
        yield f"{value} is not a valid value for {kind}"
    elif kind == "audienceSameAs" and not targetable(str(value)):
        yield f"audience {value} does not exist or cannot be targeted"


def _behaviour(kind: str, inner: Sequence[str]) -> Iterator[str]:
    if kind == "audience":
        yield from () if [*inner] == ["audienceSameAs"] else ["audience takes one audienceSameAs"]
    elif "lookback" not in inner or "audienceSameAs" in inner:
        yield f"{kind}: lookback is mandatory, and audienceSameAs is not supported"
    elif len(inner) < 2:
        yield f"{kind}: products or a category must be specified"


def negated(draft: Draft) -> Iterator[Problem]:
    """One product or brand."""
    parts = [] if draft.old else draft.item["expression"]
    if not draft.old and (len(parts) != 1 or (wrong := next(_mistake(parts[0], NEGATED), ""))):
        yield _wrong(draft, wrong if len(parts) == 1 else "one product or brand may be specified")


def bid(draft: Draft) -> Iterator[Problem]:
    """Within the marketplace's range for a click or a thousand views; not where a rule sets it."""
    group, amount = draft.parent("adGroupId") or {}, draft.item.get("bid")
    low, high = limits(draft.call.profile, "vcpm" if group.get("bidOptimization") == "reach" else "cpc")
    if amount is not None and _ruled(draft.call, group["adGroupId"]):
        text = "bid cannot be set when the ad group has an enabled optimization rule"
        yield draft.problem("biddingError", "OTHER_ERROR", text, "bid", amount)
    elif amount is not None and not low <= amount <= high:
        yield draft.problem("biddingError", "OTHER_ERROR", f"must be {low:g} to {high:g}", "bid", amount)


def _ruled(call: Call, group: int) -> list[Body]:
    return [rule for rule in owned(call, RULES_KIND) if rule["_group"] == group]


def completed(draft: Draft) -> Body:
    """A target knows its campaign, and what its expression stands for."""
    new, group = draft.new, draft.parent("adGroupId") or {}
    money = {"bid": rounded(new["bid"], draft.call.profile["currencyCode"])} if new.get("bid") else {}
    return {**new, **money, "campaignId": group["campaignId"], "resolvedExpression": new["expression"]}


TARGETS = Resource(
    path="/sd/targets",
    key="targets",
    noun="display target",
    id="targetId",
    family="amazon.sd",
    fields={**IN_GROUP, "bid": Field("number", null="create update")},
    filters=FILTERS,
    number_ids=True,
    unique=("adGroupId", "expression"),
    archived="archived",
    batch=100,
    parents=GROUP_PARENT,
    rules=(expression, bid),
    completed=completed,
    serving=serving,
)
NEGATIVE_TARGETS = Resource(
    path="/sd/negativeTargets",
    key="negativeTargets",
    noun="display negative target",
    id="targetId",
    own_filter="targetIdFilter",
    family="amazon.sd",
    fields=IN_GROUP,
    filters=FILTERS,
    number_ids=True,
    unique=("adGroupId", "expression"),
    archived="archived",
    batch=100,
    parents=GROUP_PARENT,
    rules=(negated,),
    completed=completed,
    serving=serving,
)
RESOURCES = (TARGETS, NEGATIVE_TARGETS)


def _rules_of(call: Call) -> Response:
    """The optimization rules of an ad group."""
    found = _ruled(call, int(call.params["id"])) if call.params["id"].isdecimal() else []
    return reply([{"ruleId": rule["ruleId"], "state": rule["state"]} for rule in found])


OPERATIONS = (Operation("GET", "/sd/adGroups/{id}/optimizationRules", _rules_of),)


def fill(store: Store, profile: Body) -> None:
    """A target in each ad group, a negative one in the first, and a rule over the bids of the third."""
    owner = str(profile["profileId"])
    groups = store.owned("amazon.sd.adGroups", "_profile", owner)
    for number, group in enumerate(groups):
        own = {} if number % 2 else {"bid": 70 if profile["currencyCode"] == "JPY" else 0.7}
        _put(store, group, "targets", TARGET, _of(group["tactic"], number), own)
    _put(store, groups[0], "negativeTargets", NEGATIVE, [{"type": "asinSameAs", "value": RIVALS[2]}], {})
    for group in groups[2:3]:
        rule = {"ruleId": "rule-1", "state": "enabled", "_profile": owner, "_group": group["adGroupId"]}
        store.put(RULES_KIND, owner, rule)


def _of(tactic: str, number: int) -> list[Body]:
    if tactic == "T00020":
        return [{"type": "asinSameAs", "value": RIVALS[number % len(RIVALS)]}]
    if number % 4 == 0:
        return [{"type": "audience", "value": [{"type": "audienceSameAs", "value": str(FIRST)}]}]
    inner = [{"type": "exactProduct"}, {"type": "lookback", "value": "30"}]
    return [{"type": "views", "value": inner}]


def _put(store: Store, group: Body, key: str, offset: int, parts: list[Body], more: Body) -> None:
    own = group["campaignId"] + offset
    state = "archived" if group["state"] == "archived" else "enabled"
    kept = {name: group[name] for name in ("adGroupId", "campaignId", "_profile", "_created", "_updated")}
    body = {"state": state, "expressionType": "manual", "expression": parts, "resolvedExpression": parts}
    store.put(f"amazon.sd.{key}", str(own), {"targetId": own, **kept, **body, **more, "_noun": "TARGET"})
