"""server.json: what the MCP registry is told of a release. Written by `make docs`.

The form is that of 2025-12-11 (modelcontextprotocol/registry, docs/reference/server-json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .variables import VARIABLES
from .version import __version__

OWNER = "mcp-ads"
"""Whose repository it is at GitHub: a stand-in until the first release."""
REPOSITORY = f"https://github.com/{OWNER}/mcp-ads"
NAME = f"io.github.{OWNER}/mcp-ads"
"""The name at the registry, which looks for it in the package's description: README.md ends with it."""
SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
LEFT_OUT = re.compile(
    r"MCP_ADS_(HTTP|HOST)_.*|MCP_ADS_ENV_FILE|MCP_ADS_BACKEND|DATABASE_URL|AIRBYTE_.*|SDK_.*"
    r"|.*_(BASE|AUTH|TOKEN)_URL|.*_API_VERSION"
)
"""What only a server over HTTP, a host, Airbyte's users or a test sets: no form asks for these."""
PATHS = ("MCP_ADS_HOME", "MCP_ADS_FILES", "MCP_ADS_AUDIT_LOG")


def server_json() -> str:
    """The text of the file."""
    whole = {
        "$schema": SCHEMA,
        "name": NAME,
        "title": "Facebook, LinkedIn and Amazon ads",
        "description": "Read and manage Facebook, LinkedIn and Amazon ads; changes are planned first.",
        "repository": {"url": REPOSITORY, "source": "github"},
        "version": __version__,
        "packages": [
            {
                "registryType": "pypi",
                "identifier": "mcp-ads",
                "version": __version__,
                "runtimeHint": "uvx",
                "transport": {"type": "stdio"},
                "environmentVariables": list(_variables()),
            }
        ],
    }
    return f"{json.dumps(whole, indent=2, ensure_ascii=False)}\n"


def _variables() -> Iterator[dict[str, Any]]:
    """What a client's form asks for; none is required, for a sign-in or the sandbox does as well."""
    for name, variable in VARIABLES.items():
        if LEFT_OUT.fullmatch(name):
            continue
        default = f" (default: {variable.default})" if variable.default else ""
        asked: dict[str, Any] = {"name": name, "description": f"{variable.meaning}{default}".replace("`", "")}
        if variable.secret:
            asked["isSecret"] = True
        if name in PATHS:
            asked["format"] = "filepath"
        yield asked
