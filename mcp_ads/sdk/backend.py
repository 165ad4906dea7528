"""What carries out the calls of a connector class: this process, or a host that keeps the credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from mcp_ads.core.recipe import Report

from .words import Words


@dataclass(frozen=True)
class Shape:
    """Which parts of records to answer with: dotted paths; `select_fields` wins over `exclude_fields`.

    Without `skip_truncation` texts of over 200 characters in the records of a list are cut.
    """

    select_fields: Sequence[str] | None = None
    exclude_fields: Sequence[str] | None = None
    skip_truncation: bool = True


@dataclass
class Answered:
    """The platform's own records (a list) or record, or a plan, and facts about them.

    `data` of what is `planned` is `{"status": "planned", "plan_id", "plan" (the text a person approves),
    "apply" (how)}`.
    """

    data: Any
    meta: dict[str, Any] = field(default_factory=dict)
    planned: bool = False


class Backend(Protocol):
    """One connector, wherever it runs. Everything raises AdsError."""

    host: str
    """The address of what answers; empty for this process."""
    connector_id: str | None
    """The id the connector has at a host."""
    words: Words
    """How its texts name the calls."""

    async def execute(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any],
        shape: Shape,
        progress: Report | None = None,
    ) -> Answered:
        """Carry out one action; a write is planned unless writes go out directly."""
        ...

    async def apply(self, plan_id: str, progress: Report | None = None) -> Answered:
        """Carry out a plan."""
        ...

    async def plan(self, plan_id: str) -> str:
        """The whole text of a plan that a person approves."""
        ...

    async def plans(self) -> list[dict[str, Any]]:
        """The plans that are kept of it and may be looked at, the oldest first."""
        ...

    async def describe(self, entity: str, action: str, query: str) -> str:
        """What there is, as text; asks no platform."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
