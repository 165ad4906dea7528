"""All pages of a list of records, wherever the connector runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from mcp_ads.core import Action, Result
from mcp_ads.core.recipe import Report
from mcp_ads.errors import PlatformDown
from mcp_ads.sdk import all_pages
from mcp_ads.sdk.backend import Backend, Shape


async def pages_of(
    backend: Backend,
    kind: type[Action],
    call: tuple[str, str, Mapping[str, Any]],
    shape: Shape,
    progress: Report | None,
) -> AsyncIterator[Result]:
    """Each page; a report that is not finished is waited for. Raises AdsError, also where it breaks off."""
    entity, action, params = call

    async def ask(asked: Mapping[str, Any]) -> Result:
        found = await backend.execute(entity, action, asked, shape, progress)
        meta, cursor = found.meta, found.meta.get("end_cursor") or ""
        if meta.get("has_next_page") and not (cursor or meta.get("next")):
            raise PlatformDown("the list goes on, and its answer has no cursor to go on with")
        goes_on = {"cursor": cursor} if meta.get("has_next_page") and cursor else {}
        errors = list(meta.get("errors") or ())
        return Result(found.data, {**meta, **goes_on}, errors, partial=str(meta.get("partial") or ""))

    async for page in all_pages.pages(ask, kind, dict(params)):
        page.meta.pop("cursor", None)
        yield page
