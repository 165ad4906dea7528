"""The port of the pages to sign in at: a server that has it gives way to a login of the same user.

Who may ask is known by a word in a private file of the home, which only its user can read.
"""

from __future__ import annotations

import hmac
import http.client
import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from mcp_ads.files.private_files import opened, replaced

from .loopback import Visit
from .pages import page

PATH = "/give-way"
FILE = "sign-in-page"
PATIENCE = 3.0
"""Seconds a server has to answer."""
MOST = 200
GIVES = page("The port is free", "A login has it now.")
REFUSES = page("Nothing here", "Only a login of the same user may ask.", status=403)


class Way:
    """A server's word, which it writes down while it listens."""

    def __init__(self, home: Path) -> None:
        self._file = home / FILE
        self._word = secrets.token_urlsafe(32)

    def say(self, port: int) -> None:
        """Write it down for the port; where that cannot be, nobody is given way."""
        replaced(self._file, f"{port} {self._word}".encode())

    def unsay(self) -> None:
        """Take it back, unless it is another server's by now."""
        with suppress(OSError):
            with opened(self._file) as file:
                ours = file.read(MOST).decode(errors="replace").endswith(f" {self._word}")
            if ours:
                self._file.unlink()

    def is_asked_by(self, visit: Visit) -> bool:
        """Whether this is a login of the same user."""
        return visit.method == "POST" and hmac.compare_digest(
            visit.form.get("word", "").encode(), self._word.encode()
        )


def gives_way(home: Path, port: int) -> bool:
    """Ask the server of this home that listens at the port to give it up; whether it does."""
    try:
        with opened(home / FILE) as file:
            if os.name != "nt" and os.fstat(file.fileno()).st_uid != os.getuid():
                return False
            known, _, word = file.read(MOST).decode(errors="replace").partition(" ")
    except OSError:
        return False
    if known != str(port):
        return False
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        headers = {"Host": f"localhost:{port}", "Content-Type": "application/x-www-form-urlencoded"}
        asked.request("POST", PATH, urlencode({"word": word}), headers)
        return asked.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
