"""A person who signs in: somebody at a terminal, and a browser that agrees to what it is shown."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode, urljoin

import httpx
import pytest

BUTTON = re.compile(r'<button name="answer" value="([^"]*)">')
BOX = re.compile(r'<input type="checkbox" name="scope" value="([^"]*)"')
REFRESH = re.compile(r'http-equiv="refresh" content="0; url=([^"]*)"')
CHECK = re.compile(r'<input type="hidden" name="check" value="([^"]*)"')
PRINTED = re.compile(r"^http\S+$", re.MULTILINE)
Line = str | Callable[[str], str]
"""What is typed; or what becomes of all that has been said so far."""


@dataclass
class Browser:
    """Agrees to all but `declined`, or presses another button; shows what it was answered at last."""

    press: str = "agree"
    declined: Sequence[str] = ()
    changed: Callable[[str], str] = lambda address: address
    """What becomes of the address it is sent back to."""
    opened: list[str] = field(default_factory=list)
    shown: str = ""

    def open(self, url: str) -> bool:
        """Show a page, agree, come back, and show what is there."""
        self.opened.append(url)
        if address := self.consent(url):
            self.shown = unescape(httpx.get(self.changed(address), timeout=20).text)
        return True

    def consent(self, url: str) -> str:
        """Press a button of a consent page: the address it leads to; "" where the page has no button."""
        page = httpx.get(url, timeout=20)
        if onward := REFRESH.search(page.text):
            url = unescape(onward[1])
            self.opened.append(url)
            page = httpx.get(url, timeout=20)
        self.shown = unescape(page.text)
        if not BUTTON.search(page.text):
            return ""
        scopes = [scope for scope in BOX.findall(page.text) if scope not in self.declined]
        form = urlencode({"answer": self.press, "scope": scopes}, doseq=True)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = httpx.post(url, content=form, headers=headers, timeout=20)
        return str(urljoin(url, answer.headers.get("location", "")))

    def printed(self, said: str) -> str:
        """The address that a consent leads to, whose page was printed."""
        return self.consent(PRINTED.findall(said)[-1])


class Typist:
    """Somebody at a terminal who answers what is asked, one line after another, and secrets unseen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.browser = Browser()
        self.asked_secretly = 0
        self.said = ""
        self._lines: list[Line] = []
        self._secrets: list[str] = []
        self._capsys = capsys
        monkeypatch.setattr(sys, "stdin", self)
        monkeypatch.setattr("getpass.getpass", self._unseen)
        monkeypatch.setattr("webbrowser.open", self._open)
        monkeypatch.setitem(os.environ, "BROWSER", "one of the tests")

    def types(self, *lines: Line, secrets: Sequence[str] = ()) -> None:
        """What is typed from now on."""
        self._lines, self._secrets, self.said = list(lines), list(secrets), ""

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        if not self._lines:
            return ""
        line = self._lines.pop(0)
        if isinstance(line, str):
            sys.stderr.write("\n")  # as a terminal shows the Enter
            return f"{line}\n"
        self.said += self._capsys.readouterr().err
        return f"{line(self.said)}\n"

    def _open(self, url: str) -> bool:
        return self.browser.open(url)

    def _unseen(self, *_: Any, **__: Any) -> str:
        self.asked_secretly += 1
        if not self._secrets:
            raise EOFError
        return self._secrets.pop(0)


def port() -> str:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
