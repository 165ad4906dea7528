"""LinkedIn's images as an agent reads them: where an upload is, and never the address that opens one."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from desk import LINKEDIN, LINKEDIN_US, Desk

from mcp_ads.errors import InvalidParams, NotFound
from mcp_ads.sandbox.linkedin_ads.state import IMAGE

KEY = "C4E10AQsent"
URN = f"urn:li:image:{KEY}"
SENT = {
    "id": URN, "owner": "urn:li:organization:2414183", "status": "PROCESSING", "_image": True, "_read": False,
}  # fmt: skip


async def _read(desk: Desk, image_id: Any, **more: Any) -> Any:
    return await desk.do(LINKEDIN, "images", "get", image_id=image_id, **more)


async def test_an_upload_is_followed_until_it_is_ready(desk: Desk, tmp_path: Path) -> None:
    """By its URN or its own part; the address to see it at is neither shown nor kept."""
    desk.store.put(IMAGE, KEY, dict(SENT))
    assert (await _read(desk, URN)).data["status"] == "PROCESSING"
    ready = (await _read(desk, KEY, fields=["*"])).data
    assert (ready["id"], ready["status"], ready["owner"]) == (URN, "AVAILABLE", SENT["owner"])
    assert "downloadUrl" in desk.store.get(IMAGE, KEY)  # type: ignore[operator]
    await desk.close()
    kept = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.name == "trace.jsonl"]
    assert any(KEY.encode() in text for text in kept)
    assert not any(b"media.licdn.com" in text for text in kept)


async def test_an_image_by_hand(desk: Desk, tmp_path: Path) -> None:
    """A raw request has the address that opens it neither in its answer nor in the trace."""
    desk.store.put(IMAGE, KEY, SENT | {"_read": True})
    result = await desk.do(LINKEDIN, "rest", "get", path=f"/images/{quote(URN, safe='')}")
    assert result.data["downloadUrl"] == "[cut]"
    assert result.data["status"] == "AVAILABLE"
    assert "media.licdn.com" not in desk.workspace.text(result)
    await desk.close()
    kept = [
        path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.suffix in (".json", ".jsonl")
    ]
    assert not any(b"media.licdn.com" in text for text in kept)


async def test_a_post_too_soon_after_an_upload(desk: Desk) -> None:
    """LinkedIn does not know the image yet: what to do is said."""
    desk.store.put(IMAGE, KEY, SENT | {"status": "AVAILABLE"})
    post = {"campaign_id": "300000001", "author": "2414183", "commentary": "Hi", "image_id": URN}
    plan = await desk.do(LINKEDIN, "creatives", "create_inline", account_id=LINKEDIN_US, **post)
    text = desk.workspace.text(await desk.workspace.apply(plan.data["plan_id"]))
    assert "LinkedIn knows an upload only some seconds after it" in text


async def test_several_images_come_in_one_request(desk: Desk) -> None:
    """In the order asked for; one that is not there is an error of its index."""
    desk.store.put(IMAGE, KEY, dict(SENT))
    result = await _read(desk, ["C4E10AQgone", URN])
    assert [row["id"] for row in result.data] == [URN]
    assert [error["index"] for error in result.errors] == [0]
    assert desk.sent().count("GET /rest/images") == 1


@pytest.mark.parametrize("image_id", ["urn:li:video:C4E10AQsent", "C4E10 AQ", "../adAccounts"])
async def test_ids_of_something_else_are_refused(desk: Desk, image_id: str) -> None:
    """One line with what to write, and nothing sent."""
    with pytest.raises(InvalidParams, match="write urn:li:image:"):
        await _read(desk, image_id)
    assert desk.sent() == []


async def test_an_image_that_is_not_there(desk: Desk) -> None:
    """It is said so."""
    with pytest.raises(NotFound):
        await _read(desk, "C4E10AQgone")


async def test_an_image_of_a_page_belongs_to_no_account(desk: Desk) -> None:
    """Where only some accounts are allowed it can still be looked at: it shows nothing of theirs."""
    object.__setattr__(desk.settings.platforms[LINKEDIN], "account_ids", ("523456789",))
    desk.store.put(IMAGE, KEY, dict(SENT))
    assert (await _read(desk, URN)).data["id"] == URN
