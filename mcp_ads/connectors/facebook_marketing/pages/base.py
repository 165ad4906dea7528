"""What the entities of pages share: which page, and requests that are signed as it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.types import Graph, Id
from mcp_ads.core import Request, via
from mcp_ads.core.owner import Owner

PAGE = via("page")
EXAMPLE = "104857600000001"
PageId = Annotated[Id, Field(examples=[EXAMPLE], exclude=True, description="The page; `pages list` has it.")]
Reader = Annotated[
    Id | None,
    Field(exclude=True, description="Read as this page; for tokens that Facebook tells to be a page's."),
]


class AsPage(Graph):
    """Signed as the page that `page_id` names, if any; the page's token never leaves this process."""

    page_id: Any = None

    whose: ClassVar[Owner] = PAGE

    def to_request(self) -> Request:
        return replace(super().to_request(), signed_as=self.page_id or "")
