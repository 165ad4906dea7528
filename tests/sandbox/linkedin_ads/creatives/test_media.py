"""Videos and documents of the make-believe platform: sent in parts or whole, and ready some reads later."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_client import US, Client, enc, urn

pytestmark = pytest.mark.anyio
PAGE = urn("organization", 2414183)
PART = 4 * 2**20
SIZE = 2 * PART + 100
HEAD = b"\0\0\0\x18ftypisom"
FILM = HEAD + bytes(SIZE - len(HEAD))


async def asked(api: Client, what: str, **more: Any) -> Any:
    body = {"initializeUploadRequest": {"owner": PAGE, **more}}
    return await api.call("POST", f"/rest/{what}?action=initializeUpload", body)


async def sent(api: Client, value: Any, content: bytes = FILM) -> list[str]:
    """The tags of all parts of a video, as they are answered."""
    tags = []
    for part in value["uploadInstructions"]:
        piece = content[part["firstByte"] : part["lastByte"] + 1]
        answer = await api.http.put(part["uploadUrl"], content=piece)
        assert (answer.status_code, answer.content) == (200, b"")
        tags.append(answer.headers["etag"])
    return tags


async def finished(api: Client, value: Any, tags: list[str]) -> int:
    asked = {"video": value["video"], "uploadToken": value["uploadToken"], "uploadedPartIds": tags}
    body = {"finalizeUploadRequest": asked}
    answer = await api.call("POST", "/rest/videos?action=finalizeUpload", body)
    return answer.status_code


async def states(api: Client, what: str, name: str, count: int = 2) -> list[str]:
    return [(await api.get(f"/rest/{what}/{enc(name)}"))["status"] for _ in range(count)]


async def test_a_video_is_put_together(api: Client) -> None:
    """Three parts from the first byte to the last; all tags in order, or nothing is put together."""
    value = (await asked(api, "videos", fileSizeBytes=SIZE)).json()["value"]
    parts = [(part["firstByte"], part["lastByte"]) for part in value["uploadInstructions"]]
    assert parts == [(0, PART - 1), (PART, 2 * PART - 1), (2 * PART, SIZE - 1)]
    quoted = await sent(api, value)
    assert all(tag[0] == tag[-1] == '"' for tag in quoted)
    tags = [tag.strip('"') for tag in quoted]
    wrong = (quoted, tags[::-1], tags[:2], [*tags, tags[0]])
    assert [await finished(api, value, list_) for list_ in wrong] == [400] * 4
    assert await finished(api, value | {"uploadToken": "x"}, tags) == 400
    assert (await states(api, "videos", value["video"], 1)) == ["WAITING_UPLOAD"]
    assert await finished(api, value, tags) == 200
    assert (await states(api, "videos", value["video"])) == ["PROCESSING", "AVAILABLE"]


async def test_parts_that_are_refused(api: Client) -> None:
    """Another size than announced, a part there is none of, a wrong ticket; what comes twice replaces."""
    value = (await asked(api, "videos", fileSizeBytes=SIZE)).json()["value"]
    first = value["uploadInstructions"][0]["uploadUrl"]
    assert (await api.http.put(first, content=FILM[:PART])).status_code == 200
    assert (await api.http.put(first, content=FILM[:PART])).status_code == 200
    assert (await api.http.put(first, content=FILM[: PART - 1])).status_code == 400
    assert (await api.http.put(first.replace("/0?", "/3?"), content=FILM[:PART])).status_code == 400
    assert (await api.http.put(first + "x", content=FILM[:PART])).status_code == 403
    assert (await api.http.put(first.replace("-video", "-film"), content=FILM[:PART])).status_code == 404


async def test_small_videos_and_what_is_none(api: Client) -> None:
    """One part has no token; less than 75 KB, or no MP4, is found out when it is worked on."""
    for size, head, then in ((80_000, HEAD, "AVAILABLE"), (1_000, HEAD, "PROCESSING_FAILED"),
                             (80_000, b"%PDF-1.7", "PROCESSING_FAILED")):  # fmt: skip
        value = (await asked(api, "videos", fileSizeBytes=size)).json()["value"]
        assert (value["uploadToken"], len(value["uploadInstructions"])) == ("", 1)
        tags = await sent(api, value, head + bytes(size - len(head)))
        assert await finished(api, value, [tag.strip('"') for tag in tags]) == 200
        assert (await states(api, "videos", value["video"]))[-1] == then


async def test_a_document_is_sent_whole(api: Client) -> None:
    """To its own address; what is none fails."""
    for content, then in (
        (b"%PDF-1.7", "AVAILABLE"),
        (b"PK\x03\x04", "AVAILABLE"),
        (b"x", "PROCESSING_FAILED"),
    ):
        value = (await asked(api, "documents")).json()["value"]
        assert (await states(api, "documents", value["document"], 1)) == ["WAITING_UPLOAD"]
        assert (await api.http.put(value["uploadUrl"], content=content)).status_code == 201
        assert (await states(api, "documents", value["document"])) == ["PROCESSING", then]


async def test_announcements_that_are_refused(api: Client) -> None:
    """Another's Page, no size, unknown fields, no name of ours."""
    stranger = urn("organization", 1)
    assert (await asked(api, "videos", owner=stranger, fileSizeBytes=SIZE)).status_code == 403
    for what, more in (
        ("videos", {}),
        ("videos", {"fileSizeBytes": "9"}),
        ("videos", {"fileSizeBytes": 9, "purpose": "ADS"}),
        ("documents", {"fileSizeBytes": 9}),
        ("documents", {"owner": urn("sponsoredAccount", US)}),
    ):
        assert (await asked(api, what, **more)).status_code == 422, more
    assert (await asked(api, "videos", fileSizeBytes=0)).status_code == 400
    gone = {"finalizeUploadRequest": {"video": urn("video", "x"), "uploadToken": "", "uploadedPartIds": []}}
    assert (await api.call("POST", "/rest/videos?action=finalizeUpload", gone)).status_code == 404
    assert api.writes() == []
