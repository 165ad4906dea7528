"""One limiter for an account, whoever asks; closed, it says until when, and is tried by one request."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient, mend
from fault_clock import JumpingClock, jumping

from mcp_ads.engine.answers.error_text import render_error
from mcp_ads.engine.wire.pace import AT_ONCE
from mcp_ads.errors import RateLimited

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
Headers = dict[str, str]


@dataclass
class Platform(httpx.AsyncBaseTransport):
    """Answers lists of campaigns itself, each after a while, and notes when and how many."""

    honest: httpx.AsyncBaseTransport
    answers: Callable[[str], tuple[int, Headers]] = lambda _: (200, {})
    seconds: Callable[[], float] = lambda: 0.1
    began: dict[str, list[float]] = field(default_factory=dict)
    at_once: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found = re.search(r"act_(\d+)/campaigns", request.url.path)
        if not found:
            return await self.honest.handle_async_request(request)
        account = found[1]
        self.began.setdefault(account, []).append(time.monotonic())
        self.at_once[account] = self.at_once.get(account, 0) + 1
        self.most[account] = max(self.most.get(account, 0), self.at_once[account])
        await asyncio.sleep(self.seconds())
        self.at_once[account] -= 1
        status, headers = self.answers(account)
        error = {"error": {"type": "OAuthException", "code": 17, "message": "User request limit reached"}}
        return httpx.Response(status, json={"data": []} if status == 200 else error, headers=headers)


@pytest.fixture
def clock(anyio_backend: str, request: pytest.FixtureRequest) -> Iterator[Callable[[], Any]]:
    """Makes a clock that jumps, once there is a loop."""
    made: list[Any] = []

    def start() -> JumpingClock:
        made.append(jumping(asyncio.get_running_loop()))
        clock: JumpingClock = made[-1].__enter__()
        return clock

    yield start
    for one in made:
        one.__exit__(None, None, None)


async def desks(make: EngineClients, number: int) -> tuple[Platform, list[EngineClient]]:
    """So many desks of one app, each with what it has to know of its accounts, and the platform they ask."""
    clients = [make() for _ in range(number)]
    platform = Platform(clients[0].workspace._sandbox_transport)
    for client in clients:
        client.workspace._sandbox = lambda: platform  # type: ignore[method-assign,assignment,return-value]
        await client.do(FACEBOOK, "ad_accounts", "list")
    return platform, clients


async def ask(client: EngineClient, account: str, number: int) -> dict[str, Any] | RateLimited:
    """One list, unlike every other; what its answer says of limits, or how it was refused."""
    try:
        return (await client.do(FACEBOOK, "campaigns", "list", account_id=account, limit=number + 1)).meta
    except RateLimited as refused:
        return refused


def used(percent: float, account: str = "") -> Headers:
    if account:
        case = {"type": "ads_insights", "call_count": percent, "estimated_time_to_regain_access": 0}
        return {"x-business-use-case-usage": json.dumps({account: [case]})}
    return {"x-app-usage": json.dumps({"call_count": percent})}


@pytest.mark.parametrize("seed", range(3))
async def test_parallel_calls_keep_the_most_at_once_and_the_gap(
    engine_client_with: EngineClients, clock: Callable[[], JumpingClock], seed: int
) -> None:
    """Whatever answers take, two desks together never have more under way, nor closer together."""
    chance = random.Random(seed)
    platform, clients = await desks(engine_client_with, 2)
    platform.seconds = lambda: chance.uniform(0.01, 3)
    clock()
    await asyncio.gather(*(ask(clients[n % 2], US, n) for n in range(24)))
    assert platform.most[US] == AT_ONCE
    platform.answers = lambda _: (200, used(90, US))
    await ask(clients[0], US, 30)
    platform.began.clear()
    answers = await asyncio.gather(*(ask(clients[n % 2], US, n) for n in range(24)))
    assert not any(isinstance(answer, RateLimited) for answer in answers)
    began = platform.began[US]
    gaps = [after - before for before, after in pairwise(began)]
    assert len(gaps) == 23
    assert min(gaps) > 0.5  # 0.625 but for what this machine needs between a turn and its request
    assert sum(gaps) > 23 * 0.62
    assert platform.most[US] <= AT_ONCE


async def test_closed_for_one_is_closed_for_all_and_tried_by_one(
    engine_client_with: EngineClients, clock: Callable[[], JumpingClock]
) -> None:
    """A refusal says when it opens; then one request goes first, and the others only if it is answered."""
    platform, (first, second) = await desks(engine_client_with, 2)
    now = clock()
    platform.answers = lambda account: (400, {"retry-after": "45"}) if account == US else (200, {})
    assert isinstance(await ask(first, US, 0), RateLimited)
    refused = await asyncio.gather(*(ask(second, US, n) for n in range(9)))
    assert len(platform.began[US]) == 1
    for error in refused:
        assert isinstance(error, RateLimited)
        assert error.sent == "no"
        assert 40 < error.retry_after <= 45
        assert re.search(r"call again in 4\d s, at \d\d:\d\d:\d\d UTC$", error.fix)
    assert not isinstance(await ask(second, JAPAN, 0), RateLimited)
    now.forward(46)
    again = await asyncio.gather(*(ask(second, US, n) for n in range(9)))
    assert all(isinstance(error, RateLimited) for error in again)
    assert len(platform.began[US]) == 2
    now.forward(46)
    platform.answers, platform.most = lambda _: (200, {}), {}
    platform.seconds = lambda: 5.0 if len(platform.began[US]) == 3 else 0.1
    assert not any(
        isinstance(one, RateLimited) for one in await asyncio.gather(*(ask(second, US, n) for n in range(9)))
    )
    assert platform.began[US][3] - platform.began[US][2] >= 5
    assert platform.most[US] == AT_ONCE


async def test_another_accounts_usage_is_its_own_and_the_apps_is_everybodys(
    engine_client_with: EngineClients, clock: Callable[[], JumpingClock]
) -> None:
    """Headers name several accounts; each is slowed by its own, and all are by what the app has used."""
    platform, (client,) = await desks(engine_client_with, 1)
    clock()
    both = json.loads(used(95, JAPAN)["x-business-use-case-usage"]) | {US: [{"call_count": 3}]}
    platform.answers = lambda _: (200, {"x-business-use-case-usage": json.dumps(both)})
    for number in range(3):
        assert "rate" not in await ask(client, US, number)  # type: ignore[operator]
    platform.answers = lambda _: (200, {})
    answer = await ask(client, JAPAN, 0)
    assert answer["rate"] | {"spaced_s": 0} == {  # type: ignore[index]
        "limit": "ads_insights", "account": JAPAN, "left_pct": 5, "spaced_s": 0
    }  # fmt: skip
    platform.answers = lambda _: (200, used(99))
    await ask(client, JAPAN, 1)
    platform.began.clear()
    await asyncio.gather(ask(client, US, 5), ask(client, JAPAN, 5))
    assert abs(platform.began[US][0] - platform.began[JAPAN][0]) >= 0.9


@pytest.mark.slow
async def test_answers_errors_and_the_overview_say_it(engine_client: EngineClient) -> None:
    """A question over all accounts has the scarcest limit, an error a line, the overview what is closed."""
    engine_client.fault("usage", percent=88, times=0, account=US)
    result = await engine_client.do("ads", "performance", "list", period="last_7_days")
    rate = result.meta["rate"]
    assert (rate["account"], rate["left_pct"]) == (US, 12)
    assert f'"account":"{US}","left_pct":12' in engine_client.workspace.text(result)
    mend(engine_client.store)
    engine_client.fault("429", path=f"{US}/campaigns", code=17, retry_after=90)
    with pytest.raises(RateLimited) as refused:
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)
    text = render_error(refused.value)
    assert (
        f"rate: 0 % left of the limit ad_account of account {US}, recovers in 60 s; calls are sent 5.0 s"
        in text
    )
    from mcp_ads.engine.overview import page

    assert re.search(
        rf"closed: {US}, throttled: call again in \d+ s, at ", await page(engine_client.workspace, {})
    )


@pytest.mark.parametrize(("secret", "shared"), [("one secret", True), ("another", False)])
async def test_an_app_is_known_by_its_id_and_secret(
    tmp_path: Path,
    clock: Callable[[], JumpingClock],
    monkeypatch: pytest.MonkeyPatch,
    secret: str,
    shared: bool,
) -> None:
    """Two with tokens and homes of their own share the limits of one app; who only knows its id does not."""
    account = {"account_id": US, "name": "Ours", "currency": "USD", "timezone_name": "UTC"}
    there = {"data": [{"id": f"act_{US}", **account}]}
    platform = Platform(httpx.MockTransport(lambda _: httpx.Response(200, json=there)))
    monkeypatch.setattr(httpx.AsyncClient, "_init_transport", lambda _self, **_more: platform)
    clients = []
    for number, own in enumerate(("one secret", secret)):
        named = {"ACCESS_TOKEN": f"token-{number}", "CLIENT_ID": "1234", "CLIENT_SECRET": own}
        environ = {f"FACEBOOK_MARKETING_{name}": value for name, value in named.items()}
        clients.append(EngineClient(tmp_path / str(number), {"MCP_ADS_SANDBOX": "0", **environ}))
    clock()
    platform.answers = lambda _: (400, {"retry-after": "45"})
    assert isinstance(await ask(clients[0], US, 0), RateLimited)
    platform.answers = lambda _: (200, {})
    assert isinstance(await ask(clients[1], US, 0), RateLimited) == shared
    for client in clients:
        await client.close()
