"""Writes over REST: planned, direct or off, within caps, done once, and written down with whose they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from control_plane import CALLERS, ONE, PATH, SECRET, SLUGS, Api, control_plane, created
from engine_client import break_next

from mcp_ads.errors import PartlyDone
from mcp_ads.host.callers import Caller
from mcp_ads.host.rotation import keep
from mcp_ads.host.store import connectors
from mcp_ads.sandbox.store import Store
from mcp_ads.sdk.backend import Answered
from mcp_ads.sdk.outcomes import check_answered
from mcp_ads.settings import Caps

ACCOUNT = "1234567890"
CAPPED = Caps(daily={"USD": Decimal(50)})


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host for all tests of this file, with callers whose writes go out at once."""
    direct = {
        "direct": Caller(ONE, "client:direct", "direct", writes="direct", caps=CAPPED),
        "scoped": Caller(ONE, "client:one", "one", workspace_id="one"),
        "elsewhere": Caller(ONE, "client:else", "else", accounts={"facebook_marketing": ("2345678901",)}),
    }
    CALLERS.update(direct)
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found
    for name in direct:
        del CALLERS[name]


def connector(api: Api) -> str:
    """A new one in a new workspace."""
    return str(created(api, f"writes-{uuid4()}")["id"])


def create(
    api: Api, id_: str, budget: str = "20.00 USD", status: str = "PAUSED", **more: Any
) -> tuple[int, Any]:
    """A campaign's creation."""
    params = {"account_id": ACCOUNT, "name": "x", "objective": "OUTCOME_TRAFFIC", "daily_budget": budget,
              "status": status}  # fmt: skip
    body = {"entity": "campaigns", "action": "create", "params": params, "intent": "spring sale"}
    return api("POST", f"{PATH}/{id_}/execute", body, **more)


def audit(api: Api, id_: str) -> list[Any]:
    """The lines of a connector's workspace."""
    there = api("GET", f"{PATH}/{id_}/inspect")[1]["workspace_id"]
    found: list[Any] = api("GET", f"/workspaces/{there}/audit")[1]["data"]
    return found


@pytest.mark.slow
def test_a_plan_is_shown_applied_once_and_nobody_elses(api: Api) -> None:
    """409 with the whole plan; only its maker applies it, by its own connector; the log has the intent."""
    id_, other = connector(api), connector(api)
    status, answer = create(api, id_)
    details = answer["errors"][0]["details"]
    assert details["plan"] in answer["errors"][0]["message"]
    path = details["apply"].removeprefix("/api/v1")
    assert (status, answer["errors"][0]["error_code"]) == (409, "plan_required")
    assert "20.00 USD" in details["plan"]
    assert f"POST {details['apply']}" in details["plan"]
    assert "ads_apply" not in details["plan"]
    assert api("POST", path.replace(id_, other))[0] == 404
    assert api.by("plans")("POST", path)[0] == 404
    assert audit(api, id_) == []
    status, done = api("POST", path)
    assert (status, done["result"]["status"]) == (200, "applied")
    assert f"POST /api/v1{PATH}/{id_}/plans/{done['result']['undo']}/apply" in done["result"]["text"]
    assert "nothing was sent now" in api("POST", path)[1]["result"]["text"]
    lines = audit(api, id_)
    assert [(line["outcome"], line["who"], line["client"], line["intent"]) for line in lines] == [
        ("done", "client:one", "one", "spring sale"), ("sending", "client:one", "one", "spring sale")
    ]  # fmt: skip
    assert audit(api.by("elsewhere"), id_) == []


@pytest.mark.slow
def test_a_client_applies_what_a_token_planned_and_never_another_clients(api: Api) -> None:
    """It is listed with its owner and applied, and the log has who applied it; nobody else gets so far."""
    id_, agent = connector(api), api.by("plans")
    path = create(agent, id_)[1]["errors"][0]["details"]["apply"].removeprefix("/api/v1")
    refused = agent("POST", path)
    assert refused[0] == 403
    assert "A client of the organization" in refused[1]["message"]
    plans = f"{PATH}/{id_}/plans"
    assert api.by("elsewhere")("GET", plans)[1]["data"] == api.by("reads")("GET", plans)[1]["data"] == []
    assert {name: api.by(name)("POST", path)[0] for name in ("elsewhere", "reads", "scoped")} == {
        "elsewhere": 403, "reads": 404, "scoped": 404
    }  # fmt: skip
    assert [one["owner"] for one in api("GET", plans)[1]["data"]] == ["token:plans"]
    assert api("GET", path.removesuffix("/apply"))[1]["owner"] == "token:plans"
    assert api("POST", path)[1]["result"]["status"] == "applied"
    assert {line["who"] for line in audit(api, id_)} == {"client:one"}
    mine = create(api, id_, "19.00 USD")[1]["errors"][0]["details"]["apply"].removeprefix("/api/v1")
    assert api.by("direct")("POST", mine)[0] == 404


def test_a_direct_write_is_done_once_within_its_caps(api: Api) -> None:
    """The same again within a minute is the first answer; over the cap nothing is sent."""
    id_, mine = connector(api), api.by("direct")
    status, answer = create(mine, id_, "60.00 USD")
    assert (status, answer["errors"][0]["error_code"]) == (403, "not_allowed")
    assert "MCP_ADS_" not in answer["message"]
    assert create(mine, id_, "90000.00 USD", "ACTIVE")[0] == 403
    assert "for a client with a higher cap" in answer["message"]
    first, again = create(mine, id_), create(mine, id_)
    assert first[0] == 200
    assert mine.answer.headers["Idempotent-Replayed"] == "true"
    assert again[1]["execution_metadata"]["replayed"] is True
    assert again[1]["result"].pop("text").endswith(first[1]["result"].pop("text"))
    assert again[1]["result"] == first[1]["result"]
    assert len(audit(mine, id_)) == 2


@pytest.mark.slow
def test_what_the_host_refuses_no_client_opens(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """A currency that its caps leave out stays capped by a client that names it; off is off for all."""
    own, mine = api.host.settings.own, api.by("direct")
    for change, status in (({"caps": Caps(daily={"EUR": Decimal(50)})}, 403), ({"writes": "off"}, 403)):
        with monkeypatch.context() as narrower:
            id_ = connector(api)
            settings = replace(api.host.settings, own=replace(own, **change))
            narrower.setattr(api.host.desks, "_settings", settings)
            assert create(mine, id_, "20.00 USD")[0] == status
            assert audit(mine, id_) == []
    assert create(mine, connector(api), "20.00 USD")[0] == 200


def test_a_key_is_of_one_request(api: Api) -> None:
    """Two at once under one key send one; the key with another body is refused; another key is another."""
    id_, mine, key = connector(api), api.by("direct"), {"Idempotency-Key": str(uuid4())}
    with ThreadPoolExecutor(2) as threads:
        answers = [*threads.map(lambda _: create(mine.by("direct"), id_, **key), range(2))]
    assert {status for status, _ in answers} <= {200, 409}
    assert [line["outcome"] for line in audit(mine, id_)] == ["done", "sending"]
    status, answer = create(mine, id_, "30.00 USD", **key)
    assert (status, answer["errors"][0]["error_code"]) == (422, "key_used")
    assert create(mine, id_, **{"Idempotency-Key": str(uuid4())})[0] == 200
    assert len(audit(mine, id_)) == 4


def test_what_is_partly_done_is_no_refusal(api: Api) -> None:
    """200 with status partial, which our SDK raises as PartlyDone; asked again, nothing is sent again."""
    id_ = connector(api)
    there = api("GET", f"{PATH}/{id_}/inspect")[1]["workspace_id"]
    items = [{"campaign_id": f"12021100000000003{end}", "name": f"N {end}"} for end in (38, 37)]
    body = {"entity": "campaigns", "action": "update", "params": {"account_id": ACCOUNT, "items": items}}
    path = api("POST", f"{PATH}/{id_}/execute", body)[1]["errors"][0]["details"]["apply"]
    home = api.host.settings.folder / "workspaces" / there
    break_next(
        Store(home / "sandbox" / "sandbox.sqlite"), "revoked-token", method="POST", path="337", times=0
    )
    for _ in range(2):
        status, answer = api("POST", path, {}, **{"Idempotency-Key": id_})
        result = answer["result"]
        assert (status, result["status"]) == (200, "partial")
        assert [step["state"] for step in result["steps"]].count("done") == 1
        with pytest.raises(PartlyDone, match="1 of 2 done"):
            check_answered(Answered(result, {}))


def test_several_writes_are_all_of_the_connector_that_is_called(api: Api) -> None:
    """A step goes out by its connection, also beside an older one; one that names another is refused."""
    workspace = f"several-{uuid4()}"
    other, mine = (created(api, workspace) for _ in range(2))
    step = {"entity": "campaigns", "action": "pause", "params": {"campaign_id": "1202110000000000338"}}
    first = {"account_id": ACCOUNT, "campaign_id": "1202110000000000337", "name": "N"}

    def several(*steps: Any) -> tuple[int, Any]:
        body = {"entity": "campaigns", "action": "update", "params": {**first, "steps": steps}}
        return api("POST", f"{PATH}/{mine['id']}/execute", body)

    elsewhere = {**step["params"], "connection": other["connection"]}  # type: ignore[dict-item]
    for wrong in ({**step, "connector": "linkedin-ads"}, {**step, "Connector": "ads"}, "x",
                  {**step, "params": elsewhere}):  # fmt: skip
        status, answer = several(wrong)
        assert (status, answer["errors"][0]["field"]) == (422, "params.steps"), answer
    status, answer = several(step)
    assert status == 409, answer
    apply = answer["errors"][0]["details"]["apply"]
    assert api("GET", apply.removesuffix("/apply"))[0] == 200


def test_an_engine_is_of_the_connectors_there_are(api: Api) -> None:
    """Asked again it is the same; after a change another, and the former is not closed under who has it."""
    id_ = connector(api)
    there = api("GET", f"{PATH}/{id_}/inspect")[1]["workspace_id"]
    ask = partial(api.host.desks.made, CALLERS["one"], there)

    async def both() -> tuple[Any, Any, Any]:
        one, same = await ask(), await ask()
        kept = await api.host.database.run(lambda c: connectors.get(c, ONE, id_))
        await api.host.database.run(lambda c: connectors.change(c, kept, name="other"))
        return one, same, await ask()

    first, same, other = asyncio.run(both())
    assert first is same
    assert other.desk is not first.desk
    assert first in api.host.desks._former


def test_a_new_refresh_token_is_sealed_for_every_worker(api: Api) -> None:
    """It is in the connector, and engines are made anew with it."""
    body = {"workspace_name": f"r-{uuid4()}", "connector_type": SLUGS[2]}
    id_ = api(
        "POST",
        PATH,
        {**body, "credentials": {"refresh_token": SECRET, "client_id": "a", "client_secret": "b"}},
    )[1]["id"]
    host = api.host
    get = partial(host.database.wait, lambda c: connectors.get(c, ONE, id_))
    before = get()
    keep(host.database, host.keys, before, "newer")
    assert get().credentials(host.keys) == {"refresh_token": "newer", "client_id": "a", "client_secret": "b"}
    keep(host.database, host.keys, before, "newest")
    assert get().credentials(host.keys)["refresh_token"] == "newest"
