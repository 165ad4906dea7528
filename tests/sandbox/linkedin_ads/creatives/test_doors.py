"""Where the make-believe platform takes images: at the address it announces, however it is reached."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from linkedin_client import HEADERS, urn

from mcp_ads.sandbox.app import Sandbox
from mcp_ads.sandbox.ports import Servers

pytestmark = pytest.mark.anyio
BODY = {"initializeUploadRequest": {"owner": urn("organization", 2414183)}}


async def _sent(http: httpx.AsyncClient, base: str) -> tuple[str, int]:
    """The address for an upload that was asked for at a base, and what the upload is answered."""
    url = f"{base}/rest/images?action=initializeUpload"
    value: dict[str, Any] = (await http.post(url, json=BODY, headers=HEADERS)).json()["value"]
    content = b"\x89PNG\r\n\x1a\n0"
    return value["uploadUrl"], (await http.put(value["uploadUrl"], content=content)).status_code


async def test_behind_the_switch() -> None:
    """As the vendor's host of uploads, which is not that of its API."""
    sandbox = Sandbox()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.by_host())) as http:
        address, status = await _sent(http, "https://api.linkedin.com")
    assert address.startswith("https://www.linkedin.com/dms-uploads/")
    assert status == 201
    sandbox.store.close()


async def test_a_fault_of_a_platform_there_is_not() -> None:
    """It is refused: a test that waits for it would pass whatever happens."""
    sandbox = Sandbox()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(sandbox.by_path()), base_url="http://x"
    ) as http:
        for platform, status in (("facebook", 400), ("facebook_marketing", 200), (["x"], 400)):
            faults = [{"kind": "429"}, {"kind": "500", "platform": platform}]
            assert (await http.post("/_sandbox/faults", json=faults)).status_code == status
            assert len(sandbox.store.all("sandbox.fault")) == (0 if status == 400 else 2)
            await http.delete("/_sandbox/faults")
    sandbox.store.close()


async def test_on_a_port(servers: Servers) -> None:
    """At the main port, so that nothing leaves this machine."""
    async with httpx.AsyncClient() as http:
        address, status = await _sent(http, servers.ports.url)
    assert address.startswith(f"{servers.ports.url}/dms-uploads/")
    assert status == 201
