"""Access tokens got with credentials of the environment: kept where sign-ins are, under a hash."""

from __future__ import annotations

import contextlib
import json
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
    """Keep no access token any longer that was got with a sign-in. Raises NoRecord."""
    for path in sorted((home / TOKENS).glob("*.json")):
        if _of(path) == of:
            kept.beside(TOKENS).forget(path.stem)


def _of(path: Path) -> str:
    """The sign-in that an access token was got with; "" for none, or damage."""
    try:
        with opened(path) as file:
            found = json.load(file)
        return str(found["of"] if "value" in found else found["facts"]["who"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ""
