"""Where each client keeps its MCP servers, on each system, and what an entry looks like there.

Sources stand with the cases in tests/data/clients.json.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STRICT, COMMENTED, TOML, YAML = "JSON", "JSON with comments", "TOML", "YAML"
STDIO = {"type": "stdio"}


def _config(*, mac: str, windows: str, other: str) -> Callable[[], Path]:
    """A file in the folder that a system has for the settings of programs."""

    def found() -> Path:
        home = Path.home()
        if platform.system() == "Darwin":
            return home / "Library" / "Application Support" / mac
        if platform.system() == "Windows":
            return Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / windows
        return _xdg(other)

    return found


def _same(name: str) -> Callable[[], Path]:
    """A file in a system's folder for settings that has the same name in all of them."""
    return _config(mac=name, windows=name, other=name)


def _xdg(name: str) -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / name


def _at_home(name: str) -> Callable[[], Path]:
    return lambda: Path.home() / name


def _claude_code() -> Path:
    return Path(os.environ.get("CLAUDE_CONFIG_DIR") or Path.home()) / ".claude.json"


def _codex() -> Path:
    return Path(os.environ.get("CODEX_HOME") or Path.home() / ".codex") / "config.toml"


def _zed() -> Path:
    if platform.system() == "Windows":
        return (
            Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Zed" / "settings.json"
        )
    return _xdg("zed/settings.json")


def _opencode() -> Path:
    """The user's file; it may be called .jsonc, and then a second one is not begun beside it."""
    plain = _xdg("opencode/opencode.json")
    commented = plain.with_suffix(".jsonc")
    return commented if commented.is_file() and not plain.exists() else plain


@dataclass(frozen=True)
class Client:
    """One MCP client.

    `section` is the object with the servers, `also` what an entry says beside command, args and env, `joined`
    that command and args are one list there. One whose configuration is not edited here has no `place`, and
    `by_hand` says where a person puts the entry.
    """

    name: str
    title: str
    place: Callable[[], Path] | None = None
    project: str = ""
    section: str = "mcpServers"
    also: Mapping[str, Any] = field(default_factory=dict)
    joined: bool = False
    form: str = STRICT
    after: str = ""
    by_hand: str = ""

    def file(self, *, project: bool) -> Path:
        """The file with its servers: the user's, or that of the project in the working directory."""
        if project or self.place is None:
            return Path.cwd() / self.project
        return self.place()

    def written(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """An entry as this client spells it."""
        if not self.joined:
            return dict(entry)
        rest = {name: value for name, value in entry.items() if name not in ("command", "args", "env")}
        env = {"environment": entry["env"]} if "env" in entry else {}
        return {**rest, "command": [entry["command"], *entry["args"]], **env}

    def understood(self, held: object) -> object:
        """What the client has under a server's name, with command, args and env as others spell them."""
        words = held.get("command") if isinstance(held, Mapping) else None
        if not self.joined or not isinstance(held, Mapping) or not isinstance(words, list) or not words:
            return held
        rest = {name: value for name, value in held.items() if name != "environment"}
        env = {"env": held["environment"]} if "environment" in held else {}
        return {**rest, "command": words[0], "args": words[1:], **env}


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
            also=STDIO,
            after="start a new session of Claude Code; /mcp shows the server",
        ),
        Client(
            "cursor",
            "Cursor",
            _at_home(".cursor/mcp.json"),
            ".cursor/mcp.json",
            after="restart Cursor, and switch the server on in its MCP settings",
        ),
        Client(
            "vscode",
            "VS Code",
            _same("Code/User/mcp.json"),
            ".vscode/mcp.json",
            section="servers",
            also=STDIO,
            form=COMMENTED,
            after="run `MCP: List Servers` in VS Code, or restart it, and start the server",
        ),
        Client(
            "windsurf",
            "Windsurf",
            _at_home(".codeium/windsurf/mcp_config.json"),
            after="press Refresh in Cascade's list of MCP servers, or restart Windsurf",
        ),
        Client(
            "cline",
            "Cline",
            _same("Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"),
            after="Cline shows the server in its list of MCP servers",
        ),
        Client(
            "zed",
            "Zed",
            _zed,
            section="context_servers",
            also={"source": "custom"},
            form=COMMENTED,
            after="Zed starts the server by itself; the agent panel's settings show it",
        ),
        Client(
            "gemini-cli",
            "Gemini CLI",
            _at_home(".gemini/settings.json"),
            ".gemini/settings.json",
            form=COMMENTED,
            after="start Gemini CLI again; /mcp shows the server",
        ),
        Client(
            "codex",
            "Codex",
            _codex,
            ".codex/config.toml",
            section="mcp_servers",
            form=TOML,
            after="start Codex again; /mcp shows the server",
        ),
        Client(
            "opencode",
            "opencode",
            _opencode,
            "opencode.json",
            section="mcp",
            also={"type": "local"},
            joined=True,
            form=COMMENTED,
            after="start opencode again; `opencode mcp list` shows the server",
        ),
        Client(
            "continue",
            "Continue",
            _at_home(".continue/mcpServers/mcp.json"),
            ".continue/mcpServers/mcp.json",
            after="reload Continue; its agent mode has the tools",
        ),
        Client(
            "goose",
            "goose",
            section="extensions",
            form=YAML,
            by_hand="~/.config/goose/config.yaml (Windows: %APPDATA%\\Block\\goose\\config\\config.yaml)",
        ),
        Client(
            "jetbrains",
            "JetBrains AI Assistant",
            by_hand="Settings > Tools > AI Assistant > Model Context Protocol (MCP) > Add, as JSON",
        ),
    )
}
