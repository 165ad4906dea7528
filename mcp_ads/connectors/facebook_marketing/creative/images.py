"""Images of an ad account, which creatives name by their hash."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphDelete, GraphRead, GraphWrite
from mcp_ads.core import GET, PARAMETER, POST, Context, Entity, File, Flow, Form, Part, Request, Result
from mcp_ads.core.upload import Upload, UploadedFile

from .ad_creatives import STORED

MOST_BYTES = 30 * 2**20
HASH = re.compile(r"[0-9a-f]{32}")
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A PNG of one dot, in base64."""
LEAN = ("hash", "name", "width", "height", "status")
MORE = (*LEAN, "creatives", "permalink_url", "created_time")
MOST_NAMED = 5
ImageHash = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", examples=["02bee5277ec507b6fd0f9b9ff2f22d9c"])]


class ListImages(GraphRead):
    """List the images of one ad account. A creative names one by its hash, never by its url."""

    account_id: AdAccountId
    hashes: list[str] | None = None
    minwidth: Annotated[int | None, Field(ge=1, description="Pixels.")] = None
    minheight: Annotated[int | None, Field(ge=1, description="Pixels.")] = None

    http = GET("/act_{account_id}/adimages")
    node, pages, records, lean = "AdImage", CURSOR, "data", LEAN


class GetImage(GraphRead):
    """Read images by their hashes, with the creatives that show them. Only permalink_url stays as it is."""

    account_id: AdAccountId
    hash: Annotated[
        list[ImageHash],
        Field(alias="hashes", min_length=1, max_length=50, examples=[["02bee5277ec507b6fd0f9b9ff2f22d9c"]]),
    ]

    http = GET("/act_{account_id}/adimages")
    node, subject, many, most_ids, records, lean = "AdImage", "hash", True, 50, "data", MORE

    def to_query(self) -> Mapping[str, Any]:
        """As many rows as hashes, for a page has 25; each says by its hash which it is."""
        query = dict(super().to_query())
        names = dict.fromkeys(["hash", *query["fields"].split(",")])
        return {**query, "fields": ",".join(names), "limit": len(self.hash)}


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


class DeleteImage(GraphDelete):
    """Delete images that no creative shows."""

    account_id: AdAccountId
    hash: ImageHash

    http, subject, whose = POST("/act_{account_id}/adimages"), "hash", PARAMETER
    watch, states = ("name", "status", "creatives"), STORED

    def obstacle(self, live: Mapping[str, Any]) -> str:
        shown_by = live.get("creatives") or []
        more = f" and {len(shown_by) - MOST_NAMED} more" if len(shown_by) > MOST_NAMED else ""
        named = ", ".join(map(str, shown_by[:MOST_NAMED]))
        return f"creatives show it, and Facebook keeps it while one does: {named}{more}" if shown_by else ""


images = Entity(list=ListImages, get=GetImage, upload=UploadImage, delete=DeleteImage)
