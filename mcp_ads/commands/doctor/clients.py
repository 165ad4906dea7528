"""Whether clients on this machine have mcp-ads in their configuration, and whether what they have works."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from mcp_ads.commands.install import NAMES
from mcp_ads.commands.install.entry import is_ours, secrets_in
from mcp_ads.commands.install.forms import parsed
from mcp_ads.commands.install.jsonc import Malformed
from mcp_ads.commands.install.places import CLIENTS, Client
from mcp_ads.commands.install.writing import CannotInstall, read
from mcp_ads.errors import BadSettings
from mcp_ads.settings import load
from mcp_ads.situation import NAME

from .findings import Finding

START_WAIT = 30
KEPT = ("PATH", "HOME", "LANG", "SYSTEMROOT", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "TEMP", "TMP")


def clients() -> list[Finding]:
    """Every client's entries that start mcp-ads. A project's may be anybody's: they are never started."""
    found = [finding for client in CLIENTS.values() if client.place for finding in _client(client)]
    if found:
        return found
    return [
        Finding("ok", "clients", "none here has mcp-ads in its configuration; `mcp-ads install` writes it")
    ]


def _client(client: Client) -> Iterator[Finding]:
    for project in (False, True) if client.project else (False,):
        file = client.file(project=project)
        try:
            text = read(file, inside=Path.cwd() if project else None).text
            held = parsed(client, text)
        except (CannotInstall, Malformed) as error:
            yield Finding("note", client.title, f"{file} cannot be read: {error}")
            continue
        for name, spelled in _servers(client, held):
            entry = client.understood(spelled)
            if isinstance(entry, Mapping) and is_ours(entry):
                yield from _entry(client, file, name, entry, project=project)


def _servers(client: Client, held: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The servers of a file, and those that Claude Code has in its own file for the folder here alone."""
    projects = held.get("projects")
    here = projects.get(str(Path.cwd())) if isinstance(projects, dict) else None
    for part in (held, here):
        servers = part.get(client.section) if isinstance(part, dict) else None
        yield from servers.items() if isinstance(servers, dict) else ()


def _entry(
    client: Client, file: Path, name: str, entry: Mapping[str, Any], *, project: bool
) -> Iterator[Finding]:
    what, again = f"{client.title}, server {name}", f"mcp-ads install {client.name}"
    again += " --project" if project else ""
    fix = f"{again} --name {name}" if name != NAME else again
    if not NAMES.fullmatch(name):
        fix = f"{again}, and take the server {name!r} out of {file}"
    wrong = list(_wrong(entry, fix, file))
    for level, text, remedy in wrong:
        yield Finding("broken" if level else "note", what, f"{text} (in {file})", remedy)
    if any(level for level, _, _ in wrong):
        return
    if project or not Path(str(entry.get("command"))).is_absolute():
        if not wrong:
            yield Finding("ok", what, f"its entry in {file} is right; not started, for it is the project's")
        return
    if failed := _failing(entry):
        yield Finding("broken", what, f"its command does not start: {failed} (in {file})", fix)
    elif not wrong:
        yield Finding("ok", what, f"its command starts, and its settings can be read: {file}")


def _wrong(entry: Mapping[str, Any], fix: str, file: Path) -> Iterator[tuple[bool, str, str]]:
    """What is wrong with an entry: whether that breaks it, what it is, and its remedy."""
    command = str(entry.get("command", ""))
    if not Path(command).is_absolute() and not PureWindowsPath(command).is_absolute():
        yield (
            False,
            f"its command is {command!r}, which a desktop client finds only on a PATH of its own",
            fix,
        )
    elif not Path(command).is_file() or not os.access(command, os.X_OK):
        yield True, f"its command {command} is not there, or is no program", fix
    if named := secrets_in(entry):
        yield False, f"it holds {', '.join(named)}", f"move them to {load().home / '.env'}, and out of {file}"
    variables = _variables(entry)
    try:
        load(environ=variables, env_file=_env_file(entry), named_by="--env-file")
    except BadSettings as error:
        yield (
            True,
            f"its server would not start: {error.lines[0]}",
            "mend the entry's env, or the file it names",
        )


def _variables(entry: Mapping[str, Any]) -> dict[str, str]:
    env = entry.get("env")
    given = {str(name): str(value) for name, value in env.items()} if isinstance(env, Mapping) else {}
    return {**{name: os.environ[name] for name in KEPT if name in os.environ}, **given}


def _env_file(entry: Mapping[str, Any]) -> str:
    args = entry.get("args")
    words = [str(word) for word in args] if isinstance(args, list) else []
    after = [words[number + 1] for number, word in enumerate(words[:-1]) if word == "--env-file"]
    joined = [word.partition("=")[2] for word in words if word.startswith("--env-file=")]
    return next(iter([*after, *joined]), "")


def _failing(entry: Mapping[str, Any]) -> str:
    """Start the command as the client would, but for its version only; what went wrong, if anything did."""
    args = entry.get("args")
    words = [str(word) for word in args] if isinstance(args, list) else []
    before = (
        words[: words.index("serve")] if "serve" in words else [word for word in words if word != "serve"]
    )
    try:
        done = subprocess.run(  # noqa: S603 - the command in the user's own configuration, without a shell
            [str(entry["command"]), *before, "--version"],
            env=_variables(entry), cwd=Path.home(), stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", errors="replace", timeout=START_WAIT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    said = done.stderr.strip().splitlines()
    return f"exit code {done.returncode}{f', {said[-1][:200]}' if said else ''}" if done.returncode else ""
