"""A connection that is named, or has to be: what to say where there is no such."""

from __future__ import annotations

from collections.abc import Sequence

from mcp_ads.core.synonyms import closest, cut


def no_connection(labels: Sequence[str], wanted: str) -> str:
    """That none of these connections is meant, or that one has to be named, in a line."""
    if not wanted:
        return f"connection: missing; name one of {', '.join(labels)}"
    near = closest(wanted, labels)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"connection: {cut(wanted)!r} is none of {', '.join(labels)}{meant}"
