"""Sponsored Brands themes: groups of keywords that Amazon chooses, which an ad group bids on as one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Problem, Refused
from mcp_ads.sandbox.amazon_ads.fields import Field
from mcp_ads.sandbox.amazon_ads.resources import Draft, Filter, Resource

from . import named

SPELT = named.Spelling((), "index", "success", "error")
TYPES = ("KEYWORDS_RELATED_TO_YOUR_BRAND", "KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES")
STATES = ("enabled", "paused", "archived")


def _new(draft: Draft) -> Body:
    """A theme is enabled from the beginning, in the campaign of its ad group."""
    group = draft.parent("adGroupId") or {}
    first = {} if draft.old else {"state": "ENABLED", "campaignId": group.get("campaignId")}
    return {**named.rounded_bid(draft), **first}


def _several_ad_groups(draft: Draft) -> Iterator[Problem]:
    """Campaigns of the time before ad groups have no themes."""
    if (draft.parent("campaignId") or {}).get("isMultiAdGroupsEnabled") is False:
        yield draft.problem("", "", "the campaign has no several ad groups", "campaignId")


THEMES = Resource(
    path="/sb/themes",
    key="themes",
    noun="brands theme",
    id="themeId",
    family="amazon.sb",
    fields={
        "adGroupId": Field("id", need=True),
        "campaignId": Field("id"),
        "themeType": Field("enum", need=True, on="create", values=TYPES),
        "bid": Field("number", need=True),
        "state": Field("enum", on="update", values=tuple(named.WORDS[state] for state in STATES)),
    },
    filters={
        "campaignIdFilter": Filter("include", "campaignId"),
        "adGroupIdFilter": Filter("include", "adGroupId"),
        "themeTypeFilter": Filter("include", "themeType"),
    },
    unique=("adGroupId", "themeType"),
    batch=100,
    parents={"campaignId": "amazon.sb.campaigns", "adGroupId": "amazon.sb.adGroups"},
    rules=(named.running, named.fixed, named.bid, _several_ad_groups),
    completed=_new,
)


def _no_authors(call: Call) -> None:
    if call.profile["accountInfo"].get("subType") == "KDP_AUTHOR":
        raise Refused(400, "This API is not supported for author profiles")


def _list(call: Call) -> Response:
    _no_authors(call)
    names = {"stateFilter", "themeIdFilter", *THEMES.filters}
    if not isinstance(call.body, dict) or call.body.keys() - {"maxResults", "nextToken", *names}:
        raise Refused(400, f"The body has maxResults, nextToken, {', '.join(sorted(names))}")
    filters = {"stateFilter": [named.WORDS[state] for state in STATES[:2]]}
    for name in names & call.body.keys():
        given = call.body[name]
        values = given.get("include") if isinstance(given, dict) and given.keys() == {"include"} else None
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise Refused(400, f"{name} must be an object with include, an array of strings")
        allowed = {"stateFilter": STATES, "themeTypeFilter": TYPES}.get(name, values)
        if not {*values} <= {*allowed}:
            raise Refused(400, f"{name}: no such value")
        filters[name] = [named.WORDS[value] for value in values] if name == "stateFilter" else values
    return named.listed(THEMES, SPELT, filters, call.accepts(), call)


def _write(verb: str, media: str, call: Call) -> Response:
    _no_authors(call)
    items = call.body.get("themes", ()) if isinstance(call.body, dict) else ()
    if verb == "update" and any(isinstance(item, dict) and not item.get("adGroupId") for item in items):
        raise Refused(400, "adGroupId is required")
    return named.write(THEMES, SPELT, "create" if verb == "create" else "update", media, call)


def _media(verb: str) -> str:
    return f"application/vnd.sbthemes{verb}response.v3+json"


OPERATIONS = (
    Operation("POST", "/sb/themes/list", _list, takes="application/json", gives=_media("list")),
    *(
        Operation(
            method,
            "/sb/themes",
            partial(_write, verb, _media(verb)),
            takes="application/json",
            gives=_media(verb),
        )
        for method, verb in (("POST", "create"), ("PUT", "update"))
    ),
)
