"""FastMCP without what this server does not have: a session store, a log channel, pages of an app.

What FastMCP does beyond its public names is touched here and nowhere else; a test notices when it changes.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastmcp import FastMCP

if TYPE_CHECKING:
    from mcp_types import ServerCapabilities

WRITES_DOWN_CALLS = "fastmcp.server.mixins.mcp_operations"
"""FastMCP's logger that has every call with its arguments, in which people and credentials may be."""
APP_PAGES = "io.modelcontextprotocol/ui"


class NoSessions:
    """A session store that has nothing: importing the real one costs a sixth of the start."""

    async def get(self, **_: Any) -> None:
        """Nothing was ever kept."""

    async def delete(self, **_: Any) -> bool:
        """There was nothing to delete."""
        return False

    async def put(self, **_: Any) -> None:
        """Raises RuntimeError: a value that is silently forgotten would be worse."""
        raise RuntimeError("this server keeps no state of a session")


class PlainFastMCP(FastMCP):
    """A FastMCP server that advertises tools, resources and prompts, which never change while it runs."""

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        logging.getLogger(WRITES_DOWN_CALLS).setLevel(logging.INFO)
        lower: Any = self._mcp_server
        theirs = lower.get_capabilities

        def ours(*given: Any, **named: Any) -> ServerCapabilities:
            found: ServerCapabilities = theirs(*given, **named)
            return _there(found)

        lower.get_capabilities = ours

    async def run_stdio_async(self, *words: Any, **options: Any) -> None:
        """Serve over stdio; a line that is no message is answered, too."""
        from .unread_lines import answering

        lower: Any = self._mcp_server
        lower.run = answering(lower.run)
        await super().run_stdio_async(*words, **options)

    @property
    def _state_store(self) -> Any:
        return NoSessions()


def _there(found: ServerCapabilities) -> ServerCapabilities:
    """The capabilities without those that are empty here."""
    extensions = {name: value for name, value in (found.extensions or {}).items() if name != APP_PAGES}
    fixed = {
        name: part.model_copy(update={"list_changed": False})
        for name in ("tools", "resources", "prompts")
        if (part := getattr(found, name))
    }
    less = {"logging": None, "extensions": extensions or None}
    return found.model_copy(update={**less, **fixed})
