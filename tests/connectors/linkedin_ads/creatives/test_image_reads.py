"""LinkedIn's images as an agent reads them: where an upload is, and never the address that opens one."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient

from mcp_ads.errors import InvalidParams, NotFound
from mcp_ads.sandbox.linkedin_ads.state import IMAGE

KEY = "C4E10AQsent"
URN = f"urn:li:image:{KEY}"
SENT = {
    "id": URN, "owner": "urn:li:organization:2414183", "status": "PROCESSING", "_good": True, "_read": False,
}  # fmt: skip


async def _read(engine_client: EngineClient, image_id: Any, **more: Any) -> Any:
    return await engine_client.do(LINKEDIN, "images", "get", image_id=image_id, **more)


async def test_an_upload_is_followed_until_it_is_ready(engine_client: EngineClient, tmp_path: Path) -> None:
    """By its URN or its own part; the address to see it at is neither shown nor kept."""
    engine_client.store.put(IMAGE, KEY, dict(SENT))
    assert (await _read(engine_client, URN)).data["status"] == "PROCESSING"
    ready = (await _read(engine_client, KEY, fields=["*"])).data
    assert (ready["id"], ready["status"], ready["owner"]) == (URN, "AVAILABLE", SENT["owner"])
    assert "downloadUrl" in engine_client.store.get(IMAGE, KEY)  # type: ignore[operator]
    await engine_client.close()
    kept = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.name == "trace.jsonl"]
    assert any(KEY.encode() in text for text in kept)
    assert not any(b"media.licdn.com" in text for text in kept)


async def test_an_image_by_hand(engine_client: EngineClient, tmp_path: Path) -> None:
    """A raw request has the address that opens it neither in its answer nor in the trace."""
    engine_client.store.put(IMAGE, KEY, SENT | {"_read": True})
    result = await engine_client.do(LINKEDIN, "rest", "get", path=f"/images/{quote(URN, safe='')}")
    assert result.data["downloadUrl"] == "[cut]"
    assert result.data["status"] == "AVAILABLE"
    assert "media.licdn.com" not in engine_client.workspace.text(result)
    await engine_client.close()
    kept = [
        path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.suffix in (".json", ".jsonl")
    ]
    assert not any(b"media.licdn.com" in text for text in kept)


async def test_a_post_too_soon_after_an_upload(engine_client: EngineClient) -> None:
    """LinkedIn does not know the image, however often it is asked: what to do is said."""
    post = {"campaign_id": "300000001", "author": "2414183", "commentary": "Hi", "image_id": URN}
    plan = await engine_client.do(LINKEDIN, "creatives", "create_inline", account_id=LINKEDIN_US, **post)
    text = engine_client.workspace.text(await engine_client.workspace.apply(plan.data["plan_id"]))
    assert "LinkedIn knows an upload only some seconds after it" in text


async def test_several_images_come_in_one_request(engine_client: EngineClient) -> None:
    """In the order asked for; one that is not there is an error of its index."""
    engine_client.store.put(IMAGE, KEY, dict(SENT))
    result = await _read(engine_client, ["C4E10AQgone", URN])
    assert [row["id"] for row in result.data] == [URN]
    assert [error["index"] for error in result.errors] == [0]
    assert engine_client.sent().count("GET /rest/images") == 1


@pytest.mark.parametrize("image_id", ["urn:li:video:C4E10AQsent", "C4E10 AQ", "../adAccounts"])
async def test_ids_of_something_else_are_refused(engine_client: EngineClient, image_id: str) -> None:
    """One line with what to write, and nothing sent."""
    with pytest.raises(InvalidParams, match="write urn:li:image:"):
        await _read(engine_client, image_id)
    assert engine_client.sent() == []


async def test_an_image_that_is_not_there(engine_client: EngineClient) -> None:
    """It is said so."""
    with pytest.raises(NotFound):
        await _read(engine_client, "C4E10AQgone")


async def test_an_image_of_a_page_belongs_to_no_account(engine_client: EngineClient) -> None:
    """Where only some accounts are allowed it can still be looked at: it shows nothing of theirs."""
    object.__setattr__(engine_client.settings.platforms[LINKEDIN], "account_ids", ("523456789",))
    engine_client.store.put(IMAGE, KEY, dict(SENT))
    assert (await _read(engine_client, URN)).data["id"] == URN
