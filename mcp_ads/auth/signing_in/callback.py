"""The browser's way back: one answer to one consent, taken on this machine and exchanged at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.errors import AdsError, BadSettings, InvalidParams

from .beginning import PLACE, Beginning
from .consent import Consent, code_in
from .loopback import Loopback, Visit
from .pages import Page, failed, page

GONE, WRONG = 410, 400
GIVES_WAY = 3.0
"""Seconds in which a server that gives way has left the port."""
TICK = 0.1
WAITING = page("Nothing here", "No sign-in has begun.", status=404)


class Callback:
    """Waits for one answer; the page it is answered with says what came of it.

    `exchange` makes a sign-in of the code. Whatever it raises is raised where the answer is waited for.
    `give_way` asks who has the port to leave it, and is whether they do. Raises BadSettings where it stays
    taken.
    """

    def __init__(
        self,
        consent: Consent,
        title: str,
        exchange: Callable[[str], SignedIn],
        give_way: Callable[[int], bool] = lambda _: False,
    ) -> None:
        self._consent, self._title, self._exchange = consent, title, exchange
        self._here = urlsplit(consent.redirect_uri)
        self._beginning = Beginning(consent.url, title)
        self._turn = threading.Lock()
        self._over = threading.Event()
        self._found: SignedIn | None = None
        self._error: BaseException | None = None
        self._loopback = _listening(self._here.port or 80, self._answer, give_way)

    @property
    def begins_at(self) -> str:
        """Where a browser begins, whose address says nothing of the consent's."""
        return f"http://localhost:{self._loopback.port}{self._beginning.path}"

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
        if visit.path.startswith(PLACE):
            return self._beginning.answer(visit)
        if visit.path != self._here.path:
            return page("Nothing here", "This address only takes the answer to a sign-in.", status=404)
        if visit.method != "GET":
            return page("Nothing here", "The answer to a sign-in is a GET.", status=405)
        address = f"{self._consent.redirect_uri.partition('?')[0]}?{visit.query}"
        # Any page of the web can send a browser here: only who knows the state is the answer.
        with suppress(AdsError):
            try:
                code_in(address, self._consent, self._title)
            except InvalidParams as error:
                return page(
                    "Not the answer", f"{error}.", "The sign-in still waits for its own.", status=WRONG
                )
        if not self._turn.acquire(blocking=False):
            return page("Answered already", "This sign-in has had its answer.", status=GONE)
        try:
            return self._taken(address)
        finally:
            self._over.set()

    def _taken(self, answer: str) -> Page:
        try:
            self._found = self._exchange(code_in(answer, self._consent, self._title))
        except AdsError as error:
            self._error = error
            return failed(error, "You can close this window.")
        except BaseException as error:
            self._error = error
            raise
        who = f" as {self._found.who}" if self._found.who else ""
        return page(
            f"Signed in{who}", f"{self._title} has answered. Close this window and go on in the terminal."
        )


def check_free(redirect_uri: str, give_way: Callable[[int], bool]) -> None:
    """Raise BadSettings where the port of a redirect URI is taken, and stays so."""
    _listening(urlsplit(redirect_uri).port or 80, lambda _: WAITING, give_way).close()


def _listening(port: int, answer: Callable[[Visit], Page], give_way: Callable[[int], bool]) -> Loopback:
    """The port, also where somebody gives way. Raises BadSettings."""
    try:
        return Loopback(port, answer)
    except OSError as error:
        taken = error
    until = time.monotonic() + GIVES_WAY if give_way(port) else 0.0
    while time.monotonic() < until:
        time.sleep(TICK)
        with suppress(OSError):
            return Loopback(port, answer)
    raise BadSettings(
        f"--port: {port} is taken by another program, or by the page of a server with another MCP_ADS_HOME "
        f"({taken.strerror}); stop it, choose another with --port and register its redirect URI, or name an "
        "https address with --redirect-uri and paste what the browser ends at"
    ) from None
