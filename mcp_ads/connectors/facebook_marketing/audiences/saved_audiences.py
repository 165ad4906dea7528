"""Saved audiences: targeting that somebody has kept in Ads Manager; the API only reads it."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, ObjectId
from mcp_ads.core import GET, Column, Context, Entity, Flow, Result, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.errors import NotFound

from .custom_audiences import COUNTS, PAGES

LEAN = ("id", "name", *COUNTS, "run_status")


class SavedAudienceRead(GraphRead):
    """Counts are rounded; -1 is not known."""

    node = "SavedAudience"

    def kinds(self) -> Mapping[str, Column]:
        return dict.fromkeys(COUNTS, Column("number"))


class ListSavedAudiences(SavedAudienceRead):
    """List the saved audiences of one ad account: targeting that was kept in Ads Manager."""

    account_id: AdAccountId

    http = GET("/act_{account_id}/saved_audiences")
    pages, records, lean = PAGES, "data", LEAN


class GetSavedAudience(SavedAudienceRead):
    """Read one saved audience with its targeting, which an ad set can take as it is.

    Its record names the account as an object, so that the account is checked here.
    """

    account_id: Annotated[AdAccountId, Field(exclude=True)]
    saved_audience_id: ObjectId

    http, subject = GET("/{saved_audience_id}"), "saved_audience_id"
    lean = (*LEAN, "description", "targeting", "sentence_lines", "time_created", "time_updated")

    def to_query(self) -> Mapping[str, Any]:
        query = super().to_query()
        names = dict.fromkeys([*query["fields"].split(","), "account"])
        return {"fields": ",".join(names)}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        record = yield self.to_request()
        owner = dig(record, "account.account_id") or dig(record, "account.id") or ""
        if str(owner).removeprefix("act_") != self.account_id:
            raise NotFound(f"no saved audience {self.saved_audience_id} of account {self.account_id}")
        columns = record if isinstance(self, AsSent) else self.columns()
        return Result({name: record.get(name) for name in columns}, columns=self.columns())


saved_audiences = Entity(list=ListSavedAudiences, get=GetSavedAudience)
