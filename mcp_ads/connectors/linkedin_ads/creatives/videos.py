"""Videos: sent in the parts LinkedIn asks for, put together there, then worked on until they are ready."""

import base64
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import (
    GET,
    POST,
    Context,
    Entity,
    File,
    Flow,
    Part,
    Progress,
    Request,
    Result,
    Shown,
    made_by,
)
from mcp_ads.core.bodies import OCTETS
from mcp_ads.core.outline import each_by
from mcp_ads.core.upload import Upload, UploadedFile
from mcp_ads.errors import Rejected

from .media import LibraryUpload, MediaRead, left, ready

LEAST_BYTES, MOST_BYTES = 75_000, 500 * 2**20
BEGUN = ("value.video", "value.uploadToken", "value.uploadInstructions")
SAMPLE = base64.b64encode(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat" + bytes(LEAST_BYTES)).decode()
"""The head of an MP4 file and place for media, in base64."""


class GetVideo(MediaRead):
    """Read whether videos are ready: WAITING_UPLOAD, PROCESSING, AVAILABLE or PROCESSING_FAILED."""

    video_id: Annotated[
        str | list[str],
        Urn("video", "either", whole=True, digits=False),
        Field(examples=["urn:li:video:C5F10AQGKQg_6y2a4sQ"], description="One, or a list."),
    ]

    http, subject = GET("/videos/{video_id}"), "video_id"
    known = ("id", "status", "owner", "duration", "aspectRatioWidth", "aspectRatioHeight")


class UploadVideo(LibraryUpload):
    """Upload a video of a Page and wait until it can be used; a call with too little time is gone on with.

    MP4, 75 KB to 500 MB and 3 seconds to 30 minutes.
    """

    file: Annotated[
        UploadedFile,
        Upload(("video/mp4",), MOST_BYTES, LEAST_BYTES),
        Field(description="MP4: the name of a file inside MCP_ADS_FILES, or base64 up to 1 MB."),
    ]

    http, noun = POST("/videos"), "video"
    sample: ClassVar[Mapping[str, Any]] = {"file": SAMPLE}

    def more(self) -> dict[str, Any]:
        return {"fileSizeBytes": self.file["size"], "uploadCaptions": False, "uploadThumbnail": False}

    def outline(self) -> tuple[Part, ...]:
        piece = _piece(made_by(1, "value.uploadInstructions"), File.of(self.file))
        video, token = made_by(1, "value.video"), made_by(1, "value.uploadToken")
        asks = "asks for addresses to send the video to"
        return (
            Part(self.announced(), asks, BEGUN, leaves=left("video")),
            Part(piece, "sends it, in the parts LinkedIn asks for", ("etag",), repeats=True, resumes=True),
            Part(
                _finish(video, token, each_by(2, "etag")),
                "puts the parts together",
                shown=Shown("videos", "get", {"video_id": video}, "its status is not WAITING_UPLOAD"),
            ),
        )

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        begun = (yield self.announced())["value"]
        pieces, tags = list(_pieces(File.of(self.file), begun["uploadInstructions"])), []
        for number, (address, piece) in enumerate(pieces, 1):
            yield Progress(number - 1, len(pieces), f"sends part {number} of {len(pieces)}")
            tags.append((yield _piece(address, piece))["etag"])
        video = str(begun["video"])
        yield _finish(video, str(begun["uploadToken"]), tags)
        return Result({"id": (yield from ready("video", video))})


def _pieces(file: File, instructions: Any) -> Iterator[tuple[str, File]]:
    """Where each range of the file goes. Raises Rejected when they are not the whole file, in order."""
    end = 0
    for instruction in instructions:
        first, last = int(instruction["firstByte"]), int(instruction["lastByte"])
        if first != end or not first <= last < file.size:
            break
        end = last + 1
        yield str(instruction["uploadUrl"]), file.range(first, end - first)
    if end != file.size:
        raise Rejected("the parts that LinkedIn asks for are not the whole file; nothing of it was sent")


def _piece(address: str, piece: File) -> Request:
    """One part, without credentials: its address is enough."""
    return Request("PUT", address, body=piece, headers={"Content-Type": OCTETS}, risk="write")


def _finish(video: str, token: str, tags: str | list[str]) -> Request:
    asked = {"video": video, "uploadToken": token, "uploadedPartIds": tags}
    body = {"finalizeUploadRequest": asked}
    return Request("POST", "/videos", {"action": "finalizeUpload"}, body, risk="write")


videos = Entity(get=GetVideo, upload=UploadVideo)
