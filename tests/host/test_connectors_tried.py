"""Connectors that are used: whether the platform accepts them, and what they may do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from control_plane import AMAZON, FACEBOOK, LINKEDIN, PATH, SLUGS, Api, control_plane, created
from sqlalchemy import select

from mcp_ads.host.store.tables import workspaces


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host for all tests of this file, each of which has workspaces of its own."""
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slug", "asked", "entity"),
    [(SLUGS[0], FACEBOOK, "ad_accounts"), (SLUGS[1], LINKEDIN, "accounts"), (SLUGS[2], AMAZON, "profiles")],
)
def test_credentials_are_tried_where_that_is_asked(
    api: Api, slug: str, asked: dict[str, Any], entity: str
) -> None:
    """A check of one that is kept and of one that is not; `verify` keeps none that the platform refuses."""
    body = {"workspace_name": f"tried-{slug}", "connector_type": slug, **asked}
    wrong = {**body, "credentials": {**asked["credentials"], next(iter(asked["credentials"])): "revoked"}}
    before = api("GET", "/workspaces/stats")
    good, bad = (api("POST", f"{PATH}/check", given)[1] for given in (body, wrong))
    assert (good["status"], good["checked_entity"], good["error_message"]) == ("succeeded", entity, None)
    assert (bad["status"], bad["failure_reason"]) == ("failed", "credentials")
    status, answer = api("POST", f"{PATH}?verify=true", wrong)
    assert (status, answer["errors"][0]["error_code"]) == (422, "platform_auth")
    assert api("GET", "/workspaces/stats") == before
    made = api("POST", f"{PATH}?verify=true", body)[1]
    assert api("GET", f"{PATH}/{made['id']}/inspect")[1]["warnings"] == []
    kept = api("POST", PATH, wrong)[1]
    assert api("POST", f"{PATH}/{kept['id']}/check", {})[1]["status"] == "failed"
    assert api("GET", f"{PATH}/{kept['id']}/inspect")[1]["warnings"]
    assert "mcp-ads" not in json.dumps([bad, answer])


def test_what_a_check_leaves_behind_is_in_no_list(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a process dies in it: neither listed, counted nor found, and gone with a later check."""
    body = {"workspace_name": "w", "connector_type": SLUGS[0], **FACEBOOK}

    def left() -> list[str]:
        there = select(workspaces.c.id).where(workspaces.c.name.like("check %"))
        return [*api.host.database.wait(lambda connection: connection.scalars(there))]

    async def died(*_: Any) -> None:
        raise RuntimeError

    before = api("GET", "/workspaces/stats")
    with monkeypatch.context() as dying:
        dying.setattr("mcp_ads.host.store.workspaces.remove", died)
        assert api("POST", f"{PATH}/check", body)[0] == 500
    assert len(left()) == 1
    assert api("GET", "/workspaces/stats") == before
    assert api("GET", "/workspaces?name_contains=check")[1]["data"] == []
    assert api("GET", f"/workspaces/{left()[0]}")[0] == 404
    monkeypatch.setattr("mcp_ads.host.store.workspaces.LONGEST", -1.0)
    assert api("POST", f"{PATH}/check", body)[1]["status"] == "succeeded"
    assert left() == []


@pytest.mark.slow
def test_a_connector_does_what_its_entities_say_and_nothing_else(api: Api) -> None:
    """Reading and changing apart, also by a step of another write; without `entities` all is open."""
    made = created(api, "limited", entities=[{"entity": "ad_accounts", "modes": ["read"]}])

    def answer(entity: str, action: str, **params: Any) -> int:
        body = {"entity": entity, "action": action, "params": params}
        return api("POST", f"{PATH}/{made['id']}/execute", body)[0]

    pause = {"connector": SLUGS[0], "entity": "ads", "action": "pause", "params": {"ad_id": "1"}}
    assert answer("ad_accounts", "list") == 200
    assert answer("current_user", "get") == 403
    assert answer("campaigns", "create", account_id="1234567890") == 403
    assert answer("graph", "get", path="/me") == 403
    api("PUT", f"{PATH}/{made['id']}", {"entities": [{"entity": "campaigns", "modes": ["write"]}]})
    assert answer("campaigns", "list", account_id="1234567890") == 403
    wanted = {"account_id": "1234567890", "name": "x", "objective": "OUTCOME_TRAFFIC"}
    assert answer("campaigns", "create", **wanted, steps=[pause]) == 403
    assert answer("campaigns", "create", **wanted) == 409
    api("PUT", f"{PATH}/{made['id']}", {"entities": None})
    assert answer("current_user", "get") == 200
