"""Access tokens between calls and processes, sealed; one process at a time renews one."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict

from mcp_ads.auth.tokens import Token, token_of
from mcp_ads.errors import NoRecord
from mcp_ads.host.keys import Keys
from mcp_ads.host.store.locks import Locks

from .papers import SqlPlace


class SqlTokens:
    """The access token of one connection. It opens in its organization, workspace and place alone."""

    def __init__(self, place: SqlPlace, keys: Keys, locks: Locks, whose: tuple[str, str], name: str) -> None:
        self._place, self._keys, self._locks = place, keys, locks
        self._name, self._bound = name, (*whose, "token", name)

    def read(self) -> Token | None:
        """The token that is kept; None where there is none, or none that opens."""
        sealed = self._place.read(self._name)
        with contextlib.suppress(NoRecord):
            return token_of(self._keys.open(sealed, *self._bound)) if sealed else None
        return None

    def write(self, token: Token) -> None:
        """Keep a token; where it cannot be kept, it lives in memory."""
        content = self._keys.seal(json.dumps(asdict(token)).encode(), *self._bound)
        self._place.replace(self._name, content)

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Hold the right to renew this token, in all processes. Raises Busy, OSError."""
        return self._locks.locked(*self._bound)
