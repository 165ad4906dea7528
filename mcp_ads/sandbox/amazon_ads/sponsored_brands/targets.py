"""Sponsored Brands targets and negative targets: what ads are shown beside, and what they are kept from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads import items
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Problem, Refused, reply
from mcp_ads.sandbox.amazon_ads.fields import Field, Fields, Verb
from mcp_ads.sandbox.amazon_ads.resources import Draft, Filter, Resource
from mcp_ads.sandbox.amazon_ads.sponsored_products import categories

from . import named

IDS = ("targetId", "adGroupId", "campaignId")
SPELT = named.Spelling(IDS, "targetRequestIndex", "{verb}TargetSuccessResults", "{verb}TargetErrorResults")
NUMBER, RATING = r"\d+(\.\d+)?", r"[0-5](\.\d+)?"
PRODUCT, ID = r"[A-Z0-9]{10}", r"[0-9]{1,20}"
VALUES = {
    "asinSameAs": PRODUCT, "asinCategorySameAs": ID, "asinBrandSameAs": ID, "asinPriceLessThan": NUMBER,
    "asinPriceBetween": f"{NUMBER}-{NUMBER}", "asinPriceGreaterThan": NUMBER,
    "asinReviewRatingLessThan": RATING, "asinReviewRatingBetween": f"{RATING}-{RATING}",
    "asinReviewRatingGreaterThan": RATING,
}  # fmt: skip
NEGATIVE = ("asinSameAs", "asinBrandSameAs")


def _flat(branches: Iterable[categories.Branch]) -> Iterator[tuple[str, str]]:
    for own, name, below in branches:
        yield own, name
        yield from _flat(below)


NAMES = {**dict(_flat(categories.TREE)), **dict(categories.BRANDS)}
STATE = Field("enum", on="update", values=tuple(named.WORDS.values()))
PLACE: Fields = {"adGroupId": Field("int", need=True), "campaignId": Field("int", need=True)}
MOST_FILTERS, MOST_IDS = 3, 100
CREATIVES, NEWER = ("productCollection", "video"), "brandVideo"
"""Creatives to filter by, and the one whose targets only answers of v3.2 have."""


def _expressions(*types: str) -> Field:
    predicate: Fields = {"type": Field("enum", need=True, values=types), "value": Field(need=True)}
    return Field("list", need=True, on="create", of=predicate, low=1)


def _values(draft: Draft) -> Iterator[Problem]:
    """Each predicate with a value it takes; a product alone, refinements beside a category or a brand."""
    parts = draft.item.get("expressions", ())
    types = [part["type"] for part in parts]
    for part in parts:
        if not re.fullmatch(VALUES[part["type"]], part["value"]):
            yield draft.problem("", "", "is no value of its type", "expressions", part["value"])
    if "asinSameAs" in types and len(types) > 1:
        yield draft.problem("", "", "a product stands alone", "expressions")
    if types and not {"asinSameAs", "asinCategorySameAs", "asinBrandSameAs"} & {*types}:
        yield draft.problem("", "", "a refinement needs a category or a brand beside it", "expressions")


def _new(draft: Draft) -> Body:
    """A target is enabled from the beginning, and knows what its expressions stand for."""
    new = named.rounded_bid(draft)
    if draft.old:
        return new
    return {
        **new,
        "state": "ENABLED",
        "resolvedExpressions": resolved(new["expressions"]),
        "_creative": named.creative_of(draft),
    }


def resolved(expressions: list[Body]) -> list[Body]:
    """Expressions with the names of the categories and brands that they name by their ids."""
    return [{**part, "value": NAMES.get(part["value"], part["value"])} for part in expressions]


TARGETS = Resource(
    path="/sb/targets",
    key="targets",
    noun="brands target",
    id="targetId",
    family="amazon.sb",
    fields={**PLACE, "expressions": _expressions(*VALUES), "bid": Field("number"), "state": STATE},
    filters={
        "campaignIdFilter": Filter("include", "campaignId"),
        "adGroupIdFilter": Filter("include", "adGroupId"),
        "creativeTypeFilter": Filter("include", "_creative"),
        "olderFilter": Filter("include", "_creative"),
    },
    unique=("adGroupId", "expressions"),
    batch=100,
    parents={"campaignId": "amazon.sb.campaigns", "adGroupId": "amazon.sb.adGroups"},
    rules=(named.running, named.fixed, _values, named.bid),
    completed=_new,
)
NEGATIVE_TARGETS = Resource(
    path="/sb/negativeTargets",
    key="negativeTargets",
    noun="brands negative target",
    id="targetId",
    family="amazon.sb",
    fields={
        "adGroupId": Field("int", need=True),
        "campaignId": Field("int", need=True, on="create"),
        "expressions": _expressions(*NEGATIVE),
        "state": STATE,
    },
    filters=TARGETS.filters,
    unique=("adGroupId", "expressions"),
    batch=100,
    parents=TARGETS.parents,
    rules=(named.running, named.fixed, _values),
    completed=_new,
)
RESOURCES = (TARGETS, NEGATIVE_TARGETS)
FILTERS = {
    "TARGETING_STATE": "stateFilter", "CAMPAIGN_ID": "campaignIdFilter", "AD_GROUP_ID": "adGroupIdFilter",
    "CREATIVE_TYPE": "creativeTypeFilter",
}  # fmt: skip


def _list(resource: Resource, states: tuple[str, ...], call: Call) -> Response:
    if not isinstance(call.body, dict) or call.body.keys() - {"maxResults", "nextToken", "filters"}:
        raise Refused(400, "The body has maxResults, nextToken and filters")
    given = call.body.get("filters", [])
    if not isinstance(given, list) or len(given) > MOST_FILTERS:
        raise Refused(400, f"filters must be an array of at most {MOST_FILTERS}")
    filters: dict[str, list[str]] = {}
    for one in given:
        kind, values = (one.get("filterType"), one.get("values")) if isinstance(one, dict) else (None, None)
        if kind not in FILTERS or not isinstance(values, list) or not 1 <= len(values) <= MOST_IDS:
            raise Refused(400, f"a filter has a filterType, one of {', '.join(FILTERS)}, and 1 to 100 values")
        if FILTERS[kind] in filters:
            raise Refused(400, f"filterType {kind} is given twice")
        filters[FILTERS[kind]] = _filtered(kind, values, states, numbers=resource is TARGETS)
    if not call.accepts().endswith("v3.2+json"):
        filters["olderFilter"] = [*CREATIVES]
    return named.listed(resource, SPELT, filters, call.accepts(), call)


def _filtered(kind: str, values: list[Any], states: tuple[str, ...], *, numbers: bool) -> list[str]:
    """The values as objects have them; ids of ad groups are numbers among the filters of targets alone."""
    if kind == "CREATIVE_TYPE" and {*values} <= {*CREATIVES}:
        return [*values, *([NEWER] if CREATIVES[1] in values else [])]
    if kind == "TARGETING_STATE" and {*values} <= {*states}:
        return [named.WORDS[value] for value in values]
    expected = int if kind == "AD_GROUP_ID" and numbers else str
    ids = kind in ("CAMPAIGN_ID", "AD_GROUP_ID")
    if not ids or not all(type(value) is expected and str(value).isdecimal() for value in values):
        raise Refused(400, "Id filter has invalid value" if ids else f"{kind}: no such value")
    return [str(value) for value in values]


def _get(resource: Resource, media: str, call: Call) -> Response:
    own = named.found(resource, call)
    if own["_creative"] == NEWER:
        raise Refused(404, f"Could not find {resource.noun} {call.params['id']}")
    return reply(named.told(own, SPELT), media=media)


def _archive(resource: Resource, media: str, call: Call) -> Response:
    own = named.found(resource, call)
    with call.store.transaction():
        items.archive(resource, call, "$", own["targetId"])
    return reply({"targetId": int(own["targetId"]), "code": "SUCCESS"}, media=media)


def _operations(resource: Resource, gives: dict[str, str], states: tuple[str, ...]) -> Iterator[Operation]:
    path, json = resource.path, "application/json"
    media = {call: f"application/vnd.{name}+json" for call, name in gives.items()}
    verbs: tuple[tuple[Verb, str], ...] = (("create", "POST"), ("update", "PUT"))
    for verb, method in verbs:
        written = partial(named.write, resource, SPELT, verb, media[verb])
        yield Operation(method, path, written, takes=json, gives=media[verb])
    lists = f"application/vnd.{gives['list']}.v3+json application/vnd.{gives['list']}.v3.2+json"
    yield Operation("POST", f"{path}/list", partial(_list, resource, states), takes=json, gives=lists)
    for call, method, run in (("get", "GET", _get), ("delete", "DELETE", _archive)):
        one = partial(run, resource, media[call])
        yield Operation(method, f"{path}/{{id}}", one, gives=media[call])


OPERATIONS = (
    *_operations(
        TARGETS,
        {
            "create": "sbcreatetargetsresponse.v3",
            "update": "updatetargetsresponse.v3",
            "list": "sblisttargetsresponse",
            "get": "sbtarget.v3",
            "delete": "sbtargetresponse.v3",
        },
        ("enabled", "paused", "archived"),
    ),
    *_operations(
        NEGATIVE_TARGETS,
        {
            "create": "sbcreatenegativetargetsrequest.v3",
            "update": "updatenegativetargetsresponse.v3",
            "list": "sblistnegativetargetsresponse",
            "get": "sbnegativetarget.v3",
            "delete": "sbnegativetarget.v3",
        },
        ("enabled", "archived"),
    ),
)
