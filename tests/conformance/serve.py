"""A server of ours with what the conformance suite calls mounted on it: python -m conformance.serve WORD…

The words are those of `mcp-ads`: `serve …` or `host serve …`. MCP_TEST_SESSIONS=1 keeps sessions over HTTP,
which ours does not, to show what that alone would change.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mcp_ads import __main__, serving

if TYPE_CHECKING:
    from fastmcp import FastMCP


def main() -> None:
    """Serve as the command does."""
    serving.quiet_fastmcp("INFO")
    from mcp_ads import server

    build = server.build_server
    server.build_server = lambda *words, **options: with_more(build(*words, **options))
    __main__.main()


def with_more(server: FastMCP) -> FastMCP:
    """A server that has the suite's tools, resources and prompts beside its own."""
    from conformance import asked, offered
    from fastmcp import FastMCP

    more = FastMCP("conformance", mask_error_details=True, dereference_schemas=False)
    offered.offer(more)
    asked.offer(more)
    server.mount(more)
    server.completion(offered.complete)
    if os.environ.get("MCP_TEST_SESSIONS"):
        keep_sessions(server)
    return server


def keep_sessions(server: Any) -> None:
    """Have its app keep sessions, and events that a client may ask for again."""
    from fastmcp.server.event_store import EventStore

    app = server.http_app
    kept = {"stateless_http": False, "event_store": EventStore(), "retry_interval": 100}
    server.http_app = lambda **options: app(**{**options, **kept})


if __name__ == "__main__":
    main()
