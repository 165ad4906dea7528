"""Numbers that look random and never change: the same seed, object and day give the same value."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

SEED = "mcp-ads"
T = TypeVar("T")


def noise(*keys: object, seed: str = SEED) -> float:
    """A number in [0, 1) that depends on the keys alone."""
    text = "|".join(map(str, (seed, *keys))).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest(), "big") / 2**56


def between(low: float, high: float, *keys: object) -> float:
    return low + (high - low) * noise(*keys)


def whole(low: int, high: int, *keys: object) -> int:
    """An integer in [low, high]."""
    return low + int((high - low + 1) * noise(*keys))


def choice(options: Sequence[T], *keys: object) -> T:
    return options[int(len(options) * noise(*keys))]
