"""Organizations, clients, tokens and the key: as an operator makes them, and as callers use them."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from shell import Shell
from sqlalchemy import LargeBinary, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.errors import BadSettings
from mcp_ads.host.app import app_of
from mcp_ads.host.assembly import assembled
from mcp_ads.host.key_file import rotating
from mcp_ads.host.parts import Host
from mcp_ads.host.settings import host_settings
from mcp_ads.host.signing import Bearer
from mcp_ads.host.store import sealed
from mcp_ads.host.store.migrating import configuration
from mcp_ads.host.store.tables import METADATA, connectors

TOKEN = "/api/v1/account/applications/token"
SCOPED = "/v1/account/applications/scoped-token"
FACEBOOK = {"connector_type": "Facebook-Marketing", "credentials": {"access_token": "MARKER-kept"},
            "replication_config": {"account_ids": "1"}}  # fmt: skip


class At:
    """A host made by commands, and HTTP to it."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.first = self.made("host", "init", "--json")

    def made(self, *words: str) -> dict[str, str]:
        """What a command prints as JSON."""
        code, out, err = self.shell.run(*words)
        assert (code, err) == (0, ""), err
        found: dict[str, str] = json.loads(out)
        return found

    @property
    def host(self) -> Host:
        """Its parts, which an app closes."""
        return assembled(host_settings())

    @contextlib.contextmanager
    def opened(self) -> Iterator[Host]:
        """Its parts, closed at the end."""
        host = self.host
        try:
            yield host
        finally:
            host.database.close()


@pytest.fixture
def at(shell: Shell) -> At:
    """One organization with its first client."""
    shell.set(MCP_ADS_SANDBOX="1")
    return At(shell)


@pytest.fixture
def http(at: At) -> Iterator[TestClient]:
    """HTTP to the host."""
    with TestClient(app_of(at.host)) as client:
        yield client


def bearer(http: TestClient, who: dict[str, str], **more: Any) -> dict[str, str]:
    """The headers of a client, or of its token for one workspace."""
    pair = {name: who[name] for name in ("client_id", "client_secret")}
    headers = {"Authorization": f"Bearer {http.post(TOKEN, json=pair).json()['access_token']}"}
    if not more:
        return headers
    return {"Authorization": f"Bearer {http.post(SCOPED, json=more, headers=headers).json()['token']}"}


def listed(http: TestClient, headers: dict[str, str], workspace: str = "w") -> tuple[int, Any]:
    """What a list of connectors answers."""
    answer = http.get(f"/api/v1/integrations/connectors?workspace_name={workspace}", headers=headers)
    return answer.status_code, answer.json()


def test_a_client_gets_a_token_for_its_secret_and_for_no_other(at: At, http: TestClient) -> None:
    """It lives twenty minutes, and says what becomes of writes; a wrong secret is 401 with words."""
    answer = http.post(TOKEN, json={name: at.first[name] for name in ("client_id", "client_secret")}).json()
    assert answer["organization_id"] == at.first["organization_id"]
    assert (answer["token_type"], answer["expires_in"], answer["writes"]) == ("bearer", 1200, "plan")
    for pair in (
        {"client_id": at.first["client_id"], "client_secret": "x"},
        {"client_id": "y", "client_secret": "x"},
    ):
        refused = http.post(TOKEN, json=pair)
        assert refused.status_code == 401
        assert "another secret" in refused.json()["errors"][0]["message"]


def test_guessing_secrets_is_slowed_down_and_the_right_one_is_not(at: At, http: TestClient) -> None:
    """After twenty wrong ones 429 with seconds; the right secret is taken all the same."""
    wrong = {"client_id": at.first["client_id"], "client_secret": "x"}
    assert [http.post(TOKEN, json=wrong).status_code for _ in range(21)][-1] == 429
    assert int(http.post(TOKEN, json=wrong).headers["retry-after"]) <= 60
    assert listed(http, bearer(http, at.first))[0] == 200


def test_a_token_that_was_not_given_here_is_none(at: At, http: TestClient) -> None:
    """Altered, expired, unsigned, of another organization: 401 that says the token was refused."""
    pair = Bearer(at.first["organization_id"], at.first["client_id"])
    signer = http.app.state.host.signer  # type: ignore[attr-defined]
    good = signer.signed(pair)
    head, body, _ = good.split(".")
    foreign = signer.signed(Bearer("00000000-0000-4000-8000-000000000000", at.first["client_id"]))
    ended = signer.signed(pair, time.time() - 1300)
    for token in ("x", f"{head}.{body}.", f"{good[:-4]}AAAA", ended, foreign):
        answer = http.get("/v1/workspaces", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert http.get("/v1/workspaces", headers={"Authorization": f"Bearer {good}"}).status_code == 200


def test_a_token_lives_on_after_a_restart_and_ends_with_its_client(at: At, http: TestClient) -> None:
    """Another process believes it; a client that is revoked has no token any more, at once."""
    headers = bearer(http, at.first)
    with TestClient(app_of(at.host)) as another:
        assert listed(another, headers)[0] == 200
        assert at.shell.run("host", "client", "revoke", at.first["client_id"])[0] == 0
        assert listed(another, headers)[0] == listed(http, headers)[0] == 401


def test_a_scoped_token_is_for_its_workspace_alone(at: At, http: TestClient) -> None:
    """The workspace is made; others are as if there were none; it gives no further tokens."""
    scoped = bearer(http, at.first, customer_name="w")
    assert http.get(f"{SCOPED}/info", headers=scoped).json()["workspace_name"] == "w"
    http.post(
        "/v1/integrations/connectors",
        json={**FACEBOOK, "workspace_name": "v"},
        headers=bearer(http, at.first),
    )
    assert listed(http, scoped, "v") == listed(http, scoped, "nowhere") == (200, {"data": []})
    made = http.post("/v1/integrations/connectors", json={**FACEBOOK, "workspace_name": "w"}, headers=scoped)
    assert made.status_code == 200
    assert http.post(SCOPED, json={"workspace_name": "v"}, headers=scoped).status_code == 403


def test_the_organization_header_is_looked_at(at: At, http: TestClient) -> None:
    """One's own is fine in any case, another is 403, and what is no UUID is 400; also with the token call."""
    headers = bearer(http, at.first)
    own = at.first["organization_id"]
    for said, status in ((own.upper(), 200), ("0" * 8 + own[8:], 403), ("x", 400), ("", 400)):
        assert listed(http, {**headers, "X-Organization-Id": said})[0] == status
    pair = {name: at.first[name] for name in ("client_id", "client_secret")}
    assert http.post(TOKEN, json=pair, headers={"X-Organization-Id": "x"}).status_code == 400


def test_a_clients_limits_are_kept_as_they_were_said(at: At, http: TestClient) -> None:
    """Workspaces, accounts, caps and redirects; a workspace that is not among them is not there for it."""
    words = ("host", "client", "add", "x", "--workspaces", "w, v", "--accounts", "facebook:1",
             "--writes", "direct", "--max-daily-budget", "100.10 USD", "--json")  # fmt: skip
    _, out, err = at.shell.run(*words)
    assert "there is no w, v yet" in err
    made = json.loads(out)
    assert "at most 100.10 USD a day" in at.shell.run("host", "client", "list")[1]
    kept = json.loads(at.shell.run("host", "client", "list", "--json")[1])[1]
    assert kept["workspaces"] == ["w", "v"]
    assert kept["caps"]["daily"] == {"USD": "100.10"}
    body = {**FACEBOOK, "workspace_name": "elsewhere"}
    assert http.post("/v1/integrations/connectors", json=body, headers=bearer(http, made)).status_code == 404


def test_the_key_is_made_once_and_never_in_the_place_of_a_lost_one(at: At) -> None:
    """It is private and outside of the data folder; without it nothing is served, and no other is made."""
    key = at.shell.home / "host.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert not key.is_relative_to(at.shell.home / "host")
    kept = [*(at.shell.home / "host").glob("host.sqlite3*")]
    assert {file.stat().st_mode & 0o777 for file in kept} == {0o600}
    key.chmod(0o644)
    assert "chmod 600" in at.shell.run("host", "client", "list")[2]
    key.unlink()
    for words in (
        ["host", "serve", "--port", "1"],
        ["host", "client", "list"],
        ["host", "init", "--organization", "b"],
    ):
        code, _, err = at.shell.run(*words)
        assert code == 2
        assert "bring it back" in err
    assert not key.exists()


@pytest.mark.slow
def test_another_key_opens_nothing_of_the_old_one_after_rotation(at: At, http: TestClient) -> None:
    """A server that runs goes on, tokens are good, and only the new key is needed any more."""
    headers, key = bearer(http, at.first), at.shell.home / "host.key"
    http.post("/v1/integrations/connectors", json={**FACEBOOK, "workspace_name": "w"}, headers=headers)
    before = key.read_text()
    with rotating(host_settings()):
        assert "another command" in at.shell.run("host", "rotate-key")[2]
    assert key.read_text() == before
    assert at.shell.run("host", "rotate-key")[0] == 0
    assert http.get("/readyz").json()["checks"] == {"database": "ok", "migrations": "ok", "key": "ok"}
    assert len(key.read_text().split()) == 1
    assert key.read_text() != before
    made = http.post("/v1/integrations/connectors", json={**FACEBOOK, "workspace_name": "w"}, headers=headers)
    assert made.status_code == 200

    async def look(connection: AsyncConnection) -> list[Any]:
        return list(await connection.execute(select(connectors)))

    with at.opened() as host:
        rows = host.database.wait(look)
        opened = [host.keys.open(row.sealed, *sealed.SEALED[connectors](row)) for row in rows]
    assert [b"MARKER-kept" in text for text in opened] == [True, True]
    key.write_text(before)
    with pytest.raises(BadSettings, match="sealed with another key"):
        assembled(host_settings())


def test_every_sealed_column_is_sealed_anew_by_rotation() -> None:
    """A table with one that rotation does not know would be lost with the old key."""
    there = {table for table in METADATA.sorted_tables if "sealed" in table.c}
    assert all(isinstance(table.c.sealed.type, LargeBinary) for table in there)
    assert there == set(sealed.SEALED)


@pytest.mark.slow
def test_the_migrations_make_the_tables_that_the_code_wants(shell: Shell, database_url: str) -> None:
    """Alembic finds nothing to change in a database that two processes made by them at once."""
    from alembic import command

    async def look(connection: AsyncConnection) -> None:
        await connection.run_sync(lambda plain: command.check(configuration(plain)))

    shell.set(DATABASE_URL=database_url.replace("sqlite+aiosqlite:", "sqlite:"))
    settings = host_settings()
    with ThreadPoolExecutor(2) as both:
        hosts = [*both.map(lambda _: assembled(settings, begins=True), range(2))]
    hosts[0].database.wait(look)
    assert hosts[1].signer.read(hosts[0].signer.signed(Bearer("o", "c"))) == Bearer("o", "c")
    for host in hosts:
        host.database.close()
    assert shell.run("host", "init")[0] == 0
    if "postgresql" in database_url:  # on SQLite another test rotates
        assert shell.run("host", "rotate-key")[0] == 0


def test_a_database_of_a_newer_version_is_not_touched(at: At) -> None:
    """It says so in a line, and changes nothing."""
    from sqlalchemy import text

    async def newer(connection: AsyncConnection) -> None:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with at.opened() as host:
        host.database.wait(newer)
    code, _, err = at.shell.run("host", "client", "list")
    assert code == 2
    assert "newer mcp-ads" in err
    assert Path(at.shell.home / "host" / "host.sqlite3").exists()
