"""The doctor on clients' configurations: the command, the settings file, secrets, and whose file it is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from shell import Shell

SECRET = "marker-2b7d"
SCRIPT = str(Path(sys.executable).with_name("mcp-ads"))


@pytest.fixture
def cursor(shell: Shell) -> Path:
    """Cursor's file in an empty home."""
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_CONNECTORS="linkedin")
    path = Path.home() / ".cursor" / "mcp.json"
    path.parent.mkdir(parents=True)
    return path


def found(shell: Shell, path: Path, **entry: Any) -> tuple[int, list[str]]:
    """The exit code, and what is said of an entry."""
    path.write_text(json.dumps({"mcpServers": {"ads": entry, "other": {"command": "npx", "args": [SECRET]}}}))
    code, out, err = shell.run("doctor")
    assert SECRET not in out + err
    rows = out.splitlines()
    said = [number for number, row in enumerate(rows) if "Cursor, server ads" in row]
    return code, [part for number in said for part in rows[number : number + 2]]


@pytest.mark.slow
def test_an_entry_that_is_right(shell: Shell, cursor: Path) -> None:
    """What `install` wrote is started and found good."""
    _, out, _ = shell.run("doctor")
    assert "ok      clients: none here has mcp-ads in its configuration" in out
    assert shell.run("install", "cursor")[0] == 0
    code, out, _ = shell.run("doctor")
    assert code == 0
    assert (
        f"ok      Cursor, server mcp-ads: its command starts, and its settings can be read: {cursor}" in out
    )


def test_a_command_that_is_not_there(shell: Shell, cursor: Path) -> None:
    """A path to nothing, and one to something that fails, are broken, with the line that mends it."""
    code, said = found(shell, cursor, command="/nowhere/mcp-ads", args=["serve"])
    assert code == 1
    assert said[0].startswith("broken  Cursor, server ads: its command /nowhere/mcp-ads is not there")
    assert said[1].endswith("install cursor --name ads")
    program = cursor.parent / "mcp-ads"
    program.write_text("#!/bin/sh\necho no such module >&2\nexit 4\n")
    program.chmod(0o755)
    code, said = found(shell, cursor, command=str(program), args=["serve"])
    assert code == 1
    assert "does not start: exit code 4, no such module" in said[0]


def test_a_bare_uvx(shell: Shell, cursor: Path) -> None:
    """A command that only a shell finds is worth a note."""
    code, said = found(shell, cursor, command="uvx", args=["mcp-ads", "serve"])
    assert code == 0
    assert said[0].startswith("note    Cursor, server ads: its command is 'uvx'")


def test_settings_of_an_entry(shell: Shell, cursor: Path) -> None:
    """A settings file that is gone, and a variable with a mistake, stop the client's server: broken."""
    env = {"MCP_ADS_ENV_FILE": str(cursor.parent / "gone.env")}
    code, said = found(shell, cursor, command=SCRIPT, args=["serve"], env=env)
    assert code == 1
    assert "its server would not start: MCP_ADS_ENV_FILE: there is no file" in said[0]
    code, said = found(shell, cursor, command=SCRIPT, args=["serve"], env={"MCP_ADS_WRITES": "of"})
    assert code == 1
    assert "its server would not start: MCP_ADS_WRITES: 'of'" in said[0]


@pytest.mark.slow
def test_a_secret_in_an_entry(shell: Shell, cursor: Path) -> None:
    """A token in a client's file is named and not shown; a reference to one is none."""
    env = {"FACEBOOK_MARKETING_ACCESS_TOKEN": SECRET}
    code, said = found(shell, cursor, command=SCRIPT, args=["serve"], env=env)
    assert code == 0
    assert said[0].startswith("note    Cursor, server ads: it holds FACEBOOK_MARKETING_ACCESS_TOKEN")
    assert ".env" in said[1]
    env = {"FACEBOOK_MARKETING_ACCESS_TOKEN": "${env:TOKEN}"}
    _, said = found(shell, cursor, command=SCRIPT, args=["serve"], env=env)
    assert said[0].startswith("ok")


def test_a_file_that_is_broken(shell: Shell, cursor: Path) -> None:
    """A file that no client can read is said by its line; nothing in it is shown."""
    cursor.write_text(f'{{"mcpServers": {{"{SECRET}"')
    code, out, _ = shell.run("doctor")
    assert code == 0
    assert f"note    Cursor: {cursor} cannot be read: " in out
    assert SECRET not in out


def test_a_project_is_never_started(shell: Shell) -> None:
    """What a cloned project says is looked at; its command is not run."""
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_CONNECTORS="linkedin")
    program = shell.here / "mcp-ads"
    program.write_text("#!/bin/sh\ntouch started\n")
    program.chmod(0o755)
    entry = {"command": str(program), "args": ["serve"]}
    (shell.here / ".mcp.json").write_text(json.dumps({"mcpServers": {"mcp-ads": entry}}))
    code, out, _ = shell.run("doctor")
    assert code == 0
    assert "Claude Code, server mcp-ads: its entry" in out
    assert not (shell.here / "started").exists()
    assert not (Path.home() / "started").exists()


def test_what_claude_code_keeps_for_a_folder(shell: Shell) -> None:
    """A server that `claude mcp add` wrote for the folder here is looked at as well."""
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_CONNECTORS="linkedin")
    Path.home().mkdir()
    servers = {"our ads": {"command": "/nowhere/mcp-ads", "args": ["serve"]}}
    held = {"projects": {str(shell.here): {"mcpServers": servers}, "/other": {"mcpServers": servers}}}
    (Path.home() / ".claude.json").write_text(json.dumps(held))
    code, out, _ = shell.run("doctor")
    assert code == 1
    assert out.count("Claude Code, server our ads: its command /nowhere/mcp-ads is not there") == 1
    assert "install claude-code, and take the server 'our ads' out of" in out
