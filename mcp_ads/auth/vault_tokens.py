"""Access tokens got with credentials of the environment: kept where sign-ins are, under a hash."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from pathlib import Path

from mcp_ads.errors import NoRecord, NotConfigured

from .signed_in import SignedIn
from .tokens import VISIBLE, Token, TokenFile, Tokens
from .vault import FileVault, Vault, mode_of


class VaultTokens:
    """The access token that was got for one connection's refresh token, in a vault under a hash."""

    def __init__(self, kept: Vault, name: str) -> None:
        self._kept, self._name = kept, name

    def read(self) -> Token | None:
        """The token that is kept; None where there is none, or it cannot be read."""
        with contextlib.suppress(NotConfigured):
            found = self._kept.read(self._name)
            if found and VISIBLE.fullmatch(found.access_token):
                return Token(found.access_token, found.access_ends, found.refresh_ends)
        return None

    def write(self, token: Token) -> None:
        with contextlib.suppress(NoRecord):
            kept = SignedIn(
                "",
                access_token=token.value,
                access_ends=token.expires,
                refresh_ends=token.consent_ends,
            )
            self._kept.write(self._name, kept)

    def locked(self) -> AbstractContextManager[None]:
        return self._kept.locked(self._name)


def tokens(home: Path, keyring: str, name: str) -> Tokens:
    """Where the access token of a connection is kept that has its credentials from the environment."""
    if mode_of(keyring) == "off":
        return TokenFile(home / "tokens", name)
    return VaultTokens(FileVault(home, "tokens", mode_of(keyring)), name)
