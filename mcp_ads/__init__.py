"""mcp-ads: read and manage ads on Facebook Marketing, LinkedIn Ads and Amazon Ads.

from mcp_ads import connect

async with connect("facebook-marketing", access_token=...) as client:
    result = await client.execute("campaigns", "list", {"account_id": "1234567890"})
    print(result.data, result.meta)
    async for row in client.rows("ads", "list", {"account_id": "1234567890"}):
        print(row["id"])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .core import Progress, Result
    from .errors import AdsError
    from .sdk.client import Client, connect

__all__ = ["AdsError", "Client", "Progress", "Result", "__version__", "connect"]
_HOMES = {
    "AdsError": "errors",
    "Client": "sdk.client",
    "Progress": "core",
    "Result": "core",
    "connect": "sdk.client",
}


def __getattr__(name: str) -> Any:
    """Names load when they are first used: the command line must not pay for the client."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
