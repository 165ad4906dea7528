"""A FastMCP server with one tool that returns a constant: the most that a server of this kind can answer.

`python -m benchmarks.empty_mcp FILE PORT`: the constant is what the file has.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fastmcp import FastMCP

server = FastMCP("empty")
CONSTANT = Path(sys.argv[1]).read_text(encoding="utf-8")


@server.tool(output_schema=None)
def constant(entity: str, action: str, params: dict[str, Any]) -> str:  # noqa: ARG001 - as many as of ours
    """The answer to anything."""
    return CONSTANT


if __name__ == "__main__":
    server.run(
        transport="http", port=int(sys.argv[2]), stateless_http=True, show_banner=False, log_level="warning",
        uvicorn_config={"access_log": False},
    )  # fmt: skip
