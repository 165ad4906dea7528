"""`token add`, `list`, `remove`: the named tokens of an HTTP server, in the file of MCP_ADS_HTTP_TOKENS."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tomlkit
from tomlkit.items import Table, Whitespace

from mcp_ads.account_names import accounts_of, named
from mcp_ads.errors import BadSettings, NoRecord
from mcp_ads.files.lock import Busy, locked
from mcp_ads.files.private_files import replaced
from mcp_ads.http_tokens import (
    VARIABLE,
    NamedToken,
    content_of,
    hash_of_token,
    listed,
    name_mistake,
    parsed,
    said,
)
from mcp_ads.settings import load

from .streams import FAILED, complain, note, say

PREFIX = "mcp_"
RANDOM_BYTES = 32


def add(name: str, scope: str, accounts: str | None) -> int:
    """Make a token, write its hash into the file, and print it: once."""
    path = _path()
    if why := name_mistake(name):
        raise BadSettings(f"NAME: {why}")
    try:
        ids = {} if accounts is None else accounts_of(name.strip() for name in accounts.split(","))
    except BadSettings as error:
        raise BadSettings("\n".join(f"--accounts: {line}" for line in error.lines)) from None
    token = f"{PREFIX}{secrets.token_urlsafe(RANDOM_BYTES)}"
    with _held(path):
        content, there = _content(path)
        if any(known.name == name for known in there):
            raise BadSettings(f"NAME: there is a {name} already; `mcp-ads token remove {name}` removes it")
        document = tomlkit.parse(content.decode("utf-8-sig"))
        entry = tomlkit.table()
        entry["sha256"], entry["scope"] = hash_of_token(token), scope
        if ids:
            entry["accounts"] = named(ids)
        if document:
            document.add(tomlkit.nl())
        document[name] = entry
        _write(path, document, [*(known.name for known in there), name])
    say(token)
    note(f"{name}: scope {scope}, {said(ids)}; in {path}. This token is not shown again.")
    return 0


def listing() -> int:
    """Print the tokens there are: names, scopes and accounts, no hashes."""
    path = _path()
    lines = listed(path) if path.exists() else []
    for line in lines:
        say(line)
    if not lines:
        note(f"no tokens in {path}")
    return 0


def remove(name: str) -> int:
    """Take a token out of the file: a server that runs lets it in no more."""
    path = _path()
    with _held(path):
        content, there = _content(path)
        if not any(known.name == name for known in there):
            complain(f"no such token; there are {', '.join(known.name for known in there) or 'none'}")
            return FAILED
        document = tomlkit.parse(content.decode("utf-8-sig"))
        _take_out(document, name)
        _write(path, document, [known.name for known in there if known.name != name])
    note(f"{name}: removed from {path}; it works no more")
    return 0


def _path() -> Path:
    """The file itself, where a link leads to it. Raises BadSettings where none is named."""
    if path := load().http_tokens:
        return path.resolve()
    raise BadSettings(f"{VARIABLE}: set it to the file of the tokens first, such as ~/.mcp-ads/http.toml")


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Nobody else writes the file meanwhile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(path.with_name(f"{path.name}.lock")):
            yield
    except Busy:
        raise NoRecord(f"{path} is being written by another command; try again") from None
    except OSError as error:
        raise NoRecord(f"{path} cannot be written: {error.strerror}") from None


def _content(path: Path) -> tuple[bytes, list[NamedToken]]:
    """The file and the tokens in it. Raises BadSettings where something in it is wrong."""
    try:
        content = content_of(path)
    except FileNotFoundError:
        return b"", []
    return content, parsed(content, path)


def _take_out(document: tomlkit.TOMLDocument, name: str) -> None:
    """Remove an entry; comments between it and the next one, which they may be about, stay."""
    place = next(at for at, (key, _) in enumerate(document.body) if key is not None and key.key == name)
    item, left = document.body[place][1], ""
    for key, part in reversed(item.value.body if isinstance(item, Table) else []):
        if key is not None:
            break
        left = part.as_string() + left
    document.remove(name)
    document.body[place] = (None, Whitespace(left))


def _write(path: Path, document: tomlkit.TOMLDocument, names: list[str]) -> None:
    """Write the file, which then has these names, as a whole. Raises NoRecord."""
    content = tomlkit.dumps(document).encode()
    there = [known.name for known in parsed(content, path)]
    if sorted(there) != sorted(names) or not replaced(path, content, synced=True):
        raise NoRecord(f"{path} cannot be written; nothing in it was changed")
