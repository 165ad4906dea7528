"""A post that is made together with the creative that shows it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import POST, Context, Flow, Part, Request, Result, Wait, made_by
from mcp_ads.errors import NotFound

from .images import Picture, image_announced
from .media import upload_parts, uploaded
from .post_body import PostWrite

NOT_YET = 4.0
"""Seconds until LinkedIn knows an image that was just uploaded; it answers 404 before."""
MOST_TRIED = 5


class CreateInline(PostWrite):
    """Create a post that only ads show, and the creative of it, in a campaign. It starts as DRAFT.

    With `file` an image is uploaded first; `image_id`, `video_id` and `document_id` name what is there.
    """

    campaign_id: Annotated[str, Urn("sponsoredCampaign"), Field(alias="campaign", examples=["300000001"])]
    name: Annotated[str | None, Field(max_length=255)] = None
    file: Picture | None = None
    intended_status: Literal["DRAFT", "ACTIVE"] = "DRAFT"

    http = POST("/adAccounts/{account_id}/creatives")
    does, new_id_at, parents = "makes", "value.creative", {"campaign_id": "campaigns"}
    parent_fields = ("name", "status")

    def sets(self) -> dict[str, Any]:
        return self.model_dump(
            by_alias=True, exclude_none=True, include={"campaign_id", "name", "intended_status"}
        )

    def effect(self) -> str:
        return self.says(f"{self.file['size']:,} bytes, {self.file['media']}" if self.file else "")

    def outline(self) -> tuple[Part, ...]:
        if not self.file:
            return (Part(self._created(), keep=(self.new_id_at,)),)
        uploads = upload_parts(self._announced(self.file), self.file)
        create = self._created(made_by(1, "value.image"))
        return (*uploads, Part(create, "creates the post and its creative", (self.new_id_at,)))

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        image = None
        if self.file:
            image = yield from uploaded(self._announced(self.file), self.file)
        for _ in range(MOST_TRIED if self.file else 0):
            try:
                answer = yield self._created(image)
            except NotFound:
                yield Wait(NOT_YET)
            else:
                return Result(answer)
        return Result((yield self._created(image)))

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "campaign_id": [self.campaign_id]}

    def doubt(self, answer: Any) -> str:
        value = answer.get("value") if isinstance(answer, dict) else None
        made = value.get("creative") if isinstance(value, dict) else None
        known = isinstance(made, str) and re.fullmatch(r"urn:li:sponsoredCreative:[0-9]+", made, re.ASCII)
        return "" if known else "no new creative"

    def _announced(self, file: Mapping[str, Any]) -> Request:
        return image_announced(self.account_id, self.author, str(file["name"]))

    def _created(self, image: str | None = None) -> Request:
        creative = {**self.sets(), "inlineContent": {"post": self.post(image)}}
        return Request(
            "POST", self.to_path(), {"action": "createInline"}, {"creative": creative}, risk="write"
        )
