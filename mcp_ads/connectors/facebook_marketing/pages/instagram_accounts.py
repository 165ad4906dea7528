"""Instagram accounts that ads can be published by."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead
from mcp_ads.core import GET, NONE, Entity

from .base import AsPage, Reader


class ListInstagramAccounts(AsPage, GraphRead):
    """List the Instagram accounts of an ad account or a page: an id is a creative's instagram_user_id."""

    said = "instagram user id, instagram actor, instagram profile"

    account_id: Annotated[AdAccountId | None, Field(exclude=True)] = None
    page_id: Reader = None

    http, whose = GET("/{page_id}/instagram_accounts"), NONE
    node, pages, records = "IGUser", CURSOR, "data"
    lean, sample = ("id", "username", "followers_count", "media_count"), {"account_id": "1234567890"}

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if bool(self.account_id) is bool(self.page_id):
            raise ValueError("account_id: give it or page_id, and not both")
        return self

    def to_path(self) -> str:
        return f"/act_{self.account_id}/instagram_accounts" if self.account_id else super().to_path()


instagram_accounts = Entity(list=ListInstagramAccounts)
