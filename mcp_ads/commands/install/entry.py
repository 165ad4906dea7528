"""What a client is told: how this very installation is started, and with which settings; never a secret."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mcp_ads.errors import BadSettings
from mcp_ads.platforms import PLATFORMS
from mcp_ads.situation import NAME
from mcp_ads.variables import VARIABLES

from .places import Client

PREFIXES = (*(f"{prefix}_" for prefix in PLATFORMS.values()), "AIRBYTE_")
SECRETS = ("ACCESS_TOKEN", "REFRESH_TOKEN", "CLIENT_SECRET")
"""How the names of a platform's secrets end, also those of a named connection."""
PATHS = ("MCP_ADS_HOME", "MCP_ADS_ENV_FILE", "MCP_ADS_FILES", "MCP_ADS_AUDIT_LOG")
OVER_HTTP = "MCP_ADS_HTTP_"
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
    path = Path.cwd() / Path(env_file).expanduser()
    if not path.is_file():
        raise BadSettings(f"--env-file: there is no file {path}")
    if not os.access(path, os.R_OK):
        raise BadSettings(f"--env-file: {path} cannot be read")
    return path


def is_secret(name: str) -> bool:
    """Whether a variable opens an account."""
    return name.startswith(PREFIXES) and name.endswith(SECRETS)


def carried() -> Iterator[tuple[str, str]]:
    """The settings of this shell that decide what may be done: a client's server would not have them."""
    for name, value in sorted(os.environ.items()):
        ours = name in VARIABLES or name.startswith(tuple(f"{prefix}_" for prefix in PREFIXES))
        if not ours or not value or name.startswith(OVER_HTTP) or name in left_out():
            continue
        yield name, str(Path.cwd() / Path(value).expanduser()) if name in PATHS else value


def left_out() -> list[str]:
    """What only this shell has and no client's file may: secrets, and addresses with something in them."""
    return sorted(
        name
        for name, value in os.environ.items()
        if value
        and (is_secret(name) or (name.startswith(PREFIXES) and name.endswith("_URL") and "?" in value))
    )


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
        name for name, value in given if is_secret(str(name)) and value and not str(value).startswith("${")
    ]
