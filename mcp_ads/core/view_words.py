"""What the parameters of a list's view are, with examples in columns that the action itself has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .action import Action
from .columns import Column

IN_FULL = "Also write a .csv or .jsonl in MCP_ADS_FILES: what is hidden in the answer stands there in full."
NAMING = ("text", "id", "date", "code")
SORTS = ("status", "state", "type", "objective", "platform", "severity", "category", "level", "country")
"""Ends of the names of columns that rows are usefully grouped by: few values, and each of many rows."""


def view_words(call: Action) -> dict[str, str]:
    """What `where`, `sort` and `group_by` are for a call: every column they name is one of its own."""
    columns = [name for name in call.columns() if name.isidentifier()]
    kinds = call.kinds()
    figures = [name for name in columns if name in kinds and kinds[name].kind not in NAMING]
    figures = sorted(figures, key=lambda name: kinds[name].kind != "money")
    names = [name for name in columns if name.lower().endswith("name") and not call.private]
    return {
        "where": _where(figures, names, columns, kinds),
        "sort": _sort(figures, names, columns),
        "group_by": _group_by(columns, kinds),
        **({"save_to": IN_FULL} if call.private else {}),
    }


def _where(
    figures: Sequence[str], names: Sequence[str], columns: Sequence[str], kinds: Mapping[str, Column]
) -> str:
    parts = [f"{name} > {'50 USD' if kinds[name].kind == 'money' else '100'}" for name in figures[:1]]
    parts += [f"{name} ~ 'shoes'" for name in names[:1]]
    if not parts:
        parts = [f"{name} is not null" for name in columns[:1]]
    example = f': "{" and ".join(parts)}"' if parts else ""
    return f"Rows to keep{example}; and, or, not; also filter."


def _sort(figures: Sequence[str], names: Sequence[str], columns: Sequence[str]) -> str:
    keys = [*figures[:1], *names[:1]] or [*columns[:1]]
    example = f'"-{",".join(keys)}": ' if keys else ""
    return f"{example}- for largest first."


def _group_by(columns: Sequence[str], kinds: Mapping[str, Column]) -> str:
    said = [name for end in SORTS for name in columns if name.lower().endswith(end)]
    said = [name for name in said if name not in kinds or kinds[name].kind == "text"]
    dated = [f"month({name})" for name in columns if name in kinds and kinds[name].kind == "date"]
    keys = [*said[:1], *dated[:1]]
    example = f'"{",".join(keys)}": ' if keys else "Columns: "
    return f"{example}a row a group, with count and sums{'; also day, week' if dated else ''}."
