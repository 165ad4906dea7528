"""A connector whose credentials a host keeps: what is sent to it, what is sent again, what is believed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hosted_stub import CLIENT_ID, CLIENT_SECRET, Fault, HostedStub, hosting
from hosts import host, one_host

from mcp_ads import FacebookMarketingConnector, connect
from mcp_ads.errors import (
    AdsError,
    ApiError,
    AuthError,
    HostRefused,
    InvalidParams,
    NotFound,
    OutcomeUnknown,
    PlatformDown,
    RateLimited,
    Rejected,
    UnknownPlan,
    WritesOff,
)
from mcp_ads.sdk import remote_wire

__all__ = ["host", "one_host"]
pytestmark = pytest.mark.anyio
US, SPRING = "1234567890", "1202110000000000340"
LIST = ("ad_accounts", "list", {"limit": 1})
RENAME = ("campaigns", "update", {"campaign_id": SPRING, "name": "Renamed"})
MARKER = "MARKER"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent again is sent after a moment."""
    monkeypatch.setattr(remote_wire, "FIRST_BACKOFF", 0.001)


@pytest.fixture
async def facebook(host: HostedStub, anyio_backend: str) -> AsyncIterator[FacebookMarketingConnector]:
    """The host's Facebook connector, of which nothing was asked yet."""
    host.add("facebook-marketing")
    async with FacebookMarketingConnector(workspace_name="default") as connector:
        yield connector


async def test_what_is_sent(host: HostedStub, facebook: FacebookMarketingConnector) -> None:
    """To the letter: the vendor's names, what was given and no more, the token, no other header of ours."""
    await facebook.execute("ad_accounts", "list")
    shape: Any = {"select_fields": ["id", "none"], "skip_truncation": False}
    listed = await facebook.execute("campaigns", "list", {"account_id": US, "limit": 1}, **shape)
    first, second = (seen.body for seen in host.calls("/execute"))
    assert first == {"entity": "ad_accounts", "action": "list", "params": {}, "skip_truncation": True}
    assert second == {
        "entity": "campaigns", "action": "list", "params": {"account_id": US, "limit": 1},
        "select_fields": ["id", "none"], "skip_truncation": False,
    }  # fmt: skip
    assert [set(record) for record in listed.data] == [{"id"}]
    assert "x-organization-id" not in host.seen[-1].headers
    assert MARKER not in "".join(f"{seen.path}{seen.query}" for seen in host.seen)


async def test_the_vendors_names(host: HostedStub) -> None:
    """Our names of parameters become the vendor's; its own and unknown ones stay, and so do values."""
    host.add("amazon-ads")
    async with connect("amazon-ads", workspace_name="default") as connector:
        params = {
            "account_id": "1",
            "state": ["ENABLED"],
            "nameFilter": "Spring",
            "no_such_name": {"a_b": None},
        }
        with pytest.raises(HostRefused, match="no_such_name"):
            await connector.execute("sponsored_product_campaigns", "list", params)
        same = {"stateFilter": "PAUSED", "state": "ENABLED"}
        with pytest.raises(InvalidParams, match=r"^state: not the same as stateFilter"):
            await connector.execute("sponsored_product_campaigns", "list", same)
    sent = host.calls("/execute")[0].body["params"]
    assert sent == {
        "account_id": "1", "stateFilter": ["ENABLED"], "nameFilter": "Spring", "no_such_name": {"a_b": None}
    }  # fmt: skip
    assert len(host.calls("/execute")) == 1


@pytest.mark.slow
async def test_a_planned_write(host: HostedStub, facebook: FacebookMarketingConnector) -> None:
    """It answers with the host's whole plan, and applying carries it out once."""
    other = await facebook.execute("campaigns", "update", {"campaign_id": SPRING, "name": "Other"})
    planned = await facebook.execute(*RENAME)
    assert planned["status"] == "planned"
    assert planned["plan"].startswith(f"SANDBOX: invented data\nPLAN {planned['plan_id']}\n")
    assert planned["plan_id"] in planned["apply"]
    done = await facebook.apply(planned["plan_id"])
    assert done["status"] == "applied"
    fresh = await facebook.apply(other["plan_id"])
    assert (fresh["status"], fresh["plan_id"] != other["plan_id"]) == ("planned", True)
    assert (await facebook.execute("campaigns", "get", {"campaign_id": SPRING}))["name"] == "Renamed"
    with pytest.raises(UnknownPlan):
        await facebook.apply("../../other/apply")
    with pytest.raises(ApiError) as none:
        await facebook.apply("raise-nothing.x.12345678")
    assert none.value.sent == "no"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "read", "write"),
    [
        (Fault(400), HostRefused, HostRefused),
        (Fault(403), AuthError, AuthError),
        (Fault(404), NotFound, NotFound),
        (Fault(409), Rejected, Rejected),
        (
            Fault(
                409,
                b'{"errors": [{"message": "x", "error_code": "plan_required", "details": {"plan_id": ""}}]}',
            ),
            Rejected,
            Rejected,
        ),
        (Fault(424), PlatformDown, OutcomeUnknown),
        (Fault(424, b'{"errors": [{"message": "no", "error_code": "platform_auth"}]}'), AuthError, AuthError),
        (Fault(429, headers={"retry-after": "0"}), None, RateLimited),
        (Fault(429, headers={"retry-after": "90"}), RateLimited, RateLimited),
        (Fault(400, b"<html>Bad request</html>"), HostRefused, OutcomeUnknown),
        (Fault(499), PlatformDown, OutcomeUnknown),
        (Fault(500), PlatformDown, OutcomeUnknown),
        (Fault(502), None, OutcomeUnknown),
        (Fault(503, done=True), None, OutcomeUnknown),
        (Fault(504), None, OutcomeUnknown),
        (Fault(200, b'{"status": "suc', cut=True), None, OutcomeUnknown),
        (Fault(307, headers={"location": "/api/v1/elsewhere"}), PlatformDown, OutcomeUnknown),
        (Fault(200, b"<html>welcome</html>"), PlatformDown, OutcomeUnknown),
        (Fault(200, b'{"status": "success", "result": "\xff"}'), PlatformDown, OutcomeUnknown),
        (Fault(200, b'{"status": "success"}'), PlatformDown, OutcomeUnknown),
        (Fault(200, b'{"status": "error", "result": []}'), PlatformDown, OutcomeUnknown),
        (Fault(200, b'{"status": "success", "result": [NaN]}'), PlatformDown, OutcomeUnknown),
        (Fault(200, b'{"result": [], "connector_metadata": []}'), PlatformDown, OutcomeUnknown),
        (Fault(200, b"[" * 100_000), PlatformDown, OutcomeUnknown),
        (Fault(401), None, OutcomeUnknown),
        (Fault(401, headers={"www-authenticate": 'Bearer realm="x", error="invalid_token"'}), None, None),
    ],
)
async def test_answers_that_are_none(
    host: HostedStub,
    facebook: FacebookMarketingConnector,
    fault: Fault,
    read: type[AdsError] | None,
    write: type[AdsError] | None,
) -> None:
    """A read is asked again where that may help; a write goes out once, and what it did is unknown or not."""
    for call, kind in ((LIST, read), (RENAME, write)):
        host.script("execute", fault)
        before = len(host.calls("/execute"))
        if kind is None:
            await facebook.execute(*call)
            assert len(host.calls("/execute")) == before + 2
            continue
        with pytest.raises(kind) as error:
            await facebook.execute(*call)
        assert type(error.value) is kind
        assert len(host.calls("/execute")) == before + 1
        assert error.value.sent == ("unknown" if kind is OutcomeUnknown else "no")
        assert (
            kind is not OutcomeUnknown
            or "done with campaigns.list or campaigns.get before" in error.value.fix
        )
    assert host.faults == []
    assert {seen.path.rpartition("/")[2] for seen in host.seen} == {"token", "connectors", "execute"}


async def test_a_write_that_was_done_and_not_answered(host: HostedStub, tmp_path: Path) -> None:
    """At a host that carries writes out at once, a lost answer is no reason to do it again."""
    with hosting(tmp_path, writes="direct") as direct:
        there = direct.add("facebook-marketing")
        pytest.MonkeyPatch().setenv("MCP_ADS_HOST_URL", direct.url)
        async with connect("facebook-marketing", connector_id=there, writes="direct") as facebook:
            direct.script("execute", Fault(500, done=True))
            with pytest.raises(OutcomeUnknown, match="HTTP 500"):
                await facebook.execute(*RENAME)
            assert len(direct.calls("/execute")) == 1
            assert (await facebook.execute("campaigns", "get", {"campaign_id": SPRING}))["name"] == "Renamed"


@pytest.mark.slow
async def test_tokens(host: HostedStub, facebook: FacebookMarketingConnector) -> None:
    """One for all calls that wait, until shortly before its end; a new one when it is refused."""
    host.pause = 0.05
    await asyncio.gather(*(facebook.execute(*LIST) for _ in range(5)))
    assert [len(host.calls(end)) for end in ("/token", "/connectors", "/execute")] == [1, 1, 5]
    host.expire()
    await asyncio.gather(*(facebook.execute(*LIST) for _ in range(3)))
    assert len(host.calls("/token")) == 2
    host.expire()
    host.lives = 60
    for count in (3, 4):
        await facebook.execute(*LIST)
        assert len(host.calls("/token")) == count
    host.clients.clear()
    host.expire()
    with pytest.raises(AuthError, match="does not accept AIRBYTE_CLIENT_ID") as refused:
        await facebook.execute(*RENAME)
    assert (refused.value.status, refused.value.sent) == (401, "no")
    host.clients[CLIENT_ID] = CLIENT_SECRET


@pytest.mark.slow
async def test_how_lists_go_on(host: HostedStub, facebook: FacebookMarketingConnector) -> None:
    """Whatever the connector calls it, and whether or not it says anything."""
    for said, more, cursor in (
        (None, False, None),
        ({}, False, None),
        ({"after": "A"}, True, "A"),
        ({"nextPageToken": "B", "x": 1}, True, "B"),
        ({"next_token": None}, False, None),
        ({"start": 0, "count": 10, "total": 25}, True, "start:10"),
        ({"start": 20, "count": 10, "total": 25}, False, None),
        ({"hasNextPage": False, "endCursor": "C"}, False, None),
    ):
        host.envelope = {"connector_metadata": said}
        meta = (await facebook.execute(*LIST)).meta
        assert (meta["has_next_page"], meta["end_cursor"]) == (more, cursor)
        assert {**(said or {}), "host": host.url}.items() <= meta.items()
    host.envelope = {}
    ids = [record["id"] async for record in facebook.iterate("campaigns", "list", {"account_id": US})]
    assert len(ids) == len({*ids}) > 5


async def test_what_is_refused_here(host: HostedStub, facebook: FacebookMarketingConnector) -> None:
    """What cannot be sent is said by name, and writes where they are off; the host says what it has not."""
    with pytest.raises(InvalidParams) as wrong:
        await facebook.execute("campaigns", "list", {"account_id": object(), "limit": float("nan")})
    assert [line.partition(":")[0] for line in wrong.value.lines] == ["account_id", "limit"]
    off = connect("facebook-marketing", workspace_name="default", writes="off")
    for call in (off.execute(*RENAME), off.execute("campaigns", "updaet", {}), off.apply("x.12345678")):
        with pytest.raises(WritesOff, match="writes are off in this program"):
            await call
    assert host.calls("/execute") == []
    with pytest.raises(HostRefused, match=r"campaings.*did you mean campaigns") as unknown:
        await facebook.execute("campaings", "list", {})
    assert (unknown.value.status, unknown.value.sent) == (422, "no")


@pytest.mark.slow
async def test_no_secret_leaves(
    host: HostedStub, facebook: FacebookMarketingConnector, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the client's secret nor a token is in an answer, an error, a log, or what an object says."""
    caplog.set_level(logging.DEBUG)
    said = [repr(facebook), repr(vars(facebook._backend)), repr(vars(facebook))]
    await facebook.execute(*LIST)
    (token,) = host.tokens
    assert host.calls("/execute")[0].headers["authorization"] == f"Bearer {token}"
    host.envelope = {"result": [{"id": "1", "echo": f"Bearer {token} {CLIENT_SECRET}"}]}
    said.append(repr(await facebook.execute(*LIST)))
    host.envelope = {}
    text = "".join(f"x{'y' * 990} {secret}" for secret in (token, CLIENT_SECRET)).encode()
    for status in (400, 403, 404, 409, 424, 500):
        host.script(
            "execute", Fault(status, b'{"errors": [{"message": "%s", "error_code": "%s"}]}' % (text, text))
        )
        with pytest.raises(ApiError) as error:
            await facebook.execute(*RENAME)
        said += [
            str(error.value),
            repr(error.value),
            error.value.platform_text,
            error.value.code,
            error.value.fix,
        ]
    assert MARKER not in "".join([*said, caplog.text])


async def test_one_connector_in_two_loops(host: HostedStub) -> None:
    """A program that runs a loop for each call can go on with the same connector."""
    host.add("facebook-marketing")
    connector = connect("facebook-marketing", workspace_name="default")

    async def ask() -> Any:
        async with connector:
            return await connector.execute(*LIST)

    found = [await asyncio.to_thread(asyncio.run, ask()) for _ in range(2)]
    assert [answer.data[0]["account_id"] for answer in found] == [US, US]


async def test_a_report_is_ordered_once(host: HostedStub, facebook: FacebookMarketingConnector) -> None:
    """Ordering is a read that costs: a failure that may pass is told, and nothing is ordered again."""
    host.script("execute", Fault(503))
    with pytest.raises(PlatformDown, match="HTTP 503"):
        await facebook.execute("ads_insights", "create_report", {"account_id": US})
    assert len(host.calls("/execute")) == 1
