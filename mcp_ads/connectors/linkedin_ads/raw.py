"""Raw requests to LinkedIn's versioned API: what the other entities lack, under the same rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import Field, field_validator

from mcp_ads.core import DELETE, GET, POST, Entity
from mcp_ads.core.raw import SHOWN, Raw, RawRead, RawWrite

from . import restli
from .bases import STATES
from .dialect import CURSOR, METHOD, OFFSET
from .urns import tail

FREE = frozenset({
    "adTargetingFacets", "adTargetingEntities", "adLibrary", "geo", "industries",
    "jobFunctions", "functions", "seniorities", "skills", "degrees", "fieldsOfStudy", "iabCategories",
    "titles", "organizationsLookup",
})  # fmt: skip
"""Resources that are the same for every account."""
FEWEST = 10
"""Rows of a page of the older lists, unless `count` says otherwise."""
MOST_SHOWN = 200
NEVER = r"\w+ (rest|v2)(/.*)?"
PEOPLE = (
    r"lead\w+|conversionevents|adaccountusers|people|person|me|userinfo|organizationacls|connections|users|"
    r"dmpsegments/[^/]+/.*list.*"
)
QUIET = ("PAUSED", "ARCHIVED")
QUIETED, OF_ACCOUNT = ("adCampaigns", "adCampaignGroups", "creatives"), 4
"""What spends nothing while it has such a state: /adAccounts/{id}/creatives/{id}."""
_DIGITS, _ACCOUNT = re.compile(r"[0-9]+", re.ASCII), re.compile(r"sponsoredAccount:([^,)\"'\s]+)")
Method = Literal["CREATE", "PARTIAL_UPDATE", "UPDATE", "ACTION"]


class Rest(Raw):
    """One request to LinkedIn's versioned API."""

    escapes, paging, never, people = True, ("pageToken",), NEVER, PEOPLE

    @field_validator("path")
    @classmethod
    def _keys(cls, value: str) -> str:
        """Keys as Rest.li spells them: URNs escaped, and compound ones as (campaign:urn…,conversion:urn…)."""
        return "/".join(_spelled(part) for part in value.split("/"))

    @field_validator("query")
    @classmethod
    def _values(cls, query: dict[str, Any]) -> dict[str, Any]:
        """Lists and records are given as such: a text is a text, also one that looks like a spelling."""
        for name, value in query.items():
            if _has_none(value):
                raise ValueError(f"{name[:SHOWN]}: null is no value that Rest.li has; leave it out")
            if isinstance(value, str) and (meant := _as_json(value)):
                raise ValueError(f"{name[:SHOWN]}: write lists and objects as JSON, here {meant}")
        return query

    def about(self, param: str) -> tuple[str, list[str]]:  # noqa: ARG002
        """The account in the path."""
        inside = self.parts[0] == "adAccounts" and len(self.parts) > 1 and _DIGITS.fullmatch(self.parts[1])
        return (self.parts[1] if inside else ""), []

    def strays(self) -> Iterable[str]:
        account, _ = self.about("")
        if not account and self.parts[0] not in FREE:
            yield "path: it does not say which account it is about; begin with /adAccounts/{id}"
        given = unquote(unquote(json.dumps([self.path, self.query, getattr(self, "body", None)])))
        if any(named != account for named in _ACCOUNT.findall(given)):
            yield "query, body: they name another account than the path"


def _spelled(part: str) -> str:
    """One part of a path. Raises ValueError for a compound key that is none."""
    if part.startswith("urn:"):
        return restli.encode(part)
    return restli.encode(restli.parse(part)) if part.startswith(restli.RECORD) else part


def _has_none(value: Any) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return value is None or any(map(_has_none, inner))


def _as_json(text: str) -> str:
    """What a text that spells a list or a record is as JSON; empty for any other."""
    try:
        value = restli.parse(text) if text.startswith((restli.LIST, restli.RECORD)) else ""
    except ValueError:
        return ""
    return json.dumps(value, ensure_ascii=False)[:MOST_SHOWN] if value != "" else ""


class GetRest(Rest, RawRead):
    """Read any resource of LinkedIn's versioned API, by its path."""

    path: Annotated[str, Field(examples=["/adAccounts/512345678/adCampaigns"])]
    finder: Annotated[bool, Field(exclude=True, description="Whether it is a finder: q in the query.")] = (
        False
    )

    http, rows, onward = GET("{path}"), ("elements",), CURSOR
    sample = {"query": {"q": "search"}, "finder": True}

    def to_headers(self) -> Mapping[str, str]:
        method = "FINDER" if self.finder else "BATCH_GET" if "ids" in self.query else ""
        return {METHOD: method} if method else {}

    def next_query(self, answer: Any) -> dict[str, Any]:
        """By a token where there are some, else by the number of the first row."""
        if not isinstance(answer, dict) or "metadata" in answer or "paging" not in answer:
            return super().next_query(answer)
        given = self.query.get("start", 0), self.query.get("count", FEWEST)
        if not all(isinstance(number, int) for number in given):
            return {}
        start, count = given
        token = OFFSET.token(self.to_request().with_query(start=start, count=count), answer)
        return {"start": int(token)} if token else {}

    def unheeded(self, onward: Mapping[str, Any]) -> Iterable[str]:
        if "pageToken" in onward and {"start", "count"} & self.query.keys():
            yield "start and count have no effect here: these are pages by pageToken, of pageSize rows"


class RestWrite(Rest, RawWrite):
    """Changes something on LinkedIn by hand."""

    states = STATES

    def doubt(self, answer: Any) -> str:
        """What is made has an id, and a change or a removal is answered with nothing."""
        made = str(answer.get("id") or "") if isinstance(answer, Mapping) else ""
        if made.startswith("urn:li:") or tail(made).isdecimal():
            return ""
        return "" if answer == {} and METHOD in self.to_headers() else "neither nothing nor an id"


class PostRest(RestWrite):
    """Post to any resource of LinkedIn's versioned API; needs MCP_ADS_RAW_WRITES=1."""

    path: Annotated[str, Field(examples=["/adAccounts/512345678/adCampaigns/300000001"])]
    body: Annotated[dict[str, Any], Field(description="The body, as LinkedIn documents it.")] = {}
    restli_method: Annotated[Method, Field(exclude=True)] = "CREATE"

    http = POST("{path}")
    sample = {"restli_method": "PARTIAL_UPDATE", "body": {"patch": {"$set": {"status": "PAUSED"}}}}

    def to_headers(self) -> Mapping[str, str]:
        return {} if self.restli_method == "CREATE" else {METHOD: self.restli_method}

    def quiets(self) -> bool:
        patch = self.body.get("patch") if self.body.keys() == {"patch"} else None
        new = patch.get("$set") if isinstance(patch, dict) and patch.keys() == {"$set"} else None
        if self.query or self.restli_method != "PARTIAL_UPDATE" or not isinstance(new, dict) or len(new) != 1:
            return False
        if not (len(self.parts) == OF_ACCOUNT and self.parts[0] == "adAccounts" and self.parts[2] in QUIETED):
            return False
        return all(name in STATES.fields and value in QUIET for name, value in new.items())


class DeleteRest(RestWrite):
    """Delete any resource of LinkedIn's versioned API; needs MCP_ADS_RAW_WRITES=1."""

    path: Annotated[str, Field(examples=["/adAccounts/512345678/adCampaigns/300000001"])]

    http = DELETE("{path}", **{METHOD: "DELETE"})


rest = Entity(noun="request", get=GetRest, post=PostRest, delete=DeleteRest)
