"""Videos: /videos, sent in parts of 4 MiB and put together when all are there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import ClassVar

from starlette.responses import Response

from mcp_ads.sandbox.linkedin_ads import schema, uploads
from mcp_ads.sandbox.linkedin_ads.errors import legacy, not_found
from mcp_ads.sandbox.linkedin_ads.resource import Method
from mcp_ads.sandbox.linkedin_ads.state import PLATFORM, Answer, Body, Call, tail

from .images import Images
from .media import KIND, LIBRARY, Media, request_of

PART, LEAST, MOST = 4 * 2**20, 75_000, 500 * 2**20
FINISHED = schema.record(
    {
        "video": schema.urn_of("video"),
        "uploadToken": schema.string,
        "uploadedPartIds": schema.array(schema.string),
    }
)


class Videos(Images):
    """Videos of a Page: MP4."""

    path, noun, kind, urn_kind, first = "videos", "video", KIND.format("video"), "video", "C5F10AQGsandbox"
    asked: ClassVar = {**Media.asked, "fileSizeBytes": schema.long}
    also: ClassVar = {**LIBRARY, "uploadCaptions": schema.boolean, "uploadThumbnail": schema.boolean}

    def named(self) -> Mapping[str, Method]:
        return {**super().named(), "ACTION finalizeUpload": Method(self.finish)}

    def addresses(self, call: Call, key: str, asked: Body) -> tuple[Body, Body]:
        """Where each part goes. The token is empty where there is one part only."""
        size = asked["fileSizeBytes"]
        if not 0 < size <= MOST:
            raise legacy(400, f"fileSizeBytes {size} is not valid")
        firsts = range(0, size, PART)
        places, own = uploads.addressed(call, key, self.noun, len(firsts))
        parts = [
            {"uploadUrl": place, "firstByte": first, "lastByte": min(first + PART, size) - 1}
            for place, first in zip(places, firsts, strict=True)
        ]
        token = secrets.token_hex(8) if len(parts) > 1 else ""
        kept = {"_size": size, "_token": uploads.digest(token.encode()), "_parts": {}}
        value = {"uploadUrlsExpireAt": own["_expires"], "uploadInstructions": parts, "uploadToken": token}
        return value, {**own, **kept}

    def received(self, body: Body, number: int, content: bytes) -> tuple[Body, Response]:
        """One part, of as many bytes as were asked for; a part that comes again takes its place."""
        first = number * PART
        if not 0 <= first < body["_size"] or len(content) != min(PART, body["_size"] - first):
            raise legacy(400, f"Part {number} is not of the size that was announced")
        tag = f"/sandbox-video/signedId/{uploads.digest(content)}"
        parts = {**body["_parts"], str(number): tag}
        head = {"_good": content[4:8] == b"ftyp" and body["_size"] >= LEAST} if number == 0 else {}
        return {**body, "_parts": parts, **head}, Response(status_code=200, headers={"ETag": f'"{tag}"'})

    def finish(self, call: Call) -> Answer:
        """All parts, named by their tags in order."""
        asked = request_of(call, "finalizeUploadRequest", FINISHED)
        key = tail(asked["video"])
        video = call.store.get(self.kind, key)
        if video is None:
            raise not_found(self.noun, key)
        tags = [video["_parts"].get(str(number)) for number in range(-(-video["_size"] // PART))]
        token = uploads.digest(asked["uploadToken"].encode())
        if token != video["_token"] or asked["uploadedPartIds"] != tags:
            raise legacy(400, "The upload token or the ids of the uploaded parts do not match the upload")
        call.store.put(self.kind, key, {**video, "status": "PROCESSING"})
        call.store.journal(PLATFORM, "finish video", key, None)
        return Answer(200)
