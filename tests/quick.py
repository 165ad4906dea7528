"""What the tests do not wait for: the disk and its fsync, reports in the making, servers' ticks, garbage.

None of it is what a test is about: nobody pulls a plug, a report's pauses are told by its polls, and
what a test leaves behind is a few objects. Other processes, and whoever sets a pause itself, are as they are.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import ssl
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from uvicorn import server

from mcp_ads.auth import keyring, oauth
from mcp_ads.auth.signing_in import loopback
from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.connectors.facebook_marketing.creative import videos
from mcp_ads.connectors.linkedin_ads.audiences import members
from mcp_ads.connectors.linkedin_ads.creatives import inline, media
from mcp_ads.engine.wire import flows, transport

NO_KEYRING = "keyring.backends.null.Keyring"
YOUNG = 50_000
"""So many new objects before garbage is looked for; Python's own 700 cost a tenth of the whole run."""


MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30
"""Where Linux keeps files in memory, and how much must be free there for the tests to do it too."""


def hurry() -> None:
    """From now on in this process; a retry is sent after a moment, unless the platform says when."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    setattr(os, "fsync", lambda _: None)  # noqa: B010 - mypy allows no other way
    setattr(flows, "asyncio", SimpleNamespace(sleep=lambda _: asyncio.sleep(0)))  # noqa: B010
    setattr(server, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": _tick}))  # noqa: B010
    transport.FIRST_BACKOFF = 0.01
    amazon_ads.throttle.first, amazon_ads.throttle.slow = 0.01, dict.fromkeys(amazon_ads.throttle.slow, 0.01)
    videos.LOOK_AGAIN = media.LOOK_AGAIN = members.SETTLING = inline.NOT_YET = 0.01
    loopback.LOOKS = 0.002
    oauth.LINKEDIN_SETTLES = (0.01, 0.02)
    _read_certificates_once()
    _ask_no_keyring()


async def _tick(seconds: float) -> None:
    """A server's look whether it is to stop, ten times as often."""
    await asyncio.sleep(seconds / 10)


def _read_certificates_once() -> None:
    """The world's certificates take 25 ms, for each of the hundreds of clients that use none of them."""
    setattr(ssl, "create_default_context", cache(ssl.create_default_context))  # noqa: B010


def keep_what_is_there() -> None:
    """What is loaded when the tests begin is not looked through for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)


def _ask_no_keyring() -> None:
    """Whether there is one is asked of a process, for each home; not where it is known that there is none."""
    tried = keyring.Keyring._tried

    def known(asked: keyring.Keyring) -> str:
        if os.environ.get("PYTHON_KEYRING_BACKEND") == NO_KEYRING:
            raise keyring.KeyringFailed("there is none on this machine")
        return tried(asked)

    setattr(keyring.Keyring, "_tried", known)  # noqa: B010
