"""The forms of clients' files: one interface for JSON, JSON with comments, TOML and what is only printed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any

from . import jsonc, tomlish
from .places import COMMENTED, TOML, YAML, Client


def parsed(client: Client, text: str) -> dict[str, Any]:
    """What a client's file holds; nothing where it is empty. Raises Malformed."""
    if not text.strip():
        return {}
    return (
        tomlish.parsed(text) if client.form == TOML else jsonc.parsed(text, comments=client.form == COMMENTED)
    )


def with_server(client: Client, text: str, name: str, entry: Mapping[str, Any]) -> str:
    """The text with a server in it set, as the client spells it. Raises Malformed."""
    if not text.strip():
        return f"{snippet(client, name, entry)}\n"
    change = tomlish.set_member if client.form == TOML else jsonc.set_member
    return change(text, (client.section, name), entry)


def without_server(client: Client, text: str, name: str) -> str:
    """The text without a server that is in it. Raises Malformed."""
    take = tomlish.without_member if client.form == TOML else jsonc.without_member
    return take(text, (client.section, name))


def snippet(client: Client, name: str, entry: Mapping[str, Any]) -> str:
    """A whole file with nothing but a server: what a person pastes."""
    if client.form == TOML:
        return tomlish.table((client.section, name), entry)
    if client.form == YAML:
        return _extension(client.section, name, entry)
    return json.dumps({client.section: {name: entry}}, indent=2, ensure_ascii=False)


def _extension(section: str, name: str, entry: Mapping[str, Any]) -> str:
    """An extension of goose, which has words of its own. A JSON value is one of YAML too."""
    fields = {
        "name": name, "type": "stdio", "enabled": True, "cmd": entry["command"], "args": entry["args"],
        "envs": entry.get("env", {}), "timeout": 300,
    }  # fmt: skip
    lines = [f"    {field}: {json.dumps(value, ensure_ascii=False)}" for field, value in fields.items()]
    return "\n".join([f"{section}:", f"  {json.dumps(name)}:", *lines])


def difference(client: Client, title: str, before: str, after: str, name: str) -> str:
    """What would change, line by line; of what others wrote only the names are shown."""
    if before == after:
        return ""
    path = client.section, name
    if client.form == TOML:
        ours = tomlish.table(path, parsed(client, after)[client.section][name]).splitlines()
        old, new = tomlish.masked(before), tomlish.masked(after, ours)
    else:
        old, new = jsonc.masked(before), jsonc.masked(after, _place(after, path))
    return _compared(title, old, new)


def removal(client: Client, title: str, before: str, after: str) -> str:
    """What would go, line by line; of all that stands there only the names are shown."""
    masked = tomlish.masked if client.form == TOML else jsonc.masked
    return _compared(title, masked(before), masked(after))


def _compared(title: str, old: str, new: str) -> str:
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"{title} (as it is)", f"{title} (as it would be)", lineterm=""
    )
    return "\n".join(lines)


def _place(text: str, path: tuple[str, str]) -> tuple[int, int]:
    """Where a member of an object in it begins and ends."""
    section, name = path
    outer = jsonc.read_object(text, jsonc.first_brace(text))
    inside = next(member for member in outer.members if member.name == section)
    ours = next(member for member in jsonc.read_object(text, inside.begin).members if member.name == name)
    return ours.begin, ours.end
