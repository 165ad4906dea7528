"""Where a browser begins: an address of this machine that leads on to the consent, once.

Whoever is on this machine can read what a browser is started with, and a consent's address has the state
that its answer is known by.
"""

from __future__ import annotations

import secrets
import threading

from .loopback import Visit
from .pages import Page, onward, page

PLACE = "/begin/"
GONE = page("Begun already", "This address opens once. Run the same command again.", status=410)


class Beginning:
    """One page, for the first who asks for it."""

    def __init__(self, url: str, title: str) -> None:
        self.path = f"{PLACE}{secrets.token_urlsafe(32)}"
        self._url, self._title = url, title
        self._turn = threading.Lock()

    def answer(self, visit: Visit) -> Page:
        """The page that leads on; for another address, and the second time, one that leads nowhere."""
        if visit.method != "GET" or not secrets.compare_digest(visit.path.encode(), self.path.encode()):
            return page("Nothing here", "This address only begins a sign-in.", status=404)
        if not self._turn.acquire(blocking=False):
            return GONE
        return onward(f"On to {self._title}", self._url, "You agree there, and come back here.")
