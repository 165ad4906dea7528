"""Images of an ad account, which creatives name by their hash."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, GraphWrite
from mcp_ads.core import GET, POST, Context, Entity, File, Flow, Form, Part, Request, Result
from mcp_ads.core.upload import Upload, UploadedFile

MOST_BYTES = 30 * 2**20
HASH = re.compile(r"[0-9a-f]{32}")
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A PNG of one dot, in base64."""
LEAN = ("hash", "name", "width", "height", "status")


class ListImages(GraphRead):
    """List the images of one ad account. A creative names one by its hash, never by its url."""

    account_id: AdAccountId
    hashes: list[str] | None = None
    minwidth: Annotated[int | None, Field(ge=1, description="Pixels.")] = None
    minheight: Annotated[int | None, Field(ge=1, description="Pixels.")] = None

    http = GET("/act_{account_id}/adimages")
    node, pages, records, lean = "AdImage", CURSOR, "data", LEAN


class UploadImage(GraphWrite):
    """Upload an image; a creative names it by the hash in the answer. The same file twice is one image.

    In the same plan a later step names it as "@N.hash", N being the number of this step.
    """

    account_id: AdAccountId
    file: Annotated[
        UploadedFile,
        Upload(("image/jpeg", "image/png", "image/gif"), MOST_BYTES),
        Field(
            examples=[DOT],
            description="The name of a file inside MCP_ADS_FILES, or base64 of 1 MB at most: JPEG, PNG, GIF.",
        ),
    ]

    http, does, new_id_at, shares = POST("/act_{account_id}/adimages"), "makes", "hash", True

    def to_request(self) -> Request:
        return replace(super().to_request(), body=Form({"filename": File.of(self.file)}))

    def outline(self) -> tuple[Part, ...]:
        return (Part(self.to_request()),)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        answer = yield self.to_request()
        return Result(_only(answer))

    def sets(self) -> dict[str, Any]:
        return {"name": self.file["name"]}

    def effect(self) -> str:
        return f"uploads {self.file['size']:,} bytes, {self.file['media']}"

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["hash", "name", "created_time"]}

    def doubt(self, answer: Any) -> str:
        """The answer has one image, named by where it was in the form, with its hash."""
        known = answer.get("hash") if isinstance(answer, dict) else None
        return "" if isinstance(known, str) and HASH.fullmatch(known) else "no hash of one image"


def _only(answer: Any) -> Any:
    """The one image of an answer; the answer itself where it is of another shape."""
    images = answer.get("images") if isinstance(answer, dict) else None
    return next(iter(images.values())) if isinstance(images, dict) and len(images) == 1 else answer


images = Entity(list=ListImages, upload=UploadImage)
