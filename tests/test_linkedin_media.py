"""LinkedIn's videos and documents: sent from the user's folder, in parts, gone on with, ready at the end."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from between import between, nothing
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, planned

from mcp_ads.connectors.linkedin_ads.creatives import posts
from mcp_ads.core import Progress, Result
from mcp_ads.engine.applying import carry_out
from mcp_ads.errors import InvalidParams, OutcomeUnknown

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
PART, SIZE = 4 * 2**20, 9_000_000
HEAD = b"\0\0\0\x18ftypisom"
WHOLE = ["create video", *["upload video"] * 3, "finish video"]
WAYS = {"account_id": LINKEDIN_US, "owner": "2414183"}
PUT, FINISH = "uploaded-video", "/videos$"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The user's folder: a film of three parts, documents of five kinds, and what is none."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "film.mp4").write_bytes(HEAD + os.urandom(1024) + bytes(SIZE - len(HEAD) - 1024))
    (folder / "tiny.mp4").write_bytes(HEAD + bytes(74_000))
    (folder / "film.mov").write_bytes(b"\0\0\0\x18ftypqt  " + bytes(100_000))
    (folder / "deck.pdf").write_bytes(b"%PDF-1.7" + bytes(500))
    for name in ("deck.pptx", "text.docx", "archive.zip", "renamed.pdf"):
        (folder / name).write_bytes(b"PK\x03\x04" + bytes(500))
    for name in ("deck.ppt", "text.doc", "book.xls"):
        (folder / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    return folder


@pytest.fixture
def engine_client(engine_client_with: EngineClients, files: Path) -> EngineClient:
    return engine_client_with(MCP_ADS_FILES=str(files))


async def upload(engine_client: EngineClient, file: str = "film.mp4", entity: str = "videos") -> str:
    return await planned(engine_client, entity, "upload", LINKEDIN, **WAYS, file=file)


def done(engine_client: EngineClient) -> list[str]:
    return [write["what"] for write in engine_client.store.writes()]


async def test_a_video_is_uploaded_in_parts(engine_client: EngineClient, files: Path) -> None:
    """The plan says what is sent; each part goes to its address without credentials, then it is ready."""
    asked, told = between(engine_client, nothing), list[Progress]()
    plan = await engine_client.do(LINKEDIN, "videos", "upload", **WAYS, file="film.mp4", name="Spring")
    assert "9,000,000 bytes, video/mp4, of the Page 2414183" in plan.text
    assert "request 2 of 3 (sends it, in the parts LinkedIn asks for)" in plan.text
    assert "<each etag of request 2>" in plan.text
    assert len(plan.text) < 2_000

    async def tell(progress: Progress) -> None:
        told.append(progress)

    result = await engine_client.workspace.apply(plan.data["plan_id"], report=tell)
    assert "APPLIED: 1 of 1 done" in result.text
    assert "ready: posts and creatives can show it" in result.text
    puts = [request for request in asked if request.method == "PUT"]
    assert [int(put.headers["content-length"]) for put in puts] == [PART, PART, SIZE - 2 * PART]
    for put in puts:
        assert put.url.host == "www.linkedin.com"
        assert put.headers["content-type"] == "application/octet-stream"
        assert not {"authorization", "linkedin-version"} & {*put.headers}
    assert [progress.message for progress in told][:3] == [f"sends part {n} of 3" for n in (1, 2, 3)]
    content = (files / "film.mp4").read_bytes()
    digests = [hashlib.sha256(content[at : at + PART]).hexdigest() for at in range(0, SIZE, PART)]
    video = engine_client.store.all("linkedin.video")[-1]
    assert [tag.rpartition("/")[2] for tag in video["_parts"].values()] == digests
    found = await engine_client.do(LINKEDIN, "videos", "get", video_id=result.data["steps"][0]["id"])
    assert (found.data["status"], "downloadUrl" in found.data) == ("AVAILABLE", False)
    assert done(engine_client) == WHOLE


async def test_an_upload_address_is_logged_without_its_ticket(
    engine_client: EngineClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The log of httpx, which a program may have on, names the place and nothing that opens it."""
    with caplog.at_level(logging.INFO, "httpx"):
        await applied(engine_client, await upload(engine_client))
    uploads = [line for line in caplog.messages if "dms-uploads" in line]
    assert uploads
    assert all("?[secret]" in line and "ut=" not in line for line in uploads)


async def test_a_call_that_is_too_short_is_gone_on_with(
    engine_client_with: EngineClients, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call sends one request, each in another process; in the end every part was sent once."""
    engine_client = engine_client_with(MCP_ADS_FILES=str(files))
    plan_id = await upload(engine_client)
    with monkeypatch.context() as hurried:
        hurried.setattr(carry_out, "RESERVE", 60.0)
        for count in range(1, len(WHOLE) + 1):
            other = engine_client_with(MCP_ADS_FILES=str(files))
            text = (await applied(other, plan_id)).text
            assert "IN PROGRESS: 0 of 1 done; call ads_apply with the same plan_id again" in text
            assert "left on the platform: video urn:li:video:" in text
            assert done(engine_client) == WHOLE[:count]
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == WHOLE


@pytest.mark.slow
async def test_a_part_whose_answer_is_lost_is_sent_again(engine_client: EngineClient) -> None:
    """It takes its own place at LinkedIn, so that this does nothing twice; the others are not sent again."""
    plan_id = await upload(engine_client)
    engine_client.fault("cut", path=PUT, method="PUT", skip=1)
    assert "IN PROGRESS" in (await applied(engine_client, plan_id)).text
    assert "APPLIED" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == ["create video", *["upload video"] * 4, "finish video"]


@pytest.mark.slow
async def test_an_end_whose_answer_is_lost_is_unknown(engine_client: EngineClient) -> None:
    """It is never sent again, and the video is named with the call that shows it."""
    plan_id = await upload(engine_client)
    engine_client.fault("cut", path=FINISH, method="POST", skip=1)
    text = (await applied(engine_client, plan_id)).text
    video = engine_client.store.all("linkedin.video")[-1]["id"]
    assert "UNKNOWN: 0 of 1 done" in text
    look = f"linkedin_ads_execute(\"videos\", \"get\", {{'video_id': '{video}'}})"
    assert f"left on the platform: video {video}; look: {look}" in text
    assert "was sent before" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == WHOLE


async def test_a_video_linkedin_cannot_use(engine_client: EngineClient) -> None:
    """The step is not done, and says so."""

    def failed(request: httpx.Request) -> httpx.Response | None:
        is_look = request.method == "GET" and "/videos/" in request.url.path
        return httpx.Response(200, json={"status": "PROCESSING_FAILED"}) if is_look else None

    between(engine_client, failed)
    text = (await applied(engine_client, await upload(engine_client))).text
    assert "PARTIAL: 0 of 1 done" in text
    assert "LinkedIn has the video and cannot use it" in text
    assert "left on the platform: video" in text


def announcing(change: Callable[[dict[str, Any]], None]) -> Callable[[httpx.Request], httpx.Response | None]:
    """LinkedIn, but with other instructions for the upload."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if "initializeUpload" not in str(request.url):
            return None
        first = {
            "firstByte": 0,
            "lastByte": SIZE - 1,
            "uploadUrl": "https://www.linkedin.com/dms-uploads/x/uploaded-video/0",
        }
        value = {"video": "urn:li:video:C5F1", "uploadToken": "", "uploadInstructions": [first]}
        change(value)
        return httpx.Response(200, json={"value": value})

    return answer


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([(0, SIZE - 2)], "not the whole file"),
        ([(0, SIZE)], "not the whole file"),
        ([(0, 9), (11, SIZE - 1)], "not the whole file"),
        ([(10, SIZE - 1), (0, 9)], "not the whole file"),
        ([], "not the whole file"),
    ],
)  # fmt: skip
async def test_parts_that_are_not_the_file(
    engine_client: EngineClient, parts: list[tuple[int, int]], said: str
) -> None:
    """Nothing of it is sent, and the video that was announced is named."""

    def change(value: dict[str, Any]) -> None:
        (first,) = value["uploadInstructions"]
        value["uploadInstructions"] = [first | {"firstByte": one, "lastByte": last} for one, last in parts]

    asked = between(engine_client, announcing(change))
    text = (await applied(engine_client, await upload(engine_client))).text
    assert "PARTIAL: 0 of 1 done" in text
    assert said in text
    assert "left on the platform: video urn:li:video:C5F1" in text
    assert [request for request in asked if request.method == "PUT"] == []


@pytest.mark.parametrize("address", ["https://evil.example/x", "https://www.linkedin.com@evil.example/x"])
async def test_a_part_goes_to_no_other_host(engine_client: EngineClient, address: str) -> None:
    """An answer that names another host gets nothing of the file."""

    def change(value: dict[str, Any]) -> None:
        value["uploadInstructions"][0]["uploadUrl"] = address

    asked = between(engine_client, announcing(change))
    text = (await applied(engine_client, await upload(engine_client))).text
    assert "PARTIAL: 0 of 1 done" in text
    assert "address for its file that is not among its hosts" in text
    assert [request for request in asked if request.method == "PUT"] == []


async def test_an_answer_without_parts_is_no_success(engine_client: EngineClient) -> None:
    """What later requests need is missing: nobody knows what was begun, and nothing more is sent."""
    between(engine_client, announcing(lambda value: value.pop("uploadInstructions")))
    text = (await applied(engine_client, await upload(engine_client))).text
    assert "UNKNOWN: 0 of 1 done" in text
    assert "no value.uploadInstructions" in text


async def test_an_address_that_is_over(engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload that is gone on with too late ends there: what is left is named, no new token asked for."""
    plan_id = await upload(engine_client)
    with monkeypatch.context() as hurried:
        hurried.setattr(carry_out, "RESERVE", 60.0)
        await applied(engine_client, plan_id)
    video = engine_client.store.all("linkedin.video")[-1]
    engine_client.store.put("linkedin.video", video["id"].rpartition(":")[2], {**video, "_expires": 0})
    text = (await applied(engine_client, plan_id)).text
    assert "PARTIAL: 0 of 1 done" in text
    assert "takes nothing any more at the address" in text
    assert "make the plan again" in text
    assert f"left on the platform: video {video['id']}" in text


async def test_a_part_without_a_tag_is_asked_for_again(engine_client: EngineClient) -> None:
    """Without it the video could not be put together; it does nothing twice."""
    between(engine_client, lambda request: httpx.Response(200) if request.method == "PUT" else None)
    text = (await applied(engine_client, await upload(engine_client))).text
    assert "IN PROGRESS" in text
    assert "no etag" in text


async def test_no_address_of_an_upload_is_kept(engine_client: EngineClient) -> None:
    """Whoever has one can write to it: none is in a file once it is over, nor is its token."""
    asked = between(engine_client, nothing)
    await applied(engine_client, await upload(engine_client))
    await applied(engine_client, await upload(engine_client, "deck.pdf", "documents"))
    engine_client.workspace.trace.flush()
    tickets = {request.url.params["ut"].encode() for request in asked if request.method == "PUT"}
    ends = [request for request in asked if request.url.query == b"action=finalizeUpload"]
    tickets |= {json.loads(end.content)["finalizeUploadRequest"]["uploadToken"].encode() for end in ends}
    assert len(tickets) == 3
    texts = [path.read_bytes() for path in engine_client.home.rglob("*") if path.is_file()]
    assert not any(ticket in text for ticket in tickets for text in texts)


async def test_an_interrupted_upload_keeps_its_addresses_to_itself(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it can be gone on with they are in the plan's journal, which nobody else can read, alone."""
    asked = between(engine_client, nothing)
    plan_id = await upload(engine_client)
    monkeypatch.setattr(carry_out, "RESERVE", 60.0)
    texts = [(await applied(engine_client, plan_id)).text for _ in range(2)]
    engine_client.workspace.trace.flush()
    (ticket,) = {request.url.params["ut"] for request in asked if request.method == "PUT"}
    found = [
        path
        for path in engine_client.home.rglob("*")
        if path.is_file() and ticket.encode() in path.read_bytes()
    ]
    assert [path.suffix for path in found] == [".journal"]
    assert found[0].stat().st_mode & 0o077 == 0
    assert not any(ticket in text for text in texts)


REFUSED = [
    ("videos", "tiny.mp4", "at least 75,000 bytes, and it has 74,012"),
    ("videos", "film.mov", "not of a kind that is taken here: mp4"),
    ("videos", "deck.pdf", "not of a kind that is taken here: mp4"),
    ("documents", "film.mp4", "not of a kind that is taken here: pdf, pptx, docx, ppt, doc"),
    ("documents", "archive.zip", "not of a kind that is taken here"),
    ("documents", "renamed.pdf", "not of a kind that is taken here"),
    ("documents", "book.xls", "not of a kind that is taken here"),
    ("documents", base64.b64encode(b"PK\x03\x04" + bytes(50)).decode(), "not of a kind that is taken here"),
    ("images", "deck.pdf", "not of a kind that is taken here: jpeg, png, gif"),
]


@pytest.mark.parametrize(("entity", "file", "said"), REFUSED)
async def test_files_that_linkedin_would_not_take(
    engine_client: EngineClient, entity: str, file: str, said: str
) -> None:
    """Too small, or of another kind than it has to be: a line that says so, before anything is sent."""
    with pytest.raises(InvalidParams, match=f"^file: .*{said}"):
        await upload(engine_client, file, entity)
    assert engine_client.sent() == []


async def test_files_that_are_too_large(engine_client: EngineClient, files: Path) -> None:
    """500 MB for a video, 100 MB for a document; what has no bytes on the disk is measured all the same."""
    for entity, name, most, head in (
        ("videos", "large.mp4", "524,288,000", HEAD),
        ("documents", "large.pdf", "104,857,600", b"%PDF-1.7 and more"),
    ):
        with (files / name).open("wb") as file:
            file.write(head)
            file.truncate(600 * 2**20)
        with pytest.raises(InvalidParams, match=f"^file: at most {most} bytes"):
            await upload(engine_client, name, entity)
    assert engine_client.sent() == []


@pytest.mark.parametrize("name", ["deck.pdf", "deck.pptx", "text.docx", "deck.ppt", "text.doc"])
async def test_a_document_is_uploaded(engine_client: EngineClient, name: str) -> None:
    """Announced, sent, and read until it is ready; what a file of Office is, its name tells."""
    asked = between(engine_client, nothing)
    result = await applied(engine_client, await upload(engine_client, name, "documents"))
    assert "APPLIED: 1 of 1 done" in result.text
    (put,) = [request for request in asked if request.method == "PUT"]
    assert put.headers["authorization"].startswith("Bearer ")
    assert put.headers["content-type"] != "application/zip"
    document = result.data["steps"][0]["id"]
    assert document.startswith("urn:li:document:")
    found = await engine_client.do(LINKEDIN, "documents", "get", document_id=[document, "D561none"])
    assert [row["status"] for row in found.data] == ["AVAILABLE"]
    assert [error["index"] for error in found.errors] == [1]


async def test_a_small_pdf_in_the_call(engine_client: EngineClient) -> None:
    """As base64 it needs no folder; an image's and a video's name stands in the account's library."""
    content = base64.b64encode(b"%PDF-1.7" + bytes(100)).decode()
    assert "APPLIED" in (await applied(engine_client, await upload(engine_client, content, "documents"))).text
    with pytest.raises(InvalidParams, match="name: "):
        await engine_client.do(LINKEDIN, "documents", "upload", **WAYS, file="deck.pdf", name="Deck")


async def test_an_upload_is_shown_by_a_post_of_the_same_plan(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The post names what the step before makes; both are carried out by one approval."""
    monkeypatch.setattr(posts, "NOT_YET", 0.01)
    plan_id = await upload(engine_client, "deck.pdf", "documents")
    params = {"account_id": LINKEDIN_US, "author": "2414183", "commentary": "Our report", "title": "Report"}
    both = await planned(
        engine_client, "posts", "create", LINKEDIN, **params, document_id="@1.id", append_to=plan_id
    )
    result: Result = await applied(engine_client, both)
    assert "APPLIED: 2 of 2 done" in result.text
    document, post = (step["id"] for step in result.data["steps"])
    row = (await engine_client.do(LINKEDIN, "posts", "get", post_id=post)).data
    assert row["content"]["media"] == {"id": document, "title": "Report"}


async def test_a_page_that_is_not_the_members(engine_client: EngineClient) -> None:
    """What is refused is the Page, and nothing was made."""
    plan_id = await planned(
        engine_client, "videos", "upload", LINKEDIN, account_id=LINKEDIN_US, owner="99", file="film.mp4"
    )
    with pytest.raises(Exception, match="may not do this") as caught:
        await applied(engine_client, plan_id)
    assert "it is the Page in `author` (of an image: `owner`)" in caught.value.fix  # type: ignore[attr-defined]
    assert not isinstance(caught.value, OutcomeUnknown)
