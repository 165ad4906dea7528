"""`mcp-ads serve` with what the conformance suite calls beside our own tools: python -m conformance.serve …"""

from __future__ import annotations

import sys
from typing import Any

from fastmcp import FastMCP

from mcp_ads import serving


def main() -> int:
    """Serve as the command does, our own server with more mounted on it."""
    run = serving.run

    def run_with_more(server: FastMCP, *words: Any) -> None:
        from conformance import asked, offered

        more = FastMCP("conformance")
        offered.offer(more)
        asked.offer(more)
        server.mount(more)
        run(server, *words)

    serving.run = run_with_more
    return serving.serve(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
