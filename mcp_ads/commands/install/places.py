"""Where each client keeps its MCP servers, on each system, and what an entry looks like there.

Sources stand with the cases in tests/data/clients.json.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

STRICT, COMMENTED = "JSON", "JSON with comments"


def _config(*, mac: str, windows: str, other: str) -> Callable[[], Path]:
    """A file in the folder that a system has for the settings of programs."""

    def found() -> Path:
        home = Path.home()
        if platform.system() == "Darwin":
            return home / "Library" / "Application Support" / mac
        if platform.system() == "Windows":
            return Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / windows
        return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / other

    return found


def _same(name: str) -> Callable[[], Path]:
    """A file in a system's folder for settings that has the same name in all of them."""
    return _config(mac=name, windows=name, other=name)


def _claude_code() -> Path:
    return Path(os.environ.get("CLAUDE_CONFIG_DIR") or Path.home()) / ".claude.json"


@dataclass(frozen=True)
class Client:
    """One MCP client: `section` is the object with the servers, `typed` says that an entry names its type."""

    name: str
    title: str
    place: Callable[[], Path]
    project: str = ""
    section: str = "mcpServers"
    typed: bool = False
    form: str = STRICT
    after: str = ""

    def file(self, *, project: bool) -> Path:
        """The file with its servers: the user's, or that of the project in the working directory."""
        return Path.cwd() / self.project if project else self.place()


CLIENTS: Mapping[str, Client] = {
    client.name: client
    for client in (
        Client(
            "claude-desktop",
            "Claude Desktop",
            _same("Claude/claude_desktop_config.json"),
            after="quit Claude Desktop, not only its window, and start it again",
        ),
        Client(
            "claude-code",
            "Claude Code",
            _claude_code,
            ".mcp.json",
            typed=True,
            after="start a new session of Claude Code; /mcp shows the server",
        ),
        Client(
            "cursor",
            "Cursor",
            lambda: Path.home() / ".cursor" / "mcp.json",
            ".cursor/mcp.json",
            after="restart Cursor, and switch the server on in its MCP settings",
        ),
        Client(
            "vscode",
            "VS Code",
            _same("Code/User/mcp.json"),
            ".vscode/mcp.json",
            section="servers",
            typed=True,
            form=COMMENTED,
            after="run `MCP: List Servers` in VS Code, or restart it, and start the server",
        ),
    )
}
