"""How the demo shows a session: the call as an agent sends it, the answer as a table or as it reads."""

from __future__ import annotations

import csv
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from .console import Screen
from .grid import tables, wrapped

if TYPE_CHECKING:
    from fastmcp import Client

WIDTH = 118
INDENT = "  "
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
        self._lines(text, style, "")

    def command(self, text: str) -> None:
        """A command to paste, in one line however long."""
        self.console.print(Text(INDENT + text, "bold"), soft_wrap=True)

    async def tell(self, tool: str, **arguments: Any) -> str:
        """Call a tool, print call and answer, and return the answer."""
        text = await self.ask(tool, **arguments)
        self.show(text)
        return text

    async def ask(self, tool: str, *, wrong: bool = False, **arguments: Any) -> str:
        """Call a tool and print the call. Raises Failed when it fails, or does not where it is `wrong`."""
        given = ", ".join(f"{name}={_json(value)}" for name, value in arguments.items())
        self._lines(f"▸ {tool}({given})", "blue", "")
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
            self._lines(_short(first), "dim")
            return
        for line in text.splitlines():
            style = next((style for start, style in STYLES if line.lstrip().startswith(start)), "")
            self._lines(line, style)

    def grid(self, body: str) -> None:
        """CSV as a table."""
        rows = list(csv.reader(body.splitlines()))
        for table in tables(rows, self.console.width - len(INDENT)):
            self.console.print(Padding(table, (0, 0, 0, len(INDENT)), expand=False))

    def _lines(self, text: str, style: str, indent: str = INDENT) -> None:
        """Text broken at spaces: what is longer than a line is left to the terminal, and can be copied."""
        self.console.print(Text(wrapped(text, self.console.width, indent), style), soft_wrap=True)


def _short(meta: str) -> str:
    """The meta line without its cursor, which only a program reads."""
    found = json.loads(meta.removeprefix("meta: "))
    if "cursor" in found:
        found["cursor"] = "…"
    return f"meta: {_json(found)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
