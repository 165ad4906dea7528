"""What every test may use: one event loop, an engine client for calls, a shell to run commands in."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from agent import Agent
from browsing import Typist
from budget import pytest_addoption, pytest_sessionfinish, pytest_terminal_summary
from engine_client import EngineClient, mend
from fastmcp import Client as McpClient
from fastmcp import FastMCP
from issued_tokens import pytest_runtest_makereport
from linkedin_client import Client
from made_reports import make_reports_once
from quick import NO_KEYRING, hurry, keep_what_is_there
from seeded import share_what_is_seeded
from shell import OURS, Shell

from mcp_ads.sandbox.ports import Servers, serving
from mcp_ads.sandbox.store import Store
from mcp_ads.server import build_server
from mcp_ads.settings import load

__all__ = [
    "pytest_addoption", "pytest_runtest_makereport", "pytest_sessionfinish", "pytest_terminal_summary",
]  # fmt: skip


def pytest_configure() -> None:
    """Make the sandbox's objects once; have Ctrl-C and the end of a terminal heeded.

    Under a shell that runs this in the background, or under nohup, children would ignore them as we do.
    """
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not os.environ.get("MCP_ADS_LIVE"):
        _nobodys_home()
    share_what_is_seeded()
    make_reports_once()
    os.environ["PYTHON_KEYRING_BACKEND"] = NO_KEYRING  # not that of whoever runs this
    hurry()


def _nobodys_home() -> None:
    """Neither read nor write what whoever runs the tests keeps at home, but for installers' caches."""
    real = Path.home()
    os.environ.setdefault("XDG_CACHE_HOME", str(real / ".cache"))
    os.environ.setdefault("npm_config_cache", str(real / ".npm"))
    os.environ["HOME"] = made = tempfile.mkdtemp(prefix="nobodys-home-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)


def pytest_xdist_auto_num_workers() -> int:
    """Three for two cores: a test waits now and then, and each process has to find all tests first."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + (cores + 1) // 2


def pytest_collection_finish() -> None:
    """Keep what is loaded out of the search for garbage."""
    keep_what_is_there()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop the tests run in."""
    return "asyncio"


@pytest.fixture
async def engine_client_with(
    tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Callable[..., EngineClient]]:
    """Makes engine clients in the sandbox, each with more environment variables; they share a home."""
    async with AsyncExitStack() as stack:

        def make(**environ: str) -> EngineClient:
            engine_client = EngineClient(tmp_path / "home", environ)
            stack.push_async_callback(engine_client.close)
            return engine_client

        yield make


@pytest.fixture
async def engine_client(engine_client_with: Callable[..., EngineClient]) -> EngineClient:
    """An engine client in the sandbox with nothing else set."""
    return engine_client_with()


@pytest.fixture(scope="module")
async def looking(
    tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[EngineClient]:
    """One engine client for all tests of a file that only look."""
    client = EngineClient(tmp_path_factory.mktemp("home"), {})
    yield client
    await client.close()


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one server of a file keeps its things."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def one_server(one_home: Path) -> FastMCP:
    """One server in one sandbox for all tests of a file."""
    return build_server(
        load(environ={"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(one_home), "MCP_ADS_KEYRING": "off"})
    )


@pytest.fixture(scope="module")
def one_store(one_home: Path) -> Iterator[Store]:
    """What the sandbox of that server keeps."""
    store = Store(one_home / "sandbox" / "sandbox.sqlite")
    yield store
    store.close()


@pytest.fixture
async def agent(one_server: FastMCP, anyio_backend: str) -> AsyncIterator[Agent]:
    """An agent at that server."""
    async with McpClient(one_server) as client:
        yield Agent(client)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facebook is sent one request after another, as where nothing may travel together."""
    monkeypatch.setattr("mcp_ads.connectors.facebook_marketing.batches.MOST", 1)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Commands in an empty directory with an empty home, and none of the caller's settings."""
    for name in os.environ:
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")
    return Shell(tmp_path / "home", here, monkeypatch, capsys)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The sandbox on real ports, a fresh one for each file of tests."""
    with serving(Path(tmp_path_factory.mktemp("sandbox"))) as running:
        yield running
        running._server.force_exit = True  # an answer that is late by a test's wish is nobody's any more


@pytest.fixture
def home(shell: Shell, servers: Servers) -> Shell:
    """A shell with an empty home, before the make-believe platforms, without any credentials."""
    mend(servers.sandbox.store)
    places = ("_BASE_URL", "_AUTH_URL", "_TOKEN_URL")
    given = servers.ports.variables().items()
    shell.set(**{name: value for name, value in given if name.endswith(places)}, MCP_ADS_KEYRING="off")
    return shell


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Shell) -> Typist:
    """Somebody at the terminal of that shell, with a browser."""
    assert home
    return Typist(monkeypatch, capsys)


@pytest.fixture
async def api() -> AsyncIterator[Client]:
    """The make-believe LinkedIn by itself, with a state of its own."""
    client = Client()
    async with client.http:
        yield client
    client.store.close()


@pytest.fixture
def sandbox_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The sandbox with a home of its own, as a program's environment says it."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.delenv("MCP_ADS_WRITES", raising=False)
    return tmp_path
