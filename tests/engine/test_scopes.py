"""The account allow-list: what writes may touch, when planning and when applying."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, PROFILE, US, EngineClient
from planning import NEW, NEW_SET, REGENWEAR, SPRING, SPRING_AD_PAUSED, SPRING_SET, applied, planned, writes

from mcp_ads.engine.planning.policy import check_scope
from mcp_ads.errors import InvalidParams, OutOfScope, Rejected

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
CATALOG = "556677889900001"
ALLOWED = {FACEBOOK: US, LINKEDIN: "512345678", AMAZON: PROFILE}
FOREIGN: list[tuple[str, str, str, dict[str, Any]]] = [
    (FACEBOOK, "campaigns", "pause", {"campaign_id": REGENWEAR}),
    (FACEBOOK, "campaigns", "delete", {"campaign_id": REGENWEAR}),
    (FACEBOOK, "campaigns", "create", {**NEW, "account_id": JAPAN}),
    (FACEBOOK, "ad_sets", "create", {**NEW_SET, "campaign_id": REGENWEAR}),
    (LINKEDIN, "campaigns", "pause", {"account_id": "523456789", "campaign_id": "300000221"}),
    (
        AMAZON,
        "sponsored_product_campaigns",
        "pause",
        {"account_id": "5512345678901234", "id": "320000000000001"},
    ),
    (FACEBOOK, "ads", "pause", {"account_id": JAPAN, "where": "name ~ 'a'"}),
    (LINKEDIN, "campaigns", "pause", {"account_id": "523456789", "where": "cost > 1", "over": "last_month"}),
]


def allow(engine_client: EngineClient, allowed: dict[str, str]) -> EngineClient:
    """The engine client with some accounts allowed; the sandbox itself takes no such setting."""
    for name, account in allowed.items():
        object.__setattr__(engine_client.settings.platforms[name], "account_ids", (account,))
    return engine_client


@pytest.mark.parametrize("mode", ["plan", "direct"])
@pytest.mark.parametrize(("connector", "entity", "action", "params"), FOREIGN)
async def test_foreign_writes(
    engine_client_with: EngineClients,
    mode: str,
    connector: str,
    entity: str,
    action: str,
    params: dict[str, Any],
) -> None:
    """A foreign account, object or parent is refused in every mode."""
    engine_client = allow(engine_client_with(MCP_ADS_WRITES=mode), ALLOWED)
    with pytest.raises(OutOfScope):
        await engine_client.do(connector, entity, action, **params)
    assert writes(engine_client) == []


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("get", {"catalog_id": REGENWEAR}),
        ("get", {"catalog_id": REGENWEAR, "fields": ["id", "name"]}),
        ("list", {"business_id": REGENWEAR, "fields": ["id", "name"]}),
    ],
)
async def test_an_account_owns_it_after_all(
    engine_client_with: EngineClients, action: str, params: dict[str, Any]
) -> None:
    """What is read under the name of something that no ad account owns is asked whose it is all the same."""
    engine_client = allow(engine_client_with(), ALLOWED)
    with pytest.raises(OutOfScope, match="2345678901 is not one of the allowed"):
        await engine_client.do(FACEBOOK, "catalogs", action, **params)


async def test_an_allowed_account_owns_what_should_have_no_owner(engine_client_with: EngineClients) -> None:
    """It is read under its own name, where whatever else is true of its account is known."""
    engine_client = allow(engine_client_with(), ALLOWED)
    with pytest.raises(InvalidParams, match="belongs to ad account"):
        await engine_client.do(FACEBOOK, "catalogs", "get", catalog_id=SPRING, fields=["id", "name"])
    both = await engine_client.do(
        FACEBOOK, "catalogs", "get", catalog_id=[CATALOG, SPRING], fields=["id", "name"]
    )
    assert ([row["id"] for row in both.data], [row["index"] for row in both.errors]) == ([CATALOG], [1])


async def test_one_foreign_among_many(engine_client_with: EngineClients) -> None:
    """It is named by its index, and nothing is planned."""
    engine_client = allow(engine_client_with(), ALLOWED)
    with pytest.raises(
        OutOfScope,
        match=r"campaign_id\[1\] [0-9]+: account_id: 2345678901 is not one of the allowed",
    ):
        await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, REGENWEAR])
    assert not engine_client.workspace.plans.all()


async def test_a_plan_for_an_account_no_longer_allowed(engine_client_with: EngineClients) -> None:
    """The allow-list of the moment of applying counts."""
    plan_id = await planned(engine_client_with(), "campaigns", "pause", campaign_id=REGENWEAR)
    engine_client = allow(engine_client_with(), ALLOWED)
    with pytest.raises(OutOfScope):
        await applied(engine_client, plan_id)
    assert writes(engine_client) == []


async def test_a_parent_in_another_account(engine_client: EngineClient) -> None:
    """Also without an allow-list an ad set is not made under another account's campaign."""
    with pytest.raises(OutOfScope, match=f"campaign_id: {REGENWEAR} does not belong to account {US}"):
        await planned(engine_client, "ad_sets", "create", **NEW_SET, campaign_id=REGENWEAR)


@pytest.mark.parametrize(
    ("allowed", "unscoped", "refused"), [((), False, False), ((US,), False, True), ((US,), True, False)]
)
async def test_what_no_account_owns(
    engine_client: EngineClient, allowed: tuple[str, ...], unscoped: bool, refused: bool
) -> None:
    """Refused where only some accounts are allowed, unless the user allows it."""
    plan = engine_client.workspace.plans.get(
        await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    )
    step, settings = (
        replace(plan.steps[0], account=None),
        replace(engine_client.settings, unscoped_writes=unscoped),
    )
    expected: AbstractContextManager[object] = nullcontext()
    if refused:
        expected = pytest.raises(OutOfScope, match="belongs to no ad account")
    with expected:
        check_scope(settings, step, allowed)


async def test_a_write_never_guesses(engine_client: EngineClient) -> None:
    """With several accounts a create has to say in which."""
    with pytest.raises(InvalidParams, match="account_id: missing, required"):
        await planned(engine_client, "campaigns", "create", name="Launch", objective="OUTCOME_TRAFFIC")


@pytest.mark.parametrize(
    ("entity", "params"),
    [
        ("campaigns", {"campaign_id": SPRING_SET}),
        ("campaigns", {"campaign_id": SPRING_AD_PAUSED}),
        ("ad_sets", {"adset_id": SPRING}),
        ("ad_sets", {"adset_id": SPRING_AD_PAUSED}),
        ("ads", {"ad_id": SPRING}),
        ("ads", {"ad_id": SPRING_SET}),
    ],
)
async def test_another_kinds_id_is_refused(
    engine_client: EngineClient, entity: str, params: dict[str, str]
) -> None:
    """An ad set is not deleted as a campaign: planning reads a field that only the right kind has."""
    with pytest.raises(Rejected) as refused:
        await planned(engine_client, entity, "delete", **params)
    assert "the id is of this kind" in refused.value.fix
