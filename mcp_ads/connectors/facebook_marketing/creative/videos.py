"""Videos of an ad account: sent in the pieces Facebook asks for, then worked on until they are ready."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.inside import videos as videos_of
from mcp_ads.connectors.facebook_marketing.types import (
    AdAccountId,
    GraphDelete,
    GraphGet,
    GraphRead,
    GraphWrite,
    ObjectId,
)
from mcp_ads.core import (
    GET,
    PARAMETER,
    POST,
    Action,
    Context,
    Entity,
    File,
    Flow,
    Form,
    Leaves,
    Part,
    Request,
    Result,
    Wait,
    made_by,
)
from mcp_ads.core.outline import Steps
from mcp_ads.core.owner import Inside
from mcp_ads.core.paginators import dig
from mcp_ads.core.upload import Upload, UploadedFile
from mcp_ads.errors import PlatformDown, Rejected

from .ad_creatives import STORED, ListAdCreatives

UPLOADS = "graph-video.facebook.com"
OUT_OF_PLACE = "1363037"
"""The subcode of a piece that is not the one to come; its details say which one is."""
MOST_BYTES = 10 * 2**30
TINY = "AAAAGGZ0eXBtcDQyAAAAAG1wNDJpc29tAAAACG1kYXQ="
"""The head of an MP4 file and a place for media, in base64."""
FAILED = ("error", "upload_failed", "expired")
LOOK_AGAIN = 5.0
MOST_STALLED, MOST_NAMED = 3, 5
LEAN = ("id", "title", "length", "status", "updated_time")
BEGUN, OFFSETS = ("upload_session_id", "video_id"), ("start_offset", "end_offset")


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

    def about(self, param: str) -> tuple[str, list[str]]:
        """A video says nothing of its account: the lists of accounts do."""
        return str(getattr(self, param, None) or ""), []

    def inside(self) -> Iterable[Inside]:
        return (Inside("video_id", self.video_id, videos_of),)


class UploadVideo(GraphWrite):
    """Upload a video and wait until its status is ready; a call with too little time is gone on with."""

    account_id: AdAccountId
    file: Annotated[
        UploadedFile | None,
        Upload(("video/mp4", "video/quicktime", "video/webm", "video/x-msvideo"), MOST_BYTES),
        Field(description="The name of a file inside MCP_ADS_FILES: mp4, mov, avi or webm.", examples=[TINY]),
    ] = None
    file_url: Annotated[
        str | None,
        Field(
            pattern=r"^https://[^\s/@]+/\S*$",
            description="Instead of a file: an https address, from which Facebook itself fetches it.",
        ),
    ] = None
    title: Annotated[str | None, Field(max_length=254)] = None
    description: str | None = None

    http, does = POST("/act_{account_id}/advideos"), "makes"
    name_at, watch, sample = "title", ("title",), {"file": TINY}

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.file is None) == (self.file_url is None):
            raise ValueError("file: give it, or file_url instead")
        return self

    def sets(self) -> dict[str, Any]:
        return self.model_dump(include={"title", "description"}, exclude_none=True)

    def effect(self) -> str:
        if self.file is None:
            return "has Facebook fetch the video from file_url"
        return f"uploads {self.file['name']}, {self.file['size']:,} bytes, {self.file['media']}"

    def remark(self, answer: Any) -> str:  # noqa: ARG002 - it ends when the status read last says so
        return "ready: a creative can show it"

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "title": self.title, "fields": ["id", "title", "created_time"]}

    def outline(self) -> tuple[Part, ...]:
        if self.file is None:
            left = Leaves("video", "id", "videos", "video_id")
            return (Part(_fetch(self.to_path(), self.sent()), "names the address", ("id",), leaves=left),)
        return upload_parts(self.to_path(), File.of(self.file), self.sets())

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        if self.file is None:
            answer = yield _fetch(self.to_path(), self.sent())
            return Result({"id": (yield from ready(str(answer["id"])))})
        return Result({"id": (yield from uploaded(self.to_path(), File.of(self.file), self.sets()))})


class DeleteVideo(GraphDelete):
    """Delete videos of an ad account. Ads that show one lose it."""

    account_id: AdAccountId
    video_id: ObjectId

    http, subject, whose = POST("/act_{account_id}/advideos"), "video_id", PARAMETER
    name_at, watch, states, moving = "title", ("title",), STORED, ("status",)

    def inside(self) -> Iterable[Inside]:
        return (Inside("video_id", self.video_id, videos_of),)

    def asides(self, account: str) -> Mapping[str, Action]:
        return {"creatives": ListAdCreatives(account_id=account, fields=["name", "status", "video_id"])}

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        if (found := live.get("creatives")) is None:
            return None
        rows = [row for row in found if row.get("video_id") == self.video_id]
        return [f"creative {row['id']} shows it" for row in rows if row.get("status") != "DELETED"]

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if shown_by := [line.split()[1] for line in self.goes_along(live) or ()]:
            more = f" and {len(shown_by) - MOST_NAMED} more" if len(shown_by) > MOST_NAMED else ""
            yield f"creatives show it and lose it: {', '.join(shown_by[:MOST_NAMED])}{more}"


def upload_parts(path: str, file: File, about: Mapping[str, Any]) -> tuple[Part, ...]:
    """The requests of `uploaded`."""
    session, left = made_by(1, "upload_session_id"), Leaves("video", "video_id", "videos", "video_id")
    piece, asks = _piece(path, session, made_by(2, "start_offset"), file), "in the pieces Facebook asks for"
    return (
        Part(_start(path, file), "begins the upload", (*BEGUN, *OFFSETS), leaves=left),
        Part(piece, f"sends the file, {asks}", OFFSETS, repeats=True, resumes=True),
        Part(_finish(path, session, about), "ends the upload", ("success",)),
    )


def uploaded(path: str, file: File, about: Mapping[str, Any]) -> Steps[str]:
    """The id of a video that was sent and is ready. Raises Rejected when Facebook cannot use it."""
    begun = yield _start(path, file)
    session, video = str(begun["upload_session_id"]), str(begun["video_id"])
    yield from _pieces(path, session, file, begun)
    yield _finish(path, session, about)
    return (yield from ready(video))


def ready(video: str) -> Steps[str]:
    """The id of a video, once it can be used. Raises Rejected when it never will be."""
    look = Request("GET", f"/{video}", {"fields": "status"})
    while (status := dig((yield look), "status.video_status")) != "ready":
        if status in FAILED:
            raise Rejected(f"Facebook has the video and cannot use it: {status}")
        yield Wait(LOOK_AGAIN)
    return video


def _pieces(path: str, session: str, file: File, answer: Mapping[str, Any]) -> Steps[None]:
    """Each piece as it is asked for, until none is missing; a wrong one is told which is right."""
    stalled, (start, end) = 0, _offsets(answer)
    while start < end:
        try:
            answer = yield _piece(path, session, str(start), _range(file, start, end))
        except Rejected as error:
            if not error.code.endswith(OUT_OF_PLACE) or not error.details or stalled == MOST_STALLED:
                raise
            answer, stalled = error.details, stalled + 1
        start, end = _offsets(answer)


def _fetch(path: str, values: Mapping[str, Any]) -> Request:
    return Request("POST", path, body=values, risk="write")


def _start(path: str, file: File) -> Request:
    return _phase(path, upload_phase="start", file_size=file.size)


def _finish(path: str, session: str, about: Mapping[str, Any]) -> Request:
    return _phase(path, upload_phase="finish", upload_session_id=session, **about)


def _phase(path: str, **values: Any) -> Request:
    return Request("POST", path, body=values, risk="write", host=UPLOADS)


def _piece(path: str, session: str, start: str, piece: File) -> Request:
    phase = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": start}
    return Request("POST", path, body=Form({**phase, "video_file_chunk": piece}), risk="write", host=UPLOADS)


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


videos = Entity(list=ListVideos, get=GetVideo, upload=UploadVideo, delete=DeleteVideo)
