"""Videos of an ad account: sent in the pieces Facebook asks for, then worked on until they are ready."""

from collections.abc import Generator, Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphGet,
    GraphRead,
    GraphWrite,
    ObjectId,
)
from mcp_ads.core import (
    GET,
    POST,
    Context,
    Entity,
    File,
    Flow,
    Form,
    Leaves,
    Made,
    Part,
    Request,
    Result,
    Wait,
)
from mcp_ads.core.paginators import dig
from mcp_ads.errors import PlatformDown, Rejected

UPLOADS = "graph-video.facebook.com"
OUT_OF_PLACE = "1363037"
"""The subcode of a piece that is not the one to come; its details say which one is."""
FAILED = ("error", "upload_failed", "expired")
LOOK_AGAIN = 5.0
MOST_STALLED = 3
LEAN = ("id", "title", "length", "status", "updated_time")
OFFSETS = ("start_offset", "end_offset")


class VideoRead(GraphRead):
    """A video can be used when its status.video_status is ready."""

    node = "AdVideo"


class ListVideos(VideoRead):
    """List the videos of one ad account."""

    account_id: AdAccountId
    title: str | None = None

    http = GET("/act_{account_id}/advideos")
    pages, records, lean = CURSOR, "data", LEAN


class GetVideo(VideoRead, GraphGet):
    """Read one video, or several with a list of ids; status.video_status is ready when it can be used."""

    video_id: ObjectId

    http = GET("/{video_id}")
    subject, lean = "video_id", (*LEAN, "description", "picture", "created_time")


class UploadVideo(GraphWrite):
    """Upload a video, and wait until a creative can show it; a call with too little time is gone on with."""

    account_id: AdAccountId
    file: Annotated[dict[str, Any], Field(description="The video.")]
    title: Annotated[str | None, Field(max_length=254)] = None
    description: str | None = None

    http = POST("/act_{account_id}/advideos")
    label, watch = "title", ("title",)

    def sets(self) -> dict[str, Any]:
        return self.model_dump(include={"title", "description"}, exclude_none=True)

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "title": self.title, "fields": ["id", "title", "created_time"]}

    def outline(self) -> tuple[Part, ...]:
        session = Made(1, "upload_session_id")
        left = Leaves("video", "video_id", "videos", "video_id")
        return (
            Part(
                self._start(), "begins the upload", ("upload_session_id", "video_id", *OFFSETS), leaves=left
            ),
            Part(
                self._piece(session, Made(2, "start_offset"), File.of(self.file)),
                "sends the file, in the pieces Facebook asks for",
                OFFSETS,
                repeats=True,
                resumes=True,
            ),
            Part(self._finish(session), "ends the upload", ("success",)),
        )

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        begun = yield self._start()
        session, video = str(begun["upload_session_id"]), str(begun["video_id"])
        yield from self._pieces(session, *_offsets(begun))
        yield self._finish(session)
        while (status := dig((yield _status(video)), "status.video_status")) != "ready":
            if status in FAILED:
                raise Rejected(f"Facebook has the video and cannot use it: {status}")
            yield Wait(LOOK_AGAIN)
        return Result({"id": video})

    def _pieces(self, session: str, start: int, end: int) -> Generator[Request, Any, None]:
        """Each piece as it is asked for, until none is missing; a wrong one is told which is right."""
        file, stalled, answer = File.of(self.file), 0, dict[str, Any]()
        while start < end:
            try:
                answer = yield self._piece(session, str(start), _range(file, start, end))
            except Rejected as error:
                if not error.code.endswith(OUT_OF_PLACE) or not error.details or stalled == MOST_STALLED:
                    raise
                answer, stalled = dict(error.details), stalled + 1
            start, end = _offsets(answer)

    def _start(self) -> Request:
        return self._phase(upload_phase="start", file_size=self.file["size"])

    def _finish(self, session: str) -> Request:
        return self._phase(upload_phase="finish", upload_session_id=session, **self.sets())

    def _phase(self, **values: Any) -> Request:
        return Request("POST", self.to_path(), body=values, risk="write", host=UPLOADS)

    def _piece(self, session: str, start: str, piece: File) -> Request:
        values = {
            "upload_phase": "transfer",
            "upload_session_id": session,
            "start_offset": start,
            "video_file_chunk": piece,
        }
        return Request("POST", self.to_path(), body=Form(values), risk="write", host=UPLOADS)


def _status(video: str) -> Request:
    return Request("GET", f"/{video}", {"fields": "status"})


def _offsets(answer: Mapping[str, Any]) -> tuple[int, int]:
    """From where to where the next piece goes. Raises PlatformDown when the answer does not say."""
    try:
        start, end = (int(answer[name]) for name in OFFSETS)
    except (LookupError, TypeError, ValueError):
        raise PlatformDown("the answer does not say which piece of the file comes next") from None
    return start, end


def _range(file: File, start: int, end: int) -> File:
    try:
        return file.range(start, end - start)
    except ValueError:
        raise PlatformDown("the answer asks for a piece that is not in the file") from None


videos = Entity(list=ListVideos, get=GetVideo, upload=UploadVideo)
