"""How the demo shows a session: the call as an agent sends it, the answer as a table or as it reads."""

from __future__ import annotations

import csv
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .console import Screen

if TYPE_CHECKING:
    from fastmcp import Client

WIDTH = 118
MOST_CELL = 44
LEAST_CELL = 24
GAP = 2
STYLES = (
    ("ERROR", "bold red"),
    ("PLAN ", "bold cyan"),
    ("APPLIED", "bold green"),
    ("money:", "bold"),
    ("fix:", "yellow"),
    ("warning:", "yellow"),
    ("undo:", "cyan"),
    ("request:", "dim"),
)


class Failed(Exception):
    """A step of the demo did not do what it shows."""


class Stage:
    """A console in front of one MCP session."""

    def __init__(self, client: Client[Any]) -> None:
        width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
        self.console = Screen(width=width)
        self.client = client
        self.accounts: dict[str, dict[str, str]] = {}

    def title(self, text: str, why: str = "") -> None:
        """Begin a scene."""
        self.console.print()
        self.console.rule(Text(text, "bold"), align="left")
        if why:
            self.say(why)

    def say(self, text: str, style: str = "italic") -> None:
        """A sentence of our own."""
        self.console.print(Text(text, style))

    async def tell(self, tool: str, **arguments: Any) -> str:
        """Call a tool, print call and answer, and return the answer."""
        text = await self.ask(tool, **arguments)
        self.show(text)
        return text

    async def ask(self, tool: str, *, wrong: bool = False, **arguments: Any) -> str:
        """Call a tool and print the call. Raises Failed when it fails, or does not where it is `wrong`."""
        given = ", ".join(f"{name}={_json(value)}" for name, value in arguments.items())
        self.console.print(Text(f"▸ {tool}({given})", "blue"))
        answer = await self.client.call_tool(tool, arguments, raise_on_error=False)
        text = str(getattr(answer.content[0], "text", ""))
        if answer.is_error is not wrong:
            raise Failed(f"{tool}({given}) answered\n{text}")
        return text

    async def rows(self, tool: str, entity: str, action: str, **params: Any) -> list[dict[str, Any]]:
        """Call an execute tool for data to go on with."""
        text = await self.ask(tool, entity=entity, action=action, params=params, format="json")
        data: list[dict[str, Any]] = json.loads(text)["data"]
        if not data:
            raise Failed(f"{tool} {entity}.{action} has no rows")
        return data

    def show(self, text: str) -> None:
        """An answer: a table of rows as a table, anything else line by line."""
        first, _, body = text.partition("\n")
        if first.startswith("meta: ") and "rows" in json.loads(first.removeprefix("meta: ")):
            self.grid(body)
            self._indented(Text(_short(first), "dim"))
            return
        for line in text.splitlines():
            style = next((style for start, style in STYLES if line.lstrip().startswith(start)), "")
            self._indented(Text(line, style))

    def grid(self, body: str) -> None:
        """CSV as a table."""
        rows = list(csv.reader(body.splitlines()))
        table = Table(box=None, padding=(0, GAP, 0, 0), header_style="bold")
        for name, width in zip(rows[0], _widths(rows, self.console.width - GAP), strict=True):
            table.add_column(Text(name), width=width, overflow="ellipsis", no_wrap=True)
        for row in rows[1:]:
            table.add_row(*(Text(cell) for cell in row))
        self._indented(table)

    def _indented(self, what: Text | Table) -> None:
        self.console.print(Padding(what, (0, 0, 0, GAP), expand=False))


def _widths(rows: list[list[str]], room: int) -> list[int]:
    """Column widths that fit: long text is cut first, then headers longer than what is under them."""
    columns = list(zip(*rows, strict=True))
    under = [min(MOST_CELL, max((cell_len(cell) for cell in column[1:]), default=1)) for column in columns]
    widths = [max(cell_len(column[0]), most) for column, most in zip(columns, under, strict=True)]
    least = [min(most, LEAST_CELL) for most in under]
    for longest in sorted(range(len(widths)), key=lambda index: -widths[index]):
        excess = sum(widths) + GAP * len(widths) - room
        widths[longest] -= max(0, min(excess, widths[longest] - max(least[longest], 3)))
    return widths


def _short(meta: str) -> str:
    """The meta line with its cursor cut, which only a program reads."""
    found = json.loads(meta.removeprefix("meta: "))
    if "cursor" in found:
        found["cursor"] = f"{found['cursor'][:12]}…"
    return f"meta: {_json(found)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
