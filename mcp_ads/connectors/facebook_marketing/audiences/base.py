"""What audiences share that are made, whether of nobody yet, of a rule, or of a seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mcp_ads.connectors.facebook_marketing.types import GraphWrite
from mcp_ads.core import POST

from . import rules

NOT_READ = ("account_id", "origin_audience_id", "prefill")
"""What a new audience is made of, which its record does not have."""


class NewAudience(GraphWrite):
    """A new audience of an ad account, of a seed if there is one."""

    http, does = POST("/act_{account_id}/customaudiences"), "makes"
    parents, parent_fields = {"origin_audience_id": "custom_audiences"}, rules.SEED

    if TYPE_CHECKING:
        origin_audience_id: str | None

    def sets(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, exclude_none=True, exclude=set(NOT_READ))

    def effect(self) -> str:
        return rules.made_of(self.origin_audience_id)

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        yield from rules.seed_doubts(parents.get("origin_audience_id"))

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        return rules.seed(parents.get("origin_audience_id") or {})

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "time_created"]}
