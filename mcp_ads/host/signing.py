"""Bearer tokens: signed, so that every process knows them, also after a restart; short-lived."""

from __future__ import annotations

import time
from dataclasses import dataclass

import jwt

from .refusals import unknown_token

ALGORITHM, ISSUER = "HS256", "mcp-ads-host"
LIFE = 1200
"""Seconds that a token lives: clients keep one for fourteen minutes, whatever they are told."""
SLACK = 30
"""Seconds by which the clocks of processes may differ."""


@dataclass(frozen=True)
class Bearer:
    """What a token says: whose it is, and the one workspace it is for, where it is for one."""

    organization_id: str
    client_id: str
    workspace_id: str = ""


class Signer:
    """The keys that sign: the first does, all are believed."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self._keys = keys

    def signed(self, bearer: Bearer, now: float = 0.0) -> str:
        """A token that lives for LIFE seconds."""
        at = int(now or time.time())
        claims = {"iss": ISSUER, "org": bearer.organization_id, "sub": bearer.client_id, "iat": at,
                  "exp": at + LIFE}  # fmt: skip
        if bearer.workspace_id:
            claims["wsp"] = bearer.workspace_id
        return jwt.encode(claims, self._keys[0], ALGORITHM)

    def read(self, token: str) -> Bearer:
        """What a token says. Raises Refused (401) for one that is not ours, altered, or ended."""
        for key in self._keys:
            try:
                claims = jwt.decode(
                    token, key, [ALGORITHM], issuer=ISSUER, leeway=SLACK,
                    options={"require": ["exp", "iat", "sub", "org"]},
                )  # fmt: skip
            except jwt.InvalidTokenError:
                continue
            return Bearer(str(claims["org"]), str(claims["sub"]), str(claims.get("wsp", "")))
        raise unknown_token()
