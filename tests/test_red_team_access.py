"""What may be reached: ids that leave their path, columns that read credentials, plans of others, caps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import NEW, SPRING, SURF, applied, planned, writes

from mcp_ads import connect
from mcp_ads.engine.records.audit import Who, os_user
from mcp_ads.errors import AdsError, BadSettings, CallError, OutOfScope, OverCap, PolicyError, WritesOff
from mcp_ads.resources import _plan_page
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
IDS = [
    "123/../../me", "123%2F..%2Fme", "..", ".", "", " ", "123?fields=access_token", "123#x",
    "123&a=b", "123\r\nX-Evil: 1", "me", "12\n3", "\u0661\u0662\u0663", "\uff11\uff12\uff13", "\xb2",
    "-1", "1e3", "0x7b", "act_x", "123;456", "*", "\0", "urn:li:person:abc", "(a:1)", "List(1)/x", "@1.id/x",
]  # fmt: skip
SUBJECTS = [
    (FACEBOOK, "campaigns", "get", "campaign_id", {}),
    (FACEBOOK, "campaigns", "pause", "campaign_id", {}),
    (FACEBOOK, "campaigns", "delete", "campaign_id", {}),
    (FACEBOOK, "campaigns", "list", "account_id", {}),
    (FACEBOOK, "ads_insights", "list", "account_id", {}),
    (FACEBOOK, "ad_creatives", "get", "creative_id", {}),
    (LINKEDIN, "campaigns", "get", "campaign_id", {"account_id": LINKEDIN_US}),
    (LINKEDIN, "campaigns", "pause", "campaign_id", {"account_id": LINKEDIN_US}),
    (LINKEDIN, "campaigns", "list", "account_id", {}),
    (LINKEDIN, "accounts", "get", "account_id", {}),
    (AMAZON, "sponsored_product_campaigns", "get", "campaign_id", {"profile_id": PROFILE}),
    (AMAZON, "sponsored_product_campaigns", "pause", "campaign_id", {"profile_id": PROFILE}),
    (AMAZON, "sponsored_product_campaigns", "list", "profile_id", {}),
    (AMAZON, "profiles", "get", "profile_id", {}),
    (AMAZON, "reports", "get", "report_id", {"profile_id": PROFILE}),
]


@pytest.mark.parametrize(("connector", "entity", "action", "param", "rest"), SUBJECTS)
async def test_ids_stay_in_their_place(
    engine_client: EngineClient, connector: str, entity: str, action: str, param: str, rest: dict[str, Any]
) -> None:
    """What is no id is refused before anything is sent; an empty one counts as none."""
    for id_ in IDS:
        with pytest.raises(CallError):
            await engine_client.do(connector, entity, action, **{**rest, param: id_})
    assert not [
        request
        for request in engine_client.sent()
        if "oauth" not in request.lower() and "token" not in request.lower()
    ]


SMUGGLED = ("access_token", "method", "batch", "execution_options", "_method", "debug", "suppress_http_code")


async def test_parameters_of_the_protocol(engine_client: EngineClient) -> None:
    """What steers Graph itself is no parameter of any action."""
    for name in SMUGGLED:
        for action, params in (
            ("list", {"account_id": US}),
            ("get", {"campaign_id": SPRING}),
            ("update", {"campaign_id": SPRING, "name": "x"}),
        ):
            for spelling in (name, name.upper(), name.title().replace("_", "")):
                with pytest.raises(CallError):
                    await engine_client.do(FACEBOOK, "campaigns", action, **params, **{spelling: "x"})
    assert engine_client.sent() == []


@pytest.mark.parametrize(
    "field",
    [
        "access_token",
        "access_token.as(name2)",
        "account{owner_business{client_ad_accounts{access_token}}}",
        "promote_pages{access_token.as(x)}",
        "name.as(x)",
        "ACCESS_TOKEN",
        "app_secret",
    ],
)
async def test_columns_that_read_credentials(engine_client: EngineClient, field: str) -> None:
    """Graph gives page tokens as fields, also under another name."""
    for entity, action, params in (
        ("current_user", "get", {}),
        ("campaigns", "list", {"account_id": US}),
        ("campaigns", "get", {"campaign_id": SPRING}),
        ("ads_insights", "list", {"account_id": US}),
    ):
        with pytest.raises(CallError, match=r"^fields: "):
            await engine_client.do(FACEBOOK, entity, action, **params, fields=[field])
    assert not [
        request for request in engine_client.sent() if request.endswith(("/me", "/campaigns", "/insights"))
    ]


async def test_columns_that_read_other_accounts(engine_client: EngineClient) -> None:
    """With an allow-list, no expansion of a field goes around it."""
    engine_client.workspace.session(FACEBOOK).platform = _only(engine_client, US)
    for field in ("adaccounts{id,name}", "business{owned_ad_accounts{id}}", "assigned_ad_accounts"):
        with pytest.raises(OutOfScope):
            await engine_client.do(FACEBOOK, "current_user", "get", fields=[field])


def _only(engine_client: EngineClient, *ids: str) -> Any:
    from dataclasses import replace

    return replace(engine_client.settings.platforms[FACEBOOK], account_ids=ids)


async def test_plans_of_other_clients(engine_client: EngineClient) -> None:
    """Who came over HTTP reads, grows and applies only plans of their own; the owner of the files, all."""
    page = _plan_page(engine_client.workspace)
    engine_client.workspace.who = lambda: Who("http-a")
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    assert plan_id in page(plan_id)
    for other in (Who("http-b"), Who(os_user())):
        engine_client.workspace.who = lambda other=other: other  # type: ignore[misc]
        with pytest.raises(PolicyError):
            await applied(engine_client, plan_id)
        with pytest.raises(PolicyError):
            await planned(engine_client, "campaigns", "pause", campaign_id=SURF, append_to=plan_id)
        with pytest.raises(Exception, match="someone else"):
            page(plan_id)
    assert writes(engine_client) == []


async def test_the_owner_of_the_files(
    engine_client: EngineClient, engine_client_with: Callable[..., EngineClient]
) -> None:
    """`mcp-ads apply` carries out what an HTTP client planned, and the log says who did."""
    engine_client.workspace.who = lambda: Who("http")
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    result = await applied(engine_client_with(), plan_id)
    assert result.data["state"] == "applied"
    assert f'"who": "{os_user()}"' in (engine_client.home / "audit.jsonl").read_text()


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """The environment of a script in the sandbox."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.delenv("MCP_ADS_WRITES", raising=False)
    return monkeypatch


@pytest.mark.parametrize(("said", "asked", "mode"), [
    (None, None, "plan"), ("", None, "plan"), ("off", None, "off"), ("plan", None, "plan"),
    ("direct", None, "direct"), ("off", "plan", "plan"), ("plan", "direct", "direct"),
])  # fmt: skip
async def test_scripts_respect_the_write_mode(
    script: pytest.MonkeyPatch, said: str | None, asked: Any, mode: str
) -> None:
    """MCP_ADS_WRITES counts for scripts that do not say otherwise."""
    if said is not None:
        script.setenv("MCP_ADS_WRITES", said)
    async with connect("facebook-marketing", writes=asked) as client:
        pause = client.execute("campaigns", "pause", {"campaign_id": SPRING})
        if mode == "off":
            with pytest.raises(WritesOff):
                await pause
            return
        assert ("plan_id" in (await pause).data) == (mode == "plan")


AMOUNTS = [
    "USD 50", "\u0661\u0660\u0660 USD", "50 USDX", "1e30", 1e30, "1e3", "50.999 USD", "0.001 USD", "-100%",
    "+20", "50%", "\u221210 USD", "+-5%", "50 USD ; 60 USD", "NaN", "inf", True, ["50 USD"], {"amount": "5"},
    "9" * 40, "-5", "1,000 USD", "",
]  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS)
async def test_money_that_is_none(engine_client: EngineClient, amount: Any) -> None:
    """What is not plainly an amount is refused on every platform."""
    for connector, entity, params in (
        (FACEBOOK, "campaigns", {"campaign_id": SPRING}),
        (
            LINKEDIN,
            "campaigns",
            {"account_id": LINKEDIN_US, "campaign_id": await _one(engine_client, LINKEDIN)},
        ),
        (
            AMAZON,
            "sponsored_product_campaigns",
            {"profile_id": PROFILE, "campaign_id": await _one(engine_client, AMAZON)},
        ),
    ):
        with pytest.raises(CallError):
            await engine_client.do(connector, entity, "update", **params, daily_budget=amount)


async def _one(engine_client: EngineClient, connector: str) -> str:
    if connector == LINKEDIN:
        rows = (
            await engine_client.do(LINKEDIN, "campaigns", "list", account_id=LINKEDIN_US, status=["ACTIVE"])
        ).data
        return str(next(row["id"] for row in rows if row.get("dailyBudget.amount") or row.get("dailyBudget")))
    found = await engine_client.do(AMAZON, "sponsored_product_campaigns", "list", profile_id=PROFILE, limit=1)
    return str(found.data[0]["campaignId"])


async def test_money_in_lower_case(engine_client: EngineClient) -> None:
    """A currency may be written small; no change at all is no plan."""
    result = await engine_client.do(
        FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="60 usd"
    )
    assert "to-60.00-USD" in result.data["plan_id"]
    same = await engine_client.do(FACEBOOK, "campaigns", "update", campaign_id=SPRING, daily_budget="+0%")
    assert same.text.split("\n")[-1].startswith("Nothing to change")


async def test_caps_see_every_spelling(engine_client_with: Callable[..., EngineClient]) -> None:
    """A budget over the cap is over it under any name and at any depth."""
    engine_client = engine_client_with(
        MCP_ADS_MAX_DAILY_BUDGET="100 USD", MCP_ADS_MAX_LIFETIME_BUDGET="100 USD"
    )
    linkedin = {"account_id": LINKEDIN_US, "campaign_id": await _one(engine_client, LINKEDIN)}
    amazon = {"profile_id": PROFILE, "campaign_id": await _one(engine_client, AMAZON)}
    much: dict[str, Any] = {"amount": "900", "currencyCode": "USD"}
    total = '{"$set": {"totalBudget": {"amount": "900", "currencyCode": "USD"}}}'
    sp, daily = "sponsored_product_campaigns", {"budget": 900, "budgetType": "DAILY"}
    calls: list[tuple[str, str, str, dict[str, Any]]] = [
        (FACEBOOK, "campaigns", "update", {"campaign_id": SPRING, "dailyBudget": 90_000}),
        (FACEBOOK, "campaigns", "update", {"id": SPRING, "spend_cap": "900 USD"}),
        (FACEBOOK, "campaigns", "create", {**NEW, "lifetime_budget": "900 USD", "stop_time": "2030-01-01"}),
        (LINKEDIN, "campaigns", "update", {**linkedin, "patch": {"$set": {"dailyBudget": much}}}),
        (LINKEDIN, "campaigns", "update", {**linkedin, "patch": total}),
        (LINKEDIN, "campaigns", "update", {**linkedin, "dailyBudget": much}),
        (AMAZON, sp, "update", {**amazon, "budget": daily}),
        (AMAZON, sp, "update", {**amazon, "daily_budget": 900}),
    ]  # fmt: skip
    for connector, entity, action, params in calls:
        with pytest.raises(AdsError) as caught:
            await engine_client.do(connector, entity, action, **params)
        assert isinstance(caught.value, OverCap), (params, str(caught.value))
    assert writes(engine_client) == []


@pytest.mark.parametrize("budget", [{"budget": 50, "budgetType": "LIFETIME"}, {"budget": 50, "other": 900}])
async def test_money_beside_money(engine_client: EngineClient, budget: dict[str, Any]) -> None:
    """Nothing of a vendor's budget object is left out without a word."""
    with pytest.raises(CallError, match="daily_budget"):
        await engine_client.do(
            AMAZON, "sponsored_product_campaigns", "update", profile_id=PROFILE,
            campaign_id=await _one(engine_client, AMAZON), budget=budget,
        )  # fmt: skip


@pytest.mark.parametrize("url", [
    "http://127.0.0.1@evil.example", "https://evil.example#x", "http://[::1", "http://127.0.0.1:port", "ftp://x",
    "http://localhost.evil.example", "http://169.254.169.254", "//evil.example", "https://", "https://a/v1",
])  # fmt: skip
def test_base_urls(tmp_path: Path, url: str) -> None:
    """A base URL is https or this machine, and nothing but scheme, host and port."""
    with pytest.raises(BadSettings):
        load(environ={"MCP_ADS_HOME": str(tmp_path), "FACEBOOK_MARKETING_BASE_URL": url})


async def test_another_accounts_parent(engine_client: EngineClient) -> None:
    """An object of one account cannot be reached by naming another."""
    with pytest.raises(AdsError, match="belongs to account"):
        await engine_client.do(FACEBOOK, "campaigns", "pause", campaign_id=SPRING, account_id=JAPAN)
