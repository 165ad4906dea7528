"""Customer files as people have them: other tables, gaps, half an upload, and people in the wrong place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from between import between
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from people import AUDIENCE, EMAIL, FIRST, LAST, PHONE, astray, digest
from planning import SPRING, SPRING_SET, applied, planned, undo_of, writes

from mcp_ads.errors import InvalidParams, OutOfScope

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
PIXEL = "887766554433221"
EVENT: dict[str, Any] = {
    "event_name": "Lead",
    "event_time": "now",
    "action_source": "phone_call",
    "user_data": {"em": "b@example.com"},
}


def with_table(engine_client_with: EngineClients, tmp_path: Path, text: str) -> EngineClient:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "crm.csv").write_text(text, encoding="utf-8-sig")
    return engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))


@pytest.mark.parametrize("mark", [";", "\t", ","])
async def test_tables_as_spreadsheets_write_them(
    engine_client_with: EngineClients, tmp_path: Path, mark: str
) -> None:
    """A German Excel puts semicolons; usual headings are known, and empty lines are counted and left out."""
    rows = [
        ["E-Mail", "Telefon", "Vorname", "PLZ"],
        [EMAIL, f"+{PHONE}", FIRST, "10115"],
        ["", "", "", ""],
        ["b@example.com", "", LAST, ""],
    ]
    engine_client = with_table(
        engine_client_with, tmp_path, "".join(f"{mark.join(row)}{mark}\n" for row in rows)
    )
    asked = between(engine_client, lambda _: None)
    plan = await engine_client.do(
        FACEBOOK, "custom_audiences", "add_users", audience_id=AUDIENCE, users="crm.csv"
    )
    assert "adds 2 people by email, phone, fn, zip: 2 with EMAIL, 1 with PHONE, 2 with FN" in plan.text
    assert "1 row with nothing to match by left out" in plan.text
    await applied(engine_client, plan.data["plan_id"])
    (change,) = [request for request in asked if request.method == "POST"]
    payload = json.loads(parse_qs(change.content.decode())["payload"][0])
    assert payload["data"][0] == [digest(EMAIL), digest(PHONE), digest(FIRST), digest("10115")]


async def test_a_table_with_nobody_in_it(engine_client: EngineClient) -> None:
    """It is refused, and only then."""
    rows = [{"email": ""}, {"email": " ", "phone": None}]
    with pytest.raises(InvalidParams, match="there is nothing in any of the 2 rows"):
        await planned(engine_client, "custom_audiences", "add_users", audience_id=AUDIENCE, users=rows)


async def test_headings_that_nobody_knows(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """They are named once, with a mapping that can be copied; people in their place are not."""
    text = f"E-Mail;Kundennr.;Hobby\n{EMAIL};4711;chess\n" + f"{LAST}@example.com;1;x\n" * 200
    engine_client = with_table(engine_client_with, tmp_path, text)
    params: dict[str, Any] = {"audience_id": AUDIENCE, "users": "crm.csv"}
    with pytest.raises(InvalidParams) as caught:
        await planned(engine_client, "custom_audiences", "add_users", **params)
    (line,) = caught.value.lines
    assert (
        'columns 2, 3 of 3 ("Kundennr.", "Hobby" of "E-Mail", "Kundennr.", "Hobby"): none of EMAIL, PHONE'
        in line
    )
    assert 'give mapping, such as {"E-Mail": "E-Mail"}: what it does not name stays here' in line
    plan = await engine_client.do(
        FACEBOOK, "custom_audiences", "add_users", **params, mapping={"E-Mail": "E-Mail"}
    )
    assert "2 other columns stay here" in plan.text
    with pytest.raises(InvalidParams) as caught:
        await planned(engine_client, "custom_audiences", "add_users", **params, mapping={"email": "E-Mail"})
    assert 'none of the 3 there are ("E-Mail", "Kundennr.", "Hobby"); write {"column of' in str(caught.value)
    (tmp_path / "files" / "crm.csv").write_text(f"{EMAIL},{LAST}\nb@example.com,x\n")
    with pytest.raises(InvalidParams) as caught:
        await planned(engine_client, "custom_audiences", "add_users", **params)
    assert "columns 1, 2 of 2: none of EMAIL" in str(caught.value)
    assert astray(str(caught.value), engine_client.home) == []


@pytest.mark.slow
async def test_the_second_batch_is_refused(engine_client: EngineClient) -> None:
    """What came is said and can be taken back, exactly that; nothing says that nothing was changed."""
    rows = [{"email": f"{number}@example.com"} for number in range(15_000)]
    flagged = {
        "error": {"message": "Flagged", "code": 100, "error_subcode": 1713230, "type": "OAuthException"}
    }
    sent: list[httpx.Request] = []

    def second(request: httpx.Request) -> httpx.Response | None:
        sent.extend([request] if request.method == "POST" else [])
        return httpx.Response(400, json=flagged) if len(sent) == 2 and sent[-1] is request else None

    asked = between(engine_client, second)
    plan = await planned(engine_client, "custom_audiences", "add_users", audience_id=AUDIENCE, users=rows)
    done = await applied(engine_client, plan)
    text = engine_client.workspace.text(done)
    assert "1. PARTIAL: add_users" in text
    assert "1 of 2 requests were done, the next was refused" in text
    assert "nothing was changed" not in text
    assert "requests done of 2: 1" in text
    before = len(asked)
    undone = await applied(engine_client, undo_of(done))
    assert "APPLIED: 1 of 1 done" in undone.text
    (back,) = [request for request in asked[before:] if request.method == "DELETE"]
    payload = json.loads(parse_qs(back.content.decode())["payload"][0])
    assert payload["data"] == [[digest(row["email"])] for row in rows[:10_000]]


async def test_numbers_that_come_as_text(engine_client: EngineClient) -> None:
    """An answer that counts in text is an answer."""
    session: dict[str, Any] = {}

    def answers(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        session.update(json.loads(parse_qs(request.content.decode())["session"][0]))
        counts = {"num_received": "1", "num_invalid_entries": "1"}
        return httpx.Response(
            200, json={"audience_id": AUDIENCE, "session_id": str(session["session_id"]), **counts}
        )

    between(engine_client, answers)
    users = [{"email": EMAIL}]
    plan = await planned(engine_client, "custom_audiences", "add_users", audience_id=AUDIENCE, users=users)
    text = (await applied(engine_client, plan)).text
    assert "APPLIED" in text
    assert "could not use 1 of them" in text


@pytest.mark.parametrize(
    ("event", "mistake"),
    [
        ({"custom_data": {"name": "Mary Miller"}}, "custom_data: a field of it names a person"),
        ({"custom_data": {"Phone": "x"}}, "custom_data: a field of it names a person"),
        ({"custom_data": {"order_id": "+15550100199"}}, "custom_data: it holds an e-mail address or tele"),
        ({"user_data": {"external_id": "+15550100199"}}, "user_data.external_id: holds an e-mail"),
        ({"user_data": {"madid": "15550100199"}}, "user_data.madid: is no advertiser id"),
        ({"user_data": {"client_user_agent": EMAIL}}, "user_data.client_user_agent: is no browser"),
        ({"event_source_url": "https://shop.example/x?phone=15550100199"}, "event_source_url: a field"),
    ],
)
async def test_people_in_the_wrong_part_of_an_event(
    engine_client: EngineClient, event: dict[str, Any], mistake: str
) -> None:
    """What is sent as it is has nobody's name, number or address; nothing is kept and nobody is quoted."""
    with pytest.raises(InvalidParams) as caught:
        await planned(
            engine_client, "conversion_events", "create", pixel_id=PIXEL, events=[{**EVENT, **event}]
        )
    assert mistake in str(caught.value)
    assert "0100199" not in str(caught.value)
    assert not list(engine_client.home.rglob("blobs/*"))


def rule(pixel: str) -> dict[str, Any]:
    part = {"event_sources": [{"id": pixel, "type": "pixel"}], "retention_seconds": 86400}
    return {"inclusions": {"operator": "or", "rules": [part]}}


@pytest.mark.parametrize(
    ("entity", "action", "params"),
    [
        (
            "lookalike_audiences",
            "create",
            {
                "account_id": US,
                "name": "X",
                "lookalike_spec": {
                    "country": "US",
                    "ratio": 0.01,
                    "conversion_type": "campaign_conversions",
                    "origin_ids": ["1202110000000000920"],
                },
            },
        ),
        ("custom_audiences", "update", {"audience_id": AUDIENCE, "rule": rule(PIXEL)}),
        (
            "ad_sets",
            "update",
            {
                "adset_id": SPRING_SET,
                "targeting": {
                    "geo_locations": {"countries": ["US"]},
                    "custom_audiences": [{"id": "FOREIGN"}],
                    "targeting_automation": {"advantage_audience": 0},
                },
            },
        ),
        (
            "reach_estimates",
            "get",
            {
                "account_id": US,
                "targeting_spec": {
                    "geo_locations": {"countries": ["US"]},
                    "excluded_custom_audiences": [{"id": "FOREIGN"}],
                },
            },
        ),
    ],
)
async def test_others_people_behind_an_allow_list(
    engine_client_with: EngineClients, entity: str, action: str, params: dict[str, Any]
) -> None:
    """What an audience or a targeting is made of belongs to an account that may be used, too."""
    engine_client = engine_client_with()
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    store = engine_client.store
    foreign = next(row["id"] for row in store.all("facebook.audience") if row["account_id"] == JAPAN)
    params = json.loads(json.dumps(params).replace("FOREIGN", foreign))
    with pytest.raises(OutOfScope):
        await engine_client.do(FACEBOOK, entity, action, **params)
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    ("entity", "params"),
    [
        ("custom_audiences", {"name": "X", "rule": rule(PIXEL)}),
        ("custom_conversions", {"name": "X", "rule": {"url": {"eq": "x"}}, "event_source_id": PIXEL}),
    ],
)
async def test_a_pixel_of_another_account(
    engine_client: EngineClient, entity: str, params: dict[str, Any]
) -> None:
    """It is refused in the plan."""
    with pytest.raises(
        InvalidParams, match=f"(rule|event_source_id): ad account {JAPAN} may not use the pixel {PIXEL}"
    ):
        await planned(engine_client, entity, "create", account_id=JAPAN, **params)


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        ({"rule": {"inclusions": {"operator": "xor", "rules": [{"foo": 1}]}}}, "rule.inclusions.operator"),
        ({"rule": {"inclusions": {"operator": "or", "rules": [{"foo": 1}]}}}, "1 needs event_sources"),
        ({"rule": {**rule(PIXEL), "colour": 1}}, "inclusions and exclusions only, and not colour"),
        ({"subtype": "CUSTOM", "opt_out_link": "javascript:alert(1)"}, "opt_out_link: an address such as"),
        ({"lookalike_spec": {"country": "US", "ratio": 0.01, "rato": 1}}, "lookalike_spec: has no rato"),
        (
            {"lookalike_spec": {"location_spec": {"geo_locations": {"countries": ["XX"]}}, "ratio": 0.01}},
            "location_spec: no country XX",
        ),
    ],
)
async def test_specs_that_are_none(engine_client: EngineClient, given: dict[str, Any], mistake: str) -> None:
    """Found before anything is planned."""
    alike = {"subtype": "LOOKALIKE", "origin_audience_id": AUDIENCE} if "lookalike_spec" in given else {}
    source = {"customer_file_source": "USER_PROVIDED_ONLY"} if "opt_out_link" in given else {}
    with pytest.raises(InvalidParams) as caught:
        await planned(
            engine_client, "custom_audiences", "create", account_id=US, name="X", **alike, **source, **given
        )
    assert mistake in str(caught.value)


async def test_a_seed_nobody_has_counted(engine_client: EngineClient) -> None:
    """A lookalike of a list that the same plan makes may stay empty, and the plan says so."""
    new = {"name": "Buyers", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    first = await planned(engine_client, "custom_audiences", "create", account_id=US, **new)
    plan = await engine_client.do(
        FACEBOOK,
        "lookalike_audiences",
        "create",
        append_to=first,
        account_id=US,
        name="Alike",
        origin_audience_id="@1.id",
        lookalike_spec={"country": "US", "ratio": 0.01},
    )
    assert "fewer than 100 that it has matched, the lookalike stays empty" in plan.text


async def test_a_token_that_nobody_told_of(engine_client: EngineClient) -> None:
    """One of Meta's is known by its beginning, in errors and in what an answer shows."""
    token = "EAAB" + "sbCS1iHg" * 5
    answers: list[httpx.Response] = [
        httpx.Response(400, json={"error": {"message": f"bad {token} here", "code": 100, "type": "X"}}),
        httpx.Response(200, json={"id": SPRING, "name": f'var t="{token}"', "account_id": US}),
    ]
    between(engine_client, lambda request: answers.pop(0) if request.url.path.endswith(SPRING) else None)
    said = ""
    try:
        await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING, fields=["id", "name"])
    except Exception as error:  # noqa: BLE001 - whatever is raised must not have it
        said += f"{error} {getattr(error, 'platform_text', '')}"
    result = await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING, fields=["id", "name"])
    said += engine_client.workspace.text(result)
    engine_client.workspace.trace.flush()
    assert "[secret]" in said
    assert token not in said + (engine_client.home / "trace.jsonl").read_text()
