"""What an answer lacks that was asked for: a warning that makes it an answer of a part."""

from __future__ import annotations

from collections.abc import Iterable

from mcp_ads.errors import ApiError, PlatformDown, RateLimited


class Gap(str):
    """A warning that something is missing: an answer with one is partial, never taken for the whole."""

    __slots__ = ()


def unless_refused(warning: str, error: ApiError | None) -> str:
    """A warning about values beside the rows: a gap where asking again may bring them.

    Where the platform refuses them for good the rows are all the same, and their cells are empty.
    """
    return Gap(warning) if isinstance(error, PlatformDown | RateLimited) else warning


def missing(warnings: Iterable[str]) -> str:
    """What is missing by these warnings; empty where nothing is."""
    return "; ".join(warning for warning in warnings if isinstance(warning, Gap))
