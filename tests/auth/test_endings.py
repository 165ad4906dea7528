"""What a sign-in gave does not last: what can be renewed is, and the rest is announced in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault import vault
from mcp_ads.engine.overview import overview
from mcp_ads.errors import AuthError
from mcp_ads.sandbox.ports import serving

pytestmark = pytest.mark.anyio
DAY = 86_400.0
SECRET = "sandbox-secret"
FACEBOOK_IN = SignedIn(FACEBOOK, "1029384756102938", SECRET, "sandbox-token-kept", consented=1.0, who="Robin")
LINKEDIN_IN = SignedIn(LINKEDIN, "sandbox-client", SECRET, refresh_token="sandbox-refresh", who="Robin")
AMAZON_IN = SignedIn(
    AMAZON, "amzn1.application-oa2-client.sandbox", SECRET, refresh_token="Atzr|sandbox-refresh"
)  # fmt: skip
LISTS: dict[str, tuple[str, str]] = {
    FACEBOOK: ("campaigns", US),
    LINKEDIN: ("campaigns", LINKEDIN_US),
    AMAZON: ("sponsored_product_campaigns", PROFILE),
}
NAMES = {FACEBOOK: "facebook", LINKEDIN: "linkedin", AMAZON: "amazon"}
SignIn = Callable[..., EngineClient]


@pytest.fixture
async def signed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SignIn]:
    """Engine clients whose credentials are a stored sign-in; the platforms are on real ports."""
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")
    clients: list[EngineClient] = []
    with serving(tmp_path / "sandbox") as servers:

        def make(kept: SignedIn | None, **more: str) -> EngineClient:
            if kept:
                vault(tmp_path / "home").write(NAMES[kept.connector], kept)
            urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
            environ = {**urls, "MCP_ADS_SANDBOX": "0", "MCP_ADS_KEYRING": "off", **more}
            clients.append(EngineClient(tmp_path / "home", environ, tmp_path / "sandbox"))
            return clients[-1]

        yield make
        for client in clients:
            await client.close()


async def warnings(client: EngineClient, connector: str) -> list[str]:
    """What a list says beside its rows."""
    entity, account = LISTS[connector]
    result = await client.do(connector, entity, "list", account_id=account, limit=1)
    assert result.data
    return list(result.meta.get("warnings", []))


def exchanges(client: EngineClient) -> int:
    return sum("oauth/access_token" in request for request in client.sent())


def kept(client: EngineClient, connector: str) -> SignedIn:
    found = vault(client.settings.home).read(NAMES[connector])
    assert found
    return found


async def test_facebooks_token_is_exchanged_while_it_lives(signed_in: SignIn) -> None:
    """Twenty calls at once, and another process after them, exchange it once; the new one is kept."""
    client = signed_in(replace(FACEBOOK_IN, access_ends=time.time() + 20 * DAY))
    await asyncio.gather(*(warnings(client, FACEBOOK) for _ in range(20)))
    other = signed_in(None)
    assert await warnings(other, FACEBOOK) == []
    now = kept(client, FACEBOOK)
    assert (exchanges(client), now.who) == (1, "Robin")
    assert now.access_token not in ("", FACEBOOK_IN.access_token)
    assert now.access_ends > time.time() + 50 * DAY


async def test_a_token_with_weeks_left_is_left_alone(signed_in: SignIn) -> None:
    """Nothing is asked of the token endpoint, and nothing announced."""
    client = signed_in(replace(FACEBOOK_IN, access_ends=time.time() + 40 * DAY))
    assert (await warnings(client, FACEBOOK), exchanges(client)) == ([], 0)


async def test_an_exchange_that_fails_loses_nothing(signed_in: SignIn) -> None:
    """The old token is used on and stays stored; near its end every answer says so, and how to sign in."""
    old = replace(FACEBOOK_IN, access_ends=time.time() + 8 * DAY)
    client = signed_in(old)
    client.fault("500", path="/oauth/access_token$", times=0)
    (said,) = await warnings(client, FACEBOOK)
    assert "ends on" in said
    assert "in 8 days" in said
    assert "login facebook-marketing`" in said
    assert await warnings(client, FACEBOOK) == [said]
    assert (kept(client, FACEBOOK), exchanges(client)) == (old, 1)


@pytest.mark.parametrize("sign_in", [LINKEDIN_IN, AMAZON_IN], ids=lambda sign_in: sign_in.connector)
@pytest.mark.parametrize(("days", "said"), [(29, "in 29 days"), (200, "")])
async def test_the_end_of_a_consent_is_announced(
    signed_in: SignIn, sign_in: SignedIn, days: float, said: str
) -> None:
    """Thirty days before it ends, and not earlier; no renewal puts it off."""
    client = signed_in(replace(sign_in, refresh_ends=time.time() + days * DAY))
    found = await warnings(client, sign_in.connector)
    assert [said in line and "the consent given at" in line for line in found] == [True] * bool(said)


async def test_the_end_of_a_developer_token_is_announced(signed_in: SignIn) -> None:
    """LinkedIn's token of 60 days is all there is where it grants no refresh token."""
    pasted = SignedIn(LINKEDIN, access_token="sandbox-pasted", access_ends=time.time() + 5 * DAY)
    (said,) = await warnings(signed_in(pasted), LINKEDIN)
    assert said.startswith("the access token for LinkedIn ends on")


def of_a_while_ago(seconds: float) -> SignedIn:
    return SignedIn(LINKEDIN, access_token="sandbox-pasted", consented=time.time() - seconds)


async def test_a_sign_in_of_seconds_ago_may_not_be_known_yet(signed_in: SignIn) -> None:
    """LinkedIn calls a new token revoked for some seconds: what was refused is sent twice more."""
    client = signed_in(of_a_while_ago(5))
    client.fault("revoked-token", path="/adCampaigns$", times=2)
    assert await warnings(client, LINKEDIN) == []
    assert sum("adCampaigns" in request for request in client.sent()) == 3


@pytest.mark.parametrize(("age", "requests"), [(5, 3), (3_600, 1)])
async def test_a_token_that_is_revoked_is_refused_in_the_end(
    signed_in: SignIn, age: float, requests: int
) -> None:
    """A new one after its pauses, an old one at once."""
    client = signed_in(of_a_while_ago(age))
    client.fault("revoked-token", path="/adCampaigns$", times=0)
    with pytest.raises(AuthError, match="access token"):
        await warnings(client, LINKEDIN)
    assert sum("adCampaigns" in request for request in client.sent()) == requests


async def test_a_consent_of_the_environment(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """LinkedIn says with each token when the consent ends; a process that uses a kept token knows it too."""
    monkeypatch.setattr("mcp_ads.sandbox.linkedin_ads.tokens.REFRESH_LIFE", 20 * DAY)
    given = {
        "LINKEDIN_ADS_REFRESH_TOKEN": "sandbox-refresh",
        "LINKEDIN_ADS_CLIENT_ID": "sandbox-client",
        "LINKEDIN_ADS_CLIENT_SECRET": SECRET,
    }
    client = signed_in(None, **given)
    await warnings(client, LINKEDIN)
    for process in (client, signed_in(None, **given)):
        (said,) = await warnings(process, LINKEDIN)
        assert "in 20 days" in said


async def test_every_kind_of_answer_announces_it(signed_in: SignIn) -> None:
    """A plan, what became of it, a change made at once and `ads_describe` say what ends soon, as reads do."""
    old = replace(LINKEDIN_IN, refresh_ends=time.time() + 20 * DAY)
    client = signed_in(old)
    new = {
        "account_id": LINKEDIN_US,
        "name": "Autumn",
        "run_schedule": {"start": "2099-01-01", "end": "none"},
    }
    plan = await client.do(LINKEDIN, "campaign_groups", "create", **new)
    done = await client.workspace.apply(plan.data["plan_id"])
    again = await client.workspace.apply(plan.data["plan_id"])
    direct = signed_in(old, MCP_ADS_WRITES="direct")
    at_once = await direct.do(LINKEDIN, "campaign_groups", "create", **new | {"name": "Winter"})
    for answer in (plan, done, again, at_once):
        (said,) = (line for line in answer.meta["warnings"] if "ends on" in line)
        assert said.startswith("the consent given at LinkedIn ends on")
        assert client.workspace.text(answer).count(said) == 1
    there = await overview(client.workspace)
    assert there.count(f"  warning: {said}") == 1
    assert "amazon_ads (Amazon Ads): nobody is signed in; the user runs" in there


@pytest.mark.parametrize(
    ("sign_in", "dead"),
    [
        (FACEBOOK_IN, {"access_token": "sandbox-revoked"}),
        (LINKEDIN_IN, {"refresh_token": "sandbox-revoked"}),
        (AMAZON_IN, {"refresh_token": "Atzr|sandbox-revoked"}),
    ],
    ids=[FACEBOOK, LINKEDIN, AMAZON],
)
async def test_a_revoked_one_ends_with_what_to_do(
    signed_in: SignIn, sign_in: SignedIn, dead: dict[str, Any]
) -> None:
    """The very command that signs in again is named, and what is stored stays."""
    client = signed_in(replace(sign_in, **dead))
    with pytest.raises(AuthError) as caught:
        await warnings(client, sign_in.connector)
    slug = sign_in.connector.replace("_", "-")
    assert caught.value.fix.endswith(f"login {slug}`")
    assert kept(client, sign_in.connector) == replace(sign_in, **dead)
