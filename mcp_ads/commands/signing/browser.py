"""Consent in a browser: opened where there is one, else by an address to open and one to paste back."""

from __future__ import annotations

import os
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.signing_in.beginning import Beginning
from mcp_ads.auth.signing_in.callback import Callback, check_free
from mcp_ads.auth.signing_in.consent import Consent, code_in, is_here
from mcp_ads.auth.signing_in.giving_way import gives_way
from mcp_ads.auth.signing_in.loopback import Loopback
from mcp_ads.commands.streams import note
from mcp_ads.errors import AuthError, BadSettings, InvalidParams

from . import terminal

WAITS = 600.0
"""Seconds somebody has for the pages of a platform."""
OPENS = 10.0
"""Seconds a browser has to say that it cannot be started."""
LATE = "nobody came back within ten minutes, and nothing was stored"
PASTE = "then paste the whole address the browser ended at, also when it could not show a page there:"


def consented(
    consent: Consent, title: str, exchange: Callable[[str], SignedIn], *, home: Path, may_open: bool
) -> SignedIn:
    """What the platform gave after somebody agreed. Raises AdsError: nobody did, or it gave nothing.

    A server of this home that has the port for its page gives way.
    """
    if not is_here(consent.redirect_uri):
        return exchange(_elsewhere(consent, title, may_open=may_open))
    if not may_open:
        try:
            check_free(consent.redirect_uri, partial(gives_way, home))
        except BadSettings as error:
            note(f"{error}")
            note(
                "nothing listens there for you; a browser on another machine shows no page, and that is right"
            )
            _print(consent)
            note(PASTE)
            return exchange(_pasted(consent, title, lambda _: False, listens=False))
    with Callback(consent, title, exchange, partial(gives_way, home)) as callback:
        until = time.monotonic() + WAITS

        def over(seconds: float) -> bool:
            return callback.wait(seconds) or time.monotonic() > until

        if may_open and _open(callback.begins_at, title):
            note(f"waiting for the browser to come back to {consent.redirect_uri} (Ctrl-C ends it)")
        else:
            _print(consent)
            note(PASTE)
            if code := _pasted(consent, title, over, listens=True):
                return exchange(code)
        if not callback.wait(max(0.0, until - time.monotonic())):
            raise AuthError(LATE, fix="run the same command again")
        return callback.result()


def _elsewhere(consent: Consent, title: str, *, may_open: bool) -> str:
    """The code of a consent whose browser ends at an address where we do not listen."""
    beginning = Beginning(consent.url, title)
    with closing(Loopback(0, beginning.answer)) as loopback:
        if not may_open or not _open(f"http://localhost:{loopback.port}{beginning.path}", title):
            _print(consent)
        note(PASTE)
        return _pasted(consent, title, lambda _: False, listens=False)


def _open(url: str, title: str) -> bool:
    """Open the page; whether a browser of this machine has it."""
    if not _has_browser() or not _opened(url):
        return False
    note(f"{title} is open in your browser; nothing there? run it again with --no-browser")
    return True


def _print(consent: Consent) -> None:
    note(f"open this address in a browser, and agree there:\n\n{consent.url}\n")


def _opened(url: str) -> bool:
    """Whether a browser took an address; one that only ends when it is closed has taken it too."""
    found: list[bool] = []
    opening = threading.Thread(target=lambda: found.append(webbrowser.open(url)), daemon=True)
    opening.start()
    opening.join(OPENS)
    return found[0] if found else opening.is_alive()


def _has_browser() -> bool:
    """Whether a page can be shown: what a terminal has for it would take the terminal away."""
    if sys.platform in ("win32", "darwin") or os.environ.get("BROWSER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check(redirect_uri: str, home: Path) -> None:
    """Raise BadSettings where a browser could not come back to its port."""
    if is_here(redirect_uri):
        check_free(redirect_uri, partial(gives_way, home))


def _pasted(consent: Consent, title: str, over: Callable[[float], bool], *, listens: bool) -> str:
    """The code in a pasted address, or "" once the browser has come back by itself or nothing comes any more.

    Raises AuthError where the platform said no, and BadSettings where nobody can come back otherwise.
    """
    while (line := terminal.line_unless(over)) is not None:
        if not line:
            note(f"does the page show an error? docs/setup-{title.lower()}.md says what to do; Ctrl-C ends")
            continue
        try:
            return code_in(line, consent, title)
        except InvalidParams as error:
            note(f"mcp-ads: {error}")
    if not listens:
        raise BadSettings("no address was pasted, and nothing was stored; run the same command again")
    return ""
