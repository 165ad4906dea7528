"""Changes that travel together: each has its own end, under its own index, and none is done twice."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from middle import in_front
from planning import GIFTS, SPRING, SURF, applied, checks_in, error_of, planned, readings_in, writes

from mcp_ads.errors import RateLimited

pytestmark = pytest.mark.anyio
COUNT, SEEDS = 12, 6
Fates = dict[str, str]
LISTS: dict[str, tuple[str, dict[str, Any], str]] = {
    FACEBOOK: ("campaigns", {"account_id": US}, "id"),
    LINKEDIN: ("campaigns", {"account_id": LINKEDIN_US, "status": ["ACTIVE", "PAUSED"]}, "id"),
    AMAZON: ("sponsored_product_campaigns", {"account_id": PROFILE}, "campaignId"),
}
ENDS = {"ok": "done", "throttled": "done", "refused": "failed", "lost": "unknown", "done, lost": "unknown"}
REACHED = ("ok", "throttled", "done, lost")


class Graph:
    """Facebook's batches, taken apart and put together."""

    @staticmethod
    def ids(request: httpx.Request) -> list[str]:
        items = json.loads(parse_qs(request.content.decode()).get("batch", ["[]"])[0])
        return [item["relative_url"] for item in items] if {i["method"] for i in items} == {"POST"} else []

    @staticmethod
    def only(request: httpx.Request, places: list[int]) -> httpx.Request:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        items = json.loads(form["batch"])
        return again(request, urlencode({**form, "batch": json.dumps([items[at] for at in places])}).encode())

    @staticmethod
    def answer(fates: list[str], _ids: list[str], places: list[int], found: Any) -> tuple[int, Any]:
        entries: list[Any] = [None] * len(fates)
        for at, entry in zip(places, found or [], strict=True):
            entries[at] = entry
        for at, fate in enumerate(fates):
            if fate in ("refused", "throttled"):
                code = 17 if fate == "throttled" else 100
                error = {"type": "OAuthException", "code": code, "message": "no"}
                entries[at] = {"code": 400, "body": json.dumps({"error": error})}
            elif fate == "done, lost":
                entries[at] = None
        return 200, entries


class Restli:
    """LinkedIn's, by the keys of their maps."""

    @staticmethod
    def ids(request: httpx.Request) -> list[str]:
        many = request.headers.get("x-restli-method") == "BATCH_PARTIAL_UPDATE"
        return list(json.loads(request.content)["entities"]) if many else []

    @staticmethod
    def only(request: httpx.Request, places: list[int]) -> httpx.Request:
        entities = json.loads(request.content)["entities"]
        kept = {key: entities[key] for at, key in enumerate(entities) if at in places}
        url = f"{str(request.url).partition('?')[0]}?ids=List({','.join(kept)})"
        return again(request, json.dumps({"entities": kept}).encode(), url)

    @staticmethod
    def answer(fates: list[str], ids: list[str], _places: list[int], found: Any) -> tuple[int, Any]:
        told: dict[str, Any] = found or {"results": {}, "errors": {}}
        for own, fate in zip(ids, fates, strict=True):
            if fate in ("refused", "throttled"):
                told["errors"][own] = {"status": 429 if fate == "throttled" else 422, "message": "no"}
            elif fate == "done, lost":
                told["results"].pop(own)
        return 200, told


class Lists:
    """Amazon's, by index."""

    @staticmethod
    def ids(request: httpx.Request) -> list[str]:
        items = json.loads(request.content).get("campaigns", []) if request.method == "PUT" else []
        return [item["campaignId"] for item in items] if len(items) > 1 else []

    @staticmethod
    def only(request: httpx.Request, places: list[int]) -> httpx.Request:
        items = json.loads(request.content)["campaigns"]
        return again(request, json.dumps({"campaigns": [items[at] for at in places]}).encode())

    @staticmethod
    def answer(fates: list[str], _ids: list[str], places: list[int], found: Any) -> tuple[int, Any]:
        told: dict[str, Any] = (found or {"campaigns": {"success": [], "error": []}})["campaigns"]
        told["success"] = [
            {**entry, "index": places[entry["index"]]}
            for entry in told["success"]
            if fates[places[entry["index"]]] != "done, lost"
        ]
        for at, fate in enumerate(fates):
            if fate in ("refused", "throttled"):
                kind = "throttledError" if fate == "throttled" else "otherError"
                fault = {"errorType": kind, "errorValue": {kind: {"reason": "NO", "message": "no"}}}
                told["error"].append({"index": at, "errors": [fault]})
        return 207, {"campaigns": told}


SPELT: dict[str, Any] = {FACEBOOK: Graph, LINKEDIN: Restli, AMAZON: Lists}


def again(request: httpx.Request, content: bytes, url: str = "") -> httpx.Request:
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    return httpx.Request(request.method, url or request.url, headers=headers, content=content)


def fateful(engine_client: EngineClient, connector: str, fates: Fates) -> list[list[str]]:
    """A platform on which each change meets its fate once; the ids of each batch it was sent."""
    honest, spelt, seen = engine_client.workspace._sandbox_transport, SPELT[connector], list[list[str]]()

    class Platform(httpx.AsyncBaseTransport):
        """Carries out what it carries out, and says what it says."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await request.aread()
            if not (ids := spelt.ids(request)):
                return await honest.handle_async_request(request)
            seen.append(ids)
            met = [fates.pop(own, "ok") for own in ids]
            places, found = [at for at, fate in enumerate(met) if fate in ("ok", "done, lost")], None
            if places:
                response = await honest.handle_async_request(spelt.only(request, places))
                found = json.loads(await response.aread())
            status, told = spelt.answer(met, ids, places, found)
            return httpx.Response(status, json=told)

    engine_client.workspace._sandbox = Platform  # type: ignore[method-assign,assignment]
    return seen


async def renaming(engine_client: EngineClient, connector: str, count: int = COUNT) -> tuple[str, list[str]]:
    """A plan that gives campaigns new names, and their ids."""
    entity, account, own = LISTS[connector]
    rows = (await engine_client.do(connector, entity, "list", **account, limit=count, fields=[own])).data
    ids = [str(row[own]) for row in rows]
    named = {"account_id": account["account_id"]} if connector != FACEBOOK else {}
    items = [{"campaign_id": own, "name": f"New {number}"} for number, own in enumerate(ids)]
    plan_id = await planned(engine_client, entity, "update", connector, **named, items=items)
    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()
    return plan_id, ids


def renamed(engine_client: EngineClient) -> Counter[str]:
    """How often each object was changed."""
    return Counter(
        str(write["id"]) for write in engine_client.store.writes() if "New " in json.dumps(write["body"])
    )


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoff in hundredths of seconds."""
    monkeypatch.setattr("mcp_ads.engine.wire.transport.FIRST_BACKOFF", 0.01)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("connector", SPELT)
async def test_every_item_meets_its_own_end(engine_client: EngineClient, connector: str, seed: int) -> None:
    """Refused, throttled, lost before or after it was done: told by index, read for what is unknown."""
    rng = random.Random(seed)
    plan_id, ids = await renaming(engine_client, connector)
    fates = {own: rng.choice(list(ENDS)) for own in ids} | {ids[0]: "ok"}
    sent = fateful(engine_client, connector, dict(fates))
    result = await applied(engine_client, plan_id)
    assert [step["state"] for step in result.data["steps"]] == [ENDS[fates[own]] for own in ids]
    assert [row["index"] for row in result.errors] == [
        at for at, own in enumerate(ids) if ENDS[fates[own]] != "done"
    ]
    assert renamed(engine_client) == Counter(own for own in ids if fates[own] in REACHED)
    assert sent[0] == ids
    numbers = [at for at, own in enumerate(ids, 1) if ENDS[fates[own]] == "unknown"]
    shown, lost = readings_in(result.text, numbers), [fates[ids[at - 1]] for at in numbers]
    assert ["not in effect" not in line for line in shown] == [fate == "done, lost" for fate in lost]
    await applied(engine_client, plan_id)
    assert renamed(engine_client) == Counter(own for own in ids if fates[own] in REACHED)


FAULTS: dict[str, dict[str, Any]] = {
    FACEBOOK: {"method": "POST", "path": r"/v26.0/$"},
    LINKEDIN: {"method": "POST", "path": "adCampaigns$"},
    AMAZON: {"method": "PUT", "path": "/sp/campaigns$"},
}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "when"), [("cut", "after"), ("500", "before"), ("500", "after")])
@pytest.mark.parametrize("connector", SPELT)
async def test_a_lost_answer_leaves_every_item_unknown(
    engine_client: EngineClient, connector: str, kind: str, when: str
) -> None:
    """What is sent is not sent again; reading says of each item what became of it."""
    plan_id, ids = await renaming(engine_client, connector)
    skip = {"skip": 1} if connector == FACEBOOK else {}  # the first one checks
    engine_client.fault(kind, when=when, **FAULTS[connector], **skip)
    result = await applied(engine_client, plan_id)
    assert {step["state"] for step in result.data["steps"]} == {"unknown"}
    assert [row["index"] for row in result.errors] == list(range(len(ids)))
    there = "is in effect" if when == "after" else "is not in effect"
    shown = readings_in(result.text, range(1, len(ids) + 1))
    assert [there in line for line in shown] == [True] * len(ids)
    called = [call for call in checks_in(result.text) if call[2] == "get"]
    read = [await engine_client.do(*call[:3], **call[3]) for call in called]
    names = {row["name"].startswith("New ") for one in read for row in one.data}
    assert (names, sum(len(one.data) for one in read)) == ({when == "after"}, len(ids))
    before = renamed(engine_client)
    assert before == (Counter(ids) if when == "after" else Counter())
    await applied(engine_client, plan_id)
    assert renamed(engine_client) == before


@pytest.mark.slow
@pytest.mark.parametrize("connector", SPELT)
async def test_a_batch_that_is_throttled_whole_is_done_once(
    engine_client: EngineClient, connector: str
) -> None:
    """Nothing was done of it, so that it is sent again after the pause."""
    plan_id, ids = await renaming(engine_client, connector)
    skip = {"skip": 1} if connector == FACEBOOK else {}
    engine_client.fault("429", retry_after=0, **FAULTS[connector], **skip)
    assert f"APPLIED: {len(ids)} of {len(ids)} done" in (await applied(engine_client, plan_id)).text
    assert renamed(engine_client) == Counter(ids)


@pytest.mark.slow
async def test_a_batch_refused_for_one_item_is_parted(engine_client: EngineClient) -> None:
    """A refusal of the whole did nothing: its halves are sent, each item at most once, and one is refused."""
    plan_id, ids = await renaming(engine_client, AMAZON)
    bad = ids[COUNT // 3]

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if request.method != "PUT" or bad not in request.content.decode():
            return None
        return httpx.Response(400, json={"code": "INVALID_ARGUMENT", "details": "one of these is wrong"})

    in_front(engine_client.workspace, refuse)
    result = await applied(engine_client, plan_id)
    assert f"PARTIAL: {COUNT - 1} of {COUNT} done" in result.text
    steps = engine_client.workspace.plans.get(plan_id).steps
    assert [step.object_id for step in steps if step.state == "failed"] == [bad]
    assert renamed(engine_client) == Counter([own for own in ids if own != bad])


@pytest.mark.slow
async def test_a_batch_of_which_nothing_was_done_leaves_the_plan_open(engine_client: EngineClient) -> None:
    """When the account is closed for long, "call again" is what to do."""
    plan_id, ids = await renaming(engine_client, AMAZON)
    engine_client.fault("429", retry_after=3600, **FAULTS[AMAZON])
    assert isinstance(await error_of(applied(engine_client, plan_id)), RateLimited)
    assert engine_client.workspace.plans.get(plan_id).state == "ready"
    engine_client.reopen()
    assert f"APPLIED: {len(ids)} of {len(ids)} done" in (await applied(engine_client, plan_id)).text


async def test_what_is_taken_away_is_sent_first(engine_client: EngineClient) -> None:
    """Budgets are lowered in an earlier request than others are raised, and a failed one stops these."""
    changes = {SPRING: "+5 USD", SURF: "-5 USD"}
    items = [{"campaign_id": own, "daily_budget": by} for own, by in changes.items()]
    plan_id = await planned(engine_client, "campaigns", "update", items=items)
    engine_client.fault("revoked-token", method="POST", path=SURF)
    error = await error_of(applied(engine_client, plan_id))
    assert error is not None
    assert writes(engine_client) == []
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan_id)).text
    assert writes(engine_client) == [f"update campaign {SURF}", f"update campaign {SPRING}"]


async def test_lowering_that_fails_in_part_stops_what_is_raised(engine_client: EngineClient) -> None:
    """Of two decreases one is done; nothing is raised with what the other should have freed."""
    items = [
        {"campaign_id": SPRING, "daily_budget": "+5 USD"},
        {"campaign_id": SURF, "daily_budget": "-5 USD"},
    ]
    items += [{"campaign_id": GIFTS, "lifetime_budget": "-5 USD"}]
    plan_id = await planned(engine_client, "campaigns", "update", items=items)
    engine_client.fault("revoked-token", method="POST", path=GIFTS)
    result = await applied(engine_client, plan_id)
    assert writes(engine_client) == [f"update campaign {SURF}"]
    assert sorted(step["state"] for step in result.data["steps"]) == ["done", "failed", "ready"]


async def test_ad_sets_of_one_campaign_do_not_travel_together(engine_client: EngineClient) -> None:
    """Facebook takes several only in batches of their own: every one is done, each in another request."""
    listed = await engine_client.do(
        FACEBOOK, "ad_sets", "list", account_id=US, limit=20, fields=["id", "campaign_id"]
    )
    owners = Counter(row["campaign_id"] for row in listed.data)
    ids = [row["id"] for row in listed.data]
    plan_id = await planned(engine_client, "ad_sets", "update", adset_id=ids, name="New name")
    assert max(owners.values()) > 1
    assert f"APPLIED: {len(ids)} of {len(ids)} done" in (await applied(engine_client, plan_id)).text
    assert renamed(engine_client) == Counter(ids)


@pytest.mark.parametrize("connector", SPELT)
async def test_many_are_read_by_a_list_of_ids(engine_client: EngineClient, connector: str) -> None:
    """One request has them all; one that is not there is an error of its own index.

    Amazon's other three products are asked for that one, once each.
    """
    entity, account, own = LISTS[connector]
    rows = (await engine_client.do(connector, entity, "list", **account, limit=10, fields=[own])).data
    ids = [str(row[own]) for row in rows]
    named = {"account_id": account["account_id"]} if connector != FACEBOOK else {}
    before = len(engine_client.sent())
    result = await engine_client.do(
        connector, entity, "get", **named, campaign_id=[*ids[:5], "999", *ids[5:]], fields=[own]
    )
    assert len(engine_client.sent()) - before <= (4 if connector == AMAZON else 3)
    assert [str(row[own]) for row in result.data] == ids
    assert [(row["index"], row["code"]) for row in result.errors] == [(5, "NotFound")]


async def test_a_list_that_fails_is_no_missing_object(engine_client: EngineClient) -> None:
    """When the list by ids is not answered, nobody is told that an object is not there."""
    plan_id, _ = await renaming(engine_client, AMAZON)
    engine_client.fault("503", method="POST", path="/sp/campaigns/list$", times=9)
    error = await error_of(applied(engine_client, plan_id))
    assert type(error).__name__ == "PlatformDown"
    assert renamed(engine_client) == Counter()
