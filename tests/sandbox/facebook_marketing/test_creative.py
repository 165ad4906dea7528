"""The make-believe Graph's images and videos: what is taken, what is refused, how an upload goes on."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from typing import Any

import pytest
from facebook_client import ACCOUNT, JAPAN, Graph, graph

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\r\n--\r\n\x00\xff"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 9 + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 90, 120)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 20_000
CHUNK = 4 * 2**20


async def test_images_are_listed() -> None:
    """The hash unless fields are named; narrowed by hash, name and size."""
    async with graph() as g:
        path = f"{ACCOUNT}/adimages"
        rows = (await g.get(path))["data"]
        assert [set(row) for row in rows] == [{"hash", "id"}] * 3
        assert rows[0]["id"] == f"{ACCOUNT.removeprefix('act_')}:{rows[0]['hash']}"
        assert len((await g.get(path, hashes=[rows[0]["hash"]]))["data"]) == 1
        boots = await g.get(path, name="tide-boots.jpg", fields="name,width,status")
        assert [(row["name"], row["width"]) for row in boots["data"]] == [("tide-boots.jpg", 1200)]
        assert len((await g.get(path, minheight=1200))["data"]) == 2
        assert (await g.error("GET", path, fields="size"))["code"] == 100


async def test_an_image_is_its_bytes() -> None:
    """Sent as base64 or as a file it has one hash, and is made once; only a digest of it is noted."""
    async with graph() as g:
        text = base64.b64encode(PNG).decode()
        sent = await g.post(f"{ACCOUNT}/adimages", bytes=text)
        image = sent["images"]["bytes"]
        assert (image["width"], image["height"]) == (640, 480)
        assert image["hash"] == hashlib.md5(PNG, usedforsecurity=False).hexdigest()
        again = await g.upload(f"{ACCOUNT}/adimages", {"filename": ("shop.png", PNG)})
        assert again.json()["images"]["shop.png"]["hash"] == image["hash"]
        assert g.writes() == ["create image"]
        assert text not in json.dumps(g.store.writes())
        source = {"source_account_id": ACCOUNT.removeprefix("act_"), "hash": image["hash"]}
        await g.post(f"{JAPAN}/adimages", copy_from=source)
        assert image["hash"] in str(await g.get(f"{JAPAN}/adimages", fields="hash"))


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({}, "bytes, or a file, is required"),
        ({"bytes": "not base64!"}, "base64"),
        ({"bytes": base64.b64encode(b"%PDF-1.7").decode()}, "JPEG, PNG or GIF"),
        ({"bytes": base64.b64encode(JPEG).decode(), "name": "x"}, "Unknown parameter: name"),
        ({"copy_from": {"source_account_id": "1", "hash": "2"}}, "does not exist"),
    ],
)
async def test_image_refusals(sent: dict[str, Any], text: str) -> None:
    """What is no image, or is named where nothing can be named."""
    async with graph() as g:
        assert text in (await g.error("POST", f"{ACCOUNT}/adimages", **sent))["message"]
        assert g.writes() == []


async def test_a_file_needs_an_extension_and_whole_parts() -> None:
    """Graph tells files by their names; a body cut short is refused."""
    async with graph() as g:
        answer = await g.upload(f"{ACCOUNT}/adimages", {"filename": ("shop", JPEG)})
        assert "extension" in answer.json()["error"]["message"]
        cut = await g.http.post(
            f"/v26.0/{ACCOUNT}/adimages",
            content=b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n' + PNG,
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        assert "multipart" in cut.json()["error"]["message"]
        assert g.writes() == []


async def test_an_image_in_use_stays() -> None:
    """One that no creative shows is deleted by its hash."""
    async with graph() as g:
        first, second, *_ = [row["hash"] for row in (await g.get(f"{ACCOUNT}/adimages"))["data"]]
        data = {"link": "https://ternandtide.example", "image_hash": first}
        story = {"page_id": "104857600000001", "link_data": data}
        await g.post(f"{ACCOUNT}/adcreatives", name="C", object_story_spec=story)
        assert "in use" in (await g.error("DELETE", f"{ACCOUNT}/adimages", hash=first))["message"]
        assert (await g.send("DELETE", f"{ACCOUNT}/adimages", hash=second)).status_code == 200
        assert len((await g.get(f"{ACCOUNT}/adimages"))["data"]) == 2


async def start(g: Graph, size: int = len(MP4)) -> dict[str, str]:
    begun: dict[str, str] = await g.post(f"{ACCOUNT}/advideos", upload_phase="start", file_size=size)
    return begun


async def send(g: Graph, session: str, at: int, content: bytes) -> dict[str, Any]:
    answer = await g.upload(
        f"{ACCOUNT}/advideos",
        {"video_file_chunk": ("film.mp4", content)},
        upload_phase="transfer",
        upload_session_id=session,
        start_offset=str(at),
    )
    found: dict[str, Any] = answer.json()
    return found


async def test_a_video_goes_in_chunks() -> None:
    """Offsets are text, equal ones mean that all is sent; then it is worked on for a few looks."""
    async with graph() as g:
        begun = await start(g)
        session, video = begun["upload_session_id"], begun["video_id"]
        assert (begun["start_offset"], begun["end_offset"]) == ("0", str(CHUNK))
        seen = await g.get(video, fields="status")
        assert seen["status"]["video_status"] == "uploading"
        after = await send(g, session, 0, MP4[:CHUNK])
        assert after == {"start_offset": str(CHUNK), "end_offset": str(len(MP4))}
        after = await send(g, session, CHUNK, MP4[CHUNK:])
        assert after["start_offset"] == after["end_offset"] == str(len(MP4))
        finish = {"upload_phase": "finish", "upload_session_id": session}
        assert await g.post(f"{ACCOUNT}/advideos", **finish, title="Film") == {"success": True}
        states = [(await g.get(video, fields="status"))["status"]["video_status"] for _ in range(3)]
        assert states == ["processing", "processing", "ready"]
        assert (await g.get(video, fields="title,length"))["title"] == "Film"
        assert len((await g.get(f"{video}/thumbnails"))["data"]) == 3
        assert (await g.error("POST", f"{ACCOUNT}/advideos", **finish))["error_subcode"] == 33
        assert g.writes() == ["create video", "send chunk", "send chunk", "finish video"]


async def test_a_chunk_out_of_place_is_told_where_to_go_on() -> None:
    """Sent twice, out of order, too short or too long: the error has the offsets that come next."""
    async with graph() as g:
        session = (await start(g))["upload_session_id"]
        await send(g, session, 0, MP4[:CHUNK])
        wanted = {"start_offset": str(CHUNK), "end_offset": str(len(MP4))}
        for at, content in ((0, MP4[:CHUNK]), (CHUNK, MP4[CHUNK:-1]), (CHUNK + 1, MP4[CHUNK + 1 :])):
            error = (await send(g, session, at, content))["error"]
            assert (error["error_subcode"], error["error_data"]) == (1363037, wanted)
        finish = {"upload_phase": "finish", "upload_session_id": session}
        error = await g.error("POST", f"{ACCOUNT}/advideos", **finish)
        assert (error["error_subcode"], error["error_data"]) == (1363037, wanted)
        assert g.writes() == ["create video", "send chunk"]


async def test_an_upload_is_given_up() -> None:
    """A cancelled one leaves nothing."""
    async with graph() as g:
        begun = await start(g)
        cancel = {"upload_phase": "cancel", "upload_session_id": begun["upload_session_id"]}
        await g.post(f"{ACCOUNT}/advideos", **cancel)
        assert (await g.error("GET", begun["video_id"]))["error_subcode"] == 33


@pytest.mark.parametrize(
    ("sent", "code", "text"),
    [
        ({}, 100, "Give one of source"),
        ({"upload_phase": "begin"}, 100, "must be one of"),
        ({"upload_phase": "start"}, 100, "file_size is required"),
        ({"upload_phase": "start", "file_size": 0}, 352, "empty"),
        ({"upload_phase": "transfer", "upload_session_id": "1", "start_offset": 0}, 100, "video_file_chunk"),
        ({"upload_phase": "finish", "upload_session_id": "1"}, 100, "does not exist"),
        ({"source": "text"}, 100, "must be a file"),
        ({"file_url": "ftp://films.example/a.mp4"}, 389, "Unable to fetch"),
        ({"file_url": "https://films.example/a.mp4", "title": "x" * 255}, 100, "title"),
    ],
)
async def test_video_refusals(sent: dict[str, Any], code: int, text: str) -> None:
    """Missing parts, wrong phases, what cannot be fetched."""
    async with graph() as g:
        error = await g.error("POST", f"{ACCOUNT}/advideos", **sent)
        assert error["code"] == code
        assert text in error["message"]
        assert g.writes() == []


async def test_a_whole_video_and_its_end() -> None:
    """Sent at once it has an id; it is deleted through its account, not at its own address."""
    async with graph() as g:
        sent = await g.upload(f"{ACCOUNT}/advideos", {"source": ("film.mp4", MP4)}, title="Whole")
        video = sent.json()["id"]
        assert (await g.get(f"{ACCOUNT}/advideos", title="whole"))["data"] == [{"id": video}]
        assert "account_id" in (await g.error("GET", video, fields="account_id"))["message"]
        error = await g.error("DELETE", video)
        assert (error["code"], error["error_subcode"]) == (10, 1363055)
        await g.send("DELETE", f"{ACCOUNT}/advideos", video_id=video)
        assert (await g.error("GET", video))["error_subcode"] == 33
        wrong = await g.upload(f"{ACCOUNT}/advideos", {"source": ("film.mp4", JPEG)})
        assert wrong.json()["error"]["code"] == 352


async def test_a_video_may_fail_to_be_worked_on() -> None:
    """The status says error, and stays so."""
    async with graph() as g:
        sent = await g.http.post(
            f"/v26.0/{ACCOUNT}/advideos",
            files={"source": ("film.mp4", MP4)},
            headers={"X-Sandbox-Fault": "report-fails"},
        )
        states = [
            (await g.get(sent.json()["id"], fields="status"))["status"]["video_status"] for _ in range(4)
        ]
        assert states == ["processing", "processing", "error", "error"]


async def test_an_image_says_which_creatives_show_it() -> None:
    """Until they are deleted; then it may go."""
    async with graph() as g:
        first, *_ = [row["hash"] for row in (await g.get(f"{ACCOUNT}/adimages"))["data"]]
        data = {"link": "https://ternandtide.example", "image_hash": first}
        story = {"page_id": "104857600000001", "link_data": data}
        made = (await g.post(f"{ACCOUNT}/adcreatives", object_story_spec=story))["id"]
        for shown_by in ([made], []):
            row = (await g.get(f"{ACCOUNT}/adimages", hashes=[first], fields="creatives"))["data"][0]
            assert row["creatives"] == shown_by
            await g.send("DELETE", made)


@pytest.mark.parametrize(
    ("data", "subcode"),
    [
        ({"link_data": {"link": "https://a.example", "child_attachments": [{}]}}, 1443048),
        ({"video_data": {"image_url": "https://a.example/a.png"}}, 1443048),
        ({"video_data": {"video_id": "1"}}, 1443226),
    ],
)
async def test_stories_that_are_ill_formed(data: dict[str, Any], subcode: int) -> None:
    """A carousel of one card, a video without its id or its picture."""
    async with graph() as g:
        story = {"page_id": "104857600000001", **data}
        error = await g.error("POST", f"{ACCOUNT}/adcreatives", object_story_spec=story)
        assert error["error_subcode"] == subcode
        assert g.writes() == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"image": "x"}, 'Invalid keys "image" were found in param "object_story_spec[link_data]"'),
        ({"image_hash": "hero.png"}, "is no image of this ad account"),
        ({"image_hash": "0" * 32}, "is no image of this ad account"),
        ({"link": "ternandtide.example"}, "must be a valid URI"),
        ({"call_to_action": {"type": "SHOP_NOW", "values": {}}}, 'Invalid keys "values"'),
        ({"child_attachments": [{"url": "x"}, {"link": "https://a.example"}]}, "child_attachments][0]"),
    ],
    ids=str,
)
async def test_what_is_written_wrong_inside_a_story(data: dict[str, Any], said: str) -> None:
    """On the edge of creatives and in an ad alike."""
    async with graph() as g:
        link = {"link": "https://ternandtide.example", **data}
        story = {"page_id": "104857600000001", "link_data": link}
        error = await g.error("POST", f"{ACCOUNT}/adcreatives", object_story_spec=story)
        assert error["code"] == 100
        assert said in error["message"]
        adset = (await g.get(f"{ACCOUNT}/adsets"))["data"][0]["id"]
        ad = {"name": "A", "adset_id": adset, "creative": {"object_story_spec": story}}
        assert said in (await g.error("POST", f"{ACCOUNT}/ads", **ad))["message"]
        assert g.writes() == []
