"""In the sandbox: the invented platforms of a workspace, and their consent pages under the host's address."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from mcp_ads.host.parts import Host
from mcp_ads.platforms import LOOPBACK

if TYPE_CHECKING:
    from mcp_ads.sandbox.app import Sandbox

PAGES = "/sandbox"


class InWorld(httpx.BaseTransport):
    """Carries the requests of a thread that cannot await to an invented world."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._world = httpx.ASGITransport(sandbox.by_host())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        asked = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        answer = await self._world.handle_async_request(asked)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


@contextlib.contextmanager
def world(host: Host, workspace_id: str, callback: str) -> Iterator[Sandbox]:
    """The invented platforms of a workspace, whose apps have the host's callback as a redirect URI."""
    from mcp_ads.sandbox.app import Sandbox

    own = replace(host.settings.own, home=host.settings.folder / "workspaces" / workspace_id)
    sandbox = Sandbox(own.records, world=own.sandbox_world, redirects=(callback,))
    try:
        yield sandbox
    finally:
        sandbox.store.close()


def apps(callback: str) -> dict[str, tuple[str, str]]:
    """The invented apps, id and secret by connector; Facebook's live one knows no localhost."""
    from mcp_ads.sandbox.amazon_ads.tokens import CLIENT as AMAZON
    from mcp_ads.sandbox.facebook_marketing.auth import APP_ID, APP_SECRET, DEVELOPMENT_APP_ID
    from mcp_ads.sandbox.linkedin_ads.tokens import CLIENT as LINKEDIN

    facebook = DEVELOPMENT_APP_ID if urlsplit(callback).hostname in LOOPBACK else APP_ID
    ids = {"facebook_marketing": facebook, "linkedin_ads": LINKEDIN, "amazon_ads": AMAZON}
    return {name: (id_, APP_SECRET) for name, id_ in ids.items()}


async def visited(
    host: Host, place: tuple[str, str], page: str, query: str, form: bytes | None
) -> httpx.Response:
    """What a consent page answers: to a look at it, or to its form. `place` is workspace and callback."""
    with world(host, *place) as sandbox:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.by_host())) as browser:
            return await browser.request("GET" if form is None else "POST", f"{page}?{query}", content=form)
