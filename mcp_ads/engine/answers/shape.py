"""Answers as an agent reads them: the text of a result, with the cursor of the first row left out."""

from __future__ import annotations

from mcp_ads.core import Result
from mcp_ads.core.answer import MOST_CHARS, Drawn, drawn, partly
from mcp_ads.core.cells import ESCAPES, MOST_CELL, cell, compact, cut, flat, one_line, table, visible
from mcp_ads.engine.wire.window import Window

__all__ = [
    "ESCAPES",
    "MOST_CELL",
    "MOST_CHARS",
    "cell",
    "compact",
    "cut",
    "flat",
    "one_line",
    "partly",
    "render",
    "shown",
    "table",
    "visible",
]


def render(result: Result, style: str = "table") -> str:
    """The answer as the agent reads it, at most about 20,000 characters, cut between rows."""
    return shown(result, style).text


def shown(result: Result, style: str = "table") -> Drawn:
    """The answer as `render` gives it, with the number of rows it shows."""
    return drawn(result, style, result.cursor_at if isinstance(result, Window) else None)
