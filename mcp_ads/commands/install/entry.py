"""What a client is told: how this very installation is started, and with which settings; never a secret."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mcp_ads.errors import BadSettings
from mcp_ads.settings_values import path_of
from mcp_ads.situation import NAME
from mcp_ads.variables import declared, is_secret

from .places import Client

PATHS = ("MCP_ADS_HOME", "MCP_ADS_ENV_FILE", "MCP_ADS_FILES", "MCP_ADS_AUDIT_LOG")
OF_OTHERS = ("MCP_ADS_HTTP_", "MCP_ADS_HOST_KEY", "MCP_ADS_HOST_PUBLIC_URL", "DATABASE_URL")
"""What begins like this is of servers over HTTP and of hosts, or of another program, not of a client's."""
FLEETING = ("archive-v", "environments-v", "builds-v")
"""Folders of uv's cache, where what `uvx` runs is kept for a while."""
Entry = dict[str, Any]


def command() -> tuple[str, list[str]]:
    """What starts this installation from anywhere: its script, or where there is none, its Python.

    Clients start it inside a project: Python is told to look for no module there.
    """
    python = Path.cwd() / sys.executable
    script = python.with_name(f"{NAME}.exe" if python.suffix == ".exe" else NAME)
    started = Path.cwd() / sys.argv[0]
    for found in (script, started):
        if found.stem == NAME and found.is_file():
            return str(found), ["serve"]
    return str(python), ["-P", "-m", "mcp_ads", "serve"]


def entry(client: Client, env_file: str) -> Entry:
    """The entry for a client. Raises BadSettings where the file named in it is none."""
    starts, words = command()
    env = dict(carried())
    if env_file:
        env["MCP_ADS_ENV_FILE"] = str(_readable(env_file))
    made: Entry = {**client.also, "command": starts, "args": words}
    return made | ({"env": env} if env else {})


def _readable(env_file: str) -> Path:
    path = path_of("--env-file", env_file).absolute()
    if not path.is_file():
        raise BadSettings(f"--env-file: there is no file {path}")
    if not os.access(path, os.R_OK):
        raise BadSettings(f"--env-file: {path} cannot be read")
    return path


def carried() -> Iterator[tuple[str, str]]:
    """The settings of this shell that decide what may be done: a client's server would not have them."""
    for name, value in _of_this_shell():
        if not _holds_a_secret(name, value):
            yield name, str(path_of(name, value).absolute()) if name in PATHS else value


def left_out() -> list[str]:
    """What only this shell has and no client's file may: secrets, and addresses with something in them."""
    return [name for name, value in _of_this_shell() if _holds_a_secret(name, value)]


def _of_this_shell() -> Iterator[tuple[str, str]]:
    """What is set here of what a client's server reads: only what is declared, whatever names begin with."""
    for name, value in sorted(os.environ.items()):
        if value and declared(name) and not name.startswith(OF_OTHERS):
            yield name, value


def _holds_a_secret(name: str, value: str) -> bool:
    """Whether a variable is a secret, or its value an address that may carry one: a password, a query."""
    return is_secret(name) or ("://" in value and any(mark in value for mark in "@?#"))


def is_fleeting(command: str) -> bool:
    """Whether what starts us is in a cache, and gone one day."""
    return any(part.startswith(FLEETING) for part in Path(command).parts)


def is_ours(entry: object) -> bool:
    """Whether an entry starts mcp-ads, however it was written."""
    if not isinstance(entry, Mapping):
        return False
    given = entry.get("args")
    words = [str(word) for word in [entry.get("command", ""), *(given if isinstance(given, list) else [])]]
    return any(word == "mcp_ads" or stem(word) == NAME for word in words)


def stem(word: str) -> str:
    """The name of a program, without its folder and without .exe."""
    return word.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")


def secrets_in(entry: Mapping[str, Any]) -> list[str]:
    """Names of secrets that stand in an entry by their value; a reference such as ${input:token} is none."""
    env = entry.get("env")
    given = env.items() if isinstance(env, Mapping) else ()
    return [
        str(name)
        for name, value in given
        if value and _holds_a_secret(str(name), str(value)) and not str(value).startswith("${")
    ]
