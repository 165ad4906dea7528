"""Raw requests to the Graph API: what the other entities lack, under the same rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, model_validator

from mcp_ads.core import DELETE, GET, POST, Entity
from mcp_ads.core.owner import Inside
from mcp_ads.core.raw import ASKING, SHOWN, Raw, RawRead, RawWrite
from mcp_ads.core.raw_values import spelt

from .dialect import CURSOR
from .inside import inside
from .types import STATES

NESTED = re.compile(r"[{}()\[\]~]")
ALONE = frozenset({"me", "search", "ads_archive"})
"""Roots that are no object of an account, and name none."""
MINE = frozenset({"accounts", "businesses"})
OF_NOBODYS = frozenset({
    "owned_product_catalogs", "client_product_catalogs", "product_sets", "products", "product_feeds",
    "leadgen_forms", "owned_pages", "client_pages",
})  # fmt: skip
"""Edges of what no ad account owns that lead to nothing of one."""
QUIET = ("PAUSED", "ARCHIVED")
_ACCOUNT, _OBJECT = re.compile(r"act_([0-9]+)"), re.compile(r"[0-9]+(_[0-9]+)*")
_ACCOUNTS = re.compile(r".*ad_?accounts?|agencies|.*shared_account\w*|assigned_\w+|.*_accounts")
NEVER = (
    r"\w+ v[0-9.]+(/.*)?|delete act_[0-9]+(/(campaigns|adsets|ads|adcreatives|customaudiences))?"
    r"|\w+ .*(batch_requests|asyncadrequests\w*|async_ad\w*).*"
)
"""An account's edges are deleted as a whole; a batch would hold requests of its own."""
PEOPLE = (
    r"users|\w+_users|usersreplace|leads|test_leads|field_data|events|conversations|messages|threads|comments|"
    r"likes|reactions|sharedposts|feed|tagged|visitor_posts|ratings|roles|blocked|friends|"
    r"customer_(?!file_source)\w+|offline_(?!conversion_data_set)\w+"
)
"""Edges to what people have written, filled in or done, and to who they are."""
_MORE = re.compile(
    r"ad_(?!account_id)\w+|ads\w*|(owned|client|pending|shared|assigned)_\w+|campaigns|\w*audiences"
)
"""Fields of what no ad account owns that are edges to what one owns."""


class Graph(Raw):
    """One request to the Graph API."""

    never, people = NEVER, PEOPLE

    def about(self, param: str) -> tuple[str, list[str]]:  # noqa: ARG002
        """The account in the path, or the object there."""
        root = self.parts[0]
        if account := _ACCOUNT.fullmatch(root):
            return account[1], []
        return "", [root] if _OBJECT.fullmatch(root) else []

    def inside(self) -> Iterable[Inside]:
        return inside([self.to_query(), self.to_body() or {}])

    def strays(self) -> Iterable[str]:
        root, *edges = self.parts
        if not (_ACCOUNT.fullmatch(root) or _OBJECT.fullmatch(root) or root in ALONE):
            yield f"path: /{root} does not say which account it is about"
        if len(edges) > 1 or (root in ALONE and not {*edges} <= MINE):
            yield "path: an object and one edge of it at most"
        if any(_ACCOUNTS.fullmatch(edge.lower()) for edge in edges):
            yield "path: it leads to other accounts; list those by ad_accounts"
        for key, value in (*self.query.items(), *(self.to_body() or {}).items()):
            if spelt(key) & {"ids", "id"}:
                yield f"{key}: name the object in the path"
            if spelt(key) & ASKING and NESTED.search(str(value)):
                yield f"{key}: plain fields only, since others may lead to other accounts"
        for key, word in self.asks_for():
            strange = self.parts == ["me"] and word not in MINE | {"id", "name"}
            if strange or _ACCOUNTS.fullmatch(word):
                yield f"{key}: {word[:SHOWN]} may lead to other accounts"

    def strays_from_nobodys(self) -> Iterable[str]:
        if not {*self.parts[1:]} <= OF_NOBODYS:
            yield f"path: /{self.parts[1]} of what no ad account owns may lead to other accounts"
        for key, word in self.asks_for():
            if word not in OF_NOBODYS and _MORE.fullmatch(word):
                yield f"{key}: {word[:SHOWN]} of what no ad account owns may lead to other accounts"


class GetGraph(Graph, RawRead):
    """Read any object or edge of the Graph API, by its path."""

    path: Annotated[str, Field(examples=["/act_1234567890/adlabels"])]

    http, rows, onward = GET("{path}"), ("data",), CURSOR
    sample = {"fields": ["id", "name"]}

    @model_validator(mode="before")
    @classmethod
    def _fields_are_asked_for(cls, values: Any) -> Any:
        """Graph answers what `fields` name and little else: the columns wanted are sent as such."""
        if not isinstance(values, dict) or not (fields := values.get("fields")):
            return values
        query = values.get("query") or {}
        if not isinstance(query, dict) or query.get("fields") or not isinstance(fields, list | str):
            return values
        named = fields if isinstance(fields, str) else ",".join(map(str, fields))
        return values if named in ("*", "all") else {**values, "query": {**query, "fields": named}}


class GraphWrite(Graph, RawWrite):
    """Changes the Graph by hand."""

    states = replace(STATES, on=STATES.on | {"ENABLED", "UNPAUSE", "ROTATE", "INHERITED_FROM_SOURCE"})
    """With the words by which rules and copies deliver."""

    def doubt(self, answer: Any) -> str:
        known = answer if isinstance(answer, Mapping) else {}
        made = _OBJECT.fullmatch(str(known.get("id"))) and known.get("success", True) is True
        return "" if made or known.get("success") is True else "neither success: true nor an id"


class PostGraph(GraphWrite):
    """Post to any object or edge of the Graph API; needs MCP_ADS_RAW_WRITES=1."""

    path: Annotated[str, Field(examples=["/act_1234567890/adlabels"])]
    body: Annotated[dict[str, Any], Field(description="Parameters, as Meta names them.")] = {}

    http, sample = POST("{path}"), {"body": {"name": "Autumn"}}

    def quiets(self) -> bool:
        """A campaign, an ad set or an ad has such a state, and nothing that holds spending back."""
        alone = len(self.parts) == 1 and self.parts[0].isdecimal()
        return alone and not self.query and self.body in [{"status": state} for state in QUIET]


class DeleteGraph(GraphWrite):
    """Delete any object of the Graph API; needs MCP_ADS_RAW_WRITES=1."""

    path: Annotated[str, Field(examples=["/120210000000000001"])]

    http = DELETE("{path}")


graph = Entity(noun="request", get=GetGraph, post=PostGraph, delete=DeleteGraph)
