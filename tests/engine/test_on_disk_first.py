"""What is about to be sent is on disk before it leaves: its lines, and the names of the files they are in."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from engine_client import FACEBOOK, EngineClient
from planning import SPRING, applied, planned
from shell import Shell

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault import vault
from mcp_ads.connections import Connection, save

pytestmark = pytest.mark.anyio


class Disk:
    """Keeps of each file and folder what it was when it was last synced, as a power cut would leave it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._safe: dict[int, object] = {}
        monkeypatch.setattr(os, "fsync", self._sync)

    def _sync(self, handle: int) -> None:
        found = os.fstat(handle)
        names = os.listdir(handle) if stat.S_ISDIR(found.st_mode) else ()
        inodes = {(name, os.stat(name, dir_fd=handle).st_ino) for name in names}
        self._safe[found.st_ino] = inodes or found.st_size

    def has(self, path: Path) -> bool:
        """Whether a file would be there as it is now, under this name."""
        found, names = path.stat(), self._safe.get(path.parent.stat().st_ino, set())
        assert isinstance(names, set)
        return (path.name, found.st_ino) in names and self._safe.get(found.st_ino) == found.st_size


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk that keeps only what it was told to keep."""
    if os.name != "posix":
        pytest.skip("elsewhere a file's name is kept with the file")
    return Disk(monkeypatch)


class Watched(httpx.AsyncBaseTransport):
    """Lets everything through, and looks at each change before it does."""

    def __init__(self, engine_client: EngineClient, look: Callable[[], None]) -> None:
        self.looks, self._look, self._honest = 0, look, engine_client.workspace._sandbox_transport
        engine_client.workspace._sandbox = lambda: self  # type: ignore[method-assign,assignment,return-value]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The platform's answer."""
        if request.method == "POST" and b"validate_only" not in request.content:
            self._look()
            self.looks += 1
        return await self._honest.handle_async_request(request)


@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_a_change_leaves_after_its_lines_are_safe(
    engine_client_with: Callable[..., EngineClient], disk: Disk, mode: str
) -> None:
    """A power cut while it is on its way leaves the intent in the log, and the plan with its journal."""
    engine_client = engine_client_with(MCP_ADS_WRITES=mode)
    home, plans = engine_client.home, engine_client.home / "plans"

    def look() -> None:
        written = [home / "audit.jsonl", *plans.glob("*.journal"), *plans.glob("*.applying.json")]
        assert len(written) == (3 if mode == "plan" else 1)
        assert [path.name for path in written if not disk.has(path)] == []

    watched = Watched(engine_client, look)
    if mode == "plan":
        plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
        assert all(map(disk.has, plans.glob("*.json")))
        assert "APPLIED" in (await applied(engine_client, plan_id)).text
        assert all(map(disk.has, plans.glob("*.json")))
    else:
        await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING)
    assert watched.looks == 1
    assert disk.has(home / "audit.jsonl")


def test_what_a_person_has_written_down_is_safe(shell: Shell, tmp_path: Path, disk: Disk) -> None:
    """Tokens, connections and sign-ins are on disk when the command says that they are kept."""
    tokens = tmp_path / "http.toml"
    shell.set(MCP_ADS_HTTP_TOKENS=str(tokens))
    for words in (("add", "one", "--scope=read"), ("add", "two", "--scope=read"), ("remove", "one")):
        assert shell.run("token", *words)[0] == 0
        assert disk.has(tokens)
    for account in ("1", "2"):
        save(shell.home, Connection("acme", "facebook_marketing", accounts=(account,)))
        assert disk.has(shell.home / "connections.toml")
        vault(shell.home).write("acme", SignedIn("facebook_marketing", access_token=f"token{account}"))
        assert disk.has(shell.home / "signed-in" / "acme.json")
