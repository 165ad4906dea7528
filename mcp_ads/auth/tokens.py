"""Where access tokens are kept between processes: one private file each."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from mcp_ads.files.lock import locked
from mcp_ads.files.private_files import replaced

SPARE = 60
VISIBLE = re.compile(r"[!-~]+")
"""What a token is made of; anything else in its file is damage."""


@dataclass(frozen=True)
class Token:
    """An access token and the second (Unix time) from which it is no longer used."""

    value: str = field(repr=False)
    expires: float
    consent_ends: float = 0.0
    """When the consent it was got with ends, where the platform says so with each token; 0 for not known."""
    of: str = ""
    """The name of the sign-in it was got with; empty for credentials of the environment."""

    @property
    def fresh(self) -> bool:
        return time.time() < self.expires - SPARE


class Tokens(Protocol):
    """Where one connection's access token is kept between processes."""

    def read(self) -> Token | None:
        """The token that is kept, if there is a good one."""

    def write(self, token: Token) -> None:
        """Keep a token; where it cannot be kept, it lives in memory."""

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Hold the right to renew this token, in all processes. Raises Busy, OSError."""


class TokenFile:
    """One connection's access token on disk, so that a new process need not ask for a new one.

    The file is named by a hash of what the token was got with, readable by its owner only, and replaced as a
    whole. Where it cannot be written, the token lives in memory.
    """

    def __init__(self, folder: Path, *identity: str) -> None:
        self.path = folder / f"{fingerprint(*identity)}.json"

    def read(self) -> Token | None:
        try:
            return token_of(self.path.read_bytes())
        except OSError:
            return None

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the right to renew this token, in all processes. Raises Busy, OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(self.path.with_suffix(".lock")):
            yield

    def write(self, token: Token) -> None:
        replaced(self.path, json.dumps(asdict(token)).encode())


def token_of(content: bytes) -> Token | None:
    """A token as it was written down as JSON; None for anything else."""
    try:
        kept = json.loads(content)
        value, expires = kept["value"], float(kept["expires"])
        consent, of = float(kept.get("consent_ends", 0.0)), str(kept.get("of", ""))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    good = isinstance(value, str) and VISIBLE.fullmatch(value) and math.isfinite(expires)
    return Token(value, expires, consent if math.isfinite(consent) else 0.0, of) if good else None


def fingerprint(*parts: str) -> str:
    """A name that tells connections apart and nothing about their secrets."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
