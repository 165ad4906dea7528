"""Whoever sits at the terminal: asked on stderr, answering on stdin, secrets unseen."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from mcp_ads.commands.streams import note
from mcp_ads.engine.answers.shape import visible
from mcp_ads.errors import BadSettings

TICK = 0.2


def is_there() -> bool:
    """Whether there is somebody to ask."""
    return bool(sys.stdin and sys.stdin.isatty())


def ask(question: str) -> str:
    """One line of an answer. Raises BadSettings where nobody answers any more."""
    sys.stderr.write(f"{visible(question)} ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        note("")
        raise BadSettings("the answers ended before the questions: nothing was stored")
    return line.strip()


def ask_secret(question: str) -> str:
    """The same for a secret, which is not shown."""
    from getpass import getpass

    try:
        return getpass(f"{visible(question)} ", stream=sys.stderr).strip()
    except EOFError:
        raise BadSettings("the answers ended before the questions: nothing was stored") from None


def secret_from(question: str) -> str:
    """A secret: asked for, or where nobody can be asked the line that a program writes to stdin."""
    if is_there():
        return ask_secret(question)
    return sys.stdin.readline().strip() if sys.stdin else ""


def line_unless(over: Callable[[float], bool]) -> str | None:
    """The next line of stdin, "" for an empty one; None once `over` is true, which is asked every moment, or
    stdin has ended.

    Where stdin cannot be waited for beside something else, `over` is asked between lines.
    """
    while not over(0):
        if not _has_line():
            continue
        line = sys.stdin.readline()
        return line.strip() if line else None
    return None


def _has_line() -> bool:
    """Whether reading stdin would not wait."""
    if os.name == "nt":
        return True
    import select

    try:
        return bool(select.select([sys.stdin], [], [], TICK)[0])
    except (OSError, ValueError, TypeError):
        return True


def counted(question: str, most: int) -> int:
    """The number of a choice, from 1; the first where nothing is written."""
    while True:
        text = ask(question)
        if not text:
            return 1
        if text.isdecimal() and 1 <= int(text) <= most:
            return int(text)
        note(f"write a number from 1 to {most}, or only Enter for 1")
