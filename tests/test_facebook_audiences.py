"""Audiences on Facebook from their first person to their end: lists, lookalikes, saved ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from agent import Agent
from between import between
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from fastmcp import Client
from people import AUDIENCE, EMAIL, FIRST, LAST, PHONE, ROW, astray, digest
from planning import SPRING, SPRING_SET, applied, error_of, planned, undo_of, writes

from mcp_ads.errors import InvalidParams, NotFound, OutOfScope
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
NEWSLETTER, LOOKALIKE, VISITORS, FLAGGED = (f"120215000000000000{end}" for end in "2345")
SEED: dict[str, Any] = {"origin_audience_id": AUDIENCE, "lookalike_spec": {"country": "US", "ratio": 0.01}}
EngineClients = Callable[..., EngineClient]


def rule(path: str) -> dict[str, Any]:
    """Whoever saw a page of the shop."""
    seen = {"operator": "and", "filters": [{"field": "url", "operator": "i_contains", "value": path}]}
    source = [{"id": "887766554433221", "type": "pixel"}]
    return {
        "inclusions": {
            "operator": "or",
            "rules": [{"event_sources": source, "retention_seconds": 2592000, "filter": seen}],
        }
    }


async def audience(engine_client: EngineClient, id_: str = AUDIENCE) -> dict[str, Any]:
    fields = ["name", "description", "rule", "retention_days"]
    result = await engine_client.do(FACEBOOK, "custom_audiences", "get", audience_id=id_, fields=fields)
    return dict(result.data)


async def test_people_are_removed_as_they_are_added(engine_client: EngineClient) -> None:
    """Normalised and hashed alike, in a body and never in an address; each takes the other back."""
    asked = between(engine_client, lambda _: None)
    plan = await engine_client.do(
        FACEBOOK, "custom_audiences", "remove_users", audience_id=AUDIENCE, users=[ROW]
    )
    assert plan.data["plan_id"].startswith("removes-1-person-by-email-phone-ln-extern-id-audience.")
    assert "warning: these rows stood in the call" in plan.text
    assert "warning: an undo adds all of them, whether or not they were in it before" in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    undone = await applied(engine_client, undo_of(done))
    assert writes(engine_client) == [f"remove users {AUDIENCE}", f"add users {AUDIENCE}"]
    changes = [request for request in asked if request.method in ("DELETE", "POST")]
    assert [request.method for request in changes] == ["DELETE", "POST"]
    sent = [
        {name: json.loads(text) for name, (text,) in parse_qs(r.content.decode()).items()} for r in changes
    ]
    assert sent[0]["payload"] == sent[1]["payload"]
    assert sent[0]["payload"]["data"][0][0] == digest(EMAIL)
    assert sent[0]["session"]["session_id"] != sent[1]["session"]["session_id"]
    assert all(request.url.query == b"" for request in changes)
    engine_client.workspace.trace.flush()
    said = plan.text + done.text + undone.text
    assert astray(said, engine_client.home) == []


@pytest.mark.parametrize(
    ("seconds", "days", "warned"), [(30, 30, True), (30, None, True), (2592000, 30, False)]
)
async def test_days_that_are_seconds(
    engine_client: EngineClient, seconds: int, days: int | None, warned: bool
) -> None:
    """What a rule says of how long people stay is told where it is under a day, or another than beside it."""
    made = rule("")
    made["inclusions"]["rules"][0]["retention_seconds"] = seconds
    asked = {"account_id": US, "name": "Visitors", "rule": made, **({"retention_days": days} if days else {})}
    text = (await engine_client.do(FACEBOOK, "custom_audiences", "create", **asked)).text
    assert ("warning: rule: retention_seconds 30 is 0.0003472 days" in text) is warned
    assert ("retention_days says 30" in text) is (warned and days is not None)


async def test_a_list_that_was_made_with_its_people_goes_with_them(engine_client: EngineClient) -> None:
    """The undo deletes it, and does not first take out who would leave too few behind."""
    new = {"name": "Buyers", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    first = await planned(engine_client, "custom_audiences", "create", account_id=US, **new)
    given: dict[str, Any] = {"audience_id": "@1.id", "users": [ROW]}
    plan = await planned(engine_client, "custom_audiences", "add_users", append_to=first, **given)
    done = await applied(engine_client, plan)
    assert "no undo" not in done.text
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, undo_of(done))).text
    assert [line.rpartition(" ")[0] for line in writes(engine_client)] == [
        "create audience", "add users", "delete audience",
    ]  # fmt: skip


async def test_who_leaves_too_few_behind_stays(engine_client: EngineClient) -> None:
    """Facebook keeps an audience from becoming too small, and the answer says what to do."""
    rows = [{"email": f"{number}@example.com"} for number in range(950)]
    plan = await planned(engine_client, "custom_audiences", "remove_users", audience_id=FLAGGED, users=rows)
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert "NOT DONE" in text
    assert "too few people would be left" in text
    assert writes(engine_client) == []


async def test_many_are_removed_in_batches(engine_client: EngineClient) -> None:
    """Of ten thousand, in one upload under one approval."""
    rows = [{"email": f"{number}@example.com"} for number in range(12_000)]
    plan = await planned(engine_client, "custom_audiences", "remove_users", audience_id=AUDIENCE, users=rows)
    assert "APPLIED" in (await applied(engine_client, plan)).text
    assert writes(engine_client) == [f"remove users {AUDIENCE}"] * 2
    (session,) = engine_client.store.all("facebook.session")
    assert (session["num_received"], session["batch_seq"], session["closed"]) == (12_000, 2, True)


CSV = f"Email Address,Handy,Notes,Family\n{EMAIL},{PHONE},likes {LAST},{LAST}\n,,nobody of {FIRST},{LAST}2\n"
MAPPING = {"email address ": "email", "Handy": "phone", "Family": "ln"}


@pytest.mark.parametrize("action", ["add_users", "remove_users"])
async def test_a_table_with_columns_of_its_own(
    engine_client_with: EngineClients, tmp_path: Path, action: str
) -> None:
    """A mapping says what they are, over MCP; every other column stays where it is, and no person shows."""
    files = tmp_path / "files"
    files.mkdir()
    (files / "crm.csv").write_text(CSV)
    engine_client = engine_client_with(MCP_ADS_FILES=str(files))
    asked = between(engine_client, lambda _: None)
    params = {"audience_id": AUDIENCE, "users": "crm.csv", "mapping": MAPPING}
    async with Client(build_server(engine_client.settings, engine_client.workspace)) as client:
        agent = Agent(client)
        call = {"entity": "custom_audiences", "action": action}
        said = await agent.good("facebook_marketing_execute", **call, params=params)
        assert "2 people by email, phone, ln: 1 with EMAIL, 1 with PHONE, 2 with LN" in said
        assert "1 other column stays here" in said
        assert "stood in the call" not in said
        plan = said.split("PLAN ")[1].split()[0]
        said += await agent.good("ads_apply", plan_id=plan)
    (change,) = [request for request in asked if request.method in ("POST", "DELETE")]
    payload = json.loads(parse_qs(change.content.decode())["payload"][0])
    assert payload["schema"] == ["EMAIL", "PHONE", "LN"]
    assert payload["data"] == [[digest(EMAIL), digest(PHONE), digest(LAST)], ["", "", digest(f"{LAST}2")]]
    engine_client.workspace.trace.flush()
    assert astray(said, engine_client.home) == []
    assert all(
        "handy" not in path.read_bytes().decode(errors="replace").lower() for path in _kept(engine_client)
    )


def _kept(engine_client: EngineClient) -> list[Path]:
    return [path for path in engine_client.home.rglob("*") if path.is_file()]


async def test_a_mapping_holds_for_all_items(engine_client: EngineClient) -> None:
    """Beside them or in each, for rows in the call as well."""
    rows = [{"Mail": EMAIL, "Other": LAST}]
    for params in (
        {"mapping": {"Mail": "email"}, "items": [{"audience_id": AUDIENCE, "users": rows}]},
        {"items": [{"audience_id": AUDIENCE, "users": rows, "mapping": '{"Mail": "email"}'}]},
        {"users": rows, "mapping": {"Mail": "email"}, "items": [{"audience_id": AUDIENCE}]},
    ):
        plan = await engine_client.do(FACEBOOK, "custom_audiences", "add_users", **params)
        assert "adds 1 person by email: 1 with EMAIL" in plan.text
        assert astray(plan.text, engine_client.home) == []


@pytest.mark.parametrize(
    ("mapping", "mistake"),
    [
        ({FIRST: "email"}, "mapping: its column 1 is none of the 2 there are"),
        ({"Mail": "email", LAST: "phone"}, "mapping: its column 2 is none of the 2 there are"),
        ({"Mail": FIRST}, "column 1 is none of EMAIL"),
        ({"Mail": "email", "Other": "email"}, "mapping gives two columns one name"),
        ({"Mail": ["email"]}, "mapping is an object of columns"),
        ({}, "mapping is an object of columns"),
        (FIRST, "mapping is an object of columns"),
        ([FIRST], "mapping is an object of columns"),
    ],
)
async def test_a_mapping_that_does_not_fit(engine_client: EngineClient, mapping: Any, mistake: str) -> None:
    """A column that is not there would be a silent blank; nothing of it or of the rows is said."""
    params = {
        "audience_id": AUDIENCE,
        "users": [{"Mail": EMAIL, "Other": "x@example.com"}],
        "mapping": mapping,
    }
    with pytest.raises(InvalidParams) as caught:
        await planned(engine_client, "custom_audiences", "add_users", **params)
    assert mistake in str(caught.value)
    engine_client.workspace.trace.flush()
    assert astray(engine_client.workspace.error_text(caught.value), engine_client.home) == []


@pytest.mark.parametrize(
    ("table", "mapping", "mistake"),
    [
        (f"Mail,MAIL \n{EMAIL},x\n", None, "two columns of the table have one name"),
        (f"Mail,,\n{EMAIL},x,y\n", {"Phone": "phone"}, "mapping: its column 1 is none of the 2 there are"),
        (f"Mail\n{EMAIL},x\n", {"Mail": "email"}, "row 1: not an object"),
        (f"{EMAIL}\n{EMAIL}\n", None, "column 1 of 1: none of EMAIL"),
    ],
)
async def test_a_table_that_is_none(
    engine_client_with: EngineClients, tmp_path: Path, table: str, mapping: Any, mistake: str
) -> None:
    """Refused without a word of who is in it."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "x.csv").write_text(table)
    engine_client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    given = {"audience_id": AUDIENCE, "users": "x.csv"} | ({"mapping": mapping} if mapping else {})
    with pytest.raises(InvalidParams) as caught:
        await planned(engine_client, "custom_audiences", "remove_users", **given)
    assert mistake in str(caught.value)
    engine_client.workspace.trace.flush()
    assert astray(engine_client.workspace.error_text(caught.value), engine_client.home) == []


async def test_a_mapping_without_rows(engine_client: EngineClient) -> None:
    """What was hashed before has no columns to rename: it is not ignored without a word."""
    await planned(engine_client, "custom_audiences", "add_users", audience_id=AUDIENCE, users=[ROW])
    users = engine_client.workspace.plans.all()[0].steps[0].params["users"]
    with pytest.raises(InvalidParams, match="mapping: it goes with rows"):
        await planned(
            engine_client,
            "custom_audiences",
            "add_users",
            audience_id=AUDIENCE,
            users=users,
            mapping={"a": "fn"},
        )
    with pytest.raises(InvalidParams, match="users: no"):
        await planned(
            engine_client,
            "custom_audiences",
            "add_users",
            audience_id=AUDIENCE,
            users={**users, "left_out": -1},
        )


async def test_lists_by_value(engine_client: EngineClient) -> None:
    """What somebody is worth goes with a list that is made for it; a plan says where it does not fit."""
    values = [{"email": EMAIL, "value": 12.5}]
    plan = await engine_client.do(
        FACEBOOK, "custom_audiences", "add_users", audience_id=AUDIENCE, users=values
    )
    assert "warning: the audience is not value-based" in plan.text
    assert "but for LOOKALIKE_VALUE, which Facebook takes as they are" in plan.text
    new = {"name": "By value", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    made = await planned(
        engine_client, "custom_audiences", "create", account_id=US, is_value_based=True, **new
    )
    assert "APPLIED" in (await applied(engine_client, made)).text
    ours = writes(engine_client)[-1].rpartition(" ")[2]
    plan = await engine_client.do(FACEBOOK, "custom_audiences", "add_users", audience_id=ours, users=[ROW])
    assert "warning: the audience is value-based, and nobody has a lookalike_value" in plan.text


async def test_an_audience_is_changed_and_back_again(engine_client: EngineClient) -> None:
    """Name, description, rule and retention, read back as they were set; rules are compared by meaning."""
    before = await audience(engine_client, VISITORS)
    change = {"name": "Shoes", "description": "60 days", "rule": rule("/shoes"), "retention_days": 60}
    plan = await engine_client.do(FACEBOOK, "custom_audiences", "update", audience_id=VISITORS, **change)
    assert "warning: Facebook gathers the audience anew" in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "DIFFERS" not in done.text
    after = await audience(engine_client, VISITORS)
    assert (after["name"], json.loads(after["rule"]), after["retention_days"]) == (
        "Shoes",
        rule("/shoes"),
        60,
    )
    await applied(engine_client, undo_of(done))
    again = await audience(engine_client, VISITORS)
    assert json.loads(again["rule"]) == json.loads(before["rule"])
    assert (again["name"], again["retention_days"]) == (before["name"], before["retention_days"])


async def test_what_a_list_has_not_cannot_be_changed(engine_client: EngineClient) -> None:
    """Customer lists and lookalikes have neither a rule nor a retention; a rule has inclusions."""
    for id_, given in ((AUDIENCE, {"retention_days": 30}), (LOOKALIKE, {"rule": rule("/")})):
        with pytest.raises(InvalidParams, match="audience has no"):
            await planned(engine_client, "custom_audiences", "update", audience_id=id_, **given)
    with pytest.raises(InvalidParams, match="rule: needs inclusions"):
        await planned(engine_client, "custom_audiences", "update", audience_id=VISITORS, rule={"url": "x"})
    with pytest.raises(InvalidParams, match="nothing to change"):
        await planned(engine_client, "custom_audiences", "update", audience_id=VISITORS)


async def test_an_audience_is_deleted_for_good(engine_client: EngineClient) -> None:
    """A plan names the ads that stop, and a seed waits for its lookalikes."""
    target = {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}
    target["custom_audiences"] = [{"id": NEWSLETTER}]
    await applied(
        engine_client,
        await planned(engine_client, "ad_sets", "update", adset_id=SPRING_SET, targeting=target),
    )
    with pytest.raises(InvalidParams, match=f"lookalikes are made of it, delete them first: {LOOKALIKE}"):
        await planned(engine_client, "custom_audiences", "delete", audience_id=AUDIENCE)
    plan = await engine_client.do(FACEBOOK, "custom_audiences", "delete", audience_id=NEWSLETTER)
    assert plan.data["plan_id"].startswith("delete-audience.newsletter.act-1234567890.")
    assert "cannot be undone: Facebook cannot restore deleted objects" in plan.text
    ads = (await engine_client.table(FACEBOOK, "ads", "list", account_id=US, adset_id=SPRING_SET)).rows
    (warning,) = [line for line in plan.text.split("\n") if "ads using it stop for good" in line]
    assert all(row["id"] in warning and row["name"] in warning for row in ads)
    text = engine_client.workspace.text(await applied(engine_client, plan.data["plan_id"]))
    assert "read back: it is not there any more" in text
    assert "undo: " not in text
    assert isinstance(await error_of(audience(engine_client, NEWSLETTER)), NotFound)


@pytest.mark.parametrize(
    ("fault", "seen"),
    [("cut", "reading it now: it is not there any more"), ("502-html", "the change is not in effect")],
)
async def test_a_deletion_whose_answer_is_lost(engine_client: EngineClient, fault: str, seen: str) -> None:
    """Reading shows what became of it; one that was not carried out is not taken for done."""
    plan = await planned(engine_client, "custom_audiences", "delete", audience_id=LOOKALIKE)
    engine_client.fault(fault, method="DELETE")
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert "UNKNOWN" in text
    assert seen in text
    assert f"'audience_id': '{LOOKALIKE}'}}): it was done if it is not there any more" in text


async def test_a_lookalike_is_made_and_taken_back(engine_client: EngineClient) -> None:
    """Of a seed that the plan names, by its own name here or as a custom audience."""
    plan = await engine_client.do(
        FACEBOOK, "lookalike_audiences", "create", account_id=US, name="Alike", **SEED
    )
    assert f'origin_audience_id {AUDIENCE} "Customers, all time"' in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "read back: it is there" in done.text
    made = writes(engine_client)[-1].rpartition(" ")[2]
    one = await engine_client.do(FACEBOOK, "lookalike_audiences", "get", audience_id=made)
    assert (one.data["subtype"], one.data["lookalike_spec"]) == ("LOOKALIKE", SEED["lookalike_spec"])
    listed = await engine_client.table(FACEBOOK, "lookalike_audiences", "list", account_id=US)
    assert listed.rows[0]["name"] == "Alike"
    await applied(engine_client, undo_of(done))
    assert isinstance(await error_of(audience(engine_client, made)), NotFound)
    same: dict[str, Any] = {"account_id": US, "name": "Alike", "subtype": "LOOKALIKE", **SEED}
    done = await applied(engine_client, await planned(engine_client, "custom_audiences", "create", **same))
    assert "read back: it is there" in done.text


async def test_lookalikes_of_other_seeds(engine_client: EngineClient) -> None:
    """A page's fans, and those a campaign converted."""
    specs: list[dict[str, Any]] = [
        {"country": "US", "type": "similarity", "conversion_type": "page_like", "page_id": "104857600000001"},
        {"country": "US", "ratio": 0.02, "conversion_type": "campaign_conversions", "origin_ids": [SPRING]},
    ]
    for spec in specs:
        params: dict[str, Any] = {"account_id": US, "name": "Alike", "lookalike_spec": spec}
        done = await applied(
            engine_client, await planned(engine_client, "lookalike_audiences", "create", **params)
        )
        assert "APPLIED" in done.text


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        ({"origin_audience_id": FLAGGED}, "origin_audience_id: Facebook has flagged it"),
        ({"origin_audience_id": None}, "origin_audience_id: a lookalike needs its seed"),
        ({"origin_audience_id": "999"}, "origin_audience_id: "),
        ({"lookalike_spec": {"country": "US"}}, "lookalike_spec: give either type or ratio"),
        ({"lookalike_spec": {"country": "US", "ratio": 0.015}}, "in steps of 0.01"),
        ({"lookalike_spec": {"country": "US", "ratio": 0.3}}, "0.01 to 0.20"),
        ({"lookalike_spec": {"country": "USA", "ratio": 0.1}}, "lookalike_spec.country: two letters"),
        ({"lookalike_spec": {"country": "US", "type": "huge"}}, "lookalike_spec.type: similarity"),
        (
            {"lookalike_spec": {"country": "US", "ratio": 0.1, "starting_ratio": 0.1}},
            "starting_ratio: it needs",
        ),
        (
            {"lookalike_spec": {"country": "US", "ratio": 0.1, "conversion_type": "fans"}},
            "conversion_type: one of",
        ),
        (
            {"lookalike_spec": {"country": "US", "ratio": 0.1, "conversion_type": "page_like"}},
            "page_id: conversion_type page_like needs it",
        ),
    ],
)
async def test_a_lookalike_that_cannot_be(
    engine_client: EngineClient, given: dict[str, Any], mistake: str
) -> None:
    """Said before anything is sent."""
    with pytest.raises(InvalidParams) as caught:
        await planned(engine_client, "lookalike_audiences", "create", account_id=US, name="x", **SEED | given)
    assert mistake in str(caught.value)
    assert writes(engine_client) == []


async def test_a_seed_with_too_few_people(engine_client: EngineClient) -> None:
    """A hundred are needed; where nobody knows how many there are, Facebook decides."""
    small = engine_client.store.get("facebook.audience", NEWSLETTER) or {}
    for most, refused in ((99, True), (-1, False), (100, False)):
        engine_client.store.put(
            "facebook.audience", NEWSLETTER, {**small, "approximate_count_upper_bound": most}
        )
        params: dict[str, Any] = {**SEED, "origin_audience_id": NEWSLETTER}
        call = planned(engine_client, "lookalike_audiences", "create", account_id=US, name="x", **params)
        error = await error_of(call)
        assert (error is not None and "a seed needs 100" in str(error)) is refused, most


async def test_who_special_ads_may_use(engine_client: EngineClient) -> None:
    """Asked for an account and its categories; without an account nobody can say."""
    special = {
        "special_ad_categories": ["HOUSING"],
        "special_ad_category_countries": ["US"],
        "account_id": US,
    }
    for id_, may in ((AUDIENCE, True), (LOOKALIKE, False)):
        one = await engine_client.do(FACEBOOK, "custom_audiences", "get", audience_id=id_, **special)
        assert one.data["is_eligible_for_sac_campaigns"] is may
    with pytest.raises(InvalidParams, match="account_id: special_ad_categories are asked about"):
        await engine_client.do(
            FACEBOOK, "custom_audiences", "get", audience_id=AUDIENCE, special_ad_categories=["HOUSING"]
        )


async def test_saved_audiences_are_read(engine_client: EngineClient) -> None:
    """Their targeting is what an ad set takes; one of another account is none."""
    table = await engine_client.table(FACEBOOK, "saved_audiences", "list", account_id=US)
    assert [row["name"] for row in table.rows] == ["Too few", "Hikers, 25 to 54"]
    hikers = table.ids[1]
    one = await engine_client.do(FACEBOOK, "saved_audiences", "get", account_id=US, saved_audience_id=hikers)
    assert one.data["targeting"]["age_min"] == 25
    assert "account" not in one.data
    with pytest.raises(NotFound, match="no saved audience"):
        await engine_client.do(FACEBOOK, "saved_audiences", "get", account_id=JAPAN, saved_audience_id=hikers)


async def test_saved_audiences_stay_in_their_account(engine_client_with: EngineClients) -> None:
    """With an allow-list, neither the list nor one by its id of another account is shown."""
    ours = engine_client_with()
    object.__setattr__(ours.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    call = ours.do(FACEBOOK, "saved_audiences", "get", account_id=US, saved_audience_id="1202155000000000001")
    assert isinstance(await error_of(call), OutOfScope)
    call = ours.do(FACEBOOK, "saved_audiences", "get", saved_audience_id="1202155000000000001")
    assert isinstance(await error_of(call), NotFound)


async def _mine(engine_client: EngineClient) -> str:
    """A customer list of the account whose terms nobody has accepted."""
    rows = (await engine_client.do(FACEBOOK, "custom_audiences", "list", account_id=JAPAN)).data
    return next(str(row["id"]) for row in rows if row["name"] == "Newsletter")


async def test_terms_are_asked_for_again(engine_client: EngineClient) -> None:
    """What was accepted when it was planned and is not any more keeps the upload back."""
    mine = await _mine(engine_client)
    account = engine_client.store.get("facebook.account", f"act_{JAPAN}") or {}
    agreed = {**account, "tos_accepted": {"custom_audience_tos": 1}}
    engine_client.store.put("facebook.account", f"act_{JAPAN}", agreed)
    plan = await planned(engine_client, "custom_audiences", "add_users", audience_id=mine, users=[ROW])
    engine_client.store.put("facebook.account", f"act_{JAPAN}", account)
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert "NOT DONE" in text
    assert "nobody has accepted the custom audience terms" in text
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    "answer", [{"error": {"type": "OAuthException", "code": 200, "message": "no"}}, {"id": f"act_{JAPAN}"}]
)
async def test_terms_that_nobody_tells_are_facebooks_to_say(engine_client: EngineClient, answer: Any) -> None:
    """Where they may not be read, or are not in the answer, the upload is planned and refused by Facebook."""
    mine = await _mine(engine_client)
    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()

    def untold(request: httpx.Request) -> httpx.Response | None:
        asked = "tos_accepted" in str(request.url)
        return httpx.Response(403 if "error" in answer else 200, json=answer) if asked else None

    between(engine_client, untold)
    plan = await planned(engine_client, "custom_audiences", "add_users", audience_id=mine, users=[ROW])
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert "NOT DONE" in text
    assert "agree to the terms at" in text
    assert writes(engine_client) == []
