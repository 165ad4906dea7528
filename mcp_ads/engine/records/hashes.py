"""The hash that chains a line of the log to the one before."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
