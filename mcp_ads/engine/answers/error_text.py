"""Errors as text: a few labelled lines that say what is wrong, what was sent, and who can do what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mcp_ads.engine.wire.heard import rate_line
from mcp_ads.errors import AdsError, ApiError, CallError

from .shape import ESCAPES, compact, cut, visible

UNCHANGED = "nothing was changed"
MOST_SAID = 300
MOST_MISTAKES, MOST_LINE = 60, 4_000


def render_error(error: AdsError) -> str:
    """An error as the agent reads it: what is wrong, what was sent, who can do what."""
    first, *rest = error.lines or ["something is wrong"]
    if len(rest) > MOST_MISTAKES:
        rest = [*rest[:MOST_MISTAKES], f"… and {len(rest) - MOST_MISTAKES} more"]
    said = [f"ERROR {type(error).__name__}: {first}", *(f"  {line}" for line in rest)]
    refused = ", and refused" if error.sent == "yes" and UNCHANGED in str(error) else ""
    lines = [*(cut(line, MOST_LINE) for line in said), f"sent: {error.sent}{refused}"]
    if isinstance(error, ApiError):
        lines += _platform_lines(error)
    if error.fix:
        lines.append(f"fix: {error.who}: {error.fix}")
    if isinstance(error, CallError) and error.signature:
        lines.append(f"signature: {error.signature}")
    if error.trace:
        lines.append(f"trace={error.trace}")
    return visible("\n".join(lines))


def _platform_lines(error: ApiError) -> Iterable[str]:
    facts = [error.code and f"code {error.code}", error.status and f"HTTP {error.status}", error.request_id]
    if known := " ".join(str(fact) for fact in facts if fact):
        yield f"platform: {known.translate(ESCAPES)}"
    if error.platform_text:
        yield f"says: {compact(cut(error.platform_text, MOST_SAID)).translate(ESCAPES)}"
    if error.rate:
        yield rate_line(error.rate)


def as_row(index: int, error: AdsError) -> dict[str, Any]:
    """An error of one item among many."""
    row: dict[str, Any] = {
        "index": index,
        "code": type(error).__name__,
        "message": str(error),
        "fix": error.fix,
    }
    if isinstance(error, ApiError):
        row |= {
            "platform": error.code,
            "says": cut(error.platform_text, MOST_SAID),
            "sent": error.sent,
            "trace": error.trace,
        }
    return {key: value for key, value in row.items() if value not in ("", None)}
