"""`sandbox`: the make-believe platforms on real ports, until stopped."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Literal

from mcp_ads.sandbox.agency import clients_file
from mcp_ads.sandbox.apps import LINES
from mcp_ads.sandbox.clock import MOST
from mcp_ads.sandbox.ports import COUNT, Ports, Servers, running
from mcp_ads.sandbox.store import Store, state_file
from mcp_ads.settings_values import WORLDS, sandbox_home

from .streams import BAD_USAGE, FAILED, complain, note, say, settings_here

FIRST_PORT = 8600
MOST_PORT = 65_535
TICK = 0.5
WORLD_NAMES: dict[str, Literal["", "agency"]] = {"usual": "", "agency": "agency"}
RECORDS = ("plans", "cache", "lists", "spool", "blobs", "tokens", "trace.jsonl", "audit.jsonl", "audit.mark")
"""What is kept beside the state, and tells of objects that are not there any more."""


def sandbox(
    port: int | None,
    *,
    reset: bool,
    forward: int | None = None,
    world: Literal["usual", "agency"] | None = None,
    clients: bool = False,
) -> int:
    """Serve from the port on, forget the state, let so many seconds go by in it, or print its clients.toml.

    `world` is which invented one, that of MCP_ADS_SANDBOX unless it is named.
    """
    settings = settings_here()
    which = settings.sandbox_world if world is None else WORLD_NAMES[world]
    home, delay = sandbox_home(settings.home, which), settings.sandbox_report_delay
    if delay == WORLDS[settings.sandbox_world]:
        delay = WORLDS[which]
    if clients:
        return _print_clients(which, alone=port is None and not reset and forward is None)
    if forward is not None:
        return _forward(home, which, forward, alone=port is None and not reset)
    if reset and (kept := _forget(home, which)):
        complain(f"not forgotten, and still in {home}: {', '.join(kept)}")
        return FAILED
    if reset and port is None:
        return 0
    first = FIRST_PORT if port is None else port
    if not 0 <= first <= MOST_PORT - COUNT + 1:
        complain(f"--port: {first} and the next {COUNT - 1} are not all ports")
        return BAD_USAGE
    try:
        servers = Servers(home, first, delay, which)
    except OSError as error:
        if there := running(first, which):
            _say_variables(there)
            note(
                f"a sandbox runs at {there.url} already; these are its variables, and it keeps its own state"
            )
            return 0
        complain(f"ports {first} to {first + COUNT - 1} are not all free: {error.strerror}")
        note("choose others with --port")
        return FAILED
    return _until_stopped(servers)


def _print_clients(world: str, *, alone: bool) -> int:
    """Write the agency's clients to stdout, as clients.toml has them."""
    if not alone or not world:
        complain("--clients: with --world agency, and no other option beside it")
        return BAD_USAGE
    say(clients_file.text())
    return 0


def _forward(home: Path, world: str, seconds: int, *, alone: bool) -> int:
    """Move the clock of all processes that use this state."""
    if not alone or not 0 <= seconds <= MOST:
        complain(f"--forward: seconds from 0 to {MOST}, and no other option beside it")
        return BAD_USAGE
    store = Store(home / state_file(world), world)
    store.clock.forward(seconds)
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(store.clock.now()))
    store.close()
    note(f"{at} in the sandbox of {home}; figures stay those of today")
    return 0


def _forget(home: Path, world: str) -> list[str]:
    """The state as it was in the beginning, and no records; those that could not be removed."""
    store = Store(home / state_file(world), world)
    store.reset()
    store.close()
    for path in (home / name for name in RECORDS):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    kept = [name for name in RECORDS if os.path.lexists(home / name)]
    if not kept:
        note(f"forgot the make-believe accounts in {home}, with all plans, logs and caches about them")
    return kept


def _until_stopped(servers: Servers) -> int:
    stopped = threading.Event()
    in_background = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if in_background and hasattr(os, "setpgid") and os.getpgrp() != os.getpid():
        os.setpgid(0, 0)  # a Ctrl-C at the prompt is not meant for this, `kill` is
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stopped.set())
    servers.start()
    try:
        _say_variables(servers.ports)
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


def _say_variables(ports: Ports) -> None:
    say("\n".join(f"export {name}={shlex.quote(value)}" for name, value in ports.variables().items()))
    for line in LINES:
        note(line)


def _release_stdout() -> None:
    """Let `eval "$(mcp-ads sandbox &)"` go on: nobody waits for more lines than the variables."""
    if not sys.stdout.isatty():
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
