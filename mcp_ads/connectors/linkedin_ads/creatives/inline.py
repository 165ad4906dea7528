"""A post that is made together with the creative that shows it."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinWrite
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import POST, Context, Flow, Part, Request, Result, Wait, made_by
from mcp_ads.errors import NotFound

from .images import Page, Picture, announced, upload_parts, uploaded

NOT_YET = 4.0
"""Seconds until LinkedIn knows an image that was just uploaded; it answers 404 before."""
MOST_TRIED = 5
_RESERVED = re.compile(r"[|{}@\[\]()<>\\*_~]|#(?!\w)")
"""What LinkedIn's "little text" takes for its own marks; a word's hash is a hashtag, and stays one."""
Label = Literal[
    "APPLY", "DOWNLOAD", "VIEW_QUOTE", "LEARN_MORE", "SIGN_UP", "SUBSCRIBE", "REGISTER", "JOIN", "ATTEND",
    "REQUEST_DEMO", "SEE_MORE", "BUY_NOW", "SHOP_NOW",
]  # fmt: skip


class CreateInline(LinkedinWrite):
    """Create a post that only ads show, and the creative of it, in a campaign. It starts as DRAFT.

    With `file` an image is uploaded first; `image_id` names one that is there.
    """

    account_id: AccountId
    campaign_id: Annotated[str, Urn("sponsoredCampaign"), Field(alias="campaign", examples=["300000001"])]
    author: Page
    commentary: Annotated[str, Field(min_length=1, max_length=3000, examples=["Spring is here"])]
    name: Annotated[str | None, Field(max_length=255)] = None
    file: Picture | None = None
    image_id: Annotated[str | None, Urn("image", whole=True, digits=False)] = None
    title: Annotated[str | None, Field(description="The image's headline.")] = None
    alt_text: str | None = None
    landing_page: Annotated[str | None, Field(pattern=r"^https?://", description="Where a click goes.")] = (
        None
    )
    call_to_action: Label | None = None
    intended_status: Literal["DRAFT", "ACTIVE"] = "DRAFT"

    http = POST("/adAccounts/{account_id}/creatives")
    does, new_id_at, parents = "makes", "value.creative", {"campaign_id": "campaigns"}
    parent_fields = ("name", "status")
    prominent = ("author", "title", "image_id", "landing_page", "call_to_action")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.file and self.image_id:
            raise ValueError("file, image_id: one of them")
        if not (self.file or self.image_id) and (self.title or self.alt_text):
            raise ValueError("title, alt_text: these are an image's; give file or image_id")
        if self.call_to_action and not self.landing_page:
            raise ValueError("landing_page: a call to action needs one")
        return self

    def sets(self) -> dict[str, Any]:
        return self.model_dump(
            by_alias=True, exclude_none=True, include={"campaign_id", "name", "intended_status"}
        )

    def effect(self) -> str:
        image = f"{self.file['size']:,} bytes, {self.file['media']}" if self.file else self.image_id
        return f"posts {json.dumps(self.commentary, ensure_ascii=False)}{f' with {image}' if image else ''}"

    def outline(self) -> tuple[Part, ...]:
        if not self.file:
            return (Part(self._created(self.image_id), keep=(self.new_id_at,)),)
        uploads = upload_parts(self._announced(self.file), self.file)
        create = self._created(made_by(1, "value.image"))
        return (*uploads, Part(create, "creates the post and its creative", (self.new_id_at,)))

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        image = self.image_id
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
        return announced(self.account_id, self.author, str(file["name"]))

    def _created(self, image: str | None) -> Request:
        creative = {**self.sets(), "inlineContent": {"post": self._post(image)}}
        return Request(
            "POST", self.to_path(), {"action": "createInline"}, {"creative": creative}, risk="write"
        )

    def _post(self, image: str | None) -> dict[str, Any]:
        media = {"id": image, "title": self.title, "altText": self.alt_text}
        spread = {"feedDistribution": "NONE", "targetEntities": [], "thirdPartyDistributionChannels": []}
        post = {
            "adContext": {
                "dscAdAccount": f"urn:li:sponsoredAccount:{self.account_id}",
                "dscStatus": "ACTIVE",
            },
            "author": f"urn:li:organization:{self.author}",
            "commentary": _RESERVED.sub(r"\\\g<0>", self.commentary),
            "visibility": "PUBLIC",
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
            "distribution": spread,
            "content": {"media": _given(media)} if image else None,
            "contentLandingPage": self.landing_page,
            "contentCallToActionLabel": self.call_to_action,
        }
        return _given(post)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
