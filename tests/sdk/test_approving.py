"""What a person approves, what became of it, and what is no argument: guards that a program cannot lose."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from engine_client import US, break_next, mend

from mcp_ads import (
    FacebookMarketingConnector,
    LinkedinAdsConnector,
    Workspace,
    build_connector_tools,
    connect,
)
from mcp_ads.errors import AdsError, BadSettings, InvalidParams, OutcomeUnknown, OutOfScope, PartlyDone
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
CAMPAIGN = "1202110000000000340"
CHANGE = {"account_id": US, "campaign_id": CAMPAIGN, "daily_budget": "60 USD"}
TWO = [{"campaign_id": f"12021100000000003{end}", "name": "Another name"} for end in (38, 37)]


@pytest.fixture(autouse=True)
def home(sandbox_home: Path) -> Path:
    """The sandbox with a home of its own."""
    return sandbox_home


@pytest.mark.parametrize("blank", ["", " \t"])
@pytest.mark.parametrize(
    "name",
    [
        *("access_token", "refresh_token", "client_id", "client_secret", "account_ids", "env_file", "home"),
        *("connection", "workspace_name", "connector_id", "organization_id", "backend", "writes"),
    ],
)
def test_what_is_given_and_empty(monkeypatch: pytest.MonkeyPatch, name: str, blank: str) -> None:
    """It is one line of BadSettings, never "none": for connect, a class and a workspace."""
    monkeypatch.setenv("FACEBOOK_MARKETING_ACCESS_TOKEN", "of-the-environment")
    hosted = {"workspace_name": "w", "backend": "airbyte"}
    makers: list[Any] = [lambda **given: connect("facebook", **given)]
    makers += [lambda **given: connect("facebook", **hosted | given)] if name != "writes" else []
    makers += [FacebookMarketingConnector] if name not in OF_CONNECT else []
    makers += [Workspace] if name in OF_WORKSPACES else []
    for make in makers:
        with pytest.raises(BadSettings) as refused:
            make(**{name: blank})
        assert sum(line.startswith(f"{name}: ") for line in refused.value.lines) == 1


async def test_what_was_not_done_is_raised(home: Path) -> None:
    """A lost write is OutcomeUnknown by a class and a client; of two changes one refused is PartlyDone."""
    store = Store(home / "sandbox" / "sandbox.sqlite")
    for make in (FacebookMarketingConnector, lambda: connect("facebook")):
        async with make() as program:
            lost = await planned(program, {**CHANGE, "name": f"Lost {make.__name__}"})
            break_next(store, "cut", method="POST", when="after")
            with pytest.raises(OutcomeUnknown, match="UNKNOWN: 0 of 1") as error:
                await program.apply(lost)
            assert (error.value.plan_id, error.value.sent) == (lost, "unknown")
            assert error.value.outcome is not None
            items = [{**one, "name": f"N {make.__name__}"} for one in TWO]
            some = await planned(program, {"account_id": US, "items": items})
            break_next(store, "revoked-token", method="POST", path="337", times=0)
            with pytest.raises(PartlyDone, match="1 of 2 done"):
                await program.apply(some)
            mend(store)


async def test_plans_of_others_are_out_of_sight() -> None:
    """Neither other accounts' nor other platforms' plans are listed, described, shown or applied."""
    async with FacebookMarketingConnector() as everyone, LinkedinAdsConnector() as linkedin:
        plan_id = await planned(everyone, CHANGE)
        theirs = await planned(linkedin, {"account_id": "512345678", "campaign_id": "300000001"}, name="N")
        shown = await everyone.plan(plan_id)
        described = await everyone.execute("", "describe", {"query": plan_id})
        for text in (shown, described.text):
            assert "\nmoney: +" in text
            assert "\nexpires: " in text
        assert [plan.plan_id for plan in await everyone.plans()] == [plan_id]
        with pytest.raises(AdsError, match="the plan is of linkedin-ads") as wrong:
            await everyone.apply(theirs)
        assert isinstance(wrong.value, InvalidParams)
        assert "LinkedinAdsConnector" in wrong.value.fix
        async with FacebookMarketingConnector(account_ids=["2345678901"]) as narrow:
            assert await narrow.plans() == []
            assert US not in (await narrow.execute("", "describe", {"query": plan_id})).text
            with pytest.raises(OutOfScope):
                await narrow.plan(plan_id)
            with pytest.raises(OutOfScope) as outside:
                await narrow.execute("campaigns", "list", {"account_id": US})
            assert outside.value.fix.endswith("account_ids= of the program")


@pytest.mark.slow
async def test_the_plan_stands_in_the_approval() -> None:
    """Pydantic AI's request for approval has the whole text of the plan, as it is kept now."""
    exceptions = pytest.importorskip("pydantic_ai.exceptions")
    async with FacebookMarketingConnector() as connector:
        tool = build_connector_tools(connector, "pydantic_ai").apply
        plan_id = await planned(connector, CHANGE)
        with pytest.raises(exceptions.ApprovalRequired) as asked:
            await tool.function(SimpleNamespace(tool_call_approved=False), plan_id)
        assert "money: +" in asked.value.metadata["plan"]
        with pytest.raises(exceptions.ModelRetry, match="UnknownPlan"):
            await tool.function(SimpleNamespace(tool_call_approved=False), "no-such-plan.aaaaaaaa")


async def planned(program: Any, change: dict[str, Any], **more: Any) -> str:
    """The id of the plan of an update."""
    made = await program.execute("campaigns", "update", {**change, **more})
    return str(made.data["plan_id"] if hasattr(made, "data") else made.plan_id)


OF_CONNECT = ("access_token", "refresh_token", "client_id", "client_secret")
OF_WORKSPACES = ("client_id", "client_secret", "workspace_name", "organization_id", "env_file")
