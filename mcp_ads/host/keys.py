"""Sealing: AES-256-GCM under a key that never lies in the data folder.

A sealed text is the key's mark (4 bytes), a nonce (12) and the ciphertext, bound to the place it is kept in:
moved to another organization, workspace or row, it does not open.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mcp_ads.errors import NoRecord

SIZE, MARK, NONCE = 32, 4, 12


class Keys:
    """The keys there are: the first seals, all open."""

    def __init__(self, keys: tuple[bytes, ...], again: Callable[[], tuple[bytes, ...]] | None = None) -> None:
        """`again` are the keys as they are by now: they were rotated while this process ran."""
        self._again = again
        self._take(keys)

    def _take(self, keys: tuple[bytes, ...]) -> None:
        self._keys = {_mark(key): AESGCM(key) for key in keys}
        self.newest = _mark(keys[0])

    def seal(self, plain: bytes, *bound: str) -> bytes:
        """What only opens with the same words, such as organization, workspace and connector."""
        if self._again:
            self._take(self._again())
        nonce = secrets.token_bytes(NONCE)
        return self.newest + nonce + self._keys[self.newest].encrypt(nonce, plain, _bound(bound))

    def open(self, sealed: bytes, *bound: str) -> bytes:
        """What was sealed with these words. Raises NoRecord for another key, other words, or damage."""
        if sealed[:MARK] not in self._keys and self._again:
            self._take(self._again())
        key = self._keys.get(sealed[:MARK])
        if key is None:
            raise NoRecord(
                "it was sealed with another key than those here", fix="start with the key it was sealed with"
            )
        try:
            return key.decrypt(sealed[MARK : MARK + NONCE], sealed[MARK + NONCE :], _bound(bound))
        except InvalidTag:
            raise NoRecord("what is kept is not as it was sealed", fix="create it anew") from None

    def is_of_newest(self, sealed: bytes) -> bool:
        """Whether the first key sealed it, so that no other is needed for it."""
        return sealed[:MARK] == self.newest


def fresh_key() -> bytes:
    """A new key."""
    return secrets.token_bytes(SIZE)


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"mcp-ads host key\0" + key).digest()[:MARK]


def _bound(words: tuple[str, ...]) -> bytes:
    return "\0".join(words).encode()
