"""`install`: the entry for mcp-ads in a client's configuration, or a bundle that Claude Desktop installs."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mcp_ads.commands.streams import FAILED, complain, note, say
from mcp_ads.errors import BadSettings
from mcp_ads.settings import load
from mcp_ads.situation import in_shell
from mcp_ads.variables import not_read

from . import forms, jsonc
from .entry import Entry, entry, is_fleeting, is_ours, left_out, secrets_in
from .older import renewed
from .own_command import claude, failure
from .places import CLIENTS, Client
from .writing import CannotInstall, Read, backup, read, replace

NAMES = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""What every client takes for the name of a server."""


def install(client: str, *, name: str, env_file: str, project: bool, only_print: bool, dry_run: bool) -> int:
    """Write the entry, or show it, or show what would change. Raises BadSettings."""
    try:
        return _installed(client, name, env_file, project=project, only_print=only_print, dry_run=dry_run)
    except CannotInstall as error:
        complain(str(error))
        if error.fix:
            note(error.fix)
        return FAILED


def _installed(
    client: str, name: str, env_file: str, *, project: bool, only_print: bool, dry_run: bool
) -> int:
    chosen = chosen_client(client, name, project=project)
    made = entry(chosen, env_file)
    home = load(env_file=env_file).home
    paste = forms.snippet(chosen, name, chosen.written(made))
    if chosen.place is None and not only_print:
        fix = f"put this into it by hand, in {chosen.by_hand}:\n{paste}"
        raise CannotInstall(f"the configuration of {chosen.title} is not edited here", fix=fix)
    file = chosen.file(project=project)
    if only_print:
        say(paste)
        note(f"for {chosen.title}, in {chosen.by_hand or file}")
        return 0
    before = read(file, inside=Path.cwd() if project else None)
    try:
        text, whole, changes = edited(chosen, before, name, made, file_is_named=bool(env_file))
    except jsonc.Malformed as error:
        fix = f"put this into it by hand:\n{paste}"
        raise CannotInstall(
            f"{file} is not valid {chosen.form} ({error}): nothing was changed", fix=fix
        ) from None
    for line in changes or ():
        note(line)
    if dry_run:
        changed = forms.difference(chosen, str(before.path), before.text, text, name)
        say(_without_older(changed, whole, made) or f"{before.path} has it already")
        return 0
    by_command = changes is None and chosen.name == "claude-code"
    kept = _written(chosen, name, before, text, made, by_command=by_command, project=project)
    if kept:
        note(f"as it was: {kept}")
    for line in _warnings(whole, before.path, home / ".env", project=project):
        note(in_shell(line))
    return 0


def bundled(client: str, file: str) -> int:
    """Write a bundle that Claude Desktop installs. Raises BadSettings, CannotInstall."""
    from .bundle import bundle

    if client != "claude-desktop":
        raise BadSettings("--bundle: Claude Desktop installs bundles; for the others leave it out")
    path = bundle(file)
    note(f"wrote {path}; open it with Claude Desktop, or drag it into Settings > Extensions")
    return 0


def chosen_client(client: str, name: str, *, project: bool) -> Client:
    """The client that is meant, of which all that was asked for is there. Raises BadSettings."""
    if not NAMES.fullmatch(name):
        raise BadSettings(f"--name: {name!r}: 1 to 64 letters, digits, - and _")
    if project and not CLIENTS[client].project:
        raise BadSettings(
            f"--project: {CLIENTS[client].title} has no configuration of a project; leave it out"
        )
    return CLIENTS[client]


def edited(
    client: Client, before: Read, name: str, made: Entry, *, file_is_named: bool
) -> tuple[str, Entry, list[str] | None]:
    """The text of the file with our entry in it, the entry, and lines about an older one; None without one.

    Raises Malformed, CannotInstall.
    """
    text = before.text
    held = forms.parsed(client, text)
    servers = held.get(client.section, {})
    if not isinstance(servers, dict):
        raise jsonc.Malformed(f"{client.section} is not an object")
    old = client.understood(servers.get(name))
    if old is not None and not is_ours(old):
        fix = "choose another with --name"
        raise CannotInstall(f"{before.path} has another server named {name}: nothing was changed", fix=fix)
    whole, changes = (
        renewed(old, made, before.path, file_is_named=file_is_named)
        if isinstance(old, Mapping)
        else (made, None)
    )
    if old == whole:
        return text, whole, changes
    new = forms.with_server(client, text, name, client.written(whole))
    wanted = {**held, client.section: {**servers, name: client.written(whole)}}
    if forms.parsed(client, new) != wanted:
        raise jsonc.Malformed("its form is unusual")
    return new, whole, changes


def _written(
    client: Client, name: str, before: Read, text: str, made: Entry, *, by_command: bool, project: bool
) -> Path | None:
    """Write what is new, say so, and give the copy of what was there before."""
    if text == before.text:
        note(f"{before.path} has it already")
        return None
    kept: Path | None
    if by_command and (command := claude()):
        kept = _by_command(command, name, before, made, project=project)
    else:
        kept = replace(before, text)
    note(f"{client.title} has the server {name} now, in {before.path}: {client.after}")
    return kept


def _by_command(command: str, name: str, before: Read, made: Entry, *, project: bool) -> Path | None:
    """Have Claude Code write its own file, which it also writes while it runs.

    Only for an entry of our own making: everyone on this machine can read a command line, and what the user
    wrote into an older entry may be a secret.
    """
    try:
        kept = backup(before)
    except OSError as error:
        raise CannotInstall(f"no copy of {before.path} can be kept beside it: {error.strerror}") from None
    step = ["mcp", "add-json", name, json.dumps(made), "--scope", "project" if project else "user"]
    if failed := failure([command, *step]):
        fix = f"run it yourself:\n{shlex.join(['claude', *step])}"
        raise CannotInstall(f"`claude mcp add-json` failed: {failed}", fix=fix)
    return kept


def _without_older(changed: str, whole: Entry, made: Entry) -> str:
    """What would change without the values that the user wrote into an older entry, which may be secrets."""
    ours = [*map(repr, _values(made))]
    for value in _values(whole):
        if repr(value) not in ours:
            text = re.escape(json.dumps(value, ensure_ascii=False))
            pattern = text if isinstance(value, str) else rf"(?<=[:=] ){text}\b"
            changed = re.sub(pattern, lambda _: jsonc.HIDDEN, changed)
    return changed


def _values(held: Any) -> Iterator[Any]:
    """Every text and number in an entry."""
    inside = held.values() if isinstance(held, Mapping) else held if isinstance(held, list) else ()
    for one in inside:
        yield from _values(one)
    if isinstance(held, str | int | float) and not isinstance(held, bool):
        yield held


def _warnings(whole: Entry, file: Path, own: Path, *, project: bool) -> list[str]:
    found = [f"{name} stands in {file}: move it to {own}" for name in secrets_in(whole)]
    if there := left_out():
        text = (
            f"{', '.join(there)}: set in this shell, and not in {file}, where no secret belongs; unless the"
        )
        found.append(f"{text} server reads it from elsewhere, put it into {own}")
    found += [f"left out of {file}: {line}" for line in not_read(os.environ, {}, own=False)]
    if is_fleeting(str(whole.get("command"))):
        text = f"{whole['command']} lies in a cache and may be gone one day: install mcp-ads for good"
        found.append(f"{text} (uv tool install, pipx install) and run this again from there")
    if "MCP_ADS_SANDBOX" in whole.get("env", {}):
        found.append("MCP_ADS_SANDBOX is set in this shell, and so in the client: all data there is invented")
    if project:
        found.append(f"{file} holds paths of this machine: do not commit it")
    return found
