"""A web server for one browser on this machine: 127.0.0.1 and ::1 alone, and only under their own names."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from .pages import Page, page

HOSTS = ("localhost", "127.0.0.1", "[::1]")
MOST_FORM = 16_384
PATIENCE = 10.0
"""Seconds a browser has to send its request."""
LOOKS = 0.05
"""Seconds between two looks whether it is to close."""
NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)
TRIES = 20


@dataclass(frozen=True)
class Visit:
    """What a browser asks for."""

    method: str
    path: str
    query: str = field(default="", repr=False)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    origin: str = ""


class Loopback:
    """Answers on this machine until it is closed; `answer` is called in threads of its own.

    `port` 0 takes a free one. Raises OSError where a port is taken, on either address: another program at one
    of them could be sent what is meant for us.
    """

    def __init__(self, port: int, answer: Callable[[Visit], Page]) -> None:
        self._servers = _listening(port, answer)
        self.port = int(self._servers[0].server_address[1])
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(LOOKS,), daemon=True).start()

    def close(self) -> None:
        """Stop listening; answers under way are finished, connections on which nothing was asked are not."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
            server.idle.wait(PATIENCE)


class _Server(ThreadingHTTPServer):
    """One address; its answers do not keep the process alive."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"

    def __init__(self, family: int, host: str, port: int, answer: Callable[[Visit], Page]) -> None:
        self.address_family, self.answer = family, answer
        self.idle = threading.Event()
        self.idle.set()
        self._under_way, self._turn = 0, threading.Lock()
        super().__init__((host, port), _Handler)

    def count(self, more: int) -> None:
        """Note that an answer is begun, or done."""
        with self._turn:
            self._under_way += more
            (self.idle.clear if self._under_way else self.idle.set)()

    def handle_error(self, *_: Any) -> None:
        """Say nothing: a browser that went away is no news, and what it sent is not for a log."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE
    disable_nagle_algorithm = True  # or a page waits 40 ms behind its own headers
    server_version, sys_version = "mcp-ads", ""

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_FORM:
            self._send(page("Too much", "That is no form of this page.", status=413))
            return
        sent = self.rfile.read(int(length)).decode("utf-8", "replace")
        self._answer({name: values[-1] for name, values in parse_qs(sent).items()})

    def _answer(self, form: Mapping[str, str]) -> None:
        port = self.server.server_address[1]
        if self.headers.get("Host", "").lower() not in {f"{host}:{port}" for host in HOSTS}:
            self._send(page("Not here", "This address is another one's.", status=421))
            return
        path, _, query = self.path.partition("?")
        visit = Visit(self.command, path, query, form, self.headers.get("Origin", ""))
        self.server.count(1)
        try:
            self._send(self.server.answer(visit))
        finally:
            self.server.count(-1)

    def _send(self, answered: Page) -> None:
        content = answered.html.encode()
        self.send_response(answered.status)
        for name, value in answered.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing: what a browser asks for has codes in it."""


def _listening(port: int, answer: Callable[[Visit], Page]) -> list[_Server]:
    for _ in range(TRIES - 1):
        try:
            return _pair(port, answer)
        except OSError:
            if port:
                raise
    return _pair(port, answer)


def _pair(port: int, answer: Callable[[Visit], Page]) -> list[_Server]:
    """The same port at both addresses, or at one where there is no IPv6."""
    first = _Server(socket.AF_INET, "127.0.0.1", port, answer)
    try:
        return [first, _Server(socket.AF_INET6, "::1", first.server_address[1], answer)]
    except OSError as error:
        if error.errno in NO_IPV6:
            return [first]
        first.server_close()
        raise
