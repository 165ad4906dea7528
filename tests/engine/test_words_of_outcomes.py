"""What is said of what nobody knows, and of mistakes: what to look at and to do, which works as printed."""

from __future__ import annotations

import errno
import json
import os
import shlex
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient, break_next
from planning import SPRING, SURF, applied, check_in, planned
from shell import Shell

from mcp_ads.engine.overview import page
from mcp_ads.errors import InvalidParams, NoRecord, UnknownAction
from mcp_ads.sandbox.app import Sandbox

pytestmark = pytest.mark.anyio


class Killed(BaseException):
    """The end of a process."""


async def test_a_plan_whose_process_was_killed_says_what_to_do(engine_client: EngineClient) -> None:
    """Looked at before anybody applies it again: how to look for what was being sent, and what goes on."""
    plan_id = await planned(engine_client, "campaigns", "pause", campaign_id=[SPRING, SURF])
    journal = engine_client.workspace.plans.journal

    def killed(*given: Any) -> None:
        journal(*given)
        raise Killed

    engine_client.workspace.plans.journal = killed  # type: ignore[method-assign,assignment]
    with pytest.raises(Killed):
        await applied(engine_client, plan_id)
    engine_client.workspace.plans.journal = journal  # type: ignore[method-assign]
    shown = await page(engine_client.workspace, {"query": plan_id})
    assert "if nobody applies it at this moment, its process ended: ads_apply with the same plan_id" in shown
    connector, entity, action, params = check_in(shown)
    read = (await engine_client.do(connector, entity, action, **params)).data
    assert read["status"] == "ACTIVE"
    told = await applied(engine_client, plan_id)
    assert "UNKNOWN: 0 of 2 done" in told.text
    assert "not all of it is known" in await page(engine_client.workspace, {"query": plan_id})


async def test_mistakes_name_what_is_right(engine_client: EngineClient) -> None:
    """A plan is looked at by ads_describe, and an id that is none is named; nothing is sent."""
    for action in ("get", "list"):
        with pytest.raises(UnknownAction, match=r"ads_describe\(query=plan_id\) shows"):
            await engine_client.do("ads", "plans", action, plan_id="x")
    with pytest.raises(InvalidParams, match=r"^campaign_id: 9,000 characters are no id"):
        await engine_client.do(FACEBOOK, "campaigns", "get", campaign_id="1" * 9_000)
    with pytest.raises(InvalidParams, match=r"^campaign_id: 30,000 characters are no id"):
        await engine_client.do(AMAZON, "sponsored_product_campaigns", "get", campaign_id=["1", "1" * 30_000])


GROUP = {"account_id": LINKEDIN_US, "campaign_group_id": "600000002"}
KEYWORD = {"account_id": PROFILE, "keyword_id": "150000000000001"}
MOVES: list[Any] = [
    (FACEBOOK, "campaigns", {"campaign_id": SPRING}, {"daily_budget": "+10%"}, {"daily_budget": "60.00 USD"}),
    (LINKEDIN, "campaign_groups", GROUP, {"totalBudget": "+10%"}, {"totalBudget": "150000 USD"}),
    (AMAZON, "sponsored_product_keywords", KEYWORD, {"bid": "-0.10 USD"}, {"bid": "0.50 USD"}),
]


@pytest.mark.parametrize(
    ("platform", "entity", "which", "moved", "set_"),
    [MOVES[0], *(pytest.param(*move, marks=pytest.mark.slow) for move in MOVES[1:])],
)
async def test_a_change_over_one_that_may_be_done_is_said(
    engine_client: EngineClient, platform: str, entity: str, which: Any, moved: Any, set_: Any
) -> None:
    """An amount told from what there is, after a lost answer: the plan says first that it may come on top, in
    an item and after something was switched too; of a sum not, whatever a name looks like.
    """
    plan_id = await planned(engine_client, entity, "update", platform, **which, **moved)
    method = "PUT" if platform == AMAZON else "POST"
    engine_client.fault("502-html", method=method, platform=platform, when="after")
    assert "UNKNOWN" in (await applied(engine_client, plan_id)).text
    if platform == FACEBOOK:
        await applied(engine_client, await planned(engine_client, entity, "pause", platform, **which))
    whose = {name: which[name] for name in which if name == "account_id"}
    for asked in (moved, {"items": [{**which, **moved}]}):
        again = await engine_client.do(
            platform, entity, "update", **(whose if "items" in asked else which), **asked
        )
        assert "of unknown outcome: if " in again.data["steps"][0]["warnings"][0]
    named = {"name": "Now +50%"} if platform == FACEBOOK else {}
    settled = await engine_client.do(platform, entity, "update", **which, **set_, **named)
    assert "of unknown outcome" not in settled.text


async def test_a_full_disk_is_to_be_freed(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fix of a plan that has no room is not that its folder has to be made writable."""

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NoRecord, match="nothing is changed") as refused:
        await planned(engine_client, "campaigns", "pause", campaign_id=SPRING)
    assert refused.value.fix.startswith("free space on the disk that has ")


def test_the_check_in_a_shell_can_be_pasted(shell: Shell) -> None:
    """A change whose outcome nobody knows: the printed command, pasted, shows what became of it."""
    shell.set(MCP_ADS_SANDBOX="1")
    params = json.dumps({"campaign_id": SPRING, "name": 'It\'s "here" now'})
    _, out, _ = shell.run("call", "facebook-marketing", "campaigns", "update", "--params", params)
    plan_id = out.split("PLAN ")[1].split()[0]
    store = Sandbox(shell.home / "sandbox").store
    break_next(store, "500", method="POST", path=f"/{SPRING}$", when="after")
    _, out, _ = shell.run("apply", plan_id)
    assert "UNKNOWN: 0 of 1 done; reading now shows it in effect: do not repeat" in out
    command = out.split("check: ")[1].splitlines()[0]
    words = shlex.split(command)
    code, shown, _ = shell.run(*words[words.index("call") :])
    assert (code, "It's" in shown) == (0, True)
