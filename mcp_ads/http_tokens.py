"""MCP_ADS_HTTP_TOKENS: a TOML file of named tokens, by their SHA-256, each with a scope and its accounts."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import stat
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mcp_ads.engine.wire.authority import SCOPES, Authority, Scope

from .account_names import accounts_of, named
from .errors import BadSettings

VARIABLE = "MCP_ADS_HTTP_TOKENS"
KEYS = ("sha256", "scope", "accounts")
MOST_BYTES = 2**20
TAKEN = ("token",)
"""What the one token of MCP_ADS_HTTP_TOKEN is called: a name that would inherit its plans."""
MOST_SHOWN = 40
CLOSED = f"the file of {VARIABLE} has a mistake, and until it is mended nothing can be changed"
MAKES_ONE = "`mcp-ads token add NAME --scope plan` makes one"
LOG = logging.getLogger("mcp_ads")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class NamedToken:
    """A token without the token: its name, its SHA-256 in hex, and what may be done with it."""

    name: str
    sha256: str
    scope: Scope
    accounts: Mapping[str, tuple[str, ...]] | None

    @property
    def authority(self) -> Authority:
        return Authority(self.name, self.scope, self.accounts)


def hash_of_token(token: str) -> str:
    """The SHA-256 of a token, in hex."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def name_mistake(name: str) -> str:
    """Why this is no name of a token; empty when it is one."""
    if name in TAKEN:
        return f"{name} is what MCP_ADS_HTTP_TOKEN is called; choose another name"
    if not _NAME.fullmatch(name):
        shown = repr(name) if len(name) <= MOST_SHOWN else "this"
        return f"{shown} is no name: up to 40 of a-z, 0-9, - and _"
    return ""


def listed(path: Path) -> list[str]:
    """Each token's name, scope and accounts, for people; no hashes. Raises BadSettings, FileNotFoundError."""
    return [
        f"{token.name}  {token.scope}  {said(token.accounts)}" for token in parsed(content_of(path), path)
    ]


def said(accounts: Mapping[str, tuple[str, ...]] | None) -> str:
    """The accounts a token may use, for people."""
    return f"only {', '.join(named(accounts))}" if accounts else "all accounts of the server"


class TokensFile:
    """The file, read again whenever it has changed.

    One with a mistake in it lets nobody change anything until it is mended, and those whose tokens stand in
    it still may read as they could before.
    """

    def __init__(self, path: Path) -> None:
        """Raises BadSettings, a line for each mistake, and for a file without any token."""
        self.path = path
        try:
            self._content = content_of(path)
        except FileNotFoundError:
            raise BadSettings(f"{VARIABLE}: there is no file {path}; {MAKES_ONE}") from None
        self._tokens = parsed(self._content, path)
        self._broken = ""
        if not self._tokens:
            raise BadSettings(f"{VARIABLE}: {path} has no token; {MAKES_ONE}")

    def authority(self, token: str) -> Authority | None:
        """What may be done with a token; None for one that is not in the file."""
        self._read_again()
        digest, found = hash_of_token(token), None
        for known in self._tokens:
            if hmac.compare_digest(known.sha256, digest):
                found = known
        if found is None:
            return None
        return replace(found.authority, closed=CLOSED if self._broken else "")

    def _read_again(self) -> None:
        try:
            content = content_of(self.path)
            if content != self._content or self._broken:
                self._tokens = parsed(content, self.path)
            self._content, self._broken = content, ""
        except FileNotFoundError:
            self._tokens = []
            self._note(f"{VARIABLE}: there is no file {self.path}")
        except BadSettings as error:
            self._note(str(error))
            self._forget_removed()

    def _note(self, broken: str) -> None:
        """Remember what is wrong, for whoever reads the log: callers learn only that something is."""
        if broken != self._broken:
            for line in broken.splitlines():
                LOG.error("%s", line)
        self._broken = broken

    def _forget_removed(self) -> None:
        """A token that was taken out stops working although something else in the file is wrong."""
        try:
            text = self.path.read_bytes()[:MOST_BYTES].decode(errors="replace").lower()
        except OSError:
            return
        lines = [line.partition("#")[0] for line in text.splitlines()]
        self._tokens = [known for known in self._tokens if any(known.sha256 in line for line in lines)]


def content_of(path: Path) -> bytes:
    """The bytes of the file. Raises FileNotFoundError where there is none, BadSettings where it cannot be
    read, or others than its owner may.
    """
    try:
        with path.open("rb") as file:
            known = os.fstat(file.fileno())
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BadSettings(f"{VARIABLE}: {path} cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(known.st_mode) or len(content) > MOST_BYTES:
        raise BadSettings(f"{VARIABLE}: {path} is no file of at most {MOST_BYTES} bytes")
    if sys.platform != "win32" and (open_to := _open_to(known.st_mode)):
        raise BadSettings(f"{VARIABLE}: {path} can be {open_to}; chmod 600 {path}")
    return content


def _open_to(mode: int) -> str:
    """What others may do with a file of this mode that they may not; empty when nothing."""
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "written by others than its owner"
    return "read by everybody" if mode & stat.S_IROTH else ""


def parsed(content: bytes, path: Path) -> list[NamedToken]:
    """The tokens in a file. Raises BadSettings, a line for each mistake."""
    try:
        entries = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadSettings(f"{VARIABLE}: {path} is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        at = re.search(r"\(at [a-z0-9 ,]+\)", str(error))
        raise BadSettings(f"{VARIABLE}: {path} is not TOML {at[0] if at else ''}".rstrip()) from None
    mistakes: list[str] = []
    found = [token for name, entry in entries.items() if (token := _token(name, entry, mistakes))]
    for place, token in enumerate(found):
        if twins := [other.name for other in found[:place] if other.sha256 == token.sha256]:
            mistakes.append(f"{token.name}.sha256: is that of {twins[0]}, too")
    if mistakes:
        raise BadSettings("\n".join(f"{VARIABLE}: {line} (in {path})" for line in mistakes))
    return found


def _token(name: str, entry: Any, mistakes: list[str]) -> NamedToken | None:
    """One entry; its mistakes are noted, none of them with what may be a token."""
    before = len(mistakes)
    if not isinstance(entry, dict):
        shown = name if _NAME.fullmatch(name) else "a key"
        mistakes.append(f"{shown} stands in no [name] of a token")
        return None
    if why := name_mistake(name):
        mistakes.append(why)
        return None
    for key in entry.keys() - {*KEYS}:
        shown = key if _NAME.fullmatch(key.lower()) else "…"
        mistakes.append(f"{name}.{shown}: no such key; there are {', '.join(KEYS)}")
    digest, scope = entry.get("sha256"), entry.get("scope")
    if not isinstance(digest, str) or not _HASH.fullmatch(digest.lower()):
        mistakes.append(f"{name}.sha256: write the SHA-256 of the token, 64 hex digits")
    if not isinstance(scope, str) or scope not in SCOPES:
        shown = repr(scope) if isinstance(scope, str) and len(scope) <= MOST_SHOWN else "what is there"
        said = f"{shown} is none of" if "scope" in entry else "missing; one of"
        mistakes.append(f"{name}.scope: {said} {', '.join(SCOPES)}")
    accounts = _accounts(name, entry, mistakes)
    if len(mistakes) > before:
        return None
    return NamedToken(name, str(digest).lower(), next(known for known in SCOPES if known == scope), accounts)


def _accounts(name: str, entry: Mapping[str, Any], mistakes: list[str]) -> dict[str, tuple[str, ...]] | None:
    """The accounts of an entry; None where it names none."""
    given = entry.get("accounts")
    if "accounts" not in entry:
        return None
    if not isinstance(given, list) or not all(isinstance(account, str) for account in given):
        mistakes.append(f'{name}.accounts: write a list such as ["facebook:123"]')
        return None
    try:
        return accounts_of(given)
    except BadSettings as error:
        mistakes += [f"{name}.accounts: {line}" for line in error.lines]
        return None
