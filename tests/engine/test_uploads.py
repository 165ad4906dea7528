"""A write of several requests: one step in the plan, each request once, gone on with wherever it was left."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import FACEBOOK, US, EngineClient, break_next
from planning import applied, error_of, planned, until

from mcp_ads.connectors.facebook_marketing.creative import videos
from mcp_ads.core import Context, Flow, Request, Result
from mcp_ads.engine.applying import carry_out
from mcp_ads.engine.door import Engine
from mcp_ads.engine.wire import transport
from mcp_ads.errors import Rejected, StalePlan
from mcp_ads.sandbox.ports import Servers
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
PIECE = 4 * 2**20
HEAD = b"\0\0\0\x18ftypisom"
SIZE = 9_000_000
PATH = "/advideos$"
PIECES = 3


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A video is looked at again at once."""
    monkeypatch.setattr(videos, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(transport, "FIRST_BACKOFF", 0.01)


def film(workspace: Engine, size: int = SIZE) -> dict[str, Any]:
    """A kept file of this size, as an exchanged parameter names it."""
    content = HEAD + os.urandom(1024) + bytes(size - len(HEAD) - 1024)
    blob = workspace.blobs.put(content)
    return {"file": blob.sha256, "name": "spring.mp4", "size": blob.size, "media": "video/mp4"}


async def upload(engine_client: EngineClient, **more: Any) -> str:
    """The id of a plan that uploads a video in three pieces."""
    return await planned(
        engine_client,
        "videos",
        "upload",
        account_id=US,
        file=film(engine_client.workspace),
        title="Spring",
        **more,
    )


def done(engine_client: EngineClient) -> list[str]:
    """What was carried out, in order."""
    return [write["what"] for write in engine_client.store.writes()]


WHOLE = ["create video", *["send chunk"] * PIECES, "finish video"]


async def test_one_step_shows_every_request(engine_client: EngineClient) -> None:
    """A plan has one line for the step, a line a request, and of the file its name, size and hash."""
    file = film(engine_client.workspace)
    result = await engine_client.do(FACEBOOK, "videos", "upload", account_id=US, file=file, title="Spring")
    assert result.text.count('1. upload video "Spring"') == 1
    assert [f"request {number} of 3" in result.text for number in (1, 2, 3)] == [True] * 3
    assert f'file "spring.mp4" (9,000,000 bytes, video/mp4, sha256 {file["file"]})' in result.text
    assert "<upload_session_id of request 1>" in result.text
    assert len(result.text) < 2_000
    assert len(result.data["steps"][0]["requests"]) == 3
    assert done(engine_client) == []


async def test_every_request_is_sent_once(engine_client: EngineClient) -> None:
    """The pieces the platform asks for are sent in order; then the video has an id and is ready."""
    result = await applied(engine_client, await upload(engine_client))
    assert "APPLIED: 1 of 1 done" in result.text
    assert done(engine_client) == WHOLE
    video = result.data["steps"][0]["id"]
    found = (await engine_client.do(FACEBOOK, "videos", "get", video_id=video)).data
    assert (found["title"], found["status"]["video_status"]) == ("Spring", "ready")


async def test_what_is_sent_is_the_file(engine_client: EngineClient) -> None:
    """The bytes that arrive are those of the file, in every piece."""
    plan_id = await upload(engine_client)
    (path,) = (engine_client.home / "blobs").iterdir()
    content = path.read_bytes()
    await applied(engine_client, plan_id)
    video = engine_client.store.all("facebook.video")[-1]
    pieces = [content[at : at + PIECE] for at in range(0, SIZE, PIECE)]
    assert video["_size"] == video["_sent"] == SIZE
    assert video["_chunks"] == [hashlib.sha256(piece).hexdigest() for piece in pieces]


@pytest.mark.slow
@pytest.mark.parametrize("writes", ["plan", "direct"])
async def test_a_call_that_is_too_short_is_gone_on_with(
    engine_client_with: Callable[..., EngineClient], monkeypatch: pytest.MonkeyPatch, writes: str
) -> None:
    """When the call's time is over between two requests, ads_apply goes on there; nothing is sent twice."""
    engine_client = engine_client_with(MCP_ADS_WRITES=writes)
    with monkeypatch.context() as hurried:
        hurried.setattr(carry_out, "RESERVE", 60.0)
        file = film(engine_client.workspace)
        result = await engine_client.do(
            FACEBOOK, "videos", "upload", account_id=US, file=file, title="Spring"
        )
        plan_id = result.data["plan_id"]
        for count in range(1 if writes == "plan" else 2, len(WHOLE) + 1):
            result = await applied(engine_client, plan_id)
            assert "IN PROGRESS: 0 of 1 done; call ads_apply with the same plan_id again" in result.text
            assert "1. under way: upload video" in result.text
            assert "left on the platform: video" in result.text
            assert done(engine_client) == WHOLE[:count]
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, plan_id)).text
    assert "carried out before" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == WHOLE


async def test_direct_mode_carries_it_out_at_once(engine_client_with: Callable[..., EngineClient]) -> None:
    """Where writes go out directly, one call uploads the whole video."""
    engine_client = engine_client_with(MCP_ADS_WRITES="direct")
    file = film(engine_client.workspace)
    result = await engine_client.do(FACEBOOK, "videos", "upload", account_id=US, file=file, title="Spring")
    assert "APPLIED: 1 of 1 done" in result.text
    assert done(engine_client) == WHOLE


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["throttle", "503"])
async def test_a_platform_that_fails_in_the_middle(engine_client: EngineClient, kind: str) -> None:
    """What was sent is not lost: the answer says why it stopped, and ads_apply goes on."""
    plan_id = await upload(engine_client)
    engine_client.fault(kind, path=PATH, skip=2)
    result = await applied(engine_client, plan_id)
    assert "IN PROGRESS" in result.text
    assert "error:" in result.text
    engine_client.reopen()
    assert "APPLIED" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == WHOLE


@pytest.mark.slow
async def test_a_piece_whose_answer_is_lost_is_settled_by_the_platform(engine_client: EngineClient) -> None:
    """The platform's own offsets tell that a piece arrived: it goes on behind it, nothing twice."""
    plan_id = await upload(engine_client)
    engine_client.fault("cut", path=PATH, skip=2)
    assert "IN PROGRESS" in (await applied(engine_client, plan_id)).text
    assert "APPLIED" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == WHOLE


@pytest.mark.slow
@pytest.mark.parametrize("skip", [0, 4])
async def test_a_request_that_may_have_been_done_is_unknown(engine_client: EngineClient, skip: int) -> None:
    """The answer to the first or last request is lost: unknown, never sent again, what is left is named."""
    plan_id = await upload(engine_client)
    engine_client.fault("cut", path=PATH, skip=skip)
    result = await applied(engine_client, plan_id)
    assert "UNKNOWN: 0 of 1 done" in result.text
    assert "was sent before" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == WHOLE[: skip + 1]
    video = engine_client.store.all("facebook.video")[-1]
    left = f'left on the platform: video {video["id"]}; look: facebook_marketing_execute("videos", "get"'
    assert (left in result.text) == bool(skip)


async def test_a_video_that_cannot_be_used(engine_client: EngineClient) -> None:
    """When the platform refuses what it was sent, the step is not done, and the video left is named."""
    plan_id = await upload(engine_client)
    engine_client.fault("report-fails", path=PATH)
    result = await applied(engine_client, plan_id)
    assert "PARTIAL: 0 of 1 done" in result.text
    assert "cannot use it: error" in result.text
    assert "requests done of 3: 1 begins the upload; 2 sends the file" in result.text
    assert "left on the platform: video" in result.text


@pytest.mark.parametrize("harm", ["gone", "changed"])
async def test_a_file_that_is_not_as_agreed_stops_everything(engine_client: EngineClient, harm: str) -> None:
    """A kept file that is gone or has other bytes: nothing is sent, not even the first request."""
    plan_id = await upload(engine_client)
    (path,) = (engine_client.home / "blobs").iterdir()
    content = path.read_bytes()
    path.unlink()
    if harm == "changed":
        path.write_bytes(content[:-1] + b"!")
    with pytest.raises(StalePlan, match="file"):
        await applied(engine_client, plan_id)
    assert done(engine_client) == []
    assert not any("advideos" in request for request in engine_client.sent())


@pytest.mark.parametrize("number", [0, 1, 2])
async def test_every_request_of_the_plan_is_held_to(engine_client: EngineClient, number: int) -> None:
    """A plan whose second or third request is not what would be sent is refused before the first."""
    plan_id = await upload(engine_client)
    (path,) = (engine_client.home / "plans").glob("*.json")
    kept = json.loads(path.read_text())
    kept["steps"][0]["requests"][number]["body"] += "0"
    path.write_text(json.dumps(kept))
    with pytest.raises(StalePlan, match="another request than the plan says"):
        await applied(engine_client, plan_id)
    assert done(engine_client) == []


async def test_a_flow_that_leaves_the_plan_is_stopped(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a flow yields and the plan does not say is not sent; what was sent before is named."""
    plan_id = await upload(engine_client)

    def astray(call: videos.UploadVideo, _: Context) -> Flow:
        parts = call.outline()
        begun = yield parts[0].request
        yield parts[2].request
        return Result({"id": begun["video_id"]})

    monkeypatch.setattr(videos.UploadVideo, "flow", astray)
    result = await applied(engine_client, plan_id)
    assert "PARTIAL: 0 of 1 done" in result.text
    assert "another request than the plan says" in result.text
    assert "left on the platform: video" in result.text
    assert done(engine_client) == ["create video"]


async def test_what_a_flow_reads_first_is_read_for_the_plan(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a flow finds out before its first change stops the plan, and nothing is changed for it."""

    def checked(call: videos.UploadVideo, _: Context) -> Flow:
        found = yield Request("GET", f"/act_{call.account_id}", {"fields": "account_status"})
        if found["account_status"] == 1:
            raise Rejected("terms not accepted")
        yield call.outline()[0].request
        return Result({})

    monkeypatch.setattr(videos.UploadVideo, "flow", checked)
    with pytest.raises(Rejected, match="terms not accepted"):
        await upload(engine_client)
    assert done(engine_client) == []
    assert not (engine_client.home / "plans").exists()


async def test_an_answer_that_misses_something_is_unknown(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A success without what later requests need is no success that can be built upon."""
    plan_id = await upload(engine_client)
    send = transport.Transport._decoded

    def poorer(self: Any, request: Any, *more: Any) -> Any:
        answer = send(self, request, *more)
        if request.host and "upload_session_id" in answer:
            del answer["upload_session_id"]
        return answer

    monkeypatch.setattr(transport.Transport, "_decoded", poorer)
    result = await applied(engine_client, plan_id)
    assert "UNKNOWN: 0 of 1 done" in result.text
    assert "no upload_session_id" in result.text
    assert done(engine_client) == ["create video"]


async def test_a_plan_of_before_has_one_request(engine_client: EngineClient) -> None:
    """A plan that was kept when a write was one request, what decided one text, and its lines had another
    name, can be applied.
    """
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id="1202110000000000340")
    (path,) = (engine_client.home / "plans").glob("*.json")
    kept = json.loads(path.read_text())
    for step in kept["steps"]:
        (step["request"],) = step.pop("requests")
        step["says"], step["unread"] = step.pop("lines"), step.pop("spend_unknown")
        step["decided"] = "ctr 0.42 %, clicks 12"
        del step["sent"], step["decided_by"]
    path.write_text(json.dumps(kept))
    assert "APPLIED" in (await applied(engine_client, plan_id)).text


async def test_no_address_or_byte_is_written_down(engine_client: EngineClient) -> None:
    """What is kept of an upload has the file's name and hash, and none of its bytes."""
    mark = b"A-MARKER-IN-THE-FILE"
    blob = engine_client.workspace.blobs.put(HEAD + mark * 1_000)
    file = {"file": blob.sha256, "name": "a.mp4", "size": blob.size, "media": "video/mp4"}
    plan_id = await planned(engine_client, "videos", "upload", account_id=US, file=file, title="Spring")
    assert "APPLIED" in (await applied(engine_client, plan_id)).text
    engine_client.workspace.trace.flush()
    found = [
        path.name
        for path in engine_client.home.rglob("*")
        if path.is_file() and path.parent.name != "blobs" and mark in path.read_bytes()
    ]
    assert found == []
    assert f"sha256 {blob.sha256}" in (engine_client.home / "trace.jsonl").read_text()


SLOW = 2.0
"""Seconds a request is under way: long enough for a busy machine to kill its sender meanwhile."""


async def killed(servers: Servers, environ: dict[str, str], plan_id: str, after: int, when: str) -> None:
    """`mcp-ads apply` in a process of its own, killed while its request of this number is under way."""
    store = servers.sandbox.store
    slow = {"when": when, "seconds": SLOW, "method": "POST", "path": PATH}
    number = break_next(store, "slow", skip=after - 1, times=1, **slow)
    begun, written = posts(store), len(store.writes())
    process = subprocess.Popen(  # noqa: ASYNC220 - it is killed while it runs
        [sys.executable, "-m", "mcp_ads", "apply", plan_id], env=environ,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    if when == "after":
        await until(lambda: len(store.writes()) - written >= after)
    else:
        await until(lambda: posts(store) - begun >= after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    store.delete("sandbox.fault", number)
    await asyncio.sleep(SLOW + 0.5 if when == "before" else 0)


def posts(store: Store) -> int:
    return sum(request["method"] == "POST" for request in store.requests())


def counted(servers: Servers, since: int) -> Counter[str]:
    return Counter(write["what"] for write in servers.sandbox.store.writes()[since:])


@pytest.mark.parametrize(
    ("after", "when"),
    [
        pytest.param(2, "before", marks=pytest.mark.slow),
        (3, "after"),
        pytest.param(4, "after", marks=pytest.mark.slow),
    ],
)
async def test_killed_in_the_middle_of_an_upload(
    workspace: Engine, servers: Servers, environ: dict[str, str], after: int, when: str
) -> None:
    """Kill -9 at a piece: the next apply goes on where the platform says, and every piece is there once."""
    since = len(servers.sandbox.store.writes())
    params = {"account_id": US, "file": film(workspace), "title": f"Killed {after}"}
    plan_id = (await workspace.execute(FACEBOOK, "videos", "upload", params)).data["plan_id"]
    await killed(servers, environ, plan_id, after, when)
    assert "APPLIED: 1 of 1 done" in (await workspace.apply(plan_id)).text
    assert counted(servers, since) == Counter(WHOLE)


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, pytest.param(5, marks=pytest.mark.slow)])
async def test_killed_at_a_request_that_may_have_been_done(
    workspace: Engine, servers: Servers, environ: dict[str, str], after: int
) -> None:
    """Kill -9 while an upload is begun or ended: unknown from then on, and nothing is sent again."""
    since = len(servers.sandbox.store.writes())
    params = {"account_id": US, "file": film(workspace), "title": f"Lost {after}"}
    plan_id = (await workspace.execute(FACEBOOK, "videos", "upload", params)).data["plan_id"]
    await killed(servers, environ, plan_id, after, "after")
    result = await workspace.apply(plan_id)
    assert "UNKNOWN: 0 of 1 done" in result.text
    assert ("left on the platform: video" in result.text) == (after == 5)
    assert counted(servers, since) == Counter(WHOLE[:after])


@pytest.mark.slow
async def test_two_at_once(workspace: Engine, servers: Servers, environ: dict[str, str]) -> None:
    """A plan under way in another process is not carried out a second time beside it."""
    since = len(servers.sandbox.store.writes())
    params = {"account_id": US, "file": film(workspace), "title": "Twice"}
    plan_id = (await workspace.execute(FACEBOOK, "videos", "upload", params)).data["plan_id"]
    errors = await asyncio.gather(*(error_of(workspace.apply(plan_id)) for _ in range(3)))
    assert sum(error is None for error in errors) >= 1
    assert counted(servers, since) == Counter(WHOLE)


MEASURED = """
import asyncio, json, sys
from pathlib import Path
from mcp_ads.connectors.facebook_marketing.creative import videos
from mcp_ads.engine.door import Engine
from mcp_ads.sandbox.store import Store
from mcp_ads.settings import load

async def main():
    videos.LOOK_AGAIN = 0.01
    engine = Engine(load())
    params = {"account_id": "1234567890", "title": "x"}
    blob = engine.blobs.put(open(sys.argv[1], "rb"))
    small = engine.blobs.put(open(sys.argv[2], "rb"))
    for each in (small, blob):
        file = {"file": each.sha256, "name": "a.mp4", "size": each.size, "media": "video/mp4"}
        plan = await engine.execute("facebook_marketing", "videos", "upload", {**params, "file": file})
        result = await engine.apply(plan.data["plan_id"])
        assert "APPLIED" in result.text, result.text
        peak = next(line for line in Path("/proc/self/status").read_text().split("\\n") if "VmHWM" in line)
        print(peak.split()[1], len(plan.text))
    await engine.close()

asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_large_file_is_not_in_memory(servers: Servers, environ: dict[str, str], tmp_path: Path) -> None:
    """Uploading 40 MB takes at most 20 MB more than uploading a few bytes; the plan's text is as short."""
    large, small = tmp_path / "large.mp4", tmp_path / "small.mp4"
    large.write_bytes(HEAD + bytes(40_000_000))
    small.write_bytes(HEAD + b"x")
    command = [sys.executable, "-c", MEASURED, str(large), str(small)]
    lines = subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    (low, text), (high, other) = (map(int, line.split()) for line in lines[:2])
    assert high - low < 20_000
    assert max(text, other) < 1_500


@pytest.mark.slow
async def test_a_very_large_video_interrupted_twice(
    workspace: Engine, servers: Servers, environ: dict[str, str], tmp_path: Path
) -> None:
    """200 MB, killed at the tenth and again at a later piece, arrive whole and once."""
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.write(HEAD)
        file.truncate(200 * 2**20)
    with path.open("rb") as file:
        blob = workspace.blobs.put(file)
    since = len(servers.sandbox.store.writes())
    named = {"file": blob.sha256, "name": "film.mp4", "size": blob.size, "media": "video/mp4"}
    params = {"account_id": US, "file": named, "title": "Large"}
    plan_id = (await workspace.execute(FACEBOOK, "videos", "upload", params)).data["plan_id"]
    await killed(servers, environ, plan_id, 10, "before")
    await killed(servers, environ, plan_id, 10, "after")
    until_done = time.monotonic() + 100
    while "IN PROGRESS" in (result := await workspace.apply(plan_id)).text and time.monotonic() < until_done:
        pass
    assert "APPLIED: 1 of 1 done" in result.text
    assert counted(servers, since) == Counter({"create video": 1, "send chunk": 50, "finish video": 1})
