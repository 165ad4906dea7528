"""A request as it leaves: an address that is too long for one is refused before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_ads.core import Request, Wire
from mcp_ads.errors import InvalidParams, Rejected

if TYPE_CHECKING:
    import httpx


def built(
    client: httpx.AsyncClient, wire: Wire, url: str, headers: dict[str, str], content: Any, request: Request
) -> httpx.Request:
    """The request for this address. Raises InvalidParams, or Rejected, where it is none."""
    import httpx

    more: dict[str, Any] = {"headers": headers, "content": content, "extensions": {"asked": request}}
    try:
        return client.build_request(wire.method, url, **more)
    except httpx.InvalidURL:
        if request.absolute:
            raise Rejected("the platform names an address for its file that is none") from None
        kind = InvalidParams if request.risk == "read" else Rejected
        raise kind(
            f"the parameters make an address of {len(url):,} characters, longer than can be sent",
            fix="name fewer or shorter values: ids, fields, texts that are searched for",
        ) from None
