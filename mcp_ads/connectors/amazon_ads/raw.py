"""Raw requests to Amazon's API: what the other entities lack, under the same rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from mcp_ads.core import DELETE, GET, PARAMETER, POST, PUT, Entity
from mcp_ads.core.cells import cut
from mcp_ads.core.owner import Owner
from mcp_ads.core.raw import MOST_MOVED, SHOWN, Raw, RawRead, RawWrite
from mcp_ads.core.raw_values import spelt, walk
from mcp_ads.errors import InvalidParams

from .dialect import CURSOR, SCOPE
from .operations import PLAIN, operation
from .shut_off import newer, successor
from .states import STATES
from .types import ACCOUNT, ProfileId

READS = frozenset({
    "/sp/campaigns/list", "/sp/adGroups/list", "/sp/keywords/list", "/sp/productAds/list", "/sp/targets/list",
    "/sp/negativeKeywords/list", "/sp/negativeTargets/list", "/sp/campaignNegativeKeywords/list",
    "/sp/campaignNegativeTargets/list", "/sp/campaigns/budget/usage", "/sp/campaigns/budgetRecommendations",
    "/sp/campaigns/budgetRules/recommendations", "/sp/targets/bid/recommendations",
    "/sp/targets/categories/recommendations", "/sp/targets/keywords/recommendations",
    "/sp/targets/products/count", "/sp/targets/products/recommendations", "/sp/negativeTargets/brands/search",
    "/sp/global/targets/bid/recommendations", "/sp/rules/optimization/search",
    "/sp/rules/campaignOptimization/eligibility", "/sp/rules/campaignOptimization/state",
    "/sp/targetPromotionGroups/list", "/sp/targetPromotionGroups/targets/list",
    "/sp/targetPromotionGroups/recommendations", "/sp/campaigns/initialBudgetRecommendation",
    "/sp/targeting/recommendations/keywordGroups", "/sp/global/targets/keywords/recommendations/list",
    "/sp/v1/events",
    "/sb/v4/campaigns/list", "/sb/v4/adGroups/list", "/sb/v4/ads/list", "/sb/ads/creatives/list",
    "/sb/targets/list", "/sb/negativeTargets/list", "/sb/themes/list", "/sb/rules/optimization/list",
    "/sb/campaigns/budget/usage", "/sb/campaigns/budgetRecommendations", "/sb/recommendations/bids",
    "/sb/recommendations/keyword", "/sb/recommendations/targets/brand",
    "/sb/recommendations/targets/category", "/sb/recommendations/targets/product/list",
    "/sb/recommendations/creative/headline", "/sb/campaigns/budgetRules/recommendations",
    "/sb/campaigns/insights", "/sb/targets/products/count", "/sb/forecasts",
    "/sd/campaigns/budget/usage", "/sd/campaigns/budgetRecommendations", "/sd/targets/recommendations",
    "/sd/targets/bid/recommendations", "/sd/recommendations/creative/headline", "/sd/forecasts",
    "/st/campaigns/list", "/st/adGroups/list", "/st/ads/list", "/st/targets/list", "/st/creatives/list",
    "/st/locations/list", "/st/forecasts", "/st/creatives/preview", "/sd/creatives/preview",
    "/st/creatives/moderations/list", "/st/creatives/moderations/policyViolations/list", "/portfolios/list",
    "/portfolios/budget/usage", "/product/metadata", "/eligibility/product/list",
    "/eligibility/programs", "/history", "/moderation/results", "/locations/list", "/audiences/list",
    "/audiences/taxonomy/list", "/recommendations/list", "/assets/search",
    "/adsApi/v1/query/campaigns", "/adsApi/v1/query/adGroups", "/adsApi/v1/query/ads",
    "/adsApi/v1/query/targets", "/adsApi/v1/query/adExtensions", "/adsApi/v1/query/adAssociations",
    "/adsApi/v1/query/publishers",
})  # fmt: skip
"""POSTs that change nothing, by Amazon's specifications; every other one is a write."""
ACROSS = frozenset({"manageraccounts", "adsaccounts", "testaccounts", "profiles", "termstokens"})
"""Resources above the profiles."""
NEVER = r"(post|put|delete) manageraccounts(/.*)?|\w+ .*billing.*|\w+ invoicesummaries.*|\w+ termstokens.*"
PEOPLE = r"dsp/audiences|dp|hashed|users|records|events"
QUIET = ("PAUSED", "ARCHIVED", "paused", "archived")
QUIETED = {
    "campaigns": "campaignId", "adGroups": "adGroupId", "keywords": "keywordId", "targets": "targetId",
    "productAds": "adId", "ads": "adId",
}  # fmt: skip
"""What spends nothing while it has such a state, with its id; a negative keyword holds spending back."""
ID = re.compile(r"[A-Za-z0-9][\w.:+/=-]{0,199}", re.ASCII)
"""Digits, a UUID, or letters and digits in parts, also in base 64."""
_QUIETED = re.compile(r"/(sp|sb|sb/v4|sd|st)/(\w+)")
PAIRS = "budgetRulesAssociation"
"""Its deletion takes rules off campaigns, and is told in pairs of them."""
PROFILES = {"profileid", "profileids"}
OTHERS = ("advertiseraccountid", "accessrequestedaccounts", "accessrequestedaccount", "manageraccountid")


def _served(value: str | None) -> str | None:
    if value and (gone := newer(value)):
        raise ValueError(gone)
    return value


Media = Annotated[
    str | None,
    AfterValidator(_served),
    Field(
        exclude=True,
        pattern=r"^application/(vnd\.[A-Za-z0-9.]{1,80}\+)?json$",
        examples=["application/vnd.spCampaign.v3+json"],
        description="Such as application/vnd.spCampaign.v3+json; left out, the operation's newest.",
    ),
]


class Api(Raw):
    """One request to Amazon's API, for one profile."""

    profile_id: ProfileId
    media_type: Media = None

    whose: ClassVar[Owner] = PARAMETER
    aliases, paging, never, people = ACCOUNT, ("nextToken",), NEVER, PEOPLE

    @field_validator("path")
    @classmethod
    def _there(cls, value: str) -> str:
        if gone := successor(value):
            raise ValueError(gone)
        return value

    def to_headers(self) -> Mapping[str, str]:
        takes, gives = operation(self.http.method, self.path) or ([], [])
        given = self.media_type
        sent, answered = given or [PLAIN, *takes][-1], given or [PLAIN, *gives][-1]
        if given in takes and gives and given not in gives:
            answered = gives[-1]
        content = {"Content-Type": sent} if self.to_body() is not None else {}
        return {**content, "Accept": answered, SCOPE: self.profile_id}

    def strays(self) -> Iterable[str]:
        if ACROSS & {part.lower() for part in self.parts}:
            yield "path: it leads to other profiles; list those by profiles"
        for _, key, _ in walk([self.query, self.to_body()]):
            if spelt(key) & {*OTHERS}:
                yield f"{key}: the profile is named by profile_id only"

    @model_validator(mode="after")
    def _of_this_profile(self) -> Self:
        for _, key, value in walk([self.query, self.to_body()]):
            named = value if isinstance(value, list) else [value]
            if spelt(key) & PROFILES and {*map(str, named)} - {self.profile_id}:
                raise ValueError(f"{key[:SHOWN]}: the profile is named by profile_id only")
        return self


class GetApi(Api, RawRead):
    """Read any resource of Amazon's API, by its path."""

    path: Annotated[str, Field(examples=["/sd/campaigns"])]

    http, onward = GET("{path}"), replace(CURSOR, into="query")


class QueryApi(Api, RawRead):
    """Read by a POST that is known to change nothing, such as /sp/campaigns/list."""

    path: Annotated[str, Field(examples=["/sp/campaigns/list"])]
    body: Annotated[dict[str, Any], Field(description="The body, as Amazon documents it.")] = {}

    http, onward = POST("{path}"), CURSOR
    sample = {"media_type": "application/vnd.spCampaign.v3+json", "body": {"maxResults": 10}}

    @field_validator("path")
    @classmethod
    def _changes_nothing(cls, value: str) -> str:
        if value not in READS:
            raise ValueError(
                "not among the POSTs that are known to change nothing; use post, which is planned"
            )
        return value


class ApiWrite(Api, RawWrite):
    """Changes something on Amazon by hand."""

    body: Annotated[
        dict[str, Any] | list[Any] | None, Field(description="The body, as Amazon documents it.")
    ] = None

    states = STATES

    def doubt(self, answer: Any) -> str:
        items = _items(answer)
        return "" if items and all(map(_ids, items)) else "it does not name what was done"

    def remark(self, answer: Any) -> str:
        """The ids that the answer names, of an order above all: it is asked for by them."""
        named = [", ".join(f"{key} {id_}" for key, id_ in _ids(entry).items()) for entry in _items(answer)]
        return f"Amazon answers {cut('; '.join(named), MOST_MOVED)}"


def _items(answer: Any) -> list[Any]:
    """The entries of what was done: of several items, of one, or of an order."""
    known = answer if isinstance(answer, Mapping) else {}
    return known["items"] if isinstance(known.get("items"), list) and len(known) == 1 else [known]


def _ids(entry: Any) -> dict[str, str]:
    """The ids of an entry by their names, its own before those of the object inside it."""
    known = entry if isinstance(entry, Mapping) else {}
    named = {key: str(id_) for key, id_ in known.items() if key.endswith("Id") and isinstance(id_, str | int)}
    own = {key: id_ for key, id_ in named.items() if ID.fullmatch(id_)}
    return own or next((ids for inner in known.values() if (ids := _ids(inner))), {})


def _only_quiets(item: Any, name: str) -> bool:
    """Whether an item is an id, under its name, and a state that stops it."""
    known = item if isinstance(item, dict) and item.keys() == {name, "state"} else {}
    named = isinstance(known.get(name), str | int) and str(known.get(name)).isalnum()
    return named and known["state"] in QUIET


def _ids_of(path: str) -> str:
    """A pattern of what the ids are called by which a path deletes."""
    parts = [part for part in path.split("/") if part.lower() not in ("", "delete")] or [path]
    return QUIETED.get(parts[-1], r"\w+Id") + ("s" if parts[0].lower() == "adsapi" else "Filter")


def _names_some(path: str, body: Any) -> bool:
    """Whether a body names what is to go by its ids and has nothing else: to Sponsored Brands and the unified
    API a filter they do not know is none, and without one everything goes.
    """
    given = body if isinstance(body, dict) else {}
    if path.strip("/").split("/")[-2:-1] == [PAIRS]:
        return bool(given) and all(isinstance(some, list) and some and all(some) for some in given.values())
    key = re.compile(_ids_of(path), re.ASCII)
    return bool(given) and all(key.fullmatch(name) and _all_named(ids) for name, ids in given.items())


def _all_named(ids: Any) -> bool:
    """Whether each of a list of ids, alone or as what a filter includes, is a text that says something."""
    found = ids["include"] if isinstance(ids, dict) and ids.keys() == {"include"} else ids
    return (
        isinstance(found, list) and bool(found) and all(isinstance(id_, str) and id_.strip() for id_ in found)
    )


class PostApi(ApiWrite):
    """Post to any resource of Amazon's API; needs MCP_ADS_RAW_WRITES=1."""

    path: Annotated[str, Field(examples=["/sp/targets"])]

    http = POST("{path}")
    sample = {"media_type": "application/vnd.spTargetingClause.v3+json", "body": {"targetingClauses": []}}

    @field_validator("path")
    @classmethod
    def _changes_something(cls, value: str) -> str:
        if value in READS:
            raise ValueError("this changes nothing: use query")
        return value

    @model_validator(mode="after")
    def _takes_no_more_than_named(self) -> Self:
        if "delete" in self.path.lower().split("/") and not _names_some(self.path, self.body):
            key = _ids_of(self.path).replace(r"\w+", "campaign")
            some = '["123"]' if key.endswith("s") else '{"include": ["123"]}'
            raise ValueError(f'body: name what is to go and nothing else, such as {{"{key}": {some}}}')
        return self


class PutApi(ApiWrite):
    """Change any resource of Amazon's API; needs MCP_ADS_RAW_WRITES=1."""

    path: Annotated[str, Field(examples=["/sp/targets"])]

    http = PUT("{path}")
    sample = {
        "media_type": "application/vnd.spTargetingClause.v3+json",
        "body": {"targetingClauses": [{"targetId": "123456789012345", "state": "PAUSED"}]},
    }

    def quiets(self) -> bool:
        place, items = _QUIETED.fullmatch(self.path), self.body
        if isinstance(items, dict) and len(items) == 1:
            items = next(iter(items.values()))
        if self.query or not place or not isinstance(items, list) or not items:
            return False
        name = QUIETED.get(place[2], "")
        return bool(name) and all(_only_quiets(item, name) for item in items)


class DeleteApi(ApiWrite):
    """Delete any resource of Amazon's API; needs MCP_ADS_RAW_WRITES=1."""

    path: Annotated[str, Field(examples=["/sd/targets/123456789012345"])]

    http = DELETE("{path}")


def _meant(action: str, params: Mapping[str, Any]) -> str:
    """A post that is known to change nothing is read, not planned.

    Raises InvalidParams for a path that was shut off: a way to it would lead nowhere.
    """
    if gone := successor(str(params.get("path"))):
        raise InvalidParams(f"path: {gone}")
    return "query" if action == "post" and str(params.get("path")) in READS else action


api = Entity(
    noun="request", meant=_meant, get=GetApi, query=QueryApi, post=PostApi, put=PutApi, delete=DeleteApi
)
