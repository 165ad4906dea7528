"""An image, and the creative that shows it: two things made by one step, and what is left when one is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from between import between, nothing
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, planned

from mcp_ads.connectors.linkedin_ads.creatives import inline, media
from mcp_ads.core import File, Request
from mcp_ads.engine.applying import carry_out
from mcp_ads.errors import Rejected, StalePlan

pytestmark = pytest.mark.anyio
PAGE, CAMPAIGN = "2414183", "300000001"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(5_000)
CREATIVES = "/creatives$"
Answers = Callable[[httpx.Request], httpx.Response | None]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images are looked at again at once."""
    monkeypatch.setattr(media, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(inline, "NOT_YET", 0.01)


def picture(engine_client: EngineClient) -> dict[str, Any]:
    """A kept image, as an exchanged parameter names it."""
    blob = engine_client.workspace.blobs.put(PNG)
    return {"file": blob.sha256, "name": "banner.png", "size": blob.size, "media": "image/png"}


async def create(engine_client: EngineClient, **more: Any) -> str:
    """The id of a plan that uploads an image and makes a creative of it."""
    params = {"account_id": LINKEDIN_US, "campaign_id": CAMPAIGN, "author": PAGE, "name": "Spring"}
    return await planned(
        engine_client, "creatives", "create_inline", LINKEDIN, **params, commentary="Spring is here",
        file=picture(engine_client), **more,
    )  # fmt: skip


def done(engine_client: EngineClient) -> list[str]:
    return [write["what"] for write in engine_client.store.writes()]


BOTH = ["create image", "upload image", "create creative"]


async def test_an_image_is_uploaded(engine_client: EngineClient) -> None:
    """It is announced, sent with the credentials to LinkedIn's upload host, and read until it is there."""
    asked = between(engine_client, nothing)
    file = picture(engine_client)
    plan_id = await planned(
        engine_client, "images", "upload", LINKEDIN, account_id=LINKEDIN_US, owner=PAGE, file=file
    )
    result = await applied(engine_client, plan_id)
    assert "APPLIED: 1 of 1 done" in result.text
    (put,) = [request for request in asked if request.method == "PUT"]
    assert put.url.host == "www.linkedin.com"
    assert put.headers["authorization"].startswith("Bearer ")
    assert put.headers["content-length"] == str(len(PNG))
    assert put.headers["content-type"] == "image/png"
    assert "linkedin-version" not in put.headers
    image = result.data["steps"][0]["id"]
    found = (await engine_client.do(LINKEDIN, "images", "get", image_id=image)).data
    assert found["status"] == "AVAILABLE"


async def test_a_large_file_has_a_short_plan(
    engine_client_with: Callable[..., EngineClient], tmp_path: Path
) -> None:
    """A file of 10 MB in the user's folder: the plan says its name, size and hash in less than 1 kB."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "banner.png").write_bytes(PNG + bytes(10_000_000))
    engine_client = engine_client_with(MCP_ADS_FILES=str(folder))
    result = await engine_client.do(
        LINKEDIN, "images", "upload", account_id=LINKEDIN_US, owner=PAGE, file="banner.png"
    )
    assert 'file "banner.png" (10,005,008 bytes, image/png, sha256 ' in result.text
    assert len(result.text) < 1_000
    assert "APPLIED" in (await applied(engine_client, result.data["plan_id"])).text


async def test_a_creative_is_made_with_its_image(engine_client: EngineClient) -> None:
    """LinkedIn does not know a new image at once: the 404 says nothing was done, and it is asked again."""
    result = await applied(engine_client, await create(engine_client))
    assert "APPLIED: 1 of 1 done" in result.text
    assert done(engine_client) == BOTH
    assert sum("POST" in request and request.endswith("/creatives") for request in engine_client.sent()) == 2
    assert "left on the platform" not in result.text


async def test_an_image_that_stays_unknown_is_named(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the creative is refused in the end, the image is named, with the call that shows it."""
    monkeypatch.setattr(inline, "MOST_TRIED", 0)
    result = await applied(engine_client, await create(engine_client))
    assert "PARTIAL: 0 of 1 done" in result.text
    image = engine_client.store.all("linkedin.image")[-1]["id"]
    look = f"look: linkedin_ads_execute(\"images\", \"get\", {{'image_id': '{image}'}})"
    assert f"left on the platform: image {image}; {look}" in result.text
    assert done(engine_client) == BOTH[:2]


@pytest.mark.parametrize(("path", "count"), [("/images$", 1), ("uploaded-image", 2), (CREATIVES, 3)])
async def test_a_lost_answer_is_unknown_wherever_it_was(
    engine_client: EngineClient, path: str, count: int
) -> None:
    """The request may have been done, so that nothing more is sent, now or later; what was made is named."""
    plan_id = await create(engine_client)
    skip = 1 if path == CREATIVES else 0
    engine_client.fault("cut", path=path, method="PUT" if count == 2 else "POST", skip=skip)
    result = await applied(engine_client, plan_id)
    assert "UNKNOWN: 0 of 1 done" in result.text
    assert ("left on the platform: image" in result.text) == (count > 1)
    assert "was sent before" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == BOTH[:count]


@pytest.mark.parametrize("entity", ["images", "creatives"])
async def test_a_lost_announcement_has_a_way_on(engine_client: EngineClient, entity: str) -> None:
    """No list shows it: the answer says that nothing more was sent, and that it is planned anew."""
    own = {"account_id": LINKEDIN_US, "owner": PAGE, "file": picture(engine_client)}
    upload = entity == "images"
    plan_id = await (
        planned(engine_client, "images", "upload", LINKEDIN, **own) if upload else create(engine_client)
    )
    engine_client.fault("cut", method="POST", path="/images$", when="after")
    text = (await applied(engine_client, plan_id)).text
    check = text.split("check: ")[1].splitlines()[0]
    assert ("request 2 (sends the image) was" if upload else "requests 2 to 3 were") in check
    assert "plan it anew" in check
    assert "in effect" not in text


async def test_it_goes_on_with_the_image_that_is_there(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that ended after each request is gone on with: one image, one creative."""
    plan_id = await create(engine_client)
    with monkeypatch.context() as hurried:
        hurried.setattr(carry_out, "RESERVE", 60.0)
        assert "IN PROGRESS" in (await applied(engine_client, plan_id)).text
        assert done(engine_client) == BOTH[:1]
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, plan_id)).text
    assert done(engine_client) == BOTH


async def test_a_file_that_is_gone_on_the_way_stops_it(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it goes on the file is looked at again; the image that was announced by then is named."""
    plan_id = await create(engine_client)
    with monkeypatch.context() as hurried:
        hurried.setattr(carry_out, "RESERVE", 60.0)
        await applied(engine_client, plan_id)
    for path in (engine_client.home / "blobs").iterdir():
        path.unlink()
    with pytest.raises(StalePlan, match="left on the platform: image urn:li:image:"):
        await applied(engine_client, plan_id)
    assert done(engine_client) == BOTH[:1]


async def test_a_creative_that_delivers_is_priced(engine_client: EngineClient) -> None:
    """Made ACTIVE, it spends its campaign's budget, and the plan says so before anything is uploaded."""
    params = {"account_id": LINKEDIN_US, "campaign_id": CAMPAIGN, "author": PAGE, "commentary": "x"}
    result = await engine_client.do(
        LINKEDIN,
        "creatives",
        "create_inline",
        **params,
        file=picture(engine_client),
        intended_status="ACTIVE",
    )
    assert "ACTIVATES DELIVERY: can spend" in result.text
    assert done(engine_client) == []


async def test_without_an_image_it_is_one_request(engine_client: EngineClient) -> None:
    """A post of text alone needs no upload, and its plan has one request."""
    params = {"account_id": LINKEDIN_US, "campaign_id": CAMPAIGN, "author": PAGE, "commentary": "x"}
    result = await engine_client.do(LINKEDIN, "creatives", "create_inline", **params)
    assert len(result.data["steps"][0]["requests"]) == 1
    assert "APPLIED" in (await applied(engine_client, result.data["plan_id"])).text


async def test_the_upload_address_is_not_kept(engine_client: EngineClient) -> None:
    """Whoever has it can write to it: it is in no file once the upload is over, and never in the trace."""
    asked = between(engine_client, nothing)
    await applied(engine_client, await create(engine_client))
    engine_client.workspace.trace.flush()
    (put,) = [request for request in asked if request.method == "PUT"]
    ticket = put.url.params["ut"].encode()
    found = [
        path.name for path in engine_client.home.rglob("*") if path.is_file() and ticket in path.read_bytes()
    ]
    assert found == []


def elsewhere(address: str) -> Answers:
    """LinkedIn, but its uploads go to another address."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method == "POST" and request.url.path == "/rest/images":
            return httpx.Response(200, json={"value": {"uploadUrl": address, "image": "urn:li:image:C4"}})
        return None

    return answer


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/dms-uploads/x",
        "https://www.linkedin.com.evil.example/x",
        "https://www.linkedin.com@evil.example/x",
        "https://user:pass@www.linkedin.com/x",
        "https://www.linkedin.com:8443/x",
        "http://www.linkedin.com/x",
        "https://media.licdn.com/x",
        "http://127.0.0.1/x",
        "file:///etc/passwd",
        "/rest/adAccounts/512345678",
    ],
)
async def test_a_file_goes_to_no_other_host(engine_client: EngineClient, address: str) -> None:
    """An answer that names another host, or another way to one, gets neither the file nor a token."""
    asked = between(engine_client, elsewhere(address))
    result = await applied(engine_client, await create(engine_client))
    assert "PARTIAL: 0 of 1 done" in result.text
    assert "left on the platform: image urn:li:image:C4" in result.text
    assert [request for request in asked if request.method == "PUT"] == []


async def test_a_redirect_is_not_followed(engine_client: EngineClient) -> None:
    """A host that is known and sends the file on to another is not obeyed."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.method == "PUT":
            return httpx.Response(307, headers={"Location": "https://evil.example/x"})
        return None

    asked = between(engine_client, answer)
    result = await applied(engine_client, await create(engine_client))
    assert "UNKNOWN: 0 of 1 done" in result.text
    assert {request.url.host for request in asked} <= {"api.linkedin.com", "www.linkedin.com"}


async def test_credentials_go_only_where_the_request_says(engine_client: EngineClient) -> None:
    """To an absolute address a request goes without credentials, unless it is signed."""
    asked = between(engine_client, lambda request: httpx.Response(201) if request.method == "PUT" else None)
    file, session = File.of(picture(engine_client)), engine_client.workspace.session(LINKEDIN)
    for signed in (False, True):
        request = Request("PUT", "https://www.linkedin.com/x", body=file, risk="write", signed=signed)
        await session.send(request)
        assert ("authorization" in asked[-1].headers) is signed


async def test_only_hosts_of_the_connector_stand_for_its_own(engine_client: EngineClient) -> None:
    """A declaration that names a host the connector does not is refused before anything is sent."""
    with pytest.raises(Rejected, match="not among"):
        await engine_client.workspace.session(LINKEDIN).send(
            Request("POST", "/images", body={}, risk="write", host="evil.example")
        )
    assert engine_client.sent() == []
