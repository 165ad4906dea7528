"""Access tokens got with credentials of the environment: kept where sign-ins are, under a hash."""

from __future__ import annotations

import contextlib
import json
import logging
import re
from contextlib import AbstractContextManager
from pathlib import Path

from mcp_ads.errors import NoRecord, NotConfigured
from mcp_ads.files.private_files import opened

from .signed_in import SignedIn
from .tokens import VISIBLE, Token, TokenFile, Tokens
from .vault import FileVault, mode_of
from .vault_protocol import Vault

TOKENS = "tokens"
"""The folder of access tokens in the home."""
HASH = re.compile("[0-9a-f]{20}")
"""What their files are named by."""


class VaultTokens:
    """The access token that was got for one connection's refresh token, in a vault under a hash."""

    def __init__(self, kept: Vault, name: str) -> None:
        self._kept, self._name = kept, name

    def read(self) -> Token | None:
        """The token that is kept; None where there is none, or it cannot be read."""
        with contextlib.suppress(NotConfigured):
            found = self._kept.read(self._name)
            if found and VISIBLE.fullmatch(found.access_token):
                return Token(found.access_token, found.access_ends, found.refresh_ends, found.who)
        return None

    def write(self, token: Token) -> None:
        with contextlib.suppress(NoRecord):
            kept = SignedIn(
                "",
                access_token=token.value,
                access_ends=token.expires,
                refresh_ends=token.consent_ends,
                who=token.of,
            )
            self._kept.write(self._name, kept)

    def locked(self) -> AbstractContextManager[None]:
        return self._kept.locked(self._name)


def tokens(home: Path, keyring: str, name: str) -> Tokens:
    """Where the access token of a connection is kept."""
    if mode_of(keyring) == "off":
        return TokenFile(home / TOKENS, name)
    return VaultTokens(FileVault(home, TOKENS, mode_of(keyring)), name)


def forget_tokens(home: Path, kept: Vault, of: str) -> None:
    """Keep no access token any longer that was got with a sign-in, or may have been. Raises NoRecord.

    One that does not say what it was got with goes too: it is got again where it was another's.
    """
    for path in sorted((home / TOKENS).glob("*.json")):
        got_with = _of(path)
        if got_with == of:
            kept.beside(TOKENS).forget(path.stem)
        elif not got_with and HASH.fullmatch(path.stem):
            try:
                kept.beside(TOKENS).forget(path.stem)
            except NoRecord as error:
                text = "an access token that may be of %s stays until it ends: %s"
                logging.getLogger("mcp_ads").warning(text, of, error)


def _of(path: Path) -> str:
    """The sign-in that an access token was got with; "" for none, or damage."""
    try:
        with opened(path) as file:
            found = json.load(file)
        return str(found["of"] if "value" in found else found["facts"]["who"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ""
