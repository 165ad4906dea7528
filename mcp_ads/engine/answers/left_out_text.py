"""What a write leaves out, and why: in a plan, or in the answer that there is nothing to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mcp_ads.engine.changes.steps import quoted, shown_id

from .shape import cut, one_line

MOST_EXCLUDED = 25
MOST_REASON = 300


def left_out_lines(excluded: Sequence[dict[str, Any]]) -> list[str]:
    """The line of a plan that says what of the call is in none of its steps; none where all is."""
    groups = [f"{names} ({why})" for names, why in _by_reason(excluded)]
    count = f" ({len(excluded):,})" if len(excluded) > 1 else ""
    return [f"left out{count}: {'; '.join(groups)}"] if groups else []


def nothing_said(excluded: Sequence[dict[str, Any]]) -> str:
    """The answer to a write that would change nothing: what was left out, and why."""
    return f"Nothing to change: {'; '.join(f'{names}: {why}' for names, why in _by_reason(excluded))}"


def _by_reason(excluded: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """What was left out, named, with its reason; those with the same one together."""
    named: dict[str, list[str]] = {}
    for item in excluded:
        known = (shown_id(str(item["id"])), quoted(item["name"]) if item.get("name") else "")
        named.setdefault(cut(one_line(item["why"]), MOST_REASON), []).append(" ".join(filter(None, known)))
    told, room = list[tuple[str, str]](), MOST_EXCLUDED
    for why, names in named.items():
        shown = names[: max(room, 1)]
        room -= len(shown)
        more = f" and {len(names) - len(shown):,} more" if len(shown) < len(names) else ""
        told.append((", ".join(shown) + more, why))
        if room <= 0:
            break
    left = len(excluded) - sum(len(named[why]) for _, why in told)
    return [*told, (f"{left:,} more", "for other reasons")] if left else told
