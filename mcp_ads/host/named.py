"""By which names and from which websites the REST API is asked: DNS rebinding is refused, as at /mcp."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastmcp.server.http import HostOriginGuardMiddleware

from .refusals import Refused
from .settings import PUBLIC

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from .settings import HostSettings

MISDIRECTED, FORBIDDEN = 421, 403
HOST = (
    f"Host: none of this server's names; set {PUBLIC} to the address that clients use, or list the name in "
    "MCP_ADS_HTTP_ALLOWED_HOSTS"
)
ORIGIN = "Origin: of another website; this API is for programs, which send none"

_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
"""A name or an address, and a port: nothing that a browser would read as another host."""


class Names:
    """The names of one host: this machine's, the address it listens at, and those in its settings."""

    def __init__(self, settings: HostSettings) -> None:
        own, public = settings.own.http_allowed_hosts, settings.public_url
        pages = [public, *(f"https://{name}" for name in own)]
        hosts = [*own, *([public.partition("://")[2]] if public else [])]
        self._look = HostOriginGuardMiddleware(_let_in, hosts or None, list(filter(None, pages)), "strict")

    async def check(self, scope: Scope) -> None:
        """Raise Refused for a request under another name, or of another website's page."""
        said = [(name, value.decode("latin-1")) for name, value in scope["headers"]]
        status = await self._status(scope)
        if not all(name_in(value) for name, value in said if name == b"host"):
            status = MISDIRECTED
        elif sum(name == b"origin" for name, _ in said) > 1:
            status = FORBIDDEN
        if status in (MISDIRECTED, FORBIDDEN):
            raise Refused(status, HOST if status == MISDIRECTED else ORIGIN, "not_allowed")

    async def _status(self, scope: Scope) -> int:
        """What FastMCP's guard answers; 0 where it lets the request in."""
        said: list[Any] = []

        async def tell(message: Message) -> None:
            said.append(message.get("status"))

        await self._look(scope, _nothing, tell)
        return said[0] if said else 0


async def _let_in(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """The guard found nothing wrong."""


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def name_in(host: str) -> str:
    """The name in a Host header, without its port and in small letters; "" for what is none."""
    if not _HOST.fullmatch(host):
        return ""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:  # a port beyond the last, or what is in brackets and no address
        return ""
    return (parts.hostname or "").lower()
