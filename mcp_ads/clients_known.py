"""That a home has had clients, kept beside the records: a clients file that is gone lifts no guard."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from .clients import FILE, Clients
from .files.private_files import opened, replaced

MEMORY = "clients-known"
"""The number of clients that were read last, and the day, on one line."""
MOST = 100
FORGET = "mcp-ads clients forget"


def remember(folder: Path, clients: Clients) -> None:
    """Keep that there are clients in a folder; where it cannot be written, the next reading keeps it."""
    line = f"{len(clients.named)} {datetime.now(UTC).date()}\n".encode()
    if clients and _kept(folder) != line:
        replaced(folder / MEMORY, line)


def gone(folder: Path) -> str:
    """That the clients there were in a folder are written down nowhere now; empty where there were none.

    It is for who has read no client there. What is kept counts also where it cannot be understood.
    """
    if (kept := _kept(folder)) is None:
        return ""
    number, _, day = kept.decode("ascii", "replace").strip().partition(" ")
    named = "clients"
    if number.isdecimal():
        named = f"{number} client{'' if number == '1' else 's'}"
    when = f" on {day}" if _is_day(day) else ""
    is_there = os.path.lexists(folder / FILE)
    return f"{FILE} {'has no client in it' if is_there else 'is gone'}, and it named {named}{when}"


def forget(folder: Path) -> None:
    """Have there never been clients in a folder. Raises OSError."""
    (folder / MEMORY).unlink(missing_ok=True)


def _kept(folder: Path) -> bytes | None:
    """What is kept; None where nothing is."""
    try:
        with opened(folder / MEMORY) as file:
            return file.read(MOST)
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
