"""Killed before each change of a file in turn: the next start finds whole files, nothing is done twice."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable

import pytest
from crashing import Mortal
from engine_client import FACEBOOK, US, EngineClient
from planning import SPRING, SURF, applied, planned
from shell import Shell

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault import vault
from mcp_ads.connections import Connection, read, save
from mcp_ads.engine.records import chain

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> Mortal:
    """A process that may die."""
    return Mortal(monkeypatch)


def times(engine_client: EngineClient, name: str) -> Counter[str]:
    """How often each object was given a name."""
    return Counter(write["id"] for write in engine_client.store.writes() if write["body"].get("name") == name)


async def _killed(clients: EngineClients, mortal: Mortal, number: int) -> bool:
    """One apply that is killed at its nth change of a file, and what the next start makes of it; False where
    it ended before.
    """
    name, first = f"Killed at {number}", clients()
    mortal.sends_through(first)
    plan_id = await planned(first, "campaigns", "update", campaign_id=[SPRING, SURF], name=name)
    with mortal.dies_at(number):
        await applied(first, plan_id)
    reached, again = times(first, name), clients()
    assert [name for name, count in reached.items() if count > 1] == []
    log = (again.home / "audit.jsonl").read_bytes().splitlines()
    assert reached.keys() <= {json.loads(line)["id"] for line in log if _whole(line)}
    result = await applied(again, plan_id)
    states = dict(zip((SPRING, SURF), (step["state"] for step in result.data["steps"]), strict=True))
    now = times(again, name)
    assert set(now.values()) <= {1}
    assert {subject for subject, state in states.items() if state == "done"} <= now.keys()
    assert not {subject for subject, state in states.items() if state == "ready"} & now.keys()
    for subject in (subject for subject, state in states.items() if state == "unknown"):
        said = "is in effect" if subject in now else "is not in effect"
        assert f"reading it now: the change {said}" in result.text
    assert "unknown" in states.values() or [*states.values()] == ["done", "done"]
    assert (await applied(again, plan_id)).data["state"] == result.data["state"]
    assert times(again, name) == now
    report = chain.verify(again.home / "audit.jsonl")
    assert [why for why in report.broken if "was cut" not in why and "new chain" not in why] == []
    return mortal.dead


def _whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@pytest.mark.slow
@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.slow)])
async def test_an_apply(engine_client_with: EngineClients, mortal: Mortal, step: int) -> None:
    """Each step is sent once or not at all; what is unknown is said, and what reading shows of it is true."""
    number = 1
    while await _killed(engine_client_with, mortal, number):
        number += step
    assert number > 20


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
async def test_a_plan_that_is_added_to(engine_client_with: EngineClients, mortal: Mortal, step: int) -> None:
    """There is one plan to apply at any moment: the one before, or the one with the new step."""
    number, seen = 1, set[int]()
    while True:
        first, name = engine_client_with(), f"Added at {number}"
        old = await planned(first, "campaigns", "update", campaign_id=SPRING, name=name)
        with mortal.dies_at(number):
            await planned(first, "campaigns", "update", campaign_id=SURF, name=name, append_to=old)
        again = engine_client_with()
        (one,) = (plan for plan in again.workspace.plans.all() if plan.state == "ready" and not plan.undoes)
        seen.add(len(one.steps))
        assert "APPLIED" in (await applied(again, one.plan_id)).text
        assert len(times(again, name)) == len(one.steps)
        if not mortal.dead:
            break
        number += step
    assert seen == {1, 2}


@pytest.mark.slow
@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.slow)])
async def test_rows_that_are_kept(engine_client_with: EngineClients, mortal: Mortal, step: int) -> None:
    """Rows that were not kept whole are got again; a page of what was kept is never of half of it."""
    asked = {"account_id": US, "fields": ["spend"], "level": "ad", "date_preset": "last_7d", "sort": "-spend"}
    number, right = 1, (await engine_client_with().do(FACEBOOK, "ads_insights", "list", **asked)).data
    assert right
    while True:
        first = engine_client_with()
        shutil.rmtree(first.home / "spool")
        with mortal.dies_at(number):
            await first.do(FACEBOOK, "ads_insights", "list", **asked)
        first.workspace.trace._writing = None  # it died with the rest
        for _ in range(2):
            assert (await engine_client_with().do(FACEBOOK, "ads_insights", "list", **asked)).data == right
        if not mortal.dead:
            break
        number += step


def add_connection(shell: Shell, text: str) -> None:
    save(shell.home, Connection("acme", "facebook_marketing", accounts=(text,)))


def connection_there(shell: Shell) -> str:
    return "".join(read(shell.home)["acme"].accounts)


def renew(shell: Shell, text: str) -> None:
    vault(shell.home).write("acme", SignedIn("linkedin_ads", refresh_token=text))


def token_there(shell: Shell) -> str:
    found = vault(shell.home).read("acme")
    return found.refresh_token if found else ""


def add_token(shell: Shell, text: str) -> None:
    for name in [line.split()[0] for line in shell.run("token", "list")[1].splitlines()]:
        shell.run("token", "remove", name)
    shell.run("token", "add", f"t{text}", "--scope=read")


def tokens_there(shell: Shell) -> str:
    code, out, _ = shell.run("token", "list")
    assert code == 0
    return out.split()[0].removeprefix("t") if out else "none"


@pytest.mark.parametrize(
    ("write", "there"),
    [(add_connection, connection_there), (renew, token_there), (add_token, tokens_there)],
)
def test_what_a_person_has_written_down(
    shell: Shell, mortal: Mortal, write: Callable[[Shell, str], None], there: Callable[[Shell], str]
) -> None:
    """Connections, sign-ins and tokens of clients are as they were, or as they are to be; never half, never
    gone, and the next command writes them.
    """
    shell.set(MCP_ADS_HTTP_TOKENS=str(shell.home / "http.toml"))
    number, seen = 1, set[str]()
    while True:
        write(shell, "1")
        assert there(shell) == "1"
        with mortal.dies_at(number):
            write(shell, "2")
        seen.add(there(shell))
        if not mortal.dead:
            break
        number += 1
    assert seen - {"none"} == {"1", "2"}
    assert ("none" in seen) == (write is add_token)  # removed by one command, and added by the next


def test_a_sign_in_that_is_forgotten_is_nowhere(shell: Shell, mortal: Mortal) -> None:
    """What a killed process had begun to write has the secret in it, and goes with the sign-in."""
    number = 1
    while True:
        with mortal.dies_at(number):
            renew(shell, "MARKER-of-a-token")
        vault(shell.home).forget("acme")
        left = [path for path in shell.home.rglob("*") if path.is_file() and b"MARKER" in path.read_bytes()]
        assert left == [], number
        if not mortal.dead:
            break
        number += 1
