"""Access tokens: got once, kept on disk, renewed once however many calls are refused."""

from __future__ import annotations

import asyncio
import json
import stat
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.auth.fixed import FixedToken, proof
from mcp_ads.auth.oauth import LINKEDIN_SETTLES, auth_for
from mcp_ads.auth.tokens import Token, TokenFile
from mcp_ads.errors import ApiError, AuthError, NotConfigured, PlatformDown, RateLimited
from mcp_ads.platforms import Platform
from mcp_ads.sandbox.ports import serving

pytestmark = pytest.mark.anyio
LISTS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    LINKEDIN: ("campaigns", {"account_id": LINKEDIN_US, "limit": 1}, "/adCampaigns$", "/accessToken"),
    AMAZON: ("portfolios", {"profile_id": PROFILE}, "/portfolios/list$", "/auth/o2/token"),
}
Ports = Callable[..., EngineClient]


@pytest.fixture
async def at_ports(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Ports]:
    """EngineClients whose platforms are on real ports, with credentials from the environment."""
    engine_clients: list[EngineClient] = []
    with serving(tmp_path / "sandbox") as servers:

        def make(**environ: str) -> EngineClient:
            variables = {**servers.ports.variables(), "MCP_ADS_SANDBOX": "0", **environ}
            engine_clients.append(EngineClient(tmp_path / "home", variables, tmp_path / "sandbox"))
            return engine_clients[-1]

        yield make
        for engine_client in engine_clients:
            await engine_client.close()


def refreshes(engine_client: EngineClient) -> int:
    return sum("oken" in request for request in engine_client.sent())


async def call(engine_client: EngineClient, connector: str) -> None:
    entity, params, _, _ = LISTS[connector]
    await engine_client.do(connector, entity, "list", **params)


def kept(engine_client: EngineClient) -> list[Path]:
    return sorted((engine_client.home / "tokens").glob("*.json"))


@pytest.mark.parametrize("connector", list(LISTS))
async def test_fifty_calls_refresh_once(engine_client: EngineClient, connector: str) -> None:
    """Fifty calls that start at once without a token wait for one."""
    await asyncio.gather(*(call(engine_client, connector) for _ in range(50)))
    assert refreshes(engine_client) == 1


async def test_a_renewal_goes_on_for_those_who_still_wait(engine_client: EngineClient) -> None:
    """The call that began it is cancelled; the other gets its token, and it is asked for once."""
    engine_client.fault("slow", seconds=0.1, path=LISTS[LINKEDIN][3])
    first, second = (asyncio.create_task(call(engine_client, LINKEDIN)) for _ in range(2))
    while not refreshes(engine_client):  # noqa: ASYNC110 - nothing tells when it begins
        await asyncio.sleep(0.005)
    first.cancel()
    await second
    assert first.cancelled()
    assert refreshes(engine_client) == 1


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited for a new token to be known, none of them spent."""
    waited: list[float] = []

    async def sleep(seconds: float, real: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        if seconds in LINKEDIN_SETTLES:
            waited.append(seconds)
        await real(0 if seconds in LINKEDIN_SETTLES else seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


@pytest.mark.slow
@pytest.mark.usefixtures("pauses")
@pytest.mark.parametrize("connector", list(LISTS))
async def test_fifty_refused_calls_refresh_once(engine_client: EngineClient, connector: str) -> None:
    """Fifty calls refused with one token renew it once and are all answered."""
    await call(engine_client, connector)
    kind = f"{connector.removesuffix('_ads')}.token"
    for known, body in list(engine_client.store._of(kind).items()):
        engine_client.store.put(kind, known, {**body, "expires": 0})
    before = refreshes(engine_client)
    await asyncio.gather(*(call(engine_client, connector) for _ in range(50)))
    assert refreshes(engine_client) - before == 1


async def test_a_new_token_that_is_not_known_yet(engine_client: EngineClient, pauses: list[float]) -> None:
    """LinkedIn may call a token revoked that it gave seconds ago: it is tried again, none asked for."""
    engine_client.fault("revoked-token", path=LISTS[LINKEDIN][2], times=2)
    await call(engine_client, LINKEDIN)
    assert (pauses, refreshes(engine_client)) == ([*LINKEDIN_SETTLES], 1)


@pytest.mark.usefixtures("pauses")
@pytest.mark.parametrize("connector", list(LISTS))
async def test_refused_for_ever_never_hangs(engine_client: EngineClient, connector: str) -> None:
    """When fresh tokens are refused too, every call ends with the refusal."""
    await call(engine_client, connector)
    _, _, path, _ = LISTS[connector]
    engine_client.fault("expired-token", path=path, times=0)
    results = await asyncio.wait_for(
        asyncio.gather(*(call(engine_client, connector) for _ in range(20)), return_exceptions=True), 20
    )
    assert all(isinstance(result, AuthError) for result in results)


async def test_an_old_token_is_renewed_before_it_is_sent(engine_client: EngineClient) -> None:
    """A token that is about to expire is not worth a refusal."""
    await call(engine_client, LINKEDIN)
    (file,) = kept(engine_client)
    TokenFile.write(_file(file), Token("sandbox-at-old", time.time() + 30))
    again = EngineClient(engine_client.settings.home, {})
    await call(again, LINKEDIN)
    assert refreshes(again) == 2
    assert all("adCampaigns" in request or "oken" in request for request in again.sent()[-2:])
    await again.close()


def _file(path: Path) -> TokenFile:
    made = TokenFile(path.parent)
    made.path = path
    return made


@pytest.mark.parametrize("connector", list(LISTS))
async def test_tokens_outlive_the_process(engine_client: EngineClient, connector: str) -> None:
    """Some clients start a process per call: the next one uses what is on disk, which is private."""
    await call(engine_client, connector)
    (file,) = kept(engine_client)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    again = EngineClient(engine_client.settings.home, {})
    await call(again, connector)
    assert refreshes(again) == 1
    await again.close()


async def test_a_token_file_is_only_a_help(engine_client: EngineClient) -> None:
    """Rubbish in it, or a folder that cannot be written, costs a refresh."""
    await call(engine_client, LINKEDIN)
    (file,) = kept(engine_client)
    for rubbish in ("", "[]", '{"value": 1}', '{"value": "x", "expires": "soon"}', "\x00"):
        file.write_text(rubbish)
        again = EngineClient(engine_client.settings.home, {})
        await call(again, LINKEDIN)
        await again.close()


@pytest.mark.parametrize(
    ("connector", "variable", "value", "renew"),
    [
        (LINKEDIN, "LINKEDIN_ADS_REFRESH_TOKEN", "sandbox-revoked", "developer portal"),
        (AMAZON, "AMAZON_ADS_REFRESH_TOKEN", "Atzr|sandbox-revoked", "authorise the app again"),
    ],
)
async def test_a_dead_refresh_token(
    at_ports: Ports, connector: str, variable: str, value: str, renew: str
) -> None:
    """Who can help is told how; fifty calls do not knock fifty times."""
    engine_client = at_ports(**{variable: value})
    results = await asyncio.gather(
        *(call(engine_client, connector) for _ in range(50)), return_exceptions=True
    )
    assert all(isinstance(result, AuthError) and renew in result.fix and result.trace for result in results)
    assert refreshes(engine_client) == 1


async def test_a_wrong_client_secret(at_ports: Ports) -> None:
    """That is another fix than a dead refresh token."""
    engine_client = at_ports(LINKEDIN_ADS_CLIENT_SECRET="wrong-secret")
    with pytest.raises(AuthError) as caught:
        await call(engine_client, LINKEDIN)
    assert "client id and secret" in caught.value.fix


async def test_the_token_endpoint_is_down(at_ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's credentials are wrong: the platform is down, and nothing was sent to it."""
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)
    engine_client = at_ports(AMAZON_ADS_TOKEN_URL="http://127.0.0.1:9/auth/o2/token")
    with pytest.raises(PlatformDown, match="token endpoint"):
        await call(engine_client, AMAZON)
    assert engine_client.sent() == []


@pytest.mark.parametrize("connector", list(LISTS))
async def test_the_token_endpoint_asks_to_slow_down(engine_client: EngineClient, connector: str) -> None:
    """That is a throttle, with the time to call again, and nothing was sent to the platform itself."""
    engine_client.fault("429", path=LISTS[connector][3], times=0, retry_after=45)
    with pytest.raises(RateLimited, match="token endpoint asks to slow down") as caught:
        await call(engine_client, connector)
    assert (caught.value.retry_after, caught.value.sent) == (45, "no")
    assert "call again in 45 s, at " in caught.value.fix
    assert refreshes(engine_client) == len(engine_client.sent()) == 1


async def test_linkedin_with_an_access_token_alone(at_ports: Ports) -> None:
    """The sixty days' token of the developer portal is used as it is."""
    engine_client = at_ports(
        LINKEDIN_ADS_ACCESS_TOKEN="sandbox-direct",
        LINKEDIN_ADS_REFRESH_TOKEN="",
        LINKEDIN_ADS_CLIENT_ID="",
        LINKEDIN_ADS_CLIENT_SECRET="",
    )
    await call(engine_client, LINKEDIN)
    assert refreshes(engine_client) == 0


async def test_facebook_proves_its_secret(at_ports: Ports) -> None:
    """With the app's secret each request carries the proof; a token that needs it works with it alone."""
    token, secret = "sandbox-proof-needed", "sandbox-secret"
    engine_client = at_ports(FACEBOOK_MARKETING_ACCESS_TOKEN=token)
    with pytest.raises(ApiError, match="refused a call without the app secret"):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    await engine_client.close()
    with_secret = at_ports(FACEBOOK_MARKETING_ACCESS_TOKEN=token, FACEBOOK_MARKETING_CLIENT_SECRET=secret)
    assert (await with_secret.do(FACEBOOK, "campaigns", "list", account_id=US)).data
    trace = (with_secret.home / "trace.jsonl").read_text()
    assert proof(token, secret) not in trace


def test_credentials_by_platform(tmp_path: Path) -> None:
    """Facebook has a token, LinkedIn one or the other, Amazon a refresh token with its client."""
    kept = TokenFile(tmp_path)

    def made(name: str, **credentials: str) -> object:
        platform = Platform(name, hosts={"": "https://x"}, token_url="https://x")
        return auth_for(platform, credentials, kept, lambda: pytest.fail("nothing is asked for yet"))

    assert isinstance(made(FACEBOOK, ACCESS_TOKEN="t", REFRESH_TOKEN="ignored"), FixedToken)
    assert isinstance(made(LINKEDIN, ACCESS_TOKEN="t", REFRESH_TOKEN="r"), FixedToken)
    with pytest.raises(NotConfigured, match="AMAZON_ADS_CLIENT_ID, AMAZON_ADS_CLIENT_SECRET"):
        made(AMAZON, REFRESH_TOKEN="r", ACCESS_TOKEN="t")


def test_secrets_have_no_repr() -> None:
    """A token in a traceback would be a token in a log."""
    assert "hidden" not in repr(Token("hidden", 0))


async def test_amazon_names_its_client(engine_client: EngineClient) -> None:
    """Every Amazon request names the client the token was made for; without it the platform refuses."""
    await call(engine_client, AMAZON)
    engine_client.workspace.trace.flush()
    lines = (engine_client.home / "trace.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["status"] == 200
