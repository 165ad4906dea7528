"""`uninstall`: our entry is taken out of a client's configuration; all else there stays."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mcp_ads.situation import NAME, in_shell

from .install import NAMES, chosen_client, forms, jsonc
from .install.entry import is_ours, secrets_in
from .install.older import how_it_is_started
from .install.own_command import claude, failure
from .install.places import Client
from .install.writing import CannotInstall, Read, backup, read, replace
from .streams import FAILED, complain, note, say


def uninstall(client: str, *, name: str, project: bool, dry_run: bool) -> int:
    """Take the entry out, or show what would go. Exit code 1 also where ours has another name.

    Raises BadSettings.
    """
    try:
        return _uninstalled(
            chosen_client(client, name, project=project), name, project=project, dry_run=dry_run
        )
    except CannotInstall as error:
        complain(str(error))
        if error.fix:
            note(error.fix)
        return FAILED


def _uninstalled(client: Client, name: str, *, project: bool, dry_run: bool) -> int:
    if client.place is None:
        fix = f"take the server {name} out of it by hand, in {client.by_hand}"
        raise CannotInstall(f"the configuration of {client.title} is not edited here", fix=fix)
    before = read(client.file(project=project), inside=Path.cwd() if project else None)
    try:
        servers = _servers(client, before.text)
        others = [known for known in _ours(client, servers) if known != name]
        if name not in servers:
            return _nothing_there(client, before, name, others, project=project)
        entry = _entry(client, before, name, servers)
        text = _without(client, before.text, name, servers)
    except jsonc.Malformed as error:
        raise CannotInstall(
            f"{before.path} is not valid {client.form} ({error}): nothing was changed",
            fix=f"take the server {name} out of it by hand",
        ) from None
    if dry_run:
        say(forms.removal(client, str(before.path), before.text, text))
        return 0
    kept = _taken_out(client, name, before, text, project=project)
    note(f"took the server {name} out of {before.path}; {client.title} has it until it is started again")
    note(f"as it was: {kept}")
    if named := secrets_in(entry):
        note(f"{', '.join(named)}: still in {kept}; delete it when nothing in it is needed")
    for line in _still_there(client, others, project=project):
        note(in_shell(line))
    return 0


def _servers(client: Client, text: str) -> dict[str, Any]:
    """What a file has as servers. Raises Malformed."""
    servers = forms.parsed(client, text).get(client.section, {})
    if not isinstance(servers, dict):
        raise jsonc.Malformed(f"{client.section} is not an object")
    return servers


def _ours(client: Client, servers: Mapping[str, Any]) -> Iterator[str]:
    """The names under which a file starts mcp-ads."""
    for name, held in servers.items():
        entry = client.understood(held)
        if isinstance(entry, Mapping) and is_ours(entry) and not how_it_is_started(entry):
            yield name


def _entry(client: Client, before: Read, name: str, servers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry, if that is ours. Raises CannotInstall."""
    entry = client.understood(servers[name])
    if not isinstance(entry, Mapping) or not is_ours(entry):
        raise CannotInstall(f"{before.path} has another server named {name}: nothing was changed")
    if other := how_it_is_started(entry):
        raise CannotInstall(
            f"the server {name} in {before.path} is started by {other!r}, which may be anybody's:"
            " nothing was changed",
            fix="take it out by hand",
        )
    return entry


def _without(client: Client, before: str, name: str, servers: Mapping[str, Any]) -> str:
    """The text without a server, and with everything else that it has. Raises Malformed."""
    text = forms.without_server(client, before, name)
    held, left = forms.parsed(client, before), forms.parsed(client, text)
    rest = {known: value for known, value in servers.items() if known != name}
    if {client.section: {}, **left} != {**held, client.section: rest}:
        raise jsonc.Malformed("its form is unusual")
    return text


def _nothing_there(client: Client, before: Read, name: str, others: list[str], *, project: bool) -> int:
    there = "has no server" if before.content is not None else "is not there, and so no server"
    note(f"{before.path} {there} {name}: nothing was changed")
    for line in _still_there(client, others, project=project):
        complain(in_shell(line))
    return FAILED if others else 0


def _still_there(client: Client, others: list[str], *, project: bool) -> Iterator[str]:
    for name in others:
        own = f"{' --project' if project else ''}{f' --name {name}' if name != NAME else ''}"
        can = NAMES.fullmatch(name)
        way = f"`mcp-ads uninstall {client.name}{own}`" if can else "take it out by hand"
        yield f"the server {name!r} there also starts mcp-ads: {way}"


def _taken_out(client: Client, name: str, before: Read, text: str, *, project: bool) -> Path | None:
    """Have it written, by Claude Code where its command is there, and give the copy of what was there."""
    command = claude() if client.name == "claude-code" else ""
    if not command:
        return replace(before, text)
    try:
        kept = backup(before)
    except OSError as error:
        raise CannotInstall(f"no copy of {before.path} can be kept beside it: {error.strerror}") from None
    step = ["mcp", "remove", name, "--scope", "project" if project else "user"]
    if failed := failure([command, *step]) or _left(client, before.path, name):
        fix = f"run it yourself:\n{shlex.join(['claude', *step])}"
        raise CannotInstall(f"`claude mcp remove` failed: {failed}", fix=fix)
    return kept


def _left(client: Client, path: Path, name: str) -> str:
    """Why a server is not gone, whatever a program said of it. Raises CannotInstall."""
    try:
        return f"the server is in {path} still" if name in _servers(client, read(path).text) else ""
    except jsonc.Malformed as error:
        return f"{path} is not valid {client.form} now ({error})"
