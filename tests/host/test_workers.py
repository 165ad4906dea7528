"""Processes of the host that end in the middle, begin anew, or are two: nothing is doubled or lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving import KEPT, Client, Served, command, served

from mcp_ads.sandbox.ports import TOKEN, Servers, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
US, SPRING = "1234567890", "1202110000000000340"
CREATE = {"account_id": US, "objective": "OUTCOME_TRAFFIC", "name": "Once"}
MADE = f"/act_{US}/campaigns"


@pytest.fixture
def platforms(tmp_path: Path) -> Iterator[Servers]:
    """The platforms, in a process that outlives the host's."""
    with serving(tmp_path / "platforms") as found:
        yield found


def settings(platforms: Servers, **more: str) -> dict[str, str]:
    """The environment of a host that asks these platforms."""
    known = platforms.ports.variables()
    urls = {name: value for name, value in known.items() if name.endswith("_URL")}
    return {**urls, "MCP_ADS_SANDBOX": "0", **more}


def facebook(host: Served) -> str:
    """A connector that those platforms accept."""
    return host.created("facebook-marketing", "shop", credentials={"access_token": TOKEN})


def fault(platforms: Servers, **known: Any) -> None:
    """What goes wrong with the next request of a kind."""
    named = {"platform": "facebook_marketing", **known}
    httpx.post(f"{platforms.ports.url}/_sandbox/faults", json=named, trust_env=False).raise_for_status()


def sent(platforms: Servers) -> int:
    """How often the platform was asked to make a campaign, or whether it would."""
    asked = platforms.sandbox.store.requests()
    return sum(one["method"] == "POST" and one["path"].endswith(MADE) for one in asked)


def named_once(host: Served, connector: str) -> list[str]:
    """The campaigns of that name that there are."""
    found = host.executed(connector, "campaigns", "list", account_id=US, limit=500).json()["result"]
    return [row["id"] for row in found if row["name"] == CREATE["name"]]


def direct(home: Path, **variables: str) -> Client:
    """A client whose writes are carried out at once."""
    words = ("client", "add", "direct", "--writes", "direct", "--no-cap", "--json")
    return Client(**command(home, *words, **variables))


def until(what: Callable[[], bool]) -> None:
    """Wait until it is so."""
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def in_the_background(ask: Callable[[], httpx.Response]) -> threading.Thread:
    """A request whose answer never comes."""

    def asked() -> None:
        with pytest.raises(httpx.TransportError):
            ask()

    thread = threading.Thread(target=asked)
    thread.start()
    return thread


def test_a_restart_loses_nothing(tmp_path: Path, platforms: Servers) -> None:
    """Tokens of before are believed after it, and what waited as a plan is applied once."""
    variables = settings(platforms)
    with served(tmp_path, None, **variables) as host:
        token, connector = host.token(), facebook(host)
        waits = host.executed(connector, "campaigns", "create", token, **CREATE)
        assert waits.status_code == 409
        plan = waits.json()["errors"][0]["details"]
        client = host.client
    asked = sent(platforms)
    with served(tmp_path, client, **variables) as host:
        assert host.executed(connector, "ad_accounts", "list", token).status_code == 200
        assert (
            host.asked("GET", f"{KEPT}/{connector}/plans/{plan['plan_id']}", token=token).status_code == 200
        )
        done = host.asked("POST", plan["apply"], {}, token)
        assert done.json()["result"]["status"] == "applied", done.text
        again = host.asked("POST", plan["apply"], {}, token)
        assert again.status_code != 409
        assert len(named_once(host, connector)) == 1
    assert sent(platforms) == asked + 1


def test_a_lost_answer_is_never_sent_again(tmp_path: Path, platforms: Servers) -> None:
    """The same write, asked again with and without a key, is answered as the first: nobody knows."""
    variables = settings(platforms)
    with served(tmp_path, None, **variables) as host:
        connector, client = facebook(host), direct(tmp_path, **variables)
        token = host.token(client)
        fault(platforms, kind="cut", method="POST", path=f"{MADE}$", when="after", skip=1)
        first, *others = [host.executed(connector, "campaigns", "create", token, **CREATE) for _ in range(3)]
        assert [one.status_code for one in (first, *others)] == [502] * 3
        assert first.json()["errors"][0]["error_code"] == "outcome_unknown"
        assert len(named_once(host, connector)) == 1
        fault(platforms, kind="throttle", method="GET", path="adaccounts", retry_after=50, times=0)
        slow = host.executed(connector, "ad_accounts", "list", token)
    assert sent(platforms) == 2  # the first whether it would
    assert slow.status_code == 429
    assert 45 <= int(slow.headers["retry-after"]) <= 65


@pytest.mark.vendors
@pytest.mark.parametrize("writes", ["direct", "plan"])
def test_a_worker_is_killed_in_the_middle_of_a_write(
    tmp_path: Path, platforms: Servers, postgres_url: str, writes: str
) -> None:
    """The other answers: by the same token, with the plan's true outcome, and does none of it again."""
    variables = settings(platforms, DATABASE_URL=postgres_url)
    with served(tmp_path, None, **variables) as one, served(tmp_path, one.client, **variables) as other:
        connector = facebook(one)
        client = direct(tmp_path, **variables) if writes == "direct" else one.client
        token = one.token(client)
        path, body = (
            f"{KEPT}/{connector}/execute",
            {"entity": "campaigns", "action": "create", "params": CREATE},
        )
        if writes == "plan":
            plan = other.asked("POST", path, body, token).json()["errors"][0]["details"]
            path, body = plan["apply"], {}
        headers, before, skip = {"Idempotency-Key": "k-1"}, sent(platforms), int(writes == "direct")
        fault(platforms, kind="slow", method="POST", path=f"{MADE}$", when="after", seconds=30, skip=skip)
        thread = in_the_background(lambda: one.asked("POST", path, body, token, **headers))
        until(lambda: sent(platforms) == before + skip + 1)
        time.sleep(0.5)
        one.stop(signal.SIGKILL)
        thread.join(30)
        assert other.executed(connector, "ad_accounts", "list", token).status_code == 200
        assert len(named_once(other, connector)) == 1
        again = other.asked("POST", path, body, token, **headers)
        assert again.status_code in (409, 502), again.text
        assert again.json()["errors"][0]["error_code"] in ("outcome_unknown", "under_way"), again.text
        if writes == "plan":
            anew = other.asked("POST", path, body, token)
            assert "unknown" in anew.text, anew.text
            there = other.asked("GET", f"{KEPT}/{connector}/plans/{plan['plan_id']}", token=token)
            assert "unknown" in there.text, there.text
        assert len(named_once(other, connector)) == 1
    assert sent(platforms) == before + skip + 1
