"""The browser's way back: one answer to one consent, taken on this machine and exchanged at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.errors import AdsError, BadSettings

from .consent import Consent, code_in
from .loopback import Loopback, Visit
from .pages import Page, page

GONE = 410


class Callback:
    """Waits for one answer; the page it is answered with says what came of it.

    `exchange` makes a sign-in of the code. Whatever it raises is raised where the answer is waited for.
    Raises BadSettings where the port is taken.
    """

    def __init__(self, consent: Consent, title: str, exchange: Callable[[str], SignedIn]) -> None:
        self._consent, self._title, self._exchange = consent, title, exchange
        self._here = urlsplit(consent.redirect_uri)
        self._turn = threading.Lock()
        self._over = threading.Event()
        self._found: SignedIn | None = None
        self._error: BaseException | None = None
        port = self._here.port or 80
        try:
            self._loopback = Loopback(port, self._answer)
        except OSError as error:
            raise BadSettings(
                f"--port: {port} is taken by another program, or by a server's page to sign in at "
                f"({error.strerror}); choose another with --port, and register its redirect URI"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loopback.close()

    def wait(self, seconds: float) -> bool:
        """Whether the answer has come within these seconds."""
        return self._over.wait(seconds)

    def result(self) -> SignedIn:
        """The sign-in that was made of the answer. Raises what was in the way."""
        if self._error:
            raise self._error
        assert self._found
        return self._found

    def _answer(self, visit: Visit) -> Page:
        if visit.path != self._here.path:
            return page("Nothing here", "This address only takes the answer to a sign-in.", status=404)
        if visit.method != "GET":
            return page("Nothing here", "The answer to a sign-in is a GET.", status=405)
        if not self._turn.acquire(blocking=False):
            return page("Answered already", "This sign-in has had its answer.", status=GONE)
        try:
            address = self._consent.redirect_uri.partition("?")[0]
            return self._taken(f"{address}?{visit.query}")
        finally:
            self._over.set()

    def _taken(self, answer: str) -> Page:
        try:
            self._found = self._exchange(code_in(answer, self._consent, self._title))
        except AdsError as error:
            self._error = error
            fix = (f"What to do: {error.fix}.",) if error.fix else ()
            return page("Not signed in", f"{error}.", *fix, "You can close this window.", status=400)
        except BaseException as error:
            self._error = error
            raise
        who = f" as {self._found.who}" if self._found.who else ""
        return page(
            f"Signed in{who}", f"{self._title} has answered. Close this window and go on in the terminal."
        )
