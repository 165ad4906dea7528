"""`sandbox`: the make-believe platforms on real ports, until stopped."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import sys
import threading
from pathlib import Path

from mcp_ads.sandbox.ports import COUNT, Servers
from mcp_ads.sandbox.store import Store

from .streams import BAD_USAGE, FAILED, complain, note, say, settings_here

FIRST_PORT = 8600
MOST_PORT = 65_535
TICK = 0.5


def sandbox(port: int | None, *, reset: bool) -> int:
    """Serve from the port on, or forget the state."""
    home = settings_here().home / "sandbox"
    if reset:
        _forget(home)
        if port is None:
            return 0
    first = FIRST_PORT if port is None else port
    if not 0 <= first <= MOST_PORT - COUNT + 1:
        complain(f"--port: {first} and the next {COUNT - 1} are not all ports")
        return BAD_USAGE
    try:
        servers = Servers(home, first)
    except OSError as error:
        complain(f"ports {first} to {first + COUNT - 1} are not all free: {error.strerror}")
        note("choose others with --port")
        return FAILED
    return _until_stopped(servers)


def _forget(home: Path) -> None:
    store = Store(home / "sandbox.sqlite")
    store.reset()
    store.close()
    for name in ("audit.jsonl", "audit.mark"):  # they tell of budgets that are not there any more
        with contextlib.suppress(OSError):
            (home / name).unlink(missing_ok=True)
    note(f"forgot what was in {home}")


def _until_stopped(servers: Servers) -> int:
    stopped = threading.Event()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # in the background: a Ctrl-C at the prompt is not meant for this, `kill` is
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    servers.start()
    try:
        for name, value in servers.ports.variables().items():
            say(f"export {name}={shlex.quote(value)}")
        pid = os.getpid()
        note(
            f"sandbox at {servers.ports.url}, Amazon at the next three ports; Ctrl-C or `kill {pid}` stops it"
        )
        _release_stdout()
        while not stopped.wait(TICK):
            pass
    finally:
        servers.stop()
    return 0


def _release_stdout() -> None:
    """Let `eval "$(mcp-ads sandbox &)"` go on: nobody waits for more lines than the variables."""
    if not sys.stdout.isatty():
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
