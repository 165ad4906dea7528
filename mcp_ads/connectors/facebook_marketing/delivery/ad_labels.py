"""Ad labels: names to group campaigns, ad sets and ads by; `adlabels` of an update puts them on."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphDelete,
    GraphGet,
    GraphRead,
    GraphWrite,
    ObjectId,
)
from mcp_ads.core import DELETE, GET, PARAMETER, POST, Entity, dig

LEAN = ("id", "name", "created_time")


class ListAdLabels(GraphRead):
    """List the ad labels of one ad account."""

    account_id: AdAccountId

    http = GET("/act_{account_id}/adlabels")
    node, pages, records, lean, said = "AdLabel", CURSOR, "data", LEAN, "tags"


class GetAdLabel(GraphGet):
    """Read one ad label."""

    label_id: ObjectId

    http = GET("/{label_id}")
    node, subject, lean = "AdLabel", "label_id", (*LEAN, "updated_time")


class CreateAdLabel(GraphWrite):
    """Create an ad label. adlabels of an update puts it on: give all that are to stay, too."""

    account_id: AdAccountId
    name: Annotated[str, Field(min_length=1, max_length=400, examples=["Q4"])]

    http, does = POST("/act_{account_id}/adlabels"), "makes"

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "created_time"]}


class DeleteAdLabel(GraphDelete):
    """Delete an ad label: it goes off everything that has it."""

    account_id: Annotated[AdAccountId, Field(exclude=True)]
    label_id: ObjectId

    http, subject, whose = DELETE("/{label_id}"), "label_id", PARAMETER
    watch = ("name", "account{account_id}")

    def sets(self) -> dict[str, Any]:
        return {"name": None}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        whose = str(dig(live, "account.account_id") or "")
        return "" if whose == self.account_id else f"it belongs to account {whose or 'of another'}"


ad_labels = Entity(list=ListAdLabels, get=GetAdLabel, create=CreateAdLabel, delete=DeleteAdLabel)
