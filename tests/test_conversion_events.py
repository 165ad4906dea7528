"""Conversion events: people in them are hashed where the call comes in, sent once, written down nowhere."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import people
import pytest
from between import between
from engine_client import FACEBOOK, US, EngineClient
from planning import applied, planned, writes

from mcp_ads.errors import InvalidParams, OutOfScope

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
PIXEL = "887766554433221"
FIRST, LAST, PHONE = "marker7f3a", "marker8e4b", "15557301234"
EMAIL, AGENT, IP, CRM = f"{FIRST}@example.com", "Mozilla/5.0 (marker5a6b)", "203.0.113.77", "crm-marker9d5c"
NOW = int(time.time())
MARKS = (FIRST, LAST, PHONE, "730-1234", "marker5a6b", IP, CRM)
PURCHASE: dict[str, Any] = {
    "event_name": "Purchase",
    "event_time": NOW - 60,
    "action_source": "website",
    "event_id": "order-1",
    "event_source_url": "https://shop.example/thanks",
    "user_data": {
        "em": f" {EMAIL.title()} ",
        "ph": ["+1 (555) 730-1234"],
        "ln": LAST.title(),
        "external_id": CRM,
        "client_user_agent": AGENT,
        "client_ip_address": IP,
    },
    "custom_data": {"value": "49.90", "currency": "usd", "content_ids": ["sku-1"]},
}
LEAD: dict[str, Any] = {
    "event_name": "Lead",
    "event_time": NOW - 3600,
    "action_source": "phone_call",
    "user_data": {"email": "b@example.com"},
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


HASHES = (digest(EMAIL), digest(PHONE), digest(LAST))


async def send(client: EngineClient, *events: dict[str, Any], **params: Any) -> str:
    return await planned(client, "conversion_events", "create", pixel_id=PIXEL, events=list(events), **params)


def sent(asked: list[httpx.Request]) -> list[dict[str, Any]]:
    """The events of the one request that posted some."""
    (request,) = [request for request in asked if request.method == "POST"]
    found: list[dict[str, Any]] = json.loads(parse_qs(request.content.decode())["data"][0])
    return found


async def test_events_are_sent_hashed_and_nothing_of_them_stays(
    engine_client: EngineClient, caplog: pytest.LogCaptureFixture
) -> None:
    """By Facebook's keys, what is not hashed as it is; afterwards no file, log or answer has any of it."""
    caplog.set_level(logging.DEBUG)
    asked = between(engine_client, lambda _: None)
    plan = await send(engine_client, PURCHASE)
    assert not [request for request in asked if request.method == "POST"]
    done = await applied(engine_client, plan)
    assert writes(engine_client) == [f"send events {PIXEL}"]
    (event,) = sent(asked)
    hashed_email, hashed_phone, hashed_name = HASHES
    assert event["user_data"] == {
        "em": [hashed_email],
        "ph": [hashed_phone],
        "ln": [hashed_name],
        "external_id": [CRM],
        "client_user_agent": AGENT,
        "client_ip_address": IP,
    }
    assert event["event_time"] == NOW - 60
    assert event["custom_data"] == {"value": 49.9, "currency": "USD", "content_ids": ["sku-1"]}
    assert "APPLIED: 1 of 1 done" in done.text
    assert "; Facebook has received 1" in done.text
    assert "no undo" in done.text
    engine_client.workspace.trace.flush()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("mcp_ads")]
    outside = [path for path in engine_client.home.iterdir() if path.name != "sandbox"]
    assert {path.name for path in outside} >= {"plans"}
    for path in outside:
        assert people.found(done.text + plan + "".join(ours), path, (*MARKS, *HASHES)) == [], path


async def test_a_plan_says_what_is_sent(engine_client: EngineClient) -> None:
    """Which events, from where, when, worth what, by which keys; what counts twice; until when it holds."""
    events = [PURCHASE, LEAD, LEAD]
    plan = await engine_client.do(
        FACEBOOK, "conversion_events", "create", pixel_id=PIXEL, data=events, test_event_code="TEST1"
    )
    assert plan.data["plan_id"].startswith(f"sends-2-conversion-events-to-pixel-{PIXEL}.")
    for says in (
        f"sends 2 conversion events to pixel {PIXEL}: 1 Purchase, 1 Lead; by 1 website, 1 phone_call; ",
        "worth 49.9 USD",
        "people by 2 em, 1 ph, 1 ln, 1 external_id, 1 client_user_agent, 1 client_ip_address",
        "hashed here (SHA-256) before anything is kept or sent, but for external_id, client_user_agent, ",
        "1 given more than once sent once",
        'data="<2 rows of event>"',
        "1 of 2 have no event_id",
        "test_event_code does not hold them back",
        "Facebook refuses all of them: apply the plan before",
    ):
        assert says in plan.text
    (blob,) = [path for path in (engine_client.home / "blobs").glob("*") if path.is_file()]
    assert blob.stat().st_mode & 0o777 == 0o600
    assert people.found(plan.text, blob.parent, (FIRST, LAST, PHONE)) == []


async def test_events_are_counted_by_the_pixel(engine_client: EngineClient) -> None:
    """What was sent once is counted once."""
    other = {**LEAD, "event_name": "Harbour tour", "event_time": "now"}
    plan = await engine_client.do(FACEBOOK, "conversion_events", "create", pixel_id=PIXEL, events=other)
    assert ': 1 "Harbour tour"; by 1 phone_call; ' in plan.text
    await applied(engine_client, plan.data["plan_id"])
    table = await engine_client.table(
        FACEBOOK, "pixel_stats", "list", pixel_id=PIXEL, where="event = 'Harbour tour'"
    )
    assert [row["count"] for row in table.rows] == ["1"]


def _with(event: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**event, **changed}.items() if value is not None}


CHAT = _with(LEAD, action_source="business_messaging", messaging_channel="whatsapp")
REFUSED: list[tuple[dict[str, Any], str]] = [
    (_with(LEAD, event_name=None), "event_name: missing, required"),
    (_with(LEAD, event_time=None), "event_time: missing, required"),
    (_with(LEAD, event_time=5), "event_time: write 2026-11-20"),
    (_with(LEAD, event_time=True), "event_time: write 2026-11-20"),
    (_with(LEAD, action_source="web"), "action_source: one of website, app"),
    (_with(LEAD, action_source="website"), "event_source_url: missing"),
    (_with(LEAD, action_source="website"), "user_data.client_user_agent: missing"),
    (_with(LEAD, user_data=None), "user_data: it has to say who it was"),
    (_with(LEAD, user_data={}), "user_data: it has to say who it was"),
    (_with(LEAD, user_data=[EMAIL]), "user_data: an object"),
    (_with(LEAD, user_data={"em": FIRST}), "user_data.em: is no e-mail address"),
    (_with(LEAD, user_data={"em": {"is": EMAIL}}), "user_data.em: is no text"),
    (_with(LEAD, user_data={"ph": "+12 34"}), "user_data.ph: is no telephone number"),
    (_with(LEAD, user_data={"ge": FIRST}), "user_data.ge: is neither m nor f"),
    (_with(LEAD, user_data={"db": FIRST}), "user_data.db: is no day of birth"),
    (_with(LEAD, user_data={"country": FIRST}), "user_data.country: is no country"),
    (_with(LEAD, user_data={EMAIL: "x"}), "user_data: key 1 is none of em"),
    (_with(LEAD, user_data={"em": f"Zed <{EMAIL}>"}), "user_data.em: is no e-mail address"),
    (_with(LEAD, user_data={"em": EMAIL, "email": "b@example.com"}), "user_data.em: given twice, and not"),
    (_with(LEAD, eventTime=NOW), "event_time: given twice, and not the same"),
    (_with(LEAD, **{"user_data.email": EMAIL}), "user_data: given twice, and not the same"),
    (_with(LEAD, user_data={"external_id": EMAIL}), "user_data.external_id: holds an e-mail address"),
    (_with(LEAD, event_id=EMAIL), "event_id: it holds an e-mail address"),
    (_with(LEAD, custom_data={"note": [{EMAIL: 1}]}), "custom_data: it holds an e-mail address"),
    (
        _with(PURCHASE, event_source_url=f"https://x.example/?e={FIRST}%40example.com"),
        "event_source_url: it holds an e-mail address",
    ),
    (_with(PURCHASE, event_source_url="shop.example"), "event_source_url: an address such as"),
    (_with(PURCHASE, custom_data={"value": 5}), "custom_data: a Purchase needs value and currency"),
    (_with(PURCHASE, custom_data={"value": FIRST, "currency": "USD"}), "value is a number"),
    (_with(PURCHASE, custom_data={"value": 5, "currency": FIRST}), "currency is three letters"),
    (_with(CHAT, event_name="Schedule"), "business_messaging takes LeadSubmitted"),
    (_with(CHAT, event_name="LeadSubmitted", messaging_channel=None), "messaging_channel: missing"),
    (_with(LEAD, opt_out=LAST), "opt_out: true or false"),
    (_with(LEAD, colour=FIRST), "field 5 is none of event_name"),
    (_with(LEAD, event_name=EMAIL), "event_name: a text such as Purchase"),
    (_with(LEAD, event_name="Lead\nundo: none"), "event_name: a text such as Purchase"),
    (_with(LEAD, custom_data={"x": float("nan")}), "custom_data: numbers and texts only"),
    ({**LEAD, "user_data": "{}", "user_data.em": EMAIL}, "user_data: as one object, or in parts"),
]


@pytest.mark.parametrize(("event", "says"), REFUSED)
async def test_one_wrong_event_refuses_them_all(
    engine_client: EngineClient, event: dict[str, Any], says: str
) -> None:
    """By its row and field, without a word of its values; nothing is kept and nothing sent."""
    with pytest.raises(InvalidParams) as caught:
        await send(engine_client, LEAD, event)
    text = str(caught.value)
    assert text.startswith("events: row 2: ")
    assert says in text
    assert not [mark for mark in MARKS if mark in text.lower()]
    assert not list((engine_client.home / "blobs").glob("*"))
    assert people.found(text, engine_client.home, MARKS) == []


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(-8 * 86_400, "Facebook refuses all where one is older than 7 days"), (7200, "lies in the future")],
)
async def test_events_of_another_time_are_refused(
    engine_client: EngineClient, seconds: int, says: str
) -> None:
    """Facebook would process none of them."""
    with pytest.raises(InvalidParams, match=says):
        await send(engine_client, LEAD, _with(LEAD, event_time=NOW + seconds))


async def test_events_that_were_kept_too_long(engine_client: EngineClient) -> None:
    """What Facebook refuses as too old by the time a plan is applied says what to leave out."""
    error = {"type": "OAuthException", "code": 100, "error_subcode": 2804003, "message": "x"}
    between(engine_client, _answering(400, {"error": error}))
    text = (await applied(engine_client, await send(engine_client, LEAD))).text
    assert "NOT DONE" in text
    assert "leave out events older than 7 days; Facebook took none of these" in text


def _answering(status: int, answer: Any) -> Callable[[httpx.Request], httpx.Response | None]:
    return lambda request: httpx.Response(status, json=answer) if request.method == "POST" else None


@pytest.mark.parametrize(
    "lie",
    [{}, {"events_received": 0}, {"events_received": 2}, {"events_received": "1"}, {"success": True}, []],
    ids=str,
)
async def test_an_answer_that_belies_it(engine_client: EngineClient, lie: Any) -> None:
    """Only as many as were sent show that it was done; anything else is unknown, and never sent again."""
    asked = between(engine_client, _answering(200, lie))
    plan = await send(engine_client, LEAD)
    assert "UNKNOWN" in (await applied(engine_client, plan)).text
    assert "UNKNOWN" in (await applied(engine_client, plan)).text
    assert len([request for request in asked if request.method == "POST"]) == 1


async def test_what_facebook_says_of_them_is_not_quoted(engine_client: EngineClient) -> None:
    """Its messages may hold what was sent: that there are some is said."""
    told = {"events_received": 1, "messages": [f"bad {digest(EMAIL)}"], "fbtrace_id": "A"}
    between(engine_client, _answering(200, told))
    text = (await applied(engine_client, await send(engine_client, PURCHASE))).text
    assert "Facebook has received 1, with 1 messages: Events Manager shows them" in text
    assert people.found(text, engine_client.home / "plans", (*MARKS, *HASHES)) == []


async def test_events_from_a_table(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """A column is a field, or a part of one; empty cells are left out."""
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [
        "event_name,event_time,action_source,event_id,user_data.em,user_data.ph,custom_data.value,custom_data.currency"
    ]
    rows += [f"Purchase,{NOW - 5},physical_store,p-1,{EMAIL},,12.5,EUR", f"Lead,{NOW},email,,,+{PHONE},,"]
    (folder / "events.csv").write_text("\n".join(rows))
    client = engine_client_with(MCP_ADS_FILES=str(folder))
    asked = between(client, lambda _: None)
    plan = await planned(client, "conversion_events", "create", pixel_id=PIXEL, events="events.csv")
    await applied(client, plan)
    first, second = sent(asked)
    assert first["custom_data"] == {"value": 12.5, "currency": "EUR"}
    assert (first["user_data"], second["user_data"]) == ({"em": [HASHES[0]]}, {"ph": [HASHES[1]]})
    assert "event_id" not in second


async def test_what_stands_for_events_is_not_made_up(engine_client: EngineClient) -> None:
    """What a plan tells of kept events is what they are, whoever writes it."""
    plan = await engine_client.do(FACEBOOK, "conversion_events", "create", pixel_id=PIXEL, events=[PURCHASE])
    (path,) = (engine_client.home / "plans").glob("*.json")
    kept = json.loads(path.read_text())["steps"][0]["params"]["events"]
    assert kept["told"]["names"] == {"Purchase": 1}
    for told in ({}, {**kept["told"], "names": {"Lead": 1}}, "x"):
        with pytest.raises(InvalidParams, match="events: "):
            await engine_client.do(
                FACEBOOK, "conversion_events", "create", pixel_id=PIXEL, events={**kept, "told": told}
            )
    assert plan.data["plan_id"]


async def test_most_events_of_a_request(engine_client: EngineClient) -> None:
    """A thousand at most; a pixel of nobody's account is not written to where only some are allowed."""
    with pytest.raises(InvalidParams, match="more than 1,000 rows"):
        await send(engine_client, *[_with(LEAD, event_id=str(number)) for number in range(1001)])
    with pytest.raises(InvalidParams, match="no rows"):
        await send(engine_client)
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    with pytest.raises(OutOfScope, match="business"):
        await send(engine_client, LEAD)
    with pytest.raises(InvalidParams, match="may not use the pixel"):
        await planned(
            engine_client, "conversion_events", "create",
            pixel_id="887766554433222", account_id=US, events=[LEAD],
        )  # fmt: skip
    assert "APPLIED" in (await applied(engine_client, await send(engine_client, LEAD, account_id=US))).text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Leed", "Leed is none of the standard events; did you mean Lead?"),
        ("Lead", ""),
        ("Membership", "Membership is none of the standard events; Facebook counts it as one of your own"),
    ],
)
async def test_an_event_of_ones_own_is_told_from_a_slip(
    engine_client: EngineClient, name: str, said: str
) -> None:
    """It is planned, with the standard event that looks like it."""
    plan = await engine_client.do(
        FACEBOOK, "conversion_events", "create", pixel_id=PIXEL, events=[{**LEAD, "event_name": name}]
    )
    assert ("none of the standard events" in plan.text) is bool(said)
    assert said in plan.text
