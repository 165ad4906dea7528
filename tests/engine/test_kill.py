"""Killed in the middle: nothing is done twice, what is unknown is said, and the check tells the truth."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from engine_client import FACEBOOK, US, break_next, mend
from planning import check_in, until

from mcp_ads.engine.door import Engine
from mcp_ads.sandbox.ports import Servers

pytestmark = pytest.mark.anyio
STEPS = 10
MORE = (("before", 6), ("after", 9))


def slow(servers: Servers, when: str, seconds: float) -> None:
    """Every write takes a while, so that a kill hits the middle of one, before it is done or after."""
    break_next(servers.sandbox.store, "slow", when=when, seconds=seconds, times=0, method="POST")


def applying(environ: dict[str, str], plan_id: str, *before: str) -> subprocess.Popen[bytes]:
    """`mcp-ads apply` in a process of its own."""
    command = [*before, sys.executable, "-m", "mcp_ads", "apply", plan_id]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


async def renaming(workspace: Engine, name: str, *, together: bool = False) -> tuple[str, list[str]]:
    """A plan of ten steps, and the objects it changes: in one request, or in ten."""
    listed = {"account_id": US, "limit": STEPS}
    campaigns = [row["id"] for row in (await workspace.execute(FACEBOOK, "campaigns", "list", listed)).data]
    if together:
        items = {"campaign_id": campaigns, "name": name}
        plan = await workspace.execute(FACEBOOK, "campaigns", "update", items)
        return plan.data["plan_id"], campaigns
    sets = [row["id"] for row in (await workspace.execute(FACEBOOK, "ad_sets", "list", listed)).data]
    more, ids = dict[str, str](), list[str]()
    for campaign, ad_set in zip(campaigns[: STEPS // 2], sets, strict=False):
        for entity, subject, own in (("campaigns", "campaign_id", campaign), ("ad_sets", "adset_id", ad_set)):
            change = {subject: own, "name": name, **more}
            more = {
                "append_to": (await workspace.execute(FACEBOOK, entity, "update", change)).data["plan_id"]
            }
            ids.append(own)
    return more["append_to"], ids


def changed(servers: Servers, name: str) -> Counter[str]:
    """How often each object was given this name."""
    return Counter(
        write["id"] for write in servers.sandbox.store.writes() if write["body"].get("name") == name
    )


def posts(servers: Servers, path: str = r"/v[0-9.]+/[0-9]+$") -> int:
    """How many requests came that change one object, or have another path."""
    asked = servers.sandbox.store.requests()
    return sum(request["method"] == "POST" and bool(re.search(path, request["path"])) for request in asked)


@pytest.mark.parametrize(
    ("when", "after"),
    [("before", 1), ("after", 3), *(pytest.param(*death, marks=pytest.mark.slow) for death in MORE)],
)
@pytest.mark.slow
async def test_killed_in_the_middle(
    workspace: Engine, servers: Servers, environ: dict[str, str], when: str, after: int
) -> None:
    """Kill -9 while a request is under way; apply again sends nothing and tells what became of each step."""
    name = f"Killed {when} {after}"
    plan_id, ids = await renaming(workspace, name)
    slow(servers, when, 0.1)
    began = posts(servers)
    process = applying(environ, plan_id)
    await until(lambda: posts(servers) - began >= after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    await asyncio.sleep(0.2)
    reached = len(servers.sandbox.store.writes())
    result = await workspace.apply(plan_id)
    again = await workspace.apply(plan_id)
    assert len(servers.sandbox.store.writes()) == reached
    states = [step["state"] for step in result.data["steps"]]
    assert states == [step["state"] for step in again.data["steps"]]
    assert states.count("unknown") == 1
    assert states == sorted(states, key=["done", "unknown", "ready"].index)
    times = changed(servers, name)
    lost = ids[states.index("unknown")]
    assert set(times.values()) <= {1}
    assert set(times) - {lost} == set(ids[: states.count("done")])
    said = "is" if times[lost] else "is not"
    assert f"reading it now: the change {said} in effect" in result.text
    connector, entity, action, params = check_in(result.text)
    shown = (await workspace.execute(connector, entity, action, params)).data
    assert (shown["name"] == name) == bool(times[lost])


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_in_the_middle_of_a_batch(
    workspace: Engine, servers: Servers, environ: dict[str, str], when: str
) -> None:
    """Of every item it is unknown whether it was done, and said as reading shows it; none is sent again."""
    name, root = f"Killed together {when}", r"/v[0-9.]+/$"
    plan_id, ids = await renaming(workspace, name, together=True)
    slow(servers, when, 0.3)
    began = posts(servers, root)
    process = applying(environ, plan_id)
    await until(lambda: posts(servers, root) - began >= 2)  # the first one checks
    process.send_signal(signal.SIGKILL)
    process.communicate()
    await asyncio.sleep(0.5)
    mend(servers.sandbox.store)
    times = changed(servers, name)
    result = await workspace.apply(plan_id)
    assert changed(servers, name) == times
    assert set(times.values()) <= {1}
    assert [step["state"] for step in result.data["steps"]] == ["unknown"] * STEPS
    done = sum(bool(times[id_]) for id_ in ids)
    assert done in (0, STEPS)
    assert f"each: reading it now: the change is {'' if done else 'not '}in effect" in result.text
    assert ("do not repeat" in result.text.splitlines()[0]) == bool(done)


@pytest.mark.slow
async def test_killed_before_anything_was_sent(
    workspace: Engine, servers: Servers, environ: dict[str, str]
) -> None:
    """A process that dies while it checks leaves a plan that can be applied."""
    plan_id, ids = await renaming(workspace, "Killed early")
    store = servers.sandbox.store
    number = break_next(store, "slow", seconds=1, times=0)
    seen = len(store.requests())
    process = applying(environ, plan_id)
    await until(lambda: len(store.requests()) > seen)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    store.delete("sandbox.fault", number)
    assert "APPLIED: 10 of 10" in (await workspace.apply(plan_id)).text
    assert changed(servers, "Killed early") == Counter(ids)


BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""Starts a command as a shell does behind `&`: Ctrl-C is not meant for it."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "code", "before"),
    [
        (signal.SIGTERM, 143, ()),
        (signal.SIGINT, 130, ()),
        (signal.SIGHUP, 129, ()),
        (signal.SIGTERM, 143, BACKGROUND),
    ],
)
async def test_told_to_stop_in_the_middle(
    workspace: Engine,
    servers: Servers,
    environ: dict[str, str],
    how: signal.Signals,
    code: int,
    before: tuple[str, ...],
) -> None:
    """The step on its way is written down, no later one begins, and applying again sends the rest."""
    name = f"Told {how.name} {len(before)}"
    plan_id, ids = await renaming(workspace, name)
    slow(servers, "after", 1)
    began = posts(servers)
    process = applying(environ, plan_id, *before)
    await until(lambda: posts(servers) - began >= 2)
    process.send_signal(how)
    out, said = process.communicate()
    mend(servers.sandbox.store)
    states = [step.state for step in workspace.plans.get(plan_id).steps]
    assert process.returncode == code
    assert (out, b"Traceback" in said) == (b"", False)
    assert f"{how.name}: a change on its way ends first".encode() in said
    assert f"stopped: {states.count('done')} of {STEPS} steps done".encode() in said
    assert f"apply {plan_id} sends the rest".encode() in said
    assert states == ["done"] * len(changed(servers, name)) + ["ready"] * states.count("ready")
    assert 1 < states.count("ready") < STEPS
    assert "APPLIED: 10 of 10 done" in (await workspace.apply(plan_id)).text
    assert changed(servers, name) == Counter(ids)


@pytest.mark.slow
async def test_told_twice_to_stop(workspace: Engine, servers: Servers, environ: dict[str, str]) -> None:
    """It ends at once, by the signal; whoever applies it again is told that the step is unknown."""
    plan_id, _ = await renaming(workspace, "Told twice")
    slow(servers, "after", 2)
    process = applying(environ, plan_id)
    log = Path(environ["MCP_ADS_HOME"]) / "audit.jsonl"
    await until(lambda: log.exists() and '"sending"' in log.read_text())
    process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5)
    assert process.returncode == -signal.SIGTERM
    mend(servers.sandbox.store)
    assert [step["state"] for step in (await workspace.apply(plan_id)).data["steps"]].count("unknown") == 1


@pytest.mark.slow
async def test_two_processes_at_once(workspace: Engine, servers: Servers, environ: dict[str, str]) -> None:
    """One of them applies it, the other is told so; every step is done once."""
    plan_id, ids = await renaming(workspace, "Both at once")
    slow(servers, "after", 0.1)
    processes = [applying(environ, plan_id) for _ in range(3)]
    said = [b"".join(process.communicate()).decode() for process in processes]
    assert changed(servers, "Both at once") == Counter(ids)
    assert sum("APPLIED: 10 of 10 done" in text and "carried out before" not in text for text in said) == 1
    assert all("APPLIED" in text or "being applied at this moment" in text for text in said)
