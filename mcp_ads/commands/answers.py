"""How `call`, `apply` and `plans` print an answer: in the command line's words, as a table on a terminal."""

from __future__ import annotations

import csv
import sys

from mcp_ads.core import Result
from mcp_ads.situation import in_shell

from .streams import note, say


def show(result: Result, text: str, style: str) -> None:
    """Print an answer that was rendered as `text`. Programs get it as it is; JSON is never reworded."""
    if style == "json":
        say(text)
    elif sys.stdout.isatty() and isinstance(result.data, list) and not result.text:
        _table(text)
    else:
        say(in_shell(text, _plan_id(result)) if result.text else text)


def _plan_id(result: Result) -> str:
    data = result.data if isinstance(result.data, dict) else {}
    return str(data.get("plan_id") or "PLAN_ID")


def complain_in_shell(text: str) -> None:
    """Print an error in the words of the command line."""
    note(in_shell(text))


def _table(text: str) -> None:
    """The rows as a table, and around it what is said of them."""
    from rich.text import Text

    from .console import Screen
    from .grid import tables

    screen = Screen()
    lines = text.splitlines()
    around = [line for line in lines if line.startswith(("meta: ", "PARTIAL", "error: "))]
    rows = list(csv.reader(line for line in lines if line not in around))
    if len(rows) > 1:
        for table in tables(rows, screen.width):
            screen.print(table)
    for line in around:
        screen.print(Text(line, "dim" if line.startswith("meta: ") else "yellow"), soft_wrap=True)
