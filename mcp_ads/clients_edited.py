"""Edits of `clients.toml` while a process runs: a file that is gone, or half written, never lifts a guard."""

from __future__ import annotations

import time
from pathlib import Path

from .clients import FILE, Clients
from .errors import BadSettings, PolicyError

NO_CLIENTS = (
    "clients.toml has no client any more; while it is being written that says nothing: put them back, or, "
    "where there are to be none, start anew what has read it"
)
JUST_NOW = 2.0
"""Seconds in which an editor may still be writing what it saves in place."""


class Guard:
    """What the clients of a process guard, held against each later reading of their file."""

    def __init__(self, clients: Clients, folder: Path) -> None:
        self._clients, self.path = clients, folder / FILE

    def check(self, clients: Clients) -> None:
        """Take these clients for those that are known.

        Raises BadSettings where none is left of those there were, and PolicyError where they guard less and
        the file was written just now: it may not be all there yet.
        """
        if self._clients and not clients:
            raise BadSettings(NO_CLIENTS)
        if _guarded(self._clients) - _guarded(clients) and self._is_fresh():
            said = (
                f"{FILE} was edited just now and protects less than before; it may not be written to its end"
            )
            raise PolicyError(said, fix=f"call again in {JUST_NOW:.0f} seconds")
        self._clients = clients

    def _is_fresh(self) -> bool:
        state = changed(self.path)
        return bool(state) and abs(time.time() - state[0] / 1e9) < JUST_NOW


def changed(path: Path) -> tuple[int, ...]:
    """What tells whether a file or folder was changed; empty where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _guarded(clients: Clients) -> set[tuple[tuple[str, str], str]]:
    """What is protected in which account."""
    return {
        (account, known) for client in clients for account in client.accounts for known in client.protected
    }
