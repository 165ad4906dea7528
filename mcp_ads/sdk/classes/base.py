"""What every connector class has: calls, pages, descriptions, and a health check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self

from mcp_ads.core.recipe import Report
from mcp_ads.sdk.backend import Backend, Shape
from mcp_ads.sdk.record import ExecuteResult, recorded

from .calls import EntityCalls


class AdsConnector:
    """One connector with its user's credentials, or a host that keeps them. Everything raises AdsError."""

    connector_name: ClassVar[str]
    """Its slug: "linkedin-ads"."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @classmethod
    def tool_utils(
        cls,
        func: Callable[..., Any] | None = None,
        *,
        framework: str | None = None,
        max_output_chars: int | None = 100_000,
        update_docstring: bool = True,
    ) -> Any:
        """The function as a tool of an agent framework: see `sdk.tools.tool_utils`."""
        from mcp_ads.sdk.tools.tool_utils import tool_utils

        return tool_utils(
            cls,
            func,
            framework=framework,
            max_output_chars=max_output_chars,
            update_docstring=update_docstring,
        )

    @property
    def connector_id(self) -> str | None:
        """The id it has at a host; None in this process, and before the first call looked for it."""
        return self._backend.connector_id

    async def execute(
        self,
        entity: str,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        select_fields: Sequence[str] | None = None,
        exclude_fields: Sequence[str] | None = None,
        skip_truncation: bool = True,
        progress: Report | None = None,
    ) -> Any:
        """Carry out one action: an `ExecuteResult` of a list, a `Record` of anything else.

        A write answers with its plan: `{"status": "planned", "plan_id", "plan", "apply"}`.
        """
        shape = Shape(select_fields, exclude_fields, skip_truncation)
        found = await self._backend.execute(entity, action, dict(params or {}), shape, progress)
        if isinstance(found.data, list):
            return ExecuteResult(data=recorded(found.data), meta=found.meta)
        return recorded(found.data)

    async def apply(self, plan_id: str, *, progress: Report | None = None) -> Any:
        """Carry out a plan that a write answered with."""
        return recorded((await self._backend.apply(plan_id, progress)).data)

    def __getattr__(self, entity: str) -> EntityCalls:
        """The calls of one entity: `connector.campaigns.list(account_id=…)`."""
        if entity.startswith("_"):
            raise AttributeError(entity)
        return EntityCalls(self, entity)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._backend.close()
