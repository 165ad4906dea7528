"""The trace: every error can be looked up, in order, without what opens an account."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, PROFILE, US, EngineClient

from mcp_ads.core import Reply, Request, Wire
from mcp_ads.engine.wire.trace import KEPT, Trace, read
from mcp_ads.errors import AdsError, PlatformDown

pytestmark = pytest.mark.anyio
SECRET = "sandbox-MARKER-7f3a"


def lines(engine_client: EngineClient) -> list[dict[str, Any]]:
    engine_client.workspace.trace.flush()
    return read(engine_client.home / "trace.jsonl")


@pytest.mark.parametrize(
    ("entity", "action", "params"),
    [
        ("campaigns", "lst", {}),
        ("campaigns", "list", {"acount_id": US}),
        ("campaigns", "list", {"account_id": "999"}),
        ("campaigns", "get", {"campaign_id": "1"}),
        ("campaigns", "update", {"campaign_id": "1", "name": "x"}),
        ("nothing", "list", {}),
    ],
)
async def test_every_error_can_be_looked_up(
    engine_client: EngineClient, entity: str, action: str, params: dict[str, Any]
) -> None:
    """Also one from before anything was sent; the id is in the text the agent gets."""
    with pytest.raises(AdsError) as caught:
        await engine_client.do(FACEBOOK, entity, action, **params)
    found = {line["id"]: line for line in lines(engine_client)}[caught.value.trace]
    assert found["error"].startswith(type(caught.value).__name__)
    assert f"trace={caught.value.trace}" in engine_client.workspace.error_text(caught.value)


async def test_unknown_plans_too(engine_client: EngineClient) -> None:
    """Applying is a call like any other."""
    with pytest.raises(AdsError) as caught:
        await engine_client.workspace.apply("no-such-plan")
    assert caught.value.trace in {line["id"] for line in lines(engine_client)}


async def test_what_is_kept(engine_client: EngineClient) -> None:
    """Request and answer of a call, private to its owner."""
    await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US, limit=1)
    last = lines(engine_client)[-1]
    assert last["request"].startswith("GET /v26.0/act_1234567890/campaigns?")
    assert (last["status"], last["connector"], last["risk"]) == (200, FACEBOOK, "read")
    assert '"data"' in last["answer"]
    assert stat.S_IMODE((engine_client.home / "trace.jsonl").stat().st_mode) == 0o600


async def test_the_last_two_hundred_in_order(tmp_path: Path) -> None:
    """The ring forgets the oldest, and what is under way together is written whole."""
    trace = Trace(tmp_path / "trace.jsonl")

    async def one(number: int) -> None:
        entry = trace.begin("x", Request("GET", "/x"), Wire("GET", f"/{number}", {}))
        await asyncio.sleep(0)
        entry.answered(Reply(200, {}, b"y" * 5000))
        trace.add(entry)

    for start in range(0, 300, 30):
        await asyncio.gather(*(one(number) for number in range(start, start + 30)))
    trace.flush()
    found = read(tmp_path / "trace.jsonl")
    assert len(found) == KEPT
    assert {line["status"] for line in found} == {200}
    assert [line["request"] for line in found] == [f"GET /{number}" for number in range(100, 300)]
    assert (tmp_path / "trace.jsonl").stat().st_size < KEPT * 5000 * 2


@pytest.mark.parametrize(
    "text",
    [
        f'{{"access_token": "{SECRET}"}}',
        f'{{"data": [{{"page": {{"access_token":"{SECRET}"}}}}]}}',
        f"GET /x?access_token={SECRET}&fields=id",
        f"GET /x?fields=id&appsecret_proof={SECRET}",
        f"Authorization: Bearer {SECRET}",
        f'{{"paging": {{"next": "https://graph.facebook.com/x?after=1&access_token={SECRET}"}}}}',
        f'{{"url": "https://bucket.s3.amazonaws.com/r?X-Amz-Signature={SECRET}"}}',
        f"could not get https://bucket.s3.amazonaws.com/r?a=1&X-Amz-Credential={SECRET}&b=2",
        f'{{"access_token": "{SECRET}',
        f"grant_type=refresh_token&refresh_token={SECRET}&client_secret={SECRET}",
        f'{{"Access_Token" : "{SECRET}", "a": 1, "APP_SECRET":"{SECRET}"}}',
        f"GET /x?ACCESS_TOKEN={SECRET}&Client_Secret={SECRET}",
        f"authorization: BEARER {SECRET}",
        f"HTTPS://bucket.s3.amazonaws.com/r?a=1&x-amz-Credential={SECRET}&b=2",
    ],
)
def test_redaction(text: str) -> None:
    """Tokens, signatures and links that carry one are cut out, also of text that was cut itself."""
    assert SECRET not in Trace(Path("/nowhere")).redact(text)


def test_known_secrets_are_cut_out_wherever_they_stand() -> None:
    """A platform that quotes a credential, plain or escaped, gives nothing away."""
    trace = Trace(Path("/nowhere"), ["Atzr|sandbox-MARKER", ""])
    assert "MARKER" not in trace.redact("bad token Atzr|sandbox-MARKER in Atzr%7Csandbox-MARKER")
    trace.hide("Atza|fresh-one")
    assert "fresh-one" not in trace.without_secrets("Atza|fresh-one")
    trace.hide("id")
    assert trace.redact("an id stays") == "an id stays"


def test_answers_keep_what_is_no_secret() -> None:
    """An ad's landing page is data, not a credential."""
    text = '{"url": "https://shop.example/x?utm_source=fb"}, nextToken'
    assert Trace(Path("/nowhere")).without_secrets(text) == text


async def test_a_report_leaves_no_signed_link(engine_client: EngineClient) -> None:
    """The address a report is fetched from is a credential."""
    await engine_client.do(
        AMAZON, "reports", "run", profile_id=PROFILE, report_type="spCampaigns", time_range="yesterday"
    )
    text = json.dumps(lines(engine_client))
    assert "GET https://offline-report-storage-us-east-1-prod.s3.amazonaws.com/" in text
    assert "X-Amz-Signature" not in text


async def test_a_trace_that_cannot_be_written(engine_client: EngineClient) -> None:
    """Calls go on without it."""
    engine_client.home.mkdir(exist_ok=True)
    (engine_client.home / "trace.jsonl").mkdir()
    engine_client.fault("500", path="/campaigns$", times=9)
    with pytest.raises(PlatformDown):
        await engine_client.do(FACEBOOK, "campaigns", "list", account_id=US)


def test_lines_a_crash_cut_are_left_out(tmp_path: Path) -> None:
    """Half a line is no entry, and no reason to show none."""
    path = tmp_path / "trace.jsonl"
    path.write_text('{"id": "1"}\n{"id": "2\n[]\n{"id": "a\u2028b"}\n')
    assert [line["id"] for line in read(path)] == ["1", "a\u2028b"]
    assert read(tmp_path / "none") == []


@pytest.mark.slow
def test_long_answers_do_not_have_the_file_written_anew_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept of long answers is more than the file is begun with; it is cut now and then."""
    written, replace = list[Path](), Path.replace

    def counted(draft: Path, to: Path) -> Path:
        written.append(to)
        return replace(draft, to)

    monkeypatch.setattr(Path, "replace", counted)
    trace = Trace(tmp_path / "trace.jsonl")
    for _ in range(100):
        for number in range(20):
            entry = trace.begin("x", Request("GET", "/x"), Wire("GET", f"/x?n={number}", {}))
            entry.answered(Reply(200, {}, b"long " * 1_500))
            trace.add(entry)
        trace.flush()
    assert 0 < len(written) < 20
    assert (tmp_path / "trace.jsonl").stat().st_size < KEPT * 5000 * 3
    assert len(read(tmp_path / "trace.jsonl")) == KEPT
