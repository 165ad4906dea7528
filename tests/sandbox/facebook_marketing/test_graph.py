"""The make-believe Graph: versions, tokens, reading, paging, batches, faults."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from facebook_client import ACCOUNT, AUTUMN, CAMPAIGN, JAPAN, SPRING, TOKEN, graph

from mcp_ads.sandbox.facebook_marketing.auth import APP_ID, proof_of

pytestmark = pytest.mark.anyio


async def test_reads_return_only_the_id_unless_fields_are_named() -> None:
    """Budgets are text in minor units, what has no value is left out."""
    async with graph() as g:
        assert await g.get(SPRING) == {"id": SPRING}
        shown = await g.get(SPRING, fields="name,daily_budget,lifetime_budget,effective_status")
        assert shown == {
            "name": "Spring Sale",
            "daily_budget": "5000",
            "effective_status": "ACTIVE",
            "id": SPRING,
        }


async def test_an_unknown_field_is_named() -> None:
    """Graph says which field of which node type does not exist."""
    async with graph() as g:
        error = await g.error("GET", SPRING, fields="name,budget")
        assert error["code"] == 100
        assert error["message"] == "(#100) Tried accessing nonexisting field (budget) on node type (Campaign)"


async def test_an_unknown_edge_or_object_is_named() -> None:
    """The call that does not exist is in the message."""
    async with graph() as g:
        told = "(#100) Tried accessing nonexisting field (kittens) on node type (Campaign)"
        assert (await g.error("GET", f"{SPRING}/kittens"))["message"] == told
        assert "POST /{AdAccount}/kittens" in (await g.error("POST", f"{ACCOUNT}/kittens"))["message"]
        assert (await g.error("GET", "1234567890"))["error_subcode"] == 33
        assert "kittens" in (await g.error("GET", "kittens"))["message"]


async def test_versions() -> None:
    """The newest answers, one that ends soon warns, and a call that names none is refused."""
    async with graph() as g:
        assert "x-ad-api-version-warning" not in (await g.http.get("/v26.0/me")).headers
        assert "x-ad-api-version-warning" in (await g.http.get("/v25.0/me")).headers
        assert (await g.http.get("/me")).json()["error"]["code"] == 2635
        assert (await g.http.get("/v99.0/me")).status_code == 400


@pytest.mark.parametrize(
    ("token", "code", "subcode"),
    [
        ("", 104, None),
        ("EAAB", 190, None),
        ("sandbox-expired", 190, 463),
        ("sandbox-revoked", 190, 460),
        ("sandbox-proof", 100, None),
    ],
)
async def test_bad_tokens(token: str, code: int, subcode: int | None) -> None:
    """Each kind of dead token has its own subcode."""
    async with graph(token) as g:
        error = await g.error("GET", "me")
        assert (error["code"], error.get("error_subcode")) == (code, subcode)


async def test_appsecret_proof_is_verified() -> None:
    """A wrong proof is refused even where none is demanded."""
    async with graph("sandbox-proof") as g:
        assert await g.get("me", appsecret_proof=proof_of("sandbox-proof"))
        assert (await g.error("GET", "me", appsecret_proof="00"))["code"] == 100


async def test_token_tools() -> None:
    """debug_token tells what a token may do; an exchange needs the secret and a living token."""
    async with graph() as g:
        about = (await g.get("debug_token", input_token="sandbox-readonly"))["data"]
        assert about["is_valid"]
        assert "ads_management" not in about["scopes"]
        assert not (await g.get("debug_token", input_token="sandbox-expired"))["data"]["is_valid"]
        app = {"client_id": APP_ID, "client_secret": "sandbox-secret", "grant_type": "fb_exchange_token"}
        longer = await g.get("oauth/access_token", **app, fb_exchange_token=TOKEN)
        assert longer["expires_in"] > 5_000_000
        assert (await g.error("GET", "oauth/access_token", **app, fb_exchange_token="sandbox-expired"))[
            "code"
        ] == 190


async def test_a_token_without_ads_management_cannot_write() -> None:
    """Reads go on, writes are refused with code 200."""
    async with graph("sandbox-readonly") as g:
        assert await g.get(SPRING)
        assert (await g.error("POST", SPRING, name="x"))["code"] == 200
        assert g.writes() == []


async def test_lists_hide_what_is_archived() -> None:
    """Asking by status shows it, in the list parameter or a filter."""
    async with graph() as g:
        path = f"{ACCOUNT}/campaigns"

        async def total(**params: Any) -> int:
            found = await g.get(path, summary="total_count", limit=1, **params)
            return int(found["summary"]["total_count"])

        assert await total() == 205
        assert await total(effective_status=["ARCHIVED", "DELETED"]) == 136
        by_filter = [{"field": "effective_status", "operator": "IN", "value": ["ARCHIVED"]}]
        assert await total(filtering=by_filter) == 133
        error = await g.error("GET", path, effective_status=["LIVE"])
        assert "must be one of {ACTIVE, ARCHIVED" in error["message"]


async def test_filtering_operators() -> None:
    """By name, id, number, time and a parent's field; unknown fields are refused."""
    async with graph() as g:

        async def names(path: str, field: str, operator: str, value: Any) -> list[str]:
            filtering = [{"field": field, "operator": operator, "value": value}]
            found = await g.get(f"{ACCOUNT}/{path}", filtering=filtering, fields="name", limit=100)
            return [record["name"] for record in found["data"]]

        assert await names("campaigns", "name", "CONTAIN", "SPRING SALE") == ["Spring Sale"]
        assert await names("campaigns", "id", "IN", [SPRING]) == ["Spring Sale"]
        assert await names("campaigns", "daily_budget", "GREATER_THAN", 11_000) == ["Always on: catalogue"]
        assert len(await names("adsets", "campaign.id", "EQUAL", SPRING)) == 3
        assert len(await names("ads", "campaign.name", "EQUAL", "Spring Sale")) == 9
        assert await names("campaigns", "updated_time", "GREATER_THAN", int(time.time())) == []
        wrong = [{"field": "colour", "operator": "EQUAL", "value": "red"}]
        assert "colour" in (await g.error("GET", f"{ACCOUNT}/campaigns", filtering=wrong))["message"]


async def test_paging_ends_with_the_absence_of_next() -> None:
    """Pages are disjoint and complete; the last one has a cursor but no next; next carries the token."""
    async with graph() as g:
        seen: list[str] = []
        params: dict[str, Any] = {"limit": 100}
        while True:
            page = await g.get(f"{ACCOUNT}/campaigns", **params)
            seen += [record["id"] for record in page["data"]]
            assert page["paging"]["cursors"]["after"]
            if "next" not in page["paging"]:
                break
            query = parse_qs(urlsplit(page["paging"]["next"]).query)
            assert query["access_token"] == [TOKEN]
            params["after"] = page["paging"]["cursors"]["after"]
        assert len(seen) == len(set(seen)) == 205
        again = await g.http.get(page["paging"]["previous"])
        assert [record["id"] for record in again.json()["data"]] == seen[100:200]


async def test_cursors_belong_to_their_call() -> None:
    """Garbled, or used with other parameters: 2642."""
    async with graph() as g:
        page = await g.get(f"{ACCOUNT}/campaigns", limit=5)
        after = page["paging"]["cursors"]["after"]
        assert (await g.error("GET", f"{ACCOUNT}/campaigns", after="garbled"))["code"] == 2642
        assert (await g.error("GET", f"{ACCOUNT}/ads", after=after))["code"] == 2642
        assert (await g.error("GET", f"{ACCOUNT}/campaigns", after=after, fields="name"))["code"] == 2642


async def test_too_large_a_page_is_refused() -> None:
    """Code 1, which says to ask for less."""
    async with graph() as g:
        answer = await g.send("GET", f"{ACCOUNT}/ads", limit=1000)
        assert answer.status_code == 500
        assert answer.json()["error"]["code"] == 1


async def test_retired_parameters() -> None:
    """Multi-get by ids and the old protocol switches are gone for everybody."""
    async with graph() as g:
        for name in ("ids", "date_format", "metadata", "pretty"):
            assert name in (await g.error("GET", SPRING, **{name: "1"}))["message"]
        assert "ids query parameter" in (await g.error("GET", "", ids=SPRING))["message"]
        assert "Unknown parameter: colour" in (await g.error("GET", SPRING, colour="red"))["message"]


async def test_field_expansion() -> None:
    """Edges and objects inside `fields`, with their own limits and fields."""
    async with graph() as g:
        fields = "name,adsets.limit(1){name,ads{creative{name}}},insights.date_preset(last_7d){spend}"
        shown = await g.get(SPRING, fields=fields)
        assert list(shown) == ["name", "adsets", "insights", "id"]
        assert len(shown["adsets"]["data"]) == 1
        ad = shown["adsets"]["data"][0]["ads"]["data"][0]
        assert set(ad["creative"]) == {"name", "id"}
        assert float(shown["insights"]["data"][0]["spend"]) > 0
        assert (await g.error("GET", SPRING, fields="name{"))["code"] == 2500


async def test_me_and_its_accounts() -> None:
    """Two accounts, one of them in yen; pages come with a token of their own."""
    async with graph() as g:
        assert (await g.get("me"))["name"]
        rows = (await g.get("me/adaccounts", fields="name,currency,timezone_name"))["data"]
        assert [row["currency"] for row in rows] == ["USD", "JPY"]
        assert (await g.get("me/accounts"))["data"][0]["access_token"].startswith("sandbox-page")
        assert {"permission": "ads_read", "status": "granted"} in (await g.get("me/permissions"))["data"]


async def test_odd_names_survive() -> None:
    """Quotes, line breaks, emoji and other scripts come back as they are."""
    async with graph() as g:
        rows = (await g.get(f"{ACCOUNT}/campaigns", fields="name", limit=30))["data"]
        text = "".join(row["name"] for row in rows)
        assert all(part in text for part in ('"', "\n", "\t", "🏄", "カモメ", "Ignore previous"))
        rows = (await g.get(f"{JAPAN}/campaigns", fields="name"))["data"]
        assert len(rows) == 13


async def test_batch() -> None:
    """Up to fifty requests, errors inside, references to earlier answers."""
    async with graph() as g:
        items = [
            {"method": "GET", "relative_url": f"{SPRING}?fields=name"},
            {"method": "GET", "relative_url": "v26.0/999"},
            {"method": "POST", "relative_url": AUTUMN, "body": "name=Renamed"},
            {"method": "GET", "name": "first", "relative_url": f"{ACCOUNT}/campaigns?limit=1"},
            {"method": "GET", "relative_url": "{result=first:$.data.*.id}?fields=name"},
        ]
        answers = await g.post("", batch=items)
        assert [answer and answer["code"] for answer in answers] == [200, 400, 200, None, 200]
        assert json.loads(answers[4]["body"])["name"] == "Spring Sale"
        assert g.writes() == ["update campaign"]
        assert (await g.error("POST", "", batch=items * 11))["code"] == 100


async def test_a_batch_of_writes_has_a_verdict_each() -> None:
    """In order: done, refused, done; the refused one says why and hinders nothing."""
    async with graph() as g:
        items = [
            {"method": "POST", "relative_url": SPRING, "body": "status=PAUSED"},
            {"method": "POST", "relative_url": AUTUMN, "body": "daily_budget=1"},
            {"method": "DELETE", "relative_url": "v26.0/999"},
            {"method": "POST", "relative_url": f"{ACCOUNT}/adlabels", "body": "name=Spring"},
        ]
        answers = await g.post("", batch=items, include_headers="false")
        assert [answer["code"] for answer in answers] == [200, 400, 400, 200]
        assert json.loads(answers[0]["body"]) == {"success": True}
        assert json.loads(answers[1]["body"])["error"]["error_subcode"] == 1885272
        assert json.loads(answers[2]["body"])["error"]["error_subcode"] == 33
        assert set(answers[3]) == {"code", "body"}
        assert g.writes() == ["update campaign", "create label"]


@pytest.mark.parametrize(("when", "done"), [("before", 1), ("after", 3)])
async def test_a_batch_may_lose_answers(when: str, done: int) -> None:
    """Null stands for a request that took too long, whether it was carried out or not."""
    async with graph() as g:
        items = [
            {"method": "POST", "relative_url": f"{ACCOUNT}/adlabels", "body": f"name={name}"}
            for name in ("a", "b", "c")
        ]
        answer = await g.http.post(
            "/v26.0/",
            data={"batch": json.dumps(items)},
            headers={"X-Sandbox-Fault": f"batch-null;items=0,2;when={when}"},
        )
        assert [part and part["code"] for part in answer.json()] == [None, 200, None]
        assert len(g.writes()) == done


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"method": "GET"}, "relative_url"),
        ({"method": "PATCH", "relative_url": SPRING}, "GET, POST, DELETE"),
        ({"method": "POST", "relative_url": SPRING, "body": {"name": "x"}}, "string"),
        ({"method": "GET", "relative_url": SPRING, "depends_on": "first"}, "depends_on"),
        ({"method": "POST", "relative_url": SPRING, "attached_files": "a"}, "attached_files"),
    ],
)
async def test_a_malformed_batch_is_refused_whole(item: dict[str, Any], text: str) -> None:
    """Nothing of it is carried out."""
    async with graph() as g:
        good = {"method": "POST", "relative_url": SPRING, "body": "name=Renamed"}
        answer = await g.send("POST", "", batch=[good, item])
        assert answer.status_code == 400
        assert text in answer.json()["error"]["message"]
        assert g.writes() == []
        assert (await g.error("POST", "", batch=[]))["code"] == 100


async def test_a_batch_holds_one_ad_set_of_a_campaign() -> None:
    """The second one is refused; a batch within a batch too."""
    async with graph() as g:
        sets = [row["id"] for row in (await g.get(f"{SPRING}/adsets"))["data"]]
        items = [{"method": "POST", "relative_url": set_, "body": "status=PAUSED"} for set_ in sets[:2]]
        items.append({"method": "POST", "relative_url": "", "body": "batch=[]"})
        answers = await g.post("", batch=items)
        assert [answer["code"] for answer in answers] == [200, 400, 400]
        assert "same campaign" in answers[1]["body"]
        assert g.writes() == ["update adset"]


async def test_rate_headers() -> None:
    """Usage is told beside every answer, errors too."""
    async with graph() as g:
        answer = await g.send("GET", f"{ACCOUNT}/insights")
        use = json.loads(answer.headers["X-Business-Use-Case-Usage"])
        assert use["1234567890"][0]["type"] == "ads_insights"
        assert "x-fb-ads-insights-throttle" in answer.headers
        assert "x-app-usage" in (await g.send("GET", "kittens")).headers


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("429;retry_after=7", 429, 4),
        ("throttle", 400, 17),
        ("throttle;code=80004", 400, 80004),
        ("throttle;code=613", 400, 613),
        ("500", 500, 1),
        ("503", 503, 2),
        ("expired-token", 400, 190),
        ("revoked-token", 400, 190),
    ],
)
async def test_faults(fault: str, status: int, code: int) -> None:
    """Graph's own spelling of each fault; nothing was carried out."""
    async with graph() as g:
        answer = await g.http.post(
            f"/v26.0/{ACCOUNT}/campaigns", data=CAMPAIGN, headers={"X-Sandbox-Fault": fault}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert ("retry-after" in answer.headers) == ("retry_after" in fault)
        assert g.writes() == []
