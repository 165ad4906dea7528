"""Pages: what ads are published by, and what lead forms belong to."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead
from mcp_ads.core import GET, NONE, Entity

from .base import PAGE, PageId

LEAN = ("id", "name", "category", "is_published", "leadgen_tos_accepted")
TASKS = "tasks"
"""What the user may do for a page: a field of the list of the user's pages alone."""


class ListPages(GraphRead):
    """List the pages the token may act for, or with account_id those the ad account may advertise for.

    A creative names its page by the id. tasks has ADVERTISE where ads may be published by it; lead forms need
    leadgen_tos_accepted.
    """

    said = "facebook page, fan page, lead ads terms, page access, which page"

    account_id: Annotated[
        AdAccountId | None, Field(exclude=True, description="Only pages this ad account may advertise for.")
    ] = None

    http, whose = GET("/me/accounts"), NONE
    node, pages, records, lean = "Page", CURSOR, "data", LEAN

    def to_path(self) -> str:
        return f"/act_{self.account_id}/promote_pages" if self.account_id else super().to_path()

    def columns(self) -> tuple[str, ...]:
        mine = not (self.fields or self.account_id)
        return (*super().columns(), TASKS) if mine else super().columns()


class GetPage(GraphRead):
    """Read one page, or several with a list of ids."""

    page_id: PageId

    http, whose = GET("/{page_id}"), PAGE
    node, subject = "Page", "page_id"
    lean = (*LEAN, "link", "verification_status", "followers_count", "instagram_business_account")


pages = Entity(list=ListPages, get=GetPage)
